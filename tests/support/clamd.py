"""A clamd of the tests' own: speaks the protocol on a free port, and misbehaves on demand."""

from __future__ import annotations

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text every scanner takes for a virus (eicar.org)."""
MALWARE = "Eicar-Test-Signature"


@dataclass
class FakeClamd:
    """How the server behaves, and what it was sent."""

    address: str = ""
    mood: str = "well"
    """`well`, `slow` (never answers), `broken` (hangs up midway), `small` or `foreign`."""
    limit: int = 25_000_000
    seen: list[bytes] = field(default_factory=list)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        fake: FakeClamd = self.server.fake  # type: ignore[attr-defined]
        if fake.mood == "foreign":
            self.request.sendall(b"220 mail.example ESMTP\r\n")
            return
        command = self._until_zero()
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            self._scan(fake)
        else:
            self.request.sendall(b"UNKNOWN COMMAND\0")

    def _scan(self, fake: FakeClamd) -> None:
        content = b""
        while size := struct.unpack("!I", self._exactly(4))[0]:
            if fake.mood == "broken":
                return
            content += self._exactly(size)
            if fake.mood == "small" and len(content) > 100:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        fake.seen.append(content)
        if fake.mood == "slow":
            time.sleep(1.5)
        found = EICAR in content
        self.request.sendall(f"stream: {MALWARE} FOUND\0".encode() if found else b"stream: OK\0")

    def _until_zero(self) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += self._exactly(1)
        return command[:-1]

    def _exactly(self, size: int) -> bytes:
        got = b""
        while len(got) < size:
            part = self.request.recv(size - len(got))
            if not part:
                raise ConnectionAbortedError
            got += part
        return got


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """A client that hangs up is nothing to print."""


class _UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(port: int = 0, path: str = "") -> Iterator[FakeClamd]:
    """Runs a clamd by TCP, or at the socket of a path."""
    fake = FakeClamd()
    server: socketserver.BaseServer
    server = _UnixServer(path, _Handler) if path else _Server(("127.0.0.1", port), _Handler)
    server.fake = fake  # type: ignore[attr-defined]
    fake.address = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
