"""A field as answers to the form in which it is edited, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forms.parsing import Unreadable, is_amount, parse, typed
from forms.schema import Condition, Field
from forms.schema.conditions import as_data
from forms.schema.reading import IDENTIFIER, RESERVED
from forms.schema.soundness import CHOOSING, ROWS, WHOLE
from forms.schema.writing import field_data

Faults = dict[str, str]
"""What is wrong: the field of the editing form (`when_tests-0-value`), and a code."""

TEXTS = ("label", "help", "example")
NUMBERS = ("max_words", "min_length", "max_length")
NAMES = ("autocomplete", "fim_id")
MEGABYTE = 1_000_000
YES = frozenset({"ja", "yes", "wahr", "true"})
NO = frozenset({"nein", "no", "falsch", "false"})
# Which of its own attributes a type has; the others are dropped when the type changes.
OWN: Mapping[str, frozenset[str]] = {
    "max_words": frozenset({"text", "textarea"}),
    "min_length": frozenset({"text", "textarea"}),
    "max_length": frozenset({"text", "textarea", "email", "url", "phone"}),
    "not_before": frozenset({"date"}),
    "grant_field": frozenset({"table"}),
    "balanced": frozenset({"table"}),
    "either": frozenset({"yesno"}),
    "accept": frozenset({"file"}),
    "max_bytes": frozenset({"file"}),
    "choices": CHOOSING,
    "columns": frozenset({"table", "partners"}),
    "min": frozenset({"integer", "money", "percent", "date", "partners"}),
    "max": frozenset({"integer", "money", "percent", "date", "partners", "file"}),
}


def answers_of(field: Field, language: str) -> dict[str, Any]:
    """The field as answers of the form `form_part_field`."""
    found: dict[str, Any] = {
        f"{name}_{lang}": getattr(field, name).get(lang, "")
        for name in TEXTS
        for lang in ("de", "en")
    }
    found |= {name: getattr(field, name) for name in (*NUMBERS, "type", "not_before")}
    found |= {name: getattr(field, name) or "" for name in (*NAMES, "grant_field")}
    found |= {name: _shown(field, getattr(field, name), language) for name in ("min", "max")}
    found |= {
        "name": field.id,
        "is_required": field.required,
        "identity": field.identity,
        "either": field.either,
        "balanced": field.balanced,
        "accept": ", ".join(field.accept),
        "max_megabytes": field.max_bytes // MEGABYTE if field.max_bytes else None,
        "choices": [
            {
                "value": choice.value,
                "label_de": choice.label.get("de", ""),
                "label_en": choice.label.get("en", ""),
            }
            for choice in field.choices
        ],
    }
    return found | _condition_answers(field.when, language)


def _shown(field: Field, bound: Any, language: str) -> str:
    kind = "integer" if field.type in ROWS else field.type
    value = f"{bound}.00" if kind in ("money", "percent") and isinstance(bound, int) else bound
    return typed(value, kind, language)


def flat_tests(when: Condition | None) -> tuple[str, list[tuple[int | None, Condition]]] | None:
    """A condition as mode and rows, each with the number of its bracket; `None` if it is deeper."""
    if when is None:
        return "all", []
    if not when.parts:
        return "all", [(None, when)]
    inner = {"all": "any", "any": "all"}.get(when.op)
    rows: list[tuple[int | None, Condition]] = []
    for number, part in enumerate(when.parts, 1):
        if inner is None or (part.parts and part.op != inner):
            return None
        if any(each.parts for each in part.parts):
            return None
        rows += [(number, each) for each in part.parts] or [(None, part)]
    return when.op, rows


def _condition_answers(when: Condition | None, language: str) -> dict[str, Any]:
    mode, rows = flat_tests(when) or ("all", [])
    tests = [
        {
            "group": number,
            "field": test.field,
            "op": test.op,
            "value": _value_text(test.value, language),
        }
        for number, test in rows
    ]
    return {"when_mode": mode, "when_tests": tests}


def _value_text(value: Any, language: str) -> str:
    if isinstance(value, list):
        return ", ".join(_value_text(each, language) for each in value)
    if isinstance(value, bool):
        return {"de": ("Nein", "Ja"), "en": ("No", "Yes")}[language][value]
    return typed(value, "money" if is_amount(value) and "." in value else "text", language)


def spec_of(
    answers: Mapping[str, Any], old: Field, earlier: Mapping[str, Field], language: str
) -> tuple[dict[str, Any], Faults]:
    """The edited field as plain data, with what can not be read.

    What the form does not ask for (columns, checks) stays as it was, so long as the type has it.
    """
    kind = str(answers.get("type") or old.type)
    faults: Faults = {}
    spec = field_data(old) | {"id": str(answers.get("name")), "type": kind}
    if not IDENTIFIER.fullmatch(spec["id"]) or spec["id"] in RESERVED:
        faults["name"] = "id"
    spec |= _texts(answers) | _plain(answers)
    spec |= {"choices": _choices(answers.get("choices"))}
    spec |= _bounds(answers, kind, language, faults)
    spec |= _when(answers, old, earlier, language, faults)
    own = {name: value for name, value in spec.items() if kind in OWN.get(name, {kind})}
    return {name: value for name, value in own.items() if _says_something(value)}, faults


def _says_something(value: Any) -> bool:
    """Whether a value is more than the default; nought is, as a bound."""
    return value is not None and value is not False and value not in ("", [], {})


def _texts(answers: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in TEXTS:
        words = {lang: str(answers.get(f"{name}_{lang}") or "").strip() for lang in ("de", "en")}
        found[name] = words if name == "label" or any(words.values()) else None
    return found


def _plain(answers: Mapping[str, Any]) -> dict[str, Any]:
    endings = str(answers.get("accept") or "").lower().replace(".", "").split(",")
    size = answers.get("max_megabytes")
    found: dict[str, Any] = {
        name: str(answers.get(name) or "").strip() for name in (*NAMES, "not_before", "grant_field")
    }
    return found | {
        **{name: answers.get(name) for name in NUMBERS},
        "required": bool(answers.get("is_required")),
        "identity": bool(answers.get("identity")),
        "either": bool(answers.get("either")),
        "balanced": bool(answers.get("balanced")),
        "accept": [ending.strip() for ending in endings if ending.strip()],
        "max_bytes": size * MEGABYTE if isinstance(size, int) else None,
    }


def _choices(rows: Any) -> list[dict[str, Any]]:
    return [
        {
            "value": str(row.get("value") or "").strip(),
            "label": {lang: str(row.get(f"label_{lang}") or "").strip() for lang in ("de", "en")},
        }
        for row in rows or []
    ]


def _bounds(answers: Mapping[str, Any], kind: str, language: str, faults: Faults) -> dict[str, Any]:
    found: dict[str, Any] = {"min": None, "max": None}
    for name in found:
        text = str(answers.get(name) or "").strip()
        if text and kind in OWN[name]:
            try:
                found[name] = parse(text, "integer" if kind in ROWS else kind, language)
            except Unreadable:
                faults[name] = "bound"
    return found


def _when(
    answers: Mapping[str, Any],
    old: Field,
    earlier: Mapping[str, Field],
    language: str,
    faults: Faults,
) -> dict[str, Any]:
    rows = answers.get("when_tests") or []
    if not rows:
        # What is deeper than two levels can not be shown as rows; it stays until it is replaced.
        deeper = flat_tests(old.when) is None and not answers.get("drop_condition")
        return {"when": as_data(old.when) if deeper and old.when else None}
    tests = [
        (row.get("group"), _test(row, at, earlier, language, faults)) for at, row in enumerate(rows)
    ]
    mode = str(answers.get("when_mode") or "all")
    return {"when": _tree(mode, tests)}


def _tree(mode: str, tests: Iterable[tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    inner = "any" if mode == "all" else "all"
    groups: dict[Any, list[dict[str, Any]]] = {}
    for at, (group, test) in enumerate(tests):
        groups.setdefault(group if isinstance(group, int) else ("alone", at), []).append(test)
    parts = [found[0] if len(found) == 1 else {inner: found} for found in groups.values()]
    return parts[0] if len(parts) == 1 and inner not in parts[0] else {mode: parts}


def _test(
    row: Mapping[str, Any],
    at: int,
    earlier: Mapping[str, Field],
    language: str,
    faults: Faults,
) -> dict[str, Any]:
    op, text = str(row.get("op")), str(row.get("value") or "").strip()
    field = earlier.get(str(row.get("field")))
    test = {"field": str(row.get("field")), "op": op}
    if op in ("filled", "empty"):
        return test | {"value": None}
    texts = [each.strip() for each in text.split(",")] if op == "in" else [text]
    try:
        values = [_value_of(field, each, language) for each in texts]
    except Unreadable:
        faults[f"when_tests-{at}-value"] = "compared"
        values = [text]
    return test | {"value": values if op == "in" else values[0]}


def _value_of(field: Field | None, text: str, language: str) -> Any:
    """What was typed as the field would be answered: the value or the label of a choice, a date."""
    if field is None:
        raise Unreadable("unknown")
    if field.type == "yesno":
        return _yes_or_no(text)
    if field.type in CHOOSING and not field.choices_from:
        return _choice(field, text)
    if field.type == "integer" and WHOLE.fullmatch(text):
        return int(text)
    if not text:
        raise Unreadable("missing")
    return parse(text, field.type, language)


def _yes_or_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise Unreadable("yesno")
    return text.lower() in YES


def _choice(field: Field, text: str) -> str:
    for choice in field.choices:
        if text in (choice.value, *choice.label.values()):
            return choice.value
    raise Unreadable("choice")
