"""What a definition names outside of itself is there, or it is told with line and nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms import schema
from tests.workflows.walk import shipped
from workflows import Problem
from workflows.lint import check


def checked(folder: Path, key: str, *changes: tuple[str, str]) -> list[Problem]:
    """The problems of a shipped definition as an office's own, with some words changed."""
    text = shipped().get(key).text.replace(f"key: {key}", f"key: own_{key}", 1)
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong, 1)
    file = folder / f"own_{key}.yaml"
    file.write_text(text, "utf-8")
    return check(folder, file, forms=schema.keys())


@pytest.mark.parametrize(
    ("key", "right", "wrong", "told"),
    [
        (
            "micro_grant",
            "form: micro_grant_application",
            "form: micro_grant_aplication",
            "unknown form 'micro_grant_aplication': there is none; "
            "did you mean 'micro_grant_application'?",
        ),
        (
            "micro_grant",
            "form: short_report",
            "form: shortreport",
            "unknown form 'shortreport': there is none; did you mean 'short_report'?",
        ),
        (
            "micro_grant",
            "open_payment_request: {kind: payment_request, full: true}",
            "open_payment_request: {kind: payment_reqest, full: true}",
            "there is no definition 'payment_reqest'; did you mean 'payment_request'?",
        ),
        (
            "micro_grant",
            "open_payment_request: {kind: payment_request, full: true}",
            "open_payment_request: {kind: retention, full: true}",
            "'retention' has the record 'procedure', not 'payment_request'",
        ),
        (
            "micro_grant",
            "child_in: {kind: payment_request, states: [paid]}",
            "child_in: {kind: payment_request, states: [payd]}",
            "'payment_request' has no state 'payd'; did you mean 'paid'?",
        ),
        (
            "grant_case",
            "except: [co_signature, review_assignment, publication]",
            "except: [co_signature, review_asignment, publication]",
            "there is no definition 'review_asignment'; did you mean 'review_assignment'?",
        ),
        ("micro_grant", "second: [approver]", "second: [auditor]", "'auditor' may not confirm"),
        ("micro_grant", "record: application", "record: aplication", "did you mean 'application'?"),
        ("micro_grant", "tags: [notified]", "tags: [notifed]", "did you mean 'notified'?"),
        ("micro_grant", "{kind: award}", "{kind: awrd}", "did you mean 'award'?"),
    ],
)
def test_a_name_of_nothing_is_told_once_with_its_line(
    tmp_path: Path, key: str, right: str, wrong: str, told: str
) -> None:
    (problem,) = checked(tmp_path, key, (right, wrong))
    assert told in str(problem)
    lines = (tmp_path / f"own_{key}.yaml").read_text("utf-8").splitlines()
    near = lines[problem.line - 1 : problem.line + 14]
    assert any(wrong.partition(":")[2].strip(" {}[]") in line for line in near)


@pytest.mark.parametrize(
    ("key", "right", "told"),
    [
        ("micro_grant", "    tags: [draws_money]\n", "asks for money that is never paid"),
        ("micro_grant", "    tags: [notified]\n", "leads to no state with the tag 'notified'"),
        ("micro_grant", "    form: short_report\n", "hands in nothing that is known"),
        ("micro_grant", "    tags: [completing]\n", "hands in nothing that is known"),
        ("grant_case", "    tags: [draft]\n", "no state has the tag 'draft'"),
        ("review_assignment", "    tags: [counts]\n", "no state has the tag 'counts'"),
        ("review_assignment", "    tags: [in_progress]\n", "state 'in_progress' has no stage"),
        ("consent", "    tags: [refused]\n", "no state has the tag 'refused'"),
        ("payment_request", "    tags: [paid]\n", "no state has the tag 'paid'"),
    ],
)
def test_a_tag_without_which_something_would_fail_in_silence_is_missed(
    tmp_path: Path, key: str, right: str, told: str
) -> None:
    assert any(told in str(problem) for problem in checked(tmp_path, key, (right, "")))


def test_a_tag_of_another_record_is_told(tmp_path: Path) -> None:
    (problem,) = checked(
        tmp_path, "micro_grant", ("tags: [withdrawn]", "tags: [withdrawn, counts]")
    )
    assert "'counts' is no tag of a state of 'application'" in problem.what


def test_a_shipped_state_may_be_called_otherwise(tmp_path: Path) -> None:
    text = shipped().get("micro_grant").text
    renamed = text.replace("key: micro_grant", "key: own_grant").replace("accepted", "confirmed")
    (tmp_path / "own_grant.yaml").write_text(renamed, "utf-8")
    assert check(tmp_path, forms=schema.keys()) == []


def test_a_form_of_the_office_can_be_named(tmp_path: Path) -> None:
    own = ("form: micro_grant_application", "form: neighbourhood")
    (problem,) = checked(tmp_path, "micro_grant", own)
    assert problem.what == "unknown form 'neighbourhood'"
    assert check(tmp_path, forms={*schema.keys(), "neighbourhood"}) == []


def test_two_own_definitions_of_approvals_are_told(tmp_path: Path) -> None:
    assert checked(tmp_path, "approval") == []
    text = shipped().get("approval").text.replace("key: approval", "key: other_approval")
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    (problem,) = check(tmp_path, forms=schema.keys())
    assert "'own_approval' has the record 'approval' like 'other_approval'" in str(problem) or (
        "'other_approval' has the record 'approval' like 'own_approval'" in str(problem)
    )
