"""Mails: ended by their signed link; those of the demo, to be looked at."""

from funding_app.web.mails import unsubscribing
from funding_app.web.mails.blueprint import blueprint

__all__ = ["blueprint", "unsubscribing"]
