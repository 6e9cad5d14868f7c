"""From what was typed to canonical answers; what can not be read is kept as typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from forms.schema import Field
from funding_app.web.desk import typed

GERMAN = re.compile(r"\d{1,3}(\.\d{3})*(,\d{1,2})?|\d+(,\d{1,2})?", re.ASCII)
ENGLISH = re.compile(r"\d{1,3}(,\d{3})*(\.\d{1,2})?|\d+(\.\d{1,2})?", re.ASCII)
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


def read_money(text: str, language: str) -> str:
    """Canonical euro (`1234.50`) from German or English notation, else the text as typed."""
    bare = text.replace("€", "").replace("EUR", "").replace("\xa0", " ").strip()
    if re.fullmatch(r"\d+\.\d{2}", bare, re.ASCII):
        return bare
    if language == "de" and GERMAN.fullmatch(bare):
        return f"{Decimal(bare.replace('.', '').replace(',', '.')):.2f}"
    if language == "en" and ENGLISH.fullmatch(bare):
        return f"{Decimal(bare.replace(',', '')):.2f}"
    return text


def read_date(text: str) -> str:
    """An ISO date from German or ISO notation, else the text as typed."""
    found = GERMAN_DATE.fullmatch(text.strip())
    if found is None:
        return text.strip()
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text


def _integer(text: str, _language: str) -> Any:
    return int(text) if re.fullmatch(r"-?\d{1,15}", text, re.ASCII) else text


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "money": read_money,
    "date": lambda text, _language: read_date(text),
    "integer": _integer,
}


def _value(field: Field, form: Any, language: str) -> Any:
    if field.type == "yesno":
        return form.get(field.id) == "yes"
    if field.type == "checkboxes":
        return form.getlist(field.id)
    if field.type == "table":
        return read_table(form, field.id, language)
    text = typed(form, field.id).strip()
    reader = READERS.get(field.type)
    return reader(text, language) if reader else text


def read(fields: Iterable[Field], form: Any, language: str) -> dict[str, Any]:
    """The answers to these fields from a submitted form."""
    return {
        field.id: _value(field, form, language)
        for field in fields
        if field.type not in ("static", "file")
    }


def read_table(form: Any, name: str, language: str) -> dict[str, list[dict[str, Any]]]:
    """The budget table: one input per line and year, named `budget|lines|0812|2027`."""
    table: dict[str, dict[str, dict[str, str]]] = {"lines": {}, "income": {}}
    for key in form:
        parts = key.split("|")
        if len(parts) == 4 and parts[0] == name and parts[1] in table:
            text = typed(form, key).strip()
            if text:
                years = table[parts[1]].setdefault(parts[2], {})
                years[parts[3]] = read_money(text, language)
    return {
        side: [{"line": line, "years": years} for line, years in rows.items()]
        for side, rows in table.items()
    }


def cell(table: Any, side: str, line: str, year: str) -> str:
    """One amount of a budget table."""
    rows = table.get(side, []) if isinstance(table, Mapping) else []
    for row in rows:
        if row.get("line") == line:
            return str(row.get("years", {}).get(year, ""))
    return ""
