"""Sending texts through a form, and judging what came of it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

import psycopg
from flask.testing import FlaskClient
from lxml.html import HtmlElement
from sqlalchemy import String, event, select
from werkzeug.test import TestResponse

from forms.parsing import LOCALES, PARSERS, Unreadable, parse
from funding_app.models import Base
from funding_app.models.types import Json
from tests.hostile.conftest import House
from tests.support.hostile_texts import ELEMENT, HANDLER
from tests.support.site import Control, Found, Values, forms_on, parsed, signed_in

# What is written by the way, whatever is sent.
BESIDE = frozenset({"user_session", "failed_sign_in", "section_presence"})


HALVES = re.compile("[\ud800-\udfff]")


def received(text: str) -> str:
    """The text as it arrives: half of a surrogate pair is no UTF-8 and stays percent-encoded."""
    return HALVES.sub(lambda half: quote(half[0].encode("utf-8", "surrogatepass")), text)


def lined(text: str) -> str:
    """The text as it is kept exactly: its line breaks are LF."""
    return received(text).replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """The documented normalisation of an answer: line breaks are LF, no blanks around it."""
    return lined(text).strip()


def body_of(values: Values) -> bytes:
    """As a browser sends it, and what no browser would send too."""
    pairs = [
        (name.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"))
        for name, text in values
    ]
    return "&".join(f"{quote_plus(name)}={quote_plus(text)}" for name, text in pairs).encode()


WRITTEN = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (?!SET )\"?(\w+)")


@dataclass(slots=True)
class Spy:
    """Which tables are written to, and what stands in them."""

    house: House
    touched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        engine = self.house.database._writing
        engine.dispose()  # an event is written straight on the driver: it is told there
        event.listen(engine, "connect", self._trace)

    def _trace(self, driver: sqlite3.Connection | psycopg.Connection[Any], _record: Any) -> None:
        if isinstance(driver, sqlite3.Connection):
            driver.set_trace_callback(self._noted)
            return
        noted = self._noted

        class Noting(psycopg.Cursor[Any]):
            def execute(self, query: Any, *args: Any, **more: Any) -> Noting:
                noted(query)
                super().execute(query, *args, **more)
                return self

        driver.cursor_factory = Noting

    def _noted(self, statement: str) -> None:
        self.touched.update(WRITTEN.findall(statement))

    def texts(self) -> set[str]:
        """Every text in the tables written to, also within JSON."""
        found: set[str] = set()
        with self.house.database.engine.connect() as connection:
            for name in self.touched - BESIDE:
                table = Base.metadata.tables[name]
                columns = [
                    each
                    for each in table.columns
                    if isinstance(each.type, String)
                    or each.type is Json
                    or "JSON" in str(each.type)
                ]
                if columns:
                    for row in connection.execute(select(*columns)):
                        for value in row:
                            found.update(_leaves(value))
        return found


def _leaves(value: Any) -> Iterator[str]:
    inner = _inner(value)
    for each in inner:
        yield from _leaves(each)
    if value is not None and not (inner and not isinstance(value, str)):
        yield str(value)


def _inner(value: Any) -> list[Any]:
    """What stands within a value of JSON, or within a text that holds JSON."""
    if isinstance(value, str) and value.startswith("{"):
        with suppress(ValueError):
            return _inner(json.loads(value))
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong after a request, each as a sentence; empty where all is as it should be."""

    found: Found
    sent: Sequence[tuple[str, str]]
    wrong: Sequence[str]

    def __str__(self) -> str:
        texts = ", ".join(f"{name}={text[:60]!r}" for name, text in self.sent[:3])
        who = self.found.who or "nobody"
        return f"{self.found.endpoint} as {who} ({texts}): {'; '.join(self.wrong)}"


def markup_problems(tree: HtmlElement) -> list[str]:
    """What stands in a page only where a text became markup."""
    wrong = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            if "planted" in str(element.text):
                wrong.append(f"a comment {str(element.text)[:40]!r}")
            continue
        if element.tag == ELEMENT:
            wrong.append(f"an element {ELEMENT}")
        wrong += [
            f"an attribute {name}"
            for name in element.attrib
            if name.startswith("on") or name in (HANDLER, "style", "srcdoc")
        ]
        address = (
            (element.get("href") or element.get("src") or element.get("action") or "")
            .strip()
            .lower()
        )
        if address.startswith(("javascript:", "vbscript:", "data:text")):
            wrong.append(f"a link {address[:40]!r}")
        if element.tag == "script" and (
            (element.text or "").strip() or not (element.get("src") or "").startswith("/static/")
        ):
            wrong.append("a script")
    return wrong


UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff\r]|[\U0001fffe\U0001ffff]"
)


def seen(text: str) -> str:
    """What can be compared of a text on a page: line breaks alike, no control characters."""
    return UNSEEN.sub("", lined(text))


def shown_again(tree: HtmlElement, page: str, name: str) -> list[str]:
    """The values of the controls of this name on an answered page."""
    return [
        seen(control.value)
        for _action, _method, controls in forms_on(tree, page)
        for control in controls
        if control.name == name
    ]


