"""Panels: meetings, minutes, recusals and the ranking."""
