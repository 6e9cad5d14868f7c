"""How values look to a reader: amounts, dates, deadlines, the names of events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from flask import Flask
from flask_babel import gettext as _
from wtforms.meta import DefaultMeta

from forms.budget import euro as exact
from forms.messages import said_of
from forms.parsing import display
from forms.printable import file_limits as limits_of_files
from forms.repeated import Table, make
from forms.schema import Field
from funding_app.documents import blank_values
from funding_app.documents.blank_values import BERLIN, last_minute
from funding_app.models import Call
from funding_app.web.request import language
from funding_app.web.responsive_tables import stacked
from workflows.definition import Definition, Transition
from workflows.vocabulary import ROLE_TITLES

DEMO_PASSWORD = "vorfuehrung-2026"
DEMO_ACCOUNTS = {
    "applicant2": "applicant_signatory",
    "editor2": "applicant_editor",
    "reader2": "applicant_reader",
    "officer": "case_officer",
    "approver": "approver",
    "office": "office_clerk",
    "reviewer1": "reviewer",
    "panel": "panel_chair",
    "member": "panel_member",
    "expert1": "ministry_expert",
    "officer1": "budget_officer",
    "signatory1": "ministry_signatory",
    "lead": "lead_signatory",
    "certifier": "certifier",
    "authoriser": "payment_authoriser",
    "commissioner": "budget_commissioner",
    "mentor": "mentor",
    "publisher": "publisher",
    "auditor": "auditor",
    "dpo": "dpo",
    "admin": "tech_admin",
}
NOTES = {
    "create": {"de": "Begonnen", "en": "Begun"},
    "contributed": {"de": "Beitrag zur Aussprache", "en": "Contribution to the discussion"},
    "document_issued": {"de": "Dokument erstellt", "en": "Document issued"},
    "agenda_ordered": {"de": "Tagesordnung geordnet", "en": "Agenda put in order"},
    "motion_set": {"de": "Antrag zur Abstimmung geändert", "en": "Motion changed"},
    "presence_noted": {"de": "Anwesenheit festgehalten", "en": "Presence noted"},
    "member_recused": {"de": "Ausschluss festgehalten", "en": "Exclusion recorded"},
    "recusal_taken_back": {"de": "Erklärung zurückgenommen", "en": "Declaration taken back"},
    "discussion_noted": {"de": "Beratung festgehalten", "en": "Deliberation noted"},
    "ballot_cast": {"de": "Stimme abgegeben", "en": "Vote cast"},
    "item_resolved": {"de": "Ergebnis festgestellt", "en": "Result established"},
    "file_kept_back": {"de": "Datei zurückgehalten", "en": "File withheld"},
    "file_replaced": {"de": "Geschwärzte Fassung gegeben", "en": "Redacted version given"},
    "file_shown_again": {"de": "Datei wieder gezeigt", "en": "File shown again"},
    "mails_stopped": {"de": "Mails angehalten", "en": "Mails stopped"},
    "mails_resumed": {"de": "Mails fortgesetzt", "en": "Mails resumed"},
    "reminded": {"de": "Von Hand erinnert", "en": "Reminded by hand"},
    "erase": {"de": "Gelöscht", "en": "Deleted"},
    "redated": {"de": "Fristen neu berechnet", "en": "Limits computed anew"},
    "version_changed": {"de": "Auf neue Fassung gehoben", "en": "Raised to a new version"},
    "decision_retrieved": {"de": "Bescheid abgerufen", "en": "Decision retrieved"},
}


def _locale() -> str:
    return "en_GB" if language() == "en" else "de_DE"


def _day() -> str:
    """How a day is written; without the point of the German ordinal in English."""
    return "d MMM y" if language() == "en" else "d. MMM y"


def euro(amount: Decimal | None) -> str:
    """An amount in euro."""
    return format_currency(amount, "EUR", locale=_locale()) if amount is not None else "–"


def amounts(least: Decimal, most: Decimal) -> str:
    """From how much to how much, in euro."""
    return blank_values.amounts(least, most, language())


def funding(call: Call) -> str:
    """How much money a call gives, or that it gives something else."""
    return blank_values.funding(call, language())


def decimal(number: Decimal | None) -> str:
    """A number with two places at most."""
    return format_decimal(number, "#,##0.##", locale=_locale()) if number is not None else "–"


def points(score: Decimal | None) -> str:
    """A score with two places always, so that those of a column can be compared."""
    return format_decimal(score, "0.00", locale=_locale()) if score is not None else "–"


def tenths(number: Fraction | int) -> str:
    """A number of points, with one place at most."""
    value = Decimal(number.numerator) / Decimal(number.denominator)
    rounded = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(format_decimal(rounded, format="0.#", locale=_locale()))


def signed(number: Fraction | int) -> str:
    """The same with its sign; a zero has none."""
    text = tenths(number if number >= 0 else -number)
    sign = "" if text == "0" else "+" if number > 0 else "−"
    return f"{sign}{text}"


def percent(value: Any) -> str:
    """A percentage."""
    return f"{decimal(Decimal(str(value)))} %"


def file_size(count: int) -> str:
    """A number of bytes in kB or MB."""
    unit, size = ("MB", count / 1_000_000) if count >= 1_000_000 else ("kB", max(count / 1000, 1))
    return f"{format_decimal(round(size, 1), '#,##0.#', locale=_locale())} {unit}"


def money_text(value: Any) -> str:
    """A canonical amount in euro; other text as it was typed."""
    amount = exact(value)
    return euro(amount) if amount is not None else str(value)


def date_text(value: Any) -> str:
    """A canonical date in words; other text as it was typed."""
    try:
        return format_date(date.fromisoformat(str(value)), "long", locale=_locale())
    except ValueError:
        return str(value)


def local_time(at: datetime) -> str:
    """An instant in local time."""
    return format_datetime(at, f"{_day()}, HH:mm", tzinfo=BERLIN, locale=_locale())


def utc_time(at: datetime) -> str:
    """An instant in coordinated universal time, as machines and other zones read it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def clock_time(at: datetime) -> str:
    """The time of day of an instant, local, to the second."""
    return format_time(at, "HH:mm:ss", tzinfo=BERLIN, locale=_locale())


