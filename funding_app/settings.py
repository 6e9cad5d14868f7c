"""The environment, read once, with defaults that are safe (see `docs/operating.md`)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from funding_app.adapters.clock import Clock, file_clock, system_clock

SHORTEST_SECRET = 32
DEMO_SECRET = "synthetic-demo-secret-not-for-production-use"


class SettingsError(Exception):
    """The environment is not usable; the text says which variable and what it needs."""


class Settings(BaseSettings):
    """Everything an installation can set, each as `FUNDING_…`."""

    model_config = SettingsConfigDict(env_prefix="FUNDING_", frozen=True)

    env: Literal["production", "demo", "test"] = "production"
    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    secret_key: SecretStr = SecretStr("")
    storage_url: str = ""
    mail_url: str = ""
    clamd: str = ""
    base_url: str = "http://127.0.0.1:8000"
    workflows_dir: Path | None = None
    test_clock: Path | None = None
    trusted_proxies: int = Field(default=0, ge=0)
    site_name: str = "Förderportal"

    @model_validator(mode="after")
    def _needs_a_secret(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if self.env == "production" and len(secret) < SHORTEST_SECRET:
            raise ValueError(
                f"FUNDING_SECRET_KEY needs at least {SHORTEST_SECRET} characters in production; "
                "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return self

    @model_validator(mode="after")
    def _keeps_files_in_a_folder(self) -> Self:
        kept = urlsplit(self.storage_url)
        if kept.scheme not in ("", "file") or kept.netloc:
            raise ValueError(
                "FUNDING_STORAGE_URL names a folder, such as file:///srv/funding/files; "
                "object stores are not supported"
            )
        return self

    @model_validator(mode="after")
    def _knows_the_way_to_the_scanner(self) -> Self:
        scanner = urlsplit(self.clamd)
        by_tcp = scanner.scheme == "tcp" and scanner.hostname
        by_socket = scanner.scheme == "unix" and scanner.path
        if self.clamd and not by_tcp and not by_socket:
            raise ValueError(
                "FUNDING_CLAMD names the socket of a clamd, such as tcp://127.0.0.1:3310 or "
                "unix:///run/clamav/clamd.ctl"
            )
        return self

    @property
    def clock(self) -> Clock:
        """Business time; a test may let it stand where a file says."""
        if self.env == "test" and self.test_clock:
            return file_clock(self.test_clock)
        return system_clock

    @property
    def is_demo(self) -> bool:
        return self.env == "demo"

    @property
    def secret(self) -> str:
        return self.secret_key.get_secret_value() or DEMO_SECRET

    @property
    def database(self) -> str:
        """The database's address; without one, SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'funding.sqlite3'}"

    @property
    def storage_dir(self) -> Path:
        named = unquote(urlsplit(self.storage_url).path)
        return Path(named) if named else self.data_dir / "files"

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "outbox"

    def prepare(self) -> None:
        """Makes the data folders."""
        for folder in (self.data_dir, self.storage_dir, self.mail_dir):
            folder.mkdir(parents=True, exist_ok=True)


def load_settings(**overrides: object) -> Settings:
    """The settings of the environment; raises `SettingsError` with readable reasons."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        reasons = "; ".join(item["msg"].removeprefix("Value error, ") for item in error.errors())
        raise SettingsError(reasons) from error
