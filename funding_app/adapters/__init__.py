"""The outside, behind protocols."""
