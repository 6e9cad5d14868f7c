"""What a run says: a table for people, JSON for programs, and the machine it ran on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measure import Figure
from bench.places import databases, versions

RESULTS = Path(__file__).parent / "results"
HEADINGS = ("what", "unit", "ours", "yardstick", "ratio", "mark", "")


def machine(note: str = "") -> dict[str, Any]:
    """The machine, how busy it is, and the software of this run; no name and no path of it.

    `note` says what else the machine was doing.
    """
    with databases() as found:
        servers = versions(found)
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **servers,
        **({"note": note} if note else {}),
    }


def _commit() -> str:
    asked = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(
        asked, capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.what,
        figure.unit,
        _number(figure.ours),
        _number(figure.yardstick),
        "–" if figure.ratio is None else f"{figure.ratio:.2f}",
        figure.mark,
        "kept" if figure.kept else "missed",
    )


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table with even columns."""
    rows = [HEADINGS, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def as_json(described: Mapping[str, Any], figures: Sequence[Figure]) -> str:
    """The run as JSON."""
    run = {"machine": dict(described), "figures": [figure.as_json() for figure in figures]}
    return json.dumps(run, ensure_ascii=False, indent=2, default=str)


def keep(name: str, described: Mapping[str, Any], figures: Sequence[Figure]) -> None:
    """Writes the run beside the others, as JSON and as Markdown."""
    RESULTS.mkdir(exist_ok=True)
    said = "\n".join(f"- {key.replace('_', ' ')}: {value}" for key, value in described.items())
    text = f"# {name}\n\n{said}\n\n{table(figures)}\n"
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    (RESULTS / f"{name}.json").write_text(as_json(described, figures) + "\n", encoding="utf-8")
