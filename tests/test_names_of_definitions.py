"""Code asks a definition what a state is; it never knows a state or a definition by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import workflows

CODE = Path(workflows.__file__).parents[1] / "funding_app"
FLOORS = ("access", "exports", "jobs", "queries", "services", "web")
NAMES = {one.key for one in workflows.load().newest()} | {
    state for one in workflows.load().newest() for state in one.states
}

# Where a word of a definition means something else: the floor, words, and what they are there.
ELSEWHERE = """
exports: call paid programme recommended rejected requested reserve | columns and their values
jobs: call | what the payload of a job names
jobs: due received | values of a mail's text
jobs: pending | what the virus scan says of a file
queries: amendment court_action objection | kinds of letters and of legal remedies
queries: asked call proof_due requested | values of a letter's and of the minutes' text
queries: due | an order of the list of cases
queries: paid programme rejected | columns of an export, and an outcome that an objection records
queries: pending | what the virus scan says of a file
queries: recused | a count of votes
services: accepted | the name of a fact
services: agreed held | numbers of reviews, told beside an invitation
services: amendment objection recovery | kinds of letters
services: applied consortium payment_request | notes in the log
services: call | what the payload of a job names
services: closed opened | the acts on a discussion
services: inquorate | the result of a vote
services: paid received requested | what a step records and asks, a column, a word of the minutes
services: panel | a part of a call's terms
services: pending | what the virus scan says of a file
services: programme | a field of a form
services: published review | the code of a refusal, and the key of a form
services: queued | where a mail stands
services: reserve | a kind of booking
web: agreed call declined held open programme requested review | fields of the API and of forms
web: call programme | keys of forms
web: complete | how far a section is filled in
web: due | an order of a list
web: in_session open | what a template is told, and a button
web: panel | an account of the demo
web: pending stopped | what the virus scan says of a file, and where a job stands
web: published stale | codes of refusals
web: reserve | a place of the ranking
"""


def listed() -> set[tuple[str, str]]:
    """The words that are known to mean something else, by floor."""
    found = set()
    for line in ELSEWHERE.strip().splitlines():
        place, words = line.split("|")[0].split(":")
        found |= {(place, word) for word in words.split()}
    return found


def used() -> Iterator[tuple[str, str]]:
    """Every string of the code that equals a state or a key, by floor."""
    for floor in FLOORS:
        for path in sorted((CODE / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and node.value in NAMES:
                    yield floor, node.value


def test_no_string_is_a_state_or_a_key_but_what_means_something_else() -> None:
    assert set(used()) - listed() == set()


def test_every_word_that_means_something_else_is_there() -> None:
    assert listed() - set(used()) == set()


COLUMNS = frozenset({"definition_key", "from_state", "state", "target", "told_state", "to_state"})
STATES_OF_OTHERS = frozenset({"MailDelivery", "OutboxMessage", "job", "row"})


def test_no_state_or_key_of_a_process_is_compared_with_a_word() -> None:
    wrong = []
    for floor in FLOORS:
        for path in sorted((CODE / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Compare) and _asks_by_name(node):
                    wrong.append(f"{path.relative_to(CODE)}:{node.lineno}")
    assert wrong == []


def _asks_by_name(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    named = {
        each.attr
        for each in sides
        if isinstance(each, ast.Attribute) and ast.unparse(each.value) not in STATES_OF_OTHERS
    }
    constants = {
        each.value for side in sides for each in ast.walk(side) if isinstance(each, ast.Constant)
    }
    return bool(named & COLUMNS and constants & NAMES)
