"""Who is excluded from an item of a panel's meeting sees nothing of it, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from funding_app.demo.runner import Story
from funding_app.documents.attached import attached_values
from funding_app.engine import Refused
from funding_app.engine.log.verify import check_chains
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    Document,
    LogRecord,
    PanelLiftedRecusal,
    Process,
    RoleAssignment,
)
from funding_app.services.panels import meetings
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.panels.meeting_room import CALL, Room, held_room, who_is
from tests.web.test_queries import queries


@pytest.fixture
def room(sign_in: SignIn, story: Story) -> Room:
    return held_room(sign_in, story)


def test_a_recused_member_sees_nothing_and_cannot_vote(room: Room) -> None:
    place = room.at(0)
    case = f"/cases/{room.items()[0].application_id}"
    assert room.get("member", place)[0] == room.get("member", case)[0] == 200
    status, page = room.send("member", f"{place}/recusal", ground="Mein Bruder leitet es.")
    assert status == 200
    assert "Sie nehmen an diesem Punkt nicht teil." in page and "Vorhaben 0" not in page
    assert room.get("member", place)[0] == room.get("member", case)[0] == 404
    assert room.get("office", place)[0] == 200
    room.open()
    assert room.send("member", f"{place}/vote", choice="yes")[0] == 404
    acting_refused(room, "member", "conflict_of_interest")
    room.vote(0, panel="yes", mentor="yes", certifier="no")
    room.send("panel", f"{place}/notes", notes="Streng vertraulich")
    assert "Streng vertraulich" not in room.get("member")[1]
    _status, page = room.conclude(0)
    assert "2 dafür, 1 dagegen, 0 enthalten, 1 ausgeschlossen" in page
    assert room.items()[0].tally["recused"] == 1
    assert "2 dafür" not in room.get("member")[1]


def test_a_mistaken_declaration_is_taken_back_before_the_session_opens(room: Room) -> None:
    place, case = room.at(0), f"/cases/{room.items()[0].application_id}"
    back = f"{place}/recusal/taken-back"
    room.send("member", f"{place}/recusal", ground="Mein Bruder leitet es.")
    assert "Mein Bruder leitet es." in room.get("member")[1]
    assert "zurücknehmen" not in room.get("mentor")[1]
    assert room.send("member", back)[0] == 422
    assert room.get("member", case)[0] == 404
    assert room.send("mentor", back, reason="Für einen anderen.")[0] == 409
    assert room.send("member", back, reason="Verwechselt: ein anderer Verein.")[0] == 200
    assert room.get("member", place)[0] == room.get("member", case)[0] == 200
    with room.story.database.read() as session:
        logged = session.scalars(select(LogRecord.event).where(LogRecord.process_id == room.id))
        assert {"member_recused", "recusal_taken_back"} <= set(logged)
        assert not list(check_chains(session))
    other = {"member": room.user("mentor"), "ground": "Sitzt im Beirat."}
    room.send("office", f"{place}/recusal", **other)
    assert room.send("mentor", back, reason="Stimmt nicht.")[0] == 409
    room.send("member", f"{place}/recusal", ground="Doch.")
    room.open("panel", "member", "mentor", "certifier")
    assert room.send("member", back, reason="Zu spät.")[0] == 409
    assert room.get("member", case)[0] == 404


def test_a_recused_chair_finds_the_case_in_no_list(room: Room) -> None:
    lists = (f"{CALL}/ranking", f"{CALL}/scores", "/cases", "/tasks")
    assert all("Vorhaben 0" in room.get("panel", path)[1] for path in lists)
    room.send("panel", f"{room.at(0)}/recusal", ground="Ich berate den Verein.")
    for path in lists:
        page = room.get("panel", path)[1]
        assert "Vorhaben 0" not in page and "Vorhaben 1" in page, path


def acting_refused(room: Room, who: str, code: str) -> None:
    """Also past the pages the vote is refused."""
    with pytest.raises(Refused) as refused, room.story.database.write() as session:
        person = who_is(session, room.story.world.people[who])
        acting = meetings.Acting(session, room.story.machinery, person, room.story.now)
        meetings.cast_vote(acting, room.id, room.items()[0].id, "yes")
    assert refused.value.code == code


def test_a_recused_members_vote_does_not_count_and_the_minutes_stay_closed(
    room: Room, workplace: Workplace
) -> None:
    room.open()
    room.vote(0, member="yes", panel="no", mentor="no", certifier="yes")
    member = room.user("member")
    room.send("office", f"{room.at(0)}/recusal", member=member, ground="Erst jetzt bekannt.")
    room.conclude(0)
    assert (room.items()[0].outcome, room.items()[0].tally["in_favour"]) == ("decline", 1)
    room.send("panel", f"{room.place}/close", minutes="Kurz.")
    room.send("panel", f"{room.place}/approve")
    room.story.act("office", "confirm", on=room.story.children_of(room.id, "approval")[-1])
    drain(workplace, now=lambda: room.story.now)
    with room.story.database.read() as session:
        issued = session.scalars(select(Document.id).where(Document.kind == "minutes")).one()
    found = {who: room.people[who].get(f"/documents/{issued}") for who in ("member", "mentor")}
    assert (found["member"].status_code, found["mentor"].status_code) == (404, 200)
    assert "Niederschrift der Jurysitzung" not in room.get("member", f"/cases/{room.id}")[1]


def test_hints_come_from_what_the_system_knows(room: Room) -> None:
    with room.story.database.write() as session:
        case = session.get_one(Process, room.items()[0].application_id)
        session.add(
            RoleAssignment(
                user_id=room.story.world.people["mentor"],
                role="applicant_reader",
                granted_at=room.story.now,
                organisation_id=case.organisation_id,
            )
        )
    status, page = room.get("office", f"{room.place}/recusals")
    assert status == 200
    assert "Levin Farnkraut" in page and "gehört zur antragstellenden Organisation" in page
    assert "Kasimir Wacholder" not in page
    assert room.get("member", f"{room.place}/recusals")[0] == 404


def ask(room: Room, who: str, member: str, reason: str = "Verwechselt: ein anderer Verein.") -> int:
    data = {"member": room.user(member), "reason": reason}
    return room.send(who, f"{room.at(0)}/recusal/lifted", **data)[0]


def confirm(room: Room, who: str) -> tuple[int, str]:
    """Confirms what waits, on the page of the proposal."""
    approval = room.story.children_of(room.id, "approval")[-1]
    return room.send(who, f"/cases/{approval}/events/confirm")


def two_in_the_office(room: Room) -> None:
    """The member is of the joint office as well, and so is another person."""
    with room.story.database.write() as session:
        session.add_all(
            RoleAssignment(
                user_id=room.story.world.people[who], role="office_clerk", granted_at=room.story.now
            )
            for who in ("member", "publisher")
        )


def tally_of(room: Room) -> dict[str, object]:
    found = room.items()[0].tally
    assert found is not None
    return found


def test_a_mistake_is_lifted_by_two_others_and_the_vote_counts_again(
    room: Room, workplace: Workplace
) -> None:
    two_in_the_office(room)
    room.open()
    room.vote(0, member="yes", panel="no", mentor="no", certifier="yes")
    found = {"member": room.user("member"), "ground": "Sitzt im Beirat."}
    room.send("office", f"{room.at(0)}/recusal", **found)
    assert ask(room, "member", "member") == 404, "the member sees nothing of the item"
    assert ask(room, "panel", "member") == 404, "the chair does not ask"
    empty = {"member": room.user("member"), "reason": "  "}
    status, page = room.send("office", f"{room.at(0)}/recusal/lifted", **empty)
    assert status == 422 and 'aria-invalid="true"' in page, "without a reason"
    assert ask(room, "office", "mentor") == 409, "who is not excluded"
    assert [ask(room, "office", "member") for _time in range(2)] == [200, 409]
    page = room.get("mentor", room.at(0))[1]
    assert "Aufhebung vorgeschlagen" in page and "Verwechselt: ein anderer Verein." in page
    assert (queries(room.story, room.people["office"], room.at(0)) or 99) <= 12
    for who in ("office", "member"):
        assert confirm(room, who)[0] == 409, who
    assert room.get("member", room.at(0))[0] == 404, "nothing has changed yet"
    status, page = confirm(room, "panel")
    assert status == 200 and "Kasimir Wacholder" in page
    page = room.get("member", room.at(0))[1]
    assert "bestätigt von Prof. Dr. Vera Ostermoor" in page
    room.conclude(0)
    # two for, two against, and the chair against: with the member's vote again a tie
    assert (room.items()[0].outcome, tally_of(room)["in_favour"]) == ("decline", 2)
    assert (tally_of(room)["by_chair"], tally_of(room)["recused"]) == (True, 0)
    told_in_the_minutes(room, workplace)


def told_in_the_minutes(room: Room, workplace: Workplace) -> None:
    """The minutes, now open to the member as well, name both persons; so does the log."""
    room.send("panel", f"{room.place}/close", minutes="Kurz.")
    room.send("panel", f"{room.place}/approve")
    room.story.act("office", "confirm", on=room.story.children_of(room.id, "approval")[-1])
    drain(workplace, now=lambda: room.story.now)
    with room.story.database.read() as session:
        issued = session.scalars(select(Document.id).where(Document.kind == "minutes")).one()
        record = session.scalars(
            select(LogRecord).where(
                LogRecord.process_id == room.id, LogRecord.event == "lift_recusal"
            )
        ).one()
        people = room.story.world.people
        assert (record.proposer_id, record.actor_id) == (people["office"], people["panel"])
        assert not list(check_chains(session))
    history = room.get("office", f"/cases/{room.id}/history")[1]
    assert "vorgeschlagen von Jule Pappelheim" in history and "Ausschluss aufheben" in history
    values = attached_values(room.people["member"].get(f"/documents/{issued}").data)
    assert values is not None
    [lifted] = values["items"][0]["lifted"]
    assert (lifted["name"], lifted["ground"]) == ("Kasimir Wacholder", "Sitzt im Beirat.")
    assert lifted["reason"] == "Verwechselt: ein anderer Verein."
    assert (lifted["asked_by"], lifted["confirmed_by"]) == (
        "Jule Pappelheim",
        "Prof. Dr. Vera Ostermoor",
    )
    assert values["items"][0]["recusals"] == []


def test_until_it_is_confirmed_the_vote_stays_out_and_then_nothing_is_left_to_lift(
    room: Room,
) -> None:
    room.open()
    room.vote(0, member="yes", panel="yes", mentor="no", certifier="no")
    found = {"member": room.user("certifier"), "ground": "Sitzt im Beirat."}
    room.send("office", f"{room.at(0)}/recusal", **found)
    assert ask(room, "office", "certifier") == 200
    room.conclude(0)
    # the proposal waits: two for, one against, although four have voted
    assert (room.items()[0].outcome, tally_of(room)["against"]) == ("recommend", 1)
    assert confirm(room, "panel")[0] == 409
    with room.story.database.read() as session:
        assert session.scalars(select(PanelLiftedRecusal)).all() == []
    assert "Ausschluss von Fiete Schilfmeer aufheben" not in room.get("office", room.at(0))[1]


def test_before_the_session_only_the_offices_own_finding_is_lifted(room: Room) -> None:
    room.send("member", f"{room.at(0)}/recusal", ground="Mein Bruder leitet es.")
    assert ask(room, "office", "member") == 409
    found = {"member": room.user("mentor"), "ground": "Sitzt im Beirat."}
    room.send("office", f"{room.at(0)}/recusal", **found)
    assert ask(room, "office", "mentor") == 200
    assert confirm(room, "panel")[0] == 200
    assert room.get("mentor", room.at(0))[0] == 200
    room.open()
    assert ask(room, "office", "member") == 200, "a mistake noticed during the session"
    room.send("panel", f"{room.at(0)}/recusal", ground="Ich berate den Verein.")
    assert confirm(room, "panel")[0] == 409, "who is excluded from the item has no part in it"


@pytest.mark.both_databases
def test_confirming_and_resolving_at_once(room: Room) -> None:
    """Whichever comes first: the member's vote counts only where the exclusion was lifted."""
    room.open()
    room.vote(0, member="no", panel="yes", mentor="yes", certifier="no")
    found = {"member": room.user("member"), "ground": "Sitzt im Beirat."}
    room.send("office", f"{room.at(0)}/recusal", **found)
    ask(room, "office", "member")
    gate, done = threading.Barrier(2), {}

    def act(name: str, doing: Callable[[], tuple[int, str]]) -> None:
        gate.wait()
        done[name] = doing()[0]

    with ThreadPoolExecutor(2) as pool:
        pool.submit(act, "confirm", lambda: confirm(room, "panel"))
        pool.submit(act, "conclude", lambda: concluded_by_the_service(room))
    against = tally_of(room)["against"]
    assert (done["confirm"], against) in ((200, 2), (409, 1)), done


