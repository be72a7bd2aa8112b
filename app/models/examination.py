"""What clerks found out about a case: a verdict on each required document, determinations, fees proved, notes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.procedures.facts import Verdict
from app.models.base import Authored, Base, BigKey, Code, Key, Moment, UtcDateTime, belongs_to, by_value
from app.models.case import Document


class DocumentVerdict(Authored, Base):
    """What a clerk found of one required document; the newest of its `kind` counts. Never changed, never deleted."""

    __tablename__ = "document_verdict"
    __table_args__ = (sa.Index("ix_document_verdict_case_id_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    kind: Mapped[Code]
    document_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("document"))
    verdict: Mapped[Verdict] = mapped_column(by_value(Verdict))
    reason: Mapped[str | None] = mapped_column(sa.Text)

    document: Mapped[Document | None] = relationship()


class Determination(Authored, Base):
    """Something that a clerk determined (ustalenie, KPA art. 72) and that a step asks for; the newest of a code counts.

    Codes are those of `app/domain/determinations.py`. `holds` is false where it was taken back.
    """

    __tablename__ = "determination"
    __table_args__ = (sa.Index("ix_determination_case_id_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    code: Mapped[Code]
    holds: Mapped[bool]
    text: Mapped[str | None] = mapped_column(sa.Text)
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class Fee(Base):
    """A fee of a case: what is due by the dictionary, and how it was proved."""

    __tablename__ = "fee"
    __table_args__ = (sa.UniqueConstraint("case_id", "code"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    code: Mapped[Code]
    grosze: Mapped[int]
    law: Mapped[str] = mapped_column(sa.String(120))
    proved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    proof: Mapped[str | None] = mapped_column(sa.String(200))


class Note(Authored, Base):
    """A clerk's note for colleagues. Never sent to anybody."""

    __tablename__ = "note"
    __table_args__ = (sa.Index("ix_note_case_id_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    text: Mapped[str] = mapped_column(sa.Text)


class Presence(Base):
    """Who has a case open now. Swept after a day; it proves nothing."""

    __tablename__ = "presence"

    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[Moment]

    user: Mapped[User] = relationship(User)
