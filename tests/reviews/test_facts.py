"""Facts about reviews: rows in, value out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from funding_app.engine import Machinery
from funding_app.models import (
    CalibrationSample,
    CalibrationScore,
    Call,
    Process,
    UserAccount,
    new_id,
)
from tests.support.facts import Cell, named
from tests.support.rows import NOW, Rows

pytestmark = pytest.mark.both_databases
Arrange = Callable[[Rows], Process]


def reviewed(*states: str) -> Arrange:
    """A case with reviews in these states, beside children that are none and other reviews."""

    def arrange(rows: Rows) -> Process:
        other = rows.case("reviewing")
        case = rows.case("reviewing")
        for number, state in enumerate(states):
            rows.review(case, rows.account(f"reviewer{number}", "reviewer"), state)
        rows.process("hearing", "submitted", case)
        rows.process("hearing", "validated", case)
        rows.review(other, rows.account("stranger", "reviewer"), "validated")
        rows.review(other, rows.account("stranger2", "reviewer"), "submitted")
        return case

    return arrange


COUNTED = [
    Cell("reviews_counted", 0, "none", reviewed()),
    Cell(
        "reviews_counted",
        2,
        "those that are validated",
        reviewed("validated", "validated", "submitted", "in_progress", "invited", "discarded"),
    ),
    Cell("reviews_open", 0, "none under way", reviewed("validated", "discarded", "declined")),
    Cell(
        "reviews_open",
        3,
        "invited, begun, handed in",
        reviewed("validated", "submitted", "in_progress", "invited", "discarded", "recused"),
    ),
]


def sample(rows: Rows, call: Call) -> CalibrationSample:
    return rows.add(
        CalibrationSample(id=new_id(), call_id=call.id, title="", text="", scores={}, comments={})
    )


def score(rows: Rows, of: CalibrationSample, by: UserAccount) -> None:
    rows.add(
        CalibrationScore(sample_id=of.id, user_id=by.id, scores={}, comments={}, scored_at=NOW)
    )


def calibrating(
    *, asked: bool = True, samples: int = 2, own: int = 0, others: int = 0, begun: str = ""
) -> Arrange:
    """A review in a call with samples: scored by its reviewer, by another, with a review begun."""

    def arrange(rows: Rows) -> Process:
        rows.change(rows.call, calibrates=asked)
        reviewer, colleague = (rows.account(name, "reviewer") for name in ("own", "colleague"))
        made = [sample(rows, rows.call) for _ in range(samples)]
        for each in made[:own]:
            score(rows, each, reviewer)
        for each in made[:others]:
            score(rows, each, colleague)
        if begun:
            rows.review(rows.case("reviewing"), reviewer, begun)
        rows.review(rows.case("reviewing"), colleague, "in_progress")
        return rows.review(rows.case("reviewing"), reviewer, "invited")

    return arrange


def begun_in_another_call(rows: Rows) -> Process:
    review = calibrating()(rows)
    other = rows.another_call()
    reviewer = rows.session.get_one(UserAccount, review.assignee_id)
    rows.review(rows.case("reviewing", process={"call_id": other.id}), reviewer, "in_progress")
    return review


def samples_of_another_call(rows: Rows) -> Process:
    sample(rows, rows.another_call(calibrates=True))
    return calibrating(samples=0)(rows)


CALIBRATED = [
    Cell("calibrated", True, "the call does not ask", calibrating(asked=False)),
    Cell("calibrated", True, "it has no samples", calibrating(samples=0)),
    Cell("calibrated", False, "none is scored", calibrating()),
    Cell("calibrated", False, "one is missing", calibrating(own=1)),
    Cell("calibrated", True, "both are scored", calibrating(own=2)),
    Cell("calibrated", False, "a colleague has scored both", calibrating(others=2)),
    Cell("calibrated", False, "only invited elsewhere", calibrating(begun="invited")),
    Cell("calibrated", True, "a review is begun", calibrating(begun="in_progress")),
    Cell("calibrated", True, "a review is handed in", calibrating(begun="submitted")),
    Cell("calibrated", True, "a review counts", calibrating(begun="validated")),
    Cell("calibrated", False, "begun in another call", begun_in_another_call),
    Cell("calibrated", True, "another call's samples", samples_of_another_call),
]
TABLE = [*COUNTED, *CALIBRATED]


@pytest.mark.parametrize("cell", named(TABLE))
def test_the_fact_has_its_value(rows: Rows, machinery: Machinery, cell: Cell) -> None:
    assert cell.read(rows, machinery) == cell.value