def concluded_by_the_service(room: Room) -> tuple[int, str]:
    with room.story.database.write() as session:
        person = who_is(session, room.story.world.people["panel"])
        acting = meetings.Acting(session, room.story.machinery, person, room.story.now)
        meetings.conclude(acting, room.id, room.items()[0].id, "80000.00", "Nach Beratung.")
    return 200, ""


def test_a_lifting_is_asked_for_on_the_page_of_the_procedure_too(room: Room) -> None:
    room.open()
    found = {"member": room.user("member"), "ground": "Sitzt im Beirat."}
    room.send("office", f"{room.at(0)}/recusal", **found)
    page = room.get("office", f"/cases/{room.id}")[1]
    named = f"{room.items()[0].id}:{room.user('member')}"
    assert named in page and "Kasimir Wacholder, " in page
    event = f"/cases/{room.id}/events/lift_recusal"
    wrong = {"lift_recusal-recusal": f"{room.id}:{room.id}", "reason": "Irrtum."}
    assert room.send("office", event, **wrong)[0] in (409, 422)
    sent = {"lift_recusal-recusal": named, "reason": "Irrtum."}
    assert room.send("office", event, **sent)[0] == 200
    [approval] = room.story.children_of(room.id, "approval")
    room.story.act("panel", "reject_proposal", on=approval, reason="Es stimmt doch.")
    assert room.get("member", room.at(0))[0] == 404, "turned down, nothing has changed"
    assert by_interface(room, f"{room.id}:{room.id}") in (409, 422)
    assert by_interface(room, named) == 200


def by_interface(room: Room, named: str) -> int:
    """Asks for it through the API; the status."""
    with room.story.database.write() as session:
        token = create_token(session, room.story.world.people["office"], room.story.now)
    bearer, place = {"Authorization": f"Bearer {token}"}, f"/api/v1/processes/{room.id}"
    version = f'"{room.people["office"].get(place, headers=bearer).json["version"]}"'
    body = {"data": {"recusal": named}, "reason": "Irrtum."}
    return (
        room.people["office"]
        .post(f"{place}/events/lift_recusal", json=body, headers={**bearer, "If-Match": version})
        .status_code
    )
