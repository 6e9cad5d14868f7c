"""Hostile texts where an address, a header or a cookie is read: nothing fails or gets through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.hostile.conftest import House
from tests.hostile.doors import Doors, Spy, markup_problems
from tests.support.hostile_texts import EVERY, hostile_texts
from tests.support.site import Site, asked, endpoint_of, parsed

pytestmark = pytest.mark.slow

SHORT = [text for text in EVERY if len(text) <= 2000]
HEADERS = (
    "Accept", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Host",
    "Idempotency-Key", "If-Match", "If-Modified-Since", "If-None-Match", "List-Unsubscribe",
    "Origin", "Range", "Referer", "Sec-Fetch-Site", "User-Agent", "X-Forwarded-For",
    "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-Start", "X-Requested-With",
)  # fmt: skip
# What no server hands on in a header, whoever sends it (RFC 9110, section 5.5).
UNSENT = re.compile("[\x00\r\n]")


def encoded(text: str) -> str:
    """The text percent-encoded, also where it is no UTF-8."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def problems(answer: TestResponse) -> Iterator[str]:
    """What a text in a request must never lead to."""
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
        return
    target = urlsplit(answer.headers.get("Location", ""))
    if target.netloc not in ("", "localhost"):
        yield f"leads away to {target.netloc}"
    for name, value in answer.headers.items():
        if "planted" in name.lower() or "\n" in value or "\r" in value:
            yield f"a header {name}"
    if answer.mimetype == "text/html" and answer.text:
        yield from markup_problems(parsed(answer.text))


def queries(house: House, site: Site) -> list[tuple[str, str, str]]:
    """Who may see a page, its path, and the name of each parameter that it has asked for."""
    names: dict[str, set[str]] = {}
    for endpoint, name in asked():
        names.setdefault(endpoint, set()).add(name)
    pages = {}
    for who, path in site.pages:
        pages.setdefault(endpoint_of(house.app, path), (who, urlsplit(path).path))
    return [
        (who, path, name)
        for endpoint, (who, path) in pages.items()
        for name in sorted(names.get(endpoint, set()) | {"lang", "next", "after", "from", "q"})
    ]


def paths(rule: Rule, text: str) -> str:
    """The address of the rule with the text at each of its places."""
    return re.sub(r"<[^>]+>", lambda _place: encoded(text), rule.rule)


def asked_of(doors: Doors, who: str, address: str, method: str = "GET") -> list[str]:
    answer = doors.client(who).open(address, method=method)
    found = [f"{method} {address[:90]} as {who or 'nobody'}: {each}" for each in problems(answer)]
    answer.close()
    return found


def some(seed: int, count: int) -> Iterator[str]:
    """So many texts, at least as many as there are kinds."""
    return islice(hostile_texts(seed), max(count, 200))


@pytest.mark.timeout(900)
def test_every_parameter_of_every_page(house: House, site: Site, texts: int) -> None:
    doors, wrong = Doors(house, Spy(house)), []
    places = queries(house, site)
    assert len(places) > 200
    for number, text in enumerate(some(3, texts)):
        who, path, name = places[number % len(places)]
        wrong += asked_of(doors, who, f"{path}?{name}={encoded(text)}")
    assert wrong == [], "\n".join(wrong[:20])


@pytest.mark.timeout(900)
def test_every_place_in_an_address(house: House, site: Site, texts: int) -> None:
    doors, wrong = Doors(house, Spy(house)), []
    rules = [
        (rule, method)
        for rule in house.app.url_map.iter_rules()
        if rule.arguments
        for method in sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})
    ]
    assert len(rules) > 80
    people = ("", "office", "applicant2", "reviewer1", "admin")
    for number, text in enumerate(some(4, texts // 2)):
        rule, method = rules[number % len(rules)]
        who = people[number // len(rules) % len(people)]
        wrong += asked_of(doors, who, paths(rule, text), method)
    assert wrong == [], "\n".join(wrong[:20])


def with_header(client: FlaskClient, path: str, name: str, text: str) -> TestResponse:
    """The page asked for with a header, as a server hands its bytes on (PEP 3333)."""
    key = name.upper().replace("-", "_")
    value = text.encode("utf-8", "surrogatepass").decode("latin-1")
    own = {key if key == "CONTENT_TYPE" else f"HTTP_{key}": value}
    return client.get(path, environ_overrides=own)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("who", ["", "office"])
def test_every_header(house: House, who: str) -> None:
    doors, wrong = Doors(house, Spy(house)), []
    pages = ("/", "/tasks", "/calls/find", "/api/v1/calls", "/api/v1/me", "/static/none.js")
    for number, text in enumerate(text for text in SHORT if not UNSENT.search(text)):
        name, path = HEADERS[number % len(HEADERS)], pages[number // len(HEADERS) % len(pages)]
        answer = with_header(doors.client(who), path, name, text)
        wrong += [f"{name} at {path} ({text[:40]!r}): {each}" for each in problems(answer)]
        answer.close()
    assert wrong == [], "\n".join(wrong[:20])
