"""The complete check: what is missing or wrong, and that nothing makes it raise."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import schema
from forms.budget import budget_totals, years_of
from forms.checks import check, count_words
from forms.messages import MESSAGES
from forms.values import file_problem
from tests.forms.complete import COMPLETE, GRANT, TEXT

FORM = schema.get("grant_application")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["lines", "income", "line", "years", "2027", "name", "size", "\ud800"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def errors(language: str = "de", **changes: Any) -> dict[str, list[str]]:
    return check(FORM.fields, {**GRANT, **changes}, language)


def budget(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(GRANT["budget"]) | changes


@pytest.mark.parametrize("key", sorted(COMPLETE))
@pytest.mark.parametrize("language", ["de", "en"])
def test_complete_answers_pass(key: str, language: str) -> None:
    assert check(schema.get(key).fields, COMPLETE[key], language) == {}


@pytest.mark.parametrize("key", sorted(COMPLETE))
def test_nothing_answered_names_every_required_field(key: str) -> None:
    fields = schema.get(key).fields
    required = {field.id for field in fields if field.required and field.when is None}
    assert set(check(fields, {})) == required
    assert check(fields, {}, complete=False) == {}


@given(st.fixed_dictionaries({}, optional={field.id: JSON for field in FORM.fields}))
@settings(max_examples=300, deadline=None)
def test_nothing_from_outside_raises(answers: dict[str, Any]) -> None:
    for complete in (True, False):
        for name, texts in check(FORM.fields, answers, "de", complete=complete).items():
            assert texts
            "".join([name, *texts]).encode()


def test_both_languages_say_everything() -> None:
    assert all(set(texts) == {"de", "en"} for texts in MESSAGES.values())
    assert errors(title="") != errors("en", title="") != {}


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1)))
def test_words_are_what_white_space_separates(words: list[str]) -> None:
    assert count_words(" \n".join(words)) == len(words)


def test_the_word_limit_is_enforced_as_counted() -> None:
    most = FORM.field("summary").max_words
    assert most is not None
    assert errors(summary="Wort\n " * most) == {}
    (text,) = errors(summary="Wort " * (most + 1))["summary"]
    assert f"{most}" in text and f"{most + 1}" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "x" * 161},
        {"title": "a\x00"},
        {"title": ["x"]},
        {"title": "   "},
        {"period_start": "2027-02-30"},
        {"period_end": "2027-01-31"},
        {"legal_form": "club"},
        {"contact_email": "antrag"},
        {"website": "ftp://verein.example"},
        {"contact_phone": "x"},
        {"requested_amount": "33.000,50 EUR"},
        {"requested_amount": 33000.5},
        {"requested_amount": "0.00"},
        {"requested_amount": "1.00"},
        {"vat_deduction": None},
        {"vat_deduction": "yes"},
        {"not_begun": False},
        {"work_plan": TEXT * 100},
        {"statutes": [{"name": "satzung.exe", "size": 1}]},
        {"statutes": [{"name": "satzung.pdf", "size": 10**9}]},
        {"statutes": "satzung.pdf"},
        {"budget": "viel"},
        {"budget": {"lines": "viel"}},
        {"budget": {"lines": [{"line": "0812", "years": []}]}},
        {"partners": {"name": "x"}},
        {"partners": [{"nam": "x"}]},
    ],
)
def test_a_wrong_answer_is_told_at_its_field(changes: dict[str, Any]) -> None:
    assert set(errors(**changes)) == set(changes)


def test_rows_are_checked_column_by_column_and_blank_rows_do_not_count() -> None:
    rows = [{"name": "A", "role": "funded"}, {}, {"name": "B", "share": "viel"}]
    assert set(errors(partners=rows)) == {"partners-2-role", "partners-2-share"}
    many = [{"name": "A", "role": "funded"}] * 13
    assert "12" in errors(partners=many)["partners"][0]


def test_hidden_fields_are_not_asked() -> None:
    assert errors(legal_form_other="x" * 900) == {}
    assert set(errors(legal_form="other")) == {"legal_form_other"}
    assert set(errors(economic_activity=True)) == {"economic_explanation"}


def test_the_sides_of_the_budget_agree_in_every_year() -> None:
    moved = [
        {"line": "own_funds", "years": {"2027": "3000.00"}},
        {"line": "grant", "years": {"2027": "30000.50", "2028": "3000.00"}},
    ]
    texts = errors(budget=budget(income=moved))["budget"]
    assert [text[:4] for text in texts] == ["2027", "2028"]
    assert "33.000,00\u00a0€" in texts[0]
    assert errors(budget=budget(income=moved), requested_amount="33000.50").keys() == {"budget"}


def test_the_budget_is_checked_cell_by_cell() -> None:
    lines = [
        {"line": "0812", "years": {"2027": "viel", "2030": "5.00"}},
        {"line": "9999", "years": {"2027": "5.00"}},
        {"line": "0843", "years": {"2027": "1.00"}},
        {"line": "0843", "years": {"2027": "x"}},
    ]
    found = errors(budget=budget(lines=lines))
    cells = {"budget-lines-0812-2027", "budget-lines-0812-2030", "budget-lines-0843~2-2027"}
    assert set(found) == {"budget", *cells}
    assert len(found["budget"]) == 2


def test_years_may_be_given() -> None:
    assert check(FORM.fields, GRANT, years=["2027", "2028"]) == {}
    assert "budget-lines-0812-2028" in check(FORM.fields, GRANT, years=["2027"])


def test_the_grant_in_the_plan_is_the_grant_requested() -> None:
    (text,) = errors(requested_amount="5.00")["requested_amount"]
    assert "33.000,50\u00a0€" in text


def test_totals_are_exact() -> None:
    sums = budget_totals(FORM.field("budget"), GRANT)
    assert str(sums["lines"].total) == str(sums["income"].total) == "36000.50"
    assert {year: str(euro) for year, euro in sums["lines"].by_year.items()} == {
        "2027": "33000.00",
        "2028": "3000.50",
    }
    assert str(sums["income"].by_line["grant"]) == "33000.50"


def test_years_come_from_the_period() -> None:
    assert years_of(GRANT) == ["2027", "2028"]
    assert years_of({}) == years_of({"period_start": "x", "period_end": "2027-01-01"}) == []
    assert len(years_of({"period_start": "1900-01-01", "period_end": "2199-01-01"})) == 10


def test_bounds_are_told_in_the_notation_of_the_language() -> None:
    label = {"de": "x", "en": "x"}
    specs = [
        {"id": "n", "type": "integer", "min": 1000, "max": 2000, "label": label},
        {"id": "m", "type": "money", "max": 2500, "label": label},
        {"id": "d", "type": "date", "min": "2027-01-01", "label": label},
        {
            "id": "c",
            "type": "checkboxes",
            "label": label,
            "choices": [{"value": "y", "label": label}],
        },
    ]
    answers = {"n": 5, "m": "2500.01", "d": "2026-12-31", "c": ["x"]}
    found = check(schema.parse_fields(specs), answers)
    assert "1.000" in found["n"][0] and "2.500,00\u00a0€" in found["m"][0]
    assert "1. Januar 2027" in found["d"][0] and found["c"]
    assert set(check(schema.parse_fields(specs), {"n": 2001, "m": "1.00"})) == {"n"}
    assert set(check(schema.parse_fields(specs), {"n": 10**5000})) == {"n"}


def test_a_file_is_judged_by_name_and_size() -> None:
    field = FORM.field("statutes")
    assert file_problem(field, "Satzung.PDF", 5) is None
    assert file_problem(field, "satzung.pdf.exe", 5) is not None
    assert file_problem(field, "satzung.pdf", 11_000_000) is not None
