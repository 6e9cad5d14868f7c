"""What people do on the pages, in a real browser; the pages themselves: test_every_page."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from funding_app.web.filters import DEMO_PASSWORD
from tests.support import browser as real
from tests.support.browser import fill_date, press, violations

pytestmark = pytest.mark.browser
sign_in = partial(real.sign_in, password=DEMO_PASSWORD)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    problems: list[str] = []
    page = real.watched(browser, address, problems)
    yield page
    page.context.close()
    assert problems == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_reviews_are_assigned_by_keyboard_alone(page: Page, language: str) -> None:
    sign_in(page, "office")
    page.goto(f"/calls/cc-gemeinsam-2026/assignment?lang={language}")
    assert violations(page) == []
    order = {"de": "Vorschlag berechnen", "en": "Compute a proposal"}[language]
    again = {"de": "Neu vorschlagen", "en": "Propose anew"}[language]
    page.get_by_role("button", name=re.compile(f"{order}|{again}")).focus()
    page.keyboard.press("Enter")
    proven = {"de": "bewiesen bestmöglich", "en": "proven to be the best possible"}[language]
    page.get_by_text(proven).wait_for(timeout=30_000)
    assert violations(page) == []
    change = {"de": "Ändern", "en": "Change"}[language]
    page.get_by_role("link", name=re.compile(f"^{change}")).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assignment/*")
    assert violations(page) == []
    first = page.locator("#reviewer-1")
    before = first.input_value()
    first.focus()
    page.keyboard.press("Home")
    assert first.input_value() != before
    take = {"de": "In den Vorschlag übernehmen", "en": "Take into the proposal"}[language]
    page.get_by_role("button", name=take).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assignment")
    assert violations(page) == []


def test_the_list_follows_what_is_typed(page: Page) -> None:
    sign_in(page, "officer")
    page.goto("/cases")
    before = page.locator("tbody tr").count()
    page.get_by_label("Verfahren").select_option("micro_grant")
    page.wait_for_url("**kind=micro_grant**")
    after = page.locator("tbody tr").count()
    assert 0 < after < before
    page.get_by_label("Nummer oder Titel").press_sequentially("Das gibt es nicht")
    page.get_by_text("Kein Fall passt zu dieser Auswahl.").wait_for()
    assert page.evaluate("document.activeElement.id") == "q"


def test_an_applicant_writes_and_an_officer_begins_the_check(page: Page) -> None:
    sign_in(page, "applicant3")
    page.goto("/calls/cc-mikro-2026")
    press(page, "Antrag beginnen")
    case = page.url
    page.get_by_role("link", name="Ihr Vorhaben").click()
    assert violations(page) == []
    page.get_by_label("Titel").fill("Nähwerkstatt mit KI")
    page.get_by_label("Beantragter Betrag").fill("ungefähr 1800")
    press(page, "Speichern")
    summary = page.get_by_role("alert")
    assert "Beantragter Betrag" in summary.inner_text()
    assert page.get_by_label("Beantragter Betrag").input_value() == "ungefähr 1800"
    assert page.get_by_label("Titel").input_value() == "Nähwerkstatt mit KI"
    assert violations(page) == []
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id") == "requested_amount"
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
    assert violations(page) == []
    press(page, "Antrag einreichen")
    assert "Eingereicht" in page.inner_text("main")
    assert "Prüfsumme der Angaben" in page.inner_text("main")
    press(page, "Abmelden", exact=False)
    sign_in(page, "officer")
    page.goto(case)
    assert "1.800,50" in page.inner_text("main")
    press(page, "Prüfung beginnen")
    assert "Das ist so nicht möglich" in page.inner_text("main")
    page.get_by_label("Ich bin in dieser Sache nicht befangen.").check()
    press(page, "Prüfung beginnen")
    assert "In Prüfung" in page.inner_text("main")


def test_two_tabs_see_both_versions(page: Page) -> None:
    sign_in(page, "applicant3")
    page.goto("/calls/cc-mikro-2026")
    press(page, "Antrag beginnen")
    page.get_by_role("link", name="Ihr Vorhaben").click()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Titel").fill("Fassung aus dem anderen Fenster")
    press(other, "Speichern")
    page.get_by_label("Titel").fill("Meine Fassung")
    press(page, "Speichern")
    text = page.inner_text("main")
    assert "Fassung aus dem anderen Fenster" in text
    assert "Meine Fassung" in text
    assert page.get_by_label("Titel").input_value() == "Meine Fassung"
    assert violations(page) == []
    press(page, "Speichern")
    page.reload()
    assert page.get_by_label("Titel").input_value() == "Meine Fassung"


def listed_cases(page: Page, who: str) -> list[str]:
    """The addresses of the cases on the person's list; the person is signed out again."""
    sign_in(page, who)
    page.goto("/cases")
    links = page.locator("tbody th a").all()
    found = [str(link.get_attribute("href")) for link in links]
    press(page, "Abmelden", exact=False)
    return found


def test_a_foreign_case_looks_like_an_unknown_one(page: Page) -> None:
    every = listed_cases(page, "officer")
    own = listed_cases(page, "applicant7")
    assert own and set(own) < set(every)
    foreign = next(address for address in every if address not in own)
    sign_in(page, "applicant7")
    answers = [page.goto(foreign), page.goto("/cases/018f0000-0000-7000-8000-000000000000")]
    assert [answer.status for answer in answers if answer] == [404, 404]


def test_the_server_answers_when_it_lives(address: str) -> None:
    with urllib.request.urlopen(f"{address}/readyz") as answer:
        assert answer.status == 200
