"""The words of a mail, in the language of whoever gets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[2] / "templates" / "mails"
LANGUAGES = ("de", "en")


@cache
def _environment() -> Environment:
    # Plain text: nothing to escape, and what is in a value is never a template.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False
    )
    environment.filters["one_line"] = one_line
    return environment


def compose(kind: str, language: str, values: Mapping[str, str]) -> dict[str, str]:
    """Subject and body; the first line of the template is the subject.

    `unsubscribe` among the values is the address that ends mails of this kind, where there is one.
    """
    spoken = language if language in LANGUAGES else "de"
    template = _environment().get_template(f"{kind}.{spoken}.txt")
    text = template.render({"unsubscribe": "", **values})
    subject, _, body = text.partition("\n")
    return {"subject": one_line(subject), "body": body.strip() + "\n"}


def one_line(text: str) -> str:
    """Text that fits into a header: line breaks become blanks."""
    return " ".join(text.split())


def message(
    *,
    sender: str,
    recipient: str,
    subject: str,
    body: str,
    message_id: str,
    at: datetime,
    unsubscribe: str = "",
    attached: tuple[str, bytes] | None = None,
) -> EmailMessage:
    """The mail itself (RFC 5322), marked as automatic (RFC 3834).

    With an address to `unsubscribe`, programs can end such mails by one POST (RFC 8058). A PDF that
    is `attached` comes as its name and bytes.
    """
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = one_line(subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(body)
    if attached:
        name, content = attached
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail
