"""Virus scanning by the protocol of clamd: the bytes go out in chunks, a verdict comes back."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol
from urllib.parse import unquote, urlsplit

SECONDS = 15.0
"""For one file, from the connection to the verdict: below the lease of a job."""
CONNECT_SECONDS = 3.0
DOWN_SECONDS = 15.0
"""So long a scanner that could not be reached is left alone."""
CHUNK = 256 * 1024
LONGEST_ANSWER = 4096
USUAL_PORT = 3310


class ScanFailed(Exception):
    """The scanner gave no verdict about this file; the text says why."""


class ScannerUnreachable(ScanFailed):
    """Nobody answers at the scanner's address: the file can not be the reason."""


class Scanner(Protocol):
    """Something that looks for malware."""

    def scan(self, content: bytes) -> str:
        """The name of what was found, empty for a clean file. Raises `ScanFailed`."""


class Clamd:
    """A clamd at `tcp://host:port` or `unix:///path`; safe to share between threads.

    Speaks `INSTREAM` (clamd(8)): chunks with their length before them, a zero length at the end.
    """

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        self._address, self._seconds, self._down_until = urlsplit(address), seconds, 0.0

    def scan(self, content: bytes) -> str:
        """The name of what was found, empty for a clean file. Raises `ScanFailed`."""
        answer = self._ask(b"zINSTREAM\0", content)
        verdict = answer.removeprefix("stream: ")
        if verdict.endswith(" FOUND"):
            return verdict.removesuffix(" FOUND")
        if verdict != "OK":
            raise ScanFailed(f"the scanner says: {answer or 'nothing'}")
        return ""

    def ping(self) -> None:
        """Raises `ScanFailed` where nobody answers as a clamd does."""
        if (answer := self._ask(b"zPING\0", None)) != "PONG":
            raise ScanFailed(f"the scanner says: {answer or 'nothing'}")

    def _ask(self, command: bytes, content: bytes | None) -> str:
        end = time.monotonic() + self._seconds
        with self._connected() as connection:
            try:
                with suppress(BrokenPipeError, ConnectionResetError):  # the answer says why
                    for part in (command, *_chunks(content)):
                        _send(connection, part, end)
                return _answer(connection, end)
            except OSError as error:
                raise ScanFailed(f"the connection broke off: {error}") from error

    def _connected(self) -> socket.socket:
        if time.monotonic() < self._down_until:
            raise ScannerUnreachable("the scanner did not answer a moment ago")
        try:
            return self._connect()
        except OSError as error:
            self._down_until = time.monotonic() + DOWN_SECONDS
            raise ScannerUnreachable(f"the scanner does not answer: {error}") from error

    def _connect(self) -> socket.socket:
        if self._address.scheme == "tcp":
            place = (self._address.hostname or "localhost", self._address.port or USUAL_PORT)
            return socket.create_connection(place, CONNECT_SECONDS)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(unquote(self._address.path))
        except OSError:
            connection.close()
            raise
        return connection


def _chunks(content: bytes | None) -> Iterator[bytes]:
    if content is None:
        return
    for start in range(0, len(content), CHUNK):
        part = content[start : start + CHUNK]
        yield struct.pack("!I", len(part)) + part
    yield struct.pack("!I", 0)


def _send(connection: socket.socket, part: bytes, end: float) -> None:
    connection.settimeout(_left(end))
    connection.sendall(part)


def _answer(connection: socket.socket, end: float) -> str:
    """What comes until the zero byte or the end of the connection."""
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        connection.settimeout(_left(end))
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _left(end: float) -> float:
    """The seconds left. Raises `TimeoutError`."""
    if (left := end - time.monotonic()) <= 0:
        raise TimeoutError("it took too long")
    return left


def scanner_for(address: str) -> Clamd | None:
    """The scanner of an installation; `None` where none is set."""
    return Clamd(address) if address else None
