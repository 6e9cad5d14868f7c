"""Calls, whom they are for, and forms."""
