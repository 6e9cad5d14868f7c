"""Every format carries the same values, each in its own type; text stays text."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl.utils.escape import unescape
from sqlalchemy import update

from funding_app.demo.runner import Story, tell_grant
from funding_app.exports import EXPORTS
from funding_app.exports.csv_injection import is_formula_like
from funding_app.models import Application, BudgetLine, Process
from tests.exports.reading import (
    ODD_TITLES,
    PERIOD,
    as_items,
    as_rows,
    as_sheet,
    by_title,
    column_of,
    content,
    submit,
    submit_grant,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def titled(story: Story) -> Story:
    """An application for each of the odd titles."""
    for title in ODD_TITLES:
        case_id = submit(story, "Titel")
        with story.database.write() as session:
            session.execute(update(Process).where(Process.id == case_id).values(title=title))
    return story


def test_titles_stay_text_in_xlsx(titled: Story) -> None:
    data = content(titled, "applications", "xlsx")
    sheet = as_sheet(data)
    place = by_title(sheet)["Vorhaben"]
    cells = [sheet.cell(row, place) for row in range(2, sheet.max_row + 1)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert sorted(unescape(str(cell.value)).rstrip() for cell in cells) == sorted(ODD_TITLES)
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(("format", "separator"), [("csv", ","), ("csv-de", ";")])
def test_titles_stay_text_in_csv(titled: Story, format: str, separator: str) -> None:
    rows = as_rows(content(titled, "applications", format), separator)
    found = {row.get("title") or row["Vorhaben"] for row in rows}
    assert found == {f"'{each}" if is_formula_like(each) else each for each in ODD_TITLES}
    cells = [cell for row in rows for cell in row.values()]
    assert not any(is_formula_like(cell) for cell in cells)


def test_titles_are_unchanged_in_json(titled: Story) -> None:
    items = as_items(content(titled, "applications", "json"))
    assert {item["title"] for item in items} == set(ODD_TITLES)


def test_xlsx_has_numbers_dates_head_filter_and_widths(story: Story) -> None:
    tell_grant(story, Decimal("60000.40"), *PERIOD)
    sheet = as_sheet(content(story, "decisions", "xlsx"))
    place = by_title(sheet)
    granted = sheet.cell(2, place["Bewilligt (EUR)"])
    assert (granted.value, granted.data_type, granted.number_format) == (
        60000.4, "n", "#,##0.00",
    )  # fmt: skip
    decided = sheet.cell(2, place["Entschieden am"])
    assert isinstance(decided.value, datetime)
    assert (decided.is_date, decided.number_format) == (True, "dd.mm.yyyy")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(2, sheet.max_column).coordinate}"
    assert sheet.column_dimensions["C"].width > 40


def test_the_flavours_of_csv_differ_in_head_separator_dates_and_amounts(story: Story) -> None:
    submit(story, "Größe")
    german = content(story, "applications", "csv-de")
    machine = content(story, "applications", "csv")
    assert german.startswith("\ufeffNummer;Aufruf;Vorhaben".encode())
    assert machine.startswith(b"reference,call,title")
    assert german.count(b"\r\n") == machine.count(b"\r\n") == 2
    there, here = as_rows(german, ";")[0], as_rows(machine)[0]
    assert (there["Beantragt (EUR)"], here["requested"]) == ("900,00", "900.00")
    assert (there["Laufzeit von"], here["period_start"]) == ("01.04.2026", "2026-04-01")
    assert (there["Verspätet"], here["is_late"]) == ("nein", "false")
    assert there["Eingereicht am (Ortszeit)"] == "02.02.2026 11:00"
    assert here["submitted_at"] == "2026-02-02T10:00:00Z"
    assert (
        there["Stand"]
        == story.machinery.definitions.get("micro_grant").states[story.state()].title["de"]
    )


def test_sums_are_those_of_the_database(story: Story) -> None:
    for amount in ("900.10", "1000.20", "4999.99"):
        submit(story, "Klein", Decimal(amount))
    submit_grant(story, "Groß", Decimal("123456.78"))
    expected = sum(column_of(story, Application.requested))
    assert expected == Decimal("130357.07")
    sheet = as_sheet(content(story, "applications", "xlsx"))
    place = by_title(sheet)["Beantragt (EUR)"]
    values = [sheet.cell(row, place).value for row in range(2, sheet.max_row + 1)]
    assert sum(Decimal(str(value)) for value in values) == expected
    for items in (
        as_rows(content(story, "applications", "csv")),
        as_items(content(story, "applications", "json")),
    ):
        assert sum(Decimal(item["requested"]) for item in items) == expected


def test_shares_add_up_to_the_grant(story: Story) -> None:
    tell_grant(story, Decimal("60000.40"), *PERIOD)
    (item,) = as_items(content(story, "decisions", "json"))
    parts = [part.split()[1] for part in item["shares"].split("; ")]
    assert len(parts) == len(story.world.ministries)
    assert sum(map(Decimal, parts)) == Decimal(item["granted"]) == Decimal("60000.40")
    assert item["decision"] == "Bewilligung"
    assert date.fromisoformat(item["notified_on"]) <= date.fromisoformat(item["final_on"])


def test_budget_is_that_of_the_database(story: Story) -> None:
    tell_grant(story, Decimal("60000.00"), *PERIOD)
    items = as_items(content(story, "budget", "json"))
    with story.database.read() as session:
        lines = session.query(BudgetLine).all()
    assert len(items) == len(lines)
    for name in ("available", "reserved", "committed", "disbursed"):
        stored = sum(getattr(line, name) for line in lines)
        assert sum(Decimal(item[name]) for item in items) == stored
    assert sum(Decimal(item["disbursed"]) for item in items) == Decimal("60000.00")
    micro = as_items(content(story, "budget", "json", call_ref="cc-mikro-2026"))
    assert {item["ministry"] for item in micro} == {"BMAS"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_nothing_to_export_is_a_file_too(story: Story, language: str) -> None:
    for name, each in EXPORTS.items():
        for format in each.formats:
            assert content(story, name, format, language=language), (name, format)
    assert as_items(content(story, "applications", "json")) == []
    assert as_sheet(content(story, "applications", "xlsx")).max_row == 1


def test_english_words(story: Story) -> None:
    tell_grant(story, Decimal("60000.00"), *PERIOD)
    sheet = as_sheet(content(story, "decisions", "xlsx", language="en"))
    assert sheet.cell(2, by_title(sheet)["Decision"]).value == "Grant"
    assert sheet.cell(2, by_title(sheet)["Decided on"]).number_format == "yyyy-mm-dd"
