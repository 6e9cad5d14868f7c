"""Issued documents, and the plain values of letters."""
