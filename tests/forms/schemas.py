"""Forms by chance, each one sound, and answers to them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

LETTERS = st.characters(categories=["L", "N", "P", "Zs"])
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(bool)
TEXT = st.fixed_dictionaries({"de": WORDS, "en": WORDS})
SIMPLE = ("text", "textarea", "email", "url", "phone", "iban", "date", "integer", "money",
          "percent", "yesno", "static")  # fmt: skip
CHOOSING = ("radio", "select", "checkboxes")
COLUMNS = ("text", "textarea", "date", "integer", "money", "percent", "select")
NUMBERS = ("integer", "money", "percent")
TITLE = {"id": "title", "type": "text", "required": True, "label": {"de": "Titel", "en": "Title"}}
PERIOD = [
    {"id": name, "type": "date", "required": True, "label": {"de": name, "en": name}}
    for name in ("period_start", "period_end")
]


@st.composite
def choices(draw: st.DrawFn) -> list[dict[str, Any]]:
    values = draw(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, unique=True))
    return [{"value": value, "label": draw(TEXT)} for value in values[:4]]


@st.composite
def bounds(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    if kind == "integer":
        low, high = sorted(draw(st.tuples(st.integers(-99, 99), st.integers(-99, 99))))
        return draw(st.sampled_from([{}, {"min": low}, {"max": high}, {"min": low, "max": high}]))
    if kind == "money":
        return draw(st.sampled_from([{}, {"min": "0.01"}, {"max": "50000.00"}]))
    if kind == "textarea":
        return draw(st.sampled_from([{}, {"max_words": 50}, {"max_length": 400}]))
    return {}


@st.composite
def conditions(draw: st.DrawFn, before: list[dict[str, Any]]) -> dict[str, Any]:
    """A condition on fields that stand before, or none."""
    tests = [test for field in before for test in _tests(field)]
    if not tests or draw(st.booleans()):
        return {}
    chosen = draw(st.lists(st.sampled_from(tests), min_size=1, max_size=3))
    group = draw(st.sampled_from(["all", "any"]))
    tree: dict[str, Any] = {group: chosen} if len(chosen) > 1 else chosen[0]
    return {"when": {"not": tree} if draw(st.integers(0, 5)) == 0 else tree}


def _tests(field: dict[str, Any]) -> list[dict[str, Any]]:
    name, kind = field["id"], field["type"]
    if kind == "yesno":
        return [{"field": name, "op": "eq", "value": True}]
    if kind in ("radio", "select"):
        values = [choice["value"] for choice in field["choices"]]
        return [
            {"field": name, "op": "eq", "value": values[0]},
            {"field": name, "op": "in", "value": values},
        ]
    if kind == "checkboxes":
        return [{"field": name, "op": "contains", "value": field["choices"][0]["value"]}]
    if kind == "integer":
        return [{"field": name, "op": "gt", "value": 3}]
    if kind == "money":
        return [{"field": name, "op": "ge", "value": "100.00"}]
    return [] if kind == "static" else [{"field": name, "op": "filled", "value": None}]


@st.composite
def fields(draw: st.DrawFn, name: str, before: list[dict[str, Any]]) -> dict[str, Any]:
    kind = draw(st.sampled_from([*SIMPLE, *CHOOSING, "partners", "table"]))
    found: dict[str, Any] = {"id": name, "type": kind, "label": draw(TEXT)}
    found |= draw(st.sampled_from([{}, {"required": True}])) if kind != "static" else {}
    found |= draw(st.fixed_dictionaries({}, optional={"help": TEXT, "example": TEXT}))
    found |= draw(st.sampled_from([{}, {"identity": True}]))
    found |= draw(bounds(kind)) | draw(conditions(before))
    if kind in CHOOSING:
        found["choices"] = draw(choices())
    if kind == "partners":
        names = [f"c{at}" for at in range(draw(st.integers(1, 3)))]
        found["columns"] = [draw(columns(each)) for each in names]
    if kind == "table":
        found["columns"] = [draw(sides(each)) for each in ("lines", "income")]
        found["balanced"] = True
    numbers = [each["id"] for each in [*before, found] if each["type"] in NUMBERS]
    if numbers and draw(st.booleans()):
        found["checks"] = [draw(checks(numbers))]
    return found


@st.composite
def columns(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(COLUMNS))
    more = {"choices": draw(choices())} if kind == "select" else {}
    return {"id": name, "type": kind, "label": draw(TEXT)} | more


@st.composite
def sides(draw: st.DrawFn, name: str) -> dict[str, Any]:
    return {"id": name, "type": "select", "label": draw(TEXT), "choices": draw(choices())}


@st.composite
def checks(draw: st.DrawFn, numbers: list[str]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=3))
    return {
        "left": {"add": [{"field": name} for name in names]},
        "op": draw(st.sampled_from(["le", "ge", "eq"])),
        "right": {"value": "1000"},
        "message": draw(TEXT),
    }


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """The content of a sound form for applications."""
    found: list[dict[str, Any]] = [TITLE, *PERIOD]
    for at in range(draw(st.integers(0, 6))):
        found.append(draw(fields(f"f{at}", found)))
    cut = draw(st.integers(1, len(found)))
    parts = [part for part in (found[:cut], found[cut:]) if part]
    sections = [
        {"id": f"s{at}", "title": draw(TEXT), "fields": part} for at, part in enumerate(parts)
    ]
    return {"key": "any_form", "version": 1, "title": draw(TEXT), "sections": sections}


def _scalar(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    kind = field["type"]
    values = [choice["value"] for choice in field.get("choices", [])]
    known: dict[str, st.SearchStrategy[Any]] = {
        "date": st.dates().map(str).filter(lambda text: "1900" <= text[:4] < "2200"),
        "integer": st.integers(-200, 200),
        "money": st.decimals(0, 100000, places=2).map(lambda found: f"{found:.2f}"),
        "percent": st.decimals(0, 100, places=2).map(lambda found: f"{found:.2f}"),
        "yesno": st.just(True),
        "email": st.just("name@verein.example"),
        "url": st.just("https://verein.example"),
        "phone": st.just("030 123456"),
        "iban": st.just("DE02120300000000202051"),
        "checkboxes": st.lists(st.sampled_from(values or [""]), min_size=1, unique=True),
    }
    if kind in ("radio", "select"):
        return st.sampled_from(values)
    return known.get(kind, st.from_regex(r"[a-zäöü]{1,12}", fullmatch=True))


def _amounts(side: dict[str, Any]) -> st.SearchStrategy[Any]:
    money = _scalar({"type": "money"})
    years = st.fixed_dictionaries({"2027": money, "2028": money})
    lines = st.sampled_from([choice["value"] for choice in side["choices"]])
    row = st.fixed_dictionaries({"line": lines, "years": years})
    return st.lists(row, min_size=1, max_size=3, unique_by=lambda found: found["line"])


def answer(field: dict[str, Any]) -> st.SearchStrategy[Any]:
    """An answer of the field's type, not always within its bounds."""
    if field["type"] == "table":
        return st.fixed_dictionaries({side["id"]: _amounts(side) for side in field["columns"]})
    if field["type"] == "partners":
        row = st.fixed_dictionaries({each["id"]: _scalar(each) for each in field["columns"]})
        return st.lists(row, min_size=1, max_size=3)
    return _scalar(field)


def answers(content: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some of the fields, and always a period of two years."""
    period = {"period_start": "2027-02-01", "period_end": "2028-01-31"}
    asked = {
        field["id"]: answer(field)
        for section in content["sections"]
        for field in section["fields"]
        if field["type"] != "static" and field["id"] not in period
    }
    return st.fixed_dictionaries({}, optional=asked).map(lambda found: period | found)
