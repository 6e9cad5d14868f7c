"""The exports: the same rows and columns in every format, and no more than a person may see.

Rows come from the database in chunks and leave as bytes in chunks, so a large export needs no
more memory than a small one. The session has to stay open until the last chunk was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from funding_app.access import OFFICE_ROLES, Person
from funding_app.access.relations import MINISTRY_ROLES
from funding_app.exports import catalogue, giving360
from funding_app.exports.columns import Column, Value, Words
from funding_app.exports.formats import FORMATS, TABLES
from funding_app.exports.tables import as_json, german_csv, machine_csv
from funding_app.exports.workbook import workbook
from funding_app.queries.operations import exports as rows_of
from workflows import Registry

__all__ = ["EXPORTS", "Export", "Exported", "NoSuchExport", "export", "may_export"]

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class NoSuchExport(LookupError):
    """There is no such export, format or call, or not for this person."""


RowsOf = Callable[[Session, Person | None, str | None], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Export:
    """What can be exported: its titles, a sentence of what is in it, formats and columns."""

    name: str
    title: Mapping[str, str]
    says: Mapping[str, str]
    formats: Sequence[str]
    columns: Sequence[Column]
    rows: RowsOf
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """A file on its way: its name, its media type, and its bytes one chunk after another."""

    file_name: str
    media_type: str
    chunks: Iterator[bytes]


EXPORTS: Mapping[str, Export] = {
    each.name: each
    for each in (
        Export(
            "applications",
            {"de": "Anträge", "en": "Applications"},
            {
                "de": "Alle eingereichten Anträge mit Organisation, Stand, Laufzeit, beantragten "
                "Beträgen, Punkten und Empfehlung.",
                "en": "All applications handed in, with organisation, state, period, amounts "
                "requested, score and recommendation.",
            },
            TABLES,
            catalogue.APPLICATIONS,
            rows_of.applications,
        ),
        Export(
            "decisions",
            {"de": "Entscheidungen", "en": "Decisions"},
            {
                "de": "Alle Bewilligungen und Ablehnungen mit Betrag, Anteilen der Ressorts, "
                "Bekanntgabe, Bestandskraft und Auszahlungen.",
                "en": "All grants and rejections with amount, shares of the ministries, "
                "notification, finality and payments.",
            },
            TABLES,
            catalogue.DECISION_COLUMNS,
            rows_of.decisions,
        ),
        Export(
            "budget",
            {"de": "Haushalt", "en": "Budget"},
            {
                "de": "Was je Ministerium, Titel und Jahr verfügbar, vorgemerkt, festgelegt, "
                "ausgezahlt und frei ist.",
                "en": "What is available, reserved, committed, paid out and free per ministry, "
                "budget title and year.",
            },
            TABLES,
            catalogue.BUDGET,
            rows_of.budget,
        ),
        Export(
            "grants",
            {"de": "Geförderte Vorhaben", "en": "Funded projects"},
            {
                "de": "Alle veröffentlichten Vorhaben mit Organisation, Betrag, Laufzeit und "
                "Ministerien, auch im Standard 360Giving 1.4.",
                "en": "All published projects with organisation, amount, period and ministries, "
                "also in the 360Giving Data Standard 1.4.",
            },
            (*TABLES, "360giving"),
            giving360.GRANTS,
            lambda session, _person, call_ref: rows_of.grants(session, call_ref),
            is_public=True,
        ),
        Export(
            "indicators",
            {"de": "Kennzahlen", "en": "Indicators"},
            {
                "de": "Je Aufruf und Jahr: wie viele Anträge eingingen, wie viele bewilligt und "
                "abgelehnt wurden, und mit welchen Summen.",
                "en": "Per call and year: how many applications came in, how many were granted "
                "and rejected, and the sums.",
            },
            TABLES,
            catalogue.INDICATORS,
            lambda session, _person, call_ref: rows_of.indicators(session, call_ref),
            is_public=True,
        ),
    )
}


def may_export(person: Person) -> bool:
    """Whether the person may export at all: offices, auditors and ministries."""
    return bool(person.roles & (OFFICE_ROLES | MINISTRY_ROLES))


def export(
    session: Session,
    name: str,
    *,
    format: str,
    person: Person | None,
    call_ref: str | None = None,
    language: str = "de",
    definitions: Registry | None = None,
) -> Exported:
    """An export in one of its formats, of one call or of all that the person may see.

    `person=None` is the operator at the command line, who sees everything, and the public where
    the export is public. With `definitions` states have their titles. Raises `NoSuchExport` at
    once; the rows are read as the chunks are taken.
    """
    wanted = _permitted(session, name, format, person, call_ref)
    words = Words(language, definitions)
    found = wanted.rows(session, person, call_ref)
    if format == "360giving":
        chunks = giving360.package(wanted.title[language], found)
    else:
        chunks = _table(wanted, format, _cells(wanted.columns, found, words), language)
    return Exported(_file_name(name, format, call_ref), FORMATS[format].media_type, chunks)


def _permitted(
    session: Session, name: str, format: str, person: Person | None, call_ref: str | None
) -> Export:
    wanted = EXPORTS.get(name)
    if wanted is None or format not in wanted.formats:
        raise NoSuchExport(f"there is no export '{name}' in the format '{format}'")
    if person is not None and not wanted.is_public and not may_export(person):
        raise NoSuchExport(f"there is no export '{name}'")
    if call_ref and call_ref not in _refs(session, wanted, person):
        raise NoSuchExport(f"there is no call '{call_ref}'")
    return wanted


def _refs(session: Session, wanted: Export, person: Person | None) -> set[str]:
    if wanted.is_public:
        return {call.ref for call in rows_of.published_calls(session)}
    return {call.ref for call in rows_of.calls_for(session, person)}


def _cells(
    columns: Sequence[Column], found: Iterable[Any], words: Words
) -> Iterator[Sequence[Value]]:
    return ([column.value(row, words) for column in columns] for row in found)


def _table(
    wanted: Export, format: str, rows: Iterator[Sequence[Value]], language: str
) -> Iterator[bytes]:
    if format == "xlsx":
        return workbook(wanted.title[language], wanted.columns, rows, language)
    if format == "csv-de":
        return german_csv(wanted.columns, rows, language)
    return (machine_csv if format == "csv" else as_json)(wanted.columns, rows)


def _file_name(name: str, format: str, call_ref: str | None) -> str:
    stem = f"{name}-{UNSAFE.sub('-', call_ref)}" if call_ref else name
    return f"{stem}{FORMATS[format].ending}"
