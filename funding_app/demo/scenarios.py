"""The roads of the demo's cases: stage by stage, spread between two days before the anchor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from funding_app import services
from funding_app.demo.runner import IBAN, Story, draw, request_money
from funding_app.demo.texts import CENT, Author, own_funds, remark
from funding_app.engine import Command

CHECKS = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
CLOSED_CALL = "grant_case_closed"


@dataclass(slots=True)
class Tale:
    """One case with its texts and its amount."""

    story: Story
    author: Author
    amount: Decimal
    level: int

    def words(self, criterion: str) -> tuple[int, str]:
        """A score around the case's level, with a comment that fits it."""
        random = self.author.random
        score = max(1, min(5, self.level + random.choice((-1, 0, 0, 0))))
        return score, remark(random, criterion, score)

    def own(self, event: str, data: dict[str, object] | None = None) -> None:
        """An event of the applicant on the case itself."""
        self.story.act(self.story.applicant, event, data)


Step = Callable[[Tale], None]


def _half(t: Tale) -> None:
    sections = t.author.grant(t.amount)
    t.story.apply("grant_case", {key: sections[key] for key in ("project", "applicant")})


def _apply(t: Tale) -> None:
    t.story.apply("grant_case", t.author.grant(t.amount))


def _apply_closed(t: Tale) -> None:
    t.story.apply(CLOSED_CALL, t.author.grant(t.amount))


def begin_small(t: Tale) -> None:
    """A draft under the micro-grant call."""
    t.story.apply("micro_grant", t.author.micro(t.amount))


def _submit(t: Tale) -> None:
    t.own("submit")


def _withdraw(t: Tale) -> None:
    t.own("withdraw")


def _exclude(t: Tale) -> None:
    reason = "Der Antrag ging nach Fristende ein, Gründe für eine Wiedereinsetzung fehlen."
    t.story.twice("officer", "approver", "exclude", reason=reason)


def _check(t: Tale) -> None:
    t.story.act("officer", "start_check", {"no_conflict": True})


def _ask(t: Tale) -> None:
    items = "Bitte erläutern Sie die Aufträge an Dritte und reichen Sie die gültige Satzung nach."
    t.story.act("officer", "request_info", {"items": items})


def _provide(t: Tale) -> None:
    t.own("provide")


def _formal(t: Tale) -> None:
    reasons = (
        "Das Vorhaben hat mit dem Abschluss eines Entwicklungsvertrags bereits begonnen. Gründe, "
        "ausnahmsweise davon abzusehen, sind auch nach Abwägung Ihrer Interessen nicht ersichtlich."
    )
    t.story.twice("officer", "approver", "reject_formal", {"reasons": reasons})


def _pass(t: Tale) -> None:
    t.story.act("officer", "pass", {**CHECKS, "aid_basis": "none_non_economic"})


def _first(t: Tale) -> None:
    t.story.review("reviewer1", t.level, t.words)


def _second(t: Tale) -> None:
    t.story.review("reviewer2", t.level, t.words)


def _harsh(t: Tale) -> None:
    low = max(1, t.level - 2)
    t.story.review("reviewer3", low, lambda each: (low, remark(t.author.random, each, low)))


def _invite(t: Tale) -> None:
    t.story.act("office", "assign_reviewer", {"reviewer": str(t.story.world.people["reviewer1"])})


def _panel(t: Tale) -> None:
    t.story.act("office", "to_panel")


def _recommend(t: Tale) -> None:
    reasoning = f"Die Jury überzeugt vor allem das Ziel: {t.author.project.goal}"
    t.story.act("panel", "recommend", {"amount": str(t.amount), "reasoning": reasoning})


def _decline(t: Tale) -> None:
    reasoning = "Datenlage und Beteiligung sind zu unbestimmt, um die Wirkung zu beurteilen."
    t.story.act("panel", "decline", {"reasoning": reasoning})


def _reject(t: Tale) -> None:
    reasons = (
        "Bei begrenzten Mitteln haben wir Vorhaben mit gesicherter Datenlage den Vorzug gegeben."
    )
    t.story.act("officer", "prepare_reject", {"reasons": reasons})


def _consult(t: Tale) -> None:
    t.story.act("officer", "open_consultation")


def _sign_one(t: Tale) -> None:
    t.story.sign(0)


def _clear(t: Tale) -> None:
    t.story.act("expert1", "clear_expert", on=t.story.signature(0))


def _clear_budget(t: Tale) -> None:
    t.story.act("officer1", "clear_budget", on=t.story.signature(0))


def _query(t: Tale) -> None:
    reason = (
        "Wie ist sichergestellt, dass die Personalausgaben nicht schon anders gefördert werden?"
    )
    t.story.act("expert2", "query", on=t.story.signature(1), reason=reason)


