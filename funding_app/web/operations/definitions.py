"""The workflow definitions as an office reads them: drawn, explained, simulated, checked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Response, abort, render_template, request
from flask_babel import gettext as _

from funding_app.access.lists import DEFINITION_ROLES, VERSION_ROLES
from funding_app.queries.calls.forms import known_forms
from funding_app.queries.operations.case_counts import running_by_state
from funding_app.queries.operations.policy import ALLOWED, policy
from funding_app.web.operations.blueprint import blueprint
from funding_app.web.request import language, needs_role, portal, signed_in
from workflows.definition import Definition
from workflows.lint import check
from workflows.simulate import only_by, shortest_and_longest, without_anyone
from workflows.vocabulary import ROLE_TITLES
from workflows.words import diagram
from workflows.words.explanation import explain_text

LARGEST_TEXT = 500_000


@blueprint.get("/admin/workflows")
@needs_role(DEFINITION_ROLES)
def definitions() -> str:
    return _list_page()


def _list_page(problems: list[str] | None = None, checked: str = "") -> str:
    with portal().database.read() as session:
        running = running_by_state(session)
    return render_template(
        "operations/definitions.html",
        definitions=portal().machinery.definitions.all(),
        running=running,
        problems=problems,
        checked=checked,
    )


@blueprint.post("/admin/workflows/check")
@needs_role(DEFINITION_ROLES)
def check_definition() -> str | tuple[str, int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _list_page([_("Bitte wählen Sie eine Datei aus.")]), 422
    name = Path(file.filename).name
    text = file.stream.read(LARGEST_TEXT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "uploaded.yaml"
        path.write_bytes(text)
        with portal().database.read() as session:
            forms = known_forms(session)
        found = [str(one).replace(str(path), name) for one in check(path, forms=forms)]
    return _list_page(found, name)


@blueprint.get("/admin/workflows/<key>/<version>")
@needs_role(DEFINITION_ROLES)
def definition(key: str, version: str) -> str:
    one = _found(key, version)
    with portal().database.read() as session:
        running = running_by_state(session)
    return render_template(
        "operations/definition.html",
        definition=one,
        newest=portal().machinery.definitions.get(one.key),
        may_raise=bool(signed_in().roles & VERSION_ROLES),
        running=running.get((one.key, one.version), {}),
        arrows=diagram.table(one, language()),
        words=explain_text(one, language(), portal().machinery.definitions.all()),
        simulated=_simulated(one),
        allowed=_allowed(one),
        roles=ROLE_TITLES,
    )


@blueprint.get("/admin/workflows/<key>/<version>/diagram.svg")
@needs_role(DEFINITION_ROLES)
def definition_picture(key: str, version: str) -> Response:
    drawing = diagram.draw(_found(key, version), language())
    media = "image/svg+xml" if drawing.kind == "svg" else "text/plain; charset=utf-8"
    return Response(drawing.text, mimetype=media)


def _found(key: str, version: str) -> Definition:
    try:
        return portal().machinery.definitions.get(key, int(version))
    except (KeyError, ValueError):
        abort(404)


def _simulated(one: Definition) -> dict[str, Any]:
    """How long its ways may take, and where a case stays while nobody acts."""

    def titles(states: Any) -> list[str]:
        return [one.states[state].title[language()] for state in one.states if state in set(states)]

    return {
        "lengths": shortest_and_longest(one),
        "stays": titles(without_anyone(one)),
        "left_only_by": {
            ROLE_TITLES[role][language()]: titles(states) for role, states in only_by(one).items()
        },
    }


def _allowed(one: Definition) -> list[Any]:
    """The permission table of the definition: who may do what in which state."""
    return [rule for rule in policy([one]) if rule.answer == ALLOWED and rule.relation != "none"]
