"""Any sound form: stored as data, read, shown, answered, sent, read back and checked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import schema
from forms.builder import answers_of, form_class, formdata_of
from forms.checks import check
from tests.forms.page import Page
from tests.forms.schemas import answers, forms
from tests.forms.test_builder import PAGE, app, filled  # noqa: F401 - a fixture
from tests.forms.test_builder import posted as send

YEARS = ["2027", "2028"]


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[schema.FormSchema, dict[str, Any]]:
    content = draw(forms())
    form, problems = schema.examine(json.loads(json.dumps(content)))
    assert problems == ()
    return form, draw(answers(content))


def meant(found: dict[str, Any], declared: set[str]) -> dict[str, Any]:
    """What was answered: a table without a line and a box that is not ticked say nothing."""
    nothing: dict[str, Any] = {"lines": [], "income": []}
    return {
        name: in_order(value)
        for name, value in filled(found).items()
        if name not in declared and value != nothing
    }


def in_order(value: Any) -> Any:
    """A table stands in the order of its form; here by the names of its lines."""
    if not isinstance(value, dict):
        return value
    return {side: sorted(rows, key=lambda row: row["line"]) for side, rows in value.items()}


@given(filled_in(), st.sampled_from(["de", "en"]))
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_form_is_shown_sent_and_read_back(
    app: Flask,  # noqa: F811
    given_form: tuple[schema.FormSchema, dict[str, Any]],
    language: str,
) -> None:
    form, answered = given_form
    data = formdata_of(form.fields, answered, language, years=YEARS)
    back = send(app, form.fields, data, language, years=YEARS)
    read = answers_of(back)
    declared = {field.id for field in form.fields if field.type == "yesno"}
    assert meant(read, declared) == meant(answered, declared)
    with app.test_request_context("/"):
        whole = form_class(form.fields, language, years=YEARS)(data=answered)
        page = Page(render_template_string(PAGE, form=whole))
    assert len(page.ids) == len(set(page.ids))
    assert page.references <= set(page.ids)
    assert page.controls <= page.labelled
    found, again = (check(form.fields, each, language, years=YEARS) for each in (answered, read))
    keys = {name for name in found if name not in declared}
    assert keys == {name for name in again if name not in declared}
    hidden = set(answered) - set(schema.visible_answers(form, answered))
    assert not keys & hidden


@pytest.mark.parametrize("language", ["de", "en"])
@given(filled_in())
@settings(max_examples=40, deadline=None)
def test_the_api_shows_every_field(
    language: str, given_form: tuple[schema.FormSchema, dict[str, Any]]
) -> None:
    form, _answers = given_form
    shown = schema.as_json(form, language)
    fields = [field for section in shown["sections"] for field in section["fields"]]
    assert [field["id"] for field in fields] == [field.id for field in form.fields]
    json.dumps(shown)


@given(filled_in())
@settings(max_examples=60, deadline=None)
def test_written_and_read_again_it_is_the_same(
    given_form: tuple[schema.FormSchema, dict[str, Any]],
) -> None:
    form, _answers = given_form
    again, problems = schema.examine(schema.as_data(form))
    assert problems == ()
    assert (again.title, again.sections) == (form.title, form.sections)