def _dissent(t: Tale) -> None:
    reason = "Der Bezug zu den Aufgaben unseres Hauses ist für eine Beteiligung zu gering."
    t.story.act("signatory3", "dissent", on=t.story.signature(2), reason=reason)


def _sign_rest(t: Tale) -> None:
    t.story.sign(1)
    t.story.sign(2)


def _approve(t: Tale) -> None:
    t.story.act("lead", "approve")


def _notify(t: Tale) -> None:
    t.story.issue_letters(t.story.now)
    t.story.act("officer", "notify", {"channel": "own_portal"})
    t.story.retrieve()


def _holder(t: Tale) -> dict[str, object]:
    return {"iban": IBAN, "account_holder": t.author.applicant.name, "terms": True}


def _accept(t: Tale) -> None:
    t.own("accept", _holder(t))


def _waive(t: Tale) -> None:
    t.own("waive")


def _activate(t: Tale) -> None:
    t.story.twice("officer", "approver", "verify_bank")
    t.story.act("officer", "activate")


def _draw_some(t: Tale) -> None:
    draw(t.story, (t.amount * 17 / 100).quantize(CENT))


def _open_request(t: Tale) -> None:
    t.own("request_payment")


def _certified(t: Tale) -> None:
    payment = request_money(t.story, (t.amount * 11 / 100).quantize(CENT))
    t.story.act("certifier", "certify", on=payment)


def _draw_all(t: Tale) -> None:
    half = (t.amount / 2).quantize(CENT)
    draw(t.story, half)
    draw(t.story, t.amount - half)


def _suspend(t: Tale) -> None:
    reason = "Die Projektleitung ist ausgeschieden, eine Nachfolge ist noch nicht benannt."
    t.story.twice("officer", "approver", "suspend", reason=reason)


def _fulfil(t: Tale) -> None:
    t.own("fulfil_purpose")


def _spent(t: Tale) -> str:
    return str(t.amount + own_funds(t.amount))


def _prove(t: Tale) -> None:
    proof = t.story.children("proof_of_use")[0]
    figures = {"expenditure": _spent(t), "other_funds": "0.00", "correct": True}
    narrative = t.author.text("goals", "Wir haben den Plan umgesetzt.", t.author.project.tool)
    t.story.write(proof, {"report": {"narrative": narrative}, "figures": figures})
    t.story.act(t.story.applicant, "submit", on=proof)


def _audit(t: Tale) -> None:
    proof = t.story.children("proof_of_use")[0]
    t.story.act("officer", "start_audit", on=proof)
    finding = "Die Ausgaben sind belegt, notwendig und dem Zweck zuzuordnen."
    findings = {"recognised_expenditure": _spent(t), "new_other_funds": "0.00", "finding": finding}
    t.story.act("officer", "record_findings", findings, on=proof)
    t.story.twice("officer", "approver", "assess", on=proof)


def _close(t: Tale) -> None:
    note = "Der Zweck ist erreicht, die Mittel sind zweckentsprechend verwendet."
    t.story.twice("officer", "approver", "close", {"note": note})


def _micro_grant(t: Tale) -> None:
    t.story.twice("officer", "approver", "decide_grant", {"amount": str(t.amount)})


def _micro_propose(t: Tale) -> None:
    t.story.act("officer", "decide_grant", {"amount": str(t.amount)})


def _micro_reject(t: Tale) -> None:
    reasons = "Laufende Ausgaben ohne eigenes Vorhaben fördern wir nach Abwägung nicht."
    t.story.twice("officer", "approver", "decide_reject", {"reasons": reasons})


def _micro_accept(t: Tale) -> None:
    t.own("accept_and_waive", {**_holder(t), "waiver": True})


def _micro_pay(t: Tale) -> None:
    t.story.pay(t.story.children("payment_request")[0])


def _time(t: Tale, event: str) -> None:
    assert t.story.case_id is not None
    t.story.now += timedelta(hours=1)
    with t.story.database.write() as session:
        command = Command(t.story.case_id, event, None, t.story.now, door="timer")
        services.fire(session, t.story.machinery, command)


def _report_due(t: Tale) -> None:
    _time(t, "report_due")


def _final_by_time(t: Tale) -> None:
    _time(t, "become_final")


def _report(t: Tale) -> None:
    assert t.story.case_id is not None
    narrative = t.author.text("audience", "Das Vorhaben ist gelungen.", t.author.project.people)
    figures = {"expenditure": str(t.amount), "other_funds": "0.00", "correct": True}
    t.story.write(t.story.case_id, {"report": {"narrative": narrative}, "figures": figures})
    t.own("submit_report")


def _accept_report(t: Tale) -> None:
    t.story.twice("officer", "approver", "accept_report")


