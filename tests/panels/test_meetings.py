"""A panel's meeting: called, voted on item by item, closed, and kept in minutes."""

from __future__ import annotations

import re
import threading
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from funding_app.demo.runner import Story
from funding_app.documents.attached import attached_values
from funding_app.engine import Refused
from funding_app.engine.log.verify import check_chains
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    Application,
    Call,
    Document,
    LogRecord,
    PanelBallot,
    PanelSeat,
)
from funding_app.services.panels import meetings
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.panels.meeting_room import CALL, Room, form, held_room, who_is
from tests.reviews.test_scores import reviewed
from tests.web.test_queries import queries


@pytest.fixture
def room(sign_in: SignIn, story: Story) -> Room:
    return held_room(sign_in, story)


def test_offices_find_every_meeting_and_members_their_own(room: Room) -> None:
    assert f'href="{room.place}"' in room.get("office", "/meetings")[1]
    assert f'href="{room.place}"' in room.get("member", "/meetings")[1]
    room.people["member2"] = room.sign_in("member2")
    assert room.place not in room.get("member2", "/meetings")[1]


def test_from_the_ranking_to_the_minutes(room: Room, workplace: Workplace) -> None:
    _status, page = room.get("member")
    assert re.findall(r"Vorhaben \d", page)[:3] == ["Vorhaben 0", "Vorhaben 1", "Vorhaben 2"]
    assert room.state(0) == "panel"
    assert room.open("panel", "member")[0] == 409
    assert room.open()[0] == 200
    room.vote(0, panel="yes", member="yes", mentor="no", certifier="abstain")
    room.vote(1, panel="no", member="yes", mentor="no", certifier="yes")
    assert "2 dafür, 2 dagegen" not in room.get("member", room.at(1))[1]
    status, page = room.conclude(0)
    assert (status, room.state(0)) == (200, "recommended")
    assert "2 dafür, 1 dagegen, 1 enthalten, 0 ausgeschlossen" in page
    status, page = room.conclude(1)
    assert (status, room.state(1)) == (200, "not_recommended")
    assert "bei Gleichstand entschied der Vorsitz" in page
    assert "Stimmen von Anwesenden" in room.conclude(2)[1]
    with room.story.database.read() as session:
        case = session.get_one(Application, room.items()[0].application_id)
        assert (case.recommendation, str(case.recommended_amount)) == ("recommend", "80000.00")
    finish(room, workplace)


def finish(room: Room, workplace: Workplace) -> None:
    """Closes the meeting; the minutes say who was there and what was resolved, always alike."""
    assert room.send("office", f"{room.place}/close", minutes="Kurz.")[0] == 409
    assert room.send("panel", f"{room.place}/close", minutes="Es ging zügig.")[0] == 200
    assert room.send("panel", f"{room.at(2)}/notes", notes="Zu spät")[0] == 409
    assert room.send("panel", f"{room.place}/approve")[0] == 200
    room.story.act("office", "confirm", on=room.story.children_of(room.id, "approval")[-1])
    drain(workplace, now=lambda: room.story.now)
    with room.story.database.read() as session:
        issued = session.scalars(select(Document).where(Document.kind == "minutes")).one()
        logged = session.scalars(
            select(LogRecord.event).where(LogRecord.process_id == room.id)
        ).all()
        assert not list(check_chains(session))
    first, again = (room.people["member"].get(f"/documents/{issued.id}").data for _ in "ab")
    assert first == again and first.startswith(b"%PDF")
    values = attached_values(first)
    assert values is not None
    assert [each["name"] for each in values["present"]] == [
        "Fiete Schilfmeer", "Kasimir Wacholder", "Levin Farnkraut", "Prof. Dr. Vera Ostermoor",
    ]  # fmt: skip
    assert values["chair"] == values["approved_by"] == "Prof. Dr. Vera Ostermoor"
    assert values["items"][0]["votes"]["in_favour"] == "2"
    assert values["items"][1]["votes"]["by_chair"] is True
    assert values["items"][2]["votes"] is None
    assert {"document_issued", "ballot_cast", "item_resolved"} <= set(logged)
    assert "Niederschrift" in room.get("office")[1]


