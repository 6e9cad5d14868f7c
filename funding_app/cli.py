"""The command line: `funding`."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import waitress
from redis import Redis
from sqlalchemy import select

import workflows
from funding_app import migrate as schema
from funding_app.app import build_portal, create_app
from funding_app.demo.load import load_demo
from funding_app.engine import outbox, seal
from funding_app.engine.verify import verify
from funding_app.jobs.courier import CourierWorker, Dispatcher
from funding_app.jobs.drain import Workplace, drain
from funding_app.jobs.embedded import EmbeddedBroker, SupervisedWorker
from funding_app.jobs.timers import run_due
from funding_app.jobs.worker import DirectWorker, Helper, Keeper
from funding_app.models import UserAccount
from funding_app.services import accounts
from funding_app.settings import SettingsError, load_settings
from funding_app.web.desk import Portal
from funding_app.web.filters import DEMO_ACCOUNTS, DEMO_PASSWORD
from workflows.vocabulary import ROLES


def _portal() -> Portal:
    try:
        return build_portal(load_settings())
    except (SettingsError, workflows.DefinitionError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error


def _say(value: Any, as_json: bool, text: str) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)


@click.group()
def main() -> None:
    """Runs and looks after a funding portal."""


@main.command()
def migrate() -> None:
    """Brings the database to the newest schema."""
    schema.upgrade(_portal().settings.database)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
@click.option("--no-worker", is_flag=True, help="Leave the outbox to other processes.")
def serve(host: str, port: int, threads: int, no_worker: bool) -> None:
    """Serves the portal, with the embedded worker unless told otherwise."""
    parts = _portal()
    schema.upgrade(parts.settings.database)
    if parts.settings.is_demo:
        load_demo(parts)
        for key, role in DEMO_ACCOUNTS.items():
            click.echo(f"  {key}@demo.example  {DEMO_PASSWORD}  {role}")
    helpers = [] if no_worker else embedded(parts)
    for helper in helpers:
        helper.start()
        parts.database.after_commit.append(helper.ring)
    server = waitress.create_server(
        create_app(parts.settings, parts), host=host, port=port, threads=threads
    )
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.close).start())
    click.echo(f"ready http://{host}:{port}")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt, OSError):
        server.run()
    for helper in reversed(helpers):
        helper.stop()


def embedded(parts: Portal) -> list[Helper]:
    """What a server brings along: with a Redis only its doorbell, else broker and worker."""
    if parts.settings.redis_url:
        return [Dispatcher(parts.database, Redis.from_url(parts.settings.redis_url))]
    broker = EmbeddedBroker(parts.settings.data_dir / "broker")
    redis = broker.start()
    if redis is not None:
        return [SupervisedWorker(broker), Dispatcher(parts.database, redis)]
    place = Workplace(parts.database, parts.storage)
    return [DirectWorker(place), Keeper(parts.database, parts.machinery)]


@main.command()
def worker() -> None:
    """Works for the outbox through Redis, with timers and seals (needs FUNDING_REDIS_URL)."""
    parts = _portal()
    if not parts.settings.redis_url:
        click.echo("FUNDING_REDIS_URL is not set; `funding serve` works without a Redis", err=True)
        raise SystemExit(2)
    redis = Redis.from_url(parts.settings.redis_url)
    dispatcher = Dispatcher(parts.database, redis)
    dispatcher.start()
    keeper = Keeper(parts.database, parts.machinery)
    keeper.start()
    CourierWorker(redis, Workplace(parts.database, parts.storage)).work(logging_level="WARNING")
    keeper.stop()
    dispatcher.stop()


@main.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--role", required=True)
@click.option("--name", default="")
def user_create(email: str, role: str, name: str) -> None:
    """Creates an account with a role; asks for nothing, sets no password."""
    if role not in ROLES:
        raise click.BadParameter(f"unknown role '{role}'", param_hint="--role")
    now = datetime.now(UTC)
    with _portal().database.write() as session:
        account = UserAccount(email=email.lower(), name=name or email, created_at=now)
        session.add(account)
        session.flush()
        accounts.grant_role(session, account.id, role, now)


@main.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--email", required=True)
def token_create(email: str) -> None:
    """Prints a new bearer token, once."""
    with _portal().database.write() as session:
        user_id = session.scalar(select(UserAccount.id).where(UserAccount.email == email.lower()))
        if user_id is None:
            click.echo(f"there is no account {email}", err=True)
            raise SystemExit(1)
        click.echo(accounts.create_token(session, user_id, datetime.now(UTC)))


@main.group("workflows")
def workflows_group() -> None:
    """The workflow definitions."""


@workflows_group.command("list")
@click.option("--json", "as_json", is_flag=True)
def workflows_list(as_json: bool) -> None:
    """All definitions and versions."""
    found = [{"key": d.key, "version": d.version, "title": d.title["de"]}
             for d in _portal().machinery.definitions.all()]  # fmt: skip
    _say(found, as_json, "\n".join(f"{d['key']}@{d['version']}  {d['title']}" for d in found))


@workflows_group.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
def workflows_check(path: Path | None) -> None:
    """Reports every mistake with file and line; exit code 1 where there is one."""
    try:
        workflows.load(*([path] if path else []))
    except workflows.DefinitionError as error:
        click.echo(str(error))
        raise SystemExit(1) from error
    click.echo("no mistakes")


@main.group()
def audit() -> None:
    """The log: does it still say what was written?"""


@audit.command("verify")
@click.option("--anchors", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def audit_verify(anchors: Path | None, as_json: bool) -> None:
    """Checks chains and seals, and with --anchors seals that were kept elsewhere."""
    kept = json.loads(anchors.read_text("utf-8")) if anchors else None
    with _portal().database.read() as session:
        findings = verify(session, kept)
    lines = [f"{f.code} process={f.process_id} number={f.seq}" for f in findings]
    _say([f.code for f in findings], as_json, "\n".join(lines) or "the log is as it was written")
    raise SystemExit(1 if findings else 0)


@audit.command("anchor")
@click.option("-o", "output", type=click.Path(path_type=Path))
def audit_anchor(output: Path | None) -> None:
    """Seals what is new and writes all seals, to keep elsewhere."""
    with _portal().database.write() as session:
        seal.seal(session, datetime.now(UTC))
        session.flush()
        text = json.dumps(seal.anchors(session), indent=1)
    if output:
        output.write_text(text + "\n", "utf-8")
    else:
        click.echo(text)


@main.group("outbox")
def outbox_group() -> None:
    """What waits, what failed, and doing it now."""


@outbox_group.command("status")
@click.option("--json", "as_json", is_flag=True)
def outbox_status(as_json: bool) -> None:
    """How many messages are in each state other than done."""
    with _portal().database.read() as session:
        found = outbox.status(session)
    lines = "\n".join(f"{state}: {count}" for state, count in found.items())
    _say(found, as_json, lines or "nothing waits")


@outbox_group.command("sweep")
def outbox_sweep() -> None:
    """Delivers what is due now."""
    parts = _portal()
    click.echo(drain(Workplace(parts.database, parts.storage)))


@main.group("timers")
def timers_group() -> None:
    """Events that time itself brings about."""


@timers_group.command("run")
def timers_run() -> None:
    """Fires what is due now."""
    parts = _portal()
    click.echo(run_due(parts.database, parts.machinery, parts.now()))


if __name__ == "__main__":
    main()
