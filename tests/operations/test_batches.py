"""One step for many cases of a call: offered to offices, ordered, done by the queue."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from funding_app.demo.runner import Story, grant_answers
from funding_app.jobs.runner import drain
from funding_app.jobs.workplace import Workplace
from funding_app.models import Call
from tests.fixtures.pages import SignIn

pytestmark = pytest.mark.both_databases

PERIOD = ("2026-04-01", "2026-12-31")
PLACE = "/calls/{}/many"


def drafts(story: Story, count: int) -> str:
    """That many drafts under a call that is over by now; its name."""
    for number in range(count):
        story.apply("grant_case", grant_answers(Decimal("90000.00"), *PERIOD, f"Nr. {number}"))
    with story.database.write() as session:
        call = session.get_one(Call, story.world.calls["grant_case"])
        assert call.closes_at is not None
        story.now = call.closes_at + timedelta(days=1)
        return call.ref


def test_drafts_of_a_closed_call_are_closed_in_one_go(
    sign_in: SignIn, story: Story, workplace: Workplace
) -> None:
    call = drafts(story, 3)
    last = story.case_id
    office = sign_in("office")
    assert PLACE.format(call) in office.get(f"/cases?call={call}").text
    assert "Entwurf schließen" in office.get(PLACE.format(call)).text
    place = f"{PLACE.format(call)}/draft/close_draft"
    page = office.get(place).text
    assert "Betroffen sind alle Fälle im Stand „Entwurf“: 3." in page
    assert "Nicht eingereicht" in page
    ordered = office.post(place, follow_redirects=True).text
    assert "Betroffene Fälle: 3" in ordered
    assert "verbleibende Teilaufträge: 1" in ordered
    drain(workplace, now=lambda: story.now)
    assert story.state(last) == "not_submitted"
    assert "zurzeit nichts" in office.get(PLACE.format(call)).text


def test_before_the_deadline_nobody_learns_how_many_drafts_there_are(
    sign_in: SignIn, story: Story
) -> None:
    before = story.now
    call = drafts(story, 2)
    story.now = before
    office = sign_in("office")
    assert "zurzeit nichts" in office.get(PLACE.format(call)).text
    assert office.get(f"{PLACE.format(call)}/draft/close_draft").status_code == 404
    assert '<td class="number">2</td>' not in office.get("/admin/calls").text


def test_who_holds_no_role_for_it_is_offered_nothing(sign_in: SignIn, story: Story) -> None:
    call = drafts(story, 1)
    place = PLACE.format(call)
    assert sign_in("applicant1").get(place).status_code == 404
    officer = sign_in("officer")
    assert "zurzeit nichts" in officer.get(place).text
    assert officer.get(f"{place}/draft/close_draft").status_code == 404
    assert officer.post(f"{place}/draft/close_draft").status_code == 404
    # what asks something of each case is not for many
    assert sign_in("office").get(f"{place}/draft/submit").status_code == 404
    assert story.state() == "draft"
