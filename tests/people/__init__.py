"""People: signing in, and the own account."""
