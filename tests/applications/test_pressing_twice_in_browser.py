"""Somebody who clicks twice hands in once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.support.browser import sign_in, watched

pytestmark = pytest.mark.browser


def test_a_double_click_gives_one_receipt(browser: Browser, address: str, folder: Path) -> None:
    problems: list[str] = []
    page = watched(browser, address, problems)
    sign_in(page, "applicant2", DEMO_PASSWORD)
    page.goto("/calls/cdl-sprechstunde")
    page.locator("form[action*='/applications'] button").first.click()
    page.wait_for_url("**/cases/**")
    case = page.url.partition("?")[0]
    page.locator(".kern-task-list__list a").first.click()
    for field in page.locator("main form input:not([type=hidden]), main form textarea").all():
        kind = field.get_attribute("type")
        if kind == "checkbox":
            field.check()
        elif kind not in ("radio", "file"):
            field.fill("mira@verein.example" if kind == "email" else "Offene Daten")
    page.locator("button[name=go]").first.click()
    page.goto(f"{case}/check")
    page.locator("form[action$='/events/submit'] button").dblclick()
    expect(page.locator("main")).to_contain_text("Eingang")
    process_id = case.rpartition("/")[2].replace("-", "")
    with sqlite3.connect(folder / "funding.sqlite3") as opened:
        for table in ("submission", "document"):
            count = opened.execute(
                f"SELECT count(*) FROM {table} WHERE process_id = ?",  # no input
                (process_id,),
            ).fetchone()
            assert count == (1,), table
        events = opened.execute(
            "SELECT count(*) FROM log_record WHERE process_id = ? AND event = 'submit'",
            (process_id,),
        ).fetchone()
    assert events == (1,)
    page.context.close()
    assert problems == []
