"""What an invented project says in its application: composed from a seed, never the same twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

CENT = Decimal("0.01")
LEGAL_FORMS = {
    "registered_association": "e. V.",
    "charitable_company": "gGmbH",
    "foundation": "Stiftung",
    "cooperative": "eG",
    "university": "Hochschule",
    "public_body": "Körperschaft des öffentlichen Rechts",
}
COST_LINES = (("0812", 46), ("0817", 21), ("0835", 15), ("0839", 5), ("0844", 4))
LAST_LINE = "0831"


@dataclass(frozen=True, slots=True)
class Applicant:
    """An invented organisation with the person who signs for it."""

    name: str
    legal_form: str
    street: str
    postal_code: str
    city: str
    register: str
    person: str


@dataclass(frozen=True, slots=True)
class Project:
    """An invented project in its own words."""

    title: str
    field: str
    need: str
    tool: str
    people: str
    goal: str


@lru_cache
def _read(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))


def applicants() -> list[Applicant]:
    """All invented organisations."""
    return [Applicant(*row) for row in _read("organisations")["organisations"]]


def projects() -> list[Project]:
    """All invented projects."""
    return [Project(*row) for row in _read("projects")["projects"]]


def remark(random: Random, criterion: str, score: int) -> str:
    """A reviewer's comment that fits the score (0 to 5)."""
    level = 0 if score < 3 else 1 if score == 3 else 2
    return str(random.choice(_read("phrases")["remarks"][criterion][level])).replace(";", ",")


@dataclass(slots=True)
class Author:
    """Writes one application: the same seed writes the same texts."""

    random: Random
    applicant: Applicant
    project: Project
    start: date
    end: date

    def text(self, field: str, *own: str, most: int = 6) -> str:
        """The project's own sentences, and after them some that fit the field."""
        shared = _read("phrases")["fields"][field]
        chosen = sorted(self.random.sample(range(len(shared)), min(most, len(shared))))
        filled = [self._fill(shared[index]) for index in chosen]
        return " ".join([*own, *filled])

    def _fill(self, sentence: str) -> str:
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
        return sentence.format(
            city=self.applicant.city,
            name=self.applicant.name,
            count=self.random.randint(23, 187),
            months=months,
        )

    def summary(self) -> str:
        """What the project is about, as it is published."""
        project = self.project
        return self.text("summary", project.need, project.tool, project.people, project.goal)

    def description(self) -> dict[str, str]:
        """The fields that the reviewers read."""
        project = self.project
        return {
            "problem": self.text("problem", project.need),
            "audience": self.text("audience", project.people),
            "goals": self.text("goals", project.goal),
            "method": self.text("method", project.tool, project.people),
            "ai_component": self.text("ai_component", project.tool),
            "ethics": self.text("ethics", project.people),
            "work_plan": self.text("work_plan", project.goal),
            "continuation": self.text("continuation", project.goal),
        }

    def grant(self, amount: Decimal) -> dict[str, dict[str, Any]]:
        """A complete application for a grant, by section."""
        return {
            "project": {
                "title": self.project.title,
                "summary": self.summary(),
                "period_start": self.start.isoformat(),
                "period_end": self.end.isoformat(),
                "field_of_action": self.project.field,
            },
            "applicant": self._organisation(),
            "description": self.description(),
            "finance": {"budget": self.budget(amount), "requested_amount": str(amount)},
            "declarations": dict.fromkeys(
                ("not_begun", "no_double_funding", "terms", "privacy"), True
            ),
        }

    def micro(self, amount: Decimal) -> dict[str, dict[str, Any]]:
        """A complete application for a micro-grant, by section."""
        return {
            "project": {
                "title": self.project.title,
                "summary": self.summary(),
                "beneficiaries": self.project.people,
                "period_start": self.start.isoformat(),
                "period_end": self.end.isoformat(),
                "requested_amount": str(amount),
            },
            "contact": {**self._contact(), "not_begun": True, "privacy": True},
        }

    def _contact(self) -> dict[str, str]:
        return {"contact_name": self.applicant.person, "contact_email": "kontakt@demo.example"}

    def _organisation(self) -> dict[str, Any]:
        applicant = self.applicant
        return {
            **self._contact(),
            "organisation_name": applicant.name,
            "legal_form": applicant.legal_form,
            "register": applicant.register,
            "street": applicant.street,
            "postal_code": applicant.postal_code,
            "city": applicant.city,
            "vat_deduction": False,
            "economic_activity": False,
        }

    def budget(self, amount: Decimal) -> dict[str, Any]:
        """A plan that balances in every year; a tenth of the expenditure is own money."""
        years = [str(year) for year in range(self.start.year, self.end.year + 1)]
        grant = dict(zip(years, _portions(amount, [100 // len(years)] * (len(years) - 1)),
                         strict=True))  # fmt: skip
        own = {year: own_funds(part) for year, part in grant.items()}
        lines: dict[str, dict[str, str]] = {}
        codes = [*(code for code, _ in COST_LINES), LAST_LINE]
        for year in years:
            percents = [percent + self.random.randint(-1, 1) for _, percent in COST_LINES]
            for code, part in zip(codes, _portions(grant[year] + own[year], percents), strict=True):
                lines.setdefault(code, {})[year] = str(part)
        income = {"grant": grant, "own_funds": own}
        return {
            "lines": [{"line": code, "years": parts} for code, parts in lines.items()],
            "income": [
                {"line": kind, "years": {year: str(part) for year, part in parts.items()}}
                for kind, parts in income.items()
            ],
        }


def own_funds(grant: Decimal) -> Decimal:
    """The own money beside a grant: at least a tenth of the expenditure, in euro."""
    return (grant / 9).quantize(CENT, ROUND_UP)


def _portions(total: Decimal, percents: list[int]) -> list[Decimal]:
    """The total by percentages, to the cent; what is left comes last."""
    parts = [(total * percent / 100).quantize(CENT) for percent in percents]
    return [*parts, total - sum(parts, Decimal(0))]
