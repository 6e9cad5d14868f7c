"""After signing in one gets to where one wanted to go on this portal, and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

import funding_app.web
from funding_app.web.re_authentication import is_local
from tests.fixtures.pages import PASSWORD

ELSEWHERE = (
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/cases",
    "///evil.example/cases",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@evil.example",
    "evil.example",
    "",
)
HERE = ("/cases", "/cases?state=final&after=x", "/", "/cases/%2F%2Fevil.example")
WAYS = {"next", "target", "url", "return_to", "redirect", "goto", "back", "continue"}
READERS = {"people/entering.py": {"next"}, "re_authentication.py": {"target"}}
"""Where a view reads an address to go to; both are tried below."""


def enter(app: Flask, way: str, *, path: str = "/account/sign-in", field: str = "next") -> str:
    """Where signing in with this way leads."""
    data = {"email": "officer@demo.example", "password": PASSWORD, field: way}
    answer = app.test_client().post(path, data=data)
    return str(answer.headers.get("Location", "")) or answer.text


def test_signing_in_leads_nowhere_else(app: Flask) -> None:
    assert {way: enter(app, way) for way in ELSEWHERE} == dict.fromkeys(ELSEWHERE, "/tasks")


def test_signing_in_leads_where_one_wanted(app: Flask) -> None:
    assert {way: enter(app, way) for way in HERE} == {way: way for way in HERE}


@pytest.mark.parametrize("way", ELSEWHERE, ids=repr)
def test_an_address_elsewhere_is_known(way: str) -> None:
    assert not is_local(way)


def test_a_kept_form_is_sent_nowhere_else(app: Flask) -> None:
    for way in ELSEWHERE:
        page = enter(app, way, path="/account/resume", field="target")
        assert "evil.example" not in page, way
        assert 'action="/tasks"' in page, way


def test_a_kept_form_is_sent_where_it_was_to_go(app: Flask) -> None:
    page = enter(app, "/cases/1?a=b", path="/account/resume", field="target")
    assert 'action="/cases/1?a=b"' in page


def test_the_sign_in_page_is_told_a_way_of_this_portal(app: Flask) -> None:
    for path in ("/tasks", "/cases?after=x"):
        answer = app.test_client().get(path)
        to = urlsplit(answer.headers["Location"])
        assert (to.netloc, to.path, parse_qs(to.query)) == (
            "",
            "/account/sign-in",
            {"next": [path]},
        )


def read_in(path: Path) -> Iterator[str]:
    """The names that a module reads from a request and that could say where to go."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("request.", "typed")):
            said = (each.value for each in node.args if isinstance(each, ast.Constant))
            yield from (name for name in said if name in WAYS)


def test_nothing_else_reads_where_to_go() -> None:
    web = Path(funding_app.web.__file__).parent
    found = {str(path.relative_to(web)): set(read_in(path)) for path in web.rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == READERS
