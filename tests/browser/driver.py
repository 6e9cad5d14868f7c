"""The same stories as everywhere, told in a browser: every step by its own person's clicks."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page
from sqlalchemy import select

from forms.schema import Field, parse_fields
from funding_app.demo.runner import Story
from funding_app.engine import Fired
from funding_app.engine.storage import statements
from funding_app.models import Call, Document, Process
from funding_app.services.applications.answers import form_of
from tests.support.browser import sign_in, violations, watched
from tests.support.outcome import PASSWORD


@dataclass(slots=True, kw_only=True)
class BrowserStory(Story):
    """A story whose steps are clicks; the database is only read, to know what is where."""

    browser: Browser
    address: str
    clock: Path
    pictures: Path
    pages: dict[str, Page] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    taken: int = 0

    def page_of(self, who: str) -> Page:
        """The person's own browser, signed in; business time stands at the story's."""
        self.clock.write_text(self.now.isoformat(), "utf-8")
        if who not in self.pages:
            self.pages[who] = watched(self.browser, self.address, self.problems)
            # A full-page picture would scroll under the next click: the window is tall instead.
            self.pages[who].set_viewport_size({"width": 1280, "height": 2600})
            sign_in(self.pages[who], who, PASSWORD)
        return self.pages[who]

    def picture(self, page: Page, what: str) -> None:
        """Keeps a picture of the page, and what axe finds on it."""
        self.taken += 1
        page.screenshot(path=self.pictures / f"{self.taken:03}-{what}.png")
        self.problems += [f"{what}: {found}" for found in violations(page)]

    def apply(self, definition: str, sections: Mapping[str, Mapping[str, Any]]) -> uuid.UUID:
        """Begins a draft under the call of a definition and fills it in."""
        with self.database.read() as session:
            ref = session.get_one(Call, self.world.calls[definition]).ref
        page = self.page_of(self.applicant)
        page.goto(f"/calls/{ref}")
        self.picture(page, f"{self.applicant}-call")
        press(page, page.get_by_role("button", name="Antrag beginnen"))
        self.case_id = uuid.UUID(page.url.rpartition("/")[2])
        self.write(self.case_id, sections)
        return self.case_id

    def write(self, process_id: uuid.UUID, sections: Mapping[str, Mapping[str, Any]]) -> None:
        """Fills in sections of a form as the one who has to."""
        with self.database.read() as session:
            process = statements.load(session, process_id)
            form = form_of(session, process)
        assert form is not None
        if process.assignee_id is not None:
            self._review(process.assignee_id, process_id, sections)
            return
        page = self.page_of(self.applicant)
        for name, answers in sections.items():
            page.goto(f"/cases/{process_id}/form/{name}")
            fill(page, form.section(name).fields, answers)
            self.picture(page, f"{self.applicant}-{form.key}-{name}")
            press(page, page.get_by_role("button", name="Speichern und zur Übersicht"))
            assert "Gespeichert" in page.inner_text("main"), page.inner_text("main")

    def _review(
        self, reviewer: uuid.UUID, process_id: uuid.UUID, sections: Mapping[str, Mapping[str, Any]]
    ) -> None:
        who = next(key for key, person in self.world.people.items() if person == reviewer)
        page = self.page_of(who)
        page.goto(f"/cases/{process_id}/review")
        for answers in sections.values():
            for name, value in answers.items():
                if name.startswith("score_"):
                    page.locator(f"input[name='{name}'][value='{value}']").check()
                else:
                    page.locator(f"#{name}").fill(value)
        self.picture(page, f"{who}-review")
        press(page, page.get_by_role("button", name="Entwurf speichern"))
        assert "Entwurf gespeichert" in page.inner_text("main"), page.inner_text("main")

    def act(
        self,
        who: str,
        event: str,
        data: Mapping[str, Any] | None = None,
        *,
        on: uuid.UUID | None = None,
        reason: str = "",
    ) -> Fired:
        """One event by one person on the page of the process, an hour after the last."""
        self.now += timedelta(hours=1)
        process_id = on or self.case_id
        assert process_id is not None
        page = self.page_of(who)
        page.goto(f"/cases/{process_id}")
        form = page.locator(f"form[action$='/events/{event}']")
        assert form.count() == 1, f"{who} can not {event}: {page.inner_text('main')}"
        opened(form)
        fill(page, self._fields(process_id, event), data or {}, prefix=f"{event}-")
        if reason:
            page.locator(f"#{event}-reason").fill(reason)
        self.picture(page, f"{who}-{event}")
        press(page, form.get_by_role("button").last)
        done = page.locator(".kern-alert--success").first
        assert done.count(), f"{who} could not {event}: {page.inner_text('main')}"
        return self._fired(process_id, pending="zweite Person" in done.inner_text())

    def _fields(self, process_id: uuid.UUID, event: str) -> Iterable[Field]:
        with self.database.read() as session:
            process = statements.load(session, process_id)
        arrows = self.machinery.definition_of(process).transitions
        return parse_fields(next(arrow for arrow in arrows if arrow.event == event).fields)

    def _fired(self, process_id: uuid.UUID, *, pending: bool) -> Fired:
        with self.database.read() as session:
            process = statements.load(session, process_id)
            child = session.scalar(
                select(Process.id)
                .where(Process.parent_id == process_id, Process.definition_key == "approval")
                .order_by(Process.id.desc())
                .limit(1)
            )
        waits = str(child) if pending else None
        return Fired(process.state, process.row_version, process.log_seq, waits)

    def retrieve(self) -> None:
        """The applicant downloads the decision, byte for byte as issued."""
        page = self.page_of(self.applicant)
        page.goto(f"/cases/{self.case_id}")
        with page.expect_download() as download:
            page.get_by_role("link", name="bescheid (PDF").click()
        content = Path(download.value.path()).read_bytes()
        with self.database.read() as session:
            hashes = session.scalars(
                select(Document.sha256).where(Document.process_id == self.case_id)
            ).all()
        assert hashlib.sha256(content).hexdigest() in hashes
        self.now += timedelta(days=1)


def press(page: Page, button: Locator) -> None:
    """Clicks and waits for the page that answers."""
    with page.expect_navigation():
        button.click()


def opened(form: Locator) -> None:
    """Opens the step that holds the form."""
    step = form.locator("xpath=ancestor::details")
    if step.count() and step.get_attribute("open") is None:
        step.locator("summary").click()


def fill(
    page: Page, fields: Iterable[Field], answers: Mapping[str, Any], *, prefix: str = ""
) -> None:
    """Types the canonical answers as a person would."""
    for each in fields:
        if each.id in answers:
            _fill(page, each, f"{prefix}{each.id}", answers[each.id])


def _declare(page: Page, _spec: Field, name: str, value: Any) -> None:
    page.locator(f"#{name}").set_checked(bool(value))


def _choose(page: Page, spec: Field, name: str, value: Any) -> None:
    chosen = {True: "yes", False: "no"}.get(value, value) if spec.type == "yesno" else value
    for each in chosen if isinstance(chosen, list) else [chosen]:
        page.locator(f"input[name='{name}'][value='{each}']").check()


def _select(page: Page, _spec: Field, name: str, value: Any) -> None:
    page.locator(f"#{name}").select_option(str(value))


def _fill_date(page: Page, _spec: Field, name: str, value: Any) -> None:
    for part, text in zip(("year", "month", "day"), str(value).split("-"), strict=True):
        page.locator(f"#{name}-{part}").fill(text)


def _type(page: Page, spec: Field, name: str, value: Any) -> None:
    page.locator(f"#{name}").fill(german(value) if spec.type == "money" else str(value))


def _fill_table(page: Page, _spec: Field, name: str, table: Any) -> None:
    for side, lines in table.items():
        for row in lines:
            for year, amount in row["years"].items():
                page.locator(f"#{name}-{side}-{row['line']}-{year}").fill(german(amount))


def _fill_rows(page: Page, spec: Field, name: str, rows_given: Any) -> None:
    for number, row in enumerate(rows_given):
        for column in spec.columns:
            if column.id in row:
                way = _select if column.type == "select" else _type
                way(page, column, f"{name}-{number}-{column.id}", row[column.id])


WAYS = {
    "radio": _choose,
    "checkboxes": _choose,
    "select": _select,
    "date": _fill_date,
    "table": _fill_table,
    "partners": _fill_rows,
}


def _fill(page: Page, spec: Field, name: str, value: Any) -> None:
    if spec.type == "yesno":
        way = _choose if spec.either else _declare
    else:
        way = WAYS.get(spec.type, _type)
    way(page, spec, name, value)


def german(amount: str) -> str:
    """An amount as it is typed in German."""
    return amount.replace(".", ",")
