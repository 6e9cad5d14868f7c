"""A person without a mouse: real keys only, and an eye on where the focus is."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, Response

MOST_STEPS = 80
LARGE = "document.documentElement.style.fontSize = '200%'"

FOCUS = """() => {
  const at = document.activeElement
  if (!at || at === document.body) return {name: '', seen: true, hidden: false, follows: true}
  const shown = [null, '::before', '::after'].map(part => getComputedStyle(at, part))
  const seen = shown.some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
    || shown.some(s => s.boxShadow !== 'none')
  const box = at.getBoundingClientRect()
  const bar = document.querySelector('.autosave')?.getBoundingClientRect()
  const hidden = box.bottom <= 0 || box.top >= innerHeight
    || Boolean(bar && !at.closest('.autosave') && box.top >= bar.top && box.bottom <= bar.bottom)
  const before = document.querySelector('[data-was-focused]')
  const follows = !before || before === at
    || Boolean(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)
  before?.removeAttribute('data-was-focused')
  at.setAttribute('data-was-focused', '')
  return {name: `${at.tagName} ${at.id || at.name || at.textContent.trim()}`, seen, hidden, follows}
}"""


@dataclass(slots=True)
class Keyboard:
    """Reaches things by the tab key, and checks at each step what somebody watching would see."""

    page: Page
    large: bool = False

    def arrived(self) -> None:
        """A new page is there."""
        if self.large:
            self.page.evaluate(LARGE)

    def reach(self, selector: str) -> None:
        """Presses the tab key until the focus is on what is sought, in the order of the page."""
        for _step in range(MOST_STEPS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS)
            assert focus["seen"], f"the focus is not seen on {focus['name']}"
            assert not focus["hidden"], f"{focus['name']} has the focus and is hidden"
            assert focus["follows"], f"{focus['name']} is out of order"
        raise AssertionError(f"the tab key does not reach {selector}")

    def press(self, selector: str) -> Response:
        """Goes to a button or link, presses it, and waits for the page that answers."""
        self.reach(selector)
        with self.page.expect_navigation() as answer:
            self.page.keyboard.press("Enter")
        self.arrived()
        return answer.value

    def write(self, **texts: str) -> None:
        """Types into fields, in the order of the page, in place of what stood there."""
        for name, text in texts.items():
            self.reach(f"#{name.replace('__', '-')}")
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(text)

    def date(self, name: str, day: str, month: str, year: str) -> None:
        """Types the three parts of a date."""
        for part, text in (("day", day), ("month", month), ("year", year)):
            self.write(**{f"{name}__{part}": text})

    def tick(self, selector: str) -> None:
        """Goes to a checkbox and sets it by the space bar."""
        self.reach(selector)
        if not self.page.locator(selector).is_checked():
            self.page.keyboard.press("Space")
        assert self.page.locator(selector).is_checked()
