"""Panels: meetings with agenda, votes and minutes, and the ranking of a call."""

from funding_app.web.panels import meeting, meetings, ranking
from funding_app.web.panels.blueprint import blueprint

__all__ = ["blueprint", "meeting", "meetings", "ranking"]
