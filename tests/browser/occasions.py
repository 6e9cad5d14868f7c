"""Pages that have no address of their own: refusals, errors, empty lists, a session that ended."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, Response

PASSWORD = "lang-genug-2026"


def _sent(page: Page, status: int) -> str:
    """Sends the main form of the page; the markup that answers, with this status."""
    with page.expect_navigation() as answer:
        page.locator("main form button").last.click()
    return _shown(answer.value, status)


def _shown(answer: Response | None, status: int = 200) -> str:
    assert answer is not None
    assert answer.status == status, f"{answer.url} answers {answer.status}, not {status}"
    return answer.text()


def _enter(page: Page) -> None:
    page.locator("#email").fill("neu@demo.example")
    page.locator("#password").fill(PASSWORD)


def occasions(page: Page) -> Iterator[tuple[str, str]]:
    """A newcomer meets them one after the other: what each is, and its markup, while it shows."""
    yield "an unknown page", _shown(page.goto("/no-such-page"), 404)
    page.goto("/account/sign-in")
    page.locator("#email").fill("niemand@demo.example")
    yield "a wrong password", _sent(page, 422)
    page.evaluate("document.querySelector('main form').enctype = 'multipart/form-data'")
    page.locator("#password").evaluate("field => { field.value = 'x'.repeat(5_000_000) }")
    yield "too much text", _sent(page, 413)
    page.goto("/account/register")
    yield "an account without a name", _sent(page, 422)
    for name in ("organisation", "city", "name"):
        page.locator(f"#{name}").fill("Neuanfang")
    _enter(page)
    yield "an account that was made", _sent(page, 200)
    _enter(page)
    _sent(page, 200)
    for path in ("/tasks", "/cases"):
        yield f"{path} with nothing on it", _shown(page.goto(path))
    yield from _writing(page)


def _writing(page: Page) -> Iterator[tuple[str, str]]:
    page.goto("/calls/cc-gemeinsam-2026")
    with page.expect_navigation():
        page.get_by_role("button", name="Antrag beginnen").click()
    case = page.url
    yield "an empty draft", _shown(page.goto(case))
    page.goto(f"{case}/form/project")
    for name, text in {"period_start-day": "31", "period_start-month": "2"}.items():
        page.locator(f"#{name}").fill(text)
    yield "a section with a wrong date", _sent(page, 422)
    page.goto(f"{case}/form/partners")
    page.context.clear_cookies()
    yield "a session that ended", _sent(page, 400)
    _enter(page)
    yield "what was typed, signed in anew", _sent(page, 200)
