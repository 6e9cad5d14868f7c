"""The doctor names what is missing or dangerous, and what to do about it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from funding_app.adapters.storage import FileStorage
from funding_app.cli import system_libraries
from funding_app.models import Document, Process, new_id
from funding_app.models.database import Database
from tests.fixtures.commands import Run
from tests.support.clamd import clamd
from tests.support.servers import free_port

pytestmark = pytest.mark.slow

SCANNER = free_port()
PRODUCTION = {
    "FUNDING_ENV": "production",
    "FUNDING_SECRET_KEY": "nQ8x-Kd72_mPzR4vLw0TbYc61jHsEaUi",
    "FUNDING_BASE_URL": "https://foerderung.example",
    "FUNDING_MAIL_URL": "smtp://mail.example:587",
    "FUNDING_TRUSTED_PROXIES": "1",
    "FUNDING_CLAMD": f"tcp://127.0.0.1:{SCANNER}",
}


@pytest.fixture(autouse=True, scope="module")
def scanner() -> Iterator[None]:
    with clamd(SCANNER):
        yield


def findings(funding: Run, **changes: str) -> dict[str, dict[str, str]]:
    done = funding("doctor", "--json", **changes)
    found = {one["code"]: one for one in json.loads(done.stdout)}
    assert all(one["remedy"] for one in found.values())
    assert done.returncode == (1 if "problem" in {one["weight"] for one in found.values()} else 0)
    return found


def test_sound_installation_is_well(funding: Run) -> None:
    funding("migrate", **PRODUCTION)
    assert findings(funding, **PRODUCTION) == {}
    assert funding("doctor", **PRODUCTION).stdout == "all is well\n"


def test_test_mode_is_a_hint_only(funding: Run) -> None:
    funding("migrate")
    assert {code: one["weight"] for code, one in findings(funding).items()} == {
        "not_production": "hint"
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"FUNDING_SECRET_KEY": ""}, "settings_unusable"),
        ({"FUNDING_SECRET_KEY": "geheim" * 8}, "secret_weak"),
        ({"FUNDING_BASE_URL": "http://foerderung.example"}, "base_url_http"),
        ({"FUNDING_BASE_URL": "http://127.0.0.1:8000"}, "base_url_local"),
        ({"FUNDING_TRUSTED_PROXIES": "0"}, "proxies_unset"),
        ({"FUNDING_MAIL_URL": ""}, "mail_unset"),
        ({"FUNDING_CLAMD": ""}, "scanner_unset"),
        ({"FUNDING_CLAMD": f"tcp://127.0.0.1:{free_port()}"}, "scanner_unreachable"),
        ({"FUNDING_SECRETKEY": "x"}, "variable_unknown"),
        ({"FUNDING_TEST_CLOCK": "clock"}, "test_clock_set"),
        ({"FUNDING_REDIS_URL": f"redis://127.0.0.1:{free_port()}"}, "redis_unreachable"),
        ({"FUNDING_DATABASE_URL": "postgresql+psycopg://a@127.0.0.1:1/b"}, "database_unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_danger_is_named(funding: Run, changes: dict[str, str], code: str) -> None:
    funding("migrate", **PRODUCTION)
    assert set(findings(funding, **PRODUCTION | changes)) == {code}


def test_schema_behind_is_named(funding: Run) -> None:
    found = findings(funding, **PRODUCTION)
    assert found["schema_behind"]["remedy"] == "funding migrate"


def test_data_folder_that_can_not_be_written_is_named(funding: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert "data_dir_not_writable" in findings(funding, FUNDING_DATA_DIR=str(file / "data"))


def test_full_disk_is_named(funding: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    funding("migrate")
    usage = shutil.disk_usage("/")._replace(free=5 * 1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert "5 MB" in findings(funding)["disk_nearly_full"]["what"]


@pytest.mark.both_databases
def test_superuser_of_the_database_is_named(funding: Run, database_url: str) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has no roles")
    place = PRODUCTION | {"FUNDING_DATABASE_URL": database_url}
    funding("migrate", **place)
    assert set(findings(funding, **place)) == {"database_superuser"}


def test_broken_definition_is_named(funding: Run, tmp_path: Path) -> None:
    funding("migrate")
    (tmp_path / "bad.yaml").write_text("key: bad\n", "utf-8")
    assert (
        "bad.yaml:"
        in findings(funding, FUNDING_WORKFLOWS_DIR=str(tmp_path))["definition_wrong"]["what"]
    )


def test_missing_library_is_named_with_its_package(
    funding: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by the server, which goes on without it."""
    absent = system_libraries.Library("libabsent.so.7", "music", "libabsent7")
    nowhere = system_libraries.Library("no-such-program", "dance", "no-such-package")
    monkeypatch.setattr(system_libraries, "LIBRARIES", (absent, nowhere))
    done = funding("doctor")
    assert done.returncode == 1
    assert "apt-get install libabsent7" in done.stdout
    assert "apt-get install no-such-package" in done.stdout
    served = funding("serve", "--host", "256.0.0.1", "--no-worker")
    assert "libabsent.so.7 is missing" in served.stderr
    assert "apt-get install libabsent7" in served.stderr
    assert "cannot listen" in served.stderr, "it went on"


def test_library_without_which_nothing_loads_is_named(
    funding: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(name: str) -> None:
        raise ImportError("failed to find libabsent")

    monkeypatch.setattr("funding_app.cli.import_module", failing)
    absent = system_libraries.Library("libabsent.so.7", "music", "libabsent7")
    monkeypatch.setattr(system_libraries, "LIBRARIES", (absent,))
    done = funding("serve")
    assert done.returncode == 2
    assert "apt-get install libabsent7" in done.stderr
    monkeypatch.setattr(system_libraries, "LIBRARIES", ())
    with pytest.raises(ImportError):
        funding("serve")


def test_lost_files_are_named(funding: Run, tmp_path: Path) -> None:
    funding("migrate")
    data, now = tmp_path / "data", datetime(2026, 11, 29, tzinfo=UTC)
    kept = FileStorage(data / "files").put(b"still there")
    database = Database(f"sqlite:///{data / 'funding.sqlite3'}")
    process_id = new_id()
    with database.write() as session:
        row = Process(
            id=process_id, root_id=process_id, definition_key="call", definition_version=1,
            state="draft", created_at=now, updated_at=now, entered_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        for number, sha256 in enumerate((kept, "ab" * 32)):
            session.add(
                Document(
                    process_id=process_id, kind="award", number=number, title="", context={},
                    requested_at=now, sha256=sha256,
                )
            )  # fmt: skip
    database.dispose()
    found = findings(funding)["files_lost"]
    assert found["what"] == f"1 stored files are missing: {'ab' * 32}"
    assert str(data / "files") in found["remedy"]
