"""Whom the office trusts when it judges a package: the registers of anchors and of revocations, as a trust store."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.equipment import Equipment
from app.models import (
    CentreAuthority,
    CentreCertificate,
    RevocationList,
    RevocationPoint,
    RevokedSerial,
    TrustAnchor,
)
from app.pki.crl import distribution_points, is_authority
from app.pki.ocsp_client import OcspOverHttp
from app.pki.revocation import RevocationAnswer, Sources
from app.pki.trust_store import Anchor, Purpose, TrustStore
from app.pki.verdicts import Identity
from app.pki.withdrawal import HOLD, NO_DATA, Statement, Withdrawal, answer
from app.usecases.record import record

_REVOKED = sa.select(CentreCertificate.revoked_at, CentreCertificate.revocation_reason).where(
    CentreCertificate.serial == sa.bindparam("serial")
)
_ANCHORS = (
    sa.select(
        TrustAnchor.id,
        TrustAnchor.fingerprint,
        TrustAnchor.certificate,
        TrustAnchor.purpose,
        TrustAnchor.identity,
        TrustAnchor.valid_from,
        TrustAnchor.valid_until,
        TrustAnchor.name,
    )
    .where(TrustAnchor.withdrawn_at.is_(None))
    .order_by(TrustAnchor.id)
)
_AnchorRow = sa.Row[int, str, bytes, str, str, dt.datetime | None, dt.datetime | None, str]
# People's own signatures often come without the certificate between theirs and the root: lend them ours.
_OURS = sa.select(CentreAuthority.role, CentreAuthority.certificate)

_Told = sa.Row[str, str, dt.datetime, dt.datetime, dt.datetime | None, str | None]
_TOLD = (
    sa.select(
        RevocationList.number,
        RevocationList.issuer_name,
        RevocationList.this_update,
        RevocationList.next_update,
        RevokedSerial.revoked_at,
        RevokedSerial.reason,
    )
    .select_from(RevocationList)
    .where(RevocationList.issuer_key == sa.bindparam("key"))
    .order_by(RevocationList.this_update.desc(), RevocationList.id.desc())
    .limit(1)
)
_SERIAL = RevokedSerial.serial == sa.bindparam("serial")
_ENDED = _TOLD.join(RevokedSerial, RevokedSerial.list_id == RevocationList.id).where(
    _SERIAL, sa.func.coalesce(RevokedSerial.reason, "") != HOLD
)
_POINTS = sa.select(RevocationPoint.address).where(RevocationPoint.list_id == RevocationList.id)
_WITHIN = _TOLD.outerjoin(RevokedSerial, sa.and_(RevokedSerial.list_id == RevocationList.id, _SERIAL)).where(
    sa.or_(
        ~_POINTS.exists(),
        _POINTS.where(RevocationPoint.address.in_(sa.bindparam("points", expanding=True))).exists(),
    )
)
_NEWEST = {True: _WITHIN.where(RevocationList.authorities), False: _WITHIN.where(RevocationList.users)}
"""By whether the certificate is an authority's: the newest list within whose scope it is (RFC 5280 5.2.5)."""


def key_of(certificate: x509.Certificate) -> str:
    """Return how an issuer is named in our registers: by its public key (SHA-256), which outlives a certificate."""
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


