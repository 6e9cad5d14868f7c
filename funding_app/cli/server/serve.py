"""`funding serve`."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from dataclasses import replace
from typing import Any

import click
from flask import Flask

from funding_app.app import create_app
from funding_app.cli.context import parts_opened, unusable
from funding_app.cli.data.schema import bring_up_to_date
from funding_app.cli.server.listening import listen
from funding_app.cli.server.trim import give_back
from funding_app.cli.start import settle
from funding_app.cli.system_libraries import warn_of_missing
from funding_app.services.operations.portal import Portal
from funding_app.web.access import AccessNotDeclared
from funding_app.web.filters import DEMO_ACCOUNTS, DEMO_PASSWORD

TERMINAL_SIGNALS = {signal.SIGINT, signal.SIGHUP}
EVERY_ADDRESS = {"0.0.0.0", "::"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: a free one."
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1),
    help="How many requests at once.",
)
@click.option("--no-worker", is_flag=True, help="Leave the outbox to other processes.")
def serve(host: str, port: int, threads: int, no_worker: bool) -> None:
    """Serves the portal, with the embedded worker unless told otherwise.

    Brings the database to the newest schema first. Prints "ready http://…" when it answers; ends
    on SIGTERM and SIGINT. With FUNDING_REDIS_URL set, run 'funding worker' beside it.
    """
    warn_of_missing()
    with parts_opened() as opened:
        bring_up_to_date(opened.database)
        settle(opened)
        parts = _reached_at(opened, host, port)
        if parts.settings.is_demo:
            _show_demo(parts)
        app = _application(parts)
        server = _listening(app, parts, host, port, threads)
        parts = _reached_at(parts, host, server.effective_port)
        app.extensions["portal"] = parts
        over = threading.Event()
        helpers = None if no_worker else _accompanied(parts, over)
        _run(server, f"http://{host}:{server.effective_port}")
        over.set()
        if helpers is not None:
            helpers.join()


def _application(parts: Portal) -> Flask:
    try:
        return create_app(parts.settings, parts)
    except AccessNotDeclared as error:
        unusable(str(error))


def _show_demo(parts: Portal) -> None:
    """Loads the demo where there is nothing, and prints its accounts."""
    from funding_app.demo.world.initiative import is_empty  # noqa: PLC0415 - production does without

    with parts.database.read() as session:
        empty = is_empty(session)
    if empty:
        from funding_app.demo.load import load_demo  # noqa: PLC0415 - only once

        load_demo(parts)
    for key, role in DEMO_ACCOUNTS.items():
        click.echo(f"  {key}@demo.example  {DEMO_PASSWORD}  {role}")


def _reached_at(parts: Portal, host: str, port: int) -> Portal:
    """The parts with the address to which links lead: where nobody named one, the server's own."""
    if "base_url" in parts.settings.model_fields_set or not port:
        return parts
    name = "127.0.0.1" if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    address = {"base_url": f"http://{name}:{port}"}
    return replace(parts, settings=parts.settings.model_copy(update=address))


def _listening(app: Flask, parts: Portal, host: str, port: int, threads: int) -> Any:
    try:
        return listen(app, parts, host, port, threads)
    except (OSError, ValueError) as error:
        unusable(f"cannot listen on {host}:{port}: {error}")


def _accompanied(parts: Portal, over: threading.Event) -> threading.Thread:
    """Starts what works beside the server without letting the first visitor wait for it."""

    def work() -> None:
        # What a terminal sends to all its processes is the server's business: it ends its helpers.
        signal.pthread_sigmask(signal.SIG_BLOCK, TERMINAL_SIGNALS)
        from funding_app.jobs.calls import order_all  # noqa: PLC0415 - late
        from funding_app.jobs.runner import drain  # noqa: PLC0415 - late
        from funding_app.jobs.workplace import workplace_of  # noqa: PLC0415 - late

        settings, place = parts.settings, workplace_of(parts)
        if settings.env == "production":  # what is tried out makes them when somebody asks
            order_all(parts.database, parts.now())
        if not settings.redis_url:  # what waits is not made to wait for broker and worker as well
            drain(place, windows=1)
            place.close()
        from funding_app.jobs.processes import accompany, beside_server  # noqa: PLC0415 - later

        helpers = beside_server(place, settings.redis_url, settings.data_dir / "broker")
        give_back()
        accompany(parts.database, helpers, over)

    thread = threading.Thread(target=work, name="helpers")
    thread.start()
    return thread


def _run(server: Any, address: str) -> None:
    endings = {signal.SIGTERM, signal.SIGINT}  # also where a script's shell has it ignored
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        endings.add(signal.SIGHUP)
    for ending in endings:
        signal.signal(ending, lambda *_: threading.Thread(target=server.close).start())
    click.echo(f"ready {address}")
    sys.stdout.flush()
    with contextlib.suppress(OSError):
        server.run()
