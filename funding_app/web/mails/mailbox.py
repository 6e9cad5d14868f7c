"""The mails of the demo, which no server sends: to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, abort, render_template

from funding_app.web.request import portal

mailbox = Blueprint("mailbox", __name__, url_prefix="/demo")
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the folder."""

    key: str
    mail: EmailMessage

    @property
    def text(self) -> str:
        body = self.mail.get_body(("plain",))
        return str(body.get_content()) if body is not None else ""

    @property
    def attached(self) -> list[tuple[str, int]]:
        """Names and sizes (bytes) of the files that it carries."""
        return [
            (each.get_filename() or "", len(each.get_content()))
            for each in self.mail.iter_attachments()
        ]


def _read(path: Path) -> Kept:
    return Kept(path.stem, message_from_bytes(path.read_bytes(), policy=policy.default))


@mailbox.get("/mails")
def mails() -> str:
    paths = sorted(portal().settings.mail_dir.glob("*.eml"), reverse=True)
    found = [_read(path) for path in paths[:SHOWN]]
    return render_template("mails/mails.html", mails=found, count=len(paths))


@mailbox.get("/mails/<key>")
def mail(key: str) -> str:
    known = {path.stem: path for path in portal().settings.mail_dir.glob("*.eml")}
    if key not in known:
        abort(404)
    return render_template("mails/mail.html", kept=_read(known[key]))
