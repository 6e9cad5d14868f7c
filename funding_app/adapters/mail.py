"""Mail: by SMTP, into a folder where no server is named, or kept in memory."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

SECONDS = 20


class Mailer(Protocol):
    """Something that takes a mail."""

    def send(self, message: EmailMessage) -> None:
        """Hands the mail over; raises `OSError` or `smtplib.SMTPException` where that fails."""


@dataclass(slots=True)
class MemoryMailer:
    """Keeps mails in a list."""

    sent: list[EmailMessage] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        """Keeps the mail."""
        self.sent.append(message)


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes each mail to a file named by its Message-ID, so that a repeat changes nothing."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Writes the mail aside and renames it into place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        aside = self.folder / f".{name}.tmp"
        aside.write_bytes(message.as_bytes(policy=policy.SMTP))
        aside.replace(self.folder / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends by SMTP; `smtps` and `smtp+starttls` check the server's certificate."""

    url: str

    def send(self, message: EmailMessage) -> None:
        """One connection per mail."""
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        with _connections(parts.scheme)(host, parts.port or 0) as connection:
            if parts.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if parts.username:
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            connection.send_message(message)


def _connections(scheme: str) -> Callable[[str, int], smtplib.SMTP]:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return lambda host, port: smtplib.SMTP_SSL(
            host, port or smtplib.SMTP_SSL_PORT, timeout=SECONDS, context=context
        )
    return lambda host, port: smtplib.SMTP(host, port or smtplib.SMTP_PORT, timeout=SECONDS)


def mailer_for(url: str, folder: Path) -> Mailer:
    """The mailer of an installation: by SMTP where an address is set, else into the folder."""
    return SmtpMailer(url) if url else FolderMailer(folder)
