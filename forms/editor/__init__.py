"""Editing forms: small changes of a form as plain data, and what changed in words. All pure."""
