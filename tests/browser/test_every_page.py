"""Every page there is, for everyone who may see it: valid, accessible, at every size and colour.

The pages are not listed: they are the routes of the application that answer HTML, with arguments
from the demo's data (`examples.py`). Everybody is asked to fetch each of them, and what comes is
checked as HTML. Chromium looks at a page wherever a kind of element turns up that it has not yet
seen on that route.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from funding_app.app import create_app
from funding_app.services.operations.portal import build_portal
from funding_app.settings import load_settings
from funding_app.web.filters import DEMO_PASSWORD
from tests.browser import setting
from tests.browser.examples import EXAMPLES, LEFT_OUT, NO_PAGES, ROLES
from tests.browser.looking import look
from tests.browser.occasions import occasions
from tests.support.browser import watched
from tests.support.markup import faults_of, shapes_of
from tests.support.servers import until
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
KEPT = Path(__file__).parents[2] / "build" / "pages"
ELSEWHERE = frozenset({302, 403, 404})
"""Refused, or sent to another page: to sign in, or because there is nothing to decide here."""


@dataclass(slots=True)
class Visit:
    """The portal, everyone who asks for its pages, and the browser that looks at them."""

    address: str
    folder: Path
    page: Page
    problems: list[str]
    visitors: dict[str, Visitor] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def visitor(self, who: str) -> Visitor:
        """The person, signed in; nobody in particular where no one is named."""
        if who not in self.visitors:
            self.visitors[who] = Visitor(self.address, who, DEMO_PASSWORD)
        return self.visitors[who]

    def rows(self, statement: str) -> list[dict[str, Any]]:
        with sqlite3.connect(f"file:{self.folder}/funding.sqlite3?mode=ro", uri=True) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(statement)]

    def everybody(self, other: str) -> list[str]:
        """Whom the example names, nobody in particular, and one person of each role."""
        return list(dict.fromkeys([other, "", *(row["who"] for row in self.rows(ROLES))]))

    def ask(self, endpoint: str, path: str, other: str) -> None:
        """Everybody fetches a page; somebody has to get one."""
        answered = 0
        for who in self.everybody(other):
            answer = self.visitor(who).get(path)
            if answer.is_page:
                answered += 1
                self.check(endpoint, path, who, answer.text)
            elif answer.status not in ELSEWHERE:
                self.note(f"status {answer.status}", path, who)
        if not answered:
            self.note("nobody sees it", path)

    def check(self, endpoint: str, path: str, who: str, html: str) -> None:
        """The markup of a page; and a look at it where it holds something new."""
        for fault in faults_of(html):
            self.note(fault, path, who)
        new = shapes_of(html) - self.seen[endpoint]
        if new:
            self.seen[endpoint] |= new
            (KEPT / f"{endpoint}-{len(self.seen[endpoint])}.html").write_text(html, "utf-8")
            self.look(path, who)

    def look(self, path: str, who: str) -> None:
        """The page as Chromium shows it, and the markup of its English version."""
        for fault in faults_of(self.visitor(who).get(path, "en").text):
            self.note(fault, f"{path} in English", who)
        self.become(who)
        self.page.goto(path)
        self.judge(path, who)

    def become(self, who: str) -> None:
        """The browser is this person's."""
        self.page.context.clear_cookies()
        self.page.context.add_cookies(self.visitor(who).cookies)

    def judge(self, path: str, who: str) -> None:
        """What is wrong with the page that the browser shows."""
        for fault in [*look(self.page), *self.problems]:
            self.note(fault, path, who)
        self.problems.clear()

    def note(self, fault: str, path: str, who: str = "") -> None:
        self.faults[fault].append(f"{path} as {who or 'nobody'}")

    def told(self) -> dict[str, str]:
        """What is wrong, and where first."""
        found = {fault: f"{places[0]} ({len(places)})" for fault, places in self.faults.items()}
        self.faults.clear()
        return found


