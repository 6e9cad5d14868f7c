"""Calls and their forms: found, read, written, edited."""
