"""What a member sees of an item: the valid reviews, the own vote, and who has still to vote."""

from __future__ import annotations

from decimal import Decimal

from funding_app.models import PanelBallot, PanelItem, UserAccount
from funding_app.queries.panels.meetings import Item, count, meeting_seen
from tests.support.rows import NOW, Rows, person


def vote(rows: Rows, item: PanelItem, member: UserAccount, choice: str = "yes") -> None:
    rows.add(PanelBallot(item_id=item.id, user_id=member.id, choice=choice, cast_at=NOW))


def seen(rows: Rows, item: PanelItem, member: UserAccount) -> Item:
    who = person(member, ("panel_member", None))
    meeting = meeting_seen(rows.session, who, item.meeting_id)
    assert meeting is not None
    return next(each for each in meeting.items if each.row.id == item.id)


def test_an_item_tells_of_its_valid_reviews_and_votes(rows: Rows) -> None:
    criteria = [{"key": "idea", "weight": 100, "title": {"de": "Idee"}, "knock_out": True}]
    rows.change(rows.call, criteria=criteria)
    meeting, other = rows.meeting("in_session"), rows.meeting("in_session")
    case, foreign = rows.case("panel"), rows.case("panel")
    item, next_item = rows.item(meeting, case), rows.item(meeting, foreign, 2)
    elsewhere = rows.item(other, case)
    for number, (state, score) in enumerate(
        (("validated", "1.00"), ("validated", "2.00"), ("submitted", "5.00"))
    ):
        reviewer = rows.account(f"reviewer{number}", "reviewer")
        values = {"score": Decimal(score), "scores": {"idea": 1}}
        rows.review(case, reviewer, state, **values)
    rows.review(foreign, rows.account("other", "reviewer"), "validated", score=Decimal(4),
                scores={"idea": 4})  # fmt: skip
    members = {
        name: rows.account(name, "panel_member")
        for name in ("own", "waiting", "recused", "absent", "guest", "voted")
    }
    for name, member in members.items():
        rows.seat(meeting, member, may_vote=name != "guest", is_present=name != "absent")
    rows.recusal(item, members["recused"])
    vote(rows, item, members["own"], "no")
    vote(rows, item, members["voted"])
    vote(rows, next_item, members["waiting"])
    vote(rows, elsewhere, members["waiting"])
    found = seen(rows, item, members["own"])
    assert found.spread is not None
    assert [str(each.score) for each in found.spread.reviews] == ["1.00", "2.00"]
    assert [each["de"] for each in found.knock_outs] == ["Idee"]
    assert (found.own_vote, found.voted) == ("no", {members["own"].id, members["voted"].id})
    assert [each.name for each in found.waiting] == ["waiting"]
    assert seen(rows, item, members["waiting"]).own_vote == ""
    other_found = seen(rows, next_item, members["own"])
    assert other_found.spread is not None and len(other_found.spread.reviews) == 1
    assert other_found.knock_outs == []


def test_an_item_without_valid_reviews_has_none_to_draw(rows: Rows) -> None:
    meeting = rows.meeting("in_session")
    item = rows.item(meeting, rows.case("panel"))
    member = rows.account("own", "panel_member")
    rows.seat(meeting, member)
    assert seen(rows, item, member).spread is None


def test_votes_are_counted_of_who_is_there(rows: Rows) -> None:
    meeting = rows.meeting("in_session")
    item, other = rows.item(meeting, rows.case("panel")), rows.item(meeting, rows.case("panel"), 2)
    members = [rows.account(f"member{number}", "panel_member") for number in range(5)]
    for number, member in enumerate(members):
        rows.seat(meeting, member, is_present=number < 4)
    rows.recusal(item, members[3])
    vote(rows, item, members[0])
    vote(rows, item, members[1], "no")
    vote(rows, other, members[2])
    counted = count(rows.session, item)
    assert (counted.recused, counted.missing) == (1, 1)
    said = counted.tally
    assert (said.in_favour, said.against, said.abstained) == (1, 1, 0)