def test_a_failed_criterion_that_knocks_out_is_for_the_panel_to_address(
    sign_in: SignIn, story: Story, room: Room
) -> None:
    hint, told = "von der Jury zu behandeln", "Die Jury muss sich damit befassen"
    assert hint not in room.get("office", f"{CALL}/ranking")[1] + room.get("member")[1]
    reviewed(story, (1, 2), (1, 3))
    ranking = room.get("office", f"{CALL}/ranking")[1].split("<tbody")[1]
    failed = [row for row in ranking.split("<tr>") if hint in row]
    assert len(failed) == 1 and "Vorhaben 0" in failed[0] and "Gemeinwohl" in failed[0]
    answer = sign_in("office").post(f"{CALL}/meetings", data=form(story))
    later = Room(story, sign_in, uuid.UUID(answer.headers["Location"].rpartition("/")[2]))
    assert [told in later.get("office", later.at(number))[1] for number in (3, 4)] == [False, True]
    assert later.get("member")[1].count(hint) == 1
    later.send("member", f"{later.at(4)}/recusal", ground="Mein Bruder leitet es.")
    assert hint not in later.get("member")[1]


def test_only_who_sits_there_may_vote_and_only_once(room: Room) -> None:
    assert room.send("member", f"{room.at(0)}/vote", choice="yes")[0] == 409
    room.open("panel", "member", "mentor")
    assert room.send("certifier", f"{room.at(0)}/vote", choice="yes")[0] == 409
    assert room.send("publisher", f"{room.at(0)}/vote", choice="yes")[0] == 409
    assert room.send("office", f"{room.at(0)}/vote", choice="yes")[0] == 409
    assert room.send("member", f"{room.at(0)}/vote", choice="yes")[0] == 200
    assert room.send("member", f"{room.at(0)}/vote", choice="no")[0] == 409
    assert room.send("panel", f"{room.at(0)}/motion", motion="reserve")[0] == 409
    assert room.sign_in("reviewer1").get(room.place).status_code == 404
    assert room.sign_in("applicant1").get(room.place).status_code == 404
    assert room.send("member", f"{room.place}/agenda")[0] == 404
    other = {"member": room.user("mentor"), "ground": "x"}
    assert room.send("member", f"{room.at(1)}/recusal", **other)[0] == 404


def test_nothing_beside_the_ballot_makes_a_resolution(room: Room) -> None:
    """Neither the pages of the cases nor the API know another way to it."""
    meeting, case = f"/cases/{room.id}", f"/cases/{room.items()[0].application_id}"
    room.open()
    assert not re.findall(r"events/(vote|declare_conflict)", room.get("panel", meeting)[1])
    figures = {"case": "x", "in_favour": 4, "against": 0, "abstained": 0, "recused": 0}
    with room.story.database.write() as session:
        token = create_token(session, room.story.world.people["panel"], room.story.now)
    for event in ("vote", "declare_conflict"):
        body = {"data": figures}
        answer = room.people["panel"].post(
            f"/api/v1/processes/{room.id}/events/{event}",
            json=body,
            headers={"Authorization": f"Bearer {token}", "If-Match": '"2"'},
        )
        assert (answer.status_code, answer.json["code"]) == (404, "unknown_event"), answer.json
    for event in ("recommend", "reserve", "decline"):
        data = {f"{event}-amount": "80.000,00", f"{event}-reasoning": "Ohne Abstimmung."}
        status, page = room.send("panel", f"{case}/events/{event}", **data)
        assert status == 409 and "Tagesordnung" in page, event
    assert room.state(0) == "panel"


def test_the_quorum_is_counted_from_the_seats(room: Room) -> None:
    meeting = f"/cases/{room.id}"
    there = {"present": [room.user("panel"), room.user("member")]}
    room.send("office", f"{room.place}/presence", **there)
    assert room.send("office", f"{meeting}/events/open_session")[0] == 409
    there["present"] += [room.user("mentor"), room.user("publisher")]
    room.send("office", f"{room.place}/presence", **there)
    assert room.send("office", f"{meeting}/events/open_session")[0] == 200
    with room.story.database.read() as session:
        attended = session.scalars(select(PanelSeat.user_id).where(PanelSeat.attended)).all()
    assert {str(user) for user in attended} == set(there["present"])