def _lapse(t: Tale) -> None:
    t.story.twice("officer", "approver", "lapse")


CHECKED = (_apply, _submit, _check)
PASSED = (*CHECKED, _pass)
REVIEWED = (*PASSED, _first, _second)
PANEL = (*REVIEWED, _panel)
CONSULTED = (*PANEL, _recommend, _consult)
SIGNED = (*CONSULTED, _sign_one, _sign_rest)
NOTIFIED = (*SIGNED, _approve, _notify)
FINAL = (*NOTIFIED, _accept, _waive)
ACTIVE = (*FINAL, _activate)
ENDED = (*ACTIVE, _draw_all, _fulfil)
DENIED = (*PANEL, _decline, _reject)
MICRO = (begin_small, _submit, _check)
MICRO_TOLD = (*MICRO, _micro_grant, _notify)
MICRO_PAID = (*MICRO_TOLD, _micro_accept, _micro_pay)

# Begun and last touched so many days before the anchor, and what happened in between.
ROADS: tuple[tuple[int, int, tuple[Step, ...]], ...] = (
    (9, 8, (_half,)),
    (16, 6, (_apply, _submit)),
    (40, 9, (*CHECKED, _ask)),
    (60, 6, (*CHECKED, _ask, _provide)),
    (70, 12, (*CHECKED, _formal)),
    (75, 25, (*CHECKED, _withdraw)),
    (230, 145, (_apply_closed, _submit)),
    (230, 110, (_apply_closed, _submit, _exclude)),
    (62, 14, (*PASSED, _second, _invite)),
    (100, 8, REVIEWED),
    (110, 16, REVIEWED),
    (125, 14, PANEL),
    (140, 30, PANEL),
    (150, 13, PANEL),
    (130, 18, (*CONSULTED, _query, _clear)),
    (135, 5, (*CONSULTED, _clear, _clear_budget, _dissent)),
    (140, 3, SIGNED),
    (150, 4, (*SIGNED, _approve)),
    (160, 5, NOTIFIED),
    (180, 7, FINAL),
    (250, 60, (*DENIED, _approve, _notify, _waive)),
    (240, 9, (*ACTIVE, _draw_some, _certified)),
    (260, 12, (*ACTIVE, _draw_some, _open_request)),
    (270, 50, (*ACTIVE, _suspend)),
    (300, 30, ENDED),
    (305, 15, (*ENDED, _prove)),
    (310, 10, (*ENDED, _prove, _audit)),
    (315, 35, (*ENDED, _prove, _audit, _close)),
    (5, 4, (begin_small,)),
    (8, 2, (begin_small, _submit)),
    (14, 5, (*MICRO, _micro_propose)),
    (25, 9, (*MICRO, _ask)),
    (30, 3, (*MICRO, _micro_grant)),
    (32, 3, MICRO_TOLD),
    (36, 4, (*MICRO_TOLD, _micro_accept)),
    (60, 8, MICRO_PAID),
    (150, 12, (*MICRO_PAID, _report_due)),
    (190, 9, (*MICRO_PAID, _report_due, _report)),
    (220, 25, (*MICRO_PAID, _report_due, _report, _accept_report)),
    (230, 30, (*MICRO, _micro_reject, _notify, _final_by_time)),
    (90, 60, (begin_small, _submit, _withdraw)),
    (280, 40, (*MICRO_TOLD, _lapse)),
    (57, 11, PASSED),
    (55, 10, PASSED),
    (53, 8, PASSED),
    (51, 7, PASSED),
    (64, 9, (*PASSED, _first, _harsh)),
)


def period(anchor: date, begin: int, *, small: bool, long: bool) -> tuple[date, date]:
    """When a project runs that is applied for so many days before the anchor."""
    if small:
        start = anchor - timedelta(days=begin - 25)
        return start, start + timedelta(days=50)
    start = (anchor - timedelta(days=begin - 110)).replace(day=1)
    return start, date(start.year + 1, 9, 30) if long else date(start.year, 12, 31)


def tell(tale: Tale, anchor: datetime, begin: int, end: int, steps: tuple[Step, ...]) -> None:
    """Tells one case, its stages spread evenly between its first and its last day."""
    pace = timedelta(days=(begin - end) / len(steps))
    first = (anchor - timedelta(days=begin)).replace(hour=8, minute=0, second=0, microsecond=0)
    for number, step in enumerate(steps):
        tale.story.now = max(tale.story.now, first + number * pace)
        step(tale)


def amount_for(random: Random, *, small: bool) -> Decimal:
    """An amount as people ask for it: not round."""
    return Decimal(random.randint(910, 4980) if small else random.randint(61300, 389900)).quantize(
        CENT
    )