def last_day(at: datetime) -> str:
    """The last day of a limit that ends at a local midnight."""
    return format_date((at - timedelta(microseconds=1)).astimezone(BERLIN), _day(),
                       locale=_locale())  # fmt: skip


def limit_time(at: datetime) -> str:
    """When a limit ends; midnight belongs to the day that it ends, as 24:00 (ISO 8601)."""
    return f"{last_day(at)}, 24:00" if clock_time(at) == "00:00:00" else local_time(at)


def last_date(at: datetime) -> date:
    """The last day of a limit that ends at a local midnight."""
    return (at - timedelta(microseconds=1)).astimezone(BERLIN).date()


def is_whole_day(call: Call) -> bool:
    """Whether the call's deadline ends with a day, at local midnight."""
    if call.closes_at is None or call.closes_inclusive:
        return False
    local = call.closes_at.astimezone(BERLIN)
    return (local.hour, local.minute) == (0, 0)


def deadline(call: Call) -> str:
    """The last minute that counts, with the zone; of a call that has a deadline."""
    return blank_values.deadline(call, language())


def deadline_meaning(call: Call) -> str:
    """Exactly what is in time, in a sentence."""
    if is_whole_day(call):
        return str(
            _("Rechtzeitig ist, was bis Mitternacht am Ende dieses Tages vollständig da ist.")
        )
    return str(_("Rechtzeitig ist, was bis zu diesem Zeitpunkt vollständig da ist."))


def time_left(at: datetime, now: datetime) -> str:
    """How long it is until then: whole days, in the last two days hours, then minutes.

    It is rounded down, so that nobody counts on time there is not.
    """
    seconds = int((at - now).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600)):
        if seconds >= 2 * length:
            return format_unit(seconds // length, f"duration-{unit}", locale=_locale())
    return format_unit(max(seconds, 0) // 60, "duration-minute", locale=_locale())


def in_language(thing: Any, name: str) -> str:
    """A text that has a column per language; German where English is empty."""
    own = getattr(thing, f"{name}_{language()}", "")
    return str(own or getattr(thing, f"{name}_de"))


def answer_text(value: Any, field: Field) -> str:
    """An answer as it is read: the words of a choice, an amount, a date."""
    labels = {choice.value: choice.label[language()] for choice in field.choices}
    if isinstance(value, list):
        return ", ".join(labels.get(str(each), str(each)) for each in value)
    if labels:
        return labels.get(str(value), str(value))
    return display(value, field.type, language())


def file_limits(field: Field) -> list[str]:
    """Which files a question takes, in words."""
    return list(limits_of_files(field, language()))


def as_table(value: Any, field: Field) -> Table:
    """A table of amounts with its sums, for reading."""
    table = make(field, language(), (), name=field.id, _form=None, _meta=DefaultMeta())
    assert isinstance(table, Table), "only a table has sides"
    table.process(None, value)
    return table


def event_label(arrows: Iterable[Transition], event: str, lang: str) -> str:
    """The name of an event in the log."""
    if event in NOTES:
        return NOTES[event][lang]
    return next((arrow.title[lang] for arrow in arrows if arrow.event == event), event)


def choice_of(definition: Definition, event: str, value: str) -> str:
    """The words of a choice that an event of a definition offers."""
    return next(
        (
            str(choice["label"][language()])
            for arrow in definition.transitions
            if arrow.event == event
            for field in arrow.fields
            for choice in field.get("choices", ())
            if choice["value"] == value
        ),
        value,
    )


def financing_types() -> dict[str, str]:
    """The types of financing in words (Nr. 2 VV zu § 44 BHO)."""
    return {
        "pro_rata": _("Anteilfinanzierung"),
        "deficit": _("Fehlbedarfsfinanzierung"),
        "fixed_amount": _("Festbetragsfinanzierung"),
        "full": _("Vollfinanzierung"),
    }


def demo_accounts() -> dict[str, Any]:
    """The accounts of the demo with their roles, for the sign-in page."""
    accounts = [(key, ROLE_TITLES[role][language()]) for key, role in DEMO_ACCOUNTS.items()]
    return {"demo_password": DEMO_PASSWORD, "demo_accounts": accounts}


def register(app: Flask) -> None:
    """Makes the filters known to the templates."""
    for function in (
        euro, money_text, date_text, local_time, clock_time, last_day, limit_time, deadline,
        deadline_meaning, last_minute, utc_time,
        time_left, event_label, choice_of, tenths, signed,
        in_language, answer_text, funding, as_table, decimal, points, percent, file_size,
        file_limits, said_of, stacked,
    ):  # fmt: skip
        app.add_template_filter(function)
