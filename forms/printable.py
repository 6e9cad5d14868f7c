"""A form as it stands on paper: every question with its limits and conditions in words.

Plain values for whatever prints them, in one language; what an answer is written into is a `kind`:
`line`, `lines`, `choices`, `box` (a declaration), `grid` (a table), `upload` or `text` (no answer).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forms.editor.words import condition_in_words, label_of
from forms.messages import word
from forms.parsing import display
from forms.schema import Field, FormSchema

ROWS = 4
"""How many empty rows a table of repeated rows has on paper."""
WORDS_PER_LINE, FEWEST_LINES, MOST_LINES = 12, 3, 14
MEGABYTE = 1_000_000
LONG, SHORT = "lines", "line"
KINDS: Mapping[str, str] = {
    "textarea": LONG,
    "radio": "choices",
    "select": "choices",
    "checkboxes": "choices",
    "file": "upload",
    "table": "grid",
    "partners": "grid",
    "static": "text",
}
SAID: Mapping[str, Mapping[str, str]] = {
    "needed": {"de": "nötig", "en": "required"},
    "optional": {"de": "freiwillig", "en": "optional"},
    "one": {"de": "eine Antwort", "en": "one answer"},
    "several": {"de": "mehrere Antworten sind möglich", "en": "several answers are possible"},
    "words": {"de": "höchstens {} Wörter", "en": "at most {} words"},
    "length": {"de": "höchstens {} Zeichen", "en": "at most {} characters"},
    "short": {"de": "mindestens {} Zeichen", "en": "at least {} characters"},
    "least": {"de": "mindestens {}", "en": "at least {}"},
    "most": {"de": "höchstens {}", "en": "at most {}"},
    "rows": {"de": "höchstens {} Zeilen", "en": "at most {} rows"},
    "least_rows": {"de": "mindestens {} Zeilen", "en": "at least {} rows"},
    "least_files": {"de": "mindestens {} Dateien", "en": "at least {} files"},
    "files": {"de": "höchstens {} Dateien", "en": "at most {} files"},
    "kinds": {"de": "als {}", "en": "as {}"},
    "size": {"de": "je Datei höchstens {}\u00a0MB", "en": "at most {}\u00a0MB per file"},
    "day": {"de": "Tag, Monat, Jahr", "en": "day, month, year"},
    "not_before": {"de": "nicht vor {}", "en": "not before {}"},
    "balanced": {
        "de": "in jedem Jahr gleich viel Ausgaben und Einnahmen",
        "en": "expenditure and income equal in every year",
    },
    "only_if": {"de": "Nur, wenn {}.", "en": "Only if {}."},
    "position": {"de": "Position", "en": "Position"},
    "year": {"de": "Jahr {}", "en": "Year {}"},
    "sum": {"de": "Summe", "en": "Sum"},
    "number": {"de": "Nr.", "en": "No."},
}


def say(name: str, language: str, *values: Any) -> str:
    """A phrase with its values."""
    return SAID[name][language].format(*values)


def paper_of(form: FormSchema, language: str) -> list[dict[str, Any]]:
    """The sections with their questions, numbered `1.1`."""
    fields = {field.id: field for field in form.fields}
    return [
        {
            "number": str(at),
            "title": section.title[language],
            "intro": section.intro.get(language, ""),
            "questions": [
                question(field, fields, language, f"{at}.{number}")
                for number, field in enumerate(section.fields, start=1)
            ],
        }
        for at, section in enumerate(form.sections, start=1)
    ]


def question(
    field: Field, fields: Mapping[str, Field], language: str, number: str
) -> dict[str, Any]:
    """One question with everything that is said about it."""
    kind = KINDS.get(field.type, SHORT)
    if field.type == "yesno":
        kind = "choices" if field.either else "box"
    return {
        "number": number,
        "kind": kind,
        "label": field.label[language],
        "help": field.hint(language),
        "notes": ", ".join(_notes(field, fields, language)) if kind != "text" else "",
        "condition": say("only_if", language, condition_in_words(field.when, fields, language))
        if field.when
        else "",
        "rules": [check.message[language] for check in field.checks],
        "choices": _choices(field, language),
        "lines": _lines(field),
        "grid": _grid(field, language) if kind == "grid" else None,
    }


def _notes(field: Field, fields: Mapping[str, Field], language: str) -> Iterator[str]:
    yield say("needed" if field.required else "optional", language)
    if field.type == "checkboxes":
        yield say("several", language)
    elif field.type in ("radio", "select"):
        yield say("one", language)
    if field.type == "date":
        yield say("day", language)
    if field.not_before:
        yield say("not_before", language, label_of(field.not_before, fields, language))
    if field.balanced:
        yield say("balanced", language)
    yield from _limits(field, language)


def _limits(field: Field, language: str) -> Iterator[str]:
    limits = (
        ("words", field.max_words),
        ("length", field.max_length),
        ("short", field.min_length),
    )
    yield from (say(name, language, value) for name, value in limits if value)
    if field.type == "file":
        yield from file_limits(field, language)
        return
    bounds = ("least_rows", "rows") if field.type == "partners" else ("least", "most")
    for name, bound in zip(bounds, (field.min, field.max), strict=True):
        if bound is not None:
            yield say(name, language, display(bound, field.type, language))


def file_limits(field: Field, language: str) -> Iterator[str]:
    """Which files a field takes, in words: kinds, size, and how many where it takes several."""
    if field.accept:
        yield say("kinds", language, ", ".join(field.accept).upper())
    if field.max_bytes:
        yield say("size", language, field.max_bytes // MEGABYTE)
    for name, bound in (("least_files", field.min), ("files", field.max)):
        if bound is not None and bound > 1:
            yield say(name, language, bound)


def _choices(field: Field, language: str) -> list[str]:
    if field.type == "yesno" and field.either:
        return [word("yes", language), word("no", language)]
    return [choice.label[language] for choice in field.choices]


def _lines(field: Field) -> int:
    words = field.max_words or (field.max_length or 0) // 6
    return min(max(words // WORDS_PER_LINE, FEWEST_LINES), MOST_LINES)


def _grid(field: Field, language: str) -> dict[str, Any]:
    """A table: its head, and groups of rows with the text of their first cell."""
    if field.type == "table":
        years = [say("year", language, number) for number in (1, 2, 3)]
        head = [say("position", language), *years, say("sum", language)]
        groups = [
            {
                "title": side.label[language],
                "rows": [*(each.label[language] for each in side.choices), say("sum", language)],
            }
            for side in field.columns
        ]
        return {"head": head, "groups": groups, "notes": []}
    columns = field.columns
    choices = [
        f"{each.label[language]}: {'; '.join(one.label[language] for one in each.choices)}."
        for each in columns
        if each.choices
    ]
    rows = [str(number) for number in range(1, min(field.max or ROWS, ROWS) + 1)]
    head = [say("number", language), *(_column(each, language) for each in columns)]
    return {"head": head, "groups": [{"title": "", "rows": rows}], "notes": choices}


def _column(column: Field, language: str) -> str:
    mark = "" if column.required else f" ({say('optional', language)})"
    return f"{column.label[language]}{mark}"
