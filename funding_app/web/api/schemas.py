"""The shapes of bodies and answers, as JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
OPTIONAL: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
AMOUNT: Schema = {"type": "string", "pattern": r"^-?\d+\.\d{2}$"}
ANYTHING: Schema = {}


def _object(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> Schema:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _page(item: str, **beside: Schema) -> Schema:
    items = _list({"$ref": f"#/components/schemas/{item}"})
    return _object({"items": items, "next": OPTIONAL, **beside})


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_CHOICES = _list(_object({"value": TEXT, "label": TEXT}))
_FILE: Schema = {
    "id": TEXT,
    "name": TEXT,
    "size": NUMBER,
    "sha256": TEXT,
    "scan": {"enum": ["pending", "clean", "infected", "skipped"]},
    "malware": TEXT,
}
_LIMIT: Schema = {"type": ["number", "string", "null"]}

SCHEMAS: Mapping[str, Schema] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": NUMBER,
            "code": TEXT,
            "detail": TEXT,
            "errors": {"type": "object", "additionalProperties": _list(TEXT)},
            "refusals": _list(_object({"code": TEXT, "text": TEXT})),
        },
    },
    "Me": _object(
        {
            "id": TEXT,
            "name": TEXT,
            "language": TEXT,
            "roles": _list(_object({"role": TEXT, "organisation": TEXT})),
            "notifications": {"type": "object", "additionalProperties": TEXT},
        }
    ),
    "Task": _object({"id": TEXT, "kind": TEXT, "process": TEXT, "due_at": OPTIONAL, "title": TEXT}),
    "Tasks": _page("Task"),
    "Call": _object(
        {
            "ref": TEXT,
            "title": TEXT,
            "programme": TEXT,
            "opens_at": TEXT,
            "closes_at": OPTIONAL,
            "closes_inclusive": YES_NO,
            "definition": TEXT,
            "funding": _object(
                {
                    "min": AMOUNT,
                    "max": AMOUNT,
                    "financing_type": TEXT,
                    "own_share_percent": NUMBER,
                }
            ),
            "eligibility": _named("Eligibility"),
            "plain_language": {"anyOf": [_named("PlainLanguage"), {"type": "null"}]},
            "links": {"type": "object", "additionalProperties": TEXT},
        }
    ),
    "Eligibility": _object(
        {
            **dict.fromkeys(("applicants", "regions", "topics"), _list(TEXT)),
            "support": _list({"enum": ["advice", "experts", "money"]}),
            "seat": {"enum": ["germany", "eu", "anywhere"]},
            "partners": {"enum": ["possible", "required", "excluded"]},
            "begun_excluded": YES_NO,
            "by_invitation": YES_NO,
        }
    ),
    "PlainLanguage": _object({"title": TEXT, "summary": TEXT, "description": TEXT}),
    "Calls": _page("Call"),
    "Field": _object(
        {
            "id": TEXT,
            "type": TEXT,
            "label": TEXT,
            "help": TEXT,
            "required": YES_NO,
            "when": {"type": ["object", "null"]},
            "choices": _CHOICES,
            "max_words": {"type": ["integer", "null"]},
            "max_length": {"type": ["integer", "null"]},
            "min": _LIMIT,
            "max": _LIMIT,
            "columns": _list({"$ref": "#/components/schemas/Field"}),
        }
    ),
    "Form": _object(
        {
            "version": NUMBER,
            "sections": _list(
                _object({"id": TEXT, "title": TEXT, "fields": _list(_named("Field"))})
            ),
        }
    ),
    "EventField": _object({"name": TEXT, "type": TEXT, "required": YES_NO, "choices": _CHOICES}),
    "Event": _object(
        {
            "event": TEXT,
            "label": TEXT,
            "allowed": YES_NO,
            "refusals": _list(_object({"code": TEXT, "text": TEXT})),
            "fields": _list(_named("EventField")),
        }
    ),
    "Process": _object(
        {
            "id": TEXT,
            "kind": TEXT,
            "definition": _object({"key": TEXT, "version": NUMBER}),
            "state": TEXT,
            "phase": TEXT,
            "version": NUMBER,
            "reference": TEXT,
            "parent": OPTIONAL,
            "children": _list(_object({"id": TEXT, "kind": TEXT, "state": TEXT})),
            "deadline": OPTIONAL,
            "events": _list(_named("Event")),
            "data": {"type": "object"},
            "answers_version": NUMBER,
        },
        {
            "invitation": _object({"held": NUMBER, "agreed": NUMBER, "review_due": OPTIONAL}),
            "declined": _object({"for": TEXT, "words": TEXT}),
        },
    ),
    "Sample": _object(
        {"id": TEXT, "title": TEXT, "text": TEXT},
        {
            "own": {"type": "object"},
            "reference": {"type": "object"},
            "differences": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    ),
    "Samples": _object({"items": _list(_named("Sample"))}),
    "Successors": _object(
        {
            "event": TEXT,
            "items": _list(
                _object(
                    {"id": TEXT, "name": TEXT, "fields": _list(TEXT)},
                    {"held": NUMBER, "agreed": NUMBER},
                )
            ),
        }
    ),
    "EventBody": {
        "type": "object",
        "properties": {"data": {"type": "object"}, "reason": TEXT},
    },
    "Procedure": _object({"kind": TEXT, "title": TEXT}, {"call": TEXT}),
    "Fired": _object({}, {"state": TEXT, "version": NUMBER, "log_seq": NUMBER, "pending": TEXT}),
    "Deleted": _object({"id": TEXT}),
    "AnswersBody": {"type": "object", "description": "Answers by field id"},
    "Answers": _object({"version": NUMBER, "answers": {"type": "object"}}),
    "Judged": _object({"form": _named("Form"), "answers": {"type": "object"}}),
    "Opinion": _object(
        {
            "review": NUMBER,
            "own": YES_NO,
            "scores": {"type": "object", "additionalProperties": NUMBER},
            "comments": {"type": "object", "additionalProperties": TEXT},
            "score": AMOUNT,
            "recommended_amount": OPTIONAL,
            "scores_before": _list(AMOUNT),
        }
    ),
    "Contribution": _object({"id": TEXT, "kind": TEXT, "by": TEXT, "text": TEXT, "at": TEXT}),
    "Discussion": _object(
        {
            "open": YES_NO,
            "reviews": _list(_named("Opinion")),
            "contributions": _list(_named("Contribution")),
        }
    ),
    "ContributionBody": _object({"text": TEXT}),
    "Contributed": _object({"id": TEXT}),
    "Record": _object(
        {
            "seq": NUMBER,
            "event": TEXT,
            "from": TEXT,
            "to": TEXT,
            "actor": OPTIONAL,
            "proposer": OPTIONAL,
            "at": TEXT,
            "hash": TEXT,
        }
    ),
    "Log": _page("Record"),
    "Document": _object({"id": TEXT, "kind": TEXT, "title": TEXT, "sha256": TEXT, "size": NUMBER}),
    "Documents": _page("Document"),
    "File": _object({"file": {"type": "string", "format": "binary"}}),
    "Attachment": _object({**_FILE, "version": NUMBER}),
    "FileVersion": _object(
        {
            **_FILE,
            "field": TEXT,
            "media_type": TEXT,
            "uploaded_at": TEXT,
            "uploaded_by": TEXT,
            "removed_at": OPTIONAL,
        }
    ),
    "Attachments": _page("FileVersion"),
    "Place": _object(
        {
            "place": NUMBER,
            "process": TEXT,
            "reference": TEXT,
            "title": TEXT,
            "score": {"type": ["string", "null"]},
            "requested": {"type": ["string", "null"]},
            "outcome": {"enum": ["funded", "reserve", "below_threshold"]},
            "own_outcome": {"enum": ["funded", "reserve", "below_threshold"]},
        }
    ),
    "Line": _object(
        {
            "budget": AMOUNT,
            "threshold": {"type": ["string", "null"]},
            "allow_skip_fill": YES_NO,
        }
    ),
    "Ranking": _page("Place", line={"$ref": "#/components/schemas/Line"}),
    "BudgetLine": _object(
        {
            "ministry": TEXT,
            "title": TEXT,
            "year": NUMBER,
            "kind": TEXT,
            **dict.fromkeys(("available", "reserved", "committed", "disbursed", "free"), AMOUNT),
        }
    ),
    "Budget": _page("BudgetLine"),
    "OpenApi": {"type": "object"},
}
