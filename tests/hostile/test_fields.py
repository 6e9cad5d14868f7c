"""25,000 hostile texts through every field of every page: kept exactly, or refused at the field."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

import pytest

from tests.hostile.conftest import House
from tests.hostile.doors import BESIDE, Doors, Spy, Verdict, is_text
from tests.support.hostile_texts import hostile_texts
from tests.support.site import Found, Site, parsed, signed_in, skeleton

pytestmark = pytest.mark.slow

# Forms of which the demo shows none, with where they are tested.
UNSEEN = {
    "people.accept_invitation": "behind a secret: tests/applications/test_writing.py",
    "people.resume": "behind the end of a session: tests/applications/test_writing.py",
    "operations.see_to_barrier": "the demo has no barrier reported",
    "applications.add_file": "sends files only: test_uploads.py and test_hostile_files.py",
    "reviews.contribute": "a discussion is opened by the office: tests/reviews",
    "mails.do_unsubscribe": "behind a link in a mail",
    "operations.confirm_rule_value": "has no field",
    "operations.decide_version": "has no field",
    "calls.preview_part": "sent by a script, with the fields of admin.write_part",
    "operations.propose_version": "needs two versions of a workflow: test_definition_versions.py",
    "calls.remove_check": "has no field",
    "reviews.remove_sample": "has no field",
    "operations.retry": "has no field",
    "operations.retry_all": "has no field",
    "panels.approve_minutes": "has no field",
    "panels.cast_vote": "has no field",
    "panels.close_meeting": "during a session: tests/panels/test_meetings.py",
    "panels.conclude": "during a session: tests/panels/test_meetings.py",
    "reviews.confirm_assignment": "has no field",
    "panels.lift_recusal": "after a finding of the office: tests/panels/test_recusals.py",
    "reviews.withhold_file": "the demo has no call that is reviewed blind: tests/reviews",
    "reviews.replace_file": "the demo has no call that is reviewed blind: tests/reviews",
    "reviews.show_file": "has no field",
    "applications.presence": "sent by a script, without a field",
}
UNTYPED = frozenset({"button", "password", "file"})
ENDING = frozenset({"people.sign_out"})


def forms_of(site: Site) -> list[Found]:
    return [found for found in site.forms.values() if found.endpoint not in ENDING]


def one_by_one(site: Site) -> Iterator[tuple[Found, list[str]]]:
    """Each field of each form alone, round after round."""
    for found in forms_of(site):
        for control in found.controls:
            if control.kind not in UNTYPED and control.name != "csrf_token":
                yield found, [control.name]


def together(site: Site) -> Iterator[tuple[Found, list[str]]]:
    """All texts of a form at once."""
    for found in forms_of(site):
        names = [control.name for control in found.controls if is_text(control)]
        if names:
            yield found, list(dict.fromkeys(names))


def sent_through(house: House, site: Site, most: int, seed: int) -> tuple[int, list[Verdict]]:
    """Sends texts until there were so many; how many it were, and what went wrong."""
    doors, texts = Doors(house, Spy(house)), hostile_texts(seed)
    alone = list(one_by_one(site))
    rounds = [*alone, *islice(cycle(together(site)), most)]
    count, wrong = 0, []
    for found, names in rounds:
        if count >= most:
            break
        verdict = doors.send(found, dict(zip(names, texts, strict=False)))
        count += len(names)
        if verdict.wrong:
            wrong.append(verdict)
        if doors.spy.touched - BESIDE:
            house.restore()
            doors.people.clear()
    return count, wrong


def test_no_page_fails(site: Site) -> None:
    assert [each for each in site.refused if each.rpartition(" ")[2].startswith("5")] == []


def test_every_form_of_the_portal_is_found(house: House, site: Site) -> None:
    changing = {
        rule.endpoint
        for rule in house.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("api.")
    }
    assert changing - {found.endpoint for found in site.forms.values()} == set(UNSEEN)


@pytest.mark.timeout(900)
def test_every_text_is_kept_or_refused_at_its_field(house: House, site: Site, texts: int) -> None:
    count, wrong = sent_through(house, site, texts, seed=1)
    assert count >= texts
    assert wrong == [], "\n".join(map(str, wrong[:20]))


@pytest.mark.postgresql
@pytest.mark.timeout(900)
def test_every_page_is_built_alike_on_postgresql(postgresql_house: House, site: Site) -> None:
    """Other tests of pages keep to SQLite: here each query of a page meets the other database."""
    app, wrong = postgresql_house.app, []
    names = {who for who, _path in site.pages}
    people = {who: signed_in(app, postgresql_house.database, who) for who in names}
    for (who, path), page in site.pages.items():
        answer = people[who].get(path)
        if skeleton(parsed(answer.text)) != skeleton(parsed(page)):
            wrong.append(f"{who} {path}: status {answer.status_code}")
    assert wrong == [], "\n".join(wrong[:20])


@pytest.mark.postgresql
@pytest.mark.timeout(900)
def test_a_sample_of_them_on_postgresql(postgresql_house: House, site: Site, texts: int) -> None:
    _count, wrong = sent_through(postgresql_house, site, texts // 4, seed=2)
    broken = [each for each in wrong if any("status 5" in text for text in each.wrong)]
    assert broken == [], "\n".join(map(str, broken[:20]))
