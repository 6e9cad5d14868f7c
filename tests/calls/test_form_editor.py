"""Forms edited in the interface: from a draft to an application that was handed in with it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from funding_app.demo.runner import Story
from funding_app.models import Application, Call, FormVersion, Process, Submission
from funding_app.services.calls.form_versions import examined
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.support.pages import form_on

KEY = "antrag_digital"
PLACE = f"/admin/forms/{KEY}/1"
MICRO = "micro_grant_application@1"


@pytest.fixture
def office(sign_in: SignIn) -> FlaskClient:
    return sign_in("office")


@pytest.fixture
def draft(office: FlaskClient) -> str:
    answer = office.post("/admin/forms", data={"from": MICRO, "key": KEY})
    assert answer.headers["Location"] == PLACE
    return PLACE


def row(story: Story, key: str = KEY, version: int = 1) -> FormVersion:
    with story.database.read() as session:
        return session.get_one(FormVersion, (key, version))


def sent(client: FlaskClient, page: str, action: str, **changes: Any) -> Any:
    """Sends a form of a page with some of its values changed, as a browser would."""
    data: dict[str, Any] = dict(form_on(client.get(page).text, action))
    return client.post(page if action in page else action, data=data | changes)


def edit(client: FlaskClient, place: str, **changes: Any) -> Any:
    path = f"{PLACE}/parts/{place.replace('#', '%23')}"
    data: dict[str, Any] = dict(form_on(client.get(path).text, f"{path}?in="))
    own = {f"edit-{name.replace('__', '-')}": value for name, value in changes.items()}
    return client.post(path, data=data | own | {"go": "back"})


def outline(client: FlaskClient, do: str) -> Any:
    return sent(client, PLACE, f"{PLACE}/outline", do=do)


def add(client: FlaskClient, parent: str, kind: str, de: str, en: str) -> Any:
    data = {"parent": parent, "kind": kind, "label_de": de, "label_en": en}
    return sent(client, PLACE, f"{PLACE}/parts", **data)


def ids(story: Story) -> list[str]:
    return [field.id for field in examined(row(story).content).form.fields]


def make_form(office: FlaskClient) -> None:
    """A section with a choice, a question that hangs on it, and an amount that is checked."""
    assert add(office, "", "", "Technik", "Technology").status_code == 302
    add(office, "#technik", "radio", "Modell", "Model")
    kinds = {
        "choices__0__value": "open", "choices__0__label_de": "Offen",
        "choices__0__label_en": "Open", "choices__1__value": "closed",
        "choices__1__label_de": "Geschlossen", "choices__1__label_en": "Closed",
        "is_required": "yes", "example_de": "Offen heißt: offene Gewichte",
        "example_en": "Open means open weights",
    }  # fmt: skip
    assert edit(office, "modell", **kinds).status_code == 302
    add(office, "#technik", "textarea", "Warum geschlossen?", "Why closed?")
    asked = {
        "is_required": "yes", "max_words": "50", "when_mode": "all",
        "when_tests__0__field": "modell", "when_tests__0__op": "eq",
        "when_tests__0__value": "Geschlossen",
    }  # fmt: skip
    assert edit(office, "warum_geschlossen", **asked).status_code == 302
    add(office, "#technik", "money", "Davon für Rechenzeit", "Of this for computing time")
    edit(office, "davon_fur_rechenzeit", name="computing", is_required="yes")
    check = {
        "left-0-term": "field:computing", "op": "le", "right-0-factor": "0,5",
        "right-0-term": "field:requested_amount",
        "message_de": "Höchstens die Hälfte für Rechenzeit.",
        "message_en": "At most half for computing time.",
    }  # fmt: skip
    page = f"{PLACE}/parts/computing/checks/new"
    assert sent(office, page, page, **check).status_code == 302


def publish(office: FlaskClient, approver: FlaskClient) -> None:
    for client, do in ((office, "propose"), (approver, "publish")):
        answer = sent(client, PLACE, f"{PLACE}/publication", do=do)
        assert answer.status_code == 302


def refused_by_the_api(client: FlaskClient, story: Story, case: str) -> None:
    """The API shows the form, and refuses what the page refuses."""
    with story.database.write() as session:
        token = create_token(session, story.world.people["applicant1"], story.now)
    headers = {"Authorization": f"Bearer {token}"}
    shown = client.get("/api/v1/calls/mikro-neu/form", headers=headers).get_json()
    assert shown["sections"][-1]["id"] == "technik"
    place = f"/api/v1/processes/{case.rpartition('/')[2]}"
    version = client.get(place, headers=headers).get_json()["version"]
    headers |= {"Idempotency-Key": "once", "If-Match": str(version)}
    answer = client.post(f"{place}/events/submit", json={"data": {}}, headers=headers)
    assert answer.status_code == 409
    assert "incomplete" in answer.text


def test_a_form_made_by_the_pages_alone_is_handed_in(
    office: FlaskClient, sign_in: SignIn, story: Story, draft: str
) -> None:
    make_form(office)
    with story.database.read() as session:
        before = session.scalar(select(Application.id))
    publish(office, sign_in("approver"))
    published = row(story)
    people = story.world.people
    assert (published.proposed_by, published.published_by) == (people["office"], people["approver"])
    office.post("/admin/calls", data={"from": "cc-mikro-2026", "ref": "mikro-neu"})
    page = office.get("/admin/calls/mikro-neu").text
    assert f"({KEY}, Fassung 1)" in page
    data: dict[str, Any] = dict(form_on(page, "/admin/calls/mikro-neu"))
    data = dict(form_on(page.split("publication")[1], "/admin/calls/mikro-neu"))
    assert (
        office.post("/admin/calls/mikro-neu", data=data | {"form": f"{KEY}@1"}).status_code == 302
    )
    office.post("/admin/calls/mikro-neu/publication", data={"do": "publish"})
    assert "Technik" in office.get("/calls/mikro-neu").text

    applicant = sign_in("applicant1")
    case = applicant.post("/calls/mikro-neu/applications").headers["Location"]
    project = {
        "title": "Nähen mit KI", "summary": "Wir flicken.", "beneficiaries": "Allen",
        "requested_amount": "900,00", "period_start": "2026-05-01", "period_end": "2026-08-31",
        "version-project": "0",
    }  # fmt: skip
    assert applicant.post(f"{case}/form/project", data=project).status_code == 302
    contact = {"contact_name": "Anna Beispiel", "contact_email": "anna@verein.example",
               "not_begun": "yes", "privacy": "yes", "version-contact": "0"}  # fmt: skip
    assert applicant.post(f"{case}/form/contact", data=contact).status_code == 302
    shown = applicant.get(f"{case}/form/technik").text
    assert "Zum Beispiel: Offen heißt: offene Gewichte" in shown and "data-when" in shown
    technical = {"modell": "closed", "computing": "450,01", "version-technik": "0"}
    applicant.post(f"{case}/form/technik", data=technical)
    wrong = applicant.get(f"{case}/check").text
    assert "Höchstens die Hälfte für Rechenzeit." in wrong
    assert "Warum geschlossen?" in wrong
    refused_by_the_api(applicant, story, case)
    right = technical | {"computing": "450,00", "warum_geschlossen": "Es ist genauer.",
                         "version-technik": "1"}  # fmt: skip
    assert applicant.post(f"{case}/form/technik", data=right).status_code == 302
    check = applicant.get(f"{case}/check").text
    step = dict(form_on(check, "/events/submit"))
    assert applicant.post(f"{case}/events/submit", data=step).status_code == 302
    with story.database.read() as session:
        handed_in = session.scalars(select(Submission)).one()
        found = session.get_one(Application, handed_in.process_id)
        assert (found.form_key, found.form_version, before) == (KEY, 1, None)
        assert handed_in.answers["warum_geschlossen"] == "Es ist genauer."
        assert handed_in.answers["computing"] == "450.00"
        assert session.get_one(Process, found.id).title == "Nähen mit KI"


def test_a_new_version_leaves_begun_applications_alone(
    office: FlaskClient, sign_in: SignIn, story: Story
) -> None:
    story.apply("micro_grant", {})
    place = "/admin/forms/micro_grant_application/2"
    answer = office.post("/admin/forms", data={"from": MICRO, "key": ""})
    assert answer.headers["Location"] == place
    office.post(f"{place}/outline", data={"do": "remove beneficiaries", "edition": "1"})
    for client, do in ((office, "propose"), (sign_in("approver"), "publish")):
        client.post(f"{place}/publication", data={"do": do, "edition": "2"})
    assert row(story, "micro_grant_application", 2).published_at is not None
    applicant = sign_in("applicant1")
    assert "Wem nützt es?" in applicant.get(f"/cases/{story.case_id}/form/project").text
    with story.database.write() as session:
        call = session.scalars(select(Call).where(Call.ref == "cc-mikro-2026")).one()
        assert call.form_version == 1
        call.form_version = 2
    story.apply("micro_grant", {})
    assert "Wem nützt es?" not in applicant.get(f"/cases/{story.case_id}/form/project").text
    lines = office.get(f"{place}/differences").text
    assert "Das Feld entfällt: „Wem nützt es?“" in lines


def test_parts_are_moved_copied_and_removed(office: FlaskClient, story: Story, draft: str) -> None:
    first = ids(story)
    assert outline(office, "down title").headers["Location"] == f"{PLACE}#part-title"
    assert ids(story)[:2] == ["summary", "title"]
    outline(office, "up title")
    assert ids(story) == first
    outline(office, "copy contact_email")
    assert "contact_email_2" in ids(story)
    outline(office, "remove contact_email_2")
    assert ids(story) == first
    assert row(story).edition == 5
    assert outline(office, "remove nothing").status_code == 404
    assert outline(office, "explode title").status_code == 400


def test_whoever_comes_later_sees_both(office: FlaskClient, sign_in: SignIn, draft: str) -> None:
    other = sign_in("approver")
    page = f"{PLACE}/parts/title"
    mine = dict(form_on(office.get(page).text, f"{page}?in="))
    assert edit(other, "title", label_de="Name des Projekts").status_code == 302
    answer = office.post(page, data=mine | {"edit-label_de": "Kurztitel"})
    assert answer.status_code == 409
    assert "„Name des Projekts“: heißt jetzt „Kurztitel“" in answer.text
    assert 'value="Kurztitel"' in answer.text
    again = dict(form_on(answer.text, f"{page}?in="))
    assert office.post(page, data=again).status_code == 302
    assert "Kurztitel" in office.get(PLACE).text
    stale = office.post(f"{PLACE}/outline", data={"do": "up summary", "edition": "1"})
    assert stale.status_code == 409
    assert "inzwischen geändert" in stale.text


def test_faults_stand_at_their_place_and_keep_it_from_being_published(
    office: FlaskClient, story: Story, draft: str
) -> None:
    make_form(office)
    outline(office, "remove modell")
    page = office.get(PLACE).text
    assert "bezieht sich auf „modell“, das es an dieser Stelle nicht gibt" in page
    assert "Vor der Veröffentlichung zu beheben: 1" in page
    assert "Zur Veröffentlichung vorschlagen" not in page
    office.post(f"{PLACE}/publication", data={"do": "propose", "edition": str(row(story).edition)})
    assert row(story).proposed_by is None
    english = office.get(f"{PLACE}?lang=en").text
    assert "refers to an unknown &#39;modell&#39;" in english
    office.get(f"{PLACE}?lang=de")
    outline(office, "remove title")
    assert "das Feld „title“ (text) fehlt" in office.get(PLACE).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "Äh"}, "Kleinbuchstaben, Ziffern und Unterstriche; manche"),
        ({"name": "data"}, "manche Namen braucht"),
        ({"name": "summary"}, "gibt es in dem Formular schon"),
        ({"label_de": ""}, "Beschriftung (deutsch)"),
        ({"type": "money", "min": "viel"}, "passt nicht zur Art"),
        ({"type": "nonsense"}, "aus der Liste"),
    ],
)
def test_what_can_not_be_is_said_and_kept_as_typed(
    office: FlaskClient, story: Story, draft: str, changes: dict[str, str], words: str
) -> None:
    answer = edit(office, "title", fim_id="F60000001", **changes)
    assert answer.status_code == 422
    assert words in answer.text and "F60000001" in answer.text
    assert row(story).edition == 1


def test_a_missing_translation_is_a_fault_and_no_loss(
    office: FlaskClient, story: Story, draft: str
) -> None:
    assert edit(office, "title", label_en="").status_code == 302
    assert "es fehlt der Text „label“ auf en" in office.get(PLACE).text


def test_the_preview_speaks_both_languages_and_shows_what_is_typed(
    office: FlaskClient, draft: str
) -> None:
    assert "Who benefits?" in office.get(f"{PLACE}/preview?in=en").text
    path = f"{PLACE}/parts/beneficiaries"
    data = dict(form_on(office.get(path).text, f"{path}?in="))
    typed = data | {"edit-label_en": "Who gains from it?", "edit-type": "select",
                    "edit-choices-0-value": "all",
                    "edit-choices-0-label_en": "Everybody"}  # fmt: skip
    shown = office.post(f"{path}/preview?in=en", data=typed).text
    assert "Who gains from it?" in shown and "Everybody" in shown and "Please choose" in shown
    assert "<html" not in shown
    tried = office.post(f"{PLACE}/preview?in=en", data={"requested_amount": "much"})
    assert tried.status_code == 422
    assert "Please give an amount in euro" in tried.text


def test_a_published_form_is_read_only(
    office: FlaskClient, sign_in: SignIn, story: Story, draft: str
) -> None:
    publish(office, sign_in("approver"))
    page = office.get(PLACE).text
    assert "SHA-256" in page and "/outline" not in page
    assert office.get(f"{PLACE}/parts/title").status_code == 404
    answer = office.post(f"{PLACE}/outline", data={"do": "up summary", "edition": "1"})
    assert answer.status_code == 409 and "ändert sich nicht mehr" in answer.text
    office.post(f"{PLACE}/publication", data={"do": "discard", "edition": "1"})
    assert row(story).published_at is not None
    assert office.get(f"/admin/forms/{KEY}").status_code == 200


def test_the_one_who_proposed_does_not_publish(
    office: FlaskClient, story: Story, draft: str
) -> None:
    for do in ("propose", "publish"):
        page = office.post(
            f"{PLACE}/publication", data={"do": do, "edition": "1"}, follow_redirects=True
        )
    assert "Eine andere Person muss veröffentlichen." in page.text
    assert row(story).published_at is None
    office.post(f"{PLACE}/publication", data={"do": "withdraw", "edition": "1"})
    assert row(story).proposed_by is None
    office.post(f"{PLACE}/publication", data={"do": "discard", "edition": "1"})
    assert office.get(PLACE).status_code == 404


def test_strangers_see_nothing(sign_in: SignIn, draft: str) -> None:
    for who in ("applicant1", "officer", "admin"):
        client = sign_in(who)
        for path in ("/admin/forms", PLACE, f"{PLACE}/parts/title", f"{PLACE}/preview"):
            assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/admin/forms/none", "/admin/forms/none/1", "/admin/forms/none/x/parts/y",
     f"{PLACE}/parts/none", f"{PLACE}/parts/title.x", f"{PLACE}/parts/title/checks/7",
     f"{PLACE}/parts/%23project/checks/new", "/admin/forms/micro_grant_application/1/parts/title",
     f"/admin/forms/{KEY}/99999999999999999999"],
)  # fmt: skip
def test_what_does_not_exist_is_not_there(office: FlaskClient, draft: str, path: str) -> None:
    assert office.get(path).status_code == 404


def test_a_check_is_changed_and_removed(office: FlaskClient, story: Story, draft: str) -> None:
    make_form(office)
    page = f"{PLACE}/parts/computing/checks/0"
    shown = office.get(page).text
    assert 'value="0,5"' in shown
    assert sent(office, page, page, **{"right-0-factor": "ein Viertel"}).status_code == 422
    assert sent(office, page, page, **{"right-0-factor": "0,25"}).status_code == 302
    listed = office.get(f"{PLACE}/parts/computing").text
    assert re.search("0,25 × „Beantragter Betrag in Euro“", listed)
    assert sent(office, f"{PLACE}/parts/computing", f"{page}/removal").status_code == 302
    assert examined(row(story).content).form.field("computing").checks == ()


def test_a_table_of_costs_is_made_by_the_pages(
    office: FlaskClient, story: Story, draft: str
) -> None:
    add(office, "#project", "table", "Kosten", "Costs")
    edit(office, "kosten.income", label_en="Money in")
    add(office, "#project", "partners", "Beteiligte", "People involved")
    add(office, "beteiligte", "money", "Anteil", "Share")
    outline(office, "up beteiligte.anteil")
    form = examined(row(story).content)
    assert form.problems == ()
    assert [column.id for column in form.form.field("beteiligte").columns] == ["anteil", "name"]
    assert form.form.field("kosten").balanced
    assert form.form.field("kosten").column("income").label["en"] == "Money in"
    wrong = add(office, "beteiligte", "table", "Tabelle", "Table")
    assert wrong.status_code == 422


def test_a_form_goes_to_another_installation_as_a_file(
    office: FlaskClient, story: Story, draft: str
) -> None:
    make_form(office)
    given_out = office.get(f"{PLACE}/file")
    assert given_out.headers["Content-Disposition"].endswith(f'"{KEY}-1.json"')

    def begin(content: bytes, key: str) -> Any:
        file = (io.BytesIO(content), "form.json")
        return office.post("/admin/forms", data={"from": MICRO, "key": key, "file": file})

    assert begin(given_out.data, "aus_datei").status_code == 302
    one, other = (examined(row(story, key).content).form for key in (KEY, "aus_datei"))
    assert one.sections == other.sections
    foreign = given_out.data.replace(KEY.encode(), b"anderswo")
    assert begin(foreign, "fremd").status_code == 302
    assert (
        "Wählen Sie, womit verglichen wird." in office.get("/admin/forms/fremd/1/differences").text
    )
    wrong = given_out.data.replace(b'"radio"', b'"roulette"')
    for content, told in (
        (b"\xff", "enthält kein Formular"),
        (b"[" * 100_000, "enthält kein Formular"),
        (b"{}", "hat Fehler"),
        (wrong, "hat Fehler"),
    ):
        answer = begin(content, "kaputt")
        assert answer.status_code == 422 and told in answer.text
