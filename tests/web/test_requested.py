"""What the office asks for later: item by item, answered in its place, seen with when it came."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

import workflows
from forms.schema import Asked
from funding_app.demo.story import Story, micro_answers
from funding_app.models import Submission
from tests.web.conftest import SignIn

ANSWERS = micro_answers(Decimal("900.00"), "2026-04-01", "2026-12-31", "Nähcafé")
ITEMS = "- Die gültige Satzung\r\n\r\n2. Ein <b>Kostenplan</b>\nWer betreut die Geräte?"


def test_each_line_is_an_item_without_its_mark() -> None:
    assert Asked(1, date(2026, 2, 2), ITEMS).items == [
        "Die gültige Satzung", "Ein <b>Kostenplan</b>", "Wer betreut die Geräte?",
    ]  # fmt: skip
    assert Asked(1, date(2026, 2, 2), "3.000 Euro erklären").items == ["3.000 Euro erklären"]
    many = Asked(1, date(2026, 2, 2), "\n".join(map(str, range(40)))).items
    assert (len(many), many[0], many[-1].split("\n")[-1]) == (30, "0", "39")


@pytest.mark.parametrize("key", ["grant_case", "micro_grant", "idea_contest", "lab_support"])
def test_every_request_can_be_answered_extended_and_has_a_day(key: str) -> None:
    definition = workflows.load().get(key)
    state = definition.states["info_requested"]
    arrows = {arrow.event: arrow for arrow in definition.arrows_from("info_requested")}
    assert state.limit is not None
    assert state.editable
    assert arrows["provide"].roles == ("applicant_signatory",)
    assert arrows["extend_request"].target == "info_requested"
    assert arrows["extend_request"].reason == "required"


def test_an_office_asks_and_an_applicant_answers_item_by_item(
    story: Story, sign_in: SignIn
) -> None:
    story.apply("micro_grant", ANSWERS)
    story.act("applicant1", "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": ITEMS})
    applicant, officer, path = sign_in("applicant1"), sign_in("officer"), f"/cases/{story.case_id}"
    page = applicant.get(path).text
    assert "Nachgefordert am 2. Februar 2026" in page
    assert "Antwort erbeten bis 16. Feb. 2026." in page
    assert "Ein &lt;b&gt;Kostenplan&lt;/b&gt;" in page
    assert page.count(">offen<") == 4  # three items, and the section among the others
    letter = applicant.get(f"{path}/messages?more_time=1").text
    assert "Bitte verlängern Sie die Frist, die am 16. Feb. 2026 endet" in letter
    story.act("officer", "extend_request", reason="Die Satzung liegt beim Registergericht.")
    assert "Antwort erbeten bis 16. Feb. 2026." in applicant.get(path).text  # the same day again
    assert applicant.get(f"{path}/check").text.count("Noch nicht beantwortet.") == 3
    data = {
        "version-requested_1": "0",
        "requested_1_2": "Siehe Anlage, Seite 2.",
        "requested_1_1_files": (io.BytesIO(b"%PDF-1.4 no"), "satzung.pdf"),
        "go": "overview",
    }
    wrong = applicant.post(f"{path}/form/requested_1", data=data)
    assert wrong.status_code == 422  # what is no PDF is refused; the text is kept
    data = {"version-requested_1": "1", "requested_1_2": "Siehe Seite 2.",
            "requested_1_3": "Frau Yıldız", "go": "overview"}  # fmt: skip
    assert applicant.post(f"{path}/form/requested_1", data=data).status_code == 302
    assert applicant.get(path).text.count(">beantwortet<") == 2
    assert "Frau Yıldız" not in officer.get(path).text, "not sent off yet"
    story.act("applicant1", "provide")
    page = officer.get(path).text
    assert "Beantwortet am 2. Feb. 2026" in page
    assert "Frau Yıldız" in page
    assert (page.count(">beantwortet<"), page.count(">offen<")) == (2, 1)
    with story.database.read() as session:
        frozen = session.scalars(select(Submission).order_by(Submission.number.desc())).first()
        assert frozen is not None
        assert frozen.answers["requested_1_3"] == "Frau Yıldız"
    story.act("officer", "request_info", {"items": "Noch einmal: die Satzung"})
    page = applicant.get(path).text
    assert page.count("Nachgefordert am 2. Februar 2026") >= 2
    assert "Beantwortet am" in page
    story.act("applicant1", "provide")
