"""The scanner's protocol against a server that speaks it, and against one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from funding_app.adapters import scanning
from funding_app.adapters.scanning import Clamd, ScanFailed, ScannerUnreachable
from funding_app.settings import SettingsError, load_settings
from tests.support.clamd import EICAR, MALWARE, clamd
from tests.support.servers import free_port


def test_verdicts_by_tcp_and_by_socket(tmp_path: Path) -> None:
    large = bytes(range(256)) * 12_000  # several chunks, the last one not full
    with clamd() as by_tcp, clamd(path=str(tmp_path / "clamd.ctl")) as by_socket:
        for fake in (by_tcp, by_socket):
            scanner = Clamd(fake.address)
            scanner.ping()
            assert scanner.scan(b"nothing wrong") == ""
            assert scanner.scan(large[:-7]) == ""
            assert scanner.scan(large + EICAR) == MALWARE
            assert scanner.scan(b"") == ""
            assert fake.seen == [b"nothing wrong", large[:-7], large + EICAR, b""]


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        ("slow", "timed out"),
        ("broken", "nothing"),
        ("small", "size limit exceeded"),
        ("foreign", "ESMTP"),
    ],
)
def test_no_verdict_is_not_taken_for_clean(mood: str, says: str) -> None:
    with clamd() as fake:
        fake.mood = mood
        scanner = Clamd(fake.address, seconds=0.5)
        with pytest.raises(ScanFailed, match=says) as failed:
            scanner.scan(b"x" * 5_000_000)
        assert not isinstance(failed.value, ScannerUnreachable)
        fake.mood = "well"
        assert scanner.scan(b"x") == ""


def test_scanner_that_is_down_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    scanner = Clamd(f"tcp://127.0.0.1:{port}")
    with pytest.raises(ScannerUnreachable, match="does not answer"):
        scanner.scan(b"x")
    with clamd(port) as fake:
        with pytest.raises(ScannerUnreachable, match="a moment ago"):
            scanner.scan(b"x")
        assert fake.seen == []
        monkeypatch.setattr(scanner, "_down_until", 0.0)
        assert scanner.scan(b"x") == ""
    assert scanning.scanner_for("") is None


@pytest.mark.parametrize("address", ["127.0.0.1:3310", "http://x", "tcp://", "unix:", "clamd.ctl"])
def test_address_that_is_none_is_refused_in_words(address: str) -> None:
    with pytest.raises(SettingsError, match="FUNDING_CLAMD names the socket"):
        load_settings(env="test", clamd=address)
