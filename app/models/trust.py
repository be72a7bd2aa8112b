"""Whom the office trusts when it judges signatures: anchors, revocation lists, and where lists are published."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, BigKey, Code, Key, Moment, Name, Sha256, UtcDateTime, belongs_to

LONGEST_ADDRESS = 1000
"""Characters; a list for a longer address is not taken, a point with a longer one not noted."""


class TrustAnchor(Base):
    """A certificate that the office trusts as the end of a chain, for a purpose and a period."""

    __tablename__ = "trust_anchor"

    id: Mapped[Key]
    name: Mapped[Name]
    certificate: Mapped[bytes] = mapped_column(sa.LargeBinary)
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    purpose: Mapped[Code]
    identity: Mapped[Code]
    valid_from: Mapped[Moment]
    valid_until: Mapped[Moment]
    source: Mapped[str] = mapped_column(sa.String(200))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    __table_args__ = (sa.UniqueConstraint("fingerprint", "purpose"),)


class RevocationList(Base):
    """A CRL that arrived, was verified once, and whose serials are kept below.

    `users`, `authorities`: of whose certificates it speaks. Neither: it was taken in before that was kept; whom it
    names is withdrawn, its silence proves nothing. `points`: only of certificates that name one of these addresses.
    """

    __tablename__ = "revocation_list"
    __table_args__ = (sa.Index(None, "issuer_key", "this_update"),)

    id: Mapped[Key]
    issuer_key: Mapped[str] = mapped_column(sa.String(64))
    issuer_name: Mapped[str] = mapped_column(sa.String(300))
    number: Mapped[str] = mapped_column(sa.String(50))
    this_update: Mapped[Moment]
    next_update: Mapped[Moment]
    sha256: Mapped[Sha256] = mapped_column(unique=True)
    users: Mapped[bool]
    authorities: Mapped[bool]
    added_at: Mapped[Moment]

    points: Mapped[list[RevocationPoint]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class RevocationPoint(Base):
    """An address for whose certificates alone a CRL speaks."""

    __tablename__ = "revocation_point"

    list_id: Mapped[int] = mapped_column(BigKey, belongs_to("revocation_list", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(LONGEST_ADDRESS), primary_key=True)


class RevokedSerial(Base):
    """One revoked certificate of one CRL."""

    __tablename__ = "revoked_serial"

    list_id: Mapped[int] = mapped_column(BigKey, belongs_to("revocation_list", ondelete="CASCADE"), primary_key=True)
    serial: Mapped[str] = mapped_column(sa.String(60), primary_key=True, index=True)
    revoked_at: Mapped[Moment]
    reason: Mapped[str | None] = mapped_column(sa.String(32))


class DistributionPoint(Base):
    """Where an issuer publishes its CRL, as a certificate says of which nobody could tell whether it was withdrawn.

    `issuer` is its certificate (DER), whose chain ended in an anchor. `address` is empty where the certificate named
    none: the list comes by hand. `due_at`: when it is fetched next; `valid_until`: of the list that came last.
    """

    __tablename__ = "distribution_point"
    __table_args__ = (sa.UniqueConstraint("issuer_key", "address"),)

    id: Mapped[Key]
    issuer_key: Mapped[str] = mapped_column(sa.String(64))
    issuer_name: Mapped[str] = mapped_column(sa.String(300))
    issuer: Mapped[bytes] = mapped_column(sa.LargeBinary)
    address: Mapped[str] = mapped_column(sa.String(LONGEST_ADDRESS))
    added_at: Mapped[Moment]
    due_at: Mapped[Moment]
    tried_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    fetched_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    valid_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    failure: Mapped[str | None] = mapped_column(sa.String(48))