def told(tree: HtmlElement) -> set[str]:
    """The names of the fields at which a page says that something is wrong."""
    names = set()
    for element in tree.iter("input", "textarea", "select", "fieldset"):
        if element.get("aria-invalid") == "true":
            names.add(element.get("name") or element.get("id") or "")
    for error in tree.xpath("//*[contains(@class, 'kern-error')]"):
        names.add((error.get("id") or "").removesuffix("-error"))
    return names


def filled(found: Found) -> dict[str, list[str]]:
    """The form filled in plausibly: what stands there, and something where nothing does."""
    values: dict[str, list[str]] = {}
    for control in found.controls:
        if control.kind == "radio" and control.name in values and not control.is_checked:
            continue
        if control.kind not in ("file", "button"):
            values[control.name] = [control.value or plausible(control)]
    return values


PLAUSIBLE = {"email": "probe@verein.example", "url": "https://verein.example", "tel": "0341 123456",
             "date": "2027-05-12", "number": "12", "decimal": "100,00", "numeric": "12",
             "password": "lang-genug-2026"}  # fmt: skip


def plausible(control: Control) -> str:
    """Something that fits a control."""
    if control.kind == "hidden":
        return ""
    ending = control.name.rpartition("-")[2]
    parts = {"day": "12", "month": "5", "year": "2027"}
    return parts.get(ending) or PLAUSIBLE.get(control.mode) or PLAUSIBLE.get(control.kind, "Probe")


# Which of address and password is wrong is told to nobody.
SAID_ABOVE = frozenset({"people.do_sign_in", "reviews.moderate_discussion"})
DRAFTS = frozenset({"applications.save", "reviews.save_review"})
TEXTS = frozenset({"text", "textarea", "email", "url", "tel", "search", "number", "date", "time"})


def is_text(control: Control) -> bool:
    return control.kind in TEXTS


def canonical(text: str) -> set[str]:
    """What a text may have become by being read as an amount, a date, a number, an address."""
    known = set()
    for kind in PARSERS:
        for language in LOCALES:
            try:
                known.add(str(parse(received(text), kind, language)))
            except Unreadable:
                continue
    return known


@dataclass(slots=True)
class Doors:
    """The forms of a house, and the people who send them."""

    house: House
    spy: Spy
    people: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, who: str) -> FlaskClient:
        if who not in self.people:
            self.people[who] = signed_in(self.house.app, self.house.database, who)
        return self.people[who]

    def send(self, found: Found, texts: Mapping[str, str]) -> Verdict:
        """Sends a form with these texts in it."""
        values = filled(found) | {name: [text] for name, text in texts.items()}
        self.spy.touched.clear()
        body = body_of([(name, each) for name, several in values.items() for each in several])
        client = self.client(found.who)
        kind = "application/x-www-form-urlencoded"
        if found.method == "GET":
            answer = client.get(found.action, query_string=body.decode())
        else:
            answer = client.post(found.action, data=body, content_type=kind)
        return Verdict(found, tuple(texts.items()), tuple(self._judged(found, texts, answer)))

    def _judged(
        self, found: Found, texts: Mapping[str, str], answer: TestResponse
    ) -> Iterator[str]:
        status = answer.status_code
        if status >= 500:
            yield f"status {status}"
            return
        written = self.spy.touched - BESIDE
        typed = {
            control.name: texts[control.name]
            for control in found.controls
            if control.name in texts and is_text(control)
        }
        if answer.mimetype == "text/html" and answer.text:
            tree = parsed(answer.text)
            yield from markup_problems(tree)
        if found.method == "GET":
            return
        if 300 <= status < 400:
            yield from self._stored(typed)
        elif status in (400, 409, 422, 429) and answer.mimetype == "text/html":
            yield from _refused(found, typed, tree, status)
            if written and found.endpoint not in DRAFTS:
                yield f"refused with {status}, yet written to {sorted(written)}"
        elif status != 200 and typed:
            yield f"status {status}: what was typed is gone"

    def _stored(self, typed: Mapping[str, str]) -> Iterator[str]:
        kept: set[str] | None = None
        for name, text in typed.items():
            if not tidy(text):
                continue
            kept = self.spy.texts() if kept is None else kept
            if (
                not {tidy(text), lined(text), tidy(text).lower()} & kept
                and not canonical(text) & kept
            ):
                yield f"{name} was accepted and is not stored"


def _refused(
    found: Found, typed: Mapping[str, str], tree: HtmlElement, status: int
) -> Iterator[str]:
    for name, text in typed.items():
        again = shown_again(tree, found.page, name)
        shown = seen(text)
        alike = {each.strip().lower() for each in again}  # a key is shown in small letters
        if shown.strip().lower() not in alike and not canonical(text):
            yield f"{status}: {name} is not shown again ({[each[:30] for each in again]})"
    if status == 422 and typed and not told(tree) and found.endpoint not in SAID_ABOVE:
        yield "422: told at no field"
