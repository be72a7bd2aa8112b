"""What arrived: packages as they came, their members, how their signatures were judged, and the files behind it all."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigKey, Key, Moment, Name, PublicId, Sha256, UtcDateTime, belongs_to, by_value
from app.models.people import Citizen, Platform

if TYPE_CHECKING:
    from app.models.case import Case
    from app.models.receipt import Receipt


class StoredFile(Base):
    """Bytes that the office keeps, named by their SHA-256. A row without its bytes is an alarm (invariant I7)."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    stored_at: Mapped[Moment]


class Channel(enum.StrEnum):
    """By which way a package came in."""

    MAILBOX = "mailbox"
    API = "api"
    IMPORT = "import"


class PackageState(enum.StrEnum):
    """How far a package is: acknowledged, then judged for good."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Outcome(enum.StrEnum):
    """What judging a package came to."""

    VALID = "valid"
    UNDECIDED = "undecided"
    INVALID = "invalid"
    UNREADABLE = "unreadable"


REFUSED = frozenset({Outcome.INVALID, Outcome.UNREADABLE})
"""What a package is refused for when it is first judged."""


class Purpose(enum.StrEnum):
    """What a package wants of the office."""

    APPLICATION = "application"
    SUPPLEMENT = "supplement"
    ANSWER = "answer"


class Package(Base):
    """One e-package of one sender. The same bytes from the same sender are one package (invariant I2)."""

    __tablename__ = "package"
    __table_args__ = (
        # What was refused may be sent again, with its signature beside it this time.
        sa.Index(
            "uq_package_sha256_sender_key",
            "sha256",
            "sender_key",
            unique=True,
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        ),
        sa.Index("ix_package_received_at_id", "received_at", "id"),
        sa.Index("ix_package_state_id", "state", "id"),
        sa.Index("ix_package_outcome_id", "outcome", "id"),
        sa.Index("ix_package_citizen_id_id", "citizen_id", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    companion_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    filename: Mapped[str] = mapped_column(sa.String(255))
    received_at: Mapped[Moment]
    channel: Mapped[Channel] = mapped_column(by_value(Channel))
    sender_key: Mapped[str] = mapped_column(sa.String(80))
    sender_name: Mapped[Name]
    citizen_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("citizen"))
    platform_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("platform"), index=True)
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(200))
    state: Mapped[PackageState] = mapped_column(by_value(PackageState), default=PackageState.RECEIVED)
    outcome: Mapped[Outcome | None] = mapped_column(by_value(Outcome))
    reasons: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    container: Mapped[str | None] = mapped_column(sa.String(12))
    purpose: Mapped[Purpose | None] = mapped_column(by_value(Purpose))
    procedure: Mapped[str | None] = mapped_column(sa.String(24))
    form_problem: Mapped[str | None] = mapped_column(sa.String(48))
    case_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    scanned: Mapped[str] = mapped_column(sa.String(12), default="not-scanned")

    citizen: Mapped[Citizen | None] = relationship()
    platform: Mapped[Platform | None] = relationship()
    case: Mapped[Case | None] = relationship(back_populates="packages")
    members: Mapped[list[PackageMember]] = relationship(back_populates="package", order_by="PackageMember.position")
    verifications: Mapped[list[Verification]] = relationship(back_populates="package", order_by="Verification.id")
    receipt: Mapped[Receipt | None] = relationship(back_populates="package")

    @property
    def judged_at(self) -> dt.datetime | None:
        """When it was judged last."""
        return self.verifications[-1].at if self.verifications else None


class PackageMember(Base):
    """A file inside a package, as it stood in the container."""

    __tablename__ = "package_member"
    __table_args__ = (sa.UniqueConstraint("package_id", "position"),)

    id: Mapped[Key]
    package_id: Mapped[int] = mapped_column(BigKey, belongs_to("package"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[Sha256]
    media: Mapped[str] = mapped_column(sa.String(100))
    signed: Mapped[bool]
    flags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    pages: Mapped[int | None]

    package: Mapped[Package] = relationship(back_populates="members")


class Verification(Base):
    """One judging of a package. Judging again adds a row (see `rejudge`); nothing here is ever changed."""

    __tablename__ = "verification"

    id: Mapped[Key]
    package_id: Mapped[int] = mapped_column(BigKey, belongs_to("package"), index=True)
    at: Mapped[Moment]
    judged_for: Mapped[Moment]
    rules: Mapped[str] = mapped_column(sa.String(20))
    outcome: Mapped[Outcome] = mapped_column(by_value(Outcome))
    reasons: Mapped[list[str]] = mapped_column(sa.JSON)
    anchors: Mapped[list[str]] = mapped_column(sa.JSON)
    revocation: Mapped[list[Any]] = mapped_column(sa.JSON)
    report: Mapped[dict[str, Any]] = mapped_column(sa.JSON)

    package: Mapped[Package] = relationship(back_populates="verifications")


class NumberSeries(Base):
    """The last number given in a series (`package:2026`, `receipt:2026`, `case:KM:5410:2026`), gap-free."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    last: Mapped[int] = mapped_column(sa.BigInteger)
