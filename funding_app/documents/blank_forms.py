"""Blank forms as files: made once, by a job or for who asks first, as nothing else decides them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from funding_app.documents.renderer import Renderer
from funding_app.documents.word import blank_form

LAYOUT = 1
"""Raised with each change of how the files look: what was kept before is not given any more."""
WAITING = 2


class Busy(Exception):
    """So many are waiting for a file to be made that one more had better come again."""


class BlankForms:
    """Makes each file once per machine; safe to share between threads and processes."""

    def __init__(self, folder: Path, renderer: Renderer) -> None:
        self._folder, self._renderer = folder, renderer
        self._places = threading.BoundedSemaphore(WAITING)
        self._guard, self._turns = threading.Lock(), dict[Path, threading.Lock]()

    def file(self, format: str, values: Mapping[str, Any]) -> bytes:
        """The form as `pdf` or `docx`. Raises `Busy`, and `RendererFailed`."""
        text = json.dumps([LAYOUT, format, values], sort_keys=True, ensure_ascii=False)
        path = self._folder / f"{hashlib.sha256(text.encode()).hexdigest()}.{format}"
        if path.exists():
            return path.read_bytes()
        with self._turn(path):
            return path.read_bytes() if path.exists() else self._made(path, format, values)

    @contextmanager
    def _turn(self, path: Path) -> Iterator[None]:
        """Who asks for the same file meanwhile waits for it instead of making it again."""
        with self._guard:
            turn = self._turns.setdefault(path, threading.Lock())
        with turn:
            yield
        with self._guard:
            self._turns.pop(path, None)

    def _made(self, path: Path, format: str, values: Mapping[str, Any]) -> bytes:
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            content = self._makers[format](values)
        finally:
            self._places.release()
        _keep(path, content)
        return content

    @property
    def _makers(self) -> Mapping[str, Callable[[Mapping[str, Any]], bytes]]:
        return {
            "pdf": lambda values: self._renderer.render("blank_form", values).content,
            "docx": blank_form,
        }


def _keep(path: Path, content: bytes) -> None:
    """Written aside, then renamed: nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).replace(path)
