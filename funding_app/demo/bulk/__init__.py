"""Synthetic cases in bulk, written as rows."""
