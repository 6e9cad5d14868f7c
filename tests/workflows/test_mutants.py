"""Whatever is changed in a definition, the lint or the list of promises notices it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import yaml

import workflows
from forms import schema
from tests.support.samples import amounts
from tests.workflows.promises import FILE, promises
from tests.workflows.walk import shipped
from workflows.lint import lint_all
from workflows.vocabulary import ROLES

Content = dict[str, Any]
Mutation = Callable[[random.Random, Content], str | None]


def _arrow(chance: random.Random, content: Content) -> Content:
    return dict_of(chance.choice(content["transitions"]))


def dict_of(found: Any) -> Content:
    assert isinstance(found, dict)
    return found


def _state(chance: random.Random, content: Content) -> tuple[str, Content]:
    name = chance.choice(sorted(content["states"]))
    return name, dict_of(content["states"][name])


def drop_transition(chance: random.Random, content: Content) -> str | None:
    arrow = chance.choice(content["transitions"])
    content["transitions"].remove(arrow)
    return f"without {arrow['event']}"


def swap_role(chance: random.Random, content: Content) -> str | None:
    arrow = _arrow(chance, content)
    if not arrow.get("roles"):
        return None
    others = sorted(set(ROLES) - set(arrow["roles"]))
    arrow["roles"] = [chance.choice(others), *arrow["roles"][1:]]
    return f"{arrow['event']} by {arrow['roles']}"


def drop_part(part: str) -> Mutation:
    def mutation(chance: random.Random, content: Content) -> str | None:
        arrow = _arrow(chance, content)
        return f"{arrow['event']} without {part}" if arrow.pop(part, None) is not None else None

    mutation.__name__ = f"drop_{part}"
    return mutation


def rename_guard(chance: random.Random, content: Content) -> str | None:
    arrow = _arrow(chance, content)
    names = [one for one in arrow.get("guards", ()) if isinstance(one, str)]
    if not names:
        return None
    arrow["guards"] = [f"{names[0]}x", *arrow["guards"][1:]]
    return f"{arrow['event']} guarded by {names[0]}x"


def change_target(chance: random.Random, content: Content) -> str | None:
    arrow = _arrow(chance, content)
    others = sorted(set(content["states"]) - {arrow["to"]})
    if arrow["to"] == "same" or not others:
        return None
    arrow["to"] = chance.choice(others)
    return f"{arrow['event']} leads to {arrow['to']}"


def drop_of_state(part: str) -> Mutation:
    def mutation(chance: random.Random, content: Content) -> str | None:
        name, state = _state(chance, content)
        return f"{name} without {part}" if state.pop(part, None) is not None else None

    mutation.__name__ = f"drop_state_{part}"
    return mutation


def longer_limit(chance: random.Random, content: Content) -> str | None:
    name, state = _state(chance, content)
    unit, amount = next(iter(state.get("limit", {"fact": ""}).items()))
    if unit == "fact":
        return None
    state["limit"] = {unit: amount + 1}
    return f"{name} waits {amount + 1} {unit}"


def drop_language(chance: random.Random, content: Content) -> str | None:
    name, state = _state(chance, content)
    state["title"].pop("en")
    return f"{name} without English"


def make_terminal(chance: random.Random, content: Content) -> str | None:
    name, state = _state(chance, content)
    if state.get("terminal"):
        state.pop("terminal")
    else:
        state["terminal"] = True
    return f"{name} ends or not"


MUTATIONS: tuple[Mutation, ...] = (
    drop_transition,
    swap_role,
    rename_guard,
    change_target,
    longer_limit,
    drop_language,
    make_terminal,
    *(drop_part(part) for part in ("second", "guards", "when", "effects", "reason", "roles")),
    *(drop_of_state(part) for part in ("limit", "owner", "task", "timers", "editable", "plain")),
)


def is_noticed(key: str, content: Content, promised: list[str]) -> str:
    """By whom: the loader, the lint or the promises; empty where nobody notices."""
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    try:
        one = workflows.parse(text, f"{key}.yaml")
        others = [other for other in shipped().all() if other.key != key]
        found = lint_all(workflows.Registry([*others, one]), schema.keys())
    except workflows.DefinitionError:
        return "loader"
    if found:
        return "lint"
    own = [line for line in promised if line.startswith((f"{key}:", f"{key}."))]
    return "promises" if list(promises([one])) != own else ""


def test_the_promises_are_those_that_were_reviewed() -> None:
    assert FILE.read_text("utf-8").splitlines() == list(promises(shipped().all()))


@pytest.mark.parametrize("mutants", amounts(100, 2_000))
def test_mutants_are_noticed(mutants: int) -> None:
    promised = FILE.read_text("utf-8").splitlines()
    chance = random.Random(2026)
    noticed: Counter[str] = Counter()
    survived = []
    while noticed.total() + len(survived) < mutants:
        key = chance.choice(shipped().keys())
        content = yaml.safe_load(shipped().get(key).text)
        mutation = chance.choice(MUTATIONS)
        said = mutation(chance, content)
        if said is None:
            continue
        by = is_noticed(key, content, promised)
        if by:
            noticed[by] += 1
        else:
            survived.append(f"{key}: {said} ({mutation.__name__})")
    print(dict(noticed))
    assert survived == []
