"""Loading the demo where there is nothing yet: cases in many states, told through the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import update

from funding_app.demo.story import (
    Story,
    draw,
    grant_answers,
    micro_answers,
    tell_grant,
    tell_micro_grant,
    tell_to_active,
    tell_to_consultation,
    tell_to_notified,
)
from funding_app.demo.world import World, add_applicant, is_empty, lay_out
from funding_app.jobs.beside import workplace_of
from funding_app.jobs.drain import drain
from funding_app.models import UserAccount
from funding_app.services import accounts
from funding_app.web.desk import Portal
from funding_app.web.filters import DEMO_PASSWORD

PERIOD = ("2026-04-01", "2026-12-31")
BEGIN = datetime(2026, 2, 2, 9, 0, tzinfo=UTC)
CLUBS = (
    ("Stadtteilwerkstatt Kompass e. V.", "Halle"),
    ("Grüne Daten Initiative e. V.", "Freiburg"),
    ("Pflege im Dialog gGmbH", "Dortmund"),
    ("Offene Karten e. V.", "Rostock"),
    ("Barrierefrei Unterwegs e. V.", "Kassel"),
    ("Lernraum Zukunft e. V.", "Erfurt"),
)


def _draft(story: Story) -> None:
    story.apply("grant_case", grant_answers(Decimal("120000.00"), *PERIOD, "Wegweiser Pflege"))


def _submitted(story: Story) -> None:
    story.apply(
        "grant_case", grant_answers(Decimal("98000.00"), *PERIOD, "Daten für den Stadtbaum")
    )
    story.act(story.applicant, "submit")


def _in_check(story: Story) -> None:
    _submitted(story)
    story.act("officer", "start_check", {"no_conflict": True})


def _consultation(story: Story) -> None:
    tell_to_consultation(story, Decimal("250000.00"), *PERIOD)
    story.sign(0)


def _active(story: Story) -> None:
    tell_to_active(story, Decimal("180000.00"), *PERIOD)
    draw(story, Decimal("45000.00"))


def _micro_checked(story: Story) -> None:
    answers = micro_answers(Decimal("2400.00"), "2026-04-01", "2026-06-30", "Reparaturcafé mit KI")
    story.apply("micro_grant", answers)
    story.act(story.applicant, "submit")
    story.act("officer", "start_check", {"no_conflict": True})


TALES: tuple[Callable[[Story], None], ...] = (
    _draft,
    _submitted,
    _in_check,
    _consultation,
    _active,
    _micro_checked,
    lambda story: tell_to_notified(story, Decimal("140000.00"), *PERIOD),
    lambda story: tell_grant(story, Decimal("90000.00"), *PERIOD),
    lambda story: tell_micro_grant(story, Decimal("4800.00")),
)


def load_demo(parts: Portal) -> World | None:
    """Loads the demo; `None` where something is there already."""
    with parts.database.read() as session:
        if not is_empty(session):
            return None
    with parts.database.write() as session:
        world = lay_out(session)
        for number, (name, city) in enumerate(CLUBS, start=2):
            add_applicant(session, world, number, name, city)
        password_hash = accounts.hash_password(DEMO_PASSWORD)
        session.execute(update(UserAccount).values(password_hash=password_hash))
    place = workplace_of(parts.settings, parts.database, parts.storage, parts.machinery)
    for number, tale in enumerate(TALES):
        club = number % (len(CLUBS) + 1)

        def issue(now: datetime) -> None:
            drain(place, now=lambda: now)

        story = Story(
            parts.database,
            parts.machinery,
            world,
            BEGIN + timedelta(days=number),
            issue,
            applicant=f"applicant{club + 1}",
        )
        story.organisation = club
        tale(story)
        issue(story.now)
    place.close()
    return world
