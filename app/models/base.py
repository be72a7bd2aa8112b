"""What every mapped class is made of: the base, the moments, the enumerations, the keys."""

from __future__ import annotations

import datetime as dt
import enum
import secrets
from typing import Annotated, Any

import sqlalchemy as sa
from flask_appbuilder import Model as FabModel
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.domain.acts import Act

# One metadata for Flask-AppBuilder's tables and ours, so that migrations see all of them.
FabModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of the house, on the registry of Flask-AppBuilder."""

    registry = FabModel.registry


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """A moment: aware and in UTC on the Python side, whatever the database keeps."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse naive moments; SQLite keeps them as naive UTC, which sorts as text."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment must be aware")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return the moment as aware UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def by_value(kind: type[enum.Enum], length: int = 32) -> sa.Enum:
    """Return the column type of an enumeration that is stored by value and checked by the database."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=length,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def new_public_id() -> str:
    """Return an identifier for addresses that nobody can guess or count: 96 random bits, URL-safe."""
    return secrets.token_urlsafe(12)


BigKey = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

Key = Annotated[int, mapped_column(BigKey, primary_key=True)]
PublicId = Annotated[str, mapped_column(sa.String(24), default=new_public_id, unique=True)]
Moment = Annotated[dt.datetime, mapped_column(UtcDateTime())]
Sha256 = Annotated[str, mapped_column(sa.String(64))]
Code = Annotated[str, mapped_column(sa.String(48))]
Name = Annotated[str, mapped_column(sa.String(200))]


class Authored:
    """Who wrote a row of history, and when; the name stays as it was at that moment."""

    at: Mapped[Moment]
    actor_kind: Mapped[str] = mapped_column(sa.String(12))
    actor_id: Mapped[int | None] = mapped_column(BigKey)
    actor_name: Mapped[Name]


def authored(act: Act) -> dict[str, Any]:
    """Return the columns of `Authored` for what `act` does."""
    return {
        "at": act.at,
        "actor_kind": act.actor.kind.value,
        "actor_id": act.actor.id,
        "actor_name": act.actor.name,
    }


def belongs_to(table: str, *, ondelete: str = "RESTRICT") -> sa.ForeignKey:
    """Return a foreign key to `table`.id; rows of the office are never deleted from under others."""
    return sa.ForeignKey(f"{table}.id", ondelete=ondelete)
