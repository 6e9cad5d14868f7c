"""Writing together: saved while typing, seen by the others, kept when the session has ended."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from funding_app.demo.runner import Story, micro_answers
from funding_app.models import Invitation, MailDelivery, RoleAssignment, UserSession
from funding_app.queries.applications.answers import answers_of
from funding_app.services.applications.answers import save_section
from funding_app.services.people.accounts import create_token, grant_role, register
from tests.fixtures.pages import PASSWORD, SignIn

ANSWERS = micro_answers(Decimal("900.00"), "2027-02-01", "2027-03-31", "Reparaturwerkstatt")


@pytest.fixture
def client(story: Story, sign_in: SignIn) -> FlaskClient:
    story.apply("micro_grant", {})
    return sign_in("applicant1")


def colleague(story: Story, name: str, role: str) -> None:
    """Another person of the applying organisation."""
    with story.database.write() as session:
        email = f"{name}@demo.example"
        user_id = register(session, email=email, name=name, password=PASSWORD, now=story.now)
        assert user_id is not None
        grant_role(session, user_id, role, story.now, story.world.organisations[0])


def auto(client: FlaskClient, story: Story, version: int, **typed: str) -> Any:
    data = {"go": "auto", "version-project": str(version), **typed}
    return client.post(f"/cases/{story.case_id}/form/project", data=data)


def answers(story: Story) -> dict[str, Any]:
    assert story.case_id is not None
    with story.database.read() as session:
        return answers_of(session, story.case_id)


def test_what_is_typed_is_saved_and_the_time_told(story: Story, client: FlaskClient) -> None:
    first = auto(client, story, 0, title="Nähen", requested_amount="ungefähr 5")
    assert first.json["versions"] == {"project": 1}
    assert re.fullmatch(r"Gespeichert um \d\d:\d\d:\d\d Uhr\.", first.json["text"])
    second = auto(client, story, 1, title="Nähen und Flicken", requested_amount="ungefähr 5")
    assert second.json["versions"] == {"project": 2}
    assert answers(story)["title"] == "Nähen und Flicken"
    assert answers(story)["requested_amount"] == "ungefähr 5"


def test_a_draft_is_listed_by_its_working_title(story: Story, client: FlaskClient) -> None:
    assert "Noch ohne Titel" in client.get("/cases").text
    assert "Noch ohne Titel" in client.get("/tasks").text
    auto(client, story, 0, title="Nähen")
    for page in ("/cases", "/cases?q=näh", "/tasks"):
        assert "Nähen" in client.get(page).text
        assert "Noch ohne Titel" not in client.get(page).text
    auto(client, story, 1, title="")
    assert "Noch ohne Titel" in client.get("/cases").text


def test_what_was_handed_in_keeps_its_title(story: Story, client: FlaskClient) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    assert story.case_id is not None
    with story.database.write() as session:
        save_section(
            session, story.case_id, "project", {"title": "Ein anderer"}, expected_version=1,
            saved_by=story.world.people["applicant1"], when=story.now,
        )  # fmt: skip
    assert "Reparaturwerkstatt" in client.get("/cases").text
    assert "Ein anderer" not in client.get("/cases").text


def test_a_draft_says_once_what_keeps_it_from_being_handed_in(
    story: Story, client: FlaskClient
) -> None:
    auto(client, story, 0, title="Nähen")
    assert "Noch nicht möglich" not in client.get(f"/cases/{story.case_id}").text
    page = unescape(client.get(f"/cases/{story.case_id}/check").text)
    assert page.count("Antrag einreichen: noch nicht möglich") == 1
    assert "Ihr Vorhaben, Was haben Sie vor? Bitte füllen Sie dieses Feld aus." in page
    assert "Hinweise zum Datenschutz gelesen: Ohne diese Erklärung geht es nicht weiter." in page


def test_the_second_of_two_people_sees_who_saved_and_both_versions(
    story: Story, client: FlaskClient, sign_in: SignIn
) -> None:
    colleague(story, "Kollegin", "applicant_editor")
    other = sign_in("kollegin")
    assert auto(other, story, 0, title="Von der Kollegin").status_code == 200
    assert auto(client, story, 0, title="Von mir").status_code == 409
    sent = {"version-project": "0", "title": "Von mir", "go": "stay"}
    page = client.post(f"/cases/{story.case_id}/form/project", data=sent)
    assert page.status_code == 409
    for text in ("Kollegin hat am", "Von der Kollegin", "Von mir"):
        assert text in page.text
    assert answers(story)["title"] == "Von der Kollegin"


def test_who_else_is_there_is_told_for_a_minute(
    story: Story, client: FlaskClient, sign_in: SignIn
) -> None:
    colleague(story, "Kollegin", "applicant_editor")
    other = sign_in("kollegin")
    path = f"/cases/{story.case_id}/form/project/presence"
    assert client.post(path).json == {"text": ""}
    assert "Antonia Antrag 1" in other.post(path).json["text"]
    assert "Kollegin" in client.post(path).json["text"]
    assert "Kollegin" in client.get(f"/cases/{story.case_id}/form/project").text
    story.now += timedelta(seconds=61)
    assert client.post(path).json == {"text": ""}


def test_a_reader_reads_and_can_not_write(
    story: Story, client: FlaskClient, sign_in: SignIn
) -> None:
    colleague(story, "Leserin", "applicant_reader")
    auto(client, story, 0, title="Nähen")
    reader = sign_in("leserin")
    page = reader.get(f"/cases/{story.case_id}")
    assert page.status_code == 200
    assert "Nähen" in page.text
    assert "Antrag einreichen" not in page.text
    assert auto(reader, story, 1, title="Umgeschrieben").status_code == 404
    assert answers(story)["title"] == "Nähen"


def hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<textarea hidden name="([^"]*)">\n(.*?)</textarea>', page, re.DOTALL)
    return [(unescape(name), unescape(value)) for name, value in found]


@pytest.mark.parametrize("text", ['<b>Viel</b> & "mehr"', "\nzwei\n\nAbsätze\n", "שלום – 你好"])
def test_the_end_of_a_session_keeps_what_was_typed(
    app: Flask, story: Story, client: FlaskClient, text: str
) -> None:
    with story.database.write() as session:
        session.execute(delete(UserSession))
    typed = [("version-project", "0"), ("title", "Nähen"), ("summary", text), ("go", "stay")]
    path = f"/cases/{story.case_id}/form/project"
    page = client.post(path, data=dict(typed))
    assert page.status_code == 401
    kept = hidden(page.text)
    assert kept == [(f"kept.{name}", value) for name, value in typed]
    who = {"email": "applicant1@demo.example", "target": path}
    wrong = client.post("/account/resume", data={**who, "password": "?", **dict(kept)})
    assert (wrong.status_code, hidden(wrong.text)) == (422, kept)
    again = client.post("/account/resume", data={**who, "password": PASSWORD, **dict(kept)})
    assert (again.status_code, hidden(again.text)) == (200, typed)
    assert f'action="{path}"' in again.text
    assert client.post(path, data=dict(hidden(again.text))).status_code == 302
    assert answers(story)["summary"] == text.strip()


def test_what_is_resumed_goes_to_this_server_only(client: FlaskClient) -> None:
    data = {"email": "applicant1@demo.example", "password": PASSWORD, "kept.a": "1"}
    for target in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        page = client.post("/account/resume", data=data | {"target": target})
        assert "elsewhere" not in page.text


@pytest.mark.parametrize(
    ("headers", "kept"),
    [({"Origin": "http://localhost"}, True), ({"Sec-Fetch-Site": "same-origin"}, True),
     ({"Origin": "https://elsewhere.example"}, False), ({}, False),
     ({"Sec-Fetch-Site": "cross-site"}, False)],
)  # fmt: skip
def test_only_our_own_pages_may_be_sent_again(
    app: Flask, client: FlaskClient, story: Story, headers: dict[str, str], kept: bool
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    path = f"/cases/{story.case_id}/form/project"
    page = client.post(path, data={"title": "Nähen"}, headers=headers)
    assert page.status_code == 400
    assert bool(hidden(page.text)) is kept


def invite(client: FlaskClient, story: Story, email: str, right: str) -> str:
    """Invites; returns the path of the link in the mail."""
    path = f"/organisation/{story.world.organisations[0]}/invitations"
    sent = client.post(path, data={"member_email": email, "right": right})
    assert sent.status_code == 302, sent.text
    with story.database.read() as session:
        newest = select(MailDelivery.body).order_by(MailDelivery.id.desc())
        body = session.scalars(newest.where(MailDelivery.recipient == email)).first() or ""
    link = re.search(r"/account/invitation/\S+", body)
    assert link is not None, body
    return link.group()


def test_somebody_invited_joins_once(app: Flask, story: Story, client: FlaskClient) -> None:
    first = invite(client, story, "neu@verein.example", "applicant_editor")
    path = invite(client, story, "neu@verein.example", "applicant_editor")
    guest = app.test_client()
    assert guest.get(first).status_code == 410  # the newer one ended it
    assert "Nachbarschaft Digital" in guest.get(path).text
    assert guest.post(path, data={"name": "", "password": "kurz"}).status_code == 422
    done = guest.post(path, data={"name": "Nele Neu", "password": "lang-genug-2026"})
    assert done.headers["Location"] == "/cases"
    assert auto(guest, story, 0, title="Von Nele").status_code == 200
    assert app.test_client().get(path).status_code == 410
    assert "Nele Neu" in client.get(f"/organisation/{story.world.organisations[0]}").text


def test_an_account_that_is_there_joins_with_its_password(
    app: Flask, story: Story, client: FlaskClient
) -> None:
    path = invite(client, story, "reviewer1@demo.example", "applicant_reader")
    guest = app.test_client()
    assert guest.post(path, data={"password": "wrong"}).status_code == 422
    assert guest.post(path, data={"password": PASSWORD}).status_code == 302
    assert guest.get(f"/cases/{story.case_id}").status_code == 200


def test_an_invitation_ends_after_an_hour(app: Flask, story: Story, client: FlaskClient) -> None:
    path = invite(client, story, "neu@verein.example", "applicant_editor")
    with story.database.write() as session:
        for found in session.scalars(select(Invitation)):
            found.expires_at = story.now
    assert app.test_client().get(path).status_code == 410


def test_rights_change_at_once_and_one_person_always_signs(
    story: Story, client: FlaskClient, sign_in: SignIn
) -> None:
    colleague(story, "Kollegin", "applicant_editor")
    own = story.world.organisations[0]
    me = story.world.people["applicant1"]
    gone = client.post(f"/organisation/{own}/people/{me}", data={"right": "none"})
    assert gone.status_code == 302
    assert "Eine Person muss zeichnen" in client.get(gone.headers["Location"]).text
    other = sign_in("kollegin")
    assert other.post(f"/organisation/{own}", data={"name_de": "Anders"}).status_code == 404
    with story.database.read() as session:
        hers = session.scalars(
            select(RoleAssignment.user_id).where(RoleAssignment.role == "applicant_editor")
        ).one()
    client.post(f"/organisation/{own}/people/{hers}", data={"right": "applicant_signatory"})
    client.post(f"/organisation/{own}/people/{me}", data={"right": "none"})
    assert client.get(f"/cases/{story.case_id}").status_code == 404
    assert other.post(f"/organisation/{own}", data={"name_de": "Anders e. V."}).status_code == 302


def test_new_applications_begin_with_the_organisation_s_data(
    story: Story, client: FlaskClient
) -> None:
    own = story.world.organisations[0]
    data = {"name_de": "Werkstatt e. V.", "legal_form": "foundation", "street": "Lindenweg 4"}
    assert client.post(f"/organisation/{own}", data=data).status_code == 302
    story.apply("grant_case", {})
    page = client.get(f"/cases/{story.case_id}/form/applicant").text
    assert 'value="Werkstatt e. V."' in page
    assert 'value="foundation" selected' in page
    assert answers(story) == {}  # until somebody saves


def test_answers_of_an_earlier_application_fill_what_is_empty(
    story: Story, client: FlaskClient
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    earlier = story.case_id
    story.apply("micro_grant", {"contact": {"contact_name": "Berta Bereits"}})
    path = f"/cases/{story.case_id}/take-over"
    assert f"{path}" in client.get(f"/cases/{story.case_id}").text
    assert "Reparaturwerkstatt" in client.get(path).text
    assert client.post(path, data={"earlier": str(earlier)}).status_code == 302
    assert answers(story) == {
        "title": "Reparaturwerkstatt",
        "summary": ANSWERS["project"]["summary"],
        "beneficiaries": "Menschen aus der Nachbarschaft.",
        "requested_amount": "900.00",
        "contact_name": "Berta Bereits",
        "contact_email": "antrag@verein.example",
    }


def test_versions_are_compared_word_by_word(
    story: Story, client: FlaskClient, sign_in: SignIn
) -> None:
    project = {**ANSWERS["project"], "summary": "Wir reparieren gemeinsam."}
    story.apply("micro_grant", {**ANSWERS, "project": project})
    story.act("applicant1", "submit")
    path = f"/cases/{story.case_id}/versions"
    assert "erst eine Fassung" in client.get(path).text
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": "Bitte den Titel klären."})
    data = {**project, "title": "Reparaturcafé", "version-project": "1", "go": "auto"}
    data |= {"period_start-day": "1", "period_start-month": "2", "period_start-year": "2027"}
    data |= {"period_end-day": "31", "period_end-month": "3", "period_end-year": "2027"}
    data["requested_amount"] = "900,00"
    assert client.post(f"/cases/{story.case_id}/form/project", data=data).status_code == 200
    page = client.get(path).text
    assert "1 Antwort ist anders." in page
    assert "Reparaturwerkstatt</del>" in page
    assert "Reparaturcafé</ins>" in page
    assert "Reparaturcafé" not in sign_in("officer").get(path).text  # not handed in yet
    assert sign_in("reviewer1").get(path).status_code == 404


def test_a_very_long_text_is_kept_and_only_a_huge_one_refused(
    story: Story, client: FlaskClient
) -> None:
    """Above the framework's own half a megabyte the page still answers about the text."""
    saved = client.post(
        f"/cases/{story.case_id}/form/project",
        data={"go": "auto", "version-project": "0", "title": "Nähen " * 200_000},
        content_type="multipart/form-data",
    )
    assert saved.status_code == 200
    assert answers(story)["title"].startswith("Nähen Nähen")
    page = client.post(
        f"/cases/{story.case_id}/form/project",
        data={"title": "x" * 5_000_000, "go": "save"},
        content_type="multipart/form-data",
    )
    assert page.status_code == 413
    assert "4 MB Text" in page.text


@pytest.mark.parametrize("broken", ["a\x00b", "a\ud800b"])
def test_the_api_names_each_field_no_database_can_keep(
    story: Story, client: FlaskClient, broken: str
) -> None:
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    answer: Any = client.patch(
        f"/api/v1/processes/{story.case_id}/answers",
        data=json.dumps({"title": broken, "partners": [{"name": "gut"}, {"name": broken}]}),
        headers={"Authorization": f"Bearer {token}", "If-Match": "0"},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_json")
    assert answer.json["errors"] == {"title": ["unstorable"], "partners/1/name": ["unstorable"]}
    assert answers(story) == {}
