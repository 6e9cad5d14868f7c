"""The editor of forms in a real browser: by keyboard, with a preview that follows, accessible."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.support import browser as real
from tests.support.browser import press, violations, watched

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    problems: list[str] = []
    page = watched(browser, address, problems)
    real.sign_in(page, "office", DEMO_PASSWORD)
    yield page
    page.context.close()
    assert problems == []


def begin(page: Page, key: str) -> str:
    page.goto("/admin/forms")
    page.get_by_label("Ausgehen von").select_option("micro_grant_application@1")
    page.get_by_label("Kennzeichen eines neuen Formulars").fill(key)
    press(page, "Entwurf anlegen")
    return f"/admin/forms/{key}/1"


def fields(page: Page) -> list[str]:
    return page.locator("#part-section-project ~ ol > li .title > a").all_inner_texts()


def test_the_order_is_changed_by_keyboard_alone(page: Page) -> None:
    begin(page, "tasten")
    before = fields(page)
    button = page.get_by_role("button", name=f"{before[0]} nach unten", exact=True)
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert fields(page)[:2] == [before[1], before[0]]
    assert page.url.endswith("#part-title")
    assert violations(page) == []


def test_the_preview_follows_what_is_typed_and_its_conditions_work(page: Page) -> None:
    place = begin(page, "folgen")
    page.goto(place)
    page.get_by_text("Feld hinzufügen – Ihr Vorhaben").click()
    adding = page.locator("details[open]")
    adding.get_by_label("Name (deutsch)").fill("Mehr als tausend Euro?")
    adding.get_by_label("Name (englisch)").fill("More than a thousand euro?")
    adding.get_by_label("Art der Antwort").select_option("textarea")
    with page.expect_navigation():
        adding.get_by_role("button", name="Hinzufügen").click()
    preview = page.locator("#preview")
    expect(preview.get_by_label("Mehr als tausend Euro?")).to_be_visible()
    page.get_by_label("Beschriftung (deutsch)").fill("Warum so viel?")
    expect(preview.get_by_label("Warum so viel?")).to_be_visible()
    rows = page.get_by_role("group", name="Bedingungen")
    rows.get_by_label("Feld davor").first.select_option("requested_amount")
    rows.get_by_label("Vergleich").first.select_option("gt")
    rows.get_by_label("Wert").first.fill("1.000")
    expect(preview.get_by_label("Warum so viel?")).to_be_hidden()
    preview.get_by_label("Beantragter Betrag in Euro").fill("1.000,01")
    preview.get_by_label("Beantragter Betrag in Euro").blur()
    expect(preview.get_by_label("Warum so viel?")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Kennzeichen").fill("why")
    press(page, "Speichern")
    expect(page.get_by_text("Jetzt: gefragt, wenn „Beantragter Betrag in Euro“")).to_be_visible()
    page.locator(".preview").get_by_role("link", name="English").click()
    expect(page.locator("#preview").get_by_text("Who benefits?")).to_be_visible()


def test_without_a_script_everything_can_be_done(browser: Browser, address: str) -> None:
    context = browser.new_context(locale="de-DE", base_url=address, java_script_enabled=False)
    page = context.new_page()
    real.sign_in(page, "office", DEMO_PASSWORD)
    place = begin(page, "ohne_skript")
    page.goto(f"{place}/parts/title")
    page.get_by_label("Beschriftung (deutsch)").fill("Name des Vorhabens")
    page.get_by_role("button", name="Speichern und zurück").click()
    expect(page.locator("#preview").get_by_label("Name des Vorhabens")).to_be_visible()
    page.get_by_role("button", name="Name des Vorhabens entfernen").click()
    expect(page.get_by_text("das Feld „title“ (text) fehlt")).to_be_visible()
    context.close()
