"""The words of every mail in both languages, with all values and with those that may be empty."""

from __future__ import annotations

import re

import pytest

from funding_app.documents.mails import TEMPLATES, compose

VALUES = {
    "about": "Mittelanforderung", "attached": "yes", "author": "Sabine Lindental", "count": "2",
    "due": "16. Februar 2026", "file": "Satzung.pdf", "inviter": "Antonia Antrag",
    "lines": "– Neue Nachricht\n  https://a.example/cases/1", "link": "https://a.example/cases/1",
    "malware": "Eicar-Test", "name": "Mira Haselweg", "organisation": "Nachbarschaft e. V.",
    "owner": "Antragstellende", "plain": "Wir prüfen Ihren Antrag.", "received": "2. Februar 2026",
    "reference": "CC-2026-00001", "right": "schreiben", "settings": "https://a.example/account",
    "site": "Förderportal", "stage": "1", "state": "Eingereicht", "task": "Angaben ergänzen",
    "title": "Nähcafé", "unsubscribe": "https://a.example/u", "verify": "https://a.example/verify",
}  # fmt: skip
MAY_BE_EMPTY = ("about", "attached", "due", "reference", "title", "unsubscribe")
KINDS = sorted({path.name.split(".")[0] for path in TEMPLATES.glob("[a-z]*.txt")})
SURELY = {"request": {"due"}, "reminder": {"due"}, "decision": {"reference"},
          "receipt": {"reference", "title"}}  # fmt: skip
STAGES = ("-1", "2", "3")


def test_each_kind_speaks_both_languages() -> None:
    names = {path.name for path in TEMPLATES.glob("*.txt")}
    assert {f"{kind}.{language}.txt" for kind in KINDS for language in ("de", "en")} <= names
    assert len(KINDS) >= 13


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("kind", "stage"), [*((kind, "1") for kind in KINDS), *(("reminder", each) for each in STAGES)]
)
def test_it_reads_well(kind: str, language: str, full: bool, stage: str) -> None:
    absent = () if full else set(MAY_BE_EMPTY) - SURELY.get(kind, set())
    words = compose(kind, language, VALUES | dict.fromkeys(absent, "") | {"stage": stage})
    subject, body = words["subject"], words["body"]
    assert subject
    assert subject == subject.strip()
    assert len(subject) <= 110
    assert not re.search(r"\(\)|„“|“”|: *$|  ", subject), subject
    assert not re.search(r"\n\n\n|[ \t]\n|„“|“”|\(\)", body), body
    assert not re.search(r"^[A-ZÄÖÜ][a-zäöü]+: *$(?!\nhttp)", body, re.MULTILINE), body
    greeting, following = body.split("\n\n")[:2]
    assert greeting.startswith("Guten Tag" if language == "de" else ("Dear", "Hello"))
    assert greeting.endswith(",")
    if language == "en":
        assert following[0].isupper(), following
    assert ("https://a.example/u" in body) is full
    assert "{{" not in body


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_tell_the_same(kind: str) -> None:
    marked = {name: f"zz{name}zz" for name in VALUES} | {"stage": "1"}
    german, english = (
        set(re.findall(r"zz[a-z]+zz", words["subject"] + words["body"]))
        for words in (compose(kind, language, marked) for language in ("de", "en"))
    )
    assert german == english
