"""A review is handed over: whom it can go to, what goes along, and who hears no more of it."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from funding_app import services
from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story
from funding_app.engine import Command, Refused
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    Call,
    MailDelivery,
    OutboxMessage,
    Process,
    Review,
    ReviewerProfile,
    Task,
    TaskMail,
)
from funding_app.services.mails.notices import announce_tasks
from funding_app.services.people.accounts import create_token
from funding_app.services.reviews.reviews import save_notes
from tests.fixtures.pages import SignIn
from tests.reviews.test_reviewer import invite, typed
from tests.web.test_queries import counted

NOTE = "Beim Verein nachfragen, ob die Zahlen stimmen."
DRAFT = "Die Zielgruppe ist noch nicht gut beschrieben."


def set_most(story: Story, who: str, most: int) -> None:
    with story.database.write() as session:
        user = story.world.people[who]
        profile = session.get(ReviewerProfile, user) or ReviewerProfile(user_id=user)
        profile.most = most
        session.add(profile)


def name_of(who: str) -> str:
    return {"reviewer1": "Dr. Rita Eschenried", "reviewer2": "Ralf Dornkamp"}[who]


@pytest.fixture
def begun(story: Story, sign_in: SignIn) -> uuid.UUID:
    """A review of reviewer1 in which something is written already."""
    [review] = invite(story, "reviewer1")
    story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    client = sign_in("reviewer1")
    more = {"private_notes": NOTE, "comment_innovation": DRAFT, "go": "stay"}
    client.post(f"/cases/{review}/review", data=typed(story, client, review, **more))
    return review


def after(story: Story, review: uuid.UUID) -> uuid.UUID:
    with story.database.read() as session:
        return session.scalars(select(Review.id).where(Review.predecessor_id == review)).one()


def handed(story: Story, review: uuid.UUID, to: str, **more: Any) -> Any:
    data = {"successor": str(story.world.people[to])} | more
    return story.act("reviewer1", "hand_over", data, on=review)


def test_a_review_is_handed_over_and_nothing_goes_along_unasked(
    story: Story, begun: uuid.UUID, sign_in: SignIn
) -> None:
    client, path = sign_in("reviewer1"), f"/cases/{begun}/hand-over"
    assert path in client.get(f"/cases/{begun}").text
    with counted(story) as statements:
        page = client.get(path).text
    assert name_of("reviewer2") in page and "von 8 Gutachten" not in page
    assert len(statements) <= 16
    answer = client.post(path, data={"successor": "", "reason": "Ich bin krank."})
    assert answer.status_code == 422 and "Ich bin krank." in answer.text
    chosen = {"successor": str(story.world.people["reviewer2"]), "reason": "Ich bin krank."}
    assert client.post(path, data=chosen).status_code == 302
    assert story.state(begun) == "handed_over"
    new = after(story, begun)
    assert story.state(new) == "invited"

    other = sign_in("reviewer2")
    story.act("reviewer2", "accept", {"no_conflict": True}, on=new)
    for tail in ("", "/review", "/history", "/check"):
        text = other.get(f"/cases/{new}{tail}").text
        for secret in (NOTE, DRAFT, "Ich bin krank.", name_of("reviewer1")):
            assert secret not in text, (tail, secret)
    assert client.get(f"/cases/{begun}/review").status_code == 404
    assert "Behördenbriefe" not in client.get(f"/cases/{begun}").text
    office = sign_in("office")
    page = office.get(f"/cases/{begun}").text
    assert "Übergeben an" in page and f"/cases/{new}" in page
    assert "Übernommen von" in office.get(f"/cases/{new}").text
    assert "Ich bin krank." in office.get(f"/cases/{begun}/history").text


def test_notes_and_drafts_go_along_if_the_reviewer_says_so_but_scores_do_not(
    story: Story, begun: uuid.UUID, sign_in: SignIn
) -> None:
    handed(story, begun, "reviewer2", pass_on=True)
    new, client = after(story, begun), sign_in("reviewer2")
    assert NOTE not in client.get(f"/cases/{new}").text, "not before the declaration"
    story.act("reviewer2", "accept", {"no_conflict": True}, on=new)
    page = client.get(f"/cases/{new}/review").text
    assert NOTE in page and DRAFT in page and "checked" not in page
    story.score(new, 3)
    story.act("reviewer2", "submit", on=new)
    with story.database.read() as session:
        assert session.get_one(Review, new).passed_on == ""


def test_the_office_hands_over_with_a_reason_and_without_anything_written(
    story: Story, begun: uuid.UUID, sign_in: SignIn
) -> None:
    office, path = sign_in("office"), f"/cases/{begun}/hand-over"
    page = office.get(path).text
    assert "0 von " in page and "pass_on" not in page
    chosen = {"successor": str(story.world.people["reviewer2"]), "pass_on": "yes"}
    answer = office.post(path, data=chosen | {"reason": " "})
    assert answer.status_code == 422 and "reason-error" in answer.text
    assert office.post(path, data=chosen | {"reason": "Antwortet nicht."}).status_code == 302
    with story.database.read() as session:
        assert session.get_one(Review, after(story, begun)).passed_on == ""
    for who in ("applicant1", "reviewer2", "expert1"):
        assert sign_in(who).get(path).status_code in (302, 404), who


def test_nobody_biased_asked_before_or_without_room_takes_over(
    story: Story, begun: uuid.UUID, sign_in: SignIn
) -> None:
    client, path = sign_in("reviewer1"), f"/cases/{begun}/hand-over"
    set_most(story, "reviewer2", 0)
    assert name_of("reviewer2") not in client.get(path).text
    with pytest.raises(Refused) as full:
        handed(story, begun, "reviewer2")
    assert full.value.refusals[0].code == "successor_unfit"
    set_most(story, "reviewer2", 3)
    with story.database.write() as session:
        profile = session.get_one(ReviewerProfile, story.world.people["reviewer2"])
        profile.affiliation = "Nachbarschaft Digital e. V."
    assert name_of("reviewer2") not in client.get(path).text
    for who in ("reviewer2", "reviewer1", "applicant1"):
        with pytest.raises(Refused) as unfit:
            handed(story, begun, who)
        assert unfit.value.refusals[0].code == "successor_unfit", who
    for wrong in ("", "nobody", str(uuid.uuid4())):
        with pytest.raises(Refused) as unknown:
            story.act("reviewer1", "hand_over", {"successor": wrong}, on=begun)
        assert unknown.value.refusals[0].at == "successor"
    with pytest.raises(Refused) as unclear:
        handed(story, begun, "reviewer2", pass_on="perhaps")
    assert unclear.value.refusals[0].at == "pass_on"
    assert story.state(begun) == "in_progress"


def test_blind_neither_page_tells_who_applies(
    story: Story, begun: uuid.UUID, sign_in: SignIn
) -> None:
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=True))
    page = sign_in("reviewer1").get(f"/cases/{begun}/hand-over").text
    assert "Nachbarschaft Digital" not in page
    handed(story, begun, "reviewer2")
    page = sign_in("reviewer2").get(f"/cases/{after(story, begun)}").text
    assert "Nachbarschaft Digital" not in page and "anonym begutachtet" in page


def test_mails_of_the_old_reviewer_stop_and_the_new_one_is_invited(
    story: Story, begun: uuid.UUID, workplace: Workplace
) -> None:
    assert isinstance(workplace.mailer, MemoryMailer)
    with story.database.write() as session:
        announce_tasks(session, story.now)
    drain(workplace, now=lambda: story.now, windows=1)  # written, not sent
    with story.database.read() as session:
        queued = session.scalars(
            select(MailDelivery.recipient)
            .join(TaskMail, TaskMail.mail_id == MailDelivery.id)
            .where(MailDelivery.state == "queued")
        )
        assert "reviewer1@demo.example" in set(queued)
    workplace.mailer.sent.clear()
    handed(story, begun, "reviewer2")
    with story.database.write() as session:
        announce_tasks(session, story.now)
    drain(workplace, now=lambda: story.now)
    drain(workplace, now=lambda: story.now)
    told = [one["To"] for one in workplace.mailer.sent]
    assert "reviewer2@demo.example" in told and "reviewer1@demo.example" not in told
    with story.database.read() as session:
        open_ones = select(Task).where(Task.process_id == begun, Task.done_at.is_(None))
        assert session.scalars(open_ones).all() == []
        dead = select(OutboxMessage).where(OutboxMessage.state != "done")
        assert session.scalars(dead).all() == []


def together(story: Story, *commands: Command) -> list[str]:
    """Fires all at once; returns what came of each: its state, or the code of the refusal."""
    barrier, found = threading.Barrier(len(commands)), [""] * len(commands)

    def one(place: int, command: Command) -> None:
        barrier.wait()
        try:
            with story.database.write() as session:
                found[place] = services.fire(session, story.machinery, command).state or ""
        except Refused as refused:
            found[place] = refused.refusals[0].code

    threads = [threading.Thread(target=one, args=each) for each in enumerate(commands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def order(story: Story, review: uuid.UUID, who: str, event: str, **data: Any) -> Command:
    return Command(review, event, story.world.people[who], story.now, data=data, reason="So.")


@pytest.mark.both_databases
def test_two_who_hand_over_at_once_ask_one_person(story: Story, begun: uuid.UUID) -> None:
    to = str(story.world.people["reviewer2"])
    found = together(
        story,
        order(story, begun, "reviewer1", "hand_over", successor=to),
        order(story, begun, "office", "reassign", successor=to),
    )
    assert sorted(found) == ["handed_over", "wrong_state"]
    with story.database.read() as session:
        asked = select(Process).where(
            Process.parent_id == story.case_id,
            Process.assignee_id == story.world.people["reviewer2"],
        )
        assert len(session.scalars(asked).all()) == 1


@pytest.mark.both_databases
def test_handing_over_and_handing_in_at_once_come_to_one_of_both(
    story: Story, begun: uuid.UUID
) -> None:
    to = str(story.world.people["reviewer2"])
    found = together(
        story,
        order(story, begun, "reviewer1", "submit"),
        order(story, begun, "office", "reassign", successor=to),
    )
    assert sorted(found) in (["submitted", "wrong_state"], ["handed_over", "wrong_state"])
    with story.database.read() as session:
        followed = session.scalars(select(Review).where(Review.predecessor_id == begun)).all()
    assert len(followed) == (story.state(begun) == "handed_over")


@pytest.mark.both_databases
def test_two_cases_do_not_use_up_the_same_room(story: Story) -> None:
    set_most(story, "reviewer2", 1)
    reviews = [invite(story, "reviewer1", title=f"Vorhaben {number}")[0] for number in (1, 2)]
    to = str(story.world.people["reviewer2"])
    found = together(
        story, *(order(story, each, "reviewer1", "hand_over", successor=to) for each in reviews)
    )
    assert sorted(found) == ["handed_over", "successor_unfit"]


def test_the_api_hands_over_alike(story: Story, begun: uuid.UUID, app: Flask) -> None:
    client = app.test_client()
    with story.database.write() as session:
        save_notes(session, begun, NOTE, story.now)
        tokens = {
            who: create_token(session, story.world.people[who], story.now)
            for who in ("reviewer1", "office", "reviewer2")
        }

    def asked(who: str) -> Any:
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        return client.get(f"/api/v1/processes/{begun}/successors", headers=headers)

    own, office = asked("reviewer1").json, asked("office").json
    assert (own["event"], office["event"]) == ("hand_over", "reassign")
    assert "held" not in own["items"][0] and office["items"][0]["held"] == 0
    assert asked("reviewer2").status_code == 404
    headers = {
        "Authorization": f"Bearer {tokens['reviewer1']}",
        "If-Match": f'"{_version(story, begun)}"',
        "Idempotency-Key": "once",
    }
    path = f"/api/v1/processes/{begun}/events/hand_over"
    for wrong in ({}, {"successor": own["items"][0]["id"], "pass_on": "perhaps"}):
        answer = client.post(path, headers=headers | {"Idempotency-Key": str(len(wrong))},
                             json={"data": wrong})  # fmt: skip
        assert answer.status_code == 422, wrong
    done = client.post(
        path, headers=headers, json={"data": {"successor": own["items"][0]["id"], "pass_on": True}}
    )
    assert done.status_code == 200 and done.json["state"] == "handed_over"
    with story.database.read() as session:
        assert NOTE in session.get_one(Review, after(story, begun)).passed_on
    assert asked("reviewer1").status_code == 404


def _version(story: Story, review: uuid.UUID) -> int:
    with story.database.read() as session:
        return session.get_one(Process, review).row_version
