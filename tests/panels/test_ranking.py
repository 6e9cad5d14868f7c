"""The ranking with its line, and what another line would mean, counted by hand."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from funding_app.demo.runner import Story
from funding_app.models import Application, Call, LogRecord, Process
from funding_app.queries.panels.ranking import Line, placed, reviewed_cases
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.reviews.test_scores import reviewed

pytestmark = pytest.mark.both_databases

RANKING = "/calls/cc-gemeinsam-2026/ranking"
ASKED = ("200000.00", "120000.00", "120000.00", "90000.00")


def ranked(story: Story) -> list[uuid.UUID]:
    """Four reviewed applications: one ahead, two equal in all but their number, one behind."""
    cases = reviewed(story, (5, 5), (4, 4), (4, 4), (2, 2))
    with story.database.write() as session:
        for case, asked in zip(cases, ASKED, strict=True):
            row = update(Application).where(Application.id == case)
            session.execute(row.values(requested=Decimal(asked)))
    return cases


def rows_of(page: str) -> list[str]:
    """The table's rows as text."""
    body = page.split("<tbody")[1].split("</tbody>", maxsplit=1)[0]
    return [
        " ".join(re.sub(r"<[^>]+>", " ", row).replace("\xa0", " ").split())
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    ]


def test_another_line_is_tried_and_changes_nothing(story: Story, sign_in: SignIn) -> None:
    ranked(story)
    office = sign_in("office")
    with story.database.read() as session:
        before = session.execute(select(Process.id, Process.state, Process.row_version)).all()
        records = len(session.scalars(select(LogRecord.seq)).all())
    plain = rows_of(office.get(RANKING).text)
    assert [row.split()[0] for row in plain] == ["1", "2", "3", "4"]
    assert all("förderbar" in row for row in plain)
    assert "entscheidet die Nummer als Los" in plain[2] and "punktgleich" not in plain[1]
    assert "320.000,00 €" in plain[1] and "530.000,00 €" in plain[3]

    # 300,000 reach for the first; the second does not fit, so nothing after it is funded
    page = office.get(f"{RANKING}?budget=300.000,00&threshold=").text
    tried = rows_of(page)
    assert ["wirklich: förderbar" in row for row in tried] == [False, True, True, True]
    assert "3 Vorhaben stünden anders da." in page
    figures = page.split('<dl class="figures">')[1].split("</dl>")[0].replace("\xa0", " ")
    assert "200.000,00 €" in figures and "330.000,00 €" in figures and "100.000,00 €" in figures

    # with gaps filled the fourth, for 90,000, moves up
    filled = rows_of(office.get(f"{RANKING}?budget=300.000&allow_skip_fill=yes").text)
    assert ["Nachrückliste" in row for row in filled] == [False, True, True, False]
    # a threshold keeps it out whatever the money
    least = office.get(f"{RANKING}?budget=1.000.000&threshold=2,5&lang=de").text
    assert ["unter der Schwelle" in row for row in rows_of(least)] == [False] * 3 + [True]
    drawing = least.split("<svg class=")[1].split("</svg>")[0]
    assert drawing.count("<rect") == 4 and drawing.count("stroke-dasharray") == 1

    for wrong in ("budget=viel", "budget=", "budget=1&threshold=6", "budget=-1", "budget=1e9"):
        answer = office.get(f"{RANKING}?{wrong}")
        assert answer.status_code == 422, wrong
        assert 'aria-invalid="true"' in answer.text and len(rows_of(answer.text)) == 4
    english = office.get(f"{RANKING}?budget=300,000.00&lang=en").text
    assert "This is a trial" in english and "€300,000.00" in english
    with story.database.read() as session:
        assert (
            before == session.execute(select(Process.id, Process.state, Process.row_version)).all()
        )
        assert records == len(session.scalars(select(LogRecord.seq)).all())


def test_the_terms_of_the_call_hold_for_its_own_line(story: Story, sign_in: SignIn) -> None:
    ranked(story)
    with story.database.write() as session:
        call = session.scalars(select(Call).where(Call.ref == "cc-gemeinsam-2026")).one()
        call.terms = {**call.terms, "ranking": {"threshold": "2.50", "allow_skip_fill": True}}
        call_id = call.id
    rows = rows_of(sign_in("office").get(RANKING).text)
    assert ["unter der Schwelle" in row for row in rows] == [False, False, False, True]
    with story.database.read() as session:
        cases = reviewed_cases(session, story.machinery.definitions, session.get_one(Call, call_id))
    places = placed(cases, Line(Decimal("320000.00"), Decimal("2.50"), True))
    assert [each.outcome for each in places] == ["funded", "funded", "reserve", "below_threshold"]
    assert [each.upto for each in places] == [200000, 320000, 440000, 530000]
    assert [each.tie for each in places] == ["", "", "lot", ""]


def test_the_interface_tries_another_line_as_the_page_does(story: Story, sign_in: SignIn) -> None:
    ranked(story)
    office = sign_in("office")
    with story.database.write() as session:
        token = create_token(session, story.world.people["office"], story.now)

    def ask(asked: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return office.get(f"/api/v1{RANKING}{asked}", headers=headers)

    own = ask().json
    assert {each["outcome"] for each in own["items"]} == {"funded"}
    assert own["line"]["threshold"] is None and own["line"]["allow_skip_fill"] is False
    # 300,000 reach for the first alone; with gaps filled the fourth, for 90,000, moves up
    tried = ask("?budget=300000.00").json
    assert [each["outcome"] for each in tried["items"]] == ["funded", *["reserve"] * 3]
    assert {each["own_outcome"] for each in tried["items"]} == {"funded"}
    filled = ask("?budget=300000.00&allow_skip_fill=true").json
    assert [each["outcome"] for each in filled["items"]] == [
        "funded", "reserve", "reserve", "funded",
    ]  # fmt: skip
    # the last has two points; the money stays the call's own
    least = ask("?threshold=3.00").json
    assert [each["outcome"] for each in least["items"]] == [*["funded"] * 3, "below_threshold"]
    assert least["line"] == {**own["line"], "threshold": "3.00"}
    page = ask("?budget=300000.00&limit=1").json
    rest = ask(f"?budget=300000.00&after={page['next']}").json
    assert page["items"] + rest["items"] == tried["items"]
    for wrong, name in (
        ("budget=viel", "budget"),
        ("budget=", "budget"),
        ("threshold=9", "threshold"),
        ("allow_skip_fill=vielleicht", "allow_skip_fill"),
    ):
        answer = ask(f"?{wrong}")
        assert answer.status_code == 422 and list(answer.json["errors"]) == [name], wrong
    asked = office.get("/api/v1/openapi.json").json["paths"]["/api/v1/calls/{ref}/ranking"]
    named = {each["name"] for each in asked["get"]["parameters"]}
    assert {"budget", "threshold", "allow_skip_fill"} <= named
