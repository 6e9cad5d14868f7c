"""Applicants in the last minute: each uploads a file and hands in, on a connection of its own.

Runs in a process beside the server, so that only the machine is shared.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

SIZE = 256 * 1024
BOUNDARY = "bench-boundary"
ADDRESSES = 20
AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends which draft when (seconds since the epoch, of the wall clock)."""

    process: uuid.UUID
    token: str
    due: float


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: both answers' status, the state, and the wall clock's times.

    `complete` is when the submission's last byte was handed to the system.
    """

    process: uuid.UUID
    statuses: tuple[int, int]
    state: str
    begun: float
    complete: float
    answered: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where to send to: the proxy's port, the name it answers to, and its certificate."""

    port: int
    host: str
    certificate: str


def pdf_of(key: bytes, size: int = SIZE) -> bytes:
    """A file of that size that is a PDF by its content, and nobody else's."""
    kinds = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    parts, places = [b"%PDF-1.7\n"], []
    for number, kind in enumerate(kinds, start=1):
        places.append(sum(map(len, parts)))
        parts.append(b"%d 0 obj%sendobj\n" % (number, kind))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Root 1 0 R/Size 4>>\n"
    head = b"".join(parts)
    filling = b"%" + key.hex().encode() * (size // len(key) + 1)
    room = size - len(head) - len(tail) - len(b"startxref\n0123456789\n%%EOF\n")
    filled = filling[: room - 1] + b"\n"
    end = b"startxref\n%010d\n%%%%EOF\n" % (len(head) + len(filled))
    return head + filled + tail + end


def send_all(place: Place, sendings: Sequence[Sending]) -> list[Sent]:
    """Sends each when it is due; returns what came of them."""
    trust = ssl.create_default_context(cafile=place.certificate)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = []
        for number, sending in enumerate(sorted(sendings, key=lambda one: one.due)):
            time.sleep(max(0.0, sending.due - time.time()))
            waiting.append(pool.submit(_send, place, trust, sending, number % ADDRESSES + 2))
        return [one.result() for one in waiting]


def _send(place: Place, trust: ssl.SSLContext, sending: Sending, address: int) -> Sent:
    begun = time.time()
    source = (f"127.0.0.{address}", 0)  # the proxy limits connections by address
    plain = socket.create_connection(("127.0.0.1", place.port), 120, source)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with trust.wrap_socket(plain, server_hostname=place.host) as connection:
        uploaded, _body = _exchange(connection, _upload(place, sending))
        request = _submission(place, sending)
        connection.sendall(request)
        complete = time.time()
        submitted, body = _answer(connection)
    state = json.loads(body).get("state", "") if submitted == 200 else body.decode()[:200]
    return Sent(sending.process, (uploaded, submitted), state, begun, complete, time.time())


def _exchange(connection: ssl.SSLSocket, request: bytes) -> tuple[int, bytes]:
    connection.sendall(request)
    return _answer(connection)


def _answer(connection: ssl.SSLSocket) -> tuple[int, bytes]:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.read()


def _upload(place: Place, sending: Sending) -> bytes:
    body = (
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        ).encode()
        + pdf_of(sending.process.bytes)
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )
    path = f"/api/v1/applications/{sending.process}/attachments/annexes"
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return _head("PUT", path, place, sending, kind, len(body)) + body


def _submission(place: Place, sending: Sending) -> bytes:
    body = b'{"data": {}}'
    path = f"/api/v1/processes/{sending.process}/events/submit"
    return _head("POST", path, place, sending, "application/json", len(body)) + body


def _head(method: str, path: str, place: Place, sending: Sending, kind: str, length: int) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {place.host}\r\nAuthorization: Bearer {sending.token}"
        f'\r\nIf-Match: "1"\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n'
    ).encode()
