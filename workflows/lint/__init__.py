"""What is wrong with a definition that can be read: dead ends, idle states, eyes too few.

The loader refuses what cannot be used; the lint finds what would go wrong later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from source_text import Problem, read
from workflows.definition import Definition, DefinitionError
from workflows.lint import arrows, fields, references, states, tags
from workflows.lint.findings import Found, Rule
from workflows.lint.references import Known
from workflows.registry import Registry, read_all

RULES: tuple[Rule, ...] = (
    states.unreachable,
    states.dead_ends,
    arrows.actors,
    states.owners,
    states.timers,
    arrows.ambiguous,
    arrows.competing,
    arrows.restless,
    arrows.four_eyes,
    arrows.questions,
    arrows.unrecorded,
    arrows.reserved,
    arrows.panels,
    states.kept_back_for_ever,
    states.idle_phases,
    *fields.RULES,
    *tags.RULES,
)


def lint(definition: Definition) -> list[Problem]:
    """Every finding about one definition, in order of line."""
    return _problems(definition, (found for rule in RULES for found in rule(definition)))


def lint_all(registry: Registry, forms: Collection[str]) -> list[Problem]:
    """The findings about every definition, and about what it names outside of itself.

    `forms` are the keys of all forms there are. The server asks this before it starts, and
    `funding workflows check` whenever it is called.
    """
    known = Known(registry, forms)
    problems = list(registry.ambiguous())
    rules = () if problems else references.RULES
    for definition in registry.all():
        problems.extend(lint(definition))
        for rule in rules:
            problems.extend(_problems(definition, rule(definition, known)))
    return problems


def check(*folders: Path, forms: Collection[str]) -> list[Problem]:
    """Every mistake in the shipped definitions and those of more folders, in all files at once.

    What definitions name outside of themselves is looked at once each of them can be read.
    """
    found, problems = read_all(*folders)
    if not problems:
        try:
            return lint_all(Registry(found), forms)
        except DefinitionError as error:
            problems = list(error.problems)
    return [*problems, *(problem for one in found for problem in lint(one))]


def _problems(definition: Definition, found: Iterable[Found]) -> list[Problem]:
    findings = list(found)
    if not findings:
        return []
    document = read(definition.text, definition.path)
    problems = {
        Problem(definition.path, document.line(place), what, why) for place, what, why in findings
    }
    return sorted(problems, key=lambda one: (one.line, one.what))
