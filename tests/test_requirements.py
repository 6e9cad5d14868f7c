"""What pyproject.toml asks for is what the hashed requirements install."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _name(requirement: str) -> str:
    """The distribution of a requirement, as PEP 503 compares names."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~;\s]", requirement, maxsplit=1)[0]).lower()


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("prod.txt", PROJECT["dependencies"]),
        ("dev.txt", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_every_dependency_is_pinned_with_its_hashes(file, wanted):
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    pinned = dict(
        re.findall(r"^([a-z0-9-]+)==[^\\\n]+\\\n\s+(--hash=sha256:[0-9a-f]{64})", text, re.M)
    )
    assert sorted(_name(each) for each in wanted if _name(each) not in pinned) == []


@pytest.mark.parametrize("file", ["prod.txt", "dev.txt", "build.txt"])
def test_no_address_of_a_registry_is_written_down(file):
    assert "://" not in (ROOT / "requirements" / file).read_text(encoding="utf-8")
