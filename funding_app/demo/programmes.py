"""The other programmes of the initiative, and the procedures that belong to no application."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from forms import schema
from funding_app.demo.runner import Story
from funding_app.engine import Creation, Machinery
from funding_app.engine.records import begin_procedure
from funding_app.models.database import Database

CONTACT = {"contact_name": "Mira Haselweg", "contact_email": "kontakt@verein.example"}
IDEA = {
    "title": "Moorwächter: Sensoren lesen, Moore schützen",
    "summary": "Ehrenamtliche messen in drei Mooren Wasserstand und Temperatur. Ein offenes Modell "
    "erkennt, wann ein Moor zu trocken wird, und schlägt vor, welcher Graben zuerst zu "
    "schließen ist.",
    "ai_component": "Ein kleines Zeitreihenmodell sagt den Wasserstand der nächsten Woche voraus "
    "und erklärt, welche Messung den Ausschlag gibt.",
    "partners_described": "Ein Naturschutzverein, ein Institut für Hydrologie und ein Kollektiv "
    "für offene Hardware.",
    "requested_amount": "18000.00",
    "privacy": True,
}
SECOND_IDEA = {
    "title": "Hörpfad: die Stadt erzählt sich selbst",
    "summary": "Ein Blindenverein und ein Stadtarchiv machen aus Bildern und Akten gesprochene "
    "Wege durch die Stadt, die jede Person mit dem eigenen Telefon gehen kann.",
    "ai_component": "Ein Modell beschreibt Bilder; Menschen aus dem Verein prüfen und verbessern "
    "jede Beschreibung, bevor sie zu hören ist.",
    "partners_described": "Ein Verein blinder Menschen, ein Stadtarchiv und eine Hochschule für "
    "Gestaltung.",
    "requested_amount": "12500.00",
    "privacy": True,
}
OUTLINE = {
    "title": "Amtswege: Anträge verstehen, bevor man sie stellt",
    "summary": "Beratungsstellen und eine Hochschule entwickeln ein offenes Werkzeug, das "
    "Antragsformulare in einfache Sprache überträgt und zeigt, welche Nachweise fehlen.",
    "innovation": "Die Texte entstehen gemeinsam mit den Menschen, die sie lesen müssen, und "
    "werden von ihnen bewertet.",
    "partners_described": "Zwei Wohlfahrtsverbände, eine Hochschule und ein gemeinnütziges "
    "Softwarehaus.",
    "requested_amount": "420000.00",
    "privacy": True,
}
LAB = {
    "title": "Stadtbäume zählen mit vielen Augen",
    "summary": "Eine Nachbarschaft kartiert ihre Bäume mit dem Telefon. Wir möchten Arten "
    "und Trockenschäden auf den Bildern erkennen lassen.",
    "environment": "Die Stadt weiß früher, wo gegossen und wo nachgepflanzt werden muss.",
    "help_needed": "Eine Person, die Bilderkennung aufbaut, und Beratung zum Datenschutz.",
    "members": 6,
    "privacy": True,
}
QUESTION = {
    "title": "Spendendaten ordnen",
    "summary": "Unsere Spendenliste ist über Jahre gewachsen. Womit fangen wir an?",
}
PROJECT = {
    "title": "Wo fehlt der Hort? Bedarf und Plätze im Landkreis",
    "summary": "Elternvertretungen sammeln Wartelisten. Wir möchten wissen, wo Plätze fehlen und "
    "wie sich der Bedarf entwickelt.",
    "data_at_hand": "Wartelisten von elf Gemeinden und die Einwohnerstatistik.",
    "privacy": True,
}
FIT = {"two_sectors": True, "topic_fits": True}
LAB_FIT = dict.fromkeys(
    ("group", "non_economic", "in_germany", "environment", "transferable", "digital"), True
)


def tell_programmes(make: Callable[[int, int], Story]) -> None:
    """Tells one or two cases of every other programme; `make(days, club)` begins a story."""
    pitch(make(150, 1))
    schedule_pitch(make(70, 4), SECOND_IDEA)
    _tell_outline(make(120, 2))
    _tell_lab(make(140, 3))
    _tell_waiting(make(40, 4))
    _tell_consultation(make(3, 5))
    _tell_data_project(make(110, 6))
    _tell_procedures(make(20, 1))


def _apply(story: Story, key: str, form: str, answers: Mapping[str, Any]) -> None:
    """An application of these answers, spread over the sections of its form."""
    begin = story.now.date() + timedelta(days=30)
    period = {
        "period_start": begin.isoformat(),
        "period_end": (begin + timedelta(days=300)).isoformat(),
    }
    known = {**CONTACT, **period, **answers}
    sections = {
        section.id: {one.id: known[one.id] for one in section.fields if one.id in known}
        for section in schema.get(form).sections
    }
    story.apply(key, sections)
    story.act(story.applicant, "submit")


def _review(story: Story, reviewer: str, who: str) -> None:
    story.act(who, "assign_reviewer", {"reviewer": str(story.world.people[reviewer])})
    child = story.children("review_assignment")[-1]
    story.act(reviewer, "accept", {"no_conflict": True}, on=child)
    story.score(child, 4)
    story.act(reviewer, "submit", on=child)
    story.act("office", "validate", on=child)


def schedule_pitch(story: Story, idea: Mapping[str, Any] = IDEA) -> None:
    """An idea that is reviewed, shortlisted and invited to pitch, and has confirmed."""
    _apply(story, "idea_contest", "idea", idea)
    story.act("office", "pass", FIT)
    _review(story, "reviewer1", "office")
    _review(story, "reviewer2", "office")
    story.now += timedelta(days=20)
    story.act("office", "shortlist")
    story.act(story.applicant, "confirm_pitch", {"video_seconds": 140, "participants": 3})


def pitch(story: Story) -> None:
    """An idea that has been presented."""
    schedule_pitch(story)
    story.now += timedelta(days=20)
    story.act("office", "record_pitch")


def review_outline(story: Story) -> None:
    """An outline with two reviews that count."""
    _apply(story, "sketch", "outline", OUTLINE)
    story.act("officer", "pass", FIT)
    _review(story, "reviewer2", "officer")
    _review(story, "reviewer3", "officer")


def _tell_outline(story: Story) -> None:
    review_outline(story)
    story.now += timedelta(days=15)
    story.twice("officer", "approver", "invite")
    story.act(story.applicant, "accept_invitation")


def _interviewed(story: Story, hours: int) -> None:
    _apply(story, "lab_support", "lab_application", LAB)
    story.twice("office", "approver", "invite", LAB_FIT)
    need = {
        "skill": "Maschinelles Lernen",
        "hours": hours,
        "month": story.now.date().replace(day=1).isoformat(),
        "need": "Bilderkennung mit wenigen Beispielen, dazu eine Prüfung auf Verzerrungen.",
    }
    story.act("mentor", "interview", need)


def _tell_lab(story: Story) -> None:
    _interviewed(story, 40)
    story.twice("office", "approver", "offer")
    agreed = dict.fromkeys(("terms", "open_licence", "data_agreement"), True)
    story.act(story.applicant, "accept", agreed)
    story.act("mentor", "kick_off", {"data_protection_checked": True, "plan": "Vier Etappen."})
    for spent, what in ((6, "Daten gesichtet"), (8, "Modell angelernt"), (8, "Mit Laien geprüft")):
        story.now += timedelta(days=12)
        worked_on = story.now.date().isoformat()
        story.act("mentor", "log_hours", {"worked_on": worked_on, "spent": spent, "what": what})


def _tell_waiting(story: Story) -> None:
    _interviewed(story, 400)
    story.act("office", "waitlist")


def _tell_consultation(story: Story) -> None:
    _apply(story, "consultation", "consultation_request", QUESTION)
    answer = "Gern! Bringen Sie einen Auszug mit erfundenen Namen mit."
    story.act("office", "triage", {"adviser": "Levin Farnkraut", "answer": answer})
    day = (story.now + timedelta(days=9)).date().isoformat()
    story.act(story.applicant, "book", {"until": day})


def _tell_data_project(story: Story) -> None:
    _apply(story, "data_project", "data_project", PROJECT)
    story.act("office", "admit", {"civil_society": True, "public_good": True})
    settled = dict.fromkeys(("ethics", "data_rights", "open_licence"), True)
    story.now += timedelta(days=20)
    plan = "Daten zusammenführen, Bedarf schätzen, Karte veröffentlichen."
    story.act("mentor", "agree_plan", {**settled, "plan": plan})
    story.twice("office", "approver", "admit_plan", {"ceiling": "12000.00"})
    contract = {"contractor": "Datenwerkstatt Beispiel eG", "price": "11400.00"}
    story.twice("office", "approver", "contract", contract)


def _tell_procedures(story: Story) -> None:
    lead = story.world.ministries[0]
    begin = _Beginning(story.database, story.machinery, story.world.people, story.now)
    begin("data_subject_request", "dpo", title="Auskunft zu einem Antrag von 2026")
    programme = begin("programme", "office", title="Civic Coding ab 2027", ministry_id=lead)
    ready = {"logic_model": True, "appraisal": True}
    story.act("office", "consult", ready, on=programme)


class _Beginning:
    """Begins procedures of their own at one time."""

    def __init__(
        self,
        database: Database,
        machinery: Machinery,
        people: Mapping[str, uuid.UUID],
        now: datetime,
    ) -> None:
        self.database, self.machinery, self.people, self.now = database, machinery, people, now

    def __call__(self, key: str, who: str, **columns: Any) -> uuid.UUID:
        creation = Creation(key, self.people[who], self.now, columns=columns, door="demo")
        with self.database.write() as session:
            return begin_procedure(session, self.machinery, creation).id
