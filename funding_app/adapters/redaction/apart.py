"""Cleaning in a child with limits: a hostile file ends the child, not the worker."""

from __future__ import annotations

import resource
import subprocess
import sys

SECONDS = 15
"""Below the lease of a job, so that a file that takes long is withheld and not tried for ever."""
MOST_MEMORY = 1024**3
MOST_BYTES = 200 * 1024**2


class NotCleanable(Exception):
    """A file that can not be cleaned and is withheld; the text says why."""


def clean_apart(content: bytes, ending: str) -> bytes:
    """The file without its properties. Raises `NotCleanable`, also for one that takes too long."""
    return _apart(content, ending, "copy")


def read_apart(content: bytes, ending: str) -> str:
    """What the file says, properties among it. Raises `NotCleanable` where it has no text."""
    return _apart(content, ending, "text").decode("utf-8", "replace")


def _apart(content: bytes, ending: str, wanted: str) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "funding_app.adapters.redaction", ending, wanted],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotCleanable("it took too long") from None
    if done.returncode or not done.stdout:
        raise NotCleanable(_kind_of(done.stderr) or f"the child ended with {done.returncode}")
    return done.stdout


def _kind_of(complaint: bytes) -> str:
    """The kind of the error that ended the child; its text could quote the file."""
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].partition(":")[0] if lines else ""


def limit() -> None:
    """In the child: no more memory and time than a decent file needs."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
