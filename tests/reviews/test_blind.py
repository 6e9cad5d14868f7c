"""Blind review: of a thousand planted words that tell who applies none reaches a reviewer."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from funding_app.adapters.mail import MemoryMailer
from funding_app.demo.runner import Story, grant_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    Call,
    CleanCopy,
    Organisation,
    Process,
    RoleAssignment,
    UserAccount,
)
from funding_app.services.mails.notices import announce_tasks
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.reviews.planting import PERIOD, Planter, plant
from tests.support import planted

CASES, PLANTED = 12, 1_000
LINK = re.compile(r"""(?:href|src|action)="(/[^"#]*)""")
NOT_FOLLOWED = re.compile(r"/static/|/account/|/open-data|lang=|/api/")


@dataclass(slots=True)
class Planted:
    """The blind call with its cases."""

    story: Story
    word: Planter
    cases: list[uuid.UUID]
    mailer: MemoryMailer


@pytest.fixture
def blind(story: Story, workplace: Workplace) -> Planted:
    with story.database.write() as session:
        call = session.get_one(Call, story.world.calls["grant_case"])
        call.is_blind = True
    word = Planter()
    cases = [plant(story, workplace.storage, word, number) for number in range(CASES)]
    with story.database.write() as session:
        announce_tasks(session, story.now)
    drain(workplace, now=lambda: story.now)
    mailer = workplace.mailer
    assert isinstance(mailer, MemoryMailer)
    return Planted(story, word, cases, mailer)


def crawl(client: FlaskClient, *begin: str) -> Iterator[tuple[str, bytes]]:
    """Everything that can be reached by links: bodies, headers, and what is packed in files."""
    waiting, known = list(begin), set(begin)
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        yield path, unquote(str(answer.headers)).encode()
        for text in planted.texts_in(answer.data):
            yield path, text
        if answer.mimetype != "text/html":
            continue
        for link in map(unescape, LINK.findall(answer.text)):
            if link not in known and not NOT_FOLLOWED.search(link):
                known.add(link)
                waiting.append(link)


def api_walk(client: FlaskClient, token: str, cases: Iterable[uuid.UUID]) -> Iterator[bytes]:
    """Every answer of the API about the tasks, the processes and the cases behind them."""
    headers = {"Authorization": f"Bearer {token}"}

    def get(path: str) -> Any:
        return client.get(f"/api/v1{path}", headers=headers)

    tasks = get("/tasks?limit=200")
    yield tasks.data
    ids = {task["process"] for task in tasks.json["items"]} | set(map(str, cases))
    for process in sorted(ids):
        for path in ("", "/log", "/documents", "/application"):
            answer = get(f"/processes/{process}{path}")
            yield answer.data
            for file in re.findall(r'"id":"([0-9a-f-]{36})","(?:name|field)', answer.text):
                copy = get(f"/attachments/{file}")
                yield unquote(str(copy.headers)).encode()
                yield from planted.texts_in(copy.data)


def token_of(story: Story, who: str) -> str:
    with story.database.write() as session:
        return create_token(session, story.world.people[who], story.now)


@pytest.mark.slow
def test_no_planted_word_reaches_a_reviewer(blind: Planted, app: Flask, sign_in: SignIn) -> None:
    word, story = blind.word, blind.story
    assert len(word.places) >= PLANTED
    files, seen = attachments(story), list[bytes]()
    pages = dict[str, list[bytes]]()
    sought = ["/", "/tasks", "/cases", *(f"/attachments/{each}" for each in files)]
    sought += [f"/cases/{each}" for each in blind.cases] + ["/exports", "/budget"]
    for begin in ("/tasks?lang=en", "/tasks?lang=de"):
        for path, text in crawl(sign_in("reviewer1"), *sought, begin):
            pages.setdefault(path, []).append(text)
    assert sum(path.endswith(("/review", "/review/print", "/history")) for path in pages) > CASES
    told_by_api = list(api_walk(app.test_client(), token_of(story, "reviewer1"), blind.cases))
    mails = [mail.as_bytes() for mail in blind.mailer.sent if "reviewer1@" in str(mail["To"])]
    assert mails
    leaks = {path: word.found_in(texts) for path, texts in pages.items()}
    assert {path: found for path, found in leaks.items() if found} == {}
    assert word.found_in(told_by_api) == set()
    assert word.found_in(mails) == set()
    seen += [text for texts in pages.values() for text in texts]
    assert all(any(f"sichtbar{n}".encode() in text for text in seen) for n in (1, 2, 4, 5))
    assert any(b"anlage-" in text for text in seen)
    assert any("wird zurückgehalten".encode() in text for text in seen)
    an_official_finds_them(blind, app, sign_in)


