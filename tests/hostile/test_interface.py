"""Hostile texts and values through every body that the API reads: kept exactly, or told where."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from funding_app.adapters.clock import system_clock
from funding_app.engine.storage import statements
from funding_app.models import Process, RoleAssignment, UserAccount
from funding_app.services.applications.answers import form_of
from funding_app.services.people import accounts
from tests.hostile.conftest import House
from tests.hostile.doors import Spy, lined, tidy
from tests.hostile.preparing import OFFICIALS
from tests.support.hostile_texts import hostile_texts

pytestmark = pytest.mark.slow

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**30, [], {}, [[]], [None], [{}], {"": ""}, {"a": []},
    [1, "x", None, {}], ["x"] * 300, {"start": "x", "end": []}, [{"name": {}}], {"de": "x"}, "",
)  # fmt: skip
"""Values of JSON that are no text, and often none of what a field asks for."""

BROKEN = (
    b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1e999}', b"{}" * 9,
    b'{"a":1,"a":2}', b"[" * 5_000, b'{"a":' * 5_000, b'{"a": "\\ud800"}', b'{"\\u0000": 1}',
    b'{"data": {"x": "\\u0000"}}', b'\xef\xbb\xbf{"a": 1}', b'{"a": ' + b"9" * 5_000 + b"}",
)  # fmt: skip


def tangled(random: Random, text: str) -> Any:
    """The text as it is, or within what is no text."""
    ways = (text, text, text, [text], {text: text}, [{"name": text}], random.choice(ODD))
    return random.choice(ways)


@dataclass(slots=True)
class Interface:
    """The people who call the API, with what they have been told."""

    house: House
    spy: Spy
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, who: str) -> str:
        if who not in self.tokens:
            with self.house.database.write() as session:
                account = session.scalars(
                    select(UserAccount).where(UserAccount.email == f"{who}@demo.example")
                ).one()
                self.tokens[who] = accounts.create_token(session, account.id, system_clock())
        return self.tokens[who]

    def send(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        self.spy.touched.clear()
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.house.app.test_client().open(
            f"/api/v1{path}", method=method, data=payload, content_type="application/json",
            headers={"Authorization": f"Bearer {self.token(who)}", **sent},
        )  # fmt: skip

    def get(self, who: str, path: str) -> Any:
        answer = self.send(who, "GET", path)
        assert answer.status_code == 200, (who, path, answer.text[:300])
        return answer.json

    def renew(self) -> None:
        """Everything as it was, where something was written."""
        if self.spy.touched:
            self.house.restore()
            self.tokens.clear()


@pytest.fixture
def interface(house: House) -> Iterator[Interface]:
    house.restore()
    yield Interface(house, Spy(house))
    house.restore()


def told_at(answer: TestResponse) -> set[str]:
    """The fields of which a problem document speaks."""
    return {name.partition("/")[0] for name in (answer.json or {}).get("errors", {})}


def complained(answer: TestResponse, name: str, value: Any) -> Iterator[str]:
    """What is wrong with how a value was refused, or with a failure."""
    if answer.status_code >= 500:
        yield f"{name}={value!r:.80}: status {answer.status_code}"
    elif answer.status_code >= 400:
        if answer.mimetype != "application/problem+json":
            yield f"{name}={value!r:.80}: {answer.status_code} is no problem document"
        elif answer.status_code == 422 and name not in told_at(answer):
            yield f"{name}={value!r:.80}: told at {sorted(told_at(answer))}: {answer.text[:200]}"


def processes(house: House) -> list[tuple[str, uuid.UUID]]:
    """Of each kind and state one process, with everyone who may see it."""
    with house.database.read() as session:
        found = session.execute(select(Process)).scalars().all()
        holders = session.execute(
            select(RoleAssignment.organisation_id, UserAccount.email).join(
                UserAccount, UserAccount.id == RoleAssignment.user_id
            )
        ).all()
    own: dict[uuid.UUID | None, list[str]] = {}
    for organisation, email in holders:
        own.setdefault(organisation, []).append(email.partition("@")[0])
    one = {(each.definition_key, each.state, each.call_id): each for each in found}
    return [
        (who, each.id)
        for each in one.values()
        for who in dict.fromkeys((*own.get(each.organisation_id, ()), *OFFICIALS))
    ]


def questions(interface: Interface) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    """Who may fire which event of what, and which of its fields."""
    known = set()
    for who, process_id in processes(interface.house):
        answer = interface.send(who, "GET", f"/processes/{process_id}")
        if answer.status_code != 200:
            continue
        for event in answer.json["events"]:
            for name in (*(each["name"] for each in event["fields"]), "reason"):
                key = (answer.json["kind"], answer.json["state"], event["event"], name)
                if event["allowed"] and key not in known:
                    known.add(key)
                    path = f"/processes/{process_id}/events/{event['event']}"
                    yield who, path, {"version": answer.json["version"], **event}, name


@pytest.mark.timeout(900)
def test_every_field_of_every_event(interface: Interface, texts: int) -> None:
    found = list(questions(interface))
    assert len(found) > 100
    random, wrong = Random(5), []
    sent = islice(hostile_texts(5), max(texts // 4, 2 * len(found)))
    for (who, path, event, name), text in zip(cycle(found), sent, strict=False):
        value = text if name == "reason" else tangled(random, text)
        data = {each["name"]: "Probe" for each in event["fields"] if each["required"]}
        body = {"reason": value} if name == "reason" else {"data": {**data, name: value}}
        answer = interface.send(who, "POST", path, body, If_Match=str(event["version"]))
        where = f"{who} {path.rpartition('/')[2]} {name}"
        if answer.status_code >= 500:
            wrong.append(f"{where}={value!r:.80}: status {answer.status_code}")
        elif answer.status_code == 422 and not told_at(answer):
            wrong.append(f"{where}={value!r:.80}: told at no field: {answer.text[:200]}")
        elif answer.status_code == 200 and isinstance(value, str) and value.strip():
            kept = interface.spy.texts()
            if not {value, lined(value), tidy(value)} & kept:
                wrong.append(f"{where}={value!r:.80}: accepted and not stored")
        interface.renew()
    assert wrong == [], "\n".join(wrong[:20])


def drafts(interface: Interface) -> Iterator[tuple[str, uuid.UUID, list[str]]]:
    """Who may write in which form now, and its fields."""
    known = set()
    for who, process_id in processes(interface.house):
        answer = interface.send(who, "GET", f"/processes/{process_id}")
        if answer.status_code != 200:
            continue
        version = answer.json["answers_version"]
        tried = interface.send(
            who, "PATCH", f"/processes/{process_id}/answers", {"?": ""}, If_Match=str(version)
        )
        names = _fields_of(interface.house, process_id)
        kind = " ".join(names)
        if tried.json.get("code") == "unknown_field" and kind not in known:
            known.add(kind)
            yield who, process_id, names


def _fields_of(house: House, process_id: uuid.UUID) -> list[str]:
    with house.database.read() as session:
        form = form_of(session, statements.load(session, process_id))
        return [each.id for each in form.fields] if form else []


@pytest.mark.timeout(900)
def test_every_answer_of_every_form(interface: Interface, texts: int) -> None:
    places = [
        (who, process_id, name) for who, process_id, names in drafts(interface) for name in names
    ]
    assert len(places) > 30
    random, wrong = Random(6), []
    sent = islice(hostile_texts(6), max(texts // 2, 2 * len(places)))
    for (who, process_id, name), text in zip(cycle(places), sent, strict=False):
        path = f"/processes/{process_id}"
        value = tangled(random, text)
        version = str(interface.get(who, path)["answers_version"])
        answer = interface.send(who, "PATCH", f"{path}/answers", {name: value}, If_Match=version)
        wrong += complained(answer, name, value)
        if answer.status_code == 200:
            kept = interface.get(who, path)["data"].get(name)
            if kept != value and (kept or value):  # no file is no file
                wrong.append(f"{who} {name}={value!r:.80}: kept as {kept!r:.80}")
    interface.house.restore()
    assert wrong == [], "\n".join(wrong[:20])


def test_titles_of_procedures(interface: Interface, texts: int) -> None:
    wrong = []
    for text in islice(hostile_texts(7), max(texts // 10, 200)):
        for name in ("title", "kind", "call"):
            body = {"kind": "programme", "title": "Probe", name: text}
            answer = interface.send("office", "POST", "/procedures", body)
            if answer.status_code in (201, 403, 404):
                kept = interface.spy.texts()
                if answer.status_code == 201 and name == "title" and text.strip() not in kept:
                    wrong.append(f"{text!r:.80}: not stored")
            else:
                wrong += complained(answer, name, text)
        interface.renew()
    assert wrong == [], "\n".join(wrong[:20])


def test_bodies_that_are_none(interface: Interface) -> None:
    rules = [
        (rule, method)
        for rule in interface.house.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in sorted({"POST", "PUT", "PATCH"} & set(rule.methods or ()))
    ]
    who, process_id, names = next(iter(drafts(interface)))
    values = {"process_id": process_id, "ref": "cc-gemeinsam-2026", "event": "submit",
              "field": names[0]}  # fmt: skip
    wrong = []
    with interface.house.app.test_request_context():
        paths = [(rule.rule, method) for rule, method in rules]
    for path, method in paths:
        for name, value in values.items():
            path = path.replace(f"<{name}>", str(value))  # noqa: PLW2901
        for body in BROKEN:
            answer = interface.send(who, method, path.removeprefix("/api/v1"), body, If_Match="1")
            if answer.status_code >= 500:
                wrong.append(f"{method} {path} {body[:40]!r}: {answer.status_code}")
            interface.renew()
    assert wrong == [], "\n".join(wrong[:20])
