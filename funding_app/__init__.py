"""A workflow engine for the administration of cross-departmental funding programmes."""

SUBJECTS = (
    "applications",
    "calls",
    "reviews",
    "panels",
    "decisions",
    "money",
    "files",
    "mails",
    "people",
    "operations",
)
"""What the system is about: the rooms of every floor that is divided by subject."""