@pytest.mark.both_databases
def test_two_votes_of_one_member_at_once(room: Room) -> None:
    room.open()
    item, gate, done = room.items()[0].id, threading.Barrier(2), []

    def vote(choice: str) -> None:
        gate.wait()
        try:
            with room.story.database.write() as session:
                person = who_is(session, room.story.world.people["member"])
                acting = meetings.Acting(session, room.story.machinery, person, room.story.now)
                meetings.cast_vote(acting, room.id, item, choice)
            done.append("counted")
        except Refused as refused:
            done.append(refused.code)

    threads = [threading.Thread(target=vote, args=(choice,)) for choice in ("yes", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == ["already_voted", "counted"]
    with room.story.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PanelBallot)) == 1


def test_the_order_is_changed_by_typing_places(room: Room) -> None:
    before = [each.id for each in room.items()]
    places = {f"place-{before[0]}": "3", f"place-{before[1]}": "1", f"place-{before[2]}": "2"}
    assert room.send("office", f"{room.place}/agenda", **places)[0] == 200
    assert [each.id for each in room.items()] == [before[1], before[2], before[0]]


def test_who_leaves_need_not_vote_any_more(room: Room) -> None:
    room.open()
    room.vote(0, panel="yes", member="yes", mentor="yes")
    assert room.conclude(0)[0] == 409
    there = [room.user(who) for who in ("panel", "member", "mentor")]
    room.send("office", f"{room.place}/presence", present=there, go="save")
    assert room.conclude(0)[0] == 200
    with room.story.database.read() as session:
        seat = session.get_one(PanelSeat, (room.id, room.story.world.people["certifier"]))
        assert (seat.is_present, seat.attended) == (False, True)


def test_the_rules_of_the_call_are_fixed_with_the_meeting(
    sign_in: SignIn, story: Story, room: Room
) -> None:
    with story.database.write() as session:
        call = session.scalars(select(Call).where(Call.ref == "cc-gemeinsam-2026")).one()
        call.terms = {**call.terms, "panel": {"tie": "rejected"}}
    assert "entscheidet die Stimme des Vorsitzes" in room.get("member")[1]
    answer = sign_in("office").post(f"{CALL}/meetings", data=form(story), follow_redirects=True)
    assert "Bei Gleichstand ist der Antrag abgelehnt." in answer.text


def test_the_pages_speak_english_and_a_wrong_time_is_told(
    sign_in: SignIn, story: Story, room: Room
) -> None:
    assert "Panel meeting on" in room.get("office", f"{room.place}?lang=en")[1]
    assert "Put to the vote:" in room.get("office", room.at(0))[1]
    assert "Hints of a conflict" in room.get("office", f"{room.place}/recusals")[1]
    assert "Call a meeting" in room.get("office", f"{CALL}/meetings")[1]
    room.get("office", "/?lang=de")
    answer = sign_in("office").post(f"{CALL}/meetings", data=form(story, held_at="zehn"))
    assert answer.status_code == 422
    assert "Uhrzeit so an" in answer.text


def many_queries(client: FlaskClient, room: Room) -> list[int | None]:
    places = (room.place, room.at(0), f"{room.place}/recusals")
    return [queries(room.story, client, place) for place in places]


def test_no_query_per_item(room: Room, sign_in: SignIn, story: Story) -> None:
    few = many_queries(room.people["office"], room)
    reviewed(story, (2, 2), (2, 3), (1, 1))
    answer = sign_in("office").post(f"{CALL}/meetings", data=form(story))
    larger = Room(story, sign_in, uuid.UUID(answer.headers["Location"].rpartition("/")[2]))
    assert len(larger.items()) == 6
    more = many_queries(larger.people["office"], larger)
    for before, after in zip(few, more, strict=True):
        assert before is not None and after is not None and after <= before
    assert max(count or 99 for count in more[:2]) <= 12
