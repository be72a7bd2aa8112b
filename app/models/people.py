"""Who can log in: staff (beside Flask-AppBuilder's users), citizens, sending platforms, and their sessions."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigKey, Code, Key, Moment, Name, PublicId, UtcDateTime, belongs_to, by_value


class Team(Base):
    """A team of clerks with a queue of its own (referat)."""

    __tablename__ = "team"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[Name]


class StaffProfile(Base):
    """What we keep about a member of staff beside Flask-AppBuilder's user: team, position, second factor, language."""

    __tablename__ = "staff_profile"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("team"), index=True)
    language: Mapped[str] = mapped_column(sa.String(5), default="pl")
    totp_sealed: Mapped[str | None] = mapped_column(sa.Text)
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    shortcuts_on: Mapped[bool] = mapped_column(default=True)
    position: Mapped[str] = mapped_column(sa.String(80), default="")
    """What stands under the name in letters (stanowisko służbowe, KPA art. 54 § 1 and 107 § 1)."""

    user: Mapped[User] = relationship(User)
    team: Mapped[Team | None] = relationship()


class HolderKind(enum.StrEnum):
    """For whom a mailbox was opened (rodzaj podmiotu)."""

    PERSON = "person"
    ENTITY = "entity"


class Citizen(Base):
    """A holder of a mailbox (interesant). Never a Flask-AppBuilder user."""

    __tablename__ = "citizen"

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    login: Mapped[str] = mapped_column(sa.String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(256))
    kind: Mapped[HolderKind] = mapped_column(by_value(HolderKind))
    name: Mapped[Name]
    given_name: Mapped[str | None] = mapped_column(sa.String(100))
    surname: Mapped[str | None] = mapped_column(sa.String(100))
    email: Mapped[str] = mapped_column(sa.String(254), index=True)
    pesel_sealed: Mapped[str | None] = mapped_column(sa.Text)
    pesel_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    regon: Mapped[str | None] = mapped_column(sa.String(14))
    address: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    language: Mapped[str] = mapped_column(sa.String(5), default="pl")
    activated_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[Moment]


class Platform(Base):
    """Another system that may push packages to the API, known by name and a bearer token kept as a digest."""

    __tablename__ = "platform"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(100), unique=True)
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]


class Door(enum.StrEnum):
    """The two doors of the house."""

    OFFICE = "office"
    MAILBOX = "mailbox"


class WebSession(Base):
    """A log-in of one person at one door. The cookie holds a random token; the row holds only its digest."""

    __tablename__ = "web_session"
    __table_args__ = (
        sa.Index("ix_web_session_user_id", "user_id"),
        sa.Index("ix_web_session_citizen_id", "citizen_id"),
    )

    id: Mapped[Key]
    token_digest: Mapped[str] = mapped_column(sa.String(64), unique=True)
    door: Mapped[Door] = mapped_column(by_value(Door))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ab_user.id", ondelete="CASCADE"))
    citizen_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("citizen", ondelete="CASCADE"))
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ends_at: Mapped[dt.datetime] = mapped_column(UtcDateTime(), index=True)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    address: Mapped[str | None] = mapped_column(sa.String(45))
    agent: Mapped[str | None] = mapped_column(sa.String(200))


class Throttle(Base):
    """How often something failed for one key (`login:office:<folded name>`, `address:…`), and until when it waits."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    window_from: Mapped[Moment]
    blocked_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class SavedView(Base):
    """A list as one member of staff likes it: the query string of a register, under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("user_id", "register", "name"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id", ondelete="CASCADE"))
    register: Mapped[Code]
    name: Mapped[str] = mapped_column(sa.String(60))
    query: Mapped[str] = mapped_column(sa.String(1000))
