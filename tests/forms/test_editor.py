"""Editing a form as data: parts are moved, copied and renamed, and come back as they were."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import schema
from forms.editor import check_form, field_form, outline
from forms.editor.compare import compare
from forms.editor.words import check_in_words, condition_in_words
from forms.formulas import value_of
from tests.forms.schemas import answers, forms
from tests.forms.test_formulas import ANSWERS, expression_of, trees

LABEL = {"de": "Neu", "en": "New"}
GRANT = schema.as_data(schema.get("grant_application"))
PLACES = ("#finance", "title", "budget", "partners.city", "budget.income", "privacy")


def read(content: Any) -> schema.FormSchema:
    form, problems = schema.examine(content)
    assert problems == ()
    return form


def ids(content: Any) -> list[str]:
    return [field.id for field in schema.examine(content)[0].fields]


@given(forms(), st.sampled_from(["de", "en"]))
@settings(max_examples=150, deadline=None)
def test_a_field_comes_back_from_its_form_as_it_was(content: dict[str, Any], language: str) -> None:
    form = read(content)
    earlier: dict[str, schema.Field] = {}
    for field in form.fields:
        shown = field_form.answers_of(field, language)
        spec, faults = field_form.spec_of(shown, field, earlier, language)
        assert faults == {}
        changed, place = outline.replaced(content, field.id, spec)
        assert place == field.id
        assert alike(read(changed).field(field.id), field)
        earlier[field.id] = field


def alike(one: schema.Field, other: schema.Field) -> bool:
    """The same to whoever answers; a group of one may be written without the group."""
    a, b = schema.field_data(one), schema.field_data(other)
    return {**a, "when": None} == {**b, "when": None} and (one.when is None) == (other.when is None)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_condition_means_the_same_after_it_was_edited(data: st.DataObject) -> None:
    content = data.draw(forms())
    form = read(content)
    given_answers = data.draw(answers(content))
    for at, field in enumerate(form.fields):
        if field.when is None:
            continue
        earlier = {each.id: each for each in form.fields[:at]}
        shown = field_form.answers_of(field, "de")
        spec, faults = field_form.spec_of(shown, field, earlier, "de")
        changed, _place = outline.replaced(content, field.id, spec)
        again = read(changed).field(field.id).when
        assert faults == {} and again is not None
        assert schema.holds(again, given_answers) == schema.holds(field.when, given_answers)
        assert condition_in_words(field.when, earlier, "en")


@given(trees(), st.sampled_from(["eq", "le", "gt"]), ANSWERS, st.sampled_from(["de", "en"]))
@settings(max_examples=200, deadline=None)
def test_a_sum_means_the_same_after_it_was_edited(
    tree: dict[str, Any], op: str, answered: dict[str, Any], language: str
) -> None:
    left, right = expression_of(tree), expression_of({"value": "10.5"})
    check = schema.Check(left, op, right, LABEL)
    shown = check_form.answers_of(check, language)
    if shown is None or not _is_short(shown):
        return
    spec, faults = check_form.spec_of(shown)
    assert faults == {}
    again = expression_of(spec["left"])
    found, expected = value_of(again, answered), value_of(left, answered)
    assert found == expected or _names_nothing_answered(expected)
    assert spec["op"] == op and spec["message"] == LABEL
    assert check_in_words(check, {}, language)


def _is_short(shown: dict[str, Any]) -> bool:
    """Products of many numbers have more places than a factor may have; nobody types these."""
    factors = [row["factor"].replace(",", ".") for row in shown["left"]]
    return all(len(factor.partition(".")[2]) <= 6 for factor in factors) and all(
        len(factor.partition(".")[0]) <= 12 for factor in factors
    )


def _names_nothing_answered(expected: Any) -> bool:
    """A product within a sum has no number while its answer is missing; the sum then has its."""
    return expected is None


@pytest.mark.parametrize("place", [place for place in PLACES if place != "budget.income"])
def test_down_and_up_again_is_where_it_was(place: str) -> None:
    down = outline.moved(GRANT, place, 1)
    assert down != GRANT
    assert outline.moved(down, place, -1) == GRANT
    assert sorted(ids(down)) == sorted(ids(GRANT))


def test_a_field_goes_on_into_the_next_section_and_stops_at_the_ends() -> None:
    last = GRANT["sections"][0]["fields"][-1]["id"]
    moved = outline.moved(GRANT, last, 1)
    assert outline.section_of(moved, last) == "applicant"
    assert moved["sections"][1]["fields"][0]["id"] == last
    assert outline.moved(moved, last, -1) == GRANT
    assert outline.moved(GRANT, "title", -1) == GRANT
    assert outline.moved(GRANT, GRANT["sections"][-1]["fields"][-1]["id"], 1) == GRANT
    assert outline.moved(GRANT, "#project", -1) == GRANT


@pytest.mark.parametrize("place", PLACES)
def test_a_copy_has_names_of_its_own(place: str) -> None:
    copied, made = outline.duplicated(GRANT, place)
    form = read(copied) if place != "budget.income" else schema.examine(copied)[0]
    assert outline.part_at(copied, made)["id"] != outline.part_at(GRANT, place)["id"]
    assert len({field.id for field in form.fields}) == len(form.fields)
    if "." not in place:
        assert outline.removed(copied, made) == GRANT


@pytest.mark.parametrize("kind", sorted(schema.TYPES))
def test_a_new_field_of_any_type_is_sound_from_the_start(kind: str) -> None:
    changed, place = outline.with_field(GRANT, "#finance", kind, {"de": "Größe & Maß", "en": "X"})
    assert place == "grosse_mass"
    field = read(changed).field(place)
    assert field.type == kind
    assert outline.section_of(changed, place) == "finance"


def test_names_are_made_from_titles() -> None:
    changed, place = outline.with_section(GRANT, {"de": "Projekt", "en": "Project"})
    assert place == "#projekt"
    assert outline.with_section(changed, {"de": "Projekt", "en": "x"})[1] == "#projekt_2"
    assert outline.free_id("§ 44", set()) == "field_44"
    assert outline.free_id("Data", set()) == "data_2"  # the form itself has `data`
    assert outline.is_taken(GRANT, "title", "summary")
    assert not outline.is_taken(GRANT, "title", "title")


def test_what_names_a_field_follows_it_to_its_new_name() -> None:
    told = {"left": {"field": "requested_amount"}, "op": "le", "message": LABEL,
            "right": {"total": "budget", "side": "lines"}}  # fmt: skip
    amount = outline.part_at(GRANT, "requested_amount") | {"checks": [told]}
    content, _place = outline.replaced(GRANT, "requested_amount", amount)
    for old, new in (
        ("requested_amount", "amount"),
        ("period_start", "beginning"),
        ("legal_form", "form_of_law"),
        ("budget", "plan"),
    ):
        part = outline.part_at(content, old) | {"id": new}
        content, place = outline.replaced(content, old, part)
        assert place == new
    form = read(content)
    assert form.field("plan").grant_field == "amount"
    assert form.field("period_end").not_before == "beginning"
    assert form.field("legal_form_other").when == schema.Condition("eq", "form_of_law", "other")
    assert {leaf.name for leaf in form.field("amount").checks[0].leaves} == {"amount", "plan"}


def test_nothing_is_changed_in_place() -> None:
    before = schema.checksum(GRANT)
    for place in PLACES:
        outline.moved(GRANT, place, 1)
        outline.removed(GRANT, place)
        outline.duplicated(GRANT, place)
    assert schema.checksum(GRANT) == before
    with pytest.raises(KeyError):
        outline.removed(GRANT, "no_such_field")
    with pytest.raises(KeyError):
        outline.part_at(GRANT, "title.column")


@pytest.mark.parametrize(
    ("typed", "field", "op", "expected"),
    [
        ("Ja", "yes", "eq", True),
        ("no", "yes", "eq", False),
        ("3", "number", "gt", 3),
        ("1.234,50", "euro", "le", "1234.50"),
        ("31.1.2027", "day", "ge", "2027-01-31"),
        ("Erste", "one", "eq", "first"),
        ("first, second", "one", "in", ["first", "second"]),
    ],
)
def test_a_value_is_read_as_the_field_is_answered(
    typed: str, field: str, op: str, expected: Any
) -> None:
    words = [{"value": "first", "label": {"de": "Erste", "en": "First"}},
             {"value": "second", "label": {"de": "Zweite", "en": "Second"}}]  # fmt: skip
    kinds = {"yes": "yesno", "number": "integer", "euro": "money", "day": "date", "one": "radio"}
    specs = [
        {"id": name, "type": kind, "label": LABEL} | ({"choices": words} if name == "one" else {})
        for name, kind in kinds.items()
    ]
    known = {each.id: each for each in schema.parse_fields(specs)}
    (old,) = schema.parse_fields([{"id": "x", "type": "text", "label": LABEL}])
    row = {"group": None, "field": field, "op": op, "value": typed}
    shown = field_form.answers_of(old, "de") | {"when_tests": [row]}
    spec, faults = field_form.spec_of(shown, old, known, "de")
    assert faults == {}
    assert spec["when"] == {"field": field, "op": op, "value": expected}
    wrong = shown | {"when_tests": [row | {"value": "???"}]}
    _spec, faults = field_form.spec_of(wrong, old, known, "de")
    assert faults == {"when_tests-0-value": "compared"}


def test_groups_are_brackets() -> None:
    before = [{"id": name, "type": "yesno", "label": LABEL} for name in ("a", "b", "c")]
    known = {each.id: each for each in schema.parse_fields(before)}
    (old,) = schema.parse_fields([{"id": "x", "type": "text", "label": LABEL}])
    rows = [
        {"group": 1, "field": "a", "op": "eq", "value": "ja"},
        {"group": 1, "field": "b", "op": "eq", "value": "ja"},
        {"group": None, "field": "c", "op": "eq", "value": "nein"},
    ]
    for mode, inner in (("all", "any"), ("any", "all")):
        shown = field_form.answers_of(old, "de") | {"when_tests": rows, "when_mode": mode}
        spec, _faults = field_form.spec_of(shown, old, known, "de")
        outer = spec["when"][mode]
        assert [part["field"] for part in outer[0][inner]] == ["a", "b"]
        assert outer[1] == {"field": "c", "op": "eq", "value": False}


def test_a_condition_that_is_deeper_stays_until_it_is_removed() -> None:
    before = {"id": "a", "type": "yesno", "label": LABEL}
    when = {"not": {"field": "a", "op": "eq", "value": True}}
    first, old = schema.parse_fields(
        [before, {"id": "x", "type": "text", "label": LABEL, "when": when}]
    )
    shown = field_form.answers_of(old, "de")
    assert shown["when_tests"] == []
    assert field_form.spec_of(shown, old, {"a": first}, "de")[0]["when"] == when
    dropped = shown | {"drop_condition": True}
    assert "when" not in field_form.spec_of(dropped, old, {"a": first}, "de")[0]


def test_another_type_drops_what_only_the_old_one_had() -> None:
    field = schema.get("grant_application").field("legal_form")
    shown = field_form.answers_of(field, "de") | {"type": "textarea", "max_words": 50}
    spec, _faults = field_form.spec_of(shown, field, {}, "de")
    assert "choices" not in spec and spec["max_words"] == 50
    back, _faults = field_form.spec_of(shown | {"type": "radio"}, field, {}, "de")
    assert len(back["choices"]) == len(field.choices) and "max_words" not in back


def test_differences_are_told_in_words() -> None:
    content = outline.removed(GRANT, "acronym")
    content = outline.moved(content, "#impact", -1)
    content, _new = outline.with_field(content, "#finance", "money", {"de": "Rest", "en": "Rest"})
    title = outline.part_at(content, "title") | {"max_length": 99, "label": LABEL}
    content, _place = outline.replaced(content, "title", title)
    website = dict(outline.part_at(content, "website"))
    when = {"field": "legal_form", "op": "eq", "value": "company"}
    content, _place = outline.replaced(
        content, "website", website | {"required": True, "when": when}
    )
    old, new = read(GRANT), read(content)
    german = compare(old, new, "de")
    for line in (
        "Das Feld entfällt: „Akronym“",
        "Andere Reihenfolge der Abschnitte",
        "Neues Feld in „Finanzierungsplan“: „Rest“",
        "„Titel des Vorhabens“: heißt jetzt „Neu“",
        "„Neu“: größte Länge jetzt 99 statt 160",
        "„Internetseite“: jetzt Pflicht",
        "„Internetseite“: gefragt, wenn „Rechtsform“ ist „Unternehmen“",
    ):
        assert line in german
    assert len(compare(old, new, "en")) == len(german)
    assert compare(old, old, "de") == ["Die Fassungen unterscheiden sich nicht."]


@given(forms(), forms())
@settings(max_examples=100, deadline=None)
def test_every_difference_is_told(one: dict[str, Any], other: dict[str, Any]) -> None:
    old, new = read(one), read(other)
    for language in ("de", "en"):
        lines = compare(old, new, language)
        same = (old.title, old.sections) == (new.title, new.sections)
        assert ("unterscheiden" in lines[0] or "do not differ" in lines[0]) is same
