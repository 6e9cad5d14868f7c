"""The office's page for a call: proposed, changed by hand, confirmed, and opened by the engine."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import select

from funding_app.demo.runner import Story, grant_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import (
    Call,
    LogRecord,
    Organisation,
    PlannedReview,
    Process,
    ReviewerProfile,
    RoleAssignment,
    UserAccount,
)
from tests.fixtures.pages import SignIn
from tests.support.pages import as_read
from tests.web.test_queries import queries

PLACE = "/calls/cc-gemeinsam-2026/assignment"
PERIOD = ("2026-04-01", "2026-12-31")
CHECKS = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)


def under_review(story: Story, count: int) -> list[uuid.UUID]:
    """So many applications that have passed the formal check."""
    found = []
    for number in range(count):
        answers = grant_answers(Decimal("90000.00"), *PERIOD, f"Vorhaben {number}")
        answers["partners"] = {"partners": [{"name": "Hochschule Musterstadt", "role": "funded"}]}
        found.append(story.apply("grant_case", answers))
        story.act("applicant1", "submit")
        story.act("officer", "start_check", {"no_conflict": True})
        story.act("officer", "pass", {**CHECKS, "aid_basis": "none_non_economic"})
    return found


def profile(story: Story, who: str, **values: object) -> None:
    with story.database.write() as session:
        session.merge(ReviewerProfile(user_id=story.world.people[who], **values))


def propose(story: Story, workplace: Workplace, sign_in: SignIn) -> str:
    """The page after a proposal was ordered and computed."""
    office = sign_in("office")
    assert "wird berechnet" in office.post(PLACE, follow_redirects=True).text
    drain(workplace, now=lambda: story.now)
    return office.get(PLACE).text


def planned(story: Story) -> dict[uuid.UUID, set[str]]:
    names = {account: who for who, account in story.world.people.items()}
    found: dict[uuid.UUID, set[str]] = {}
    with story.database.read() as session:
        for row in session.scalars(select(PlannedReview)):
            found.setdefault(row.application_id, set()).add(names[row.reviewer_id])
    return found


def reviews(story: Story) -> list[tuple[uuid.UUID | None, uuid.UUID | None]]:
    with story.database.read() as session:
        asked = select(Process.parent_id, Process.assignee_id)
        rows = session.execute(asked.where(Process.definition_key == "review_assignment"))
        return [(row.parent_id, row.assignee_id) for row in rows]


def test_proposed_confirmed_and_opened_by_the_engine(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    cases = under_review(story, 3)
    profile(story, "reviewer1", fields=["administration"], most=2)
    page = as_read(propose(story, workplace, sign_in))
    assert "passt: Zugang zur Verwaltung" in page
    assert "bewiesen bestmöglich" in page
    assert re.search(r"Davon im Vorschlag</dt><dd>6<", page)
    assert set(planned(story)) == set(cases)
    assert all(len(names) == 2 for names in planned(story).values())
    assert reviews(story) == [], "nothing is opened before the confirmation"
    office = sign_in("office")
    assert "eröffnet werden: 6" in office.post(f"{PLACE}/confirm", follow_redirects=True).text
    drain(workplace, now=lambda: story.now)
    expected = {(case, story.world.people[who]) for case, names in planned(story).items()
                for who in names}  # fmt: skip
    assert set(reviews(story)) == expected and len(reviews(story)) == 6
    with story.database.read() as session:
        events = select(LogRecord.actor_id, LogRecord.door).where(
            LogRecord.event == "assign_reviewer"
        )
        told = {(row.actor_id, row.door) for row in session.execute(events)}
    assert told == {(story.world.people["office"], "job")}
    done = office.get(PLACE).text
    assert "fehlt zurzeit kein Gutachten" not in done and "eröffnet" in done
    assert office.post(f"{PLACE}/confirm").status_code == 409


def test_suspected_conflicts_are_not_proposed_and_told_with_their_reason(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    [case] = under_review(story, 1)
    profile(story, "reviewer1", affiliation="Hochschule Musterstadt", fields=["administration"])
    with story.database.write() as session:
        club = session.scalars(select(Organisation).where(Organisation.kind == "applicant")).first()
        assert club is not None
        session.get_one(UserAccount, story.world.people["applicant1"]).email = "a@club.example"
        session.get_one(UserAccount, story.world.people["reviewer2"]).email = "r@club.example"
    page = propose(story, workplace, sign_in)
    assert planned(story) == {case: {"reviewer3"}}
    assert "Wegen möglicher Befangenheit: 1." in page
    assert "Befangenheit: nur 1 frei" in page
    choice = sign_in("office").get(f"{PLACE}/{case}").text
    assert "gehört zu einer Partnerorganisation des Antrags" in choice
    assert "gleiche E-Mail-Domain wie eine Person der Organisation" in choice


def test_a_conflict_declared_before_is_remembered(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    first, second = under_review(story, 2)
    people = story.world.people
    story.act("office", "assign_reviewer", {"reviewer": str(people["reviewer1"])}, on=first)
    [child] = story.children_of(first, "review_assignment")
    story.act("reviewer1", "declare_conflict", on=child, reason="Frühere Zusammenarbeit")
    propose(story, workplace, sign_in)
    assert planned(story) == {case: {"reviewer2", "reviewer3"} for case in (first, second)}
    assert "schon einmal befangen" in sign_in("office").get(f"{PLACE}/{second}").text


def test_loads_that_are_full_leave_a_shortage_that_is_named(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    under_review(story, 2)
    profile(story, "reviewer1", most=1)
    profile(story, "reviewer2", most=1)
    profile(story, "reviewer3", most=0)
    page = propose(story, workplace, sign_in)
    assert "niemand gefunden wurde: 2" in page
    assert "Weil alle ausgelastet sind: 2." in page


def test_a_reviewer_is_replaced_by_hand(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    [case] = under_review(story, 1)
    profile(story, "reviewer1", fields=["administration"])
    profile(story, "reviewer2", fields=["administration"])
    propose(story, workplace, sign_in)
    assert planned(story) == {case: {"reviewer1", "reviewer2"}}
    people, officer = story.world.people, sign_in("officer")
    data = {"reviewer": [str(people["reviewer1"]), str(people["reviewer3"])]}
    page = officer.post(f"{PLACE}/{case}", data=data, follow_redirects=True).text
    assert planned(story) == {case: {"reviewer1", "reviewer3"}}
    assert page.count("von Hand</span>") == 1
    twice = {"reviewer": [str(people["reviewer1"])] * 2}
    refused = officer.post(f"{PLACE}/{case}", data=twice)
    assert refused.status_code == 422 and "lauter verschiedene Personen" in refused.text
    stranger = {"reviewer": [str(people["applicant1"])]}
    assert officer.post(f"{PLACE}/{case}", data=stranger).status_code == 422
    assert planned(story) == {case: {"reviewer1", "reviewer3"}}


def test_nothing_is_changed_by_hand_while_a_proposal_is_computed(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    [case] = under_review(story, 1)
    office = sign_in("office")
    office.post(PLACE)
    chosen = {"reviewer": [str(story.world.people["reviewer3"])]}
    answer = office.post(f"{PLACE}/{case}", data=chosen)
    assert answer.status_code == 409 and "gerade berechnet" in answer.text
    office.post(PLACE)
    drain(workplace, now=lambda: story.now)
    assert len(planned(story)[case]) == 2
    assert office.post(f"{PLACE}/{case}", data=chosen).status_code == 302
    assert planned(story) == {case: {"reviewer3"}}


def test_what_the_engine_refuses_stays_visible(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    [case] = under_review(story, 1)
    propose(story, workplace, sign_in)
    with story.database.write() as session:
        call = session.get_one(Call, story.world.calls["grant_case"])
        who = story.world.people[min(planned(story)[case])]
        session.query(RoleAssignment).filter_by(user_id=who, role="reviewer").delete()
        assert call.minimum_reviews == 2
    office = sign_in("office")
    office.post(f"{PLACE}/confirm")
    drain(workplace, now=lambda: story.now)
    assert len(reviews(story)) == 1
    assert "nicht eröffnet werden konnten: 1" in office.get(PLACE).text


def test_a_note_counts_for_the_next_proposal(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    [case] = under_review(story, 1)
    for who in ("reviewer1", "reviewer2"):
        profile(story, who, fields=["administration"])
    profile(story, "reviewer3", fields=["administration", "sensors"], region="DE-SN")
    office = sign_in("office")
    data = {"note_region": "DE-BY", "note_fields": ["sensors"]}
    page = office.post(f"{PLACE}/{case}/note", data=data, follow_redirects=True).text
    assert "Sensorik und offene Geodaten; Bayern" in page
    propose(story, workplace, sign_in)
    assert "reviewer3" in planned(story)[case]


def test_an_empty_call_and_a_call_without_reviewers_say_so(sign_in: SignIn, story: Story) -> None:
    office = sign_in("office")
    assert "fehlt zurzeit kein Gutachten" in office.get(PLACE).text
    with story.database.write() as session:
        session.query(RoleAssignment).filter_by(role="reviewer").delete()
    assert "Noch hat niemand die Rolle" in office.get(PLACE).text
    assert "Noch hat niemand die Rolle" in office.get("/admin/reviewers").text


@pytest.mark.parametrize("who", ["applicant1", "reviewer1", "expert1"])
def test_others_do_not_find_the_page(sign_in: SignIn, story: Story, who: str) -> None:
    [case] = under_review(story, 1)
    client = sign_in(who)
    assert client.get(PLACE).status_code == 404
    assert client.get(f"{PLACE}/{case}").status_code == 404
    assert client.post(PLACE).status_code == 404
    assert client.post(f"{PLACE}/{case}", data={"reviewer": ""}).status_code == 404
    assert client.get("/admin/reviewers").status_code == 404


def test_a_profile_is_kept(sign_in: SignIn, story: Story) -> None:
    office, who = sign_in("office"), story.world.people["reviewer2"]
    data = {"affiliation": "Institut", "region": "DE-HH", "most": "5", "fields": ["ethics"]}
    page = office.post(f"/admin/reviewers/{who}", data=data, follow_redirects=True).text
    assert "Ethik und Folgen der Technik" in page and "Hamburg" in page
    again = office.get(f"/admin/reviewers/{who}").text
    assert re.search(r'value="DE-HH" selected', again) and 'value="5"' in again
    assert office.post(f"/admin/reviewers/{who}", data=data | {"most": "-1"}).status_code == 422
    other = story.world.people["office"]
    assert office.get(f"/admin/reviewers/{other}").status_code == 404


def test_more_applications_need_no_more_queries(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    under_review(story, 1)
    propose(story, workplace, sign_in)
    office = sign_in("office")
    few = queries(story, office, PLACE)
    under_review(story, 5)
    propose(story, workplace, sign_in)
    assert queries(story, office, PLACE) == few
