"""What persons state when chance lets them act: a value for each field, mostly a sensible one."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from funding_app.demo.runner import IBAN, Story
from workflows.definition import Transition


@dataclass(frozen=True, slots=True)
class Statements:
    """States what fields ask for."""

    story: Story
    chance: random.Random

    def of_event(self, session: Session, arrow: Transition) -> dict[str, Any]:
        """The data that comes with an event."""
        return {spec["id"]: self._answer(session, spec) for spec in arrow.fields}

    def _answer(self, session: Session, spec: Mapping[str, Any]) -> Any:
        kind, name = spec["type"], spec["id"]
        if kind == "yesno":
            return self.chance.random() < 0.95
        if kind == "date":
            return self._day(name)
        if kind == "money":
            return self.chance.choice(["10.00", "500.00", "2500.00", "9999.99", "60000.00"])
        if kind == "integer":
            return self._number(name)
        if kind in ("select", "radio"):
            return self._choice(session, spec)
        fixed = {"iban": IBAN, "shares": self.chance.choice(["60/25/15", "100/0/0", "50/50"])}
        fixed |= {"line_from": "0812", "line_to": "0843", "skill": "Maschinelles Lernen"}
        return fixed.get(name, "Angaben in einem Satz.")

    def _day(self, name: str) -> str:
        today = self.story.now.date()
        if name == "month":
            return "2026-06-01"
        behind = name.endswith("_on") or name == "interest_from"
        ahead = today + timedelta(days=self.chance.randrange(2, 60))
        before = today - timedelta(days=self.chance.randrange(0, 20))
        return (before if behind else ahead).isoformat()

    def _number(self, name: str) -> int:
        hours = self.chance.choice([6, 20, 90_000])
        known = {"video_seconds": 140, "participants": 3, "spent": 5, "hours": hours}
        return known.get(name, 3)

    def _choice(self, session: Session, spec: Mapping[str, Any]) -> str:
        people, world = self.story.world.people, self.story.world
        if spec.get("choices_from") in ("reviewers", "successors"):
            reviewers = [who for who in people if who.startswith("reviewer")]
            return str(people[self.chance.choice(reviewers)])
        if spec.get("choices_from") == "applicants":
            return str(self.chance.choice(world.organisations))
        if spec.get("choices_from") == "recusals":
            return "none:none"
        return str(self.chance.choice(spec["choices"])["value"])


def scores(form: Any) -> dict[str, Any]:
    names = [one.id for section in form.sections for one in section.fields]
    return {name: "4" for name in names if name.startswith("score_")} | {
        name: "Nachvollziehbar begründet und gut belegt." for name in names
        if name.startswith("comment_")
    }  # fmt: skip
