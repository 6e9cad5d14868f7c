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
from tests.browser.keyboard import Keyboard
from tests.fixtures.demo import CopyDemo
from tests.support import browser as real
from tests.support.browser import press, violations, watched
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
def server(tmp_path_factory: pytest.TempPathFactory, copy_demo: CopyDemo) -> Iterator[Server]:
    served = Server(tmp_path_factory.mktemp("writing"))
    copy_demo(served.folder)
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


def interrupted(page: Page, server: Server) -> None:
    """The server is killed, the line is lost, the session ends: what is typed meanwhile stays."""
    server.kill()
    page.get_by_label("Worum geht es").fill("Wir übersetzen Bescheide.")
    trouble(page, "Der Server antwortet nicht")
    assert violations(page) == []
    server.start()
    wait_saved(page)
    page.context.set_offline(True)
    page.get_by_label("Welche Rolle spielt KI?").fill("Sie schlägt Sätze vor.")
    trouble(page, "Der Server antwortet nicht")
    page.context.set_offline(False)
    wait_saved(page)
    server.end_sessions()
    page.get_by_label("Gewünschtes Preisgeld").fill("12.500,50")
    trouble(page, "Ihre Anmeldung ist abgelaufen")
    again = page.context.new_page()
    real.sign_in(again, "applicant1", DEMO_PASSWORD)
    wait_saved(page)
    again.close()


def at_once(page: Page, other: Page) -> None:
    """Both change the title; who comes second sees both and decides."""
    page.get_by_text("Gerade auch hier: Nele Neu.").wait_for(timeout=30_000)
    other.get_by_label("Titel").fill("Neles Titel")
    wait_saved(other)
    page.get_by_label("Titel").fill("Antonias Titel")
    trouble(page, "jemand anderes hier gespeichert")
    press(page, "Speichern")
    text = page.inner_text("main")
    assert "Nele Neu hat am" in text
    assert "Neles Titel" in text
    assert page.get_by_label("Titel").input_value() == "Antonias Titel"
    assert violations(page) == []
    press(page, "Speichern")
    other.reload()
    assert other.get_by_label("Titel").input_value() == "Antonias Titel"


def test_two_people_write_through_every_interruption_and_hand_in_by_keyboard(
    page: Page, browser: Browser, server: Server
) -> None:
    problems: list[str] = []
    page.goto("/calls/cip-ideen-2026")
    press(page, "Antrag beginnen")
    case = page.url
    other = invited(page, browser, server, problems)
    for each in (page, other):
        each.goto(f"{case}/form/idea")
    at_once(page, other)
    interrupted(page, server)
    keys = Keyboard(page)
    page.goto(f"{case}/form/idea")
    keys.date("period_start", "1", "6", "2027")
    keys.date("period_end", "30", "11", "2027")
    keys.press("button[value=next]")
    keys.write(partners_described="Verein und Hochschule.", contact_name="Antonia Antrag")
    keys.write(contact_email="antonia@verein.example")
    keys.tick("#privacy")
    keys.press("button[value=overview]")
    keys.press("main a[href$='/check']")
    keys.press("main form[action$='/events/submit'] button")
    text = page.inner_text("main")
    for kept in ("Eingereicht", "Prüfsumme der Angaben", "Antonias Titel", "12.500,50",
                 "Wir übersetzen Bescheide.", "Sie schlägt Sätze vor."):  # fmt: skip
        assert kept in text
    other.context.close()
    assert problems == []
