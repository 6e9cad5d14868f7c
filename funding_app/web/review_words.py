"""What is said of reviews in words, by pages of several subjects and by the API."""

from __future__ import annotations

from flask_babel import gettext as _

from funding_app.queries.reviews.discussions import Said, Talk
from funding_app.services.reviews.discussions import NamesApplicant


def suspicions() -> dict[str, str]:
    """What an office is told for the codes of a suspected conflict."""
    return {
        "same_organisation": _("gehört zur antragstellenden Organisation"),
        "same_domain": _("gleiche E-Mail-Domain wie eine Person der Organisation"),
        "partner": _("gehört zu einer Partnerorganisation des Antrags"),
        "declared_before": _("war bei dieser Organisation schon einmal befangen"),
    }


def suspicions_of_you() -> dict[str, str]:
    """What reviewers themselves are told for the codes of a suspected conflict."""
    return {
        "same_organisation": _("Sie gehören der antragstellenden Organisation an."),
        "same_domain": _("Ihre E-Mail-Adresse hat dieselbe Domain wie eine Adresse im Antrag."),
        "partner": _("Ihre Organisation wirkt am Vorhaben mit."),
        "declared_before": _(
            "Bei einem früheren Antrag dieser Organisation haben Sie eine Befangenheit angezeigt."
        ),
    }


def speaker(said: Said, talk: Talk) -> str:
    """Who spoke, as the reader may know it: reviewers by number, by name only for the office."""
    if said.number is None:
        role = _("Geschäftsstelle")
    elif talk.seat.review_id == said.row.review_id:
        return str(_("Sie"))
    else:
        number = said.number
        role = _("Gutachten %(number)s", number=number) if number else _("ausgeschieden")
    return str(role) if talk.seat.review_id else f"{role} ({said.author})"


def naming(found: NamesApplicant) -> str:
    """What is said where a contribution would tell who applies."""
    names = ", ".join(f"„{name}“" for name in found.names)
    told: str = _(
        "Dieser Aufruf wird anonym begutachtet, und Ihr Beitrag nennt %(names)s. Bitte schreiben "
        "Sie so, dass niemand erfährt, wer den Antrag stellt.",
        names=names,
    )
    return told
