"""Where a case stands, as its applicants read it: their own duties, whose turn, and no names."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from funding_app.demo.runner import Story, micro_answers, tell_to_consultation
from funding_app.models import UserAccount
from tests.fixtures.pages import SignIn
from tests.support.pages import as_read

PERIOD = ("2026-04-01", "2026-12-31")


def test_a_case_tells_its_applicants_whose_turn_it_is_and_until_when(
    story: Story, sign_in: SignIn
) -> None:
    story.apply("micro_grant", micro_answers(Decimal("900.00"), *PERIOD, "Nähcafé"))
    applicant, path = sign_in("applicant1"), f"/cases/{story.case_id}"
    assert "Das müssen Sie jetzt tun" in applicant.get(path).text
    check = applicant.get(f"{path}/check").text
    assert f'data-server-time="{story.now.timestamp()}"' in check
    assert f'href="{path}/events/withdraw"' in applicant.get(path).text
    story.act("applicant1", "submit")  # on Monday, 2 February 2026: three working days
    page = as_read(applicant.get(path).text)
    assert "Sie müssen jetzt nichts tun." in page
    assert "die Geschäftsstelle: Prüfung beginnen" in page
    assert ">5. Feb. 2026</dd>" in page
    assert "In Prüfung <span" in page
    assert "gewöhnlich höchstens 10 Arbeitstage" in page
    story.now += timedelta(days=4)
    assert "vorgesehen war bis 5. Feb. 2026" in applicant.get(path).text
    english = applicant.get(f"{path}?lang=en").text
    assert "the joint office: Begin the check" in english
    applicant.get(f"{path}?lang=de")
    story.act("officer", "start_check", {"no_conflict": True})
    story.act("officer", "request_info", {"items": "Die Satzung"})
    page = as_read(applicant.get(path).text)
    assert "Angaben ergänzen: bis 20. Feb. 2026, noch 14 Tage" in page
    assert "Am Zug" not in sign_in("officer").get(path).text
    story.act("applicant1", "withdraw")
    page = applicant.get(path).text
    assert "Wie es weitergeht" not in page
    assert page.index("Entwurf</li>") < page.index("Unterlagen angefordert</li>")


def test_it_names_no_reviewer_and_no_score(story: Story, sign_in: SignIn) -> None:
    tell_to_consultation(story, Decimal("90000.00"), *PERIOD)
    page = as_read(sign_in("applicant1").get(f"/cases/{story.case_id}").text)
    assert "mehrere Stellen nebeneinander" in page
    assert "Entscheidung vorbereitet <span" in page
    with story.database.read() as session:
        inside = select(UserAccount.name).where(UserAccount.email.not_like("applicant%"))
        names = session.scalars(inside).all()
    assert names
    assert [name for name in names if name in page] == []
    assert "Punktzahl" not in page
