"""What surrounds every page: the head with its navigation; and times told where the visitor is."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from playwright.sync_api import Browser, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.support.browser import sign_in

pytestmark = pytest.mark.browser
CALL = "/calls/cc-gemeinsam-2026"
WIDTHS = (1280, 1024)

APART = """selector => {
  const middles = [...document.querySelectorAll(selector)].map(each => each.getBoundingClientRect())
    .map(box => (box.top + box.bottom) / 2)
  return Math.max(...middles) - Math.min(...middles)
}"""
"""How far apart things stand in height, in pixels: a second line is more than LEAST below."""
LEAST = 12


@pytest.mark.parametrize("who", ["admin", "approver", "officer", "reviewer1"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_head_has_two_lines_whoever_is_signed_in(
    browser: Browser, address: str, who: str, language: str
) -> None:
    context = browser.new_context(locale="de-DE", base_url=address)
    page = context.new_page()
    sign_in(page, who, DEMO_PASSWORD)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/calls?lang={language}")
        assert page.evaluate(APART, "header .brand, header .own > *") < LEAST
        assert page.evaluate(APART, "header .everywhere > *") < LEAST
    context.close()


def deadline(folder: Path) -> datetime:
    """The last minute of the call, which ends with a day in Berlin."""
    with sqlite3.connect(f"file:{folder}/funding.sqlite3?mode=ro", uri=True) as database:
        query = "SELECT closes_at FROM call WHERE ref = 'cc-gemeinsam-2026'"
        [(closes_at,)] = database.execute(query)
    return datetime.fromisoformat(closes_at).replace(tzinfo=UTC) - timedelta(minutes=1)


def in_german(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'long', locale='de')} um {local:%H:%M}"


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Europe/Paris"])
def test_a_deadline_is_told_in_the_visitor_s_time_too(
    browser: Browser, address: str, folder: Path, zone: str
) -> None:
    context = browser.new_context(locale="de-DE", base_url=address, timezone_id=zone)
    page = context.new_page()
    page.goto(CALL)
    told, at = page.locator("[data-instant]"), deadline(folder)
    is_other = zone != "Europe/Paris"
    words = f"Bei Ihnen ({zone.replace('_', ' ')}): {in_german(at, zone)}." if is_other else ""
    expect(told).to_have_text(words)
    expect(told).to_be_visible(visible=is_other)
    expect(page.locator("main")).to_contain_text("23:59 Uhr")
    context.close()


def test_without_a_script_berlin_and_universal_time_are_told(
    browser: Browser, address: str, folder: Path
) -> None:
    context = browser.new_context(locale="de-DE", base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(CALL)
    text = page.locator("main").inner_text()
    ends = deadline(folder) + timedelta(minutes=1)
    assert "23:59 Uhr" in text
    assert f"Koordinierte Weltzeit (UTC): {ends:%Y-%m-%d %H:%M}." in text
    assert "Bei Ihnen" not in text
    context.close()
