"""The formats: how a file in one is called and what type it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format's media type and the ending of its files' names."""

    media_type: str
    ending: str


CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    "xlsx": Format(XLSX, ".xlsx"),
    "csv-de": Format(CSV, "-de.csv"),
    "csv": Format(CSV, ".csv"),
    "json": Format(JSON, ".json"),
    "360giving": Format(JSON, "-360giving.json"),
}
TABLES = ("xlsx", "csv-de", "csv", "json")
"""What every table can be had in."""
