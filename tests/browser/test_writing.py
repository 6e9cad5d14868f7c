"""An application written by two people, through a dead server, a lost line, an ended session."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from funding_app.web.filters import DEMO_PASSWORD
from tests.support import browser as real
from tests.support.browser import violations, watched
from tests.support.servers import command, free_port, until

pytestmark = pytest.mark.browser
SOON = 15_000


class Server:
    """A portal over one folder that can be killed and started again on the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.stack = ExitStack()
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        environment = {"FUNDING_ENV": "demo", "FUNDING_DATA_DIR": str(self.folder)}
        serve = command("serve", "--port", str(self.port), environment=environment)
        self.process = self.stack.enter_context(serve)
        assert self.process.stdout is not None
        assert any(line.startswith("ready ") for line in self.process.stdout)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def end_sessions(self) -> None:
        with sqlite3.connect(self.folder / "funding.sqlite3", timeout=20) as database:
            database.execute("DELETE FROM user_session")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(tmp_path_factory.mktemp("writing"))
    served.start()
    yield served
    served.stack.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    problems: list[str] = []
    page = watched(browser, server.address, problems)
    real.sign_in(page, "applicant1", DEMO_PASSWORD)
    yield page
    page.context.close()
    assert problems == []


def begin(page: Page) -> str:
    """A new application for a grant; returns its address."""
    page.goto("/calls/cc-gemeinsam-2026")
    with page.expect_navigation():
        page.get_by_role("button", name="Antrag beginnen").click()
    return page.url


def state(page: Page) -> str:
    return page.locator("[data-autosave-state]").inner_text()


def wait_saved(page: Page) -> None:
    page.locator("[data-autosave-state]", has_text=re.compile("Gespeichert um")).wait_for(
        timeout=SOON
    )


def trouble(page: Page, text: str) -> None:
    page.locator("[data-autosave-trouble]", has_text=text).wait_for(timeout=SOON)


def test_typing_survives_a_killed_server_a_lost_line_and_an_ended_session(
    page: Page, server: Server
) -> None:
    case = begin(page)
    page.goto(f"{case}/form/project")
    page.get_by_label("Titel des Vorhabens").fill("Klartext für alle")
    wait_saved(page)
    server.kill()
    page.get_by_label("Akronym").fill("KLAR")
    trouble(page, "Der Server antwortet nicht")
    assert violations(page) == []
    server.start()
    wait_saved(page)
    page.context.set_offline(True)
    page.get_by_label("Zusammenfassung").fill("Wir übersetzen Bescheide.")
    trouble(page, "Der Server antwortet nicht")
    page.context.set_offline(False)
    wait_saved(page)
    server.end_sessions()
    page.get_by_label("Zusammenfassung").fill("Wir übersetzen Bescheide in Alltagssprache.")
    trouble(page, "Ihre Anmeldung ist abgelaufen")
    other = page.context.new_page()
    real.sign_in(other, "applicant1", DEMO_PASSWORD)
    wait_saved(page)
    page.reload()
    assert page.get_by_label("Titel des Vorhabens").input_value() == "Klartext für alle"
    assert page.get_by_label("Akronym").input_value() == "KLAR"
    summary = page.get_by_label("Zusammenfassung").input_value()
    assert summary == "Wir übersetzen Bescheide in Alltagssprache."


def test_what_did_not_reach_the_server_comes_back_after_a_reload(
    page: Page, server: Server
) -> None:
    case = begin(page)
    page.goto(f"{case}/form/project")
    server.kill()
    page.get_by_label("Zusammenfassung").fill("Ohne Server geschrieben.")
    trouble(page, "Der Server antwortet nicht")
    page.on("dialog", lambda question: question.accept())
    page.goto("about:blank")  # as if the window had crashed
    server.start()
    page.goto(f"{case}/form/project")
    assert page.get_by_label("Zusammenfassung").input_value() == ""
    page.get_by_text("In diesem Fenster stehen noch Eingaben").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Wieder einsetzen").click()
    text = page.get_by_label("Zusammenfassung").input_value()
    assert text == "Ohne Server geschrieben."
    wait_saved(page)
    page.reload()
    assert page.get_by_label("Zusammenfassung").input_value() == text
    assert page.locator("[data-autosave-kept]").is_hidden()


def invited(page: Page, browser: Browser, server: Server, problems: list[str]) -> Page:
    """A colleague asked by mail, in a browser of her own."""
    page.goto("/organisation")
    page.get_by_text("Jemanden einladen").click()
    page.get_by_label("E-Mail-Adresse", exact=True).fill("nele@verein.example")
    page.get_by_label("Lesen und schreiben").check()
    assert violations(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Einladung senden").click()
    assert violations(page) == []

    def arrived() -> bool:
        page.goto("/demo/mails")
        return page.get_by_text("nele@verein.example").count() > 0

    until(arrived, 30, "the invitation")
    page.get_by_role("link", name=re.compile("Einladung")).first.click()
    link = re.search(r"/account/invitation/\S+", page.inner_text("main"))
    assert link is not None
    other = watched(browser, server.address, problems)
    other.goto(link.group())
    assert violations(other) == []
    other.get_by_label("Ihr Name").fill("Nele Neu")
    other.get_by_label("Passwort").fill("lang-genug-2026")
    with other.expect_navigation():
        other.get_by_role("button", name="Annehmen").click()
    return other


def test_two_people_write_at_once(page: Page, browser: Browser, server: Server) -> None:
    problems: list[str] = []
    case = begin(page)
    other = invited(page, browser, server, problems)
    page.goto(f"{case}/form/project")
    other.goto(f"{case}/form/project")
    page.get_by_text("Gerade auch hier: Nele Neu.").wait_for(timeout=30_000)
    other.get_by_label("Titel des Vorhabens").fill("Neles Titel")
    wait_saved(other)
    page.get_by_label("Titel des Vorhabens").fill("Antonias Titel")
    trouble(page, "jemand anderes hier gespeichert")
    with page.expect_navigation():
        page.get_by_role("button", name="Speichern", exact=True).click()
    text = page.inner_text("main")
    assert "Nele Neu hat am" in text
    assert "Neles Titel" in text
    assert page.get_by_label("Titel des Vorhabens").input_value() == "Antonias Titel"
    assert violations(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Speichern", exact=True).click()
    other.reload()
    assert other.get_by_label("Titel des Vorhabens").input_value() == "Antonias Titel"
    other.context.close()
    assert problems == []
