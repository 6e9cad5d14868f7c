"""A look at a page in the ways people see it: sizes, letters, dark, forced colours, the focus."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.support.browser import violations

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}

PAST_THE_EDGE = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const wide = [...document.querySelectorAll('main *, header *, footer *')].filter(
    e => e.getBoundingClientRect().right > width + 1 && !e.closest('.scroll'))
  return wide.slice(0, 3).map(e => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)
    .concat('the page')
}"""

SIDEWAYS = """() => [...document.querySelectorAll('main *')].filter(
  e => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX)
    && e.checkVisibility() && !e.querySelector('svg, img')
).map(e => `${e.className} ${e.getAttribute('aria-label')}`)"""
"""What has to be scrolled sideways and is no drawing (WCAG 1.4.10)."""

UNSEEN = """() => {
  const kind = e => `${e.tagName} ${e.className} ${e.type ?? ''}`
  const kinds = new Map()
  for (const e of document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')) {
    if (e.checkVisibility({visibilityProperty: true}) && !kinds.has(kind(e))) kinds.set(kind(e), e)
  }
  const looks = e => [null, '::before', '::after'].map(part => {
    const seen = getComputedStyle(e, part)
    return [seen.outlineStyle, seen.outlineWidth, seen.boxShadow, seen.borderColor].join()
  }).join()
  const unseen = []
  for (const [name, e] of kinds) {
    const before = looks(e)
    e.focus({focusVisible: true})
    if (document.activeElement === e && looks(e) === before) unseen.push(name)
    e.blur()
  }
  return unseen
}"""
"""The kinds of elements on which the focus is not seen."""

BARE = """() => {
  const drawn = style => ['Top', 'Bottom', 'Left', 'Right'].some(
    side => style[`border${side}Style`] !== 'none' && parseFloat(style[`border${side}Width`]) > 0)
  const shown = [...document.querySelectorAll(
    '.kern-btn--primary, .kern-btn--secondary, .kern-badge, .kern-alert, .kern-task-list__item, ' +
    'progress, input:not([type=hidden]), select, textarea, .status, .card, .tool')]
  const bare = new Set()
  for (const e of shown.filter(e => e.checkVisibility({visibilityProperty: true}))) {
    const style = getComputedStyle(e)
    const native = /INPUT|PROGRESS|SELECT|TEXTAREA/.test(e.tagName) && style.appearance !== 'none'
    const framed = e.tagName === 'SELECT' && drawn(getComputedStyle(e.parentElement))
    if (!native && !framed && !drawn(style) && style.outlineStyle === 'none') {
      bare.add(`${e.tagName} ${e.className}`)
    }
  }
  return [...bare]
}"""
"""What shows by its background alone, which forced colours take away."""


def look(page: Page) -> Iterator[str]:
    """What is wrong with the page in one of the ways to see it."""
    yield from violations(page)
    yield from (f"no focus seen: {kind}" for kind in page.evaluate(UNSEEN))
    page.set_viewport_size(NARROW)
    yield from (f"past 320 pixels: {what}" for what in page.evaluate(PAST_THE_EDGE))
    yield from (f"scrolls sideways at 320 pixels: {what}" for what in page.evaluate(SIDEWAYS))
    page.set_viewport_size(WIDE)
    yield from (f"past the edge in large letters: {what}" for what in _in_large_letters(page))
    page.emulate_media(color_scheme="dark")
    yield from (f"dark: {found}" for found in violations(page, rules=["color-contrast"]))
    page.emulate_media(color_scheme="light", forced_colors="active")
    yield from (f"bare in forced colours: {what}" for what in page.evaluate(BARE))
    yield from (f"no focus seen in forced colours: {kind}" for kind in page.evaluate(UNSEEN))
    page.emulate_media(forced_colors="none")


def _in_large_letters(page: Page) -> list[str]:
    sized = "size => { document.documentElement.style.fontSize = size }"
    page.evaluate(sized, "200%")
    past: list[str] = page.evaluate(PAST_THE_EDGE)
    page.evaluate(sized, "")
    return past
