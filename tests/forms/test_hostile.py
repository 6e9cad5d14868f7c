"""Definitions from outside: whatever they hold, they are read, or told to be wrong."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import schema
from forms.checks import check
from forms.editor import check_form, field_form
from forms.editor.compare import compare
from tests.forms.schemas import forms

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(sorted(schema.TYPES)), inner)
    ),
    max_leaves=5,
)


def places(at: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every node of a tree of JSON."""
    found = [path] if path else []
    inner = at.items() if isinstance(at, dict) else enumerate(at) if isinstance(at, list) else ()
    for key, value in inner:
        found += places(value, (*path, key))
    return found


@st.composite
def damaged(draw: st.DrawFn) -> Any:
    """A sound form in which one node is anything at all."""
    content = copy.deepcopy(draw(forms()))
    path = draw(st.sampled_from(places(content)))
    at: Any = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = draw(JSON)
    return content


@given(damaged())
@settings(max_examples=400, deadline=None)
def test_a_damaged_form_is_read_or_told_to_be_wrong(content: Any) -> None:
    form, problems = schema.examine(content)
    for problem in problems:
        assert problem.words("de") and problem.words("en") and str(problem)
    if problems:
        return
    again, none = schema.examine(json.loads(json.dumps(schema.as_data(form))))
    assert none == ()
    assert compare(form, again, "de") == compare(form, form, "de")
    check(form.fields, {})
    check(form.fields, {field.id: "x" for field in form.fields})
    json.dumps(schema.as_json(form, "en"))
    for field in form.fields:
        field_form.answers_of(field, "de")
    check_form.terms(form.fields)


@given(JSON)
@settings(max_examples=200, deadline=None)
def test_anything_at_all_is_no_form(content: Any) -> None:
    assert schema.examine(content)[1]
