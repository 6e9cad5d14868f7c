"""What the demo does not hold by itself: a review begun, a meeting, a plan, a draft of a form."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from funding_app.web.filters import DEMO_PASSWORD
from tests.support.browser import sign_in, watched

CALL = "/calls/cc-gemeinsam-2026"


def press(page: Page, button: str) -> None:
    """Presses a button and waits for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).first.click()


def lay_out(browser: Browser, address: str) -> None:
    """Takes the steps by which those pages come to be."""
    problems: list[str] = []
    office, reviewer = (watched(browser, address, problems) for _who in range(2))
    sign_in(office, "office", DEMO_PASSWORD)
    office.goto(f"{CALL}/assignment")
    press(office, "Vorschlag berechnen")
    fill_in_meeting(office)
    press(office, "Sitzung einberufen")
    _form(office)
    sign_in(reviewer, "reviewer1", DEMO_PASSWORD)
    accept_review(reviewer)
    office.goto(f"{CALL}/assignment")
    office.get_by_text("bewiesen bestmöglich").wait_for(timeout=30_000)
    for page in (office, reviewer):
        page.context.close()
    assert problems == []


def fill_in_meeting(page: Page) -> None:
    """Opens the form of a meeting and fills it in: the first two of the ranking, everyone there."""
    page.goto(f"{CALL}/meetings")
    texts = {"held_on-day": "12", "held_on-month": "5", "held_on-year": "2027",
             "held_at": "10:00", "place": "Haus der Jury", "places": "2"}  # fmt: skip
    for name, text in texts.items():
        page.locator(f"input[name={name}]").fill(text)
    for name in ("is_online", "chair_votes"):
        page.locator(f"input[name={name}][value=yes]").check()
    page.locator("select[name=chair]").select_option(index=1)
    for box in page.locator("input[name=members]").all():
        box.check()


def _form(page: Page) -> None:
    page.goto("/admin/forms")
    page.get_by_label("Ausgehen von").select_option("micro_grant_application@1")
    page.get_by_label("Kennzeichen eines neuen Formulars").fill("zugang")
    press(page, "Entwurf anlegen")


def accept_review(page: Page) -> None:
    """The reviewer takes on the first review that waits."""
    page.goto("/reviews")
    with page.expect_navigation():
        page.locator("main tbody a").first.click()
    page.get_by_role("checkbox").first.check()
    with page.expect_navigation():
        page.locator("form[action$='/events/accept'] button").click()
