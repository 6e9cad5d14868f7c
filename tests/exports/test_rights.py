"""Nobody exports more than they may see, at no door."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete

from funding_app.demo.runner import Story, micro_answers
from funding_app.exports import EXPORTS, NoSuchExport
from funding_app.models import CallShare
from funding_app.services.people import accounts
from tests.exports.reading import PERIOD, as_items, as_rows, content, submit, submit_grant
from tests.fixtures.pages import SignIn

pytestmark = pytest.mark.both_databases

INTERNAL = [name for name, each in EXPORTS.items() if not each.is_public]
MAY = ("officer", "office", "auditor", "approver", "certifier", "expert2", "signatory3", "lead")
MAY_NOT = ("applicant1", "reviewer1", "admin")


@pytest.mark.parametrize("name", INTERNAL)
def test_others_get_nothing(story: Story, name: str) -> None:
    for who in MAY_NOT:
        with pytest.raises(NoSuchExport):
            content(story, name, "csv", who)


def test_pages_and_api_answer_others_as_if_there_were_no_exports(
    story: Story, sign_in: SignIn
) -> None:
    for who in MAY_NOT:
        client = sign_in(who)
        assert "/exports" not in client.get("/").text
        for path in ("/exports", *(f"/exports/{name}" for name in EXPORTS)):
            assert client.get(path).status_code == 404, (who, path)


def test_offices_and_ministries_may(story: Story, sign_in: SignIn) -> None:
    submit_grant(story, "Gemeinsam", Decimal("90000.00"))
    for who in MAY:
        client = sign_in(who)
        assert client.get("/exports").status_code == 200
        assert "/exports" in client.get("/").text
        answer = client.get("/exports/applications?format=json", buffered=True)
        assert [item["title"] for item in answer.get_json()] == ["Gemeinsam"], who


def test_drafts_are_in_no_export(story: Story) -> None:
    submit(story, "Eingereicht")
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nur ein Entwurf"))
    for who in (None, "officer", "auditor"):
        items = as_items(content(story, "applications", "json", who))
        assert [item["title"] for item in items] == ["Eingereicht"]


def test_a_ministry_gets_its_calls_and_its_titles_only(story: Story) -> None:
    submit_grant(story, "Gemeinsam", Decimal("90000.00"))
    submit(story, "Klein")
    lead, other = (
        as_items(content(story, "applications", "json", who)) for who in ("expert1", "expert2")
    )
    assert {item["title"] for item in lead} == {"Gemeinsam", "Klein"}
    assert {item["title"] for item in other} == {"Gemeinsam"}
    budget = as_items(content(story, "budget", "json", "expert2"))
    assert {item["ministry"] for item in budget} == {"BMBFSFJ"}
    with pytest.raises(NoSuchExport):
        content(story, "applications", "json", "expert2", call_ref="cc-mikro-2026")


def test_a_ministry_without_calls_gets_empty_files(story: Story) -> None:
    submit_grant(story, "Gemeinsam", Decimal("90000.00"))
    with story.database.write() as session:
        foreign = CallShare.ministry_id == story.world.ministries[2]
        session.execute(delete(CallShare).where(foreign))
    assert as_rows(content(story, "applications", "csv", "expert3")) == []
    assert as_rows(content(story, "decisions", "csv", "signatory3")) == []


def test_one_call_only(story: Story, sign_in: SignIn) -> None:
    submit_grant(story, "Gemeinsam", Decimal("90000.00"))
    submit(story, "Klein")
    answer = sign_in("officer").get(
        "/exports/applications?format=csv&call=cc-mikro-2026", buffered=True
    )
    assert [row["title"] for row in as_rows(answer.data)] == ["Klein"]
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=applications-cc-mikro-2026.csv"
    )


def test_unknown_names_formats_and_calls_are_not_found(sign_in: SignIn) -> None:
    client = sign_in("officer")
    for path in ("nothing", "budget?format=360giving", "budget?format=exe", "budget?call=nothing"):
        assert client.get(f"/exports/{path}", buffered=True).status_code == 404, path


def test_api_streams_the_same(story: Story, sign_in: SignIn) -> None:
    submit(story, "=1+1")
    client = sign_in("officer")
    with story.database.write() as session:
        officer, reviewer = (
            accounts.create_token(session, story.world.people[who], story.now)
            for who in ("officer", "reviewer1")
        )
    path = "/api/v1/exports/applications"
    allowed = client.get(path, headers={"Authorization": f"Bearer {officer}"}, buffered=True)
    assert [item["title"] for item in allowed.get_json()] == ["=1+1"]
    sheet = client.get(
        f"{path}?format=xlsx", headers={"Authorization": f"Bearer {officer}"}, buffered=True
    )
    assert sheet.data.startswith(b"PK")
    for name in EXPORTS:
        refused = client.get(
            f"/api/v1/exports/{name}", headers={"Authorization": f"Bearer {reviewer}"}
        )
        assert (refused.status_code, refused.get_json()["code"]) == (404, "not_found")
    assert client.get(path).status_code == 401
