"""Programmes are data: with every state and key renamed the same happens, to the last step."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

import workflows
from forms import schema
from funding_app.demo.runner import Story, tell_grant, tell_micro_grant
from funding_app.models import Call, LogRecord, Process
from funding_app.models.database import Database
from funding_app.services import machinery_for
from funding_app.services.operations.definitions import adopt
from tests.conftest import START
from tests.engine.test_wandering import prepare, taken
from tests.support.databases import Templates
from tests.support.renamed import own_key, own_state, shipped_name, write_renamed
from tests.support.wanderer import Names, Wanderer
from workflows.lint import lint_all

PERIOD = ("2026-05-01", "2026-12-31")
STEPS = 400
MOST_STEPS = 20_000
SHIPPED = workflows.load()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> workflows.Registry:
    """The shipped definitions, and beside them each as an office's own."""
    folder = tmp_path_factory.mktemp("office")
    write_renamed(folder)
    return workflows.load(folder)


class RenamedStory(Story):
    """A story told with an office's own definitions."""

    def children_of(self, process_id: uuid.UUID, kind: str) -> list[uuid.UUID]:
        return Story.children_of(self, process_id, own_key(kind))


def renamed_of(story: Story, own: workflows.Registry) -> RenamedStory:
    """The same world, in which every call is run by the office's own definition."""
    with story.database.write() as session:
        for call in session.scalars(select(Call)):
            call.definition_key = own_key(call.definition_key)
    adopt(story.database, own)
    values = {field.name: getattr(story, field.name) for field in fields(Story)}
    return RenamedStory(**values | {"machinery": machinery_for(own)})


def test_renamed_definitions_are_clean(own: workflows.Registry) -> None:
    assert len(own.newest()) == 2 * len(SHIPPED.newest())
    assert lint_all(own, schema.keys()) == []


def happened(story: Story) -> list[tuple[str, str, str, str]]:
    """Every record of every log in the order of writing, by the names of what is shipped."""
    with story.database.read() as session:
        rows = session.execute(
            select(
                LogRecord.definition, LogRecord.event, LogRecord.from_state, LogRecord.to_state
            ).order_by(LogRecord.id)
        ).all()
    return [
        (
            shipped_name(row.definition),
            row.event,
            shipped_name(row.from_state),
            shipped_name(row.to_state),
        )
        for row in rows
    ]


def ended(story: Story) -> set[str]:
    """The kinds of which a process has come to its end."""
    with story.database.read() as session:
        found = session.scalars(select(Process.definition_key).where(Process.is_terminal))
        return {shipped_name(key) for key in found.unique()}


def test_a_grant_and_a_micro_grant_run_to_their_end(story: Story, own: workflows.Registry) -> None:
    renamed = renamed_of(story, own)
    tell_micro_grant(renamed, Decimal("900.00"))
    tell_grant(renamed, Decimal("90000.00"), *PERIOD)
    assert {"micro_grant", "grant_case", "payment_request", "proof_of_use"} <= ended(renamed)


def wander(story: Story, names: Names) -> Wanderer:
    prepare(story)
    wanderer = Wanderer(story, seed=2026, names=names)
    for _step in range(STEPS):
        wanderer.step()
    return wanderer


def test_chance_goes_the_same_ways(
    story: Story, own: workflows.Registry, templates: Templates, tmp_path: Path
) -> None:
    wanderer = wander(story, Names())
    (tmp_path / "other").mkdir()
    database = Database(templates.copy("sqlite", tmp_path / "other", with_world=True))
    other = renamed_of(
        replace(story, database=database, world=templates.world("sqlite"), now=START), own
    )
    renamed = wander(other, Names(own_key, own_state))
    assert happened(other) == happened(story)
    assert renamed.refused == wanderer.refused
    database.dispose()


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_renamed_definition_comes_to_its_end(story: Story, own: workflows.Registry) -> None:
    renamed = renamed_of(story, own)
    prepare(renamed)
    wanderer = Wanderer(renamed, seed=2026, names=Names(own_key, own_state))
    every, missing = set(SHIPPED.keys()), set(SHIPPED.keys())
    while missing and wanderer.steps < MOST_STEPS:
        wanderer.step()
        if wanderer.steps % 100 == 0:
            missing = every - ended(renamed)
            with renamed.database.read() as session:
                wanderer.seen = taken(session)
            print(wanderer.steps, sorted(missing))
    assert missing == set(), f"after {wanderer.steps} steps"
