"""What the doctor looks at. Each look yields what is wrong, and what to do about it."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import workflows
from forms.schema import SchemaError
from funding_app import migrate
from funding_app.adapters.scanning import ScanFailed, scanner_for
from funding_app.adapters.storage import FileStorage
from funding_app.cli.context import forms_of
from funding_app.cli.system_libraries import missing
from funding_app.engine import outbox
from funding_app.models.database import Database
from funding_app.queries.calls.forms import broken_forms
from funding_app.queries.files.in_use import named_hashes
from funding_app.services.operations.definitions import DefinitionChanged, check_unchanged
from funding_app.settings import DEMO_SECRET, Settings
from workflows.lint import check

PROBLEM, HINT = "problem", "hint"
FEWEST_CHARACTERS = 12
LEAST_SPACE = 1024**3
FEW = 3
OTHER_VARIABLES = {"FUNDING_360GIVING_SCHEMA", "FUNDING_VERAPDF"}
LOCAL = {"", "localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing or dangerous (`problem`) or worth knowing (`hint`), and what to do."""

    code: str
    weight: str
    what: str
    remedy: str


Look = Callable[[Settings], Iterator[Finding]]


def libraries() -> Iterator[Finding]:
    """System libraries and programs."""
    for library in missing():
        what = f"{library.name} is missing: no {library.needed_for}"
        yield Finding("library_missing", PROBLEM, what, library.remedy)