def an_official_finds_them(blind: Planted, app: Flask, sign_in: SignIn) -> None:
    """The same walk, so that it is known to find what is there."""
    word, story = blind.word, blind.story
    texts = [text for _path, text in crawl(sign_in("officer"), "/tasks", "/cases")]
    texts += api_walk(app.test_client(), token_of(story, "officer"), blind.cases)
    found = word.found_in(texts)
    share = {
        place: sum(word.places[each] == place for each in found)
        / sum(each == place for each in word.places.values())
        for place in set(word.places.values())
    }
    everywhere = {"form", "partner", "log", "name", "pdf", "docx", "xlsx", "jpeg"}
    assert {place: share[place] for place in everywhere if share[place] < 1} == {}
    assert len(found) > PLANTED * 0.9


def attachments(story: Story) -> list[str]:
    with story.database.read() as session:
        return [str(each) for each in session.scalars(select(CleanCopy.attachment_id))]


def shown(client: FlaskClient, path: str) -> str:
    """What a page shows, without the token of its forms."""
    main = client.get(path).text.partition("<main")[2]
    return re.sub(r'name="csrf_token" value="[^"]+"', "", main)


def test_no_search_and_no_order_tells_who_applies(
    story: Story, workplace: Workplace, sign_in: SignIn
) -> None:
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=True))
    word = Planter()
    for number in (1, 2, 4):
        plant(story, workplace.storage, word, number)
    reviewer, official = sign_in("reviewer1"), sign_in("officer")
    unknown = "zqnobodyplanted"
    for sought in list(word.places)[::5]:
        for path in ("/cases?q={}", "/tasks?q={}", "/cases?sort={}", "/cases?call={}&sort=due"):
            found = shown(reviewer, path.format(sought)).replace(sought, unknown)
            assert found == shown(reviewer, path.format(unknown))
    usual = shown(reviewer, "/tasks")
    for order in ("organisation", "applicant", "name", "amount", "title"):
        assert shown(reviewer, f"/tasks?sort={order}") == usual
    assert "Vorhaben Nummer 4" in official.get("/cases?q=Nummer+4").text


def test_what_the_system_suspects_is_told_without_saying_why(
    story: Story, workplace: Workplace, sign_in: SignIn
) -> None:
    blind = Planter()
    plant(story, workplace.storage, blind, 0)
    review = story.children("review_assignment")[0]
    assert story.case_id is not None
    with story.database.write() as session:
        case = session.get_one(Process, story.case_id)
        own = session.get_one(Organisation, case.organisation_id)
        name = own.name_de
    reviewer = sign_in("reviewer1")
    told = reviewer.get(f"/cases/{review}").text
    partners = [word for word, place in blind.places.items() if place == "partner"]
    assert name in told and all(word in told for word in partners[::2])
    assert "keinen Anhaltspunkt" in told
    with story.database.write() as session:
        session.execute(
            update(UserAccount)
            .where(UserAccount.id == story.world.people["reviewer1"])
            .values(email="rita@verein.example")
        )
    told = reviewer.get(f"/cases/{review}").text
    assert "dieselbe Domain" in told
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=True))
    told = reviewer.get(f"/cases/{review}").text
    assert "hat einen Anhaltspunkt" in told and "Vorhaben Nummer 0" in told
    assert blind.found_in([told.encode()]) == set() and "verein.example" not in told
    assert reviewer.get(f"/cases/{review}/review").status_code == 404


