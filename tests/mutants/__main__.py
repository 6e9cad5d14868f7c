"""Takes a sample of mistakes, makes each in a copy of the project, and runs the tests for it.

Ends with 1 where one survives that has no word in `survivors.yaml`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

import yaml

from tests.mutants.mistakes import Mistake, mistakes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COPIES = ROOT / "build" / "mutants"
LEFT_OUT = shutil.ignore_patterns(".*", "build", "var", "__pycache__", "*.egg-info")
LONGEST = 600
"""Seconds for the tests of one mistake; whatever takes longer hangs, or the machine is too busy."""
PYTEST = (
    *("-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", "-o", "addopts="),
    *("-m", "not (browser or slow or soak or postgresql)"),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A mistake in a module, and what the tests said of it."""

    path: str
    mistake: Mistake
    outcome: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when lines move."""
        return self.path, self.mistake.function, self.mistake.said


def tests_for(path: str, known: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The tests that try a module."""
    fitting = [start for start in known if path.startswith(start)]
    return known[max(fitting, key=len)] if fitting else ()


def all_mistakes(
    root: Path, known: Mapping[str, Sequence[str]], only: str
) -> Iterator[tuple[str, Mistake]]:
    """Each mistake that can be made in a module for which there are tests."""
    for file in sorted((root / "funding_app").rglob("*.py")):
        path = str(file.relative_to(root))
        if path.startswith(only) and tests_for(path, known):
            yield from ((path, each) for each in mistakes(file.read_text(encoding="utf-8")))


def try_one(copy: Path, path: str, mistake: Mistake, tests: Sequence[str]) -> Tried:
    """Makes the mistake in the copy, runs the tests, single files first, and takes it back."""
    file = copy / path
    source = file.read_text(encoding="utf-8")
    file.write_text(mistake.made_in(source), encoding="utf-8")
    files = [each for each in tests if each.endswith(".py")]
    folders = [each for each in tests if each not in files]
    try:
        outcomes = (said_by(part, copy) for part in (files, folders) if part)
        outcome = next((each for each in outcomes if each != "survived"), "survived")
    finally:
        file.write_text(source, encoding="utf-8")
    return Tried(path, mistake, outcome)


def said_by(tests: Sequence[str], copy: Path) -> str:
    """What these tests say of the copy."""
    command = [sys.executable, *PYTEST, *tests]
    try:
        run = subprocess.run(command, cwd=copy, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return "took too long"
    return {0: "survived", 1: "noticed", 2: "noticed"}.get(run.returncode, "not run")


def copied(count: int) -> list[Path]:
    """So many copies of the project as it stands now; whoever works on it goes on."""
    copies = [COPIES / str(number) for number in range(count)]
    for copy in copies:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    return copies


def try_all(
    sample: Sequence[tuple[str, Mistake]],
    known: Mapping[str, Sequence[str]],
    copies: Sequence[Path],
) -> Iterator[Tried]:
    """Tries the sample, one mistake at a time in each copy."""
    free: Queue[Path] = Queue()
    for copy in copies:
        free.put(copy)

    def run(path: str, mistake: Mistake) -> Tried:
        copy = free.get()
        try:
            return try_one(copy, path, mistake, tests_for(path, known))
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        yield from pool.map(lambda each: run(*each), sample)


def tell(number: int, one: Tried, judged: Set[tuple[str, str, str]]) -> None:
    """Prints a survivor with its place, and now and then how far the run has come."""
    if one.outcome != "noticed":
        word = "has a word" if one.key in judged else "NEW"
        print(f"{one.outcome} ({word}): {one.path}:{one.mistake.line}")
        print(f"    {one.mistake.function}: {one.mistake.said}", flush=True)
    if number % 10 == 0:
        print(f"{number} tried", flush=True)


def asked() -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="how many mistakes, 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="which of them")
    parser.add_argument("--copies", type=int, default=2, help="how many at once")
    parser.add_argument("--only", default="", help="the beginning of the modules' paths")
    return parser.parse_args()


def main() -> int:
    """Tells each survivor, and at the end how many were noticed."""
    wanted, began = asked(), time.monotonic()
    known = yaml.safe_load((HERE / "tests.yaml").read_text(encoding="utf-8"))
    kept = yaml.safe_load((HERE / "survivors.yaml").read_text(encoding="utf-8"))
    judged = {(each["path"], each["function"], each["said"]) for each in kept}
    copies = copied(wanted.copies)
    found = list(all_mistakes(copies[0], known, wanted.only))
    sample = random.Random(wanted.seed).sample(found, min(wanted.count or len(found), len(found)))
    tried: list[Tried] = []
    for one in try_all(sample, known, copies):
        tried.append(one)
        tell(len(tried), one, judged)
    noticed = sum(one.outcome == "noticed" for one in tried)
    minutes = (time.monotonic() - began) / 60
    print(f"{noticed} of {len(tried)} noticed, of {len(found)} in all; {minutes:.0f} minutes")
    new = [one for one in tried if one.outcome != "noticed" and one.key not in judged]
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
