"""Finding the right call: by answers in the address, with reasons, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import select, update

from funding_app.demo.runner import Story
from funding_app.models import Call
from tests.fixtures.pages import SignIn
from tests.support.pages import as_read, form_on

pytestmark = pytest.mark.both_databases

FITTING = re.compile(r'<h3><a href="/calls/([\w-]+)')


def result(client: FlaskClient, query: str) -> tuple[list[str], str]:
    """The calls that fit, and what is said of the others."""
    page = as_read(client.get(f"/calls/find?{query}", follow_redirects=True).text)
    fitting, _, others = page[page.index('id="result"') :].partition("Passt nicht, und warum")
    return FITTING.findall(fitting), others


def test_answers_lead_to_fitting_calls_and_the_others_say_why(app: Flask) -> None:
    client = app.test_client()
    assert 'id="result"' not in client.get("/calls/find").text
    assert "– optional" not in client.get("/calls/find").text  # said once, above
    assert 'href="/calls/find"' in client.get("/").text
    assert 'href="/calls/find"' in client.get("/calls").text

    fits, others = result(client, "applicant=association&seat=DE-SN&amount=4.000&partners=alone")
    assert fits == ["cc-mikro-2026"]
    joint = others[others.index("cc-gemeinsam-2026") : others.index("cip-ideen-2026")]
    assert "50.000,00\xa0€ bis 500.000,00\xa0€" in joint and "Antwort ändern" in joint
    consortium = others[others.index("cip-verbund-2026") :]
    assert "nur auf Einladung" in consortium and "/calls/cip-skizzen-2026" in consortium

    fits, _others = result(client, "applicant=municipality&support=money&partners=together")
    assert fits == ["cc-gemeinsam-2026", "cip-ideen-2026", "cip-skizzen-2026", "cc-mikro-2026"]
    fits, _others = result(client, "applicant=person&support=advice")
    assert fits == ["cdl-sprechstunde"]
    fits, others = result(client, "applicant=person&seat=elsewhere")
    assert fits == [] and others.count("Sitz: in Deutschland.") == 8
    assert "Kein Aufruf passt" in client.get("/calls/find?seat=elsewhere").text


def test_a_shared_address_is_short_and_the_same_in_every_language(app: Flask) -> None:
    client = app.test_client()
    typed = "applicant=&seat=&partners=&topic=health&support=money&amount=12.500,50&begun=no"
    short = client.get(f"/calls/find?{typed}")
    assert short.status_code == 302
    place = "/calls/find?topic=health&support=money&amount=12500.50&begun=no"
    assert short.headers["Location"] == f"{place}#result"
    page = client.get(place).text
    sent = form_on(page, "/calls/find")
    assert (sent["topic"], sent["amount"], sent["begun"]) == (["health"], ["12.500,50"], ["no"])
    assert "applicant" not in sent
    other = f"{place}&lang=en".replace("&", "&amp;")
    assert other in page  # the other language keeps the answers
    english = client.get(f"{place}&lang=en")
    assert english.status_code == 200
    assert form_on(english.text, "/calls/find")["amount"] == ["12,500.50"]
    assert "€50,000.00 to €500,000.00" in english.text and "until" not in english.text


def test_what_can_not_be_read_is_said_at_its_question(app: Flask) -> None:
    client = app.test_client()
    for query, words in (
        ("amount=viel&topic=health", "einen Betrag in Euro"),
        ("applicant=king&topic=health", "aus der Liste"),
        ("seat=%ff&topic=health", "aus der Liste"),
        ("begun=maybe&amount=-1&topic=health", "einen Betrag in Euro"),
    ):
        answer = client.get(f"/calls/find?{query}")
        assert answer.status_code == 422 and words in answer.text, query
        assert form_on(answer.text, "/calls/find")["topic"] == ["health"]


def test_a_call_to_come_is_named_with_its_day_and_one_that_is_over_is_not(
    app: Flask, story: Story
) -> None:
    later = update(Call).where(Call.ref == "cc-mikro-2026")
    with story.database.write() as session:
        session.execute(later.values(opens_at=story.now + timedelta(days=10)))
        over = update(Call).where(Call.ref == "lab-2026")
        session.execute(over.values(closes_at=story.now))
    fits, others = result(app.test_client(), "applicant=group&support=money&partners=alone")
    assert fits == []
    assert "Der Aufruf öffnet erst am 12. Feb. 2026" in others and "lab-2026" not in others


def test_the_api_says_whom_each_call_is_for(app: Flask) -> None:
    client = app.test_client()
    schemas = client.get("/api/v1/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/Calls", "components": schemas}
    answer = client.get("/api/v1/calls").json
    Draft202012Validator(schema).validate(answer)
    calls = {each["ref"]: each for each in answer["items"]}
    assert calls["lab-2026"]["eligibility"] == {
        "applicants": ["association", "charity", "group"], "regions": [],
        "topics": ["environment"], "support": ["experts"], "seat": "germany",
        "partners": "possible", "begun_excluded": False, "by_invitation": False,
    }  # fmt: skip
    assert calls["cip-ideen-2026"]["eligibility"]["support"] == ["money"]
    assert calls["lab-2026"]["plain_language"]["title"].startswith("Hilfe von Fach-Leuten")
    for name in ("calendar", "plain_language", "blank_form_docx"):
        link = calls["lab-2026"]["links"][name]
        assert client.get(urlsplit(link).path).status_code == 200
    assert "calendar" not in calls["cc-mikro-2026"]["links"]


def test_an_office_writes_whom_a_call_is_for(app: Flask, sign_in: SignIn, story: Story) -> None:
    office = sign_in("office")
    office.post("/admin/calls", data={"from": "lab-2026", "ref": "lab-2027"})
    reserved = office.post("/admin/calls", data={"from": "lab-2026", "ref": "find"})
    assert reserved.status_code == 422
    place = "/admin/calls/lab-2027"
    sent = form_on(office.get(place).text.partition("/publication")[2], place)
    assert sent["applicants"] == ["association", "charity", "group"]
    assert (sent["topics"], sent["in_kind"], sent["seat"]) == (
        ["environment"], ["experts"], ["germany"],
    )  # fmt: skip
    del sent["in_kind"], sent["criteria-0-key"]
    nothing = office.post(place, data=sent)
    assert nothing.status_code == 422 and "Ohne Geld gibt der Aufruf" in nothing.text
    changed = sent | {
        "in_kind": ["advice"], "applicants": ["company"], "topics": [], "seat": ["eu"],
        "regions": ["DE-BE"], "begun_excluded": ["yes"],
    }  # fmt: skip
    assert office.post(place, data=changed).status_code == 302
    with story.database.read() as session:
        call = session.scalars(select(Call).where(Call.ref == "lab-2027")).one()
        assert call.eligibility == {
            "applicants": ["company"], "topics": [], "seat": "eu", "regions": [],
            "in_kind": ["advice"], "partners": "possible", "begun_excluded": True,
        }  # fmt: skip
    office.post(f"{place}/publication", data={"do": "publish"})
    fits, _others = result(app.test_client(), "applicant=company&seat=eu&support=advice")
    assert fits == ["lab-2027"]
    page = app.test_client().get("/calls/lab-2027").text
    assert "Bewerben können sich: Unternehmen oder Genossenschaft." in page
    assert "Sitz: in der Europäischen Union." in page


def test_an_amount_as_long_as_an_address_may_be_is_refused_at_its_field(app: Flask) -> None:
    page = app.test_client().get(f"/calls/find?applicant=association&amount=1{'+' * 16_000}x")
    assert page.status_code == 422
    assert "Betrag" in page.text and 'id="result"' not in page.text


@pytest.mark.parametrize("limit", ["0", "-1", "x", "201", "000000050123", "000000050" + "1" * 5000])
def test_a_list_gives_out_no_more_than_it_may(app: Flask, limit: str) -> None:
    answer = app.test_client().get(f"/api/v1/calls?limit={limit}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_limit")
