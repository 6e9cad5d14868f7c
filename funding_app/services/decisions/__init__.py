"""Decisions: co-signed, recorded, issued as documents; amendments, reports, procedures."""
