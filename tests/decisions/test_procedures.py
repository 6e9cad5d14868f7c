"""Procedures that belong to no application: begun by an office, seen by offices only."""

from __future__ import annotations

from flask import Flask

from funding_app.demo.runner import Story
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn


def test_an_office_begins_a_procedure_and_leads_it_through_its_page(
    sign_in: SignIn, story: Story
) -> None:
    office = sign_in("dpo")
    assert "Noch ist kein eigenes Verfahren begonnen." in office.get("/procedures").text
    wanted = {"kind": "data_subject_request", "title": "Auskunft im Mai"}
    begun = office.post("/procedures", data=wanted)
    assert begun.status_code == 302, begun.text
    place = begun.headers["Location"]
    page = office.get(place)
    assert page.status_code == 200
    assert "Identität bestätigen" in page.text
    data = {"check_identity-identity_proven": "yes", "check_identity-wish": "access"}
    assert office.post(f"{place}/events/check_identity", data=data).status_code == 302
    assert "Auskunft im Mai" in office.get("/procedures").text


def test_an_office_finds_the_draft_it_has_begun(sign_in: SignIn, story: Story) -> None:
    office = sign_in("office")
    begun = office.post("/procedures", data={"kind": "programme", "title": "Neue Richtlinie"})
    assert begun.status_code == 302, begun.text
    page = office.get(begun.headers["Location"])
    assert page.status_code == 200
    assert "Zur Abstimmung geben" in page.text
    assert "Neue Richtlinie" in office.get("/procedures").text
    assert "Neue Richtlinie" in office.get("/tasks").text
    assert sign_in("expert1").get(begun.headers["Location"]).status_code == 404


def test_what_a_person_may_not_begin_is_not_offered(sign_in: SignIn) -> None:
    officer = sign_in("officer")
    assert officer.get("/procedures").status_code == 200
    assert officer.post("/procedures", data={"kind": "programme", "title": "X"}).status_code == 404
    assert sign_in("applicant1").get("/procedures").status_code == 404
    dpo = sign_in("dpo")
    assert dpo.post("/procedures", data={"kind": "programme", "title": "X"}).status_code == 422
    done = dpo.post("/procedures", data={"kind": "data_subject_request", "title": "Auskunft"})
    assert done.status_code == 302
    meeting = sign_in("office").post("/procedures", data={"kind": "panel", "title": "Jury"})
    assert meeting.status_code == 422, "a meeting is called under its call, with its seats"


def test_the_api_begins_a_procedure_once(app: Flask, story: Story) -> None:
    client = app.test_client()

    def post(who: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
        with story.database.write() as session:
            token = create_token(session, story.world.people[who], story.now)
        sent = {"Authorization": f"Bearer {token}", **headers}
        answer = client.post("/api/v1/procedures", json=body, headers=sent)
        return answer.status_code, answer.get_json()

    body = {"kind": "data_subject_request", "title": "Auskunft", "call": "cc-gemeinsam-2026"}
    status, made = post("office", body, **{"Idempotency-Key": "2028"})
    assert (status, made["kind"], made["state"]) == (201, "data_subject_request", "received")
    assert post("office", body, **{"Idempotency-Key": "2028"})[1]["id"] == made["id"]
    assert post("officer", body)[0] == 403
    assert post("office", body | {"kind": "grant_case"})[0] == 422
    assert post("office", body | {"kind": "panel"})[0] == 422
    assert post("office", body | {"title": " "})[0] == 422
    assert post("office", body | {"call": "none"})[0] == 404
    assert post("office", [])[0] == 422


def test_a_mistake_in_a_step_stands_at_its_field(sign_in: SignIn, story: Story) -> None:
    dpo = sign_in("dpo")
    wanted = {"kind": "data_subject_request", "title": "Löschung"}
    place = dpo.post("/procedures", data=wanted).headers["Location"]
    proven = {"check_identity-identity_proven": "yes", "check_identity-wish": "erasure"}
    assert dpo.post(f"{place}/events/check_identity", data=proven).status_code == 302
    found = {"scope-found": "Ein Antrag von 2026."}
    assert dpo.post(f"{place}/events/scope", data=found).status_code == 302
    data = {"hold-until": "bald", "hold-until-day": "bald", "reason": "Prüfung läuft."}
    answer = dpo.post(f"{place}/events/hold", data=data)
    assert answer.status_code == 422
    assert 'id="hold-until-day"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="bald"' in answer.text
