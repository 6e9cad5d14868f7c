"""The environment: what is refused, and where things are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from funding_app.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("url", "folder"),
    [("", "var/files"), ("/srv/files", "/srv/files"), ("file:///srv/a%20b", "/srv/a b")],
)
def test_files_are_kept_where_it_is_said(url: str, folder: str) -> None:
    assert load_settings(env="test", storage_url=url).storage_dir == Path(folder)


@pytest.mark.parametrize("url", ["s3://bucket", "file://server/share", "https://x.example"])
def test_other_stores_are_refused_in_words(url: str) -> None:
    with pytest.raises(SettingsError, match="FUNDING_STORAGE_URL names a folder"):
        load_settings(env="test", storage_url=url)


def test_production_needs_a_secret_and_says_how_to_make_one() -> None:
    with pytest.raises(SettingsError, match=r"secrets\.token_urlsafe"):
        load_settings(env="production", secret_key="short")
