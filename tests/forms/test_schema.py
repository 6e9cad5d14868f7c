"""Form definitions: what loads, what is refused and how, what the contract shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask_wtf import FlaskForm

from forms import schema
from forms.builder import AnswerForm
from forms.schema.reading import CALLED_ELSEWHERE, RESERVED
from tests.forms.complete import COMPLETE, GRANT

CONTRACT_KEYS = set(
    "id type label help required when choices max_words max_length min max columns".split()
)
SMALL = """\
key: small
version: 1
title: {de: Klein, en: Small}
sections:
  - id: only
    title: {de: Eins, en: One}
    fields:
      - {id: first, type: yesno, label: {de: A, en: A}}
      - {id: second, type: text, when: {field: first, op: eq, value: true}, label: {de: B, en: B}}
"""


def test_every_shipped_form_has_complete_answers_here() -> None:
    assert set(schema.keys()) == set(COMPLETE)
    for key, answers in COMPLETE.items():
        assert {field.id for field in schema.get(key).fields} == set(answers)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("type: yesno|type: yesnoo", "small.yaml:8: field 'first': unknown type 'yesnoo'; did you"),
        ("op: eq|op: equals", "small.yaml:9: unknown test 'equals'"),
        ("{field: first,|{field: frist,", "refers to an unknown 'frist'; did you mean 'first'?"),
        ("id: second|id: first", "small.yaml:9: field 'first': stands twice"),
        ("id: second|id: data", "can not have the id 'data'"),
        ("label: {de: B, en: B}|label: {de: B}", "has no label in 'en'"),
        ("label: {de: B, en: B}|label: {de: B, oder C, en: B}", "label of field 'second': has no"),
        ("label: {de: B, en: B}|labell: {de: B, en: B}", "has no 'labell'; did you mean 'label'?"),
        ("version: 1|version: one", "'version' is a whole number"),
        ("key: small|key: [", "not YAML"),
        ("id: second,|id: second, max_words: many,", "'max_words' is a whole number"),
        ("type: text|type: select, code_list: cost_line", "did you mean 'cost_lines'?"),
    ],
)
def test_a_mistake_is_told_with_line_and_nearest_name(wrong: str, message: str) -> None:
    right, changed = wrong.split("|")
    assert right in SMALL
    with pytest.raises(schema.SchemaError) as told:
        schema.parse(SMALL.replace(right, changed, 1), "small.yaml")
    assert message in str(told.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("sections:|checks: []\nsections:", "small.yaml:4: a form: has no 'checks'"),
        ("    fields:|    colour: red\n    fields:", "small.yaml:7: a section: has no 'colour'"),
        ("version: 1|version: one", "small.yaml:2: 'version' is a whole number from 1"),
        (
            "- {id: first, type: yesno, label: {de: A, en: A}}|"
            "- id: first\n        label: {de: A, en: A}\n        type: number",
            "small.yaml:10: field 'first': unknown type 'number'; did you mean 'integer'?",
        ),
    ],
)
def test_a_mistake_is_told_on_the_line_of_its_key(wrong: str, message: str) -> None:
    right, changed = wrong.split("|")
    with pytest.raises(schema.SchemaError) as told:
        schema.parse(SMALL.replace(right, changed, 1), "small.yaml")
    assert message in str(told.value).splitlines()


def test_what_a_type_is_called_elsewhere_leads_to_one_of_ours() -> None:
    assert set(CALLED_ELSEWHERE.values()) <= schema.TYPES
    assert schema.TYPES.isdisjoint(CALLED_ELSEWHERE)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SMALL.replace("yesno", "no").replace("op: eq", "op: x"))
    (tmp_path / "b.yaml").write_text("[]")
    with pytest.raises(schema.SchemaError) as told:
        schema.load(tmp_path)
    assert len(told.value.problems) >= 4


def test_a_version_can_not_change_but_a_new_one_may_come() -> None:
    registry = schema.Registry([schema.parse(SMALL, "a")])
    registry.add(schema.parse(SMALL, "a"))
    registry.add(schema.parse(SMALL.replace("version: 1", "version: 2"), "b"))
    assert registry.get("small").version == 2
    assert registry.get("small", 1).version == 1
    with pytest.raises(schema.SchemaError, match="exists with other text"):
        registry.add(schema.parse(SMALL.replace("Klein", "Anders"), "c"))
    with pytest.raises(KeyError, match="did you mean 'small'"):
        registry.get("smal")


def test_conditions_look_at_visible_answers_only() -> None:
    form = schema.parse(SMALL, "a")
    typed = {"first": False, "second": "hidden"}
    assert schema.visible_answers(form, typed) == {"first": False}
    assert schema.visible_answers(form, typed | {"first": True})["second"] == "hidden"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "a", "op": "in", "value": ["x", "y"]}, True),
        ({"field": "list", "op": "contains", "value": "p"}, True),
        ({"field": "n", "op": "ge", "value": 3}, True),
        ({"field": "n", "op": "lt", "value": 3}, False),
        ({"field": "sum", "op": "gt", "value": "90.00"}, True),
        ({"field": "none", "op": "empty"}, True),
        ({"field": "a", "op": "filled"}, True),
        ({"not": {"field": "a", "op": "eq", "value": "x"}}, False),
        ({"all": [{"field": "a", "value": "x"}, {"field": "n", "op": "ne", "value": 4}]}, True),
        ({"any": [{"field": "a", "value": "q"}, {"field": "n", "op": "gt", "value": 9}]}, False),
    ],
)
def test_each_kind_of_condition(condition: dict[str, object], expected: bool) -> None:
    label = {"de": "x", "en": "x"}
    types = {"a": "text", "list": "checkboxes", "n": "integer", "sum": "money", "none": "text"}
    before = [
        {"id": name, "type": kind, "label": label, "choices": [{"value": "p", "label": label}]}
        for name, kind in types.items()
    ]
    spec = {"id": "asked", "type": "text", "label": label, "when": condition}
    field = schema.parse_fields([*before, spec])[-1]
    assert schema.applies(field, {"a": "x", "list": ["p"], "n": 3, "sum": "100.00"}) is expected


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_json_has_the_shape_of_the_contract(language: str) -> None:
    for key in COMPLETE:
        shown = schema.as_json(schema.get(key), language)
        assert set(shown) == {"version", "sections"}
        for section in shown["sections"]:
            assert set(section) == {"id", "title", "fields"}
            for field in section["fields"]:
                assert set(field) == CONTRACT_KEYS
                assert all(set(choice) == {"value", "label"} for choice in field["choices"])


def test_the_json_tells_conditions_and_lines() -> None:
    sections = schema.as_json(schema.get("grant_application"), "de")["sections"]
    fields = {field["id"]: field for section in sections for field in section["fields"]}
    condition = {"field": "legal_form", "op": "eq", "value": "other"}
    assert fields["legal_form_other"]["when"] == condition
    sides = {column["id"]: column for column in fields["budget"]["columns"]}
    lines = {row["line"] for row in GRANT["budget"]["lines"]}
    assert lines <= {choice["value"] for choice in sides["lines"]["choices"]}


def test_no_field_can_shadow_what_a_form_needs() -> None:
    own = {name for name in (*dir(FlaskForm), *dir(AnswerForm)) if not name.startswith("_")}
    assert {name for name in own if name.islower()} <= RESERVED


def test_a_review_asks_for_a_score_and_reasons_by_criterion() -> None:
    anchors = {"5": {"de": "vorbildlich", "en": "exemplary"}}
    title = {"de": "Gemeinwohl", "en": "Common good"}
    form = schema.review_schema([{"key": "good", "weight": 30, "title": title, "anchors": anchors}])
    score, comment, overall = form.fields
    assert [choice.value for choice in score.choices] == ["0", "1", "2", "3", "4", "5"]
    assert score.choices[5].label["de"] == "5 – vorbildlich"
    assert comment.min_length and comment.required
    assert not overall.required
