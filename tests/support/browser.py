"""A real browser: how it is started, who is signed in, and what axe finds on a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--lang=de-DE",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def watched(browser: Browser, address: str, problems: list[str]) -> Page:
    """A page of its own; foreign requests, script errors and refusals of the policy are noted."""
    page = browser.new_context(locale="de-DE", base_url=address).new_page()

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            problems.append(message.text)

    def foreign(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            problems.append(request.url)

    page.on("console", note)
    page.on("request", foreign)
    page.on("pageerror", lambda error: problems.append(str(error)))
    return page


def sign_in(page: Page, who: str, password: str) -> None:
    """Signs in a person of the synthetic world."""
    page.goto("/account/sign-in")
    page.get_by_label("E-Mail-Adresse").fill(f"{who}@demo.example")
    page.get_by_label("Passwort", exact=True).fill(password)
    page.locator("main").get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/tasks")


def press(page: Page, button: str, *, exact: bool = True) -> None:
    """Presses a button and waits for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=exact).click()


def fill_date(page: Page, group: str, day: str, month: str, year: str) -> None:
    """Fills in a date of three parts."""
    parts = page.get_by_role("group", name=group)
    parts.get_by_label("Tag").fill(day)
    parts.get_by_label("Monat").fill(month)
    parts.get_by_label("Jahr").fill(year)


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds on the page, as `rule: where`; by all our rules, or by the ones named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate("only => axe.run(document, {runOnly: only})", only)["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]
