"""YAML with the lines its mappings stand on, and the shipped lists of codes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from forms.schema.model import Choice
from forms.schema.problems import Problem, SchemaError, nearest

DEFINITIONS = Path(__file__).parent.parent / "definitions"
CODE_LISTS = ("applicant_kinds", "cost_lines", "expertise", "topics")


class _Located(dict[str, Any]):
    """A mapping that knows the line it began on."""

    line = 1


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # untyped
    pass


def _located(loader: _Loader, node: yaml.MappingNode) -> _Located:
    loader.flatten_mapping(node)
    built = _Located(loader.construct_pairs(node, deep=True))
    built.line = node.start_mark.line + 1
    return built


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _located)


def data_of(text: str, file: str) -> Any:
    """What a text of YAML says; raises `SchemaError`."""
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SchemaError([Problem(file, line, "yaml", {"text": error.problem})]) from error
    except yaml.YAMLError as error:
        raise SchemaError([Problem(file, 1, "yaml", {"text": error})]) from error


@cache
def code_list(name: str) -> tuple[Choice, ...]:
    """The codes of a shipped list, as choices; raises `SchemaError` where there is none."""
    if name not in CODE_LISTS:
        near = nearest(name, CODE_LISTS)
        raise SchemaError([Problem(str(DEFINITIONS), 1, "code_list", {"name": name}, near=near)])
    path = DEFINITIONS / f"{name}.yaml"
    rows = data_of(path.read_text("utf-8"), str(path))["codes"]
    return tuple(Choice(str(row["code"]), {"de": row["de"], "en": row["en"]}) for row in rows)
