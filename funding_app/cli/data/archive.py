"""`funding backup` and `funding restore`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from funding_app.backup import BackupError, make_backup, restore_backup
from funding_app.cli.context import WRONG, opened, parts_opened, say, unusable
from funding_app.engine.log.verify import verify

folder_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")


def _tell(what: str) -> None:
    """Progress, on a terminal only."""
    if sys.stderr.isatty():
        click.echo(f"  {what} …", err=True)


@click.command()
@folder_argument
@json_option
def backup(folder: Path, as_json: bool) -> None:
    """Copies database and files into DIR, while the portal runs.

    DIR must not exist yet. The copy is one consistent state in a form of its own that can be
    restored on SQLite and PostgreSQL alike; it holds personal data: keep it safe. Exit code 1
    where stored files are lost or damaged.
    """
    with opened() as parts:
        try:
            made = make_backup(parts.database, parts.storage, folder, parts.now(), _tell)
        except (BackupError, OSError) as error:
            unusable(str(error))
    rows, missing = sum(one["rows"] for one in made["tables"].values()), made["missing_files"]
    facts = {"folder": folder, "rows": rows, "files": len(made["files"]), "missing": missing}
    lines = [f"{rows} rows and {len(made['files']) - len(missing)} files copied to {folder}"]
    say(facts, as_json, "\n".join(lines + [f"lost or damaged: {one}" for one in missing]))
    raise SystemExit(WRONG if missing else 0)


@click.command()
@folder_argument
@json_option
def restore(folder: Path, as_json: bool) -> None:
    """Puts the copy in DIR into an empty installation, then checks the log.

    A database that holds anything is left alone. Exit code 1 where the log is not as it was
    written.
    """
    with parts_opened() as parts:
        try:
            made = restore_backup(parts.database, parts.storage, folder, _tell)
        except (BackupError, OSError) as error:
            unusable(str(error))
        with parts.database.read() as session:
            findings = [finding.code for finding in verify(session)]
    rows = sum(one["rows"] for one in made["tables"].values())
    facts = {"made_at": made["made_at"], "rows": rows, "findings": findings}
    text = f"{rows} rows restored, as of {made['made_at']}; findings in the log: {len(findings)}"
    say(facts, as_json, text)
    raise SystemExit(WRONG if findings else 0)
