"""What everyone sees, without an account."""

from funding_app.web.public import barriers, calendar, calls, finding, pages, papers, plain_language
from funding_app.web.public.blueprint import public

__all__ = [
    "barriers",
    "calendar",
    "calls",
    "finding",
    "pages",
    "papers",
    "plain_language",
    "public",
]
