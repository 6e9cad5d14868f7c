"""Who acts: the roles, and what else may own a state."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.definition import Text
from workflows.vocabulary.terms import text

ROLES: Mapping[str, Text] = {
    "applicant_reader": text("Lesen (Antrag)", "Applicant (reader)"),
    "applicant_editor": text("Bearbeitung (Antrag)", "Applicant (editor)"),
    "applicant_signatory": text("Zeichnung (Antrag)", "Applicant (signatory)"),
    "office_clerk": text("Geschäftsstelle", "Joint office"),
    "case_officer": text("Sachbearbeitung", "Case officer"),
    "approver": text("Zweitzeichnung", "Approver"),
    "reviewer": text("Begutachtung", "Reviewer"),
    "panel_member": text("Mitglied der Jury", "Member of the panel"),
    "panel_chair": text("Vorsitz der Jury", "Chair of the panel"),
    "ministry_expert": text("Fachreferat", "Expert unit of a ministry"),
    "budget_officer": text("Haushaltsreferat", "Budget unit of a ministry"),
    "ministry_signatory": text("Mitzeichnung", "Co-signatory of a ministry"),
    "lead_signatory": text("Schlusszeichnung", "Final signatory"),
    "budget_commissioner": text("Beauftragte für den Haushalt", "Budget commissioner"),
    "mentor": text("Mentorat", "Mentor"),
    "certifier": text("Feststellung", "Certifier"),
    "payment_authoriser": text("Anordnung", "Payment authoriser"),
    "publisher": text("Veröffentlichung", "Publisher"),
    "auditor": text("Prüfung (lesend)", "Auditor (read only)"),
    "dpo": text("Datenschutz", "Data protection officer"),
    "tech_admin": text("Technische Administration", "Technical administrator"),
}

ESCALATES_TO: Mapping[str, str] = {
    "reviewer": "case_officer",
    "case_officer": "approver",
    "office_clerk": "approver",
    "panel_member": "panel_chair",
    "ministry_expert": "ministry_signatory",
    "budget_officer": "ministry_signatory",
    "certifier": "payment_authoriser",
    "mentor": "office_clerk",
}
"""Who else is told when a task has been overdue for some days; otherwise the joint office."""

OWNERS: Mapping[str, Text] = {
    "system": text("niemand, das Verfahren ruht", "nobody, the process rests"),
    "children": text("die Teilverfahren", "the sub-processes"),
}
