"""Signing in and out, new accounts, and the own account with what one wants to hear of."""

from funding_app.web.account import entering, own, unsubscribing
from funding_app.web.account.blueprint import account

__all__ = ["account", "entering", "own", "unsubscribing"]
