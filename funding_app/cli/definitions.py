"""`funding workflows`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import workflows
from forms import schema
from funding_app.cli.context import forms_of, say, unusable, wrong
from funding_app.services import mismatches
from funding_app.settings import SettingsError, load_settings
from source_text import Problem
from workflows.definition import Definition
from workflows.lint import check as check_files
from workflows.schema import json_schema
from workflows.simulate import (
    brought_about_by,
    only_by,
    shortest_and_longest,
    without_anyone,
)
from workflows.vocabulary import ROLES
from workflows.words.diagram import draw, mermaid
from workflows.words.differences import compare
from workflows.words.explanation import explain_text

language_option = click.option(
    "--language",
    type=click.Choice(["de", "en"]),
    default="de",
    show_default=True,
    help="The language of its words.",
)
version_option = click.option("--version", type=int, help="Without one, the newest.")


@click.group("workflows")
def definitions() -> None:
    """The workflow definitions: those shipped and those in FUNDING_WORKFLOWS_DIR."""


def folders() -> list[Path]:
    """The office's own definitions; asked for by itself, as no other setting is needed."""
    named = os.environ.get("FUNDING_WORKFLOWS_DIR")
    return [Path(named)] if named else []


def registry_of_environment() -> workflows.Registry:
    """All definitions; a mistake in one ends the command."""
    try:
        return workflows.load(*folders())
    except workflows.DefinitionError as error:
        wrong(str(error))


def _found(key: str, version: int | None) -> tuple[workflows.Registry, Definition]:
    registry = registry_of_environment()
    try:
        return registry, registry.get(key, version)
    except KeyError as error:
        unusable(str(error.args[0]))


@definitions.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_all(as_json: bool) -> None:
    """All definitions and versions."""
    found = registry_of_environment().all()
    facts = [
        {"key": one.key, "version": one.version, "title": one.title["de"], "sha256": one.sha256}
        for one in found
    ]
    lines = (f"{one['key']}@{one['version']}  {one['title']}" for one in facts)
    say(facts, as_json, "\n".join(lines))


@definitions.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(path: Path | None, as_json: bool) -> None:
    """Reports every mistake with file and line; exit code 1 where there is one.

    PATH is a definition or a folder of them. The shipped ones and those in FUNDING_WORKFLOWS_DIR
    are checked too, as all have to fit together, and whether the services do what can be named.
    Where a shipped form has mistakes, these stand for those of the definitions, as nothing that
    names a form can be judged before.
    """
    problems = _problems(*folders(), *([path] if path else []))
    facts = [
        {"file": one.file, "line": one.line, "what": one.what, "why": one.why, "text": str(one)}
        for one in problems
    ]
    facts += [
        {"file": "", "line": 0, "what": said, "why": "", "text": said} for said in mismatches()
    ]
    say(facts, as_json, "\n".join(str(one["text"]) for one in facts) or "no mistakes")
    raise SystemExit(1 if facts else 0)


def _problems(*places: Path) -> Sequence[Problem]:
    try:
        forms = _known_forms()
    except schema.SchemaError as error:
        return error.problems
    return check_files(*places, forms=forms)


def _known_forms() -> set[str]:
    """The forms of the environment; where it is none of a portal, those that are shipped."""
    try:
        return forms_of(load_settings())
    except SettingsError:
        return set(schema.keys())


@definitions.command("draw")
@click.argument("key")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@version_option
@language_option
@click.option("--mermaid", "as_mermaid", is_flag=True, help="Mermaid text instead of SVG.")
def draw_one(
    key: str, output: Path | None, version: int | None, language: str, as_mermaid: bool
) -> None:
    """Draws a definition as SVG (needs Graphviz) or as Mermaid text."""
    definition = _found(key, version)[1]
    drawing = draw(definition, language)
    if not as_mermaid and drawing.kind != "svg":
        wrong("Graphviz did not draw it: apt-get install graphviz, or ask for --mermaid")
    picture = mermaid(definition, language) if as_mermaid else drawing.text
    if output:
        output.write_text(picture, "utf-8")
    else:
        click.echo(picture)


@definitions.command()
@click.argument("key")
@version_option
@language_option
def explain(key: str, version: int | None, language: str) -> None:
    """Says a definition in words, as Markdown."""
    registry, definition = _found(key, version)
    children = [one for one in registry.all() if one.key != key]
    click.echo(explain_text(definition, language, children))


@definitions.command()
@click.argument("key")
@version_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def simulate(key: str, version: int | None, as_json: bool) -> None:
    """Walks a definition: what each role can bring about, and where a case stays without it."""
    facts = _simulated(_found(key, version)[1])
    say(facts, as_json, "\n".join(_in_lines(facts)))


@definitions.command("schema")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
def write_schema(output: Path | None) -> None:
    """The JSON Schema of a definition, with which an editor completes and checks names."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    if output:
        output.write_text(text + "\n", "utf-8")
    else:
        click.echo(text)


@definitions.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@language_option
def diff(old: Path, new: Path, language: str) -> None:
    """What changed between two files of a definition, in words."""
    try:
        before, after = workflows.load_file(old), workflows.load_file(new)
    except workflows.DefinitionError as error:
        wrong(str(error))
    click.echo("\n".join(compare(before, after, language)))


def _simulated(definition: Definition) -> dict[str, Any]:
    alone = {role: sorted(brought_about_by(definition, [role])) for role in sorted(ROLES)}
    return {
        "key": definition.key,
        "version": definition.version,
        "brought_about_by": {role: states for role, states in alone.items() if states},
        "stays_without_anyone": sorted(without_anyone(definition)),
        "left_only_by": {role: sorted(states) for role, states in only_by(definition).items()},
        **_lengths(definition),
    }


def _lengths(definition: Definition) -> dict[str, Any]:
    """The shortest and the longest way by the limits of their states, in calendar days."""
    found = shortest_and_longest(definition)
    return {
        name: {
            "days": one.days,
            "way": [arrow.event for arrow in one.way],
            "waits_for_dates_in": list(one.open),
        }
        for name, one in zip(("shortest", "longest"), found or (), strict=False)
    }


def _in_lines(facts: dict[str, Any]) -> list[str]:
    lines = [f"{facts['key']}@{facts['version']}"]
    for name in ("brought_about_by", "left_only_by"):
        lines.append(f"{name.replace('_', ' ')}:")
        lines += [f"  {role}: {', '.join(states)}" for role, states in facts[name].items()]
    for name in ("shortest", "longest"):
        if name in facts:
            found = facts[name]
            waits = ", ".join(found["waits_for_dates_in"]) or "nothing"
            lines.append(f"{name}: {found['days']} days by {' → '.join(found['way'])}")
            lines.append(f"  and what dates of the case add in: {waits}")
    lines.append(f"stays without anyone: {', '.join(facts['stays_without_anyone']) or 'nowhere'}")
    return lines