@pytest.fixture(scope="module")
def visit(browser: Browser, address: str, folder: Path) -> Iterator[Visit]:
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    setting.lay_out(browser, address)
    problems: list[str] = []
    page = watched(browser, address, problems)
    yield Visit(address, folder, page, problems)
    page.context.close()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    data = tmp_path_factory.mktemp("routes")
    settings = load_settings(env="demo", data_dir=data, database_url="")
    return create_app(settings, build_portal(settings))


def asked_for(app: Flask) -> dict[str, frozenset[str]]:
    """Every route that can be asked for, with the arguments of its path."""
    return {
        rule.endpoint: frozenset(rule.arguments)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] not in NO_PAGES
    }


def test_every_route_has_an_example_or_a_reason(app: Flask) -> None:
    known = asked_for(app)
    without = {name for name, arguments in known.items() if arguments} - EXAMPLES.keys()
    assert without <= LEFT_OUT.keys(), "give an example, or say why it is left out"
    assert EXAMPLES.keys() | LEFT_OUT.keys() <= known.keys()
    assert not EXAMPLES.keys() & LEFT_OUT.keys()


PARTS = (
    "applications", "calls", "decisions", "exports", "files", "mailbox", "mails", "money",
    "open_data", "operations", "panels", "people", "reviews",
)  # fmt: skip


def test_no_part_is_forgotten(app: Flask) -> None:
    assert set(PARTS) == set(app.blueprints) - NO_PAGES


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_valid_and_accessible(app: Flask, visit: Visit, part: str) -> None:
    for endpoint in asked_for(app):
        if endpoint.partition(".")[0] != part or endpoint in LEFT_OUT:
            continue
        statement = EXAMPLES.get(endpoint, "SELECT NULL AS who")
        until(lambda wanted=statement: bool(visit.rows(wanted)), 30, f"an example of {endpoint}")
        for row in visit.rows(statement):
            who = row.pop("who", None) or ""
            with app.test_request_context():
                path = app.url_for(endpoint, **row)
            visit.ask(endpoint, path, who)
    faults = visit.told()
    assert not faults, "\n".join(f"{fault}: {place}" for fault, place in faults.items())


def test_refusals_and_empty_lists_are_pages_as_good_as_others(visit: Visit) -> None:
    visit.become("")
    for what, html in occasions(visit.page):
        for fault in faults_of(html):
            visit.note(fault, what)
        visit.judge(what, "")
    assert visit.told() == {}


BAD = """<!DOCTYPE html><html lang="de"><title>x</title><main><h1>x</h1><h3>y</h3>
<p style="x">Text</p><button class="kern-btn--primary">Knopf</button>
<label for="z">x</label><a href="#z">z<button>b</button></a>
<div class="scroll"><table class="plain"><tr><td>Donaudampfschifffahrtsgesellschaft<td>Kapitän
<td>Mützenabzeichen</table></div></main>"""

SPOILT = """() => {
  const [text, button] = ['p', 'button'].map(tag => document.querySelector(tag).style)
  Object.assign(text, {color: '#777', background: '#888'})
  Object.assign(button, {outline: 'none', border: '0', width: '60rem'})
  document.querySelector('.scroll').style.overflowX = 'auto'
}"""


def test_what_is_wrong_is_found(visit: Visit) -> None:
    found = {
        "<button> in <a>", "style at <p>", "for=z at <label> leads nowhere",
        "the link to #z leads nowhere", "a heading of level 3 after one of level 1",
    }  # fmt: skip
    assert found <= set(faults_of(BAD))
    visit.page.goto("/")
    visit.page.evaluate("html => { document.documentElement.innerHTML = html }", BAD)
    visit.page.evaluate(SPOILT)
    kinds = {fault.partition(":")[0] for fault in look(visit.page)}
    assert kinds >= {
        "no focus seen", "past 320 pixels", "past the edge in large letters",
        "scrolls sideways at 320 pixels",
        "color-contrast", "dark", "bare in forced colours",
    }  # fmt: skip
    visit.problems.clear()
