"""What may happen: workflow definitions, and the decision whether an event is possible."""

from source_text import Problem
from workflows.definition import DefinitionError
from workflows.loader import load_file, parse
from workflows.machine import decide, explain, reads_children
from workflows.registry import Registry, load

__all__ = [
    "DefinitionError",
    "Problem",
    "Registry",
    "decide",
    "explain",
    "load",
    "load_file",
    "parse",
    "reads_children",
]
