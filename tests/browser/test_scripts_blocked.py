"""Each of our scripts blocked by itself: an application is written, its files sent, handed in.

A script may fail to arrive on a bad line; what another one builds on it must not lose anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.support.browser import fill_date, press, sign_in
from tests.support.hostile_files import sound_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STATIC = Path(__file__).parents[2] / "funding_app" / "static"
SCRIPTS = sorted(str(path.relative_to(STATIC)) for path in STATIC.rglob("*.js"))


@pytest.fixture(params=SCRIPTS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(locale="de-DE", base_url=address)
    page = context.new_page()
    page.route(f"**/static/{request.param}*", lambda route: route.abort())
    sign_in(page, "applicant3", DEMO_PASSWORD)
    page.on("dialog", lambda question: question.accept())
    yield page
    context.close()


def begin(page: Page, ref: str) -> str:
    page.goto(f"/calls/{ref}")
    press(page, "Antrag beginnen")
    return page.url.partition("?")[0]


def test_a_file_is_sent_with_the_form(page: Page) -> None:
    case = begin(page, "cc-gemeinsam-2026")
    page.goto(f"{case}/form/attachments")
    box = page.locator("#statutes")
    box.set_input_files(
        {"name": "satzung.pdf", "mimeType": "application/pdf", "buffer": sound_pdf()}
    )
    press(page, "Speichern")
    page.goto(f"{case}/form/attachments")
    expect(page.locator("[data-files-of=statutes] > ul")).to_contain_text("satzung.pdf")


def test_an_application_is_written_checked_and_handed_in(page: Page) -> None:
    case = begin(page, "cc-mikro-2026")
    page.goto(f"{case}/form/project")
    page.get_by_label("Titel").fill("Ohne ein Skript")
    page.get_by_label("Beantragter Betrag").fill("viel")
    press(page, "Speichern")
    assert "Beantragter Betrag" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Titel").input_value() == "Ohne ein Skript"
    assert page.get_by_label("Beantragter Betrag").input_value() == "viel"
    page.get_by_label("Beantragter Betrag").fill("1.800,50")
    page.get_by_label("Was haben Sie vor?").fill("Wir nähen gemeinsam und lernen dabei.")
    page.get_by_label("Wem nützt es?").fill("Der ganzen Nachbarschaft.")
    fill_date(page, "Beginn", "1", "2", "2027")
    fill_date(page, "Ende", "31", "3", "2027")
    press(page, "Speichern und weiter")
    page.get_by_label("Ansprechperson").fill("Antonia Antrag")
    page.get_by_label("E-Mail").fill("antrag@verein.example")
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Speichern und zur Übersicht")
    page.get_by_role("link", name="Angaben prüfen und absenden").click()
    page.wait_for_url("**/check")
    press(page, "Antrag einreichen")
    text = page.inner_text("main")
    assert "Prüfsumme der Angaben" in text
    for kept in ("Ohne ein Skript", "1.800,50", "Wir nähen gemeinsam", "Der ganzen Nachbarschaft."):
        assert kept in text
