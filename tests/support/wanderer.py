"""Chance at work: persons of every role fire whatever the definitions know, one step at a time.

What has happened least is tried first, so that the walk soon has been everywhere. Everything goes
through `services.fire`; only the rendering of letters is left out.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from funding_app import services
from funding_app.access import Grant, roles_on
from funding_app.demo.runner import Story, tell_to_active, tell_to_consultation
from funding_app.engine import Command, Creation, Refused
from funding_app.engine.records import begin_procedure
from funding_app.engine.storage import statements
from funding_app.jobs.timers import run_due
from funding_app.models import (
    AnswerSection,
    Application,
    Call,
    Document,
    Process,
    RoleAssignment,
    Timer,
)
from funding_app.queries.operations.policy import ALLOWED, policy
from funding_app.refusals import words
from funding_app.services.applications.answers import form_of, save_section
from funding_app.services.applications.cases import create_application
from funding_app.services.decisions.decisions import retrieve
from funding_app.services.decisions.documents import issue_document
from tests.forms.complete import COMPLETE
from tests.support.meetings_and_calls import new_call, seat
from tests.support.statements import Statements, scores
from workflows.definition import Definition, Transition

ROOT_PROCEDURES = {
    "panel": "office",
    "call": "office",
    "programme": "office",
    "data_subject_request": "dpo",
}
LIVE_PER_CALL = 2
LOOKED_AT = 30
FAR = datetime(2900, 1, 1, tzinfo=UTC)
PAST = datetime(2026, 1, 10, tzinfo=UTC)

Place = tuple[str, str, str]
"""A definition's key, an event and the state it leaves."""


AWAITED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "reviews_sufficient": ("review_assignment", ("validated",)),
    "reviews_short": ("review_assignment", ("discarded",)),
    "signatures_current": ("co_signature", ("signed",)),
    "consents_given": ("consent", ("given",)),
    "consent_refused": ("consent", ("denied",)),
}
"""What guards that look at facts wait for among the children."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the definitions that are walked call what the shipped ones call otherwise."""

    key: Callable[[str], str] = str
    state: Callable[[str], str] = str


def _awaited(arrow: Transition, names: Names) -> Iterator[tuple[str, tuple[str, ...]]]:
    for call in (*arrow.when, *arrow.guards):
        if call.name in AWAITED:
            kind, states = AWAITED[call.name]
            yield names.key(kind), tuple(map(names.state, states))
        elif "kind" in call.params and "states" in call.params:
            yield call.params["kind"], tuple(call.params["states"])


