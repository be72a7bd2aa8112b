"""Which seals the office has, and how a new one comes into use."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput, Refused
from app.equipment import Equipment
from app.models import Seal
from app.pki.algorithms import MIN_RSA_BITS, certificate_is_weak
from app.pki.seal import SealKey
from app.usecases.record import record

CONTEXT = "seal"
_IN_USE = sa.select(Seal.id, Seal.fingerprint, Seal.not_before, Seal.not_after).where(Seal.in_use)
SealRow = sa.Row[int, str, dt.datetime, dt.datetime]


def seal_in_use(session: Session, *, equipment: Equipment, act: Act) -> tuple[SealRow, SealKey]:
    """Return the office's seal: id, fingerprint and validity, and the seal itself, opened.

    Raises:
        Refused: `seal-missing` before `office setup`; `seal-expired` when its certificate has run out, and then the
            office must not acknowledge what it could not confirm.
    """
    row = session.execute(_IN_USE).one_or_none()
    if row is None:
        raise Refused("seal-missing")
    if not row.not_before <= act.at <= row.not_after:
        raise Refused("seal-expired", day=row.not_after.date().isoformat())
    key = equipment.opened_seals.get(row.fingerprint)
    if key is None:
        kept = session.get_one(Seal, row.id)
        private = load_pem_private_key(equipment.ring.open(kept.key_sealed, context=CONTEXT).encode("ascii"), None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise Refused("seal-missing")
        certificate, *chain = x509.load_pem_x509_certificates(kept.chain)
        key = equipment.opened_seals[row.fingerprint] = SealKey(private, certificate, tuple(chain))
    return row, key


def take_seal_into_use(session: Session, key: SealKey, *, equipment: Equipment, act: Act) -> Seal:
    """Make `key` the office's seal from now on. Seals used before stay, for checking what they sealed.

    Raises:
        BadInput: `seal-weak`: a key or a signature on the certificate that the office would not accept from anybody;
            `seal-not-valid`: the certificate's time has not come or has run out.
    """
    certificate = key.certificate
    if certificate_is_weak(certificate):
        raise BadInput("seal-weak", least=MIN_RSA_BITS)
    since, until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not since <= act.at <= until:
        raise BadInput("seal-not-valid", since=since.date().isoformat(), until=until.date().isoformat())
    session.execute(sa.update(Seal).where(Seal.in_use).values(in_use=False))
    row = row_of(key, equipment=equipment, act=act)
    session.add(row)
    record(session, "office", "seal-taken-into-use", {"fingerprint": row.fingerprint}, act=act)
    return row


def row_of(key: SealKey, *, equipment: Equipment, act: Act) -> Seal:
    """Return `key`, in use since `act`, as the row that keeps it; its private part is encrypted."""
    pem = key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    return Seal(
        certificate=key.certificate.public_bytes(Encoding.DER),
        chain=b"".join(part.public_bytes(Encoding.PEM) for part in (key.certificate, *key.chain)),
        key_sealed=equipment.ring.seal(pem, context=CONTEXT),
        fingerprint=key.certificate.fingerprint(hashes.SHA256()).hex(),
        not_before=key.certificate.not_valid_before_utc,
        not_after=key.certificate.not_valid_after_utc,
        in_use=True,
        added_at=act.at,
    )


def seal_certificates(session: Session) -> tuple[x509.Certificate, ...]:
    """Return the certificates of every seal the office has ever used."""
    return tuple(x509.load_der_x509_certificate(der) for der in session.scalars(sa.select(Seal.certificate)))
