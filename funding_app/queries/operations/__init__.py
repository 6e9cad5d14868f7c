"""Queued work, rule values, permissions, exports and counts."""
