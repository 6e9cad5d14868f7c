"""The order of a form as plain data: parts are found, moved, copied, added and taken away.

A part has a place: `#finance` is a section, `budget` a field, `budget.income` a column of it.
Every function leaves its argument as it is and returns the changed content. Raises `KeyError`
where there is no such part.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from forms.schema.reading import IDENTIFIER, RESERVED

Content = Mapping[str, Any]
Found = tuple[list[dict[str, Any]], int]

LONGEST_ID = 40
CHOOSING = ("radio", "select", "checkboxes")
INCOME: tuple[tuple[str, str, str], ...] = (
    ("own_funds", "Eigenmittel", "Own funds"),
    ("third_party_funds", "Mittel Dritter", "Funds of third parties"),
    ("grant", "Beantragte Zuwendung", "Grant requested"),
)


def _sections(content: Content) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = content["sections"]
    return found


def _at(parts: list[dict[str, Any]], name: str) -> Found:
    for index, part in enumerate(parts):
        if part.get("id") == name:
            return parts, index
    raise KeyError(name)


def _found(content: Content, place: str) -> Found:
    """The list that holds the part, and where it stands in it."""
    if place.startswith("#"):
        return _at(_sections(content), place[1:])
    name, _, column = place.partition(".")
    for section in _sections(content):
        if any(field.get("id") == name for field in section["fields"]):
            parts, index = _at(section["fields"], name)
            return _at(parts[index].get("columns", []), column) if column else (parts, index)
    raise KeyError(place)


def part_at(content: Content, place: str) -> dict[str, Any]:
    """The part itself, as plain data."""
    parts, index = _found(content, place)
    return parts[index]


def section_of(content: Content, place: str) -> str:
    """The id of the section in which a field or column stands."""
    if place.startswith("#"):
        return place[1:]
    name = place.partition(".")[0]
    for section in _sections(content):
        if any(field.get("id") == name for field in section["fields"]):
            return str(section["id"])
    raise KeyError(place)


def _copied(content: Content) -> dict[str, Any]:
    return copy.deepcopy(dict(content))


def moved(content: Content, place: str, step: int) -> dict[str, Any]:
    """The part one place up (-1) or down (1); a field goes on into the next section."""
    changed = _copied(content)
    parts, index = _found(changed, place)
    target = index + step
    if 0 <= target < len(parts):
        parts.insert(target, parts.pop(index))
    elif not place.startswith("#") and "." not in place:
        _into_neighbour(changed, place, step)
    return changed


def _into_neighbour(changed: dict[str, Any], place: str, step: int) -> None:
    sections = _sections(changed)
    _same, at = _at(sections, section_of(changed, place))
    if not 0 <= at + step < len(sections):
        return
    parts, index = _found(changed, place)
    field = parts.pop(index)
    neighbours = sections[at + step]["fields"]
    neighbours.insert(0 if step > 0 else len(neighbours), field)


def removed(content: Content, place: str) -> dict[str, Any]:
    """The form without the part."""
    changed = _copied(content)
    parts, index = _found(changed, place)
    parts.pop(index)
    return changed


def _ids(content: Content) -> Iterator[str]:
    for section in _sections(content):
        yield str(section.get("id"))
        for field in section["fields"]:
            yield str(field.get("id"))


def free_id(wanted: str, taken: set[str]) -> str:
    """An identifier like the text that nothing else has: `Kosten (netto)` makes `kosten_netto`."""
    plain = unicodedata.normalize("NFKD", wanted.lower().replace("ß", "ss"))
    plain = plain.encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_ID]
    if not IDENTIFIER.fullmatch(base):
        base = f"field_{base}".rstrip("_")
    names = [base, *(f"{base}_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken and name not in RESERVED)


def duplicated(content: Content, place: str) -> tuple[dict[str, Any], str]:
    """The form with a copy behind the part, and the place of the copy."""
    changed = _copied(content)
    parts, index = _found(changed, place)
    made = copy.deepcopy(parts[index])
    taken = {part["id"] for part in parts} if "." in place else set(_ids(changed))
    made["id"] = free_id(made["id"], taken)
    taken.add(made["id"])
    for field in made.get("fields", []):
        field["id"] = free_id(field["id"], taken)
        taken.add(field["id"])
    parts.insert(index + 1, made)
    before = place.rpartition(".")[0]
    return changed, f"#{made['id']}" if place.startswith("#") else _joined(before, made["id"])


def _joined(parent: str, name: str) -> str:
    return f"{parent}.{name}" if parent else name


def with_section(content: Content, title: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """The form with a section more at the end, and its place."""
    changed = _copied(content)
    name = free_id(title["de"], set(_ids(changed)))
    _sections(changed).append({"id": name, "title": dict(title), "fields": []})
    return changed, f"#{name}"


def with_field(
    content: Content, parent: str, kind: str, label: Mapping[str, str]
) -> tuple[dict[str, Any], str]:
    """The form with a field more at the end of a section, or a column of a field; its place."""
    changed = _copied(content)
    holder = part_at(changed, parent)
    is_column = not parent.startswith("#")
    parts = holder.setdefault("columns" if is_column else "fields", [])
    taken = {part["id"] for part in parts} if is_column else set(_ids(changed))
    name = free_id(label["de"], taken)
    parts.append({"id": name, "type": kind, "label": dict(label)} | _beginning(kind))
    return changed, _joined(parent, name) if is_column else name


def _beginning(kind: str) -> dict[str, Any]:
    """What a new field of the type can not do without."""
    if kind in CHOOSING:
        words = {"de": "Erste Antwort", "en": "First answer"}
        return {"choices": [{"value": "first", "label": words}]}
    if kind == "partners":
        words = {"de": "Name", "en": "Name"}
        return {"columns": [{"id": "name", "type": "text", "required": True, "label": words}]}
    return {"balanced": True, "columns": _sides()} if kind == "table" else {}


def _sides() -> list[dict[str, Any]]:
    words = {"de": "Personal", "en": "Staff"}
    return [
        {
            "id": "lines",
            "type": "select",
            "label": {"de": "Ausgaben", "en": "Expenditure"},
            "choices": [{"value": "staff", "label": words}],
        },
        {
            "id": "income",
            "type": "select",
            "label": {"de": "Einnahmen", "en": "Income"},
            "choices": [
                {"value": value, "label": {"de": german, "en": english}}
                for value, german, english in INCOME
            ],
        },
    ]


def replaced(content: Content, place: str, part: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The form with another part in this place, and its place now.

    Conditions and checks that name a field follow it to its new name.
    """
    changed = _copied(content)
    parts, index = _found(changed, place)
    old, new = parts[index]["id"], part["id"]
    parts[index] = dict(part)
    if place.startswith("#"):
        return changed, f"#{new}"
    if "." in place:
        return changed, _joined(place.partition(".")[0], new)
    if old != new:
        changed["sections"] = _renamed(changed["sections"], old, new)
    return changed, new


REFERENCES = frozenset({"field", "not_before", "grant_field", "total", "sum"})


def _renamed(at: Any, old: str, new: str) -> Any:
    if isinstance(at, list):
        return [_renamed(each, old, new) for each in at]
    if not isinstance(at, dict):
        return at
    return {
        name: new if name in REFERENCES and value == old else _renamed(value, old, new)
        for name, value in at.items()
    }


def is_taken(content: Content, place: str, name: str) -> bool:
    """Whether another part beside the one at `place` has the identifier already."""
    parts, index = _found(content, place)
    if place.startswith("#"):
        beside = _sections(content)
    elif "." in place:
        beside = parts
    else:
        beside = [field for section in _sections(content) for field in section["fields"]]
    return any(part is not parts[index] and part.get("id") == name for part in beside)
