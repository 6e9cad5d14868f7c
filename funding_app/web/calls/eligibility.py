"""What a call asks, in words: as its conditions, and as what speaks against an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from forms import schema
from funding_app.models import Call
from funding_app.rules.eligibility import EXCLUDED, QUESTIONS, Eligibility
from funding_app.rules.periods import GERMAN_REGIONS
from funding_app.web.filters import amounts, in_language, local_time
from funding_app.web.request import language

ANSWERS = {
    "amount_below": "amount",
    "amount_above": "amount",
    "partners_required": "partners",
    "partners_excluded": "partners",
    "by_invitation": "",
    "not_open": "",
}
"""The question behind what speaks against a call, where it has another name."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a call does not fit and what would change it; `question` is where the answer stands.

    `href` and `title` lead to another call that comes first.
    """

    why: str
    change: str
    question: str
    href: str = ""
    title: str = ""


def _labels(field: str, values: Iterable[str]) -> str:
    """The labels of values, in the order of the form."""
    wanted = set(values)
    found = schema.get("call").field(field).choices
    return "; ".join(each.label[language()] for each in found if each.value in wanted)


def _where(rule: Eligibility) -> str:
    if rule.regions:
        return ", ".join(name for key, name in GERMAN_REGIONS.items() if key in rule.regions)
    return _labels("seat", {rule.seat})


def _support(rule: Eligibility) -> str:
    in_kind = _labels("in_kind", rule.support)
    return "; ".join(each for each in (_("Geld") if rule.gives_money else "", in_kind) if each)


def _partners(rule: Eligibility) -> str:
    if rule.partners == EXCLUDED:
        return str(_("Jede Organisation bewirbt sich für sich allein."))
    return str(_("Mindestens ein Partner muss mitwirken."))


CONDITIONS: Mapping[str, Callable[[Eligibility], str]] = {
    "applicant": lambda rule: _(
        "Bewerben können sich: %(who)s.", who=_labels("applicants", rule.applicants)
    ),
    "seat": lambda rule: _("Sitz: %(where)s.", where=_where(rule)),
    "topic": lambda rule: _("Themen: %(topics)s.", topics=_labels("topics", rule.topics)),
    "support": lambda rule: _("Hier gibt es: %(what)s.", what=_support(rule)),
    "amount": lambda rule: _("Betrag: %(amounts)s.", amounts=amounts(rule.least, rule.most)),
    "partners": _partners,
    "own_share": lambda rule: _(
        "Mindestens %(percent)s %% der Ausgaben decken Sie selbst oder mit Hilfe Dritter.",
        percent=rule.own_share_percent,
    ),
    "begun": lambda _rule: _("Das Vorhaben darf vor der Bewilligung nicht begonnen haben."),
}
assert set(CONDITIONS) == set(QUESTIONS)

CHANGES: Mapping[str, Callable[[], str]] = {
    "applicant": lambda: _("Es passt, wenn eine solche Organisation den Antrag stellt."),
    "seat": lambda: _("Es passt, wenn jemand mit Sitz dort den Antrag stellt."),
    "topic": lambda: _("Es passt, wenn Ihr Vorhaben vor allem dort wirkt."),
    "support": lambda: _("Es passt, wenn Ihnen das weiterhilft."),
    "amount_below": lambda: _("Es passt, wenn Sie mindestens den kleinsten Betrag brauchen."),
    "amount_above": lambda: _(
        "Es passt, wenn Sie höchstens den größten Betrag beantragen und den Rest anders decken."
    ),
    "partners_required": lambda: _("Es passt, sobald Sie mit anderen zusammen antreten."),
    "partners_excluded": lambda: _("Es passt, wenn Sie sich allein bewerben."),
    "own_share": lambda: _("Es passt, wenn Sie Geld in dieser Höhe aufbringen oder einwerben."),
    "begun": lambda: _("Es passt für ein neues, abgegrenztes Vorhaben."),
    "not_open": lambda: _("Bis dahin können Sie den Antrag vorbereiten."),
}


def condition(name: str, rule: Eligibility) -> str:
    """What the call asks under one question, as a sentence."""
    return CONDITIONS[name](rule)


def conditions(rule: Eligibility) -> list[str]:
    """Everything the call asks of who applies; amount and own share stand elsewhere on its page."""
    told = ("applicant", "seat", "topic", "partners", "begun")
    return [condition(name, rule) for name in told if QUESTIONS[name](rule)]


def objection(
    code: str, rule: Eligibility, call: Call, first_stages: Mapping[str, Call]
) -> Objection:
    """What speaks against a call, in words."""
    if code == "by_invitation":
        return _invited_only(first_stages.get(call.ref))
    if code == "not_open":
        why = _("Der Aufruf öffnet erst am %(day)s.", day=local_time(call.opens_at))
        return Objection(why, CHANGES[code](), "")
    question = ANSWERS.get(code, code)
    return Objection(condition(question, rule), CHANGES[code](), question)


def _invited_only(first: Call | None) -> Objection:
    why = _("Anträge sind hier nur auf Einladung möglich.")
    if first is None:
        return Objection(why, "", "")
    change = _("Eingeladen wird, wer in der ersten Stufe überzeugt:")
    href = url_for("calls.call_page", ref=first.ref)
    return Objection(why, change, "", href, in_language(first, "title"))
