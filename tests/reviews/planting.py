"""Applications in a blind call, with words planted wherever something tells who applies."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from forms import schema
from forms.schema import Field
from funding_app.adapters.file_type import MEDIA_TYPES, ending_of
from funding_app.adapters.storage import Storage
from funding_app.demo.runner import Story, grant_answers
from funding_app.engine import creation
from funding_app.models import Organisation, RoleAssignment, UserAccount, new_id
from funding_app.services.files.attachments import Upload, attach
from tests.support import planted

PERIOD = ("2026-04-01", "2026-12-31")


@dataclass(slots=True)
class Planter:
    """Invents words that nobody else uses, and remembers where each was planted."""

    random: Random = field(default_factory=lambda: Random(20))
    places: dict[str, str] = field(default_factory=dict)

    def __call__(self, place: str) -> str:
        word = "zq" + "".join(self.random.choices("abcdefghijklmnoprstuvwxyz", k=12))
        self.places[word] = place
        return word

    def found_in(self, texts: Iterable[bytes]) -> set[str]:
        seen = set()
        for text in texts:
            seen |= set(re.findall(r"zq[a-z]{12}", text.decode("utf-8", "replace").lower()))
            seen |= set(re.findall(r"zq[a-z]{12}", text.decode("utf-16-be", "replace").lower()))
        return seen & set(self.places)


def plant(story: Story, storage: Storage, word: Planter, number: int) -> uuid.UUID:
    """One application under the blind call, with planted words wherever somebody could look."""
    key = f"planted{number}"
    with story.database.write() as session:
        organisation = Organisation(
            id=new_id(), kind="applicant", name_de=word("organisation"),
            name_en=word("organisation"), street=word("organisation"), city=word("organisation"),
            register=word("organisation"), email=f"{word('organisation')}@verein.example",
            email_domain=f"{word('organisation')}.example", identifier=word("organisation"),
        )  # fmt: skip
        address = f"{word('account')}@verein.example"
        person = UserAccount(id=new_id(), email=address, name=word("log"), created_at=story.now)
        session.add_all((organisation, person))
        session.flush()
        session.add(
            RoleAssignment(
                user_id=person.id, role="applicant_signatory", organisation_id=organisation.id,
                granted_at=story.now,
            )
        )  # fmt: skip
        story.world.organisations.append(organisation.id)
        story.world.people[key] = person.id
    story.applicant, story.organisation = key, len(story.world.organisations) - 1
    case = story.apply("grant_case", told(word, number))
    upload(story, storage, word, number)
    story.act(key, "submit")
    story.act("officer", "start_check", {"no_conflict": True})
    checks = dict.fromkeys(("complete", "eligible", "not_begun", "no_double_funding"), True)
    story.act("officer", "pass", checks | {"aid_basis": "none_non_economic"})
    story.act("office", "assign_reviewer", {"reviewer": str(story.world.people["reviewer1"])})
    review = story.children("review_assignment")[0]
    with story.database.write() as session:
        creation.note(session, review, "noted", {}, story.now, actor_id=story.world.people[key])
    if number % 3:
        story.act("reviewer1", "accept", {"no_conflict": True}, on=review)
    return case


def told(word: Planter, number: int) -> dict[str, dict[str, Any]]:
    """The answers: words in every field that tells who applies, the rest as always."""
    sections = grant_answers(Decimal("90000.00"), *PERIOD, f"Vorhaben Nummer {number}")
    form = schema.get("grant_application")
    for each in form.section("applicant").fields:
        if each.identity and each.id not in ("contact_phone", "postal_code", "website"):
            told_by = f"{word('form')}@verein.example" if each.type == "email" else word("form")
            sections["applicant"][each.id] = told_by
    sections["applicant"]["contact_phone"] = "+49 30 1234567"
    sections["applicant"]["website"] = f"https://{word('form')}.example"
    rows = [
        {"name": word("partner"), "city": word("partner"), "role": "associated"}
        for _row in range(12)
    ]
    return sections | {"partners": {"partners": rows}}


def stored(storage: Storage, spec: Field, name: str, content: bytes) -> Upload:
    """A file with everything that uploads are refused for: cleaning stands on its own."""
    media = MEDIA_TYPES[ending_of(name)]
    return Upload(spec.id, name, media, len(content), storage.put(content))


def upload(story: Story, storage: Storage, word: Planter, number: int) -> None:
    """Three further documents with properties, and the statutes, which tell it all."""
    shown = f"sichtbar{number}"
    files = {
        "annexes": [
            (planted.dirty_pdf(word, shown), f"{word('name')}.pdf"),
            (planted.dirty_docx(word, shown), f"{word('name')}.docx"),
            (planted.dirty_xlsx(word, shown), f"{word('name')}.xlsx"),
            (planted.dirty_jpeg(word), f"{word('name')}.jpg"),
            (b"%PDF-1.7\n%%EOF " + word("broken").encode(), f"{word('name')}.pdf"),
        ],
        "statutes": [(planted.dirty_pdf(word, shown), f"{word('name')}.pdf")],
    }
    assert story.case_id is not None
    answers = {}
    for name, given in files.items():
        spec = schema.get("grant_application").field(name)
        received = [stored(storage, spec, title, content) for content, title in given]
        with story.database.write() as session:
            answers[name] = attach(
                session, story.case_id, spec, [], received,
                actor_id=story.world.people[story.applicant], when=story.now, is_scanned=False,
            )  # fmt: skip
    story.write(story.case_id, {"attachments": answers})
