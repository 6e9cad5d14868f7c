"""Uploaded files and the stored bytes in use."""
