"""Mails: to whom, how often, and what stops them."""
