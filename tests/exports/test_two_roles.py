"""Who works for a ministry and for an applicant exports only what the ministry may see."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from funding_app.demo.runner import Story, micro_answers
from funding_app.models import RoleAssignment
from tests.exports.reading import as_items, content

pytestmark = pytest.mark.both_databases

AMOUNT = Decimal("900.00")


def decide_unannounced(story: Story) -> None:
    """A micro-grant of the first ministry alone: decided, and not yet notified."""
    start, end = ((story.now + timedelta(days=days)).date().isoformat() for days in (20, 30))
    story.apply("micro_grant", micro_answers(AMOUNT, start, end, "Leihladen"))
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.twice("officer", "approver", "decide_grant", {"amount": str(AMOUNT)})


@pytest.mark.parametrize("name", ["applications", "decisions"])
def test_an_applicants_role_adds_nothing_to_an_export(story: Story, name: str) -> None:
    with story.database.write() as session:
        session.add(
            RoleAssignment(
                user_id=story.world.people["expert2"],
                role="applicant_editor",
                organisation_id=story.world.organisations[0],
                granted_at=story.now,
            )
        )
    decide_unannounced(story)
    assert len(as_items(content(story, name, "json", "expert1"))) == 1
    assert as_items(content(story, name, "json", "expert2")) == []
