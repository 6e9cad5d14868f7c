"""Who acts: the roles, each declared whole in one place, and what else may own a state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows.definition import State, Text
from workflows.vocabulary.terms import text


class Relation(StrEnum):
    """What ties the holder of a role to a process on which the role counts."""

    APPLICANT = "applying_organisation"
    REVIEWER = "assigned_person"
    MINISTRY = "process_ministry"
    OFFICE = "everywhere"
    NOBODY = "none"
    """The role counts on no process at all: its holders run the portal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role with everything that is to be said of it.

    `escalates_to` is the role that is told as well when a task has been overdue for some days;
    `outsiders` how applicants hear the holders called, nothing for their own; `panel` whether the
    holders sit in panels, and so leave the room where they are biased.
    """

    id: str
    title: Text
    relation: Relation
    escalates_to: str
    outsiders: Text | None
    panel: bool = False


JOINT_OFFICE = text("die Geschäftsstelle", "the joint office")
MINISTRY_INVOLVED = text("ein beteiligtes Ministerium", "a ministry involved")
PAYMENT_OFFICE = text("die Zahlstelle", "the payment office")
PANEL = text("die Jury", "the panel")

DECLARED = (
    Role(
        id="applicant_reader",
        title=text("Lesen (Antrag)", "Applicant (reader)"),
        relation=Relation.APPLICANT,
        escalates_to="office_clerk",
        outsiders=None,
    ),
    Role(
        id="applicant_editor",
        title=text("Bearbeitung (Antrag)", "Applicant (editor)"),
        relation=Relation.APPLICANT,
        escalates_to="office_clerk",
        outsiders=None,
    ),
    Role(
        id="applicant_signatory",
        title=text("Zeichnung (Antrag)", "Applicant (signatory)"),
        relation=Relation.APPLICANT,
        escalates_to="office_clerk",
        outsiders=None,
    ),
    Role(
        id="office_clerk",
        title=text("Geschäftsstelle", "Joint office"),
        relation=Relation.OFFICE,
        escalates_to="approver",
        outsiders=JOINT_OFFICE,
    ),
    Role(
        id="case_officer",
        title=text("Sachbearbeitung", "Case officer"),
        relation=Relation.OFFICE,
        escalates_to="approver",
        outsiders=JOINT_OFFICE,
    ),
    Role(
        id="approver",
        title=text("Zweitzeichnung", "Approver"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=JOINT_OFFICE,
    ),
    Role(
        id="reviewer",
        title=text("Begutachtung", "Reviewer"),
        relation=Relation.REVIEWER,
        escalates_to="case_officer",
        outsiders=text("unabhängige Gutachterinnen und Gutachter", "independent reviewers"),
    ),
    Role(
        id="panel_member",
        title=text("Mitglied der Jury", "Member of the panel"),
        relation=Relation.OFFICE,
        escalates_to="panel_chair",
        outsiders=PANEL,
        panel=True,
    ),
    Role(
        id="panel_chair",
        title=text("Vorsitz der Jury", "Chair of the panel"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=PANEL,
        panel=True,
    ),
    Role(
        id="ministry_expert",
        title=text("Fachreferat", "Expert unit of a ministry"),
        relation=Relation.MINISTRY,
        escalates_to="ministry_signatory",
        outsiders=MINISTRY_INVOLVED,
    ),
    Role(
        id="budget_officer",
        title=text("Haushaltsreferat", "Budget unit of a ministry"),
        relation=Relation.MINISTRY,
        escalates_to="ministry_signatory",
        outsiders=MINISTRY_INVOLVED,
    ),
    Role(
        id="ministry_signatory",
        title=text("Mitzeichnung", "Co-signatory of a ministry"),
        relation=Relation.MINISTRY,
        escalates_to="office_clerk",
        outsiders=MINISTRY_INVOLVED,
    ),
    Role(
        id="lead_signatory",
        title=text("Schlusszeichnung", "Final signatory"),
        relation=Relation.MINISTRY,
        escalates_to="office_clerk",
        outsiders=text("das federführende Ministerium", "the lead ministry"),
    ),
    Role(
        id="budget_commissioner",
        title=text("Beauftragte für den Haushalt", "Budget commissioner"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=text("die Haushaltsprüfung", "the budget commissioner"),
    ),
    Role(
        id="mentor",
        title=text("Mentorat", "Mentor"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=text("die Person, die Sie begleitet", "the person who accompanies you"),
    ),
    Role(
        id="certifier",
        title=text("Feststellung", "Certifier"),
        relation=Relation.OFFICE,
        escalates_to="payment_authoriser",
        outsiders=PAYMENT_OFFICE,
    ),
    Role(
        id="payment_authoriser",
        title=text("Anordnung", "Payment authoriser"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=PAYMENT_OFFICE,
    ),
    Role(
        id="publisher",
        title=text("Veröffentlichung", "Publisher"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=text("die Stelle, die veröffentlicht", "the publishing office"),
    ),
    Role(
        id="auditor",
        title=text("Prüfung (lesend)", "Auditor (read only)"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=text("die Prüfung", "the auditors"),
    ),
    Role(
        id="dpo",
        title=text("Datenschutz", "Data protection officer"),
        relation=Relation.OFFICE,
        escalates_to="office_clerk",
        outsiders=text("der Datenschutz", "data protection"),
    ),
    Role(
        id="tech_admin",
        title=text("Technische Administration", "Technical administrator"),
        relation=Relation.NOBODY,
        escalates_to="office_clerk",
        outsiders=JOINT_OFFICE,
    ),
)


def by_id(declared: Iterable[Role]) -> Mapping[str, Role]:
    """The roles by their id; raises `ValueError` for one declared twice or by half."""
    roles: dict[str, Role] = {}
    for role in declared:
        if roles.setdefault(role.id, role) is not role:
            raise ValueError(f"role '{role.id}' is declared twice")
    for role in roles.values():
        if role.escalates_to not in roles:
            raise ValueError(f"role '{role.id}' escalates to '{role.escalates_to}', which is none")
        if (role.outsiders is None) != (role.relation is Relation.APPLICANT):
            raise ValueError(f"role '{role.id}': applicants' roles alone lack a name for outsiders")
    return roles


ROLES = by_id(DECLARED)
ROLE_TITLES: Mapping[str, Text] = {role.id: role.title for role in DECLARED}


def roles_by(*relations: Relation) -> frozenset[str]:
    """The ids of the roles with one of these relations."""
    return frozenset(role.id for role in ROLES.values() if role.relation in relations)


@dataclass(frozen=True, slots=True)
class Owner:
    """What else than a role may own a state, and how outsiders hear it called."""

    title: Text
    outsiders: Text


OWNERS: Mapping[str, Owner] = {
    "system": Owner(
        text("niemand, das Verfahren ruht", "nobody, the process rests"),
        text("niemand, diese Zeit läuft von selbst ab", "nobody, this time passes by itself"),
    ),
    "children": Owner(
        text("die Teilverfahren", "the sub-processes"),
        text("mehrere Stellen nebeneinander", "several offices side by side"),
    ),
}


def owner_of(state: State) -> Role | Owner | None:
    """The role, or what else owns a state; `None` where nobody does."""
    return ROLES.get(state.owner or "") or OWNERS.get(state.owner or "")
