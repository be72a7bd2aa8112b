"""What the office seals: its seals, receipts (UPO), and the certification centre's certificates."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigKey, Key, Moment, Name, PublicId, UtcDateTime, belongs_to, by_value
from app.models.package import Package


class Seal(Base):
    """A seal certificate of the office. Old ones stay: receipts sealed with them are still checked."""

    __tablename__ = "seal"

    id: Mapped[Key]
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    chain: Mapped[bytes] = mapped_column(sa.LargeBinary)
    key_sealed: Mapped[str] = mapped_column(sa.Text)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    not_before: Mapped[Moment]
    not_after: Mapped[Moment]
    in_use: Mapped[bool]
    added_at: Mapped[Moment]


class ReceiptKind(enum.StrEnum):
    """UPP for what came in; UPD for what was served."""

    UPP = "upp"
    UPD = "upd"


class Receipt(Base):
    """An official receipt (UPO). One per accepted package (invariant I3); the bytes never change."""

    __tablename__ = "receipt"
    __table_args__ = (
        sa.Index("ix_receipt_issued_at_id", "issued_at", "id"),
        sa.Index("ix_receipt_pdf_sha256", "pdf_sha256"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[ReceiptKind] = mapped_column(by_value(ReceiptKind))
    package_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("package"), unique=True)
    seal_id: Mapped[int] = mapped_column(BigKey, belongs_to("seal"))
    issued_at: Mapped[Moment]
    sender_name: Mapped[Name]
    xml_sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    pdf_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    """`None` until the worker has printed it."""

    package: Mapped[Package | None] = relationship(back_populates="receipt")
    seal: Mapped[Seal] = relationship()


class CentreAuthority(Base):
    """A certificate of the certification centre that signs others: the root or an issuing one."""

    __tablename__ = "centre_authority"

    id: Mapped[Key]
    role: Mapped[str] = mapped_column(sa.String(12))
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    key_sealed: Mapped[str | None] = mapped_column(sa.Text)
    not_after: Mapped[Moment]
    in_use: Mapped[bool]


class CentreCertificate(Base):
    """A signing certificate that the centre issued to a citizen."""

    __tablename__ = "centre_certificate"

    id: Mapped[Key]
    serial: Mapped[str] = mapped_column(sa.String(60), unique=True)
    citizen_id: Mapped[int] = mapped_column(BigKey, belongs_to("citizen"), index=True)
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    not_before: Mapped[Moment]
    not_after: Mapped[Moment]
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    revocation_reason: Mapped[str | None] = mapped_column(sa.String(32))
