"""Decisions and procedures with their letters."""
