"""Discussing an application: after the own review is in, by number, and never longer than that."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from funding_app import services
from funding_app.access import Grant, Person
from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import COMMENT, Story
from funding_app.engine import Command
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Call
from funding_app.queries.applications.history import log_of
from funding_app.services.people.accounts import create_token
from funding_app.services.reviews.discussions import GATHERED, NotOpen, Speaking
from tests.fixtures.pages import SignIn
from tests.reviews.test_reviewer import OTHERS, invite, typed
from tests.support.pages import as_read
from tests.web.test_queries import counted

REVIEWERS = ("reviewer1", "reviewer2", "reviewer3")
NAMES = ("Rita Eschenried", "Ralf Dornkamp")
SAID = "Der Zeitplan ist knapp; wie seht ihr das?\n<b>Fett</b> ist hier nichts."


@pytest.fixture
def reviews(story: Story) -> list[uuid.UUID]:
    found = invite(story, *REVIEWERS)
    for who, review in zip(REVIEWERS, found, strict=True):
        story.act(who, "accept", {"no_conflict": True}, on=review)
    return found


def hand_in(story: Story, who: str, review: uuid.UUID, points: int, words: str) -> None:
    story.score(review, points, lambda _key: (points, words))
    story.act(who, "submit", on=review)


def both_hand_in(story: Story, reviews: list[uuid.UUID]) -> None:
    hand_in(story, "reviewer1", reviews[0], 4, COMMENT)
    hand_in(story, "reviewer2", reviews[1], 1, OTHERS)


def api_of(app: Flask, story: Story, who: str) -> Any:
    with story.database.write() as session:
        token = create_token(session, story.world.people[who], story.now)
    client = app.test_client()

    def ask(review: uuid.UUID, text: str | None = None) -> Any:
        path = f"/api/v1/processes/{review}/discussion"
        headers = {"Authorization": f"Bearer {token}"}
        if text is None:
            return client.get(path, headers=headers)
        return client.post(path, json={"text": text}, headers=headers)

    return ask


def mailed(story: Story, workplace: Workplace) -> list[str]:
    """Who is told of the discussion once the contributions are gathered."""
    assert isinstance(workplace.mailer, MemoryMailer)
    story.now += GATHERED
    drain(workplace, now=lambda: story.now)
    told = [one for one in workplace.mailer.sent if "Aussprache" in str(one["Subject"])]
    workplace.mailer.sent.clear()
    assert all(SAID[:20] not in one.get_content() for one in told)
    return sorted(str(one["To"]).partition("@")[0] for one in told)


def test_a_discussion_from_the_first_review_to_its_end(
    story: Story, reviews: list[uuid.UUID], app: Flask, sign_in: SignIn, workplace: Workplace
) -> None:
    first, second, third = reviews
    own, _other, late, office = map(sign_in, (*REVIEWERS, "office"))
    place = f"/cases/{first}/discussion"
    assert own.get(place).status_code == 404, "the own review is not in"
    hand_in(story, "reviewer1", first, 4, COMMENT)
    assert "Hier steht noch nichts" in own.get(place).text
    assert own.post(place, data={"contribution_text": SAID}).status_code == 409
    hand_in(story, "reviewer2", second, 1, OTHERS)

    with counted(story) as statements:
        page = own.get(place).text
    assert len(statements) <= 12
    assert OTHERS in page and "Gutachten 2" in page and "Ralf Dornkamp" not in page
    assert "Aussprache" in own.get(f"/cases/{first}").text
    seen = api_of(app, story, "reviewer1")(first).json
    assert [(each["review"], each["own"], each["score"]) for each in seen["reviews"]] == [
        (1, True, "4.00"), (2, False, "1.00"),
    ]  # fmt: skip
    for client, review in ((late, third), (late, second), (late, story.case_id)):
        assert client.get(f"/cases/{review}/discussion").status_code == 404
    assert api_of(app, story, "reviewer3")(third).status_code == 404
    assert sign_in("applicant1").get(f"/cases/{story.case_id}/discussion").status_code == 404
    shown = office.get(f"/cases/{story.case_id}/discussion").text
    assert all(name in shown for name in NAMES)


def test_contributions_are_told_of_in_one_mail_and_not_to_their_author(
    story: Story, reviews: list[uuid.UUID], app: Flask, sign_in: SignIn, workplace: Workplace
) -> None:
    first, second, _third = reviews
    both_hand_in(story, reviews)
    own, other, office = map(sign_in, ("reviewer1", "reviewer2", "office"))
    place = f"/cases/{first}/discussion"
    assert own.post(place, data={"contribution_text": " "}).status_code == 422
    for _again in range(2):
        own.post(place, data={"contribution_text": SAID})
    page = other.get(f"/cases/{second}/discussion").text
    assert page.count("Der Zeitplan ist knapp") == 1 and "&lt;b&gt;Fett" in page
    assert "Gutachten 1, " in page and "Rita Eschenried" not in page
    story.now += timedelta(minutes=1)
    assert api_of(app, story, "reviewer1")(first, "Noch etwas.").status_code == 201
    assert mailed(story, workplace) == ["officer", "reviewer2"], "one mail, not to the author"
    assert "Beitrag zur Aussprache" in office.get(f"/cases/{first}/history").text


def test_returned_it_is_closed_and_a_changed_score_is_kept_in_mind(
    story: Story, reviews: list[uuid.UUID], app: Flask, sign_in: SignIn, workplace: Workplace
) -> None:
    first, second, _third = reviews
    both_hand_in(story, reviews)
    own, other, office = map(sign_in, ("reviewer1", "reviewer2", "office"))
    place = f"/cases/{first}/discussion"
    own.post(place, data={"contribution_text": "Und noch eins."})
    story.act("office", "return_review", on=second, reason="Bitte prüfen Sie die Punkte.")
    assert other.get(f"/cases/{second}/discussion").status_code == 404
    assert api_of(app, story, "reviewer2")(second).status_code == 404
    assert api_of(app, story, "reviewer2")(second, "Ich auch.").status_code == 404
    for path in (f"/cases/{second}", f"/cases/{second}/review", f"/cases/{second}/history"):
        assert COMMENT not in other.get(path).text.replace(f">{OTHERS}<", ""), path
    assert OTHERS not in own.get(place).text, "what is being changed is not shown"
    assert mailed(story, workplace) == ["officer"]
    data = typed(story, other, second, go="submit")
    answer = other.post(f"/cases/{second}/review", data=data, follow_redirects=True)
    assert "Ihr Gutachten ist abgegeben" in answer.text
    office.post(f"/cases/{story.case_id}/discussion/open")
    page = as_read(own.get(place).text)
    assert re.search(r"<strong>1,45</strong><br><span[^>]*>vorher 1,00<", page)
    assert "Punktzahl vorher 1,00, jetzt 1,45" in office.get(f"/cases/{second}/history").text


def test_who_is_out_and_what_is_closed_is_seen_by_the_office_alone(
    story: Story, reviews: list[uuid.UUID], app: Flask, sign_in: SignIn
) -> None:
    first, second, third = reviews
    both_hand_in(story, reviews)
    own, other, late, office = map(sign_in, (*REVIEWERS, "office"))
    place = f"/cases/{first}/discussion"
    own.post(place, data={"contribution_text": SAID})
    other.post(f"/cases/{second}/discussion", data={"contribution_text": "Zustimmung."})
    story.act("reviewer3", "late_conflict", on=third, reason="Wir kennen uns doch.")
    assert late.get(f"/cases/{third}/discussion").status_code == 404
    story.act("office", "late_conflict", on=second, reason="Gemeinsames Projekt.")
    assert other.get(f"/cases/{second}/discussion").status_code == 404
    assert "Hier steht noch nichts" in own.get(place).text, "one review is no discussion"
    office.post(f"/cases/{story.case_id}/discussion/open")
    page = own.get(place).text
    assert "Gutachten 2" not in page and "ausgeschieden, " in page and OTHERS not in page

    closing = f"/cases/{story.case_id}/discussion/close"
    assert own.post(closing.replace(str(story.case_id), str(first))).status_code == 409
    assert office.post(closing, data={"moderation_reason": "Danke!"}).status_code == 302
    assert "Der Zeitplan" not in own.get(place).text and "geschlossen" in own.get(place).text
    assert api_of(app, story, "reviewer1")(first).json["contributions"] == []
    assert api_of(app, story, "reviewer1")(first, "Halt!").status_code == 409
    page = office.get(f"/cases/{story.case_id}/discussion").text
    assert "Der Zeitplan" in page and "Danke!" in page


def test_blind_the_office_is_kept_from_naming_who_applies(
    story: Story, reviews: list[uuid.UUID], sign_in: SignIn
) -> None:
    with story.database.write() as session:
        session.get_one(Call, story.world.calls["grant_case"]).is_blind = True
    both_hand_in(story, reviews)
    office, place = sign_in("office"), f"/cases/{story.case_id}/discussion"
    told = "Kennen Sie Nachbarschaft DIGITAL e. V.?"
    answer = office.post(place, data={"contribution_text": told})
    assert answer.status_code == 422 and "„Nachbarschaft Digital e. V.“" in answer.text
    assert told in answer.text, "what was typed stays"
    assert office.post(place, data={"contribution_text": "Bitte äußern."}).status_code == 302
    page = sign_in("reviewer1").get(f"/cases/{reviews[0]}/discussion").text
    assert "Geschäftsstelle, " in page and "Bitte äußern." in page
    assert "Nachbarschaft" not in page


@pytest.mark.both_databases
def test_nothing_is_said_by_whose_review_was_just_returned(
    story: Story, reviews: list[uuid.UUID]
) -> None:
    both_hand_in(story, reviews)
    reviewer = Person(
        story.world.people["reviewer1"], "R", "de", frozenset({Grant("reviewer", None)})
    )
    barrier, refused = threading.Barrier(2), []

    def say() -> None:
        barrier.wait()
        try:
            with story.database.write() as session:
                Speaking(session, story.machinery, reviewer, story.now).say(reviews[0], "Jetzt!")
        except NotOpen:
            refused.append(True)

    thread = threading.Thread(target=say)
    thread.start()
    barrier.wait()
    command = Command(
        reviews[0], "return_review", story.world.people["office"], story.now, reason="Bitte neu."
    )
    with story.database.write() as session:
        services.fire(session, story.machinery, command)
    thread.join()
    with story.database.read() as session:
        events = [row.LogRecord.event for row in reversed(log_of(session, reviews[0]))]
    returned = events.index("return_review")
    assert ("contributed" in events[:returned]) != bool(refused)
    assert "contributed" not in events[returned:]
