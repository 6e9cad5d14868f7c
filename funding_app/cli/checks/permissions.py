"""`funding policy` and `funding routes`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import click

from funding_app.app import create_app
from funding_app.cli.context import parts_opened, say, unusable, wrong
from funding_app.cli.definitions import registry_of_environment
from funding_app.queries.operations.policy import ALLOWED, Rule
from funding_app.queries.operations.policy import policy as permission_table
from funding_app.web.access import AccessNotDeclared, Route
from funding_app.web.access import routes as declared_routes


@click.command()
@click.option("--kind", default="", help="Only this process kind, a definition's key.")
@click.option("--role", default="", help="Only this role.")
@click.option("--json", "as_json", is_flag=True, help="For programs: refusals too.")
def policy(kind: str, role: str, as_json: bool) -> None:
    """Who may do what: role, relation, process kind, state and event.

    For people it lists what is permitted; --json has every cell of the table, each "allowed" or
    with the code of its refusal. Guards that depend on the case, and the roles of a second
    person, stand beside what is permitted.
    """
    definitions = registry_of_environment().all()
    if kind and kind not in {one.key for one in definitions}:
        unusable(f"there is no process kind '{kind}'")
    rules = [
        rule
        for rule in permission_table(one for one in definitions if kind in {"", one.key})
        if role in {"", rule.role}
    ]
    say([asdict(rule) for rule in rules], as_json, "\n".join(_permitted(rules)))


def _permitted(rules: Iterable[Rule]) -> Iterable[str]:
    for rule in rules:
        if rule.answer == ALLOWED:
            second = f"  confirmed by {' or '.join(rule.second)}" if rule.second else ""
            guards = f"  unless {', '.join(rule.depends_on)}" if rule.depends_on else ""
            place = f"{rule.kind}@{rule.version} {rule.state} {rule.event}"
            yield f"{place}: {rule.role} ({rule.relation}){second}{guards}"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def routes(as_json: bool) -> None:
    """Every route with who may ask for it; exit code 1 where one does not say so."""
    with parts_opened() as parts:
        try:
            found = declared_routes(create_app(parts.settings, parts))
        except AccessNotDeclared as error:
            wrong(str(error))
    say([asdict(route) for route in found], as_json, "\n".join(map(_in_words, found)))


def _in_words(route: Route) -> str:
    return f"{'/'.join(route.methods):10} {route.access:12} {route.path}"
