"""Where the demo's pages are: for each route that asks for more than its path, an example.

A statement's columns are the arguments of the route; what is no argument becomes a part of the
query, and `who` names a person to ask beside one of each role. Each row is one page.
"""

from __future__ import annotations

from collections.abc import Mapping

from forms import schema

ROLES = """SELECT min(email) AS who
    FROM role_assignment JOIN user_account AS person ON person.id = user_id
    GROUP BY role ORDER BY role <> 'applicant_signatory', role"""
"""One person of each role. Applicants see their own cases only: an example names whose it is."""

APPLICANT = """(SELECT min(email)
    FROM role_assignment AS held JOIN user_account AS person ON person.id = user_id
    WHERE role = 'applicant_signatory' AND held.organisation_id = root.organisation_id)"""
ASSIGNEE = "(SELECT email FROM user_account WHERE id = process.assignee_id)"


def cases(chosen: str, by: str = "process.definition_key") -> str:
    """The first process of each group, and its own person."""
    return f"""SELECT min(process.id) AS process_id, coalesce({ASSIGNEE}, {APPLICANT}) AS who
        FROM process JOIN process AS root ON root.id = process.root_id
        WHERE {chosen} GROUP BY {by}"""


def sections(form: str, chosen: str) -> str:
    """The sections of a form in the hands of who fills it in: as they are, and checked whole."""
    listed = ", ".join(f"('{section.id}')" for section in schema.get(form).sections)
    return f"""WITH named(section_id) AS (VALUES {listed}), checks(checked) AS (VALUES (NULL), (1))
        SELECT process_id, who, section_id, checked AS "check"
        FROM ({cases(chosen)}), named, checks"""


def drafts(**forms: str) -> str:
    """The sections of the drafts of several kinds of process."""
    chosen = "process.definition_key = '{}' AND process.state = 'draft'"
    return "\nUNION ALL ".join(
        f"SELECT * FROM ({sections(form, chosen.format(kind))})" for kind, form in forms.items()
    )


CALLS = "SELECT ref FROM call WHERE ref IN ('cc-gemeinsam-2026', 'cip-ideen-2026')"
FORM = "SELECT key, version FROM form_version"
FOUND = "SELECT NULL AS q UNION SELECT 'niemand heißt so'"
REVIEW = cases("process.definition_key = 'review_assignment' AND process.state = 'in_progress'")
KINDS = cases("1")
STEPS = cases(
    "process.definition_key = 'grant_case' AND process.state IN ('draft', 'submitted_late', "
    "'info_requested', 'under_review', 'panel', 'decision_prepared', 'notified', 'active')",
    by="process.state",
)
SOME = cases("process.definition_key IN ('grant_case', 'co_signature', 'payment_request')")

