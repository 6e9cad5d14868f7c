"""The shipped nginx configuration: it parses, stamps, overwrites, limits and passes on."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from flask import Flask, request

from funding_app.adapters.clock import system_clock
from funding_app.app import create_app
from funding_app.jobs.workplace import Workplace
from funding_app.web.received_at import arrived
from tests.support.markup import faults_of
from tests.support.proxy import HOST, SITE, Proxy, command, laid_out, program, proxy
from tests.support.servers import free_port
from tests.web.test_arrival import listening, portal_of, stamp

pytestmark = pytest.mark.skipif(
    program() is None, reason="nginx is not installed: apt-get install nginx-light"
)
ERRORS = SITE.parent / "errors"
ROUNDED = timedelta(milliseconds=20)
"""How far nginx's clock may stand behind: it is read once per turn of its loop."""


@pytest.fixture
def noted() -> list[tuple[str | None, str, datetime, int]]:
    """Address, own address, time of arrival and size of body of what came through."""
    return []


@pytest.fixture
def through(workplace: Workplace, tmp_path: Path, noted: list[Any]) -> Iterator[Proxy]:
    parts = portal_of(workplace, tmp_path, 1, system_clock)
    app = create_app(parts.settings, parts)
    _take_notes(app, noted)
    folder = tmp_path / "nginx"
    folder.mkdir()
    with (
        listening(parts, app, 2) as place,
        proxy(folder, int(place.rpartition(":")[2])) as running,
    ):
        yield running


def _take_notes(app: Flask, noted: list[Any]) -> None:
    def note(answer: Any) -> Any:
        size = len(request.get_data())
        noted.append((request.remote_addr, request.url_root, arrived(), size))
        return answer

    app.after_request(note)


def tls(through: Proxy) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", through.port))
    return through.trust.wrap_socket(plain, server_hostname=HOST)


def answer_of(connection: ssl.SSLSocket) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    answer.read()
    return answer


def head(method: str, path: str, **more: object) -> bytes:
    names = {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close"]
    return "\r\n".join(
        [*lines, *(f"{name}: {value}" for name, value in names.items()), "", ""]
    ).encode()


def test_the_shipped_configuration_parses(tmp_path: Path) -> None:
    laid_out(tmp_path, [8000, 8001])
    done = subprocess.run(command(tmp_path, "-t"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_the_last_byte_is_stamped_and_the_clients_own_stamps_are_dropped(
    through: Proxy, noted: list[Any]
) -> None:
    forged = {
        "X_Request_Start": stamp(system_clock() - timedelta(minutes=1)),
        "X_Forwarded_For": "203.0.113.9",
        "X_Forwarded_Host": "evil.example",
        "Content_Type": "application/json",
        "Content_Length": 6,
    }
    with tls(through) as connection:
        connection.sendall(head("POST", "/api/v1/calls/none/applications", **forged) + b"{  ")
        time.sleep(0.5)
        last = system_clock()
        connection.sendall(b"  }")
        assert answer_of(connection).status == 401
    [(address, root, at, size)] = noted
    assert (address, root, size) == ("127.0.0.1", f"https://{HOST}/", 6)
    assert last - ROUNDED <= at <= system_clock()
    assert at.microsecond % 1000 == 0, "the stamp is the proxy's"


def test_only_what_is_complete_and_not_too_large_comes_through(
    through: Proxy, noted: list[Any]
) -> None:
    with tls(through) as connection:
        connection.sendall(head("POST", "/account/sign-in", Content_Length=100) + b"email=")
        time.sleep(0.3)
    with tls(through) as connection:
        connection.sendall(head("POST", "/account/sign-in", Content_Length=66 * 2**20))
        assert answer_of(connection).status == 413
    assert noted == []


def shown(connection: ssl.SSLSocket) -> tuple[int, str, http.client.HTTPResponse]:
    """Status, words and head of an answer."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.read().decode("utf-8"), answer


def is_plain_page(code: int, words: str, answer: http.client.HTTPResponse) -> None:
    """It says in both languages what to do, leads back, and needs nothing from elsewhere."""
    assert words == (ERRORS / f"{code}.html").read_text("utf-8")
    tree = lxml.html.document_fromstring(words)
    assert [each.get("lang") for each in tree.xpath("//section")] == ["de", "en"]
    assert tree.xpath("//a/@href") == ["", "/", "", "/"]
    assert tree.xpath("//*[@src] | //link | //script | //*[@style]") == []
    assert "url(" not in words
    [style] = tree.xpath("//style/text()")
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{known}'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("Cache-Control") == "no-store"


def test_what_is_too_large_even_for_nginx_gets_its_own_page(through: Proxy) -> None:
    sent = head("POST", "/cases/1/form/annexes", Content_Length=66 * 2**20)
    with tls(through) as connection:
        connection.sendall(sent)
        code, words, answer = shown(connection)
    assert code == 413
    is_plain_page(413, words, answer)
    with tls(through) as connection:
        connection.sendall(head("GET", "/413.html"))
        assert shown(connection)[0] == 404, "only nginx shows it"


def test_a_portal_that_is_away_is_excused(tmp_path: Path) -> None:
    with proxy(tmp_path, free_port()) as alone, tls(alone) as connection:
        connection.sendall(head("GET", "/calls"))
        code, words, answer = shown(connection)
        assert code == 502
        is_plain_page(502, words, answer)


@pytest.mark.parametrize("code", [413, 502, 503, 504])
def test_each_of_its_pages_is_whole(code: int) -> None:
    words = (ERRORS / f"{code}.html").read_text("utf-8")
    assert faults_of(words) == []
    assert f"error_page {code} /{code}.html;" in SITE.read_text("utf-8")


def test_static_files_come_with_their_headers_and_without_the_portal(
    through: Proxy, noted: list[Any]
) -> None:
    with tls(through) as connection:
        connection.sendall(head("GET", "/static/app.css"))
        answer = answer_of(connection)
    assert answer.status == 200
    assert answer.getheader("Content-Type") == "text/css"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert noted == []
    with tls(through) as connection:
        connection.sendall(head("GET", "/static/../templates/base.html"))
        assert answer_of(connection).status in (400, 404)


def test_the_pages_headers_are_the_portals_own(through: Proxy, noted: list[Any]) -> None:
    with tls(through) as connection:
        connection.sendall(head("GET", "/account/sign-in"))
        answer = answer_of(connection)
    assert answer.status == 200
    assert len(answer.headers.get_all("Content-Security-Policy") or []) == 1
    assert answer.getheader("Cache-Control") == "no-store"
    assert len(noted) == 1


def test_without_encryption_one_is_sent_to_the_encrypted_page(through: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", through.plain_port)
    connection.request("GET", "/calls?sort=date", headers={"Host": HOST})
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.getheader("Location") == f"https://{HOST}/calls?sort=date"
    connection.close()


def test_slow_connections_do_not_stop_the_others(through: Proxy) -> None:
    slow = []
    for number in range(150):
        connection = tls(through)
        connection.sendall(
            head("POST", "/account/sign-in", Content_Length=100) + b"x" * (number % 9)
        )
        slow.append(connection)
    begun = time.monotonic()
    with tls(through) as connection:
        connection.sendall(head("GET", "/healthz"))
        assert answer_of(connection).status == 200
    assert time.monotonic() - begun < 2
    for connection in slow:
        connection.close()
