"""Groups of choices, tables, files and the editor of forms by real keys, without a mouse."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from funding_app.web.filters import DEMO_PASSWORD
from tests.browser.keyboard import Keyboard
from tests.support.browser import sign_in, violations, watched
from tests.support.hostile_files import sound_pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def signed_in(browser: Browser, address: str, who: str) -> Iterator[Keyboard]:
    problems: list[str] = []
    page = watched(browser, address, problems)
    sign_in(page, who, DEMO_PASSWORD)
    yield Keyboard(page)
    page.context.close()
    assert problems == []


@pytest.fixture
def keys(browser: Browser, address: str) -> Iterator[Keyboard]:
    yield from signed_in(browser, address, "applicant6")


@pytest.fixture
def office(browser: Browser, address: str) -> Iterator[Keyboard]:
    yield from signed_in(browser, address, "office")


def begin(page: Page, section: str) -> None:
    page.goto("/calls/cc-gemeinsam-2026")
    with page.expect_navigation():
        page.get_by_role("button", name="Antrag beginnen").click()
    page.goto(f"{page.url.partition('?')[0]}/form/{section}")


def chosen(page: Page, name: str) -> str | None:
    return page.locator(f"input[name={name}]:checked").get_attribute("value")


def test_arrow_keys_move_the_choice_and_tab_leaves_the_group(keys: Keyboard) -> None:
    page = keys.page
    begin(page, "applicant")
    keys.reach("input[name=vat_deduction]")
    page.keyboard.press("Space")
    assert chosen(page, "vat_deduction") == "yes"
    for key, value in (("ArrowDown", "no"), ("ArrowDown", "yes"), ("ArrowUp", "no")):
        page.keyboard.press(key)
        assert chosen(page, "vat_deduction") == value
        assert page.evaluate("document.activeElement.value") == value
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != "vat_deduction"
    keys.press("button[value=stay]")
    assert chosen(page, "vat_deduction") == "no"


def names(page: Page) -> list[str]:
    cells = page.locator("input[name^=partners-][name$=-name]").all()
    return [text for cell in cells if (text := cell.input_value())]


def test_rows_of_partners_are_added_and_removed_by_keys(keys: Keyboard) -> None:
    page = keys.page
    begin(page, "partners")
    keys.write(partners__0__name="Anna-Verein", partners__1__name="Berta-Stiftung")
    keys.press("button[name=partners-add]")
    assert page.evaluate("document.activeElement.id") == "partners-2-name"
    keys.write(partners__2__name="Carla-Hochschule")
    keys.reach("#partners-2-role")
    page.keyboard.press("ArrowDown")
    assert page.locator("#partners-2-role").input_value()
    keys.press("button[name=partners-add]")
    page.keyboard.press("Shift+Tab")  # the row before ends with the button that removes it
    assert page.evaluate("document.activeElement.name") == "partners-remove"
    assert names(page) == ["Anna-Verein", "Berta-Stiftung", "Carla-Hochschule"]
    page.locator("button[name=partners-remove][value='1']").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert names(page) == ["Anna-Verein", "Carla-Hochschule"]
    assert page.evaluate("document.activeElement.id") == "partners-1-name"
    assert violations(page) == []
    page.reload()
    page.goto(page.url.partition("?")[0])
    assert names(page) == ["Anna-Verein", "Carla-Hochschule"]


def test_the_table_of_costs_is_filled_cell_by_cell(keys: Keyboard) -> None:
    page = keys.page
    begin(page, "project")
    keys.date("period_start", "1", "6", "2027")
    keys.date("period_end", "31", "5", "2028")
    keys.press("button[value=stay]")
    page.goto(page.url.replace("/form/project", "/form/finance"))
    cells = page.locator("table[data-budget] tbody[data-side=lines] input").all()
    ids = [str(cell.get_attribute("id")) for cell in cells][:4]
    keys.reach(f"#{ids[0]}")
    for number, expected in enumerate(ids):  # a line from year to year, then the next line
        assert page.evaluate("document.activeElement.id") == expected
        page.keyboard.type(f"{number + 1}00,50")
        page.keyboard.press("Tab")
    first = page.locator("table[data-budget] [data-sum=line]").first
    expect(first).to_have_text(re.compile("300,00|301,00"))
    keys.press("button[value=stay]")
    assert [page.locator(f"#{each}").input_value() for each in ids] == [
        "100,50", "200,50", "300,50", "400,50",
    ]  # fmt: skip


def test_a_file_is_chosen_sent_and_removed_by_keys(keys: Keyboard) -> None:
    page = keys.page
    begin(page, "attachments")
    keys.reach("#statutes")
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    asked.value.set_files(
        {"name": "satzung.pdf", "mimeType": "application/pdf", "buffer": sound_pdf()}
    )
    held = page.locator("[data-files-of=statutes]")
    expect(held).to_contain_text("satzung.pdf")
    page.keyboard.press("Shift+Tab")  # what the field holds stands before it
    assert page.evaluate("document.activeElement.name") == "remove"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(held.locator("> ul")).not_to_be_visible()


def test_a_form_is_put_together_by_keys_and_the_preview_follows(office: Keyboard) -> None:
    page = office.page
    page.goto("/admin/forms")
    page.get_by_label("Ausgehen von").select_option("micro_grant_application@1")
    office.write(
        **{
            page.get_by_label("Kennzeichen eines neuen Formulars").get_attribute("id")
            or "": "nur_tasten"
        }
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/nur_tasten/1")
    office.reach("a[href$='/parts/title']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    label = page.get_by_label("Beschriftung (deutsch)").get_attribute("id")
    office.reach(f"#{label}")
    page.keyboard.press("Control+A")
    page.keyboard.type("Name des Vorhabens")
    expect(page.locator("#preview").get_by_label("Name des Vorhabens")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == label  # the preview takes no focus
    page.keyboard.type(", kurz")
    expect(page.locator("#preview").get_by_label("Name des Vorhabens, kurz")).to_be_visible()
    assert violations(page) == []
    office.press("main form button.kern-btn--primary")
    assert "Name des Vorhabens, kurz" in page.inner_text("main")
