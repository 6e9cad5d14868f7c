"""Whom the calls of the demo are for, and their texts in plain language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("offers.yaml")


@cache
def _offers() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def offer(ref: str) -> dict[str, Any]:
    """The columns of a call that say whom it is for, in data and in plain language."""
    return dict(_offers()[ref])
