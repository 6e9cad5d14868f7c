"""The complete check of answers: what is missing or wrong, in words, field by field.

Errors are keyed by field id; those of a row by `field-0-column`, those of an amount in a table by
`field-side-line-year`. Nothing that comes from outside makes a check raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.budget import budget_totals, euro, totals, years_of
from forms.formulas import stands
from forms.messages import message
from forms.parsing import display, iban_is_valid, is_date, storable
from forms.schema import Field, asked, visible_answers
from forms.tables import Errors, row_errors, table_errors
from forms.values import count_words, problem_with

__all__ = [
    "Errors",
    "budget_totals",
    "check",
    "count_words",
    "iban_is_valid",
    "visible_answers",
]

GRANT = "grant"


@dataclass(frozen=True, slots=True)
class _Check:
    """One check: the answers looked at, and how errors are told."""

    answers: Mapping[str, Any]
    language: str
    years: Sequence[str]
    complete: bool

    def field(self, field: Field) -> Errors:
        value = self.answers.get(field.id)
        if field.type == "table":
            return table_errors(field, value, self.years, self.language, complete=self.complete)
        if field.type == "partners":
            return row_errors(field, value, self.language, self.row, complete=self.complete)
        found = problem_with(field, self.answers, self.language, complete=self.complete)
        return {field.id: [self.say(*found)]} if found else {}

    def row(self, columns: Iterable[Field], row: Mapping[str, Any]) -> Errors:
        return check(columns, row, self.language, years=self.years, complete=self.complete)

    def say(self, code: str, params: Mapping[str, Any]) -> str:
        return message(code, self.language, **params)

    def across(self, field: Field) -> Errors:
        """Where the field does not go together with another."""
        if field.not_before:
            return self.order(field, field.not_before)
        if field.grant_field:
            return self.grant(field, field.grant_field)
        return {}

    def sums(self, field: Field) -> Errors:
        """Which of the field's comparisons across fields do not hold; none of a draft's."""
        told = [
            each.message[self.language]
            for each in field.checks
            if self.complete and not stands(each, self.answers)
        ]
        return {field.id: told} if told else {}

    def order(self, field: Field, earlier_id: str) -> Errors:
        earlier, later = self.answers.get(earlier_id), self.answers.get(field.id)
        if not (is_date(earlier) and is_date(later)) or str(later) >= str(earlier):
            return {}
        return {field.id: [self.say("order", {"earlier": self.show(earlier, "date")})]}

    def grant(self, table: Field, amount_id: str) -> Errors:
        planned = totals(self.answers.get(table.id), "income").by_line.get(GRANT)
        typed = euro(self.answers.get(amount_id))
        if planned is None or typed is None or planned == typed or not self.complete:
            return {}
        amounts = {"typed": self.show(f"{typed:.2f}"), "planned": self.show(f"{planned:.2f}")}
        return {amount_id: [self.say("grant", amounts)]}

    def show(self, value: Any, kind: str = "money") -> str:
        return display(value, kind, self.language)


def check(
    fields: Iterable[Field],
    answers: Mapping[str, Any],
    language: str = "de",
    *,
    years: Sequence[str] | None = None,
    complete: bool = True,
) -> Errors:
    """All errors in words; fields that are not asked are left out.

    `answers` are those of the whole form, also where `fields` are those of one section. `years`
    are the columns of tables, by default the calendar years of the period answered. A draft
    (`complete` false) is not told what is missing, only what is wrong.
    """
    columns = years_of(answers) if years is None else years
    given = tuple(fields)
    shown = list(asked(given, answers))
    hidden = {field.id for field in given} - {field.id for field in shown}
    seen = {name: value for name, value in answers.items() if name not in hidden}
    checking = _Check(seen, language, columns, complete)
    errors: Errors = {}
    for field in shown:
        errors |= checking.field(field)
    for field in shown:
        errors = checking.sums(field) | checking.across(field) | errors
    told: Errors = storable(errors)
    return told
