"""Sample applications: first the own scores, then the reference; nothing opens before."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from funding_app.demo.runner import COMMENT, Story
from funding_app.engine import Refused
from funding_app.models import CalibrationSample, CalibrationScore, Call
from funding_app.services.people.accounts import create_token
from funding_app.services.reviews.calibration import SampleFixed, score_sample, write_sample
from tests.fixtures.pages import SignIn
from tests.reviews.test_reviewer import invite
from tests.web.test_queries import counted

REASON = "Der Nutzen ist für diese Gruppe gut belegt."
REF = "cc-gemeinsam-2026"
OFFICE = f"/calls/{REF}/calibration"
OWN = f"/reviews/calibration/{REF}"


def keys(story: Story) -> list[str]:
    with story.database.read() as session:
        criteria = session.get_one(Call, story.world.calls["grant_case"]).criteria
    return [each["key"] for each in criteria]


def given(story: Story, score: int, reason: str = COMMENT) -> dict[str, str]:
    return {f"score_{key}": str(score) for key in keys(story)} | {
        f"comment_{key}": reason for key in keys(story)
    }


@pytest.fixture
def sample(story: Story, sign_in: SignIn) -> uuid.UUID:
    """The call asks for it, and the office has written one sample: four points everywhere."""
    with story.database.write() as session:
        session.get_one(Call, story.world.calls["grant_case"]).calibrates = True
    office = sign_in("office")
    texts = {"sample_title": "Lesehilfe", "sample_text": "Ein erfundener Antrag."}
    assert office.post(f"{OFFICE}/new", data=given(story, 4)).status_code == 422
    wrong = office.post(f"{OFFICE}/new", data=texts | given(story, 4, "kurz"))
    assert wrong.status_code == 422 and "Ein erfundener Antrag." in wrong.text
    assert office.post(f"{OFFICE}/new", data=texts | given(story, 4, REASON)).status_code == 302
    with story.database.read() as session:
        return session.scalars(select(CalibrationSample.id)).one()


def test_the_first_review_opens_after_the_samples(
    story: Story, sample: uuid.UUID, sign_in: SignIn
) -> None:
    [review] = invite(story, "reviewer1")
    client = sign_in("reviewer1")
    page = client.get(f"/cases/{review}").text
    assert OWN in page and "Zuerst die Beispielanträge" in page
    with pytest.raises(Refused) as refused:
        story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    assert refused.value.refusals[0].code == "calibration_open"
    assert "0 von 1 bewertet" in client.get("/reviews").text

    page = client.get(f"{OWN}/{sample}").text
    assert "Ein erfundener Antrag." in page and REASON not in page
    assert REASON not in client.get(OWN).text
    wrong = client.post(f"{OWN}/{sample}", data=given(story, 5) | {"comment_innovation": "kurz"})
    assert wrong.status_code == 422 and "aria-invalid" in wrong.text and REASON not in wrong.text
    assert client.post(f"{OWN}/{sample}", data=given(story, 5)).status_code == 302
    with counted(story) as statements:
        page = client.get(f"{OWN}/{sample}").text
    assert REASON in page and page.count("+1</td>") == len(keys(story))
    assert len(statements) <= 12
    client.post(f"{OWN}/{sample}", data=given(story, 0))
    assert "+1</td>" in client.get(f"{OWN}/{sample}").text, "the first scores hold"
    assert "großzügiger als die Referenz" in client.get(OWN).text
    story.act("reviewer1", "accept", {"no_conflict": True}, on=review)

    with story.database.write() as session:
        call = story.world.calls["grant_case"]
        nothing = dict.fromkeys(keys(story), 1)
        session.add(CalibrationSample(call_id=call, title="Neu", text="Neu", scores=nothing,
                                      comments=dict.fromkeys(keys(story), REASON)))  # fmt: skip
    [later] = invite(story, "reviewer1", title="Noch eines")
    story.act("reviewer1", "accept", {"no_conflict": True}, on=later)


def test_nothing_is_asked_where_the_call_does_not_want_it_or_has_no_sample(
    story: Story, sign_in: SignIn
) -> None:
    [review] = invite(story, "reviewer1")
    client = sign_in("reviewer1")
    assert client.get(OWN).status_code == 404
    with story.database.write() as session:
        session.get_one(Call, story.world.calls["grant_case"]).calibrates = True
    story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    assert client.get(OWN).status_code == 200
    for who in ("reviewer2", "office", "applicant1"):
        assert sign_in(who).get(OWN).status_code == 404, who


def test_the_office_sees_each_reviewers_deviation_and_nobody_else_does(
    story: Story, sample: uuid.UUID, sign_in: SignIn
) -> None:
    invite(story, "reviewer1", "reviewer2")
    first, office = sign_in("reviewer1"), sign_in("office")
    scores = given(story, 4) | {f"score_{keys(story)[0]}": "1"}  # -3, then 0 four times
    first.post(f"{OWN}/{sample}", data=scores)
    with counted(story) as statements:
        page = office.get(OFFICE).text
    assert len(statements) <= 12
    row = page.partition("Dr. Rita Eschenried</th>")[2].partition("</tr>")[0]
    cells = [part.split(">")[-1] for part in row.split("</td>")[:-1]]
    assert cells == ["1 von 1", "−0,6", "0,6", "−3 / 0"]
    row = page.partition("Dr. Ralf Dornkamp</th>")[2].partition("</tr>")[0]
    assert "0 von 1" in row and row.count("–") == 3
    assert "<svg" in page and "steht fest" in page
    for who in ("reviewer1", "reviewer2", "applicant1", "panel"):
        assert sign_in(who).get(OFFICE).status_code == 404, who
    assert office.get(f"/calls/{REF}/scores").text.count("Rita") == 0, "it counts in no ranking"
    texts = {"sample_title": "Anders", "sample_text": "Anders."}
    changed = office.post(f"{OFFICE}/{sample}", data=texts | given(story, 0))
    assert changed.status_code == 409 and "schon jemand bewertet" in changed.text
    office.post(f"{OFFICE}/{sample}/remove")
    with story.database.read() as session:
        assert session.get_one(CalibrationSample, sample).title == "Lesehilfe"


@pytest.mark.both_databases
def test_a_sample_is_changed_or_scored_but_not_both_at_once(
    story: Story, sample: uuid.UUID
) -> None:
    barrier, found = threading.Barrier(3), []
    answers: dict[str, Any] = given(story, 0)
    texts = {"sample_title": "Anders", "sample_text": "Anders."}

    def score() -> None:
        barrier.wait()
        with story.database.write() as session:
            call = session.get_one(Call, story.world.calls["grant_case"])
            row = session.get_one(CalibrationSample, sample)
            person = story.world.people["reviewer1"]
            found.append(score_sample(session, call, row, person, answers, story.now))

    def change() -> None:
        barrier.wait()
        try:
            with story.database.write() as session:
                call = session.get_one(Call, story.world.calls["grant_case"])
                row = session.get_one(CalibrationSample, sample)
                write_sample(session, call, row, texts | answers)
            found.append("changed")
        except SampleFixed:
            found.append("fixed")

    threads = [threading.Thread(target=each) for each in (score, score, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(True) == 1 and found.count(False) == 1
    with story.database.read() as session:
        row = session.get_one(CalibrationSample, sample)
        assert (row.title == "Anders") == ("changed" in found)
        assert session.scalar(select(func.count()).select_from(CalibrationScore)) == 1


def test_the_api_scores_alike(story: Story, sample: uuid.UUID, app: Flask) -> None:
    [review] = invite(story, "reviewer1")
    with story.database.write() as session:
        token = create_token(session, story.world.people["reviewer1"], story.now)
    client: FlaskClient = app.test_client()
    headers, path = {"Authorization": f"Bearer {token}"}, f"/api/v1/calls/{REF}/calibration"
    [seen] = client.get(path, headers=headers).json["items"]
    assert set(seen) == {"id", "title", "text"}
    events = client.get(f"/api/v1/processes/{review}", headers=headers).json["events"]
    [accept] = [each for each in events if each["event"] == "accept"]
    assert accept["refusals"][0]["code"] == "calibration_open"
    wrong: list[dict[str, Any]] = [{}, given(story, 6), given(story, 3, "kurz")]
    for answers in wrong:
        answer = client.post(f"{path}/{sample}", headers=headers, json=answers)
        assert answer.status_code == 422 and answer.json["errors"]
    answer = client.post(f"{path}/{sample}", headers=headers, json=given(story, 3))
    assert answer.status_code == 200 and set(answer.json["differences"].values()) == {-1}
    again = client.post(f"{path}/{sample}", headers=headers, json=given(story, 3))
    assert again.status_code == 409
    with story.database.write() as session:
        other = create_token(session, story.world.people["reviewer2"], story.now)
    foreign = {"Authorization": f"Bearer {other}"}
    assert client.get(path, headers=foreign).status_code == 404
