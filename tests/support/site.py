"""What a whole portal asks and shows: every page each person finds, every form on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import lxml.html
from flask import Flask
from flask.testing import FlaskClient
from flask.wrappers import Request
from lxml.html import HtmlElement
from sqlalchemy import select
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from funding_app.adapters.clock import system_clock
from funding_app.models import UserAccount
from funding_app.models.database import Database
from funding_app.services.people import accounts

BEGINNINGS = ("/", "/tasks", "/cases", "/admin/")
MOST = 2
# What follows from the text itself: its line breaks, and where it may be broken.
WITHIN_TEXT = frozenset({"br", "p", "wbr"})
UNTYPED = frozenset({"submit", "button", "image", "reset"})
Values = list[tuple[str, str]]


class _Noting(ImmutableMultiDict):  # type: ignore[type-arg]
    """What was sent with a request; notes each name that a view asks for."""

    asked: ClassVar[set[tuple[str, str]]] = set()

    def _note(self, name: Any) -> None:
        from flask import request  # noqa: PLC0415  # there is one only while a view runs

        if isinstance(name, str) and request:
            self.asked.add((str(request.endpoint), name))

    def __getitem__(self, name: Any) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: Any, *rest: Any, **more: Any) -> Any:
        self._note(name)
        return super().get(name, *rest, **more)

    def getlist(self, name: Any, *rest: Any) -> Any:
        self._note(name)
        return super().getlist(name, *rest)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)


class NotingRequest(Request):
    """A request of which one learns what the views have asked for."""

    parameter_storage_class = _Noting


def asked() -> set[tuple[str, str]]:
    """Endpoint and name of everything that was asked for in this process."""
    return _Noting.asked


@dataclass(frozen=True, slots=True)
class Control:
    """Something that can be filled in on a page."""

    name: str
    kind: str
    value: str
    is_checked: bool = False
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A form as it stands on a page: whose, where, where it goes, and what it asks."""

    who: str
    page: str
    action: str
    method: str
    endpoint: str
    controls: tuple[Control, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Forms of one key ask the same."""
        return self.endpoint, self.method, " ".join(sorted({each.name for each in self.controls}))

    def untouched(self) -> Values:
        """What a browser sends when nothing is touched (files are left out)."""
        return [
            (each.name, each.value)
            for each in self.controls
            if each.kind != "file" and (each.kind not in ("checkbox", "radio") or each.is_checked)
        ]


@dataclass(frozen=True, slots=True)
class File:
    """What a link led to that is no page."""

    kind: str
    name: str
    content: bytes


@dataclass(slots=True)
class Site:
    """What was found: the pages and files by person and path, and the forms by what they ask."""

    pages: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[tuple[str, str], File] = field(default_factory=dict)
    forms: dict[tuple[str, str, str], Found] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def signed_in(app: Flask, database: Database, who: str) -> FlaskClient:
    """A browser in which this person of the synthetic world is signed in; nobody is for ``""``."""
    client = app.test_client()
    if who:
        with database.write() as session:
            account = session.scalars(
                select(UserAccount).where(UserAccount.email == f"{who}@demo.example")
            ).one()
            secret = accounts.sign_in(session, account.id, system_clock())
        with client.session_transaction() as kept:
            kept["secret"], kept["kept"] = secret, system_clock().timestamp()
    return client


def endpoint_of(app: Flask, path: str, method: str = "GET") -> str:
    """Which view an address of the portal leads to; empty where there is none."""
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(path).path, method)[0])
    except HTTPException:
        return ""


def parsed(html: str) -> HtmlElement:
    """The page as a tree."""
    return lxml.html.document_fromstring(
        html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    )


def skeleton(tree: HtmlElement) -> list[str]:
    """The elements of a page with what they are for; lists by name come in another order."""
    return sorted(
        f"{element.tag}.{element.get('class', '')}"
        for element in tree.iter()
        if isinstance(element.tag, str) and element.tag not in WITHIN_TEXT
    )


def forms_on(tree: HtmlElement, path: str) -> Iterator[tuple[str, str, tuple[Control, ...]]]:
    """Address, method and controls of each form."""
    for form in tree.iter("form"):
        method = form.get("method", "get").upper()
        controls = tuple(each for control in form.iter() for each in _controls(control))
        yield urljoin(path, form.get("action") or path), method, controls


def _controls(element: HtmlElement) -> Iterator[Control]:
    name, kind = element.get("name"), element.get("type", "text")
    if not name or not isinstance(element.tag, str):
        return
    if element.tag == "textarea":
        yield Control(name, "textarea", area_text(element))
    elif element.tag == "input":
        value = element.get("value", "on" if kind in ("checkbox", "radio") else "")
        yield Control(
            name, kind, value, element.get("checked") is not None, element.get("inputmode", "")
        )
    elif element.tag == "select":
        chosen = element.xpath(".//option[@selected]") or element.xpath(".//option")[-1:]
        yield Control(name, "select", chosen[0].get("value", "") if chosen else "")
    elif element.tag == "button":
        yield Control(name, "button", element.get("value", ""))


def area_text(element: HtmlElement) -> str:
    """What stands in a text area: a line break right after its tag is none of it."""
    text = (element.text or "").replace("\r\n", "\n")
    return text.removeprefix("\n")


def links_on(tree: HtmlElement, path: str) -> Iterator[str]:
    """The paths of the portal to which a page leads, without queries of other languages."""
    for link in tree.iter("a"):
        target = urlsplit(urljoin(f"http://localhost{path}", link.get("href") or "#"))
        if target.netloc == "localhost" and "lang=" not in target.query:
            yield target.path + (f"?{target.query}" if target.query else "")


def walk(app: Flask, database: Database, people: Mapping[str, int], seeds: Sequence[str]) -> Site:
    """Everything these people find by following links from their first page and from `seeds`.

    At most `MOST` addresses of one view are opened for each; so many cases as `people` says.
    """
    site = Site()
    for who, cases in people.items():
        _walk(app, signed_in(app, database, who), who, site, cases, seeds)
    return site


def _walk(
    app: Flask, client: FlaskClient, who: str, site: Site, cases: int, seeds: Sequence[str]
) -> None:
    ahead, known, opened = [*BEGINNINGS, *seeds], set(), Counter[str]()
    while ahead:
        path = ahead.pop(0)
        endpoint = endpoint_of(app, path)
        limit = cases if endpoint == "applications.case" else max(cases // 3, MOST)
        if path in known or not endpoint or opened[endpoint] >= limit or endpoint == "static":
            continue
        known.add(path)
        opened[endpoint] += 1
        answer = client.get(path)
        ahead += _read(app, answer, who, path, site)
        answer.close()


def _read(app: Flask, answer: TestResponse, who: str, path: str, site: Site) -> list[str]:
    if answer.status_code in (301, 302, 303, 308):
        return [answer.headers["Location"]]
    if answer.status_code != 200:
        site.refused.append(f"{who} {path} {answer.status_code}")
    if answer.mimetype != "text/html":
        named = answer.headers.get("Content-Disposition", "")
        site.files[who, path] = File(answer.mimetype, named, answer.get_data())
        return []
    site.pages[who, path] = answer.text
    tree = parsed(answer.text)
    for action, method, controls in forms_on(tree, path):
        endpoint = endpoint_of(app, action, method)
        found = Found(who, path, action, method, endpoint, controls)
        site.forms.setdefault(found.key, found)
    return list(links_on(tree, path))