@dataclass
class Wanderer:
    """Walks through all definitions; `seen` counts how often each arrow was taken."""

    story: Story
    seed: int
    names: Names = Names()
    seen: Counter[Place] = field(default_factory=Counter)
    tried: Counter[Place] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    vain: Counter[tuple[uuid.UUID, str]] = field(default_factory=Counter)
    why: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    steps: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.states = Statements(self.story, self.chance)
        self.story.issue_letters = lambda _now: self._issue_letters()
        self._known: dict[Any, dict[str, float]] = {}
        definitions = self.story.machinery.definitions.all()
        self.table = {
            (rule.kind, rule.state, rule.event, rule.role)
            for rule in policy(definitions)
            if rule.answer == ALLOWED and rule.relation != "none"
        }
        with self.story.database.read() as session:
            self.grants: dict[uuid.UUID, list[Grant]] = {}
            for row in session.scalars(select(RoleAssignment)):
                grant = Grant(row.role, row.organisation_id)
                self.grants.setdefault(row.user_id, []).append(grant)

    # what there is to do

    def step(self) -> None:
        """Something happens: a person acts, time passes, or a new procedure begins."""
        self.steps += 1
        if self.steps % 50 == 0:
            self._known.clear()
        if self.steps % 1000 == 0:
            self.vain.clear()
        self._begin_missing()
        self.story.now += timedelta(minutes=self.chance.randrange(1, 90))
        if self.chance.random() < 0.04:
            self._let_time_pass()
            return
        process, arrow = self._chosen()
        self.tried[process.definition_key, arrow.event, arrow.source] += 1
        self._try(process, arrow)

    def _live(self, session: Session) -> list[Process]:
        return list(session.scalars(select(Process).where(~Process.is_terminal)))

    def _definition(self, process: Process) -> Definition:
        registry = self.story.machinery.definitions
        return registry.get(process.definition_key, process.definition_version)

    def _chosen(self) -> tuple[Process, Transition]:
        """A process and an arrow; what leads to things seldom seen comes first."""
        with self.story.database.read() as session:
            live = self._live(session)
            session.expunge_all()
        by_id = {process.id: process for process in live}
        found, weights = [], []
        for process in self.chance.sample(live, min(len(live), LOOKED_AT)):
            values = self._values(process, by_id.get(process.parent_id or process.id))
            for arrow in self._definition(process).arrows_from(process.state):
                if arrow.by == "person":
                    found.append((process, arrow))
                    promise = self._promise(process.definition_key, arrow, values)
                    weights.append(promise**2 / (1 + self.vain[process.id, arrow.event]))
        return self.chance.choices(found, weights)[0]

    def _novelty(self, key: str, arrow: Transition) -> float:
        place = (key, arrow.event, arrow.source)
        return 1 / (1 + self.seen[place]) / (1 + max(0, self.tried[place] - 20) / 10) + 0.001

    def _promise(self, key: str, arrow: Transition, values: Mapping[str, float]) -> float:
        return self._novelty(key, arrow) + 0.6 * values[arrow.target]

    def _values(self, process: Process, parent: Process | None) -> Mapping[str, float]:
        """How much that is new each state of the process may lead to, for its parent as well."""
        wanted = self._wanted_by(parent, process) if parent is not process else {}
        place = (process.definition_key, process.definition_version, tuple(sorted(wanted.items())))
        if place not in self._known:
            self._known[place] = self._worked_out(self._definition(process), wanted)
        return self._known[place]

    def _worked_out(self, one: Definition, wanted: Mapping[str, float]) -> dict[str, float]:
        values = {state: wanted.get(state, 0.0) for state in one.states}
        for _round in range(14):
            for state in values:
                ways = [self._promise(one.key, arrow, values) for arrow in one.arrows_from(state)]
                values[state] = max([wanted.get(state, 0.0), *ways])
        return values

    def _wanted_by(self, parent: Process | None, child: Process) -> dict[str, float]:
        """The states of the child that let its parent go on, with what that is worth."""
        wanted: dict[str, float] = {}
        if parent is None:
            return wanted
        values = self._values(parent, parent)
        for arrow in self._definition(parent).arrows_from(parent.state):
            worth = round(self._promise(parent.definition_key, arrow, values), 2)
            for kind, states in _awaited(arrow, self.names):
                if kind == child.definition_key:
                    wanted |= dict.fromkeys(states, worth)
        return wanted

    # acting

    def _people(self, roles: tuple[str, ...], process: Process) -> list[uuid.UUID]:
        """Who holds one of the roles on the process; now and then anybody, who may not."""
        wanted = set(roles)
        found = [who for who, held in self.grants.items() if wanted & roles_on(held, who, process)]
        anybody = self.chance.random() < 0.03 or not found
        return list(self.grants) if anybody else found

    def _try(self, process: Process, arrow: Transition) -> None:
        who = self.chance.choice(self._people(arrow.roles, process))
        if arrow.event == "submit" and not process.is_root:
            self._fill_in(process.id)
        with self.story.database.read() as session:
            data = self.states.of_event(session, arrow)
        command = Command(
            process.id,
            arrow.event,
            who,
            self.story.now,
            data=data,
            reason="Ein Grund.",
            door="test",
        )
        fired = self._fire(command, process)
        if fired is not None and fired.pending is not None:
            self._second(uuid.UUID(fired.pending), arrow)
        self._issue_letters()

    def _second(self, approval: uuid.UUID, arrow: Transition) -> None:
        event = "confirm" if self.chance.random() < 0.9 else "reject_proposal"
        for _attempt in range(3):
            with self.story.database.read() as session:
                process = session.get_one(Process, approval)
                session.expunge_all()
            if process.is_terminal:
                return
            who = self.chance.choice(self._people(arrow.second, process))
            command = Command(approval, event, who, self.story.now, reason="Geprüft.", door="test")
            self._fire(command, process)

    def _fire(self, command: Command, process: Process) -> Any:
        try:
            with self.story.database.write() as session:
                fired = services.fire(session, self.story.machinery, command)
        except Refused as refused:
            self._was_refused(refused, command, process)
            return None
        assert self._in_table(command, process), f"{command} is not in the table of permissions"
        return fired

    def _in_table(self, command: Command, process: Process) -> bool:
        assert command.actor_id is not None
        held = roles_on(self.grants.get(command.actor_id, []), command.actor_id, process)
        place = (process.definition_key, process.state, command.event)
        return any((*place, role) in self.table for role in held)

    def _was_refused(self, refused: Refused, command: Command, process: Process) -> None:
        self.vain[process.id, command.event] += 1
        for refusal in refused.refusals:
            self.refused[refusal.code] += 1
            self.why[process.definition_key, process.state, command.event, refusal.code] += 1
            for language in ("de", "en"):
                assert refusal.code not in words(refusal, language), refusal
        if "incomplete" in {one.code for one in refused.refusals}:
            self._fill_in(process.id)

    # forms, time, letters and new cases

    def _fill_in(self, process_id: uuid.UUID) -> None:
        """Completes the form of a process, as its writers would."""
        with self.story.database.write() as session:
            process = statements.load(session, process_id)
            form = form_of(session, process)
            if form is None:
                return
            answers = scores(form) | COMPLETE.get(form.key, {})
            for section in form.sections:
                own = {one.id: answers[one.id] for one in section.fields if one.id in answers}
                version = _version(session, process_id, section.id)
                save_section(
                    session, process_id, section.id, own, expected_version=version,
                    saved_by=self.story.world.people["applicant1"], when=self.story.now,
                )  # fmt: skip

    def _let_time_pass(self) -> None:
        """Some days, or as many as the next timer waits; then what the law attaches to time."""
        with self.story.database.read() as session:
            due = session.scalars(
                select(Timer.due_at).where(Timer.closed_at.is_(None)).order_by(Timer.due_at)
            ).first()
        days = timedelta(days=self.chance.choice([1, 5, 20, 45, 120]))
        near = due is not None and due - self.story.now < timedelta(days=500)
        if due is not None and self.chance.random() < (0.6 if near else 0.05):
            self.story.now = max(self.story.now, due) + timedelta(seconds=1)
        else:
            self.story.now += days
        run_due(self.story.database, self.story.machinery, self.story.now)
        self._change_deadlines()
        self._retrieve()

    def _change_deadlines(self) -> None:
        with self.story.database.write() as session:
            for call in session.scalars(select(Call).where(Call.is_published)):
                late = (
                    call.definition_key == self.names.key("grant_case")
                    and self.chance.random() < 0.3
                )
                call.closes_at, call.strict_deadline = PAST if late else FAR, late

    def _retrieve(self) -> None:
        with self.story.database.write() as session:
            open_ones = session.scalars(
                select(Application.id).where(
                    Application.channel == "own_portal", Application.retrieved_on.is_(None)
                )
            ).all()
            for case in open_ones:
                if self.chance.random() < 0.7:
                    person = self.story.world.people["applicant1"]
                    retrieve(session, case, person, self.story.now)

    def _issue_letters(self) -> None:
        with self.story.database.read() as session:
            waiting = session.scalars(select(Document.id).where(Document.sha256.is_(None))).all()
        for document in waiting:
            with self.story.database.write() as session:
                issue_document(session, document, {}, "0" * 64, 1, self.story.now)

    def _begin_missing(self) -> None:
        with self.story.database.read() as session:
            live = Counter(
                (process.definition_key, process.call_id)
                for process in self._live(session)
                if process.is_root
            )
        for name, call_id in list(self.story.world.calls.items()):
            key = "grant_case" if name == "consortium_grant" else name
            wanted = 2 * LIVE_PER_CALL if name == "grant_case" else LIVE_PER_CALL
            missing = live[self.names.key(key), call_id] < wanted
            if missing and not (name == "grant_case" and self._told()):
                self._apply(call_id)
        for key, who in ROOT_PROCEDURES.items():
            if not any(one == self.names.key(key) for one, _call in live):
                self._begin(key, who)

    def _told(self) -> bool:
        """A grant case that has come far already; mostly so, as the way there is long."""
        tell = self.chance.choice(
            [None, tell_to_consultation, tell_to_consultation, tell_to_active]
        )
        if tell is None:
            return False
        start = self.story.now.date() + timedelta(days=90)
        end = start + timedelta(days=self.chance.choice([60, 200, 500]))
        with self.story.database.write() as session:
            call = session.get_one(Call, self.story.world.calls["grant_case"])
            call.closes_at, call.strict_deadline = FAR, False
        tell(self.story, Decimal("90000.00"), start.isoformat(), end.isoformat())
        return True

    def _apply(self, call_id: uuid.UUID) -> None:
        with self.story.database.write() as session:
            process = create_application(
                session, self.story.machinery, session.get_one(Call, call_id),
                organisation_id=self.chance.choice(self.story.world.organisations),
                actor_id=self.story.world.people["applicant1"], when=self.story.now, door="test",
            )  # fmt: skip
        self._fill_in(process.id)

    def _begin(self, key: str, who: str) -> None:
        with self.story.database.write() as session:
            columns: dict[str, Any] = {"ministry_id": self.story.world.ministries[0]}
            if key == "call":
                columns["call_id"] = new_call(session, self.story)
            creation = Creation(
                self.names.key(key),
                self.story.world.people[who],
                self.story.now,
                columns=columns,
                door="test",
            )
            process = begin_procedure(session, self.story.machinery, creation)
            if key == "panel":
                seat(session, self.story, process.id)


def _version(session: Session, process_id: uuid.UUID, section: str) -> int:
    row = session.get(AnswerSection, (process_id, section))
    return row.version if row else 0
