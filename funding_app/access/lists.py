"""Who may open what belongs to no single process: lists, meetings, administration."""

from __future__ import annotations

APPLYING_ROLES = frozenset({"applicant_signatory", "applicant_editor"})
"""Who may begin an application for an organisation."""
RANKING_ROLES = frozenset({"office_clerk", "panel_chair", "case_officer", "approver", "auditor"})
MEETING_WRITERS = frozenset({"office_clerk"})
MEETING_READERS = frozenset({"office_clerk", "case_officer", "approver", "auditor"})
MEETING_ROLES = MEETING_READERS | {"panel_member", "panel_chair"}
ASSIGN_ROLES = frozenset({"office_clerk", "case_officer"})
BUDGET_ROLES = frozenset(
    "certifier payment_authoriser case_officer budget_officer auditor office_clerk approver "
    "lead_signatory".split()
)
BUDGET_KEEPERS = frozenset({"case_officer", "certifier", "payment_authoriser", "budget_officer"})
"""Whose navigation leads to the budget; the others of `BUDGET_ROLES` come to it from a call."""
PEOPLE_ROLES = frozenset({"tech_admin"})
JOB_ROLES = frozenset({"tech_admin"})
CALL_ROLES = frozenset({"office_clerk"})
REVIEWER_ROLES = frozenset({"office_clerk"})
BUDGET_LINE_ROLES = frozenset({"office_clerk", "budget_officer"})
PARAMETER_ROLES = frozenset({"office_clerk", "approver", "budget_commissioner"})
DEFINITION_ROLES = frozenset({"office_clerk", "approver", "tech_admin", "auditor"})
ORGANISATION_ROLES = frozenset({"office_clerk", "tech_admin"})
FORM_ROLES = frozenset({"office_clerk", "approver"})
VERSION_ROLES = frozenset({"office_clerk", "approver"})
ADMIN_ROLES = PEOPLE_ROLES | JOB_ROLES | CALL_ROLES | PARAMETER_ROLES | DEFINITION_ROLES
