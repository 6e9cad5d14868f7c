"""The pages on which an office reads its workflows and enters the law's next values."""

from __future__ import annotations

import html
import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import update

from funding_app.demo.runner import Story
from funding_app.models import Application
from funding_app.queries.operations.parameters import ParameterMissing, value_on
from tests.fixtures.pages import SignIn
from tests.workflows.walk import shipped

NEXT = {
    "parameter": "base_rate",
    "valid_from": "2027-01-01",
    "value": "1,02",
    "source": "Bundesanzeiger vom 2. Januar 2027",
}


def rate(story: Story, day: date) -> Decimal:
    with story.database.read() as session:
        return value_on(session, "base_rate", day)


def test_a_half_year_without_a_rate_is_an_error_that_names_it(story: Story) -> None:
    assert rate(story, date(2026, 6, 30)) == Decimal("1.27")
    with pytest.raises(ParameterMissing, match="'base_rate' has no value for 2026-07-01"):
        rate(story, date(2026, 7, 1))


def test_the_next_value_holds_from_its_day(sign_in: SignIn, story: Story) -> None:
    answer = sign_in("office").post("/admin/parameters", data=NEXT)
    assert answer.status_code == 302, answer.text
    assert rate(story, date(2027, 6, 30)) == Decimal("1.02")
    again = sign_in("office").post("/admin/parameters", data=NEXT)
    assert again.status_code == 422
    assert "gibt es schon einen Wert" in again.text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("valid_from", "2027-02-01", "1. Januar oder am 1. Juli"),
        ("value", "viel", "eine Zahl"),
        ("value", "1E999999", "eine Zahl"),
        ("value", "300.000", "eine Zahl"),
        ("parameter", "luck", "Parameter"),
        ("source", "", "Fundstelle"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(
    sign_in: SignIn, field: str, value: str, says: str
) -> None:
    answer = sign_in("office").post("/admin/parameters", data=NEXT | {field: value})
    assert answer.status_code == 422
    assert says in answer.text
    if field != "source":
        assert "Bundesanzeiger vom 2. Januar 2027" in answer.text, "what was typed is kept"


def test_a_value_that_reaches_back_needs_a_reason_and_a_second_person(
    sign_in: SignIn, story: Story
) -> None:
    past = {"parameter": "line_shift_percent", "valid_from": "2026-01-15", "value": "25",
            "source": "Erlass"}  # fmt: skip
    story.apply("micro_grant", {})
    with story.database.write() as session:
        session.execute(update(Application).values(decided_on=date(2026, 1, 20)))
    office, approver = sign_in("office"), sign_in("approver")
    assert "bitte begründen" in office.post("/admin/parameters", data=past).text.lower()
    done = office.post("/admin/parameters", data=past | {"reason": "Der Erlass kam spät."})
    assert done.status_code == 302

    def percent() -> Decimal:
        with story.database.read() as session:
            return value_on(session, "line_shift_percent", date(2026, 2, 1))

    assert percent() == 20, "it waits"
    place = "/admin/parameters/line_shift_percent/2026-01-15/confirm"
    office.post(place)
    assert percent() == 20, "the same person can not confirm"
    approver.post(place)
    assert percent() == 25


@pytest.mark.parametrize("key", shipped().keys())
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_workflow_has_its_page(sign_in: SignIn, key: str, language: str) -> None:
    one = shipped().get(key)
    page = sign_in("auditor").get(f"/admin/workflows/{key}/{one.version}?lang={language}")
    assert page.status_code == 200
    assert one.summary[language] in html.unescape(page.text)
    assert one.sha256 in page.text


def test_an_uploaded_definition_is_told_all_its_mistakes_at_once(sign_in: SignIn) -> None:
    text = shipped().get("recovery").text.replace("key: recovery", "key: office_recovery")
    text = text.replace("case_officer", "case_oficer").replace("record_fields", "record_feelds")
    wrong = sum("oficer" in line or "feelds" in line for line in text.splitlines())
    client = sign_in("office")
    page = client.post(
        "/admin/workflows/check",
        data={"file": (io.BytesIO(text.encode()), "office_recovery.yaml")},
    )
    mistakes = page.text.count("office_recovery.yaml:")
    assert mistakes >= wrong > 20
    assert "did you mean &#39;case_officer&#39;?" in page.text
    good = shipped().get("hearing").text.replace("key: hearing", "key: office_hearing")
    page = client.post(
        "/admin/workflows/check", data={"file": (io.BytesIO(good.encode()), "good.yaml")}
    )
    assert "Keine Fehler in good.yaml" in page.text
