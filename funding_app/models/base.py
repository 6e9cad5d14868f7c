"""The declarative base, and ids that sort by time."""

from __future__ import annotations

import uuid

import uuid_utils.compat
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Named constraints throughout, because migrations on SQLite need the names."""

    metadata = MetaData(naming_convention=NAMES)


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): unique, and ordered by its time of birth."""
    return uuid_utils.compat.uuid7()
