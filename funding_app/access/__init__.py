"""Who may see and do what, as data and as SQL expressions without a session."""

from funding_app.access.relations import OFFICE_ROLES, Grant, Person, roles_on, visible_to

__all__ = ["OFFICE_ROLES", "Grant", "Person", "roles_on", "visible_to"]
