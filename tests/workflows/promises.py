"""What every definition promises, a line each: who does what, under what, with what effect.

`python -m tests.workflows.promises` writes the file anew; the change is then reviewed as law is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.workflows.walk import shipped
from workflows.definition import Call, Definition, Limit

FILE = Path(__file__).with_name("promises.txt")


def promises(definitions: Iterable[Definition]) -> Iterator[str]:
    """The lines of all definitions, in their order."""
    for one in definitions:
        yield f"{one.key}: begins in {one.initial} by {', '.join(one.create_roles) or 'the engine'}"
        for state in one.states.values():
            timers = "; ".join(f"{timer.event} at {_limit(timer.limit)}" for timer in state.timers)
            end = " end" if state.terminal else ""
            writers = ", ".join(state.editable)
            yield (
                f"{one.key}.{state.id}:{end} owner {state.owner} limit {_limit(state.limit)} "
                f"timers [{timers}] writers [{writers}] "
                f"tags [{', '.join(sorted(state.tags))}] form {state.form}"
            )
        for arrow in one.transitions:
            fields = ", ".join(
                f"{spec['id']}{'' if spec.get('required') else '?'}" for spec in arrow.fields
            )
            yield (
                f"{one.key}.{arrow.source} --{arrow.event}--> {arrow.target} by {arrow.by} "
                f"[{', '.join(arrow.roles)}] second [{', '.join(arrow.second)}] "
                f"when [{_calls(arrow.when)}] guards [{_calls(arrow.guards)}] "
                f"effects [{_calls(arrow.effects)}] asks [{fields}] reason {arrow.reason}"
            )


def _limit(limit: Limit | None) -> str:
    if limit is None:
        return "none"
    return limit.fact or f"{limit.amount} {limit.unit}"


def _calls(calls: Iterable[Call]) -> str:
    return ", ".join(f"{call.name}{dict(call.params) or ''}" for call in calls)


if __name__ == "__main__":
    FILE.write_text("\n".join(promises(shipped().all())) + "\n", "utf-8")
