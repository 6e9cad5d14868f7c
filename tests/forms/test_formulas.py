"""Checks across fields: exact, closed, and refused where their parts do not go together."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import schema
from forms.checks import check
from forms.formulas import value_of
from forms.schema.expressions import Expression, as_data

LABEL = {"de": "Feld", "en": "Field"}
MESSAGE = {"de": "Zu viel beantragt.", "en": "Too much requested."}
FIELDS: list[dict[str, Any]] = [
    {"id": "amount", "type": "money", "label": LABEL},
    {"id": "share", "type": "percent", "label": LABEL},
    {"id": "count", "type": "integer", "label": LABEL},
    {"id": "name", "type": "text", "label": LABEL},
    {
        "id": "budget",
        "type": "table",
        "label": LABEL,
        "columns": [
            {"id": "lines", "type": "select", "code_list": "cost_lines", "label": LABEL},
            {
                "id": "income",
                "type": "select",
                "label": LABEL,
                "choices": [{"value": name, "label": LABEL} for name in ("own", "grant")],
            },
        ],
    },
    {
        "id": "partners",
        "type": "partners",
        "label": LABEL,
        "columns": [
            {"id": "name", "type": "text", "label": LABEL},
            {"id": "part", "type": "money", "label": LABEL},
        ],
    },
]
LEAVES: list[dict[str, Any]] = [
    {"field": "amount"},
    {"field": "share"},
    {"field": "count"},
    {"total": "budget", "side": "lines"},
    {"total": "budget", "side": "income", "line": "grant"},
    {"sum": "partners", "column": "part"},
]


def with_check(left: Any, op: str, right: Any) -> tuple[schema.Field, ...]:
    told = {"left": left, "op": op, "right": right, "message": MESSAGE}
    return schema.parse_fields(
        [*FIELDS, {"id": "checked", "type": "money", "label": LABEL, "checks": [told]}]
    )


def trees() -> st.SearchStrategy[dict[str, Any]]:
    numbers = st.decimals("-9999", "9999", places=2).map(lambda found: {"value": f"{found:.2f}"})

    def groups(inner: Any) -> Any:
        return st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda found: {"add": found}),
            st.lists(inner, min_size=2, max_size=2).map(lambda found: {"subtract": found}),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: {"multiply": found}),
        )

    return st.recursive(st.one_of(st.sampled_from(LEAVES), numbers), groups, max_leaves=8)


AMOUNT = st.decimals(0, 999999999999, places=2).map(lambda found: f"{found:.2f}")
YEARS = st.dictionaries(st.sampled_from(["2027", "2028"]), AMOUNT, max_size=2)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "amount": AMOUNT,
        "share": AMOUNT,
        "count": st.integers(-(10**12), 10**12),
        "budget": st.fixed_dictionaries(
            {
                "lines": st.lists(
                    st.fixed_dictionaries({"line": st.just("0812"), "years": YEARS}), max_size=2
                ),
                "income": st.lists(
                    st.fixed_dictionaries(
                        {"line": st.sampled_from(["own", "grant"]), "years": YEARS}
                    ),
                    max_size=3,
                ),
            }
        ),
        "partners": st.lists(st.fixed_dictionaries({}, optional={"part": AMOUNT}), max_size=3),
    },
)


def by_hand(tree: dict[str, Any], answers: dict[str, Any]) -> Fraction | None:
    """The same with fractions, which never round, written a second time."""
    if "value" in tree:
        return Fraction(tree["value"])
    if "field" in tree:
        found = [answers[tree["field"]]] if tree["field"] in answers else []
    elif "total" in tree:
        rows = answers.get("budget", {}).get(tree["side"], [])
        named = [row for row in rows if tree.get("line") in (None, row["line"])]
        found = [amount for row in named for amount in row["years"].values()]
    elif "sum" in tree:
        found = [row["part"] for row in answers.get("partners", []) if "part" in row]
    else:
        return combined(*next(iter(tree.items())), answers)
    return sum(map(Fraction, found)) if found else None


def combined(op: str, parts: list[Any], answers: dict[str, Any]) -> Fraction | None:
    values = [by_hand(part, answers) for part in parts]
    if op == "multiply":
        result = Fraction(1)
        for value in values:
            if value is None:
                return None
            result *= value
        return result
    if all(value is None for value in values):
        return None
    first, *rest = (value or Fraction(0) for value in values)
    return first - sum(rest) if op == "subtract" else first + sum(rest)


def expression_of(tree: dict[str, Any]) -> Expression:
    return with_check(tree, "eq", {"value": 0})[-1].checks[0].left


@given(trees(), ANSWERS)
@settings(max_examples=300, deadline=None)
def test_a_tree_is_computed_exactly(tree: dict[str, Any], answers: dict[str, Any]) -> None:
    found, expected = value_of(expression_of(tree), answers), by_hand(tree, answers)
    assert (found is None) == (expected is None)
    assert found is None or Fraction(found) == expected


@given(trees())
@settings(max_examples=100, deadline=None)
def test_a_tree_is_written_as_it_was_read(tree: dict[str, Any]) -> None:
    expression = expression_of(tree)
    assert expression_of(as_data(expression)) == expression


@given(trees(), trees(), st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]), ANSWERS)
@settings(max_examples=200, deadline=None)
def test_the_message_stands_at_its_field_exactly_where_the_comparison_fails(
    left: dict[str, Any], right: dict[str, Any], op: str, answers: dict[str, Any]
) -> None:
    one, other = by_hand(left, answers), by_hand(right, answers)
    told = check(with_check(left, op, right), answers, years=["2027", "2028"]).get("checked")
    if one is None or other is None:
        assert told is None
        return
    order = (one > other) - (one < other)
    holds = {"eq": order == 0, "ne": order != 0, "lt": order < 0,
             "le": order <= 0, "gt": order > 0, "ge": order >= 0}[op]  # fmt: skip
    assert (told is None) is holds
    assert told in (None, [MESSAGE["de"]])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional={field["id"]: JSON for field in FIELDS}))
@settings(max_examples=300, deadline=None)
def test_nothing_from_outside_raises(answers: dict[str, Any]) -> None:
    fields = with_check({"add": LEAVES}, "le", {"value": "1"})
    check(fields, answers)


def test_what_can_not_be_read_is_told_at_its_own_field_only() -> None:
    fields = with_check({"field": "amount"}, "le", {"value": "10"})
    assert set(check(fields, {"amount": "viel", "checked": "1.00"})) == {"amount"}
    assert set(check(fields, {"amount": "10.01", "checked": "1.00"})) == {"checked"}
    assert check(fields, {"amount": "10.01"}, complete=False) == {}
    assert check(fields, {"amount": "10.01"}, "en")["checked"] == [MESSAGE["en"]]


def test_an_answer_that_is_not_asked_counts_for_nothing() -> None:
    asked = {"id": "asked", "type": "yesno", "either": True, "label": LABEL}
    amount = FIELDS[0] | {"when": {"field": "asked", "op": "eq", "value": True}}
    told = {"left": {"field": "amount"}, "op": "le", "right": {"value": 1}, "message": MESSAGE}
    checked = {"id": "checked", "type": "static", "label": LABEL, "checks": [told]}
    fields = schema.parse_fields([asked, amount, checked])
    assert set(check(fields, {"asked": True, "amount": "5.00"})) == {"checked"}
    assert check(fields, {"asked": False, "amount": "5.00"}) == {}


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"field": "amont"}, "refers to an unknown 'amont'; did you mean 'amount'?"),
        ({"field": "name"}, "'name' is not of the type"),
        ({"field": "budget"}, "'budget' is not of the type"),
        ({"total": "budget", "side": "expenses"}, "'budget' is not of the type"),
        ({"total": "budget", "side": "income", "line": "gift"}, "'budget' is not of the type"),
        ({"total": "partners", "side": "part"}, "'partners' is not of the type"),
        ({"sum": "partners", "column": "name"}, "'partners' is not of the type"),
        ({"value": "1e99"}, "'1e99' is no number"),
        ({"value": True}, "'True' is no number"),
        ({"add": []}, "'add' takes other parts"),
        ({"subtract": [{"value": 1}]}, "'subtract' takes other parts"),
        ({"value": 1, "field": "amount"}, "names exactly one of"),
        ({"python": "1 + 1"}, "names exactly one of"),
        ({"field": "amount", "by": 2}, "has no 'by'"),
        ({"add": [{"add": [{"value": 1}] * 20}] * 4}, "is too large"),
    ],
)
def test_what_is_no_expression_is_refused(left: Any, words: str) -> None:
    with pytest.raises(schema.SchemaError) as told:
        with_check(left, "eq", {"value": 0})
    assert words in str(told.value)


def test_a_tree_can_not_be_deeper_than_it_is_read() -> None:
    tree: dict[str, Any] = {"value": 1}
    for _level in range(5000):
        tree = {"add": [tree]}
    with pytest.raises(schema.SchemaError):
        with_check(tree, "eq", {"value": 0})