EXAMPLES: Mapping[str, str] = {
    "mails.unsubscribe": """SELECT replace(substr(unsubscribe, instr(unsubscribe, '/unsub')),
        '/unsubscribe/', '') AS token FROM mail_delivery WHERE unsubscribe <> '' LIMIT 1""",
    "calls.call": CALLS,
    "operations.definition": "SELECT key, version FROM stored_definition WHERE key = 'grant_case'",
    "calls.edit_check": f"SELECT *, 'requested_amount' AS place, 'new' AS number FROM ({FORM})",
    "calls.edit_part": f"SELECT *, '#project' AS place FROM ({FORM}) "
    f"UNION SELECT *, 'title' FROM ({FORM})",
    "calls.form_differences": FORM,
    "calls.form_preview": FORM,
    "calls.form_version": f"{FORM} UNION SELECT 'grant_application', 1",
    "calls.form_versions": "SELECT 'idea' AS key",
    "people.organisation": "SELECT min(id) AS organisation_id FROM organisation "
    "WHERE kind = 'ministry'",
    "people.people": FOUND,
    "people.person": "SELECT min(user_id) AS user_id FROM role_assignment GROUP BY role",
    "calls.plain_language": CALLS,
    "reviews.reviewer": "SELECT min(user_id) AS user_id FROM role_assignment "
    "WHERE role = 'reviewer'",
    "operations.version_change": "SELECT key, max(version) AS version FROM stored_definition "
    "WHERE key = 'micro_grant' GROUP BY key",
    "mailbox.mail": """SELECT replace(substr(message_id, 1, instr(message_id, '@') - 1), '<', '')
        AS key FROM mail_delivery WHERE state = 'sent' LIMIT 1""",
    "calls.call_page": "SELECT ref FROM call",
    "calls.plain_call": "SELECT ref FROM call WHERE title_plain <> '' LIMIT 2",
    "reviews.calibration": CALLS,
    "reviews.calibration_sample": "SELECT call.ref, sample.id AS sample_id FROM calibration_sample "
    "AS sample JOIN call ON call.id = call_id UNION SELECT 'cc-gemeinsam-2026', NULL",
    "reviews.calibrating": "SELECT DISTINCT call.ref, 'reviewer1@demo.example' AS who "
    "FROM calibration_sample JOIN call ON call.id = call_id",
    "reviews.calibrate": "SELECT call.ref, sample.id AS sample_id, 'reviewer1@demo.example' AS who "
    "FROM calibration_sample AS sample JOIN call ON call.id = call_id",
    "reviews.hand_over": cases(
        "process.definition_key = 'review_assignment' "
        "AND process.state IN ('invited', 'in_progress')"
    ),
    "reviews.assignment": CALLS,
    "reviews.assignment_case": "SELECT ref, min(application_id) AS process_id FROM planned_review "
    "JOIN process ON process.id = application_id JOIN call ON call.id = process.call_id",
    "panels.call_meetings": CALLS,
    "applications.case": f"{KINDS} UNION {STEPS}",
    "applications.case_list": FOUND,
    "applications.check": cases("process.is_root AND process.state = 'draft'"),
    "applications.confirm": "SELECT *, 'withdraw' AS event FROM ("
    + cases(
        "process.definition_key = 'grant_case' AND process.state IN ('draft', 'under_review')",
        by="process.state",
    )
    + ")",
    "applications.confirm_deletion": cases("process.is_root AND process.state = 'draft'"),
    "operations.confirm_many": "SELECT 'cc-gemeinsam-2026' AS ref, 'review_complete' AS state, "
    "'to_panel' AS event",
    "reviews.discussion": cases(
        "process.definition_key = 'grant_case' AND process.state IN ('under_review', 'panel')",
        by="process.state",
    ),
    "applications.earlier": cases("process.is_root AND process.state = 'draft'"),
    "applications.history": SOME,
    "operations.many": CALLS,
    "panels.meeting": "SELECT id AS meeting_id FROM panel_meeting",
    "panels.meeting_hints": "SELECT id AS meeting_id FROM panel_meeting",
    "panels.meeting_item": "SELECT meeting_id, min(id) AS item_id FROM panel_item GROUP BY 1",
    "applications.messages": cases("process.definition_key IN ('grant_case', 'idea_contest')"),
    "people.own_organisation": "SELECT organisation_id, min(email) AS who FROM role_assignment "
    "JOIN user_account AS person ON person.id = user_id WHERE role = 'applicant_signatory'",
    "reviews.print_pack": REVIEW,
    "panels.ranking": CALLS,
    "reviews.review": REVIEW,
    "reviews.review_mails": CALLS,
    "reviews.scores": CALLS,
    "applications.section": drafts(
        grant_case="grant_application",
        idea_contest="idea",
        micro_grant="micro_grant_application",
        payment_request="payment_request",
    ),
    "applications.versions": cases(
        "process.id IN (SELECT process_id FROM submission GROUP BY 1 HAVING count(*) > 1)"
    ),
}

LEFT_OUT: Mapping[str, str] = {
    "people.invitation": "its secret stands in a mail only: test_writing opens one",
    "reviews.files_of_reviewers": "the demo has no call that is reviewed blind",
    "operations.healthz": "plain text for machines",
    "operations.readyz": "plain text for machines",
    "calls.blank_docx": "a file",
    "calls.blank_pdf": "a file",
    "calls.call_calendar": "a file",
    "static": "no page",
    "operations.definition_picture": "a drawing",
    "calls.form_file": "a file",
    "exports.download": "a file",
    "open_data.grants_csv": "a file",
    "open_data.grants_json": "a file",
    "open_data.indicators_csv": "a file",
    "files.attachment": "a file",
    "files.thumbnail": "a picture",
    "decisions.document": "a file",
    "applications.field_files": "for a script",
    "applications.picture": "a drawing",
    "people.own_organisations": "leads on to work.organisation",
}
NO_PAGES = frozenset({"api"})
"""Blueprints that answer machines."""
