"""Hostile texts in every place where the database keeps what people have typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from sqlalchemy import select, update

from forms.parsing import has_strange_characters
from funding_app.models import Base
from funding_app.models.database import Database
from tests.support.hostile_texts import EVERY

LONGEST = 500
TEXTS = [
    text
    for text in EVERY
    if text and text == text.strip() and len(text) <= LONGEST and not has_strange_characters(text)
]
"""Those which a field accepts."""

TYPED = {
    "answer_section": ["answers"],
    "application": ["summary", "aid_basis", "information_requested", "decision_reason",
                    "account_holder"],
    "attachment": ["file_name"],
    "barrier_report": ["text", "place"],
    "budget_line": ["title", "purpose"],
    "call": ["title_de", "title_en", "summary_de", "summary_en", "description_de",
             "description_en", "title_plain", "summary_plain", "description_plain"],
    "calibration_sample": ["title", "text", "comments"],
    "calibration_score": ["comments"],
    "call_share": ["budget_title"],
    "co_signature": ["statement"],
    "digest_line": ["text"],
    "document": ["context"],
    "discussion_contribution": ["text"],
    "funding_share": ["budget_title"],
    "information_request": ["words"],
    "mail_delivery": ["subject", "body"],
    "message": ["text"],
    "organisation": ["name_de", "name_en", "legal_form", "register", "identifier", "street",
                     "city", "court"],
    "outbox_act": ["reason"],
    "panel_item": ["notes"],
    "panel_lifted_recusal": ["ground", "reason"],
    "panel_meeting": ["place"],
    "panel_recusal": ["ground"],
    "process": ["title"],
    "programme": ["title_de", "title_en", "summary_de", "summary_en", "guideline"],
    "report": ["finding"],
    "review": ["declaration", "comments", "discarded_reason", "declined_words",
               "passed_on"],
    "review_note": ["text"],
    "reviewers_file": ["reason"],
    "reviewer_profile": ["affiliation"],
    "rule_value": ["source", "reason"],
    "submission": ["answers"],
    "task_hold": ["reason"],
    "user_account": ["name"],
    "version_change": ["reason"],
}  # fmt: skip
"""By table, the columns in which a text stands as it was typed."""


@dataclass(slots=True)
class Planting:
    """Another text for each text, the same for the same: rows refer to each other by some."""

    texts: Iterator[str] = field(default_factory=lambda: cycle(TEXTS))
    known: dict[str, str] = field(default_factory=dict)

    def instead(self, text: str) -> str:
        if text not in self.known:
            self.known[text] = next(self.texts)
        return self.known[text]

    def within(self, value: Any) -> Any:
        """The value with another text wherever prose stands in it."""
        if isinstance(value, str):
            return self.instead(value) if " " in value else value
        if isinstance(value, dict):
            return {key: self.within(inner) for key, inner in value.items()}
        return [self.within(inner) for inner in value] if isinstance(value, list) else value


def plant(database: Database) -> dict[str, str]:
    """Replaces every text that was typed; each with what stands in its place."""
    planting = Planting()
    with database.write() as session:
        for name, columns in TYPED.items():
            table = Base.metadata.tables[name]
            for row in session.execute(select(table)).mappings().all():
                values = {
                    each: planting.instead(row[each])
                    if isinstance(row[each], str)
                    else planting.within(row[each])
                    for each in columns
                    if row[each]
                }
                if values:
                    keys = [column == row[column.name] for column in table.primary_key]
                    session.execute(update(table).where(*keys).values(**values))
    return planting.known
