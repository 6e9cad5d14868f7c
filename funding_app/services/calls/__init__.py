"""Calls: written and published, how their applications are judged, their forms."""
