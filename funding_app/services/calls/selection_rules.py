"""How a call's applications are judged: criteria with anchors, the line, the panel's votes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funding_app.models import Call
from funding_app.rules.voting import VotingRules, rules_of

WHOLE = 100
PANEL = "panel"
VOTING = ("quorum_percent", "quorum_minimum", "majority", "abstentions", "tie")


def rules_as_answers(call: Call) -> dict[str, Any]:
    """The call's rules as answers of the form `call`; what it does not say is the law's own."""
    line = call.terms.get("ranking", {})
    return {
        "criteria": [
            {
                "key": each["key"],
                "title_de": each["title"]["de"],
                "title_en": each["title"]["en"],
                "weight": each["weight"],
                "knock_out": PANEL if each.get("knock_out") else "",
            }
            for each in call.criteria
        ],
        "anchors": [
            {"criterion": each["key"], "score": int(score), "de": words["de"], "en": words["en"]}
            for each in call.criteria
            for score, words in sorted((each.get("anchors") or {}).items())
        ],
        "threshold": line.get("threshold"),
        "allow_skip_fill": bool(line.get("allow_skip_fill")),
        **rules_of(call.terms.get("panel", {})).as_json(),
    }


def rule_problems(answers: Mapping[str, Any]) -> dict[str, str]:
    """What does not go together, by field, as a code."""
    found: dict[str, str] = {}
    criteria, anchors = answers["criteria"] or [], answers.get("anchors") or []
    keys = {each["key"] for each in criteria}
    if criteria and sum(each["weight"] for each in criteria) != WHOLE:
        found["criteria"] = "weights_not_whole"
    if len(keys) < len(criteria):
        found["criteria"] = "criterion_twice"
    if answers["minimum_reviews"] and not criteria:
        found["minimum_reviews"] = "reviews_without_criteria"
    if len({(each["criterion"], each["score"]) for each in anchors}) < len(anchors):
        found["anchors"] = "anchor_twice"
    if {each["criterion"] for each in anchors} - keys:
        found["anchors"] = "anchor_of_no_criterion"
    return found


def write_rules(call: Call, answers: Mapping[str, Any]) -> None:
    """Writes the rules of checked answers."""
    anchors: dict[str, dict[str, Any]] = {}
    for each in answers.get("anchors") or []:
        words = {"de": each["de"], "en": each["en"]}
        anchors.setdefault(each["criterion"], {})[str(each["score"])] = words
    call.criteria = [
        {
            "key": row["key"],
            "title": {"de": row["title_de"], "en": row["title_en"]},
            "weight": row["weight"],
            **({"anchors": anchors[row["key"]]} if row["key"] in anchors else {}),
            **({"knock_out": True} if row.get("knock_out") == PANEL else {}),
        }
        for row in answers["criteria"] or []
    ]
    line = {
        "threshold": answers.get("threshold") or None,
        "allow_skip_fill": bool(answers.get("allow_skip_fill")),
    }
    voting = VotingRules(**{name: answers[name] for name in VOTING}).as_json()
    call.terms = {**call.terms, "ranking": line, "panel": voting}
