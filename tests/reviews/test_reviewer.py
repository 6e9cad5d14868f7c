"""What reviewers see while they review: their own, and nothing of the others' before."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from funding_app.demo.runner import COMMENT, Story, grant_answers
from funding_app.engine import Refused
from funding_app.models import Call, Review, ReviewerProfile, ReviewNote, RoleAssignment
from funding_app.services.people.accounts import create_token
from tests.fixtures.pages import SignIn
from tests.web.test_queries import counted

PERIOD = ("2026-04-01", "2026-12-31")
OTHERS = "Nur in dem anderen Gutachten steht dieser Satz."


def invite(story: Story, *who: str, title: str = "Klartext") -> list[uuid.UUID]:
    """A case under review; the reviews in the order of those asked."""
    story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, title))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    checks = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
    story.act("officer", "pass", checks | {"aid_basis": "none_non_economic"})
    for each in who:
        story.act("office", "assign_reviewer", {"reviewer": str(story.world.people[each])})
    return story.children("review_assignment")


def typed(story: Story, client: FlaskClient, review: uuid.UUID, **more: str) -> dict[str, str]:
    """The scoring form filled in, with the versions of its sections."""
    page = client.get(f"/cases/{review}/review").text
    versions = dict(re.findall(r'name="(version-\w+)" value="(\d+)"', page))
    with story.database.read() as session:
        criteria = session.get_one(Call, story.world.calls["grant_case"]).criteria
    answers = {f"score_{each['key']}": "4" for each in criteria}
    answers |= {f"comment_{each['key']}": COMMENT for each in criteria}
    return versions | answers | more


@pytest.fixture
def two(story: Story) -> list[uuid.UUID]:
    reviews = invite(story, "reviewer1", "reviewer2")
    for who, review in zip(("reviewer1", "reviewer2"), reviews, strict=True):
        story.act(who, "accept", {"no_conflict": True}, on=review)
    return reviews


def seen_by_api(app: Flask, story: Story, who: str, *ids: Any) -> list[tuple[int, str]]:
    with story.database.write() as session:
        token = create_token(session, story.world.people[who], story.now)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    paths = [f"/api/v1/processes/{each}{tail}" for each in ids for tail in ("", "/log")]
    answers = [client.get(path, headers=headers) for path in (*paths, "/api/v1/tasks")]
    return [(answer.status_code, answer.text) for answer in answers]


def test_nothing_of_another_review_is_seen_by_page_and_api(
    story: Story, two: list[uuid.UUID], app: Flask, sign_in: SignIn
) -> None:
    own, other = two
    story.score(other, 1, lambda _key: (1, OTHERS))
    story.act("reviewer2", "submit", on=other)
    client = sign_in("reviewer1")
    for path in (f"/cases/{other}", f"/cases/{other}/review", f"/cases/{story.case_id}"):
        assert client.get(path).status_code == 404, path
    pages = ["/tasks", "/cases", "/reviews", f"/cases/{own}", f"/cases/{own}/review"]
    pages += [f"/cases/{own}/review/print", f"/cases/{own}/history", f"/cases/{own}/check"]
    texts = [client.get(path).text for path in pages]
    api = seen_by_api(app, story, "reviewer1", own, other, story.case_id)
    assert [status for status, _text in api] == [200, 200, 404, 404, 404, 404, 200]
    texts += [text for _status, text in api]
    assert all(OTHERS not in text and "Ralf Dornkamp" not in text for text in texts)
    assert OTHERS in sign_in("office").get(f"/cases/{other}").text


def test_a_review_is_handed_in_from_its_own_page_with_an_amount(
    story: Story, two: list[uuid.UUID], sign_in: SignIn
) -> None:
    own, client = two[0], sign_in("reviewer1")
    data = typed(story, client, own, recommended_amount="75.000,50", go="submit")
    assert client.post(f"/cases/{own}/review", data=data | {"recommended_amount": "9999999"}
                       ).status_code == 422  # fmt: skip
    data |= dict(re.findall(r'name="(version-\w+)" value="(\d+)"',
                            client.get(f"/cases/{own}/review").text))  # fmt: skip
    answer = client.post(f"/cases/{own}/review", data=data, follow_redirects=True)
    assert "Ihr Gutachten ist abgegeben" in answer.text
    with story.database.read() as session:
        assert session.get_one(Review, own).recommended_amount == Decimal("75000.50")
    page = sign_in("office").get(f"/cases/{own}").text
    assert "75.000,50" in page and "Empfohlener Betrag" in page


def test_an_incomplete_review_stays_and_says_what_is_missing(
    story: Story, two: list[uuid.UUID], sign_in: SignIn
) -> None:
    client = sign_in("reviewer1")
    data = typed(story, client, two[0], go="submit") | {"comment_innovation": ""}
    answer = client.post(f"/cases/{two[0]}/review", data=data)
    assert answer.status_code == 422 and "comment_innovation" in answer.text
    assert story.state(two[0]) == "in_progress"


def test_own_notes_are_for_nobody_else_and_end_with_the_review(
    story: Story, two: list[uuid.UUID], app: Flask, sign_in: SignIn
) -> None:
    own, note = two[0], "Nachfragen: kennt das jemand?"
    client = sign_in("reviewer1")
    client.post(f"/cases/{own}/review", data=typed(story, client, own, private_notes=note))
    assert note in client.get(f"/cases/{own}/review").text
    others = [sign_in(who) for who in ("office", "officer", "reviewer2", "admin")]
    for path in (f"/cases/{own}", f"/cases/{own}/review", f"/cases/{own}/history"):
        assert all(note not in other.get(path).text for other in others)
    for who in ("reviewer1", "office"):
        assert all(note not in text for _status, text in seen_by_api(app, story, who, own))
    story.act("reviewer1", "submit", on=own)
    with story.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ReviewNote)) == 0


def test_saving_by_itself_keeps_the_own_notes(
    story: Story, two: list[uuid.UUID], sign_in: SignIn
) -> None:
    own, note = two[0], "Im letzten Absatz nachsehen."
    client = sign_in("reviewer1")
    data = typed(story, client, own, private_notes=note, go="auto")
    assert client.post(f"/cases/{own}/review", data=data).status_code == 200
    assert note in client.get(f"/cases/{own}/review").text


def test_nobody_is_asked_who_belongs_to_who_applies_or_was_asked_before(story: Story) -> None:
    invite(story, "reviewer1")
    with story.database.write() as session:
        session.add(
            RoleAssignment(
                user_id=story.world.people["reviewer2"], role="applicant_reader",
                organisation_id=story.world.organisations[story.organisation],
                granted_at=story.now,
            )
        )  # fmt: skip
    for who in ("reviewer1", "reviewer2"):
        with pytest.raises(Refused) as refused:
            story.act("office", "assign_reviewer", {"reviewer": str(story.world.people[who])})
        assert [each.code for each in refused.value.refusals] == ["conflict_of_interest"]
    story.act("office", "assign_reviewer", {"reviewer": str(story.world.people["reviewer3"])})


def test_the_queue_shows_load_and_due_dates_and_needs_no_query_per_row(
    story: Story, sign_in: SignIn
) -> None:
    client = sign_in("reviewer1")
    needed = []
    for number in range(1, 4):
        [review] = invite(story, "reviewer1", title=f"Vorhaben {number}")
        if number == 1:
            story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
            client.post(f"/cases/{review}/review", data=typed(story, client, review, go="stay"))
        with counted(story) as statements:
            page = client.get("/reviews").text
        needed.append(len(statements))
    assert "3 Gutachten warten auf Sie" in page
    story.now += timedelta(days=2)
    page = client.get("/reviews").text
    assert "Überfällig: 0. In den nächsten sieben Tagen fällig: 2." in page
    assert page.count("5 von 5 Kriterien") == 1 and page.count("0 von 5 Kriterien") == 2
    assert len(set(needed)) == 1, needed
    assert sign_in("office").get("/reviews").status_code == 404


def test_own_scores_so_far_are_counted_on_the_form(
    story: Story, two: list[uuid.UUID], sign_in: SignIn
) -> None:
    client = sign_in("reviewer1")
    assert "noch keine Punkte vergeben" in client.get(f"/cases/{two[0]}/review").text
    story.score(two[1], 0)
    client.post(f"/cases/{two[0]}/review", data=typed(story, client, two[0], go="stay"))
    [following] = invite(story, "reviewer1", title="Noch eines")
    story.act("reviewer1", "accept", {"no_conflict": True}, on=following)
    with counted(story) as statements:
        page = client.get(f"/cases/{following}/review").text
    counts = page.partition("</caption>")[2].partition("</table>")[0]
    cells = re.findall(r'<td class="number">([^<]*)</td>', counts)
    assert cells[-7:] == ["0", "0", "0", "0", "5", "0", "4,00"]
    assert len(statements) <= 16


def test_the_print_pack_has_the_application_and_an_empty_form(
    story: Story, two: list[uuid.UUID], sign_in: SignIn
) -> None:
    path = f"/cases/{two[0]}/review/print"
    page = sign_in("reviewer1").get(path).text
    assert "Behördenbriefe in" in page and "4 – sehr gut" in page and "Nachbarschaft" in page
    assert sign_in("reviewer2").get(path).status_code == 404
    with story.database.write() as session:
        session.get_one(Call, story.world.calls["grant_case"]).is_blind = True
    page = sign_in("reviewer1").get(path).text
    assert "Behördenbriefe in" in page and "Nachbarschaft Digital" not in page


def answered(client: FlaskClient, review: uuid.UUID, why: str, words: str = "") -> Any:
    data = {"decline-declined_for": why, "decline-declined_words": words}
    return client.post(f"/cases/{review}/events/decline", data=data)


def test_an_invitation_is_declined_with_a_reason_that_the_office_sees(
    story: Story, sign_in: SignIn
) -> None:
    [review] = invite(story, "reviewer1")
    client, office = sign_in("reviewer1"), sign_in("office")
    for why, words in (("", ""), ("other", " "), ("conflict", ""), ("other", "x" * 2001)):
        answer = answered(client, review, why, words)
        assert answer.status_code == 422 and "kern-error" in answer.text, why
        assert words.strip() in answer.text and story.state(review) == "invited"
    assert answered(client, review, "not_my_field").status_code == 302
    assert story.state(review) == "declined"
    pages = [f"/cases/{review}", f"/cases/{review}/history", f"/cases/{story.case_id}", "/tasks"]
    pages.append(f"/calls/cc-gemeinsam-2026/assignment/{story.case_id}")
    for path in pages:
        with counted(story) as statements:
            assert "Nicht mein Gebiet" in office.get(path).text, path
        assert len(statements) <= (18 if "assignment" in path else 16), path
    assert "Nicht mein Gebiet" not in sign_in("applicant1").get(f"/cases/{story.case_id}").text
    with pytest.raises(Refused):
        story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    with pytest.raises(Refused):
        asked = {"reviewer": str(story.world.people["reviewer1"])}
        story.act("office", "assign_reviewer", asked)


def test_declining_for_a_conflict_declares_it(story: Story, sign_in: SignIn) -> None:
    [review] = invite(story, "reviewer1")
    words = "Meine Schwester leitet den Verein."
    answered(sign_in("reviewer1"), review, "conflict", words)
    assert story.state(review) == "recused"
    with story.database.read() as session:
        assert session.get_one(Review, review).discarded_reason == words
    assert words in sign_in("office").get(f"/cases/{review}/history").text
    [later] = invite(story, "reviewer1", title="Noch eines")
    told = "Bei einem früheren Antrag dieser Organisation haben Sie eine Befangenheit angezeigt."
    assert told in sign_in("reviewer1").get(f"/cases/{later}").text


def test_load_and_due_dates_are_seen_before_answering(story: Story, sign_in: SignIn) -> None:
    invite(story, "reviewer1", title="Das erste")
    [review] = invite(story, "reviewer1")
    with story.database.write() as session:
        user = story.world.people["reviewer1"]
        profile = session.get(ReviewerProfile, user) or ReviewerProfile(user_id=user)
        profile.most = 1
        session.add(profile)
    story.now = story.now.replace(year=2026, month=3, day=2, hour=9)
    page = sign_in("reviewer1").get(f"/cases/{review}").text
    assert "2 mit diesem, vereinbart sind höchstens 1" in page
    assert "Das ist mehr als vereinbart" in page
    assert "bis 23. März 2026" in page, "21 days from today"


def test_the_api_declines_alike(story: Story, app: Flask) -> None:
    [review] = invite(story, "reviewer1")
    with story.database.write() as session:
        tokens = {
            who: create_token(session, story.world.people[who], story.now)
            for who in ("reviewer1", "office")
        }
    client = app.test_client()

    def seen(who: str) -> Any:
        headers = {"Authorization": f"Bearer {tokens[who]}"}
        return client.get(f"/api/v1/processes/{review}", headers=headers).json

    asked = seen("reviewer1")
    assert asked["invitation"]["held"] == 1 and asked["invitation"]["review_due"]
    assert "invitation" not in seen("office")
    [event] = [each for each in asked["events"] if each["event"] == "decline"]
    codes = [each["value"] for each in event["fields"][0]["choices"]]
    assert codes == ["no_time", "not_my_field", "conflict", "other"]

    def decline(**data: Any) -> Any:
        headers = {
            "Authorization": f"Bearer {tokens['reviewer1']}",
            "If-Match": f'"{seen("reviewer1")["version"]}"',
            "Idempotency-Key": str(uuid.uuid4()),
        }
        path = f"/api/v1/processes/{review}/events/decline"
        return client.post(path, headers=headers, json={"data": data})

    wrong: list[dict[str, Any]] = [
        {},
        {"declined_for": "rain"},
        {"declined_for": "other"},
        {"declined_for": ["no_time"]},
        {"declined_for": "other", "declined_words": "x" * 2001},
    ]
    for data in wrong:
        answer = decline(**data)
        assert answer.status_code == 422, data
        [field] = answer.json["errors"]
        assert field in ("declined_for", "declined_words")
        with pytest.raises(Refused) as refused:
            story.act("reviewer1", "decline", data, on=review)
        assert [each.at for each in refused.value.refusals] == [field], "past the form as well"
    assert decline(declined_for="no_time", declined_words="not asked").status_code == 200
    assert seen("office")["declined"] == {"for": "no_time", "words": ""}


def test_the_api_shows_the_application_to_who_declared(
    story: Story, app: Flask, sign_in: SignIn
) -> None:
    [review] = invite(story, "reviewer1")
    with story.database.write() as session:
        token = create_token(session, story.world.people["reviewer1"], story.now)
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}

    def asked() -> Any:
        return client.get(f"/api/v1/processes/{review}/application", headers=headers)

    assert asked().status_code == 404
    story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    answers = asked().json["answers"]
    assert answers["organisation_name"] == "Nachbarschaft Digital e. V."
    with story.database.write() as session:
        session.get_one(Call, story.world.calls["grant_case"]).is_blind = True
    seen = asked().json
    assert seen["answers"] == {
        name: value for name, value in answers.items() if name in seen["answers"]
    }
    assert "organisation_name" not in seen["answers"] and "Nachbarschaft" not in asked().text
    asked_for = {each["id"] for part in seen["form"]["sections"] for each in part["fields"]}
    assert set(seen["answers"]) <= asked_for
    story.act("reviewer1", "late_conflict", on=review, reason="Wir kennen uns doch.")
    assert asked().status_code == 404
