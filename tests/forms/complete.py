"""A complete set of canonical answers for every shipped form."""

from __future__ import annotations

from typing import Any

TEXT = "Wir übersetzen Behördenbriefe in einfache Sprache, gemeinsam mit den Menschen vor Ort."
STATEMENT = {
    "lines": [{"line": "0812", "years": {"2027": "30000.00"}}],
    "income": [{"line": "grant", "years": {"2027": "30000.00"}}],
}

GRANT: dict[str, Any] = {
    "title": "Klartext",
    "acronym": "KLAR",
    "summary": TEXT,
    "period_start": "2027-02-01",
    "period_end": "2028-01-31",
    "field_of_action": "administration",
    "field_of_action_other": "",
    "organisation_name": "Nachbarschaft Digital e. V.",
    "legal_form": "registered_association",
    "legal_form_other": "",
    "register": "VR 1234",
    "street": "Musterweg 1",
    "postal_code": "04109",
    "city": "Leipzig",
    "website": "https://verein.example",
    "contact_name": "Antonia Antrag",
    "contact_email": "antrag@verein.example",
    "contact_phone": "+49 341 123456",
    "vat_deduction": False,
    "economic_activity": False,
    "economic_explanation": "",
    "partners": [{"name": "Stadtbibliothek", "city": "Halle", "role": "funded", "share": "500.00"}],
    "problem": TEXT,
    "audience": TEXT,
    "goals": TEXT,
    "method": TEXT,
    "ai_component": TEXT,
    "ethics": TEXT,
    "work_plan": TEXT,
    "continuation": "",
    "indicators": [{"name": "Briefe", "unit": "Stück", "baseline": 0, "target": 1200}],
    "budget": {
        "lines": [
            {"line": "0812", "years": {"2027": "30000.00", "2028": "3000.50"}},
            {"line": "0843", "years": {"2027": "3000.00"}},
        ],
        "income": [
            {"line": "own_funds", "years": {"2027": "3000.00"}},
            {"line": "grant", "years": {"2027": "30000.00", "2028": "3000.50"}},
        ],
    },
    "requested_amount": "33000.50",
    "budget_notes": "",
    "not_begun": True,
    "no_double_funding": True,
    "terms": True,
    "privacy": True,
    "statutes": [],
    "register_extract": [],
    "letters": [],
    "annexes": [],
}
REPORT = {
    "narrative": TEXT,
    "deviations": "",
    "expenditure": "30000.00",
    "other_funds": "0.00",
    "correct": True,
}

CONTACT = {"contact_name": "Antonia Antrag", "contact_email": "antrag@verein.example"}
OUTLINE = CONTACT | {
    "summary": TEXT,
    "partners_described": TEXT,
    "period_start": "2027-02-01",
    "period_end": "2028-01-31",
    "requested_amount": "20000.00",
    "privacy": True,
}

CALL: dict[str, Any] = {
    "title_de": "KI für die Nachbarschaft",
    "title_en": "AI for the neighbourhood",
    "summary_de": TEXT,
    "summary_en": "We translate letters of authorities into plain language.",
    "description_de": "",
    "description_en": "",
    "form": "grant_application@1",
    "opens_on": "2027-01-15",
    "closes_on": "2027-03-31",
    "closes_time": "12:00",
    "strict_deadline": True,
    "reserve_until": "2027-12-31",
    "minimum_amount": "5000.00",
    "maximum_amount": "50000.00",
    "quarterly_ceiling": "",
    "own_share_percent": 10,
    "shares": [{"ministry": "one", "percent": 100, "budget_title": "1101 684 21"}],
    "is_blind": False,
    "minimum_reviews": 1,
    "criteria": [{"key": "good", "title_de": "Gut", "title_en": "Good", "weight": 100}],
}
PERSON = {
    "name": "Nele Probe",
    "email": "nele@amt.example",
    "role": "approver",
    "organisation": "",
}
BUDGET_LINE = {
    "ministry": "one",
    "title": "1101 684 21",
    "year": 2027,
    "kind": "appropriation",
    "available": "1000.50",
}

COMPLETE: dict[str, dict[str, Any]] = {
    "grant_application": GRANT,
    "micro_grant_application": {
        "title": "Leihladen",
        "summary": TEXT,
        "beneficiaries": TEXT,
        "requested_amount": "4000.00",
        "period_start": "2027-02-01",
        "period_end": "2027-03-31",
        "contact_name": "Antonia Antrag",
        "contact_email": "antrag@verein.example",
        "economic_activity": False,
        "not_begun": True,
        "privacy": True,
    },
    "payment_request": {
        "amount": "1200.00",
        "needed_by": "2027-04-01",
        "purpose": TEXT,
        "payments": [{"item": "Gehalt", "line": "0812", "amount": "1200.00"}],
        "prior_advance_used": "",
    },
    "interim_report": REPORT | {"statement": {"lines": STATEMENT["lines"]}},
    "proof_of_use": REPORT
    | {
        "statement": STATEMENT,
        "continuation": TEXT,
        "indicators": [{"name": "Briefe", "target": 1200, "actual": 1300}],
        "other_funds_notes": "",
    },
    "short_report": REPORT,
    "idea": OUTLINE | {"title": "Waldmelder", "ai_component": TEXT},
    "outline": OUTLINE | {"title": "Wegweiser", "innovation": TEXT},
    "lab_application": CONTACT
    | {
        "title": "Moorbild",
        "summary": TEXT,
        "environment": TEXT,
        "help_needed": TEXT,
        "members": 4,
        "privacy": True,
    },
    "consultation_request": CONTACT | {"title": "Daten ordnen", "summary": ""},
    "data_project": CONTACT
    | {"title": "Hitzekarte", "summary": TEXT, "data_at_hand": TEXT, "privacy": True},
    "call": CALL,
    "person": PERSON,
    "budget_line": BUDGET_LINE,
    "organisation": {
        "kind": "ministry",
        "name_de": "Bundesministerium für Proben",
        "name_en": "Federal Ministry of Rehearsals",
        "short_name": "BMP",
        "valid_from": "2026-01-01",
        "valid_to": "",
        "successor": "",
        "street": "Probenstraße 1",
        "postal_code": "10115",
        "city": "Berlin",
        "email": "post@bmp.example",
        "seat_region": "one",
        "issuer": "supreme_authority",
        "court": "Verwaltungsgericht Berlin",
    },
    "programme": {
        "key": "proben-2027",
        "title_de": "Proben für alle",
        "title_en": "Rehearsals for all",
        "guideline": "BAnz AT 01.02.2027 B1",
        "lead": "one",
    },
    "new_call": {
        "new_ref": "proben-2027",
        "programme": "one",
        "definition": "one",
        "authority": "one",
        "financing": "pro_rata",
    },
    "procedure": {"kind": "one", "title": "Jury im Mai", "call": ""},
    "message": {
        "message_text": "Bis wann brauchen Sie die Satzung?",
        "about": "",
        "comment_text": "Hier fehlt noch die Zahl der Teilnehmenden.",
    },
    "own_organisation": {
        "name_de": "Nachbarschaft Digital e. V.",
        "legal_form": "registered_association",
        "register": "Vereinsregister Leipzig, VR 1234",
        "street": "Lindenweg 4",
        "postal_code": "04109",
        "city": "Leipzig",
        "email": "kontakt@nachbarschaft.example",
        "member_email": "neu@nachbarschaft.example",
        "right": "applicant_editor",
    },
    "rule_value": {
        "parameter": "one",
        "valid_from": "2027-01-01",
        "value": "1.27",
        "source": "Bundesanzeiger",
        "reason": "",
    },
}
