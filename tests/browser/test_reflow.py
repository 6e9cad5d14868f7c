"""A small screen and large letters: nothing needs scrolling in two directions (WCAG 1.4.4, 1.4.10).

The pages are not listed: each role follows every link it is offered, one of each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, Page

from funding_app.web.filters import DEMO_PASSWORD
from tests.support import browser as real

pytestmark = pytest.mark.browser
sign_in = partial(real.sign_in, password=DEMO_PASSWORD)
SINGLE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|cc-[a-z0-9-]+|cip-[a-z0-9-]+|[?#].*")
OTHERWISE = re.compile(
    r"^/(account/sign-out|api|open-data/.|documents|attachments|static|exports/)"
)
FEWEST, MOST = 20, 30
PAST_THE_EDGE = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const wide = [...document.querySelectorAll('main *, header *, footer *')].filter(
    e => e.getBoundingClientRect().right > width + 1 && !e.closest('.scroll'))
  return wide.slice(0, 3).map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)
    .concat('the page')
}"""


def links(page: Page) -> list[str]:
    found = page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [href for href in found if not OTHERWISE.match(href)]


def walk(page: Page, start: str) -> Iterator[str]:
    """Every kind of page within the reach of links; of pages that differ by a name, the first."""
    waiting, seen = [start], {SINGLE.sub("*", start)}
    for _count in range(MOST):
        if not waiting:
            return
        place = waiting.pop(0)
        answer = page.goto(place)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        assert answer.status == 200, place
        yield place
        for href in links(page):
            kind = SINGLE.sub("*", href)
            if kind not in seen:
                seen.add(kind)
                waiting.append(href)


@pytest.mark.parametrize(
    ("width", "letters"), [(320, "100%"), (1280, "200%")], ids=["small screen", "large letters"]
)
@pytest.mark.parametrize("who", ["", "applicant2", "expert1", "office", "lead", "admin"])
def test_nothing_sticks_out(
    browser: Browser, address: str, who: str, width: int, letters: str
) -> None:
    context = browser.new_context(
        locale="de-DE", base_url=address, viewport={"width": width, "height": 640}
    )
    page = context.new_page()
    if who:
        sign_in(page, who)
    outside, visited = {}, 0
    for place in walk(page, "/tasks" if who else "/"):
        visited += 1
        page.evaluate("size => { document.documentElement.style.fontSize = size }", letters)
        if past := page.evaluate(PAST_THE_EDGE):
            outside[place] = past
    page.evaluate("document.querySelector('main').firstElementChild.style.width = '3000px'")
    assert page.evaluate(PAST_THE_EDGE), "something too wide is not noticed"
    context.close()
    assert outside == {}
    assert visited >= FEWEST
