"""System libraries and programs that Python packages can not bring along."""

from __future__ import annotations

import ctypes
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True)
class Library:
    """A system library or program: what it is needed for, and the Debian package that has it."""

    name: str
    needed_for: str
    package: str

    @property
    def is_there(self) -> bool:
        if ".so." not in self.name:
            return shutil.which(self.name) is not None
        try:
            ctypes.CDLL(self.name)
        except OSError:
            return False
        return True

    @property
    def remedy(self) -> str:
        return f"apt-get install {self.package}"


LIBRARIES = (
    Library("libmagic.so.1", "checking uploaded files", "libmagic1"),
    Library("libpango-1.0.so.0", "letters and receipts (PDF)", "libpango-1.0-0"),
    Library("libpangoft2-1.0.so.0", "letters and receipts (PDF)", "libpangoft2-1.0-0"),
    Library("libharfbuzz-subset.so.0", "letters and receipts (PDF)", "libharfbuzz-subset0"),
    Library("dot", "pictures of workflows", "graphviz"),
)


def missing() -> Iterator[Library]:
    """The libraries and programs that are not there."""
    return (library for library in LIBRARIES if not library.is_there)


def warn_of_missing() -> None:
    """Says on stderr what does not work here, and how to make it work."""
    for library in missing():
        click.echo(
            f"{library.name} is missing, without it no {library.needed_for}: {library.remedy}",
            err=True,
        )
