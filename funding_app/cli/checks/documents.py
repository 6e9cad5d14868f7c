"""`funding receipt` and `funding decision`: is this file what was issued?"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from funding_app.cli.context import WRONG, opened, say
from funding_app.documents import Renderer, RendererFailed
from funding_app.documents.attached import attached_values
from funding_app.queries.decisions.issued_documents import (
    DECISIONS,
    RECEIPTS,
    Issued,
    by_hash,
    by_reference,
)

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")
offline_option = click.option(
    "--offline", is_flag=True, help="Without the database: does it show what its own data say?"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`genuine`, `altered` (it says it is one of ours) or `unknown`, and what differs.

    Without the database the best there is is `consistent`: every byte is as its own data make it.
    """

    verdict: str
    sha256: str
    issued: Issued | None = None
    differs: list[str] = field(default_factory=list)


@click.group()
def receipt() -> None:
    """Receipts of what was handed in."""


@receipt.command("verify")
@file_argument
@click.option(
    "--handed-in",
    "handed_in",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that the receipt has to name with its hash; may be repeated.",
)
@offline_option
@json_option
def receipt_verify(file: Path, handed_in: tuple[Path, ...], offline: bool, as_json: bool) -> None:
    """Checks a receipt (PDF) against the database; exit code 1 where it is not as issued.

    Says of which case it is and when it was issued or, for an altered one, what differs. Needs no
    database with --offline: the receipt is printed anew from the data within it, and has to be the
    same byte by byte (with the release that issued it).
    """
    _verify(file, RECEIPTS, as_json, offline, handed_in)


@click.group()
def decision() -> None:
    """Decisions on applications."""


@decision.command("verify")
@file_argument
@offline_option
@json_option
def decision_verify(file: Path, offline: bool, as_json: bool) -> None:
    """Checks a decision (PDF) against the database; exit code 1 where it is not as issued.

    Says of which case it is and when it was issued or, for an altered one, what differs. With
    --offline it is only looked whether it shows what its own data say.
    """
    _verify(file, DECISIONS, as_json, offline)


def _verify(
    file: Path,
    kinds: Collection[str],
    as_json: bool,
    offline: bool,
    handed_in: tuple[Path, ...] = (),
) -> None:
    content = file.read_bytes()
    if offline:
        verdict = judge_alone(content, kinds)
    else:
        with opened() as parts, parts.database.read() as session:
            verdict = judge(session, content, kinds)
    if unnamed := _unnamed(content, handed_in):
        verdict = replace(verdict, verdict="altered", differs=[*verdict.differs, *unnamed])
    say(_facts(verdict), as_json, "\n".join(_lines(verdict)))
    raise SystemExit(0 if verdict.verdict in ("genuine", "consistent") else WRONG)


def judge_alone(content: bytes, kinds: Collection[str]) -> Verdict:
    """Whether a file shows exactly what the data within it say: it is printed anew from them."""
    sha256 = hashlib.sha256(content).hexdigest()
    values = attached_values(content) or {}
    if values.get("kind") not in kinds:
        return Verdict("unknown", sha256)
    renderer = Renderer()
    try:
        same = renderer.render(values["kind"], values).content == content
    except RendererFailed:
        same = False
    finally:
        renderer.close()
    return Verdict("consistent" if same else "altered", sha256, None, [] if same else ["bytes"])


def _unnamed(content: bytes, handed_in: tuple[Path, ...]) -> list[str]:
    """The files whose hashes the receipt does not name."""
    values = attached_values(content) or {}
    named = {str(each.get("sha256")) for each in values.get("files", [])}
    return [
        str(file)
        for file in handed_in
        if hashlib.sha256(file.read_bytes()).hexdigest() not in named
    ]


def judge(session: Session, content: bytes, kinds: Collection[str]) -> Verdict:
    """Whether a file is one of the kinds as it was issued, by its bytes and by what it says."""
    sha256 = hashlib.sha256(content).hexdigest()
    issued = by_hash(session, sha256, kinds)
    values = attached_values(content) or {}
    if issued is None:
        return _unissued(session, sha256, values, kinds)
    differs = _differing(values, issued.values)
    if issued.logged_sha256 not in {None, sha256}:
        differs.append("the hash in the log")
    return Verdict("altered" if differs else "genuine", sha256, issued, differs)


def _unissued(
    session: Session, sha256: str, values: Mapping[str, Any], kinds: Collection[str]
) -> Verdict:
    """A file whose bytes were never issued: what it says it is, and how that one looks."""
    named = by_reference(session, str(values.get("reference", "")), kinds)
    if not values or not named:
        return Verdict("unknown", sha256)
    moment = values.get("requested_at")
    issued = next((one for one in named if one.values.get("requested_at") == moment), named[0])
    return Verdict("altered", sha256, issued, ["bytes", *_differing(values, issued.values)])


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))


def _facts(verdict: Verdict) -> dict[str, Any]:
    facts: dict[str, Any] = {"verdict": verdict.verdict, "sha256": verdict.sha256}
    if verdict.issued is not None:
        names = ("kind", "reference", "process_id", "document_id", "issued_at")
        facts |= {name: getattr(verdict.issued, name) for name in names}
        facts["issued_sha256"] = verdict.issued.sha256
    return facts | {"differs": verdict.differs}


def _lines(verdict: Verdict) -> list[str]:
    issued = verdict.issued
    if issued is None and verdict.verdict != "unknown":
        differs = [f"differs: {', '.join(verdict.differs)}"] if verdict.differs else []
        return [f"{verdict.verdict}: by its own data alone (SHA-256 {verdict.sha256})", *differs]
    if issued is None:
        return [f"unknown: no such document was issued here (SHA-256 {verdict.sha256})"]
    lines = [
        f"{verdict.verdict}: {issued.title}, case {issued.reference}",
        f"issued {issued.issued_at.isoformat()} with SHA-256 {issued.sha256}",
    ]
    if verdict.differs:
        lines.append(f"this file has SHA-256 {verdict.sha256}")
        lines.append(f"differs: {', '.join(verdict.differs)}")
    return lines
