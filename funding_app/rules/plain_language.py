"""Hints on texts in plain language (Leichte Sprache), by rules of Annex 2, Part 2 BITV 2.0.

They are heuristics on German: they find what is worth a second look, and they do not judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

LONGEST_SENTENCE = 12
"""In words."""
LONGEST_WORD = 14
"""In letters between hyphens or mediopoints."""
SENTENCE = re.compile(r"[^.!?:\n]+[.!?:]?")
WORD = re.compile(r"[^\W\d_]+(?:[-·•‧][^\W\d_]+)*")
JOINTS = re.compile(r"[-·•‧]")
PARTICIPLE = re.compile(r"\b\w{0,40}ge\w{2,40}(?:t|en)\b|\b(?:be|er|ver|zer|ent|miss)\w{2,40}t\b")
PASSIVE = re.compile(r"\b(?:wird|werden|wurde|wurden|worden)\b", re.IGNORECASE)
GENITIVE = re.compile(
    r"\b(?:des|eines|ihres|seines|unseres|dieses)\s+\w+(?:s|en)\b|\bwegen\s+des\b"
)
SUBJUNCTIVE = re.compile(
    r"\b(?:würde|könnte|müsste|sollte|dürfte|möchte|wäre|hätte|käme|ginge)(?:n|st|t)?\b",
    re.IGNORECASE,
)
SHORTENED = re.compile(
    r"\b(?:z\.\s?B|d\.\s?h|u\.\s?a|bzw|usw|etc|ggf|inkl|ca|evtl|Nr|Abs|vgl|sog)\.", re.IGNORECASE
)
SEVERAL = re.compile(
    r",\s*(?:dass|weil|obwohl|damit|sodass|welche\w*|der|die|das|denen|deren|dessen)\b|;"
)
SIGNS = re.compile(r"[%§&/<>\[\]()]")
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Hint:
    """What is worth a second look: a code, and the words it is about."""

    code: str
    words: str


def hints(text: str) -> list[Hint]:
    """Every hint, in the order of the text."""
    without_dots = SHORTENED.sub(lambda found: found[0].replace(".", ""), text)
    found = [Hint("shortened", each[0]) for each in SHORTENED.finditer(text)]
    for sentence in (each.strip() for each in SENTENCE.findall(without_dots)):
        found += [Hint(code, words[:SHOWN]) for code, words in _of_sentence(sentence)]
    return found


def _of_sentence(sentence: str) -> Iterator[tuple[str, str]]:
    if len(sentence.split()) > LONGEST_SENTENCE:
        yield "long_sentence", sentence
    for word in WORD.findall(sentence):
        if max(len(part) for part in JOINTS.split(word)) > LONGEST_WORD:
            yield "long_word", word
    for code, applies in CHECKS.items():
        if applies(sentence):
            yield code, sentence


CHECKS: Mapping[str, Callable[[str], object]] = {
    "several_thoughts": SEVERAL.search,
    "passive": lambda sentence: PASSIVE.search(sentence) and PARTICIPLE.search(sentence),
    "genitive": GENITIVE.search,
    "subjunctive": SUBJUNCTIVE.search,
    "signs": SIGNS.search,
}
