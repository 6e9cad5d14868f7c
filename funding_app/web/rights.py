"""Who may see lists that belong to no single process."""

from __future__ import annotations

RANKING_ROLES = frozenset({"office_clerk", "panel_chair", "case_officer", "approver", "auditor"})
BUDGET_ROLES = frozenset(
    "certifier payment_authoriser case_officer budget_officer auditor office_clerk approver "
    "lead_signatory".split()
)
