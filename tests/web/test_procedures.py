"""Procedures that belong to no application: begun by an office, seen by offices only."""

from __future__ import annotations

from flask import Flask

from funding_app.demo.story import Story
from funding_app.services.accounts import create_token
from tests.web.conftest import SignIn


def test_an_office_begins_a_panel_and_leads_it_through_its_page(
    sign_in: SignIn, story: Story
) -> None:
    office = sign_in("office")
    assert "Noch ist kein eigenes Verfahren begonnen." in office.get("/procedures").text
    call = str(story.world.calls["grant_case"])
    begun = office.post("/procedures", data={"kind": "panel", "title": "Jury im Mai", "call": call})
    assert begun.status_code == 302, begun.text
    place = begun.headers["Location"]
    page = office.get(place)
    assert page.status_code == 200
    assert "Sitzung eröffnen" in page.text
    data = {"open_session-members": "6", "open_session-present": "3"}
    few = office.post(f"{place}/events/open_session", data=data)
    assert few.status_code == 409
    assert "mehr als die Hälfte" in few.text
    data["open_session-present"] = "5"
    assert office.post(f"{place}/events/open_session", data=data).status_code == 302
    assert "In Sitzung" in office.get(place).text
    assert "Jury im Mai" in office.get("/procedures").text


def test_what_a_person_may_not_begin_is_not_offered(sign_in: SignIn) -> None:
    officer = sign_in("officer")
    assert officer.get("/procedures").status_code == 200
    assert officer.post("/procedures", data={"kind": "panel", "title": "X"}).status_code == 404
    assert sign_in("applicant1").get("/procedures").status_code == 404
    dpo = sign_in("dpo")
    assert dpo.post("/procedures", data={"kind": "panel", "title": "X"}).status_code == 422
    done = dpo.post("/procedures", data={"kind": "data_subject_request", "title": "Auskunft"})
    assert done.status_code == 302


def test_the_api_begins_a_panel_once(app: Flask, story: Story) -> None:
    client = app.test_client()

    def post(who: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
        with story.database.write() as session:
            token = create_token(session, story.world.people[who], story.now)
        sent = {"Authorization": f"Bearer {token}", **headers}
        answer = client.post("/api/v1/procedures", json=body, headers=sent)
        return answer.status_code, answer.get_json()

    body = {"kind": "panel", "title": "Jury im Juni", "call": "cc-gemeinsam-2026"}
    status, made = post("office", body, **{"Idempotency-Key": "jury"})
    assert (status, made["kind"], made["state"]) == (201, "panel", "scheduled")
    assert post("office", body, **{"Idempotency-Key": "jury"})[1]["id"] == made["id"]
    assert post("officer", body)[0] == 403
    assert post("office", body | {"kind": "grant_case"})[0] == 422
    assert post("office", body | {"title": " "})[0] == 422
    assert post("office", body | {"call": "none"})[0] == 404
    assert post("office", [])[0] == 422


def test_a_mistake_in_a_step_stands_at_its_field(sign_in: SignIn, story: Story) -> None:
    office = sign_in("office")
    begun = office.post("/procedures", data={"kind": "panel", "title": "Jury im Mai", "call": ""})
    place = begun.headers["Location"]
    data = {"open_session-members": "viele", "open_session-present": "3"}
    answer = office.post(f"{place}/events/open_session", data=data)
    assert answer.status_code == 422
    assert 'id="open_session-members"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="viele"' in answer.text
