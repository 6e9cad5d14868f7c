"""A released definition never changes under a case that runs on it. On both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update

import workflows
from funding_app.demo.runner import Story, micro_answers
from funding_app.models import StoredDefinition
from funding_app.models.database import Database
from funding_app.services import machinery_for
from funding_app.services.operations.definitions import DefinitionChanged, adopt
from workflows.definition import Definition

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SHIPPED = workflows.load()

NEWER = SHIPPED.get("micro_grant").version + 1


def changed(key: str, *, version: int | None = None) -> Definition:
    """The shipped definition with another word in its title."""
    one = SHIPPED.get(key)
    text = one.text.replace(one.title["en"], "Another title", 1)
    text = text.replace(f"version: {one.version}", f"version: {version or one.version}", 1)
    return workflows.parse(text, "office/changed.yaml")


def with_changed(one: Definition) -> workflows.Registry:
    others = [known for known in SHIPPED.all() if known.key != one.key]
    return workflows.Registry([*others, one])


def stored(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {row.key: row.sha256 for row in session.scalars(select(StoredDefinition))}


def test_new_definitions_are_stored_word_for_word(database: Database) -> None:
    adopt(database, SHIPPED, NOW)
    with database.read() as session:
        rows = session.scalars(select(StoredDefinition)).all()
    assert {(row.key, row.version, row.sha256, row.text) for row in rows} == {
        (one.key, one.version, one.sha256, one.text) for one in SHIPPED.all()
    }


def test_second_start_stores_nothing_anew(database: Database) -> None:
    adopt(database, SHIPPED, NOW)
    adopt(database, SHIPPED, NOW + timedelta(days=1))
    with database.read() as session:
        assert session.scalar(select(func.max(StoredDefinition.stored_at))) == NOW


def test_same_version_with_other_words_is_refused_naming_both(database: Database) -> None:
    adopt(database, SHIPPED, NOW)
    one = changed("micro_grant")
    with pytest.raises(DefinitionChanged) as caught:
        adopt(database, with_changed(one), NOW)
    text = str(caught.value)
    assert SHIPPED.get("micro_grant").sha256 in text
    assert one.sha256 in text
    assert "office/changed.yaml" in text
    assert stored(database)["micro_grant"] == SHIPPED.get("micro_grant").sha256


def test_case_stays_on_the_version_it_began_with(story: Story) -> None:
    database = story.database
    adopt(database, story.machinery.definitions, NOW)
    story.apply("micro_grant", micro_answers(Decimal(900), "2026-04-01", "2026-05-31", "Ein Fest"))
    newer = with_changed(changed("micro_grant", version=NEWER))
    adopt(database, newer, NOW)
    assert (
        newer.get("micro_grant", SHIPPED.get("micro_grant").version).text
        == SHIPPED.get("micro_grant").text
    )
    assert newer.get("micro_grant").version == NEWER
    later = replace(story, machinery=machinery_for(newer))
    later.act(later.applicant, "submit")
    assert later.state() == "submitted"


def test_versions_no_case_runs_on_are_not_loaded(database: Database) -> None:
    adopt(database, SHIPPED, NOW)
    newer = with_changed(changed("micro_grant", version=NEWER))
    adopt(database, newer, NOW)
    with pytest.raises(KeyError):
        newer.get("micro_grant", SHIPPED.get("micro_grant").version)


def test_stored_text_that_can_not_be_read_is_named(story: Story) -> None:
    adopt(story.database, story.machinery.definitions, NOW)
    story.apply("micro_grant", micro_answers(Decimal(900), "2026-04-01", "2026-05-31", "Ein Fest"))
    with story.database.write() as session:
        broken = update(StoredDefinition).where(StoredDefinition.key == "micro_grant")
        session.execute(broken.values(text="key: micro_grant"))
    with pytest.raises(workflows.DefinitionError, match=f"micro_grant@{NEWER - 1}"):
        adopt(story.database, with_changed(changed("micro_grant", version=NEWER)), NOW)


def test_what_the_lint_finds_does_not_start(database: Database) -> None:
    one = SHIPPED.get("micro_grant")
    lost = (
        "states:\n  lost: {phase: %s, terminal: true, title: {de: A, en: A}, plain: {de: A, en: A}}"
    )
    text = one.text.replace("states:", lost % one.phases[-1].id, 1)
    text = text.replace("key: micro_grant", "key: office_grant", 1)
    registry = workflows.Registry([*SHIPPED.all(), workflows.parse(text, "office/lost.yaml")])
    with pytest.raises(workflows.DefinitionError, match=r"office/lost.yaml:\d+: .*'lost'"):
        adopt(database, registry, NOW)
    assert stored(database) == {}


def test_two_that_start_at_once_both_start(database: Database) -> None:
    barrier = threading.Barrier(4)

    def start() -> None:
        barrier.wait()
        adopt(database, workflows.load(), NOW)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(start) for _ in range(4)]:
            done.result()
    assert len(stored(database)) == len(SHIPPED.all())
