"""What may happen: workflow definitions, and the decision whether an event is possible."""

from workflows.loader import DefinitionError, Problem, parse
from workflows.machine import decide, explain, reads_children
from workflows.registry import Registry, load

__all__ = [
    "DefinitionError",
    "Problem",
    "Registry",
    "decide",
    "explain",
    "load",
    "parse",
    "reads_children",
]
