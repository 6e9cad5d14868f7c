"""Files under their own hash: writing the same bytes twice is harmless."""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Storage(Protocol):
    """Keeps bytes under their SHA-256."""

    def put(self, content: bytes) -> str:
        """Stores the bytes; returns their SHA-256 in hexadecimal."""

    def get(self, sha256: str) -> bytes:
        """The bytes; raises `FileNotFoundError`."""

    def came_at(self, sha256: str) -> datetime | None:
        """When the bytes were stored last; `None` where they are not there."""

    def remove(self, sha256: str) -> None:
        """Removes the bytes, if they are there."""


class FileStorage:
    """A local folder: written aside, synced, then renamed into place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Stores the bytes; returns their SHA-256 in hexadecimal."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            path.touch()
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes; raises `FileNotFoundError`."""
        return self._path(sha256).read_bytes()

    def came_at(self, sha256: str) -> datetime | None:
        """When the bytes were stored last; `None` where they are not there."""
        try:
            return datetime.fromtimestamp(self._path(sha256).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def remove(self, sha256: str) -> None:
        """Removes the bytes, if they are there."""
        self._path(sha256).unlink(missing_ok=True)
