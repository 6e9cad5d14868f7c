"""Forms made from fields of a schema: filled from answers, read back as answers.

A form is saved as it is; `validate` is the complete check, on the answers of the whole form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms.meta import DefaultMeta

from forms.budget import years_of
from forms.checks import Errors, check
from forms.fields import Answer
from forms.messages import said_of
from forms.repeated import Rows, make
from forms.schema import Choice, Field

UNANSWERED = frozenset({"static"})


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the summary shows it: where it leads, which question, what to do."""

    anchor: str
    label: str
    text: str

    @property
    def line(self) -> str:
        """Question and error as one line."""
        return said_of(self.text, self.label)


class AnswerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A form over `specs`; `others` are the answers given on the form's other pages."""

    specs: ClassVar[tuple[Field, ...]] = ()
    language: ClassVar[str] = "de"
    years: ClassVar[tuple[str, ...] | None] = None
    others: ClassVar[Mapping[str, Any]] = {}

    def answers(self) -> Iterator[Answer]:
        """The fields that ask something, in order."""
        for field in self:
            if isinstance(field, Answer):
                yield field

    def validate(self, extra_validators: Any = None) -> bool:
        """The complete check (and that of the CSRF token); the errors stand at the fields."""
        genuine = bool(super().validate(extra_validators))
        return not self.tell(self.check(complete=True)) and genuine

    def check(self, *, complete: bool) -> Errors:
        """The errors; without `complete` those of a draft, which may lack answers."""
        answers = {**self.others, **answers_of(self)}
        return check(self.specs, answers, self.language, years=self.years, complete=complete)

    def tell(self, errors: Errors) -> Errors:
        """Puts errors at their fields; one without a field of its own stands at its parent."""
        inputs = {
            each.name.removeprefix(self._prefix): each
            for field in self.answers()
            for each in field.inputs()
        }
        for field in inputs.values():
            field.errors = []
        for name, texts in errors.items():
            place = inputs.get(name) or inputs.get(name.partition("-")[0])
            if place is not None:
                place.errors = [*place.errors, *texts]
        return errors

    @property
    def problems(self) -> list[Problem]:
        """All errors in the order of the page."""
        return [
            Problem(each.anchor, each.label.text, text)
            for field in self.answers()
            for each in field.inputs()
            for text in each.errors
        ]

    @property
    def changes_rows(self) -> bool:
        """Whether a button for more or fewer rows was pressed: then the page is shown again."""
        return any(isinstance(field, Rows) and field.changes_rows for field in self)


Choices = Mapping[str, Iterable[Choice]]


def resolved(fields: Iterable[Field], choices: Choices) -> tuple[Field, ...]:
    """The fields with the choices that are known only now, by the name in `choices_from`."""

    def resolve(field: Field) -> Field:
        if field.columns:
            return replace(field, columns=resolved(field.columns, choices))
        found = choices.get(field.choices_from or "")
        return field if found is None else replace(field, choices=tuple(found), choices_from=None)

    return tuple(map(resolve, fields))


def form_class(
    fields: Iterable[Field],
    language: str,
    *,
    choices: Choices | None = None,
    years: Sequence[str] | None = None,
    others: Mapping[str, Any] | None = None,
) -> type[AnswerForm]:
    """A form that asks these fields in a language (`de` or `en`).

    `others` are the answers of the form's other pages, which conditions and checks look at.
    `years` are the columns of tables, by default the calendar years of the period in `others`.
    Use it as `form_class(…)(data=answers)`: what was sent with the request comes first.
    """
    specs = resolved(fields, choices or {})
    columns = years_of(others or {}) if years is None else years
    members: dict[str, Any] = {
        "specs": specs,
        "language": language,
        "years": tuple(columns) or None,
        "others": others or {},
    }
    members |= {spec.id: make(spec, language, columns) for spec in specs}
    return type("AnswerForm", (AnswerForm,), members)


def answers_of(form: AnswerForm) -> dict[str, Any]:
    """The canonical answers; what can not be read is there as it was typed."""
    return {
        field.spec.id: field.data for field in form.answers() if field.spec.type not in UNANSWERED
    }


def formdata_of(
    fields: Iterable[Field],
    answers: Mapping[str, Any],
    language: str = "de",
    *,
    years: Sequence[str] | None = None,
) -> MultiDict[str, str]:
    """What a browser would send for these answers (files are not sent again)."""
    columns = years_of(answers) if years is None else years
    pairs: list[tuple[str, str]] = []
    for spec in fields:
        field = make(spec, language, columns, name=spec.id, _form=None, _meta=DefaultMeta())
        field.process(None, answers.get(spec.id))
        pairs += field.pairs()
    return MultiDict(pairs)
