"""Every shipped definition as an office's own, with another key and other names for its states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import workflows
from workflows.definition import Definition
from workflows.guards import GUARDS
from workflows.vocabulary import EFFECTS

Content = dict[str, Any]


def own_key(key: str) -> str:
    """The key of an office's own definition that stands for a shipped one."""
    return f"own_{key}"


def own_state(state: str) -> str:
    """What a shipped state is called in an office's own definition."""
    return state if state == "same" else f"z_{state}"


def shipped_name(name: str) -> str:
    """The shipped name of a state or a key."""
    return re.sub("^(own|z)_", "", name)


def write_renamed(folder: Path) -> None:
    """Writes every shipped definition, consistently renamed, as a file of an office's own."""
    for one in workflows.load().newest():
        text = yaml.safe_dump(_renamed(one), allow_unicode=True, sort_keys=False)
        (folder / f"{own_key(one.key)}.yaml").write_text(text, "utf-8")


def _renamed(definition: Definition) -> Content:
    content: Content = yaml.safe_load(definition.text)
    content["key"] = own_key(content["key"])
    content["initial"] = own_state(content["initial"])
    content["states"] = {own_state(name): state for name, state in content["states"].items()}
    content["transitions"] = [_renamed_arrow(arrow) for arrow in content["transitions"]]
    for part in ("ranked", "agenda") if "panel" in content else ():
        content["panel"][part] = [own_state(state) for state in content["panel"][part]]
    return content


def _renamed_arrow(arrow: Content) -> Content:
    sources = arrow["from"]
    arrow["from"] = [
        own_state(each) for each in ([sources] if isinstance(sources, str) else sources)
    ]
    arrow["to"] = own_state(arrow["to"])
    for part in ("when", "guards", "effects"):
        if part in arrow:
            arrow[part] = [_renamed_call(call) for call in arrow[part]]
    return arrow


def _renamed_call(call: Any) -> Any:
    if isinstance(call, str):
        return call
    ((name, params),) = call.items()
    names_others = name in GUARDS and GUARDS[name].children
    if names_others or (name in EFFECTS and EFFECTS[name].opens):
        return {name: _renamed_params(params)}
    return call


def _renamed_params(params: Mapping[str, Any]) -> Content:
    found = dict(params)
    if "kind" in found:
        found["kind"] = own_key(found["kind"])
    if "states" in found:
        found["states"] = [own_state(state) for state in found["states"]]
    if "except" in found:
        found["except"] = [own_key(key) for key in found["except"]]
    return found
