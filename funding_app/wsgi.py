"""For servers of others, such as gunicorn: `gunicorn 'funding_app.wsgi:application()'`.

Beside it a `funding worker` has to run. The database has to be migrated before.
"""

from __future__ import annotations

from flask import Flask

from funding_app.app import create_app
from funding_app.services.operations.definitions import adopt
from funding_app.services.operations.portal import build_portal
from funding_app.settings import load_settings


def application() -> Flask:
    """The portal of the environment; raises what makes a start impossible."""
    parts = build_portal(load_settings())
    adopt(parts.database, parts.machinery.definitions)
    return create_app(parts.settings, parts)
