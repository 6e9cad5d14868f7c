"""Panels: meetings, votes, recusals, minutes and the ranking."""
