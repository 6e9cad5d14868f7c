"""The demo's sample applications, by which its reviewers find a common measure."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from funding_app.demo.runner import COMMENT
from funding_app.demo.world.initiative import World
from funding_app.models import CalibrationSample, CalibrationScore, Call

FILE = Path(__file__).with_name("samples.yaml")


def add_samples(session: Session, world: World, now: datetime) -> None:
    """Gives the call for grants its samples, and what some reviewers made of them."""
    call = session.get_one(Call, world.calls["grant_case"])
    call.calibrates = True
    samples: list[dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    for each in samples:
        reference = each["reference"]
        sample = CalibrationSample(
            call_id=call.id,
            title=each["title"],
            text=each["text"],
            scores={name: score for name, (score, _reason) in reference.items()},
            comments={name: reason for name, (_score, reason) in reference.items()},
        )
        session.add(sample)
        session.flush()
        for who, scores in each["given"].items():
            session.add(
                CalibrationScore(
                    sample_id=sample.id,
                    user_id=world.people[who],
                    scores=scores,
                    comments=dict.fromkeys(scores, COMMENT),
                    scored_at=now,
                )
            )
