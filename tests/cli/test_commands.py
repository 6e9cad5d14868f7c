"""What every command promises: help, facts for programs, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from funding_app.cli import COMMANDS, Commands, main
from funding_app.models.database import Database
from funding_app.services.people.accounts import verified
from tests.fixtures.commands import Run


def leaves(group: click.Group, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        if isinstance(command, click.Group):
            found += leaves(command, (*words, name))
        else:
            found.append((*words, name))
    return found


assert isinstance(main, Commands)
LEAVES = leaves(main)


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_command_says_what_it_does(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*words, "--help"])
    assert done.exit_code == 0
    assert len(done.output.split("Options:")[0].splitlines()) > 2, "it says nothing"


@pytest.mark.parametrize("words", LEAVES, ids=" ".join)
def test_every_option_says_what_it_is(words: tuple[str, ...]) -> None:
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    options = [param for param in command.params if isinstance(param, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_main_help_lists_all_commands() -> None:
    done = CliRunner().invoke(main, ["--help"])
    assert all(f"  {name} " in done.output for name in COMMANDS)


def test_unknown_command_is_an_unusable_argument(funding: Run) -> None:
    done = funding("no-such-command")
    assert done.returncode == 2
    assert "no-such-command" in done.stderr


def test_empty_database_is_an_unusable_environment(funding: Run) -> None:
    done = funding("outbox", "status")
    assert done.returncode == 2
    assert "funding migrate" in done.stderr


def test_unreachable_database_is_an_unusable_environment(funding: Run) -> None:
    address = "postgresql+psycopg://nobody:geheim@127.0.0.1:1/none"
    done = funding("outbox", "status", FUNDING_DATABASE_URL=address)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_migrating_twice_changes_nothing(funding: Run) -> None:
    first, second = funding("migrate"), funding("migrate")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "→" in first.stdout
    assert "→" not in second.stdout


def test_facts_for_programs_are_json(funding: Run) -> None:
    funding("migrate")
    assert json.loads(funding("outbox", "status", "--json").stdout) == {"states": {}, "failed": []}
    assert json.loads(funding("outbox", "sweep", "--json").stdout) == {"done": 0}
    assert json.loads(funding("timers", "run", "--json").stdout) == {"fired": 0}
    assert json.loads(funding("audit", "verify", "--json").stdout) == []


def test_account_gets_a_token_that_is_printed_once(funding: Run) -> None:
    funding("migrate")
    made = funding("user", "create", "--email", "Olga@amt.example", "--role", "case_officer")
    assert made.returncode == 0, made.stderr
    printed = funding("token", "create", "--email", "olga@amt.example")
    assert printed.returncode == 0
    assert len(printed.stdout.strip()) > 30
    assert funding("token", "create", "--email", "niemand@amt.example").returncode == 1


def test_a_new_password_is_printed_once_and_signs_in(
    funding: Run, environment: dict[str, str]
) -> None:
    funding("migrate")
    funding("user", "create", "--email", "olga@amt.example", "--role", "case_officer")
    printed = funding("user", "password", "--email", "Olga@amt.example")
    assert printed.returncode == 0, printed.stderr
    database = Database(f"sqlite:///{environment['FUNDING_DATA_DIR']}/funding.sqlite3")
    with database.read() as session:
        for password, welcome in ((printed.stdout.strip(), True), ("guessed", False)):
            account = verified(session, "olga@amt.example", password)
            assert (account is not None) is welcome
    assert funding("user", "password", "--email", "niemand@amt.example").returncode == 1


def test_roles_of_ministries_need_a_scope(funding: Run) -> None:
    done = funding("user", "create", "--email", "m@amt.example", "--role", "ministry_signatory")
    assert done.returncode == 2
    assert "--scope" in done.stderr


def test_anchors_must_be_seals(funding: Run, tmp_path: Path) -> None:
    file = tmp_path / "anchors.json"
    file.write_text('{"a": 1}')
    done = funding("audit", "verify", "--anchors", file)
    assert done.returncode == 2
    assert "holds no seals" in done.stderr