class KnownRevocations:
    """Revocations as the office's rows know them: its own certification centre, and the lists that were imported."""

    def __init__(self, session: Session, authorities: Iterable[bytes] | None = None) -> None:
        """Ask through `session`, only when somebody asks; `authorities` of our centre, where they were read already."""
        self._session = session
        self._authorities = None if authorities is None else frozenset(authorities)

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime) -> RevocationAnswer:
        """Return what is known about `certificate` at `at`; see RevocationSource."""
        own = self._own(certificate, issuer, at)
        return own if own is not None else self._listed(certificate, issuer, at)

    def _own(self, certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime) -> RevocationAnswer | None:
        """Our own centre: the table is the truth, no list needed."""
        if not self._is_ours(issuer):
            return None
        if self._is_ours(certificate):
            return RevocationAnswer(False, source="centre")
        row = self._session.execute(_REVOKED, {"serial": str(certificate.serial_number)}).one_or_none()
        if row is None:
            # An own signature over a certificate that nobody issued here: somebody has the key. Never "not revoked".
            return RevocationAnswer(None, "no-data", "centre")
        if row.revoked_at is None:
            return RevocationAnswer(False, source="centre", this_update=at)
        return RevocationAnswer(row.revoked_at <= at, row.revocation_reason or "", "centre", row.revoked_at, at)

    def _is_ours(self, certificate: x509.Certificate) -> bool:
        """Whether `certificate` is one of the few by which our centre issues others."""
        if self._authorities is None:
            self._authorities = frozenset(self._session.scalars(sa.select(CentreAuthority.certificate)))
        return certificate.public_bytes(Encoding.DER) in self._authorities

    def _listed(self, certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime) -> RevocationAnswer:
        """Every list of the issuer may withdraw for good; the newest that speaks of such certificates says the rest."""
        asked = {"key": key_of(issuer), "serial": str(certificate.serial_number)}
        told = self._session.execute(_ENDED, asked).one_or_none()
        if told is None:
            points = {"points": list(distribution_points(certificate))}
            told = self._session.execute(_NEWEST[is_authority(certificate)], asked | points).one_or_none()
        if told is None:
            return NO_DATA
        statement = Statement(
            Withdrawal(told.revoked_at, told.reason or "unspecified") if told.revoked_at else None,
            told.this_update,
            told.next_update,
            f"CRL {told.number} {told.issuer_name}",
        )
        return answer(statement, certificate, at)


@dataclass(frozen=True, slots=True)
class _Outside:
    """Somebody outside, who may take their time: the session's reading is ended before, no transaction waits for them.

    Hence nothing is judged within a transaction that writes.
    """

    session: Session
    responders: OcspOverHttp

    def status(self, certificate: x509.Certificate, issuer: x509.Certificate, at: dt.datetime) -> RevocationAnswer:
        """Return what a listed responder says; see RevocationSource."""
        if not self.responders.knows_whom_to_ask(certificate):
            return NO_DATA
        self.session.rollback()
        return self.responders.status(certificate, issuer, at)


def trust_store(session: Session, *, equipment: Equipment, offline: bool = False) -> TrustStore:
    """Return the trust store of the registers as they stand; `offline`: no responder is asked, listed or not."""
    rows = session.execute(_ANCHORS)
    ours = session.execute(_OURS).all()
    hosts = () if offline else equipment.settings.ocsp_hosts
    known = KnownRevocations(session, (certificate for _role, certificate in ours))
    return TrustStore(
        tuple(_anchor(row, equipment) for row in rows),
        Sources((known, _Outside(session, OcspOverHttp(hosts)))) if hosts else known,
        tuple(x509.load_der_x509_certificate(der) for role, der in ours if role == "issuing"),
    )


def _anchor(row: _AnchorRow, equipment: Equipment) -> Anchor:
    key = f"{row.id}:{row.fingerprint}"
    anchor = equipment.parsed_anchors.get(key)
    if anchor is None:
        anchor = equipment.parsed_anchors[key] = Anchor(
            x509.load_der_x509_certificate(row.certificate),
            cast("Purpose", row.purpose),
            cast("Identity", row.identity),
            row.valid_from,
            row.valid_until,
            row.name,
        )
    return anchor


def add_anchor(session: Session, anchor: Anchor, source: str, *, act: Act) -> TrustAnchor | None:
    """Put an anchor into the register; `None` when it is there already for the same purpose."""
    fingerprint = anchor.certificate.fingerprint(hashes.SHA256()).hex()
    known = session.scalar(
        sa.select(TrustAnchor.id).where(TrustAnchor.fingerprint == fingerprint, TrustAnchor.purpose == anchor.purpose)
    )
    if known is not None:
        return None
    row = TrustAnchor(
        name=anchor.name[:200],
        certificate=anchor.certificate.public_bytes(Encoding.DER),
        fingerprint=fingerprint,
        purpose=anchor.purpose,
        identity=anchor.identity,
        valid_from=anchor.valid_from,
        valid_until=anchor.valid_until,
        source=source,
    )
    session.add(row)
    record(session, "office", "anchor-added", {"name": anchor.name, "fingerprint": fingerprint}, act=act)
    return row
