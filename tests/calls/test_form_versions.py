"""Forms in the database: what is published never changes, and cases keep what they began with."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from forms import schema
from funding_app.demo.runner import Story
from funding_app.models import FormVersion
from funding_app.models.database import Database
from funding_app.queries.calls.forms import FormBroken, broken_forms, find_form, published_forms
from funding_app.services.calls import form_versions as service
from funding_app.services.calls.form_contract import application_forms, fits, forms_for, problems_of
from funding_app.services.calls.form_versions import DraftChanged, FormRefused
from tests.forms.schemas import forms as random_forms

pytestmark = pytest.mark.both_databases

MICRO = "micro_grant_application"
TITLE = {"de": "Neuer Titel", "en": "New title"}


def began(story: Story, key: str = MICRO, source: str = MICRO) -> tuple[str, int]:
    with story.database.write() as session:
        draft = service.begin_draft(
            session,
            schema.get(source),
            key,
            own_keys=application_forms(story.machinery.definitions),
            actor_id=story.world.people["office"],
            now=story.now,
        )
        return draft.key, draft.version


def written(story: Story, place: tuple[str, int], content: dict[str, Any], edition: int) -> None:
    with story.database.write() as session:
        draft = service.locked_draft(session, *place, edition)
        actor = story.world.people["office"]
        service.write_draft(draft, content, actor_id=actor, now=story.now)


def published(story: Story, place: tuple[str, int], edition: int = 1) -> None:
    people = story.world.people
    with story.database.write() as session:
        draft = service.locked_draft(session, *place, edition)
        service.propose(draft, actor_id=people["office"], now=story.now)
    with story.database.write() as session:
        draft = service.locked_draft(session, *place, edition)
        service.publish(draft, actor_id=people["approver"], now=story.now)


def content_of(story: Story, place: tuple[str, int]) -> dict[str, Any]:
    with story.database.read() as session:
        return content_of_row(session.get_one(FormVersion, place))


def content_of_row(row: FormVersion) -> dict[str, Any]:
    return copy.deepcopy(row.content)


def test_every_shipped_form_survives_being_written_and_read() -> None:
    for shipped in map(schema.get, schema.keys()):
        found, problems = schema.examine(schema.as_data(shipped))
        assert problems == ()
        assert found.sections == shipped.sections


def test_a_published_version_can_not_be_changed_even_past_the_code(story: Story) -> None:
    place = began(story)
    written(story, place, content_of(story, place) | {"title": TITLE}, 1)
    published(story, place, 2)
    named = (FormVersion.key == place[0], FormVersion.version == place[1])
    statements = [
        update(FormVersion).where(*named).values(content={}),
        update(FormVersion).where(*named).values(published_at=None),
        delete(FormVersion).where(*named),
    ]
    if not story.database.is_sqlite:
        statements.append(text("TRUNCATE form_version"))
    for statement in statements:
        with pytest.raises(DBAPIError, match="never changes"), story.database.write() as session:
            session.execute(statement)
    with story.database.read() as session:
        assert find_form(session, *place).title == TITLE


def test_a_draft_can_still_be_changed_and_thrown_away(story: Story) -> None:
    place = began(story)
    written(story, place, content_of(story, place) | {"title": TITLE}, 1)
    with story.database.write() as session:
        session.delete(service.locked_draft(session, *place, 2))
    with story.database.read() as session:
        assert service.versions_of(session, MICRO) == []


def test_whoever_comes_later_is_told_and_nothing_is_lost(story: Story) -> None:
    place = began(story)
    content = content_of(story, place)
    written(story, place, content | {"title": TITLE}, 1)
    with pytest.raises(DraftChanged) as told:
        written(story, place, content, 1)
    assert told.value.edition == 2
    assert content_of(story, place)["title"] == TITLE


def test_two_persons_publish_and_a_change_takes_the_proposal_back(story: Story) -> None:
    place, people = began(story), story.world.people
    with pytest.raises(FormRefused, match="not_proposed"), story.database.write() as session:
        draft = service.locked_draft(session, *place, 1)
        service.publish(draft, actor_id=people["approver"], now=story.now)
    with story.database.write() as session:
        draft = service.locked_draft(session, *place, 1)
        service.propose(draft, actor_id=people["office"], now=story.now)
    with (
        pytest.raises(FormRefused, match="four_eyes_violation"),
        story.database.write() as session,
    ):
        draft = service.locked_draft(session, *place, 1)
        service.publish(draft, actor_id=people["office"], now=story.now)
    written(story, place, content_of(story, place) | {"title": TITLE}, 1)
    with story.database.read() as session:
        assert session.get_one(FormVersion, place).proposed_by is None
    with pytest.raises(DBAPIError, match="four_eyes"), story.database.write() as session:
        same = {"proposed_by": people["office"], "published_by": people["office"]}
        session.execute(update(FormVersion).values(same))


def test_what_has_a_mistake_is_not_published(story: Story) -> None:
    place = began(story)
    content = content_of(story, place)
    sections = [
        section | {"fields": [one for one in section["fields"] if one["id"] != "title"]}
        for section in content["sections"]
    ]
    written(story, place, content | {"sections": sections}, 1)
    with pytest.raises(FormRefused, match="has_problems"):
        published(story, place, 2)
    with story.database.read() as session, pytest.raises(KeyError):
        find_form(session, *place)


def test_a_draft_is_no_form_until_it_is_published(story: Story) -> None:
    place = began(story)
    assert place == (MICRO, schema.get(MICRO).version + 1)
    with story.database.read() as session:
        with pytest.raises(KeyError):
            find_form(session, *place)
        assert published_forms(session) == []
        assert find_form(session, MICRO, 1) is schema.get(MICRO, 1)
    published(story, place)
    other = Database(story.database.url)
    with other.read() as session:
        assert find_form(session, *place).sections == schema.get(MICRO).sections
        assert [form.key for form in published_forms(session)] == [MICRO]
    other.dispose()


def test_a_form_that_was_tampered_with_is_told_and_not_used(story: Story) -> None:
    place = began(story, "own_form")
    published(story, place)
    on_sqlite = story.database.is_sqlite
    guard = "form_version_no_update" if on_sqlite else "form_version_fixed ON form_version"
    with story.database.write() as session:
        assert broken_forms(session) == []
        session.execute(text(f"DROP TRIGGER {guard}"))
        changed = content_of_row(session.get_one(FormVersion, place)) | {"title": TITLE}
        named = (FormVersion.key == place[0], FormVersion.version == place[1])
        session.execute(update(FormVersion).where(*named).values(content=changed, sha256="a" * 64))
    with story.database.read() as session:
        with pytest.raises(FormBroken):
            find_form(session, *place)
        assert len(broken_forms(session)) == 1


@pytest.mark.parametrize(
    ("key", "code"),
    [("call", "key_taken"), ("review", "key_taken"), ("Ä", "key_unreadable"),
     ("x", "key_unreadable")],
)  # fmt: skip
def test_some_keys_are_no_ones(story: Story, key: str, code: str) -> None:
    with pytest.raises(FormRefused, match=code):
        began(story, key)


def test_one_draft_at_a_time(story: Story) -> None:
    began(story, "own_form")
    with pytest.raises(FormRefused, match="draft_exists"):
        began(story, "own_form")


def test_a_call_is_offered_what_its_cases_can_be_filled_in_with(story: Story) -> None:
    place = began(story, "own_form", "grant_application")
    published(story, place)
    definitions = story.machinery.definitions
    with story.database.read() as session:
        offered = forms_for(session, definitions, "grant_application")
        places = {(form.key, form.version) for form in offered}
    assert {("grant_application", 1), ("own_form", 1)} <= places
    assert ("data_project", 1) not in places
    assert not fits(schema.get("data_project"), "grant_application")
    for key in application_forms(definitions):
        assert list(problems_of(schema.get(key))) == []
        assert fits(schema.get(key), key)


@given(random_forms())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_form_survives_the_database(story: Story, content: dict[str, Any]) -> None:
    with story.database.write() as session:
        draft = service.begin_draft(
            session,
            schema.get(MICRO),
            "any_form",
            own_keys=set(),
            actor_id=story.world.people["office"],
            now=story.now,
        )
        place = draft.key, draft.version
    written(story, place, content | {"key": place[0], "version": place[1]}, 1)
    published(story, place, 2)
    with story.database.read() as session:
        stored = find_form(session, *place)
    expected, problems = schema.examine(content)
    assert problems == ()
    assert (stored.sections, stored.title) == (expected.sections, expected.title)
    with story.database.read() as session:
        row = session.get_one(FormVersion, place)
        assert schema.checksum(row.content) == row.sha256 == stored.sha256
