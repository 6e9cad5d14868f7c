"""The same stories as everywhere, told through the JSON API alone."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from funding_app.demo.runner import Story
from funding_app.engine import Fired


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and the parsed body, or the bytes of what is no JSON."""

    status: int
    body: Any
    content: bytes


@dataclass(slots=True)
class Client:
    """A person's client: with a token, and every answer held against the description."""

    address: str
    token: str
    description: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.description = self.send("GET", "/openapi.json", checked=False).body

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        checked: bool = True,
    ) -> Answer:
        """Sends a request; an answer that is not described fails."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        payload = body if isinstance(body, bytes) else None
        if body is not None and payload is None:
            payload = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection.request(method, f"/api/v1{path}", payload, sent)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        is_json = "json" in response.headers.get_content_type()
        answer = Answer(response.status, json.loads(content) if is_json else None, content)
        if checked:
            check_described(self.description, method, path, answer)
        return answer

    def get(self, path: str) -> Any:
        """The body of a successful GET."""
        answer = self.send("GET", path)
        assert answer.status == 200, answer
        return answer.body


def check_described(description: Mapping[str, Any], method: str, path: str, answer: Answer) -> None:
    """The answer's status is documented for the operation, and its body fits the schema."""
    bare = f"/api/v1{path.partition('?')[0]}"
    fitting = [
        operations
        for template, operations in description["paths"].items()
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), bare)
    ]
    assert fitting, f"{bare} is not described"
    documented = fitting[0][method.lower()]["responses"]
    assert str(answer.status) in documented, f"{method} {bare} answered {answer.status}"
    for media, content in documented[str(answer.status)]["content"].items():
        if "json" in media:
            schema = {**content["schema"], "components": description["components"]}
            Draft202012Validator(schema).validate(answer.body)


@dataclass(slots=True, kw_only=True)
class ApiStory(Story):
    """A story whose steps are requests; nothing is read from the database but what a call asks."""

    address: str
    clock: Path
    tokens: Mapping[str, str]
    clients: dict[str, Client] = field(default_factory=dict)
    sent: int = 0

    def client(self, who: str) -> Client:
        """The person's client; business time stands at the story's."""
        self.clock.write_text(self.now.isoformat(), "utf-8")
        if who not in self.clients:
            self.clients[who] = Client(self.address, self.tokens[who])
        return self.clients[who]

    def apply(self, definition: str, sections: Mapping[str, Mapping[str, Any]]) -> uuid.UUID:
        """Begins a draft under the call of a definition and fills it in."""
        client = self.client(self.applicant)
        calls = client.get("/calls")["items"]
        ref = next(each["ref"] for each in calls if each["definition"] == definition)
        headers = {"Idempotency-Key": f"apply-{definition}-{self.now.isoformat()}"}
        first = client.send("POST", f"/calls/{ref}/applications", headers=headers)
        again = client.send("POST", f"/calls/{ref}/applications", headers=headers)
        assert first.status == again.status == 201
        assert first.body["id"] == again.body["id"], "the same key begins one application"
        self.case_id = uuid.UUID(first.body["id"])
        self.write(self.case_id, sections)
        return self.case_id

    def write(self, process_id: uuid.UUID, sections: Mapping[str, Mapping[str, Any]]) -> None:
        """Saves sections of a form as the one who has to."""
        with self.database.read() as session:
            from funding_app.models import Process  # noqa: PLC0415 - who is asked

            assignee = session.get_one(Process, process_id).assignee_id
        who = next(
            (key for key, person in self.world.people.items() if person == assignee),
            self.applicant,
        )
        client = self.client(who)
        for answers in sections.values():
            version = client.get(f"/processes/{process_id}")["answers_version"]
            path = f"/processes/{process_id}/answers"
            saved = client.send("PATCH", path, dict(answers), {"If-Match": str(version)})
            assert saved.status == 200, saved
            stale = client.send("PATCH", path, dict(answers), {"If-Match": str(version)})
            assert stale.status == 409

    def act(
        self,
        who: str,
        event: str,
        data: Mapping[str, Any] | None = None,
        *,
        on: uuid.UUID | None = None,
        reason: str = "",
    ) -> Fired:
        """One event by one person, an hour after the last; repeated, it happens once."""
        self.now += timedelta(hours=1)
        self.sent += 1
        process_id = on or self.case_id
        client = self.client(who)
        version = client.get(f"/processes/{process_id}")["version"]
        path = f"/processes/{process_id}/events/{event}"
        headers = {"If-Match": str(version), "Idempotency-Key": f"{event}-{self.sent}"}
        body = {"data": dict(data or {}), "reason": reason}
        first = client.send("POST", path, body, headers)
        assert first.status == 200, f"{who} could not {event}: {first.body}"
        again = client.send("POST", path, body, headers)
        assert (again.status, again.body) == (200, first.body)
        return Fired(
            first.body.get("state", ""),
            first.body.get("version", 0),
            first.body.get("log_seq", 0),
            first.body.get("pending"),
        )

    def children(self, kind: str) -> list[uuid.UUID]:
        """The case's open child processes of a kind, oldest first, as the officer sees them."""
        definition = self.machinery.definitions.get(kind)
        found = self.client("officer").get(f"/processes/{self.case_id}")["children"]
        return [
            uuid.UUID(each["id"])
            for each in found
            if each["kind"] == kind and not definition.states[each["state"]].terminal
        ]

    def sign(self, index: int) -> None:
        """One ministry goes through its three steps, found in its own tasks."""
        number = index + 1
        for who, event in (("expert", "clear_expert"), ("officer", "clear_budget"),
                           ("signatory", "sign")):  # fmt: skip
            tasks = self.client(f"{who}{number}").get("/tasks")["items"]
            [process] = [each["process"] for each in tasks if each["kind"] == "co_signature"]
            self.act(f"{who}{number}", event, on=uuid.UUID(process))

    def retrieve(self) -> None:
        """The applicant downloads the decision, byte for byte as issued."""
        client = self.client(self.applicant)
        issued = client.get(f"/processes/{self.case_id}/documents")["items"]
        award = next(each for each in issued if each["kind"] == "award")
        content = client.send("GET", f"/documents/{award['id']}").content
        assert hashlib.sha256(content).hexdigest() == award["sha256"]
        self.now += timedelta(days=1)
