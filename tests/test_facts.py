"""Every fact that a definition may ask for has a table of its values."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from funding_app.services import FACTS
from tests.support.facts import Cell

HERE = Path(__file__).parent


def cells() -> list[Cell]:
    """The cells of all subjects."""
    tables = sorted(path.parent.name for path in HERE.glob("*/test_facts.py"))
    return [cell for name in tables for cell in import_module(f"tests.{name}.test_facts").TABLE]


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_fact_is_shown_with_two_values_at_least(fact: str) -> None:
    values = {repr(cell.value) for cell in cells() if cell.fact == fact}
    assert len(values) > 1, f"{fact}: add cells to the table of its subject (tests/*/test_facts.py)"
