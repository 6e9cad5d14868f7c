"""A released definition never changes under a case that runs on it. On both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, update

import workflows
from forms import schema
from funding_app.demo.runner import Story, micro_answers
from funding_app.engine.storage.in_use import DefinitionInUse, keep
from funding_app.models import FormVersion, StoredDefinition
from funding_app.models.database import Database
from funding_app.queries.calls.forms import newest_form
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


def begin_one(story: Story) -> None:
    story.apply("micro_grant", micro_answers(Decimal(900), "2026-04-01", "2026-05-31", "Ein Fest"))


def test_a_definition_is_kept_word_for_word_from_its_first_process_on(story: Story) -> None:
    adopt(story.database, story.machinery.definitions)
    assert "micro_grant" not in stored(story.database)
    begin_one(story)
    with story.database.read() as session:
        row = session.get_one(StoredDefinition, ("micro_grant", NEWER - 1))
    one = SHIPPED.get("micro_grant")
    assert (row.sha256, row.text) == (one.sha256, one.text)
    begin_one(story)
    assert stored(story.database)["micro_grant"] == one.sha256


def test_what_no_process_runs_on_can_still_be_put_right(story: Story) -> None:
    adopt(story.database, story.machinery.definitions)
    adopt(story.database, with_changed(changed("micro_grant")))
    corrected = replace(story, machinery=machinery_for(with_changed(changed("micro_grant"))))
    begin_one(corrected)
    assert stored(story.database)["micro_grant"] == changed("micro_grant").sha256


def test_nothing_begins_on_other_words_than_those_in_use(story: Story) -> None:
    begin_one(story)
    other = replace(story, machinery=machinery_for(with_changed(changed("micro_grant"))))
    with pytest.raises(DefinitionInUse, match="has changed since it was first used"):
        begin_one(other)


def test_same_version_with_other_words_is_refused_naming_both(story: Story) -> None:
    database = story.database
    begin_one(story)
    one = changed("micro_grant")
    with pytest.raises(DefinitionChanged) as caught:
        adopt(database, with_changed(one))
    text = str(caught.value)
    assert SHIPPED.get("micro_grant").sha256 in text
    assert one.sha256 in text
    assert "office/changed.yaml" in text
    assert stored(database)["micro_grant"] == SHIPPED.get("micro_grant").sha256


def test_case_stays_on_the_version_it_began_with(story: Story) -> None:
    database = story.database
    adopt(database, story.machinery.definitions)
    story.apply("micro_grant", micro_answers(Decimal(900), "2026-04-01", "2026-05-31", "Ein Fest"))
    newer = with_changed(changed("micro_grant", version=NEWER))
    adopt(database, newer)
    assert (
        newer.get("micro_grant", SHIPPED.get("micro_grant").version).text
        == SHIPPED.get("micro_grant").text
    )
    assert newer.get("micro_grant").version == NEWER
    later = replace(story, machinery=machinery_for(newer))
    later.act(later.applicant, "submit")
    assert later.state() == "submitted"


def test_versions_no_case_runs_on_are_not_loaded(database: Database) -> None:
    adopt(database, SHIPPED)
    newer = with_changed(changed("micro_grant", version=NEWER))
    adopt(database, newer)
    with pytest.raises(KeyError):
        newer.get("micro_grant", SHIPPED.get("micro_grant").version)


def test_stored_text_that_can_not_be_read_is_named(story: Story) -> None:
    adopt(story.database, story.machinery.definitions)
    story.apply("micro_grant", micro_answers(Decimal(900), "2026-04-01", "2026-05-31", "Ein Fest"))
    with story.database.write() as session:
        broken = update(StoredDefinition).where(StoredDefinition.key == "micro_grant")
        session.execute(broken.values(text="key: micro_grant"))
    with pytest.raises(workflows.DefinitionError, match=f"micro_grant@{NEWER - 1}"):
        adopt(story.database, with_changed(changed("micro_grant", version=NEWER)))


def test_what_the_lint_finds_does_not_start(database: Database) -> None:
    one = SHIPPED.get("micro_grant")
    lost = (
        "states:\n  lost: {phase: %s, terminal: true, title: {de: A, en: A}, plain: {de: A, en: A}}"
    )
    text = one.text.replace("states:", lost % one.phases[-1].id, 1)
    text = text.replace("key: micro_grant", "key: office_grant", 1)
    registry = workflows.Registry([*SHIPPED.all(), workflows.parse(text, "office/lost.yaml")])
    with pytest.raises(workflows.DefinitionError, match=r"office/lost.yaml:\d+: .*'lost'"):
        adopt(database, registry)
    assert stored(database) == {}


def with_form(key: str) -> workflows.Registry:
    """The shipped definitions, and one whose form has this key."""
    text = SHIPPED.get("micro_grant").text.replace("key: micro_grant", "key: own_grant", 1)
    text = text.replace("form: micro_grant_application", f"form: {key}", 1)
    text = text.replace("form: short_report", f"form: {key}", 1)
    return workflows.Registry([*SHIPPED.all(), workflows.parse(text, "office/own.yaml")])


def test_a_form_that_does_not_exist_does_not_start(database: Database) -> None:
    with pytest.raises(workflows.DefinitionError) as caught:
        adopt(database, with_form("short_reprt"))
    assert {problem.what for problem in caught.value.problems} == {"unknown form 'short_reprt'"}
    assert "did you mean 'short_report'?" in str(caught.value)


def test_a_form_that_the_office_has_published_can_be_named(story: Story) -> None:
    content = schema.as_data(schema.get("short_report")) | {"key": "own_report", "version": 3}
    form, faults = schema.examine(content)
    assert not faults
    with story.database.write() as session:
        session.add(
            FormVersion(
                key="own_report",
                version=3,
                content=content,
                sha256=form.sha256,
                edited_by=story.world.people["office"],
                edited_at=NOW,
                published_at=NOW,
            )
        )
    adopt(story.database, with_form("own_report"))
    with story.database.read() as session:
        assert newest_form(session, "own_report").sha256 == form.sha256


def test_two_that_begin_at_once_both_begin(database: Database) -> None:
    barrier = threading.Barrier(4)

    def begin() -> None:
        with database.write() as session:
            barrier.wait() if database.engine.dialect.name != "sqlite" else None
            keep(session, SHIPPED.get("micro_grant"), NOW)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(begin) for _ in range(4)]:
            done.result()
    assert stored(database) == {"micro_grant": SHIPPED.get("micro_grant").sha256}
