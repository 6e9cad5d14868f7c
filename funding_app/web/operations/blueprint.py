"""The blueprint of the pages of this subject; its modules add their views to it."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("operations", __name__)
