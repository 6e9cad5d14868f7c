"""Who may see and do what, as data and as SQL expressions without a session."""

from funding_app.access.relations import (
    APPLICANT_ROLES,
    MINISTRY_ROLES,
    OFFICE_ROLES,
    PANEL_ROLES,
    REVIEW_ROLES,
    SCOPED_ROLES,
    Grant,
    Person,
    readable_by,
    roles_on,
    visible_to,
)
from funding_app.access.rights import Rights, is_own_review

__all__ = [
    "APPLICANT_ROLES",
    "MINISTRY_ROLES",
    "OFFICE_ROLES",
    "PANEL_ROLES",
    "REVIEW_ROLES",
    "SCOPED_ROLES",
    "Grant",
    "Person",
    "Rights",
    "is_own_review",
    "readable_by",
    "roles_on",
    "visible_to",
]
