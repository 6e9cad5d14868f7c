"""An idea for the contest, from the call's page to the receipt by keyboard alone, in every way.

On a small screen, with large letters, in forced colours, in the dark and without a script it is
the same way. Pictures of each page are kept in `build/applying`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from funding_app.web.filters import DEMO_PASSWORD
from tests.browser.keyboard import Keyboard
from tests.browser.looking import NARROW, PAST_THE_EDGE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).parents[2] / "build" / "applying"
WAYS: dict[str, dict[str, Any]] = {
    "usual": {},
    "small": {"viewport": NARROW, "is_mobile": False},
    "large": {},
    "forced": {"forced_colors": "active"},
    "dark": {"color_scheme": "dark"},
    "scriptless": {"java_script_enabled": False},
}


@pytest.fixture(scope="module")
def pictures() -> Path:
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    return PICTURES


class Walker(Keyboard):
    """Looks at each page that comes, and keeps a picture of it."""

    way: str = ""
    taken: int = 0

    def arrived(self) -> None:
        super().arrived()
        assert self.page.evaluate(PAST_THE_EDGE) == [], self.page.url
        self.taken += 1
        path = PICTURES / f"{self.way}-{self.taken:02}.png"
        self.page.screenshot(path=path, full_page=True)


def signed_in_by_keys(keys: Keyboard, who: str) -> None:
    """From the call's page to signing in, and back to it."""
    keys.press("main a[href^='/account/sign-in']")
    keys.write(email=f"{who}@demo.example", password=DEMO_PASSWORD)
    keys.press("main form button")


def wrong_at_first(keys: Keyboard, *, script: bool) -> None:
    """An amount that is none: the errors are met first, and each leads to its field."""
    keys.write(title="Klartext", requested_amount="ungefähr tausend")
    answer = keys.press("button[value=stay]")
    assert answer.status == 422
    assert keys.page.title().startswith("Fehler: ")
    if script:
        assert keys.page.evaluate("document.activeElement.matches('[role=alert]')")
    keys.reach("[role=alert] a")
    keys.page.keyboard.press("Enter")
    assert keys.page.evaluate("document.activeElement.id") == "requested_amount"
    assert keys.page.locator("#requested_amount").input_value() == "ungefähr tausend"


def the_idea(keys: Keyboard) -> None:
    keys.write(requested_amount="12.500,50")
    keys.date("period_start", "1", "6", "2027")
    keys.date("period_end", "30", "11", "2027")
    keys.press("button[value=stay]")
    keys.write(summary="Wir schreiben Bescheide um.", ai_component="KI schlägt Sätze vor.")
    keys.press("button[value=next]")


def the_team(keys: Keyboard) -> None:
    keys.write(
        partners_described="Ein Verein und eine Hochschule.",
        contact_name="Mira Haselweg",
        contact_email="mira@verein.example",
    )
    keys.tick("#privacy")
    keys.press("button[value=overview]")


@pytest.fixture(params=WAYS)
def walker(
    request: pytest.FixtureRequest, browser: Browser, address: str, pictures: Path
) -> Iterator[Walker]:
    way = request.param
    context = browser.new_context(locale="de-DE", base_url=address, **WAYS[way])
    made = Walker(context.new_page(), large=way == "large")
    made.way = way
    yield made
    context.close()


def test_an_idea_is_handed_in_by_keyboard_alone(walker: Walker) -> None:
    walker.page.goto("/calls/cip-ideen-2026")
    walker.arrived()
    signed_in_by_keys(walker, "applicant4")
    walker.press("main form[action$='/begin'] button, main form[action*='/calls/'] button")
    walker.press("main a[href$='/form/idea']")
    wrong_at_first(walker, script=walker.way != "scriptless")
    the_idea(walker)
    the_team(walker)
    assert "2 von 2 Abschnitten vollständig" in walker.page.inner_text("main")
    walker.press("main a[href$='/check']")
    walker.press("main form[action$='/events/submit'] button")
    text = walker.page.inner_text("main")
    assert "Eingereicht" in text
    assert "Prüfsumme der Angaben" in text
    assert "12.500,50" in text
