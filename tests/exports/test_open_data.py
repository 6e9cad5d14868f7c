"""Open data: valid by the official schema, and nothing that is not public."""

from __future__ import annotations

import json
import os
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from sqlalchemy import update

from funding_app.demo.runner import Story, tell_grant, tell_micro_grant
from funding_app.models import Application, Organisation
from tests.exports.reading import PERIOD, as_rows, as_sheet, by_title, content, submit_grant

pytestmark = pytest.mark.both_databases

SCHEMA_FOLDER = "FUNDING_360GIVING_SCHEMA"
REQUIRED = {
    "id", "title", "description", "currency", "amountAwarded", "awardDate",
    "recipientOrganization", "fundingOrganization",
}  # fmt: skip


def validator(folder: Path) -> Draft202012Validator:
    """The official package schema, which names an older release of the grant schema by address."""
    package, grant = (
        json.loads((folder / f"360-giving-{name}schema.json").read_text())
        for name in ("package-", "")
    )
    address = package["properties"]["grants"]["items"]["$ref"]
    registry: Registry[Any] = Registry().with_resource(address, DRAFT202012.create_resource(grant))
    return Draft202012Validator(
        package, registry=registry, format_checker=FormatChecker(["date-time"])
    )


def check(package: dict[str, Any]) -> None:
    """Against the official schema where its folder is named, else the required fields."""
    folder = os.environ.get(SCHEMA_FOLDER)
    if folder:
        assert [error.message for error in validator(Path(folder)).iter_errors(package)] == []
    else:
        warnings.warn(f"{SCHEMA_FOLDER} is unset: only required fields are checked", stacklevel=2)
    for grant in package["grants"]:
        assert grant.keys() >= REQUIRED
        for organisation in grant["recipientOrganization"] + grant["fundingOrganization"]:
            assert organisation["id"] and organisation["name"]


@pytest.mark.skipif(SCHEMA_FOLDER not in os.environ, reason=f"{SCHEMA_FOLDER} is unset")
@pytest.mark.parametrize(
    "change",
    [{"awardDate": "16.02.2026"}, {"amountAwarded": "60000"}, {"currency": "Euro"},
     {"dateModified": "2026-02-02T10:00:00"}, {"recipientOrganization": []}],
    ids=str,
)  # fmt: skip
def test_the_schema_finds_what_is_wrong(story: Story, change: dict[str, Any]) -> None:
    tell_micro_grant(story, Decimal("900.00"))
    package = json.loads(content(story, "grants", "360giving"))
    found = validator(Path(os.environ[SCHEMA_FOLDER]))
    assert found.is_valid(package)
    package["grants"][0] |= change
    assert not found.is_valid(package)


def test_published_projects_are_valid_360giving(story: Story, app: Flask) -> None:
    tell_grant(story, Decimal("60000.40"), *PERIOD)
    tell_micro_grant(story, Decimal("1234.56"))
    with story.database.write() as session:
        applicant = Organisation.id == story.world.organisations[0]
        known = {"identifier": "DE-CR-U1308-VR1234", "name_de": 'Verein "Größe" & Ko 🚀'}
        session.execute(update(Organisation).where(applicant).values(**known))
    answer = app.test_client().get("/open-data/grants.json", buffered=True)
    package = answer.get_json()
    check(package)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (package["version"], len(package["grants"])) == ("1.4", 2)
    large = next(each for each in package["grants"] if each["amountAwarded"] == 60000.4)
    assert large["fundingOrganization"][0]["name"].endswith("Soziales")
    assert len(large["fundingOrganization"]) == len(story.world.ministries)
    assert large["recipientOrganization"][0]["id"] == "DE-CR-U1308-VR1234"
    assert large["plannedDates"] == [{"startDate": PERIOD[0], "endDate": PERIOD[1]}]
    assert len({each["id"] for each in package["grants"]}) == 2


def test_what_is_not_public_is_in_no_open_data(story: Story, app: Flask) -> None:
    tell_micro_grant(story, Decimal("900.00"))
    submit_grant(story, "Noch geheim", Decimal("90000.00"))
    with story.database.write() as session:
        session.execute(update(Application).values(is_public=False))
    client = app.test_client()
    assert client.get("/open-data/grants.json", buffered=True).get_json()["grants"] == []
    assert as_rows(client.get("/open-data/grants.csv", buffered=True).data) == []
    rows = as_rows(client.get("/open-data/indicators.csv", buffered=True).data)
    found = [(row["applications"], row["funded"], row["granted"]) for row in rows]
    assert found == [("1", "0", "0.00"), ("1", "0", "0.00")]


def test_grants_as_tables(story: Story, app: Flask) -> None:
    tell_grant(story, Decimal("60000.40"), *PERIOD)
    (row,) = as_rows(app.test_client().get("/open-data/grants.csv", buffered=True).data)
    assert (row["Amount Awarded"], row["Currency"]) == ("60000.40", "EUR")
    assert row["Recipient Org:Name"] == "Nachbarschaft Digital e. V."
    assert row["Co-Funders"].count(";") == 1
    sheet = as_sheet(content(story, "grants", "xlsx"))
    assert sheet.cell(2, by_title(sheet)["Bewilligt"]).value == 60000.4
    assert as_rows(content(story, "grants", "csv-de"), ";")[0]["Bewilligt"] == "60000,40"


def test_indicators_count_per_call_and_local_year(story: Story, app: Flask) -> None:
    tell_grant(story, Decimal("60000.40"), *PERIOD)
    tell_micro_grant(story, Decimal("1234.56"))
    story.now = story.now.replace(year=2026, month=12, day=31, hour=22, minute=30)
    submit_grant(story, "Nach dem Jahreswechsel in Deutschland", Decimal("90000.00"))
    rows = as_rows(app.test_client().get("/open-data/indicators.csv", buffered=True).data)
    found = {(row["call"], row["year"]): row for row in rows}
    assert set(found) == {
        ("cc-gemeinsam-2026", "2026"), ("cc-gemeinsam-2026", "2027"), ("cc-mikro-2026", "2026"),
    }  # fmt: skip
    large = found["cc-gemeinsam-2026", "2026"]
    assert (large["applications"], large["funded"], large["recipients"]) == ("1", "1", "1")
    assert (large["granted"], large["paid"]) == ("60000.40", "60000.40")
    assert found["cc-gemeinsam-2026", "2027"]["funded"] == "0"


def test_the_page_names_files_and_licence(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/open-data/").text
    for file in ("grants.json", "grants.csv", "indicators.csv"):
        assert f"/open-data/{file}" in page
        assert client.get(f"/open-data/{file}", buffered=True).status_code == 200
    assert "dl-de/zero-2-0" in page
    assert "/open-data/" in client.get("/").text
