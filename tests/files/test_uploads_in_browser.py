"""Files that are chosen or dropped go up one by one, beside the form, and none is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.support.browser import sign_in, violations, watched
from tests.support.hostile_files import sound_pdf

pytestmark = pytest.mark.browser
PDF = sound_pdf()


def sent(name: str, content: bytes = PDF) -> Any:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[data-upload$='/files/{name}']")


def choose(page: Page, name: str, *files: Any) -> tuple[Locator, Locator]:
    """Chooses files; what the field holds, and what did not get there."""
    box = field(page, name)
    box.locator("input[type=file]").set_input_files(list(files))
    return box.locator("[data-files-of]"), box.locator(".uploads")


def test_files_go_up_one_by_one(browser: Browser, address: str) -> None:
    problems: list[str] = []
    page = watched(browser, address, problems)
    sign_in(page, "applicant1", DEMO_PASSWORD)
    page.goto("/calls/cc-gemeinsam-2026")
    page.locator("form[action*='/applications'] button").first.click()
    page.wait_for_url("**/cases/**")
    here = f"{page.url.partition('?')[0]}/form/attachments"
    page.goto(here)

    large = sent("gross.pdf", PDF + b" " * 10_000_001)
    wrong = [sent("programm.exe"), sent("kaputt.pdf", b"nichts"), large]
    held, failed = choose(page, "annexes", sent("eins.pdf"), *wrong, sent("zwei.pdf"))
    expect(held).to_contain_text("zwei.pdf")
    expect(held).to_contain_text("eins.pdf")
    expect(failed.locator("li")).to_have_count(3)
    for words in ("nicht die richtige Dateiart", "ist kein PDF", "ist zu groß"):
        expect(failed).to_contain_text(words)
    assert violations(page) == []

    dropped = page.evaluate_handle(
        """bytes => { const moved = new DataTransfer();
        moved.items.add(new File([new Uint8Array(bytes)], "brief.pdf")); return moved; }""",
        list(PDF),
    )
    field(page, "letters").dispatch_event("drop", {"dataTransfer": dropped})
    expect(field(page, "letters").locator("[data-files-of]")).to_contain_text("brief.pdf")
    expect(field(page, "letters").get_by_role("status")).to_have_text("brief.pdf ist hochgeladen.")

    page.context.set_offline(True)
    held, failed = choose(page, "letters", sent("spaeter.pdf"))
    expect(failed).to_contain_text("Die Verbindung ist unterbrochen")
    page.context.set_offline(False)
    failed.get_by_role("button", name="Noch einmal versuchen").focus()
    page.keyboard.press("Enter")
    expect(held).to_contain_text("spaeter.pdf")

    other = page.context.new_page()
    other.goto(here)
    held, _failed = choose(other, "statutes", sent("von-b.pdf"))
    expect(held).to_contain_text("von-b.pdf")
    held, failed = choose(page, "statutes", sent("von-a.pdf", PDF + b"\n"))
    expect(failed).to_contain_text("woanders gespeichert")
    expect(held.locator("> ul")).to_contain_text("von-b.pdf")
    expect(held.locator("details[open]")).to_contain_text("von-a.pdf")
    assert violations(page) == []
    page.context.close()
    assert problems == []


def test_saving_at_once_waits_for_what_is_under_way(browser: Browser, address: str) -> None:
    """The upload is answered late: the button must not meet it as somebody else's saving."""
    page = browser.new_context(locale="de-DE", base_url=address).new_page()
    sign_in(page, "applicant1", DEMO_PASSWORD)
    page.goto("/calls/cc-gemeinsam-2026")
    page.locator("form[action*='/applications'] button").first.click()
    page.wait_for_url("**/cases/**")
    here = f"{page.url.partition('?')[0]}/form/attachments"
    page.goto(here)

    def late(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(1500)
        route.fulfill(response=answer)

    page.route("**/files/*", late)
    field(page, "statutes").locator("input[type=file]").set_input_files([sent("satzung.pdf")])
    with page.expect_navigation():
        page.get_by_role("button", name="Speichern", exact=True).click()
    assert "Inzwischen" not in page.inner_text("main")
    expect(field(page, "statutes").locator("[data-files-of] > ul")).to_contain_text("satzung.pdf")
    page.context.close()
