"""Panels: meetings, agendas, recusals and what is resolved."""
