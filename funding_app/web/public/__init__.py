"""What everyone sees, without an account."""

from funding_app.web.public import calls, finding, pages
from funding_app.web.public.blueprint import public

__all__ = ["calls", "finding", "pages", "public"]
