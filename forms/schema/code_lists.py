"""The shipped lists of codes that fields offer as choices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from forms.schema.model import Choice
from source_text import read

DEFINITIONS = Path(__file__).parent.parent / "definitions"
CODE_LISTS = ("applicant_kinds", "cost_lines", "expertise", "topics")


@cache
def code_list(name: str) -> tuple[Choice, ...]:
    """The codes of one of `CODE_LISTS`, as choices; raises `KeyError` for another name."""
    if name not in CODE_LISTS:
        raise KeyError(name)
    path = DEFINITIONS / f"{name}.yaml"
    rows = read(path.read_text("utf-8"), str(path)).content["codes"]
    return tuple(Choice(str(row["code"]), {"de": row["de"], "en": row["en"]}) for row in rows)
