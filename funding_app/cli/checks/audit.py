"""`funding audit`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from funding_app.cli.context import opened, say, unusable
from funding_app.engine.log import seal
from funding_app.engine.log.verify import verify


@click.group()
def audit() -> None:
    """The log: does it still say what was written?"""


@audit.command("verify")
@click.option(
    "--anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Seals that were kept elsewhere (made with 'funding audit anchor').",
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def audit_verify(anchors: Path | None, as_json: bool) -> None:
    """Checks every chain and seal; exit code 1 where something differs.

    A complete rewrite of the database is found only against seals that were kept elsewhere.
    """
    kept = _seals(anchors) if anchors else None
    with opened() as parts, parts.database.read() as session:
        findings = verify(session, kept)
    facts = [{"code": f.code, "process": f.process_id, "number": f.seq} for f in findings]
    lines = [" ".join(f"{key}={value}" for key, value in fact.items()) for fact in facts]
    say(facts, as_json, "\n".join(lines) or "the log is as it was written")
    raise SystemExit(1 if findings else 0)


def _seals(file: Path) -> list[dict[str, Any]]:
    try:
        kept = json.loads(file.read_text("utf-8"))
        if all({"number", "hash", "merkle_root"} <= made.keys() for made in kept):
            return list(kept)
    except (ValueError, AttributeError, TypeError):
        pass
    unusable(f"{file} holds no seals as 'funding audit anchor' writes them")


@audit.command("anchor")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
def audit_anchor(output: Path | None) -> None:
    """Seals what is new and writes all seals as JSON, to keep elsewhere."""
    with opened() as parts, parts.database.write() as session:
        seal.seal(session, datetime.now(UTC))
        session.flush()
        text = json.dumps(seal.anchors(session), indent=1)
    if output:
        output.write_text(text + "\n", "utf-8")
    else:
        click.echo(text)