@pytest.mark.parametrize("end", ["declare_conflict", "late_conflict", "decline"])
def test_a_review_that_is_over_closes_the_door(
    story: Story, workplace: Workplace, sign_in: SignIn, end: str
) -> None:
    plant(story, workplace.storage, Planter(), 1 if end == "late_conflict" else 0)
    review = story.children("review_assignment")[0]
    drain(workplace, now=lambda: story.now)
    reviewer = sign_in("reviewer1")
    [file, *_rest] = attachments(story)
    given = {"declined_for": "no_time"} if end == "decline" else {}
    story.act("reviewer1", end, given, on=review, reason="Wir arbeiten zusammen.")
    page = reviewer.get(f"/cases/{review}")
    assert page.status_code == 200 and "Behördenbriefe" not in page.text
    assert reviewer.get(f"/attachments/{file}").status_code == 404


def test_who_reviews_sees_nothing_else_of_the_case_by_another_role(
    story: Story, workplace: Workplace, sign_in: SignIn
) -> None:
    with story.database.write() as session:
        session.add(
            RoleAssignment(
                user_id=story.world.people["reviewer1"], role="panel_member", granted_at=story.now
            )
        )  # fmt: skip
    case = plant(story, workplace.storage, Planter(), 1)
    own = story.children("review_assignment")[0]
    story.act("office", "assign_reviewer", {"reviewer": str(story.world.people["reviewer2"])})
    other = next(each for each in story.children("review_assignment") if each != own)
    reviewer = sign_in("reviewer1")

    def seen() -> list[int]:
        return [reviewer.get(f"/cases/{each}").status_code for each in (case, own, other)]

    assert seen() == [404, 200, 404]
    story.score(own, 4)
    story.act("reviewer1", "submit", on=own)
    assert seen() == [200, 200, 200]


def test_a_ranking_leaves_out_what_the_reader_still_has_to_review(
    story: Story, workplace: Workplace, sign_in: SignIn
) -> None:
    with story.database.write() as session:
        session.add(
            RoleAssignment(
                user_id=story.world.people["reviewer3"], role="panel_chair", granted_at=story.now
            )
        )  # fmt: skip
    plant(story, workplace.storage, Planter(), 1)
    first = story.children("review_assignment")[0]
    for who in ("reviewer2", "reviewer3"):
        story.act("office", "assign_reviewer", {"reviewer": str(story.world.people[who])})
    second, own = story.children("review_assignment")[1:]
    story.act("reviewer2", "accept", {"no_conflict": True}, on=second)
    for who, review in (("reviewer1", first), ("reviewer2", second)):
        story.score(review, 4)
        story.act(who, "submit", on=review)
        story.act("office", "validate", on=review)
    with story.database.write() as session:
        session.execute(
            update(Process).where(Process.id == story.case_id).values(state="review_complete")
        )
    path = "/calls/cc-gemeinsam-2026/ranking"
    assert "Vorhaben Nummer 1" in sign_in("office").get(path).text
    assert "Vorhaben Nummer 1" not in sign_in("reviewer3").get(path).text
    story.act("reviewer3", "accept", {"no_conflict": True}, on=own)
    story.score(own, 3)
    story.act("reviewer3", "submit", on=own)
    assert "Vorhaben Nummer 1" in sign_in("reviewer3").get(path).text


def test_the_form_says_that_reviews_are_blind(story: Story, sign_in: SignIn) -> None:
    story.apply("grant_case", {})
    page = f"/cases/{story.case_id}/form/project"
    assert "anonym begutachtet" not in sign_in("applicant1").get(page).text
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=True))
    assert "weder Ihre Organisation" in sign_in("applicant1").get(page).text


def test_whoever_names_themselves_is_told_before_handing_in(story: Story, sign_in: SignIn) -> None:
    sections = grant_answers(Decimal("90000.00"), *PERIOD, "Klartext")
    sections["description"]["problem"] = "Die NACHBARSCHAFT Digital e. V. kennt das Problem."
    story.apply("grant_case", sections)
    page, client = f"/cases/{story.case_id}/check", sign_in("applicant1")
    assert "wer Sie sind" not in client.get(page).text
    with story.database.write() as session:
        session.execute(update(Call).values(is_blind=True))
    told = client.get(page).text
    assert "wer Sie sind" in told and "„Nachbarschaft Digital e. V.“" in told
    story.act("applicant1", "submit")
