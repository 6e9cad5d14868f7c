"""Running the outbox: dispatch, claim, work, and mark done in the effect's own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import structlog

from funding_app.adapters.clock import Clock
from funding_app.engine import outbox
from funding_app.jobs.calls import prepare_blank_forms
from funding_app.jobs.documents import render_document
from funding_app.jobs.files import (
    clean_copy,
    draw_thumbnail,
    forget_files,
    look_for_names,
    scan_file,
)
from funding_app.jobs.mails import send_mail, write_mails
from funding_app.jobs.operations import change_version, fire_batch, redate
from funding_app.jobs.reviews import propose_reviews
from funding_app.jobs.workplace import Job, Workplace

log = structlog.get_logger()

JOBS: Mapping[str, Job] = {
    "change_version": change_version,
    "clean_copy": clean_copy,
    "draw_thumbnail": draw_thumbnail,
    "fire_batch": fire_batch,
    "forget_files": forget_files,
    "look_for_names": look_for_names,
    "prepare_blank_forms": prepare_blank_forms,
    "propose_reviews": propose_reviews,
    "redate": redate,
    "render_document": render_document,
    "scan_file": scan_file,
    "send_mail": send_mail,
    "write_mails": write_mails,
}


class LeaseLost(Exception):
    """Another worker has taken over; this one's transaction must not count."""


def run(place: Workplace, message_id: uuid.UUID) -> bool:
    """Does one message; `False` where another worker has it or it failed."""
    with place.database.write() as session:
        claimed = outbox.claim(session, message_id, place.lease_clock())
    if claimed is None:
        return False
    try:
        finish = JOBS[claimed.job](place, claimed.payload)
        with place.database.write() as session:
            finish(session, place.now())
            if not outbox.finish(session, claimed, place.now()):
                raise LeaseLost
    except LeaseLost:
        return False
    except outbox.NotYet as reason:
        with place.database.write() as session:
            outbox.postpone(session, claimed, str(reason), place.lease_clock())
        return False
    except Exception as error:  # a job may fail in any way; the outbox keeps the reason
        log.warning("job_failed", job=claimed.job, error=type(error).__name__)
        with place.database.write() as session:
            outbox.fail(session, claimed, f"{type(error).__name__}: {error}", place.lease_clock())
        return False
    return True


def drain(
    place: Workplace,
    *,
    now: Clock | None = None,
    epoch: str = "direct",
    windows: int | None = None,
) -> int:
    """Does everything that is due, or so many windows of it; returns how many messages it did.

    With `now` all of it happens by that clock instead of the workplace's own.
    """
    place = replace(place, now=now, lease_clock=now) if now else place
    done = 0
    for _window in count() if windows is None else range(windows):
        with place.database.write() as session:
            outbox.sweep(session, epoch, place.lease_clock())
            ids = outbox.dispatch(session, epoch, place.lease_clock(), place.now())
        if not ids:
            return done
        done += sum(run(place, message_id) for message_id in ids)
    return done
