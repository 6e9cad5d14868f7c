"""The registry: an office's own definitions beside the shipped ones, each version fixed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import workflows
from tests.workflows.walk import shipped
from workflows import DefinitionError
from workflows.vocabulary import EFFECTS, FACTS

KEYS = [
    "approval", "co_signature", "grant_case", "interim_report", "micro_grant", "payment_request",
    "proof_of_use", "review_assignment",
]  # fmt: skip


def test_the_shipped_definitions() -> None:
    assert set(KEYS) <= set(shipped().keys())
    for definition in shipped().all():
        assert definition.sha256 == hashlib.sha256(definition.text.encode()).hexdigest()


def test_an_own_folder_adds_a_version_and_the_newest_counts(tmp_path: Path) -> None:
    own = shipped().get("approval")
    text = own.text.replace(f"version: {own.version}", f"version: {own.version + 1}")
    (tmp_path / "approval.yaml").write_text(text, encoding="utf-8")
    registry = workflows.load(tmp_path)
    assert registry.get("approval").version == own.version + 1
    assert registry.get("approval", own.version) == own


def test_a_released_version_can_not_change(tmp_path: Path) -> None:
    text = shipped().get("approval").text
    (tmp_path / "approval.yaml").write_text(text + "# other\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="exists with other text"):
        workflows.load(tmp_path)


def test_the_mistakes_of_all_files_come_together(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.yaml").write_text("key: [", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        workflows.load(tmp_path)
    assert {Path(one.file).name for one in caught.value.problems} == {"first.yaml", "second.yaml"}


def test_an_unknown_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'micro_grant'"):
        shipped().get("micro_grand")


def test_the_vocabulary_holds_nothing_that_no_definition_uses() -> None:
    definitions = shipped().all()
    facts = {name for one in definitions for names in one.facts.values() for name in names}
    effects = {
        call.name for one in definitions for arrow in one.transitions for call in arrow.effects
    }
    assert facts == set(FACTS)
    assert effects == set(EFFECTS)


def test_an_old_version_is_no_default_and_a_newer_one_is(tmp_path: Path) -> None:
    text = workflows.load().get("hearing").text
    newer, older = (
        workflows.parse(text.replace("version: 1", f"version: {number}", 1), f"{number}.yaml")
        for number in (7, 3)
    )
    registry = workflows.Registry([newer])
    registry.add(older, current=False)
    assert registry.get("hearing").version == 7
    registry.add(workflows.parse(text.replace("version: 1", "version: 9", 1), "9.yaml"))
    assert registry.get("hearing").version == 9
    registry.add(workflows.parse(text.replace("version: 1", "version: 12", 1), "12.yaml"),
                 current=False)  # fmt: skip
    assert registry.get("hearing").version == 9
    only = workflows.Registry([])
    only.add(older, current=False)
    assert only.get("hearing").version == 3


def test_a_file_that_can_not_be_read_is_named_at_its_first_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"key: \xff\xfe")
    with pytest.raises(workflows.DefinitionError) as caught:
        workflows.load(tmp_path)
    [problem] = caught.value.problems
    assert str(problem).startswith(f"{broken}:1:")
