"""The revocation list of the certification centre as anybody may fetch it."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.orm import Session

from app.equipment import Equipment
from app.models import CentreCertificate
from app.pki.authority import Revoked, make_crl
from app.usecases.centre import issuer_in_use


def newest_edition(session: Session, at: dt.datetime) -> dt.datetime:
    """Return when the list in force at `at` was made: this midnight (UTC), or the last revocation since."""
    midnight = at.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    latest = session.scalar(
        sa.select(sa.func.max(CentreCertificate.revoked_at)).where(CentreCertificate.revoked_at <= at)
    )
    return max(midnight, latest.replace(microsecond=0)) if latest else midnight


def published_crl(session: Session, edition: dt.datetime, *, equipment: Equipment) -> bytes:
    """Return the list made at `edition` as DER: the same rows give the same bytes; nothing is written.

    Raises:
        Refused: `centre-missing` before `office setup`.
    """
    until = edition + dt.timedelta(seconds=1)
    rows = session.scalars(
        sa.select(CentreCertificate).where(CentreCertificate.revoked_at < until).order_by(CentreCertificate.id)
    )
    revoked = [
        Revoked(int(row.serial), row.revoked_at, x509.ReasonFlags(row.revocation_reason or "unspecified"))
        for row in rows
        if row.revoked_at is not None
    ]
    issuer = issuer_in_use(session, equipment=equipment)
    return make_crl(issuer, revoked, int(edition.timestamp()), edition).public_bytes(Encoding.DER)
