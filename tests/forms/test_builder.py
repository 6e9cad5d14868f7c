"""Forms on a page: what is asked, sent and read back, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string, request
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

import forms
from forms import schema
from forms.budget import years_of
from forms.builder import AnswerForm, answers_of, form_class, formdata_of
from forms.schema import Choice, Field, FormSchema
from funding_app.web import filters
from tests.forms.complete import COMPLETE, GRANT
from tests.forms.page import Page

ROOT = Path(forms.__file__).parents[1]
PAGE = """{% import "components/forms.html" as kern %}<!DOCTYPE html>
<form method="post">{{ kern.error_summary(form) }}{{ kern.fields(form) }}</form>"""
CRITERIA = [{"key": "good", "weight": 100, "title": {"de": "Gemeinwohl", "en": "Common good"}}]
SCHEMAS = [*(schema.get(key) for key in COMPLETE), schema.review_schema(CRITERIA)]
REVIEW = {"score_good": "4", "comment_good": "Gut begründet und belegt.", "overall_comment": ""}
ANSWERS = COMPLETE | {"review": REVIEW}
SECRET_KEY = "only for the tests of forms"


@pytest.fixture(scope="module")
def app() -> Flask:
    made = Flask("forms", template_folder=str(ROOT / "templates"))
    made.config.update(SECRET_KEY=SECRET_KEY, WTF_CSRF_ENABLED=False)
    Babel(made, default_locale="de")
    filters.register(made)
    return made


@pytest.fixture
def fetched(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def posted(
    app: Flask, fields: tuple[Field, ...], data: Any, language: str = "de", **more: Any
) -> AnswerForm:
    """The form as it is after this data was sent."""
    with app.test_request_context("/", method="POST", data=data):
        return form_class(fields, language, **more)(data=more.get("others"))


def filled(answers: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value not in ("", [], None)}


def page(app: Flask, form: AnswerForm) -> Page:
    with app.test_request_context("/"):
        return Page(render_template_string(PAGE, form=form))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("form", SCHEMAS, ids=lambda form: form.key)
def test_answers_make_the_round_trip(app: Flask, form: FormSchema, language: str) -> None:
    answers, years = ANSWERS[form.key], years_of(ANSWERS[form.key]) or ["2027"]
    data = formdata_of(form.fields, answers, language, years=years)
    back = posted(app, form.fields, data, language, years=years)
    with app.test_request_context("/"):
        assert back.validate(), back.problems
    assert filled(answers_of(back)) == filled(answers)


BOXES = ("checkboxes", "radio")


def boxes_of(form: FormSchema) -> dict[str, list[Choice]]:
    """Something to tick where the choices are known only when the form is shown."""
    named = {each.choices_from for each in form.fields if each.type in BOXES} - {None}
    return {str(name): [Choice("one", {"de": "Eins", "en": "One"})] for name in named}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("form", SCHEMAS, ids=lambda form: form.key)
@pytest.mark.parametrize("empty", [True, False])
def test_every_form_renders(app: Flask, form: FormSchema, language: str, empty: bool) -> None:
    answers = {} if empty else ANSWERS[form.key]
    with app.test_request_context("/"):
        made = form_class(form.fields, language, choices=boxes_of(form), years=["2027", "2028"])(
            data=answers
        )
        lacks = empty and any(field.required for field in form.fields)
        assert made.validate() is not lacks
        html = render_template_string(PAGE, form=made)
    shown = Page(html)
    assert len(shown.ids) == len(set(shown.ids))
    assert shown.references <= set(shown.ids)
    assert shown.controls <= shown.labelled
    assert not shown.attributes & {"style", "onclick", "onchange", "onsubmit"}
    assert "<script" not in html and "<style" not in html
    sent = set(formdata_of(form.fields, ANSWERS[form.key], years=["2027", "2028"]))
    assert sent <= shown.names
    assert ('role="alert"' in html) is lacks


@pytest.mark.usefixtures("fetched")
def test_the_summary_links_each_error_to_a_control(app: Flask) -> None:
    form = form_class(schema.get("grant_application").fields, "de", years=["2027"])(data={})
    assert not form.validate()
    shown = Page(render_template_string(PAGE, form=form))
    anchors = {problem.anchor for problem in form.problems}
    assert {"period_start-day", "vat_deduction-0", "budget-lines-0812-2027", "title"} <= anchors
    assert anchors <= shown.controls


UNREADABLE = {
    "requested_amount": "ungefähr 5.000",
    "period_start-day": "31",
    "period_start-month": "Februar",
    "period_end-year": "",
    "budget-lines-0812-2027": "viel",
    "indicators-0-target": "1,5",
    "contact_email": "antrag",
}


def test_what_can_not_be_read_is_kept_as_typed(app: Flask) -> None:
    fields = schema.get("grant_application").fields
    data = formdata_of(fields, GRANT)
    for name, text in UNREADABLE.items():
        data[name] = text
    form = posted(app, fields, data)
    answers = answers_of(form)
    assert answers["requested_amount"] == "ungefähr 5.000"
    assert answers["period_start"] == "31.Februar.2027"
    assert answers["budget"]["lines"][0]["years"]["2027"] == "viel"
    assert answers["indicators"][0]["target"] == "1,5"
    again = formdata_of(fields, answers, years=["2027", "2028"])
    for name, value in data.items():
        assert again.get(name, "") == value
    with app.test_request_context("/"):
        assert not form.validate()
    assert {problem.anchor for problem in form.problems} >= {
        "requested_amount",
        "period_start-day",
        "budget-lines-0812-2027",
        "indicators-0-target",
    }


def test_a_whole_date_in_the_first_part_is_read(app: Flask) -> None:
    fields = schema.get("payment_request").fields
    for typed in ("31.1.2027", "2027-01-31"):
        data = {"needed_by-day": typed, "needed_by-month": "", "needed_by-year": ""}
        assert answers_of(posted(app, fields, data))["needed_by"] == "2027-01-31"
    assert answers_of(posted(app, fields, {"needed_by": "2027-01-31"}))["needed_by"] == "2027-01-31"


def test_a_part_of_the_form_keeps_the_other_answers(app: Flask) -> None:
    fields = schema.get("grant_application").fields
    form = posted(app, fields, {"title": "Neu"}, others=GRANT)
    expected = (
        GRANT
        | {"title": "Neu"}
        | dict.fromkeys(("not_begun", "no_double_funding", "terms", "privacy"), False)
    )
    assert answers_of(form) == expected


def test_no_row_is_dropped(app: Flask) -> None:
    field = schema.get("grant_application").field("partners")
    data = {f"partners-{index}-name": f"Partner {index}" for index in (*range(15), 4711)}
    form = posted(app, (field,), data)
    names = [row["name"] for row in answers_of(form)["partners"]]
    assert names == [*(f"Partner {index}" for index in range(15)), "Partner 4711"]
    with app.test_request_context("/"):
        assert not form.validate()
    assert any("12" in problem.text for problem in form.problems)
    assert "partners-15-name" in page(app, form).names


def test_the_button_adds_a_row_and_keeps_what_was_typed(app: Flask) -> None:
    field = schema.get("grant_application").field("partners")
    data = {"partners-0-name": "A", "partners-1-name": "", "partners-add": "1"}
    form = posted(app, (field,), data)
    assert form.changes_rows
    names = page(app, form).names
    assert "partners-2-name" in names and "partners-3-name" not in names
    assert not posted(app, (field,), {"partners-0-name": "A"}).changes_rows


def test_the_button_removes_its_row_and_keeps_the_others(app: Flask) -> None:
    field = schema.get("grant_application").field("partners")
    names = {f"partners-{number}-name": name for number, name in enumerate("ABC")}
    form = posted(app, (field,), names | {"partners-remove": "1"})
    assert form.changes_rows
    assert [row["name"] for row in answers_of(form)["partners"]] == ["A", "C"]
    assert [row[0].has_focus for row in form["partners"].rows][:3] == [False, True, False]
    for nonsense in ("", "x", "7", "-1", "9" * 20):
        form = posted(app, (field,), names | {"partners-remove": nonsense})
        assert [row["name"] for row in answers_of(form)["partners"]] == ["A", "B", "C"]


def test_lines_and_years_the_form_does_not_offer_are_shown_and_kept(app: Flask) -> None:
    field = schema.get("grant_application").field("budget")
    lines = [
        {"line": "0812", "years": {"2027": "1.00", "2031": "2.00"}},
        {"line": "0812", "years": {"2027": "3.00"}},
        {"line": "alt", "years": {"2027": "viel"}},
    ]
    answers = {"budget": {"lines": lines, "income": []}}
    data = formdata_of((field,), answers, years=["2027"])
    form = posted(app, (field,), data, years=["2027"])
    assert answers_of(form) == answers
    with app.test_request_context("/"):
        assert not form.validate()
    assert len(form.problems) == 5 - 1
    shown = page(app, form)
    assert {"budget-lines-0812~2-2027", "budget-lines-alt-2027"} <= shown.names


def test_the_table_shows_sums_and_asks_for_the_period_first(app: Flask) -> None:
    field = schema.get("grant_application").field("budget")
    with app.test_request_context("/"):
        html = render_template_string(
            PAGE, form=form_class((field,), "de", others=GRANT)(data=GRANT)
        )
        bare = render_template_string(PAGE, form=form_class((field,), "de")())
    assert html.count("36.000,50\u00a0€") == 2 and "33.000,50\u00a0€" in html
    assert "zuerst Beginn und Ende" in bare and "<input" not in bare


def test_conditions_look_at_the_other_pages(app: Flask) -> None:
    section = schema.get("grant_application").section("applicant")
    fields = tuple(field for field in section.fields if field.id == "legal_form_other")
    with app.test_request_context("/"):
        assert form_class(fields, "de", others={"legal_form": "company"})().validate()
        assert not form_class(fields, "de", others={"legal_form": "other"})().validate()


def test_choices_known_only_now(app: Flask) -> None:
    label = {"de": "Wer", "en": "Who"}
    spec = {"id": "who", "type": "select", "choices_from": "people", "label": label}
    fields = schema.parse_fields([spec])
    people = {"people": [Choice("1", {"de": "Ada", "en": "Ada"})]}
    good = posted(app, fields, {"who": "1"}, choices=people)
    bad = posted(app, fields, {"who": "2"}, choices=people)
    with app.test_request_context("/"):
        assert "Ada" in render_template_string(PAGE, form=good)
        assert good.validate() and not bad.validate()


def test_a_draft_hears_what_is_wrong_and_not_what_is_missing(app: Flask) -> None:
    form = posted(app, schema.get("micro_grant_application").fields, {"requested_amount": "x"})
    assert set(form.tell(form.check(complete=False))) == {"requested_amount"}


def test_files_are_uploads_and_answers_only_once_kept(app: Flask) -> None:
    field = schema.get("grant_application").field("statutes")
    kept = {"statutes": [{"name": "Satzung.pdf", "size": 10}]}
    sent = {"statutes": ((ROOT / "pyproject.toml").open("rb"), "neu.pdf"), "title": "x"}
    with app.test_request_context("/", method="POST", data=sent):
        form = form_class((field,), "de")(data=kept)
        assert [file.filename for file in form["statutes"].uploads] == ["neu.pdf"]
    assert answers_of(form) == kept
    with app.test_request_context("/"):
        assert "Satzung.pdf" in render_template_string(PAGE, form=form)


@pytest.mark.parametrize(
    "name", ["title", "budget-lines-0812-2027", "partners-0-name", "period_start-day"]
)
def test_a_file_where_text_belongs_is_no_answer(app: Flask, name: str) -> None:
    fields = schema.get("grant_application").fields
    sent = {name: ((ROOT / "pyproject.toml").open("rb"), "x.txt")}
    form = posted(app, fields, sent)
    assert not filled({"x": answers_of(form).get(name)})


NAMES = st.sampled_from(
    "title period_start period_start-day budget budget- budget-lines- budget-lines-0812-2027 "
    "budget-lines-a-b-c budget-income-grant-9999 partners partners-0-name "
    "partners-99999999999-name partners-999-name partners-add partners-x-name "
    "field_of_action vat_deduction not_begun statutes requested_amount "
    "indicators-0-target csrf_token".split()
)


@given(st.lists(st.tuples(NAMES, st.text(max_size=12))), st.sampled_from(["de", "en"]))
@settings(max_examples=200, deadline=None)
def test_nothing_that_is_sent_raises(
    app: Flask, sent: list[tuple[str, str]], language: str
) -> None:
    fields = schema.get("grant_application").fields
    with app.test_request_context("/"):
        form = form_class(fields, language, years=["2027"])(MultiDict(sent))
        form.validate()
        render_template_string(PAGE, form=form).encode()


@given(
    st.dictionaries(
        st.sampled_from([field.id for field in schema.get("grant_application").fields]),
        st.sampled_from(
            [
                None,
                0,
                1.5,
                "x",
                [],
                [1],
                ["x"],
                {},
                {"lines": 1},
                {"lines": [1]},
                [{"name": {}}],
                True,
            ]
        ),
    )
)
@settings(max_examples=200, deadline=None)
def test_saved_answers_of_any_shape_can_be_shown(app: Flask, answers: dict[str, Any]) -> None:
    fields = schema.get("grant_application").fields
    with app.test_request_context("/"):
        form = form_class(fields, "de", years=["2027"])(data=answers)
        form.validate()
        render_template_string(PAGE, form=form)
        formdata_of(fields, answers)


def test_markup_in_answers_stays_text(app: Flask) -> None:
    fields = schema.get("grant_application").fields
    evil = '"><script>alert(1)</script>'
    answers = {
        "title": evil,
        "summary": "</textarea>" + evil,
        "partners": [{"name": evil, "role": evil}],
        "budget": {"lines": [{"line": evil, "years": {evil: evil}}]},
        "statutes": [{"name": evil, "size": 1}],
    }
    with app.test_request_context("/"):
        form = form_class(fields, "de", years=["2027"])(data=answers)
        form.validate()
        html = render_template_string(PAGE, form=form)
    assert "<script" not in html and html.count("</textarea>") == html.count("<textarea")


def test_a_form_needs_its_token(app: Flask) -> None:
    guarded = Flask("guarded", template_folder=str(ROOT / "templates"))
    guarded.config.update(SECRET_KEY=SECRET_KEY)
    Babel(guarded, default_locale="de")
    filters.register(guarded)
    fields = schema.get("short_report").fields

    @guarded.route("/", methods=["GET", "POST"])
    def view() -> str:
        form = form_class(fields, "de")()
        if request.method == "GET":
            return str(form["csrf_token"].current_token)
        return f"{form.validate()} {render_template_string(PAGE, form=form)}"

    client = guarded.test_client()
    data = formdata_of(fields, COMPLETE["short_report"])
    token = client.get("/").text
    assert client.post("/", data=data | {"csrf_token": token}).text.startswith("True")
    refused = client.post("/", data=data).text
    assert refused.startswith("False") and "zu lange geöffnet" in refused
