"""Facts by value: rows in, value out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from funding_app.engine import Machinery
from funding_app.engine.storage import statements
from funding_app.models import Process
from tests.support.rows import NOW, Rows


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact has this value over the rows that are arranged; `said` tells what they are."""

    fact: str
    value: Any
    said: str
    arrange: Callable[[Rows], Process]
    when: datetime = NOW

    def read(self, rows: Rows, machinery: Machinery) -> Any:
        """The fact as the engine reads it: alone, and together with other processes."""
        process = statements.load(rows.session, self.arrange(rows).id)
        rows.session.expire_all()
        alone = machinery.read_facts(rows.session, process, self.when, [self.fact])
        many = machinery.read_facts_of_many(rows.session, [process], self.when, {self.fact})
        if many != {process.id: alone}:
            raise AssertionError(f"read alone it is {alone}, with others {many}")
        return alone[self.fact]


def named(table: list[Cell]) -> list[ParameterSet]:
    """The cells as parameters, each with a name to find it by."""
    return [pytest.param(cell, id=f"{cell.fact}: {cell.said}") for cell in table]
