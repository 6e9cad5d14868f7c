"""Idea contests and outlines before a panel: in their own words, up to the decision."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from funding_app.demo.programmes import SECOND_IDEA, pitch, review_outline, schedule_pitch
from funding_app.demo.runner import Story
from funding_app.documents.attached import attached_values
from funding_app.engine.log.verify import check_chains
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Application, Document, LogPayload, LogRecord
from tests.fixtures.pages import SignIn
from tests.panels.meeting_room import Room, called

IDEAS, OUTLINES = "/calls/cip-ideen-2026", "/calls/cip-skizzen-2026"
GRANT_WORDS = ("förderbar", "Nachrückliste", "zur Förderung", "Antrag lesen")


@pytest.fixture
def ideas(sign_in: SignIn, story: Story) -> Room:
    """Two ideas of equal score: the one that asks for less stands first and has yet to pitch."""
    pitch(story)
    schedule_pitch(story, SECOND_IDEA)
    return called(sign_in, story, IDEAS)


@pytest.fixture
def outlines(sign_in: SignIn, story: Story) -> Room:
    """Two reviewed outlines before the panel."""
    for _number in range(2):
        review_outline(story)
        story.act("office", "to_panel")
    return called(sign_in, story, OUTLINES)


def test_an_idea_goes_through_a_meeting_to_its_prize(ideas: Room, workplace: Workplace) -> None:
    assert [ideas.state(number) for number in range(2)] == ["pitch_scheduled", "pitched"]
    assert {each.motion for each in ideas.items()} == {"recommend"}
    pages = [ideas.get("office", path)[1] for path in ("", ideas.at(0), f"{IDEAS}/ranking")]
    assert "im Preisgeld" in pages[2] and "Gewünschtes Preisgeld" in pages[1] + pages[2]
    assert not [word for word in GRANT_WORDS for page in pages if word in page]
    ideas.open()
    status, page = ideas.send("member", f"{ideas.at(0)}/vote", choice="yes")
    assert status == 409 and "Pitch angesetzt" in page, "nobody has heard it yet"
    ideas.story.act("office", "record_pitch", on=ideas.items()[0].application_id)
    ideas.vote(0, panel="yes", member="yes", mentor="no", certifier="abstain")
    ideas.vote(1, panel="no", member="no", mentor="yes", certifier="abstain")
    for event in ("recommend", "decline"):
        case = f"/cases/{ideas.items()[1].application_id}/events/{event}"
        data = {f"{event}-amount": "9.000,00", f"{event}-reasoning": "x", "reason": "x"}
        assert ideas.send("panel", case, **data)[0] == 409, event
    status, page = ideas.conclude(0, "12.000,00")
    # two for, one against: carried; one for, two against: lost
    assert (status, ideas.state(0)) == (200, "award_recommended")
    assert "für einen Preis vorgeschlagen" in page
    status, page = ideas.conclude(1)
    assert (status, ideas.state(1)) == (200, "declined")
    assert "kein Preis" in page and not [word for word in GRANT_WORDS if word in page]
    told(ideas, workplace)
    idea = ideas.items()[0].application_id
    ideas.story.twice("lead", "commissioner", "approve", on=idea)
    with ideas.story.database.read() as session:
        case = session.get_one(Application, idea)
        assert (case.decision_kind, str(case.granted)) == ("grant", "12000.00")
    assert ideas.state(0) == "award_approved"


def told(room: Room, workplace: Workplace) -> None:
    """The reason is in the log, and the minutes speak of a prize alone."""
    with room.story.database.read() as session:
        reason = session.scalars(
            select(LogPayload.payload)
            .join(
                LogRecord,
                (LogRecord.process_id == LogPayload.process_id) & (LogRecord.seq == LogPayload.seq),
            )
            .where(
                LogRecord.process_id == room.items()[1].application_id,
                LogRecord.event == "decline",
            )
        ).one()
        assert "Nach eingehender Beratung." in str(reason)
    values = minutes_of(room, workplace)
    assert [each["result"] for each in values["items"]] == [
        "Die Jury schlägt die Idee für einen Preis vor.",
        "Die Jury schlägt die Idee nicht für einen Preis vor.",
    ]
    assert {each["motion"] for each in values["items"]} == {"für einen Preis vorschlagen"}
    assert {each["asked"] for each in values["items"]} == {"Gewünschtes Preisgeld"}


def minutes_of(room: Room, workplace: Workplace) -> dict[str, list[dict[str, str]]]:
    """Closes the meeting; the values that its minutes carry."""
    room.send("panel", f"{room.place}/close", minutes="Kurz.")
    room.send("panel", f"{room.place}/approve")
    room.story.act("office", "confirm", on=room.story.children_of(room.id, "approval")[-1])
    drain(workplace, now=lambda: room.story.now)
    with room.story.database.read() as session:
        issued = session.scalars(select(Document.id).where(Document.kind == "minutes")).one()
        assert not list(check_chains(session))
    values = attached_values(room.people["panel"].get(f"/documents/{issued}").data)
    assert values is not None
    return dict(values)


def test_an_idea_knows_no_reserve_list_and_speaks_english(ideas: Room) -> None:
    assert 'value="reserve"' not in ideas.get("office", ideas.at(1))[1]
    assert ideas.send("office", f"{ideas.at(1)}/motion", motion="reserve")[0] == 422
    page = ideas.get("office", f"{ideas.at(1)}?lang=en")[1]
    assert "recommend for a prize" in page and "Prize money wished for" in page
    assert "within the prize money" in ideas.get("office", f"{IDEAS}/ranking")[1]


def test_outlines_are_invited_or_not(outlines: Room, workplace: Workplace) -> None:
    outlines.open()
    page = outlines.get("panel", outlines.at(0))[1]
    assert "zum Antrag einladen" in page and 'name="amount"' not in page
    outlines.vote(0, panel="yes", member="yes", mentor="yes", certifier="no")
    outlines.vote(1, panel="abstain", member="yes", mentor="no", certifier="no")
    assert outlines.conclude(0)[0] == outlines.conclude(1)[0] == 200
    # three to one: carried; one to two: lost
    assert [outlines.state(number) for number in range(2)] == ["recommended", "not_recommended"]
    assert [each.outcome for each in outlines.items()] == ["recommend", "advise_against"]
    values = minutes_of(outlines, workplace)
    assert values["items"][1]["result"] == (
        "Die Jury empfiehlt, nicht zum förmlichen Antrag einzuladen."
    )
    first, second = (each.application_id for each in outlines.items())
    outlines.story.twice("officer", "approver", "invite", on=first)
    reasons = {"reasons": "Andere Verbünde überzeugen mehr."}
    outlines.story.twice("officer", "approver", "decline", reasons, on=second)
    assert [outlines.state(number) for number in range(2)] == ["invited", "declined"]


def test_a_call_without_a_panel_has_no_meetings(sign_in: SignIn, story: Story) -> None:
    office = sign_in("office")
    assert office.get("/calls/cc-mikro-2026/meetings").status_code == 404
    assert "/meetings" not in office.get("/calls/cc-mikro-2026/ranking").text.split("<main")[1]