def variables(environment: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Variables that look like settings and are none: mostly slips of the pen."""
    known = {f"FUNDING_{name.upper()}" for name in Settings.model_fields} | OTHER_VARIABLES
    for name in sorted(environment):
        if name.startswith("FUNDING_") and name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            remedy = f"did you mean {close[0]}?" if close else "remove it"
            yield Finding("variable_unknown", PROBLEM, f"{name} is no setting", remedy)


def mode(settings: Settings) -> Iterator[Finding]:
    """Settings that are safe only for trying out."""
    if settings.env != "production":
        what = f"FUNDING_ENV is {settings.env}: second factors are optional, passwords well known"
        yield Finding("not_production", HINT, what, "unset FUNDING_ENV for real cases")
        return
    if settings.test_clock:
        what = "FUNDING_TEST_CLOCK is obeyed in tests only"
        yield Finding("test_clock_set", HINT, what, "unset it")
    if not settings.mail_url:
        what = "FUNDING_MAIL_URL is not set: nobody gets mail"
        yield Finding("mail_unset", PROBLEM, what, "set it, such as smtp://host:587")


def secret(settings: Settings) -> Iterator[Finding]:
    """The key that signs sessions."""
    key = settings.secret
    if settings.env == "production" and (key == DEMO_SECRET or len(set(key)) < FEWEST_CHARACTERS):
        remedy = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        yield Finding("secret_weak", PROBLEM, "FUNDING_SECRET_KEY can be guessed", remedy)


def address(settings: Settings) -> Iterator[Finding]:
    """The address in mails, which also says whether cookies are for HTTPS only."""
    parts = urlsplit(settings.base_url)
    if settings.env != "production":
        return
    if (parts.hostname or "") in LOCAL:
        what = f"FUNDING_BASE_URL is {settings.base_url}: links in mails lead nowhere"
        yield Finding("base_url_local", PROBLEM, what, "set it to the portal's public address")
    elif parts.scheme != "https":
        what = f"FUNDING_BASE_URL is {settings.base_url}: cookies and forms go unencrypted"
        yield Finding("base_url_http", PROBLEM, what, "serve by HTTPS and set https://…")
    elif settings.trusted_proxies == 0:
        what = "FUNDING_TRUSTED_PROXIES is 0: behind a proxy all visitors have one address"
        yield Finding("proxies_unset", HINT, what, "set it to the number of proxies in front")


def folder(settings: Settings) -> Iterator[Finding]:
    """The data folder: writable, with room."""
    try:
        settings.prepare()
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except OSError as error:
        what = f"{settings.data_dir.resolve()} can not be written: {error.strerror}"
        remedy = "give the folder to the user that runs the portal, or set FUNDING_DATA_DIR"
        yield Finding("data_dir_not_writable", PROBLEM, what, remedy)
        return
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_SPACE:
        what = f"{free // 1024**2} MB are free under {settings.data_dir.resolve()}"
        yield Finding("disk_nearly_full", PROBLEM, what, "make room")


def definitions(settings: Settings) -> Iterator[Finding]:
    """The workflow definitions by themselves, once the forms that they name can be read."""
    try:
        problems = check(*_folders(settings), forms=forms_of(settings))
    except SchemaError as error:
        problems = list(error.problems)
    for problem in problems:
        yield Finding("definition_wrong", PROBLEM, str(problem), "funding workflows check")


def _folders(settings: Settings) -> list[Path]:
    return [settings.workflows_dir] if settings.workflows_dir else []


def database(settings: Settings) -> Iterator[Finding]:
    """The database: reachable, up to date, guarded; and what lies in it unsolved."""
    opened = Database(settings.database)
    try:
        found = migrate.revision(opened)
        if found != migrate.newest():
            what = f"the database has schema {found or 'none'}, newest is {migrate.newest()}"
            yield Finding("schema_behind", PROBLEM, what, "funding migrate")
            return
        yield from _role(opened)
        yield from _contents(opened, settings)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        what = f"the database does not answer: {reason}"
        yield Finding("database_unreachable", PROBLEM, what, "check FUNDING_DATABASE_URL")
    finally:
        opened.dispose()


def _role(opened: Database) -> Iterator[Finding]:
    if opened.is_sqlite:
        return
    with opened.read() as session:
        role = text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if session.execute(role).scalar():
            what = "the database role is a superuser: it can pass by the guards of the log"
            yield Finding("database_superuser", PROBLEM, what, "use a role without SUPERUSER")


def _contents(opened: Database, settings: Settings) -> Iterator[Finding]:
    with opened.read() as session:
        dead = outbox.status(session).get("dead", 0)
        broken = broken_forms(session)
        stored = FileStorage(settings.storage_dir)
        lost = [each for each in named_hashes(session) if stored.came_at(each) is None]
    for what in broken:
        yield Finding("form_broken", PROBLEM, what, "restore the table form_version from a backup")
    if lost:
        what = f"{len(lost)} stored files are missing: {', '.join(lost[:FEW])}"
        remedy = f"copy them from a backup to {settings.storage_dir.resolve()}"
        yield Finding("files_lost", PROBLEM, what, remedy)
    if dead:
        what = f"{dead} messages were given up"
        yield Finding("outbox_dead", PROBLEM, what, "funding outbox status says why")
    try:
        check_unchanged(opened, workflows.load(*_folders(settings)))
    except DefinitionChanged as error:
        yield Finding("definition_changed", PROBLEM, str(error), "put the old text back")
    except workflows.DefinitionError:
        return  # named already


def broker(settings: Settings) -> Iterator[Finding]:
    """Redis, where one is set."""
    if not settings.redis_url:
        return
    parts = urlsplit(settings.redis_url)
    if (parts.hostname or "") not in LOCAL and not parts.password:
        what = "Redis on another machine without a password: anyone there can put jobs"
        yield Finding("redis_open", PROBLEM, what, "set a password in Redis and in the address")
    try:
        with Redis.from_url(settings.redis_url, socket_connect_timeout=3) as redis:
            redis.ping()
    except (RedisError, ValueError) as error:
        what = f"Redis does not answer: {error}"
        remedy = "check FUNDING_REDIS_URL; nothing is lost meanwhile"
        yield Finding("redis_unreachable", PROBLEM, what, remedy)


def scanner(settings: Settings) -> Iterator[Finding]:
    """The virus scanner: there is one in production, and it answers."""
    found = scanner_for(settings.clamd)
    if found is None:
        if settings.env == "production":
            what = "FUNDING_CLAMD is not set: uploaded files are read without a virus scan"
            remedy = "run a clamd and set it, such as unix:///run/clamav/clamd.ctl"
            yield Finding("scanner_unset", HINT, what, remedy)
        return
    try:
        found.ping()
    except ScanFailed as error:
        remedy = "check FUNDING_CLAMD; files are taken meanwhile, but nobody can read them"
        yield Finding("scanner_unreachable", PROBLEM, str(error), remedy)


LOOKS: tuple[Look, ...] = (mode, secret, address, folder, definitions, database, broker, scanner)
