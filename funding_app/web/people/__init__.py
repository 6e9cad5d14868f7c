"""People: signing in, accounts, roles, organisations and their members."""

from funding_app.web.people import entering, members, organisations, own_account, people
from funding_app.web.people.blueprint import blueprint

__all__ = ["blueprint", "entering", "members", "organisations", "own_account", "people"]
