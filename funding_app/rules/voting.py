"""Resolutions of a panel: quorum, counting and ties (§§ 90, 91 VwVfG)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

CHOICES = ("yes", "no", "abstain")
MAJORITIES = ("simple", "two_thirds")
ABSTENTIONS = ("ignored", "against")
TIES = ("chair", "rejected")


class RuleError(ValueError):
    """Rules of voting that name something unknown; the message names the rule."""


@dataclass(frozen=True, slots=True)
class VotingRules:
    """How a panel decides; what is not said otherwise is the law's own rule.

    More than `quorum_percent` of those entitled to vote and at least `quorum_minimum` have to be
    there (§ 90 Abs. 1). Abstentions are `ignored` or count `against`. At a tie of a simple
    majority the `chair`'s vote decides, or the motion is `rejected` (§ 91).
    """

    quorum_percent: int = 50
    quorum_minimum: int = 3
    majority: str = "simple"
    abstentions: str = "ignored"
    tie: str = "chair"

    def __post_init__(self) -> None:
        for name, known in (("majority", MAJORITIES), ("abstentions", ABSTENTIONS), ("tie", TIES)):
            if getattr(self, name) not in known:
                raise RuleError(name)
        if not 0 <= self.quorum_percent < 100 or self.quorum_minimum < 1:
            raise RuleError("quorum")

    def as_json(self) -> dict[str, Any]:
        """The rules as they are kept with a meeting."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted; `result` is `carried`, `rejected` or `inquorate`.

    `by_chair` says that the chair's vote decided a tie.
    """

    in_favour: int
    against: int
    abstained: int
    result: str
    by_chair: bool = False


def rules_of(given: Mapping[str, Any]) -> VotingRules:
    """Rules from data. Raises `RuleError`."""
    known = {each.name for each in fields(VotingRules)}
    if unknown := sorted(given.keys() - known):
        raise RuleError(unknown[0])
    return VotingRules(**given)


def is_quorate(rules: VotingRules, *, entitled: int, present: int) -> bool:
    """Whether enough of those entitled to vote on a matter are there."""
    return present >= rules.quorum_minimum and present * 100 > entitled * rules.quorum_percent


def tally(
    rules: VotingRules,
    votes: Iterable[str],
    *,
    entitled: int,
    chair: str | None = None,
) -> Tally:
    """Counts the votes on one motion.

    `entitled` leaves out whoever is recused; everyone who is there votes, if only to abstain.
    `chair` is the chair's own vote, `None` where the chair may not vote on it.
    """
    given = list(votes)
    yes, no, abstained = (given.count(choice) for choice in CHOICES)
    if yes + no + abstained != len(given):
        raise ValueError("a vote is yes, no or abstain")
    if not is_quorate(rules, entitled=entitled, present=len(given)):
        return Tally(yes, no, abstained, "inquorate")
    counted = yes + no + (abstained if rules.abstentions == "against" else 0)
    if rules.majority == "two_thirds":
        return Tally(yes, no, abstained, _result(0 < 2 * counted <= 3 * yes))
    by_chair = rules.tie == "chair" and 0 < counted == 2 * yes and chair in ("yes", "no")
    carried = 2 * yes > counted or (by_chair and chair == "yes")
    return Tally(yes, no, abstained, _result(carried), by_chair)


def _result(carried: bool) -> str:
    return "carried" if carried else "rejected"
