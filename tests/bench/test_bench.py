"""The benchmarks measure what they say: the same rows on both sides, an honest verdict."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bench import __main__ as bench_main
from bench import assignment, case_list, handwritten, history, report, transition
from bench.measure import Figure, at_least, at_most, in_turn
from funding_app.demo.bulk.load import UNTIL, load_bulk
from funding_app.engine import Machinery
from funding_app.engine.log.verify import verify
from funding_app.matching import Weights, assign
from funding_app.matching.prices import prices_for
from funding_app.models import Application, LogRecord, Process
from funding_app.models.database import Database
from funding_app.queries.applications.cases import CaseFilter, list_cases

pytestmark = pytest.mark.both_databases


def test_a_verdict_follows_from_the_mark() -> None:
    assert at_least("a", "per second", 70, 100, 0.7).kept
    assert not at_least("a", "per second", 69, 100, 0.7).kept
    assert at_most("a", "ms", 40, None, 40).kept
    assert not at_most("a", "ms", 41, 5, 40).kept


def test_blocks_take_turns() -> None:
    order: list[str] = []

    def block(name: str) -> int:
        order.append(name)
        return 1

    rates = in_turn(2, lambda: block("a"), lambda: block("b"))
    assert order == ["a", "b", "b", "a"] and all(rate > 0 for rate in rates)


def test_a_run_is_kept_with_its_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    figures = [at_least("a list", "per second", 1500, 3000, 0.7, rows=3)]
    report.keep("trial", {"cores": 2}, figures)
    kept = json.loads((tmp_path / "trial.json").read_text())
    assert kept["figures"][0]["ratio"] == 0.5 and kept["machine"] == {"cores": 2}
    said = (tmp_path / "trial.md").read_text()
    assert "| a list | per second | 1,500 | 3,000" in said and "missed" in said


def kept_in(folder: Path, name: str, date: str, *figures: Figure) -> None:
    run = {"machine": {"date": date}, "figures": [figure.as_json() for figure in figures]}
    (folder / f"{name}.json").write_text(json.dumps(run))


def test_a_rate_has_fallen_where_more_than_a_tenth_of_its_ratio_is_lost(tmp_path: Path) -> None:
    kept_in(tmp_path, "old", "2026-01-01", at_least("a", "per second", 80, 100, 0.5))
    before = history.last_kept(tmp_path)
    assert history.fallen([at_least("a", "per second", 73, 100, 0.5)], before) == []
    [fall] = history.fallen([at_least("a", "per second", 71, 100, 0.5)], before)
    assert str(fall) == "fallen: a: ratio 0.80 in old, now 0.71"


def test_a_time_has_fallen_where_it_grew_against_its_yardstick(tmp_path: Path) -> None:
    kept_in(tmp_path, "old", "2026-01-01", at_most("a", "ms", 2, 1, 9))
    before = history.last_kept(tmp_path)
    assert history.fallen([at_most("a", "ms", 1, 1, 9), at_most("b", "ms", 8, 1, 9)], before) == []
    assert history.fallen([at_most("a", "ms", 2.2, 1, 9)], before) == []
    assert len(history.fallen([at_most("a", "ms", 2.3, 1, 9)], before)) == 1


def test_each_figure_is_held_against_the_run_that_kept_it_last(tmp_path: Path) -> None:
    rate = partial(at_least, "a", "per second", yardstick=100, share=0.1)
    kept_in(tmp_path, "z-first", "2026-01-01", rate(ours=90), at_most("b", "ms", 3, None, 9))
    kept_in(tmp_path, "a-second", "2026-02-01", rate(ours=50))
    kept_in(tmp_path, "c-third", "2026-03-01", at_most("c", "ms", 2, 1, 9))
    kept_in(tmp_path, "latest", "2026-04-01", rate(ours=99))
    before = history.last_kept(tmp_path)
    assert {what: one.run for what, one in before.items()} == {"a": "a-second", "c": "c-third"}
    assert history.fallen([rate(ours=46), at_most("b", "ms", 30, None, 9)], before) == []


def test_a_run_that_has_fallen_ends_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    monkeypatch.setattr(report, "machine", lambda note: {"date": "2026-02-02", "note": note})
    kept_in(tmp_path, "old", "2026-01-01", at_least("a", "per second", 80, 100, 0.5))
    for ours, code in ((79, 0), (60, 1)):
        figures = [at_least("a", "per second", ours, 100, 0.5)]
        measured = {"transition": lambda _size, figures=figures: iter(figures)}
        monkeypatch.setattr(bench_main, "BENCHMARKS", measured)
        done = CliRunner().invoke(bench_main.main, ["--note", "nothing else"])
        assert done.exit_code == code
        assert ("fallen: a" in done.output) == bool(code)
    assert "nothing else" in (tmp_path / "latest.md").read_text()


def test_the_yardstick_writes_what_the_engine_writes(
    database: Database, machinery: Machinery
) -> None:
    load_bulk(database, machinery, 60)
    with database.read() as session:
        cases = [
            row.id
            for row in session.query(Process).filter_by(
                definition_key="grant_case", state="formal_check"
            )
        ][:2]
    actor = _officer(database)
    driver = handwritten.connect(database)
    now = UNTIL + transition.FORTY_DAYS
    for event in transition.EVENTS:
        transition.fire(database, machinery, cases[0], event, actor, now)
        handwritten.fire(driver, cases[1], event, actor, now)
        now += transition.FORTY_DAYS
    driver.close()
    with database.read() as session:
        assert verify(session) == []
        ours, theirs = (_last_record(database, case) for case in cases)
    assert ours == theirs
    assert transition.same_rows(database, cases[:1], cases[1:]) > 0


def test_copied_cases_make_a_list_of_any_size(database: Database, machinery: Machinery) -> None:
    load_bulk(database, machinery, 40, whole=False)
    case_list.multiply(database, 130)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Application)) == 130
        shown = select(func.count()).where(Process.is_root, Process.state != "draft")
        total = session.scalar(shown) or 0
        page = list_cases(session, case_list.CLERK, CaseFilter(limit=200))
        assert len(page.rows) == total > 90
        ids = [row.id for row in page.rows]
        assert len(set(ids)) == total
        changed = [row.updated_at for row in page.rows]
        assert changed == sorted(changed, reverse=True)


def test_the_cursor_goes_through_the_whole_list(database: Database, machinery: Machinery) -> None:
    load_bulk(database, machinery, 40, whole=False)
    case_list.multiply(database, 120)
    for sort in ("", "due", "amount", "reference"):
        with database.read() as session:
            wanted = CaseFilter(sort=sort, limit=200)
            whole = [row.id for row in list_cases(session, case_list.CLERK, wanted).rows]
            paged, after = [], None
            while True:
                part = replace(wanted, limit=7, after=after)
                page = list_cases(session, case_list.CLERK, part)
                paged += [row.id for row in page.rows]
                after = page.next
                if after is None:
                    break
        assert paged == whole, sort


def _officer(database: Database) -> uuid.UUID:
    with database.read() as session:
        return transition.somebody(session, "case_officer")


def _last_record(database: Database, case: uuid.UUID) -> dict[str, object]:
    names = ("event", "from_state", "to_state", "definition", "actor_id", "door", "at", "cites")
    columns = [LogRecord.__table__.c[name] for name in names]
    with database.read() as session:
        row = (
            session.query(*columns)
            .filter(LogRecord.process_id == case)
            .order_by(LogRecord.seq.desc())
            .limit(1)
            .one()
        )
        process = session.get_one(Process, case)
        state = {
            name: getattr(process, name)
            for name in ("state", "entered_at", "updated_at", "due_at", "performers")
        }
    state["performers"] = {name: state["performers"][name] for name in transition.EVENTS}
    return {**row._mapping, **state}


def test_greedy_keeps_to_the_same_prices_and_never_beats_the_optimum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(assignment, "APPLICATIONS", 40)
    monkeypatch.setattr(assignment, "REVIEWERS", 12)
    for seed in range(5):
        wanted, reviewers = assignment.instance(Random(seed), (9, 10, 11))
        prices = prices_for(wanted, reviewers, Weights())
        points, missing = assignment.greedy(wanted, reviewers, prices)
        found = assign(wanted, reviewers)
        lacking = sum(each.missing for each in found.shortages)
        assert (lacking, found.cost) <= (missing, -points)
        assert points > 0
