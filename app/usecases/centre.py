"""The certification centre as the office keeps it: its two authorities, what they issued, and its revocation list."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import Refused
from app.equipment import Equipment
from app.models import CentreAuthority, CentreCertificate, Citizen
from app.pki.authority import (
    CITIZEN,
    CentreAddresses,
    Issuer,
    Person,
    issue_certificate,
    make_issuing,
    make_root,
)
from app.pki.keyfiles import PublicKey
from app.pki.trust_store import Anchor
from app.usecases.record import record
from app.usecases.trust import add_anchor

ROOT, ISSUING = "root", "issuing"
CONTEXT = "centre"


def addresses(equipment: Equipment) -> CentreAddresses:
    """Return where the centre publishes its certificate and its revocation list."""
    base = equipment.settings.public_url
    return CentreAddresses(crl=f"{base}/cc/ca.crl", issuer=f"{base}/cc/ca.pem")


def found_centre(session: Session, *, equipment: Equipment, act: Act) -> bool:
    """Make the centre's root and issuing authority and trust them. Returns whether there was none before."""
    if session.scalar(sa.select(CentreAuthority.id).where(CentreAuthority.in_use).limit(1)) is not None:
        return False
    office = equipment.office.name
    # X.520 allows 64 bytes for a name: the office stands in O, the authority in CN.
    root = make_root("Centrum Certyfikacji – urząd główny", _fit(office), act.at)
    issuing = make_issuing(root, "Centrum Certyfikacji", _fit(office), act.at)
    for role, issuer in ((ROOT, root), (ISSUING, issuing)):
        pem = issuer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
        session.add(
            CentreAuthority(
                role=role,
                certificate=issuer.certificate.public_bytes(Encoding.DER),
                key_sealed=equipment.ring.seal(pem, context=CONTEXT),
                not_after=issuer.certificate.not_valid_after_utc,
                in_use=True,
            )
        )
    add_anchor(session, Anchor.of(root.certificate, "certification-centre"), "office setup", act=act)
    record(session, "office", "centre-founded", {"subject": issuing.certificate.subject.rfc4514_string()}, act=act)
    session.flush()
    return True


def authority_certificate(session: Session, role: str = ISSUING) -> x509.Certificate:
    """Return the certificate of the root or the issuing authority in use. Raises Refused (`centre-missing`)."""
    return x509.load_der_x509_certificate(_row(session, role).certificate)


def issuer_in_use(session: Session, *, equipment: Equipment) -> Issuer:
    """Return the issuing authority with its key. Raises Refused (`centre-missing`)."""
    row = _row(session, ISSUING)
    if row.key_sealed is None:
        raise Refused("centre-missing")
    key = load_pem_private_key(equipment.ring.open(row.key_sealed, context=CONTEXT).encode("ascii"), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Refused("centre-missing")
    return Issuer(key, x509.load_der_x509_certificate(row.certificate))


def certify_citizen(
    session: Session, citizen: Citizen, public_key: PublicKey, *, equipment: Equipment, act: Act
) -> x509.Certificate:
    """Certify the key of `citizen`, whose identity was seen, and keep the certificate."""
    issuer = issuer_in_use(session, equipment=equipment)
    if citizen.pesel_sealed:
        identifier = f"PNOPL-{equipment.ring.open(citizen.pesel_sealed, context='pesel')}"
    else:
        identifier = f"CC-{citizen.id}"
    person = Person(citizen.given_name or citizen.name, citizen.surname or citizen.name, identifier)
    # The serial is noted before the certificate leaves: an own signature without a row would count as unknown.
    certificate = issue_certificate(
        issuer,
        person,
        public_key,
        act.at,
        profile=CITIZEN,
        addresses=addresses(equipment),
        serial=uuid.uuid4().int >> 1,
    )
    session.add(
        CentreCertificate(
            serial=str(certificate.serial_number),
            citizen_id=citizen.id,
            certificate=certificate.public_bytes(Encoding.DER),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
        )
    )
    record(session, "office", "certificate-issued", {"serial": str(certificate.serial_number)}, act=act)
    return certificate


def _fit(name: str, length: int = 64) -> str:
    """Cut `name` to what a distinguished name may hold, never in the middle of a letter."""
    return name.encode()[:length].decode(errors="ignore")


def _row(session: Session, role: str) -> CentreAuthority:
    row = session.scalars(
        sa.select(CentreAuthority).where(CentreAuthority.role == role, CentreAuthority.in_use)
    ).one_or_none()
    if row is None:
        raise Refused("centre-missing")
    return row
