"""Taking in a revocation list: checked once, its serials kept, and whatever waited for it judged again."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.equipment import Equipment
from app.models import DistributionPoint, RevocationList, RevocationPoint, RevokedSerial
from app.models.trust import LONGEST_ADDRESS
from app.outbox.post import post_job
from app.pki.crl import CrlRefused, load_crl, read_crl
from app.pki.crl import RevocationList as CheckedList
from app.pki.withdrawal import HOLD
from app.usecases.record import record
from app.usecases.trust import key_of, trust_store

RECHECK = "recheck_undecided"
RECHECK_REST = "recheck_rest"
"""The same, from the package on that the job is about: what one job had no time for."""

_LOOK_BACK = 50


def import_crl(session: Session, data: bytes, *, equipment: Equipment, act: Act) -> tuple[RevocationList, bool]:
    """Keep the revocation list `data` (DER or PEM) of an issuer that the office knows. Returns it, and if it is new.

    Issuers are known as anchors, as our own, or from packages: what stood between a signer and an anchor.

    Raises BadInput: `crl-unreadable`, `crl-issuer-unknown`, or `crl-…` with why it was refused.
    """
    try:
        crl = load_crl(data)
    except CrlRefused:
        raise BadInput("crl-unreadable") from None
    issuer, checked = _read(data, _issuers(session, crl.issuer, equipment))
    digest = hashlib.sha256(crl.public_bytes(Encoding.DER)).hexdigest()
    row = session.scalars(sa.select(RevocationList).where(RevocationList.sha256 == digest)).one_or_none()
    if row is not None and (row.users or row.authorities):
        return row, False
    if row is None:
        row = RevocationList(
            issuer_key=key_of(issuer),
            issuer_name=issuer.subject.rfc4514_string()[:300],
            number=str(checked.number) if checked.number is not None else digest[:16],
            this_update=checked.this_update,
            next_update=checked.next_update or checked.this_update,
            sha256=digest,
            added_at=act.at,
        )
        session.add(row)
        withdrawn = checked.withdrawn
    else:
        # Taken in before scopes were kept: what it withdraws is there.
        withdrawn = {}
    row.users, row.authorities = checked.users, checked.authorities
    row.points = [RevocationPoint(address=address) for address in sorted(checked.points)]
    session.flush()
    entries = [
        {"list_id": row.id, "serial": str(serial), "revoked_at": entry.at, "reason": entry.reason[:32]}
        for serial, entry in withdrawn.items()
    ]
    if entries:
        session.execute(sa.insert(RevokedSerial), entries)
        _say_it_once(session, row)
    post_job(session, RECHECK, row.id, key=f"{RECHECK}:{row.id}", act=act)
    details = {"issuer": row.issuer_name, "number": row.number, "entries": len(checked.withdrawn)}
    record(session, "office", "crl-imported", details, act=act)
    return row, True


def _issuers(session: Session, name: x509.Name, equipment: Equipment) -> list[x509.Certificate]:
    trust = trust_store(session, equipment=equipment)
    from_packages = sa.select(DistributionPoint.issuer).distinct()
    known = [
        *(anchor.certificate for anchor in trust.anchors),
        *trust.intermediates,
        *(x509.load_der_x509_certificate(der) for der in session.scalars(from_packages)),
    ]
    found = [certificate for certificate in known if certificate.subject == name]
    if not found:
        raise BadInput("crl-issuer-unknown", issuer=name.rfc4514_string()[:200])
    return found


def _say_it_once(session: Session, row: RevocationList) -> None:
    """Take from the list before (of the same scope) what `row` says again: a list comes daily and grows slowly."""
    alike = (RevocationList.issuer_key == row.issuer_key, RevocationList.users == row.users)
    before = session.scalars(
        sa.select(RevocationList)
        .where(*alike, RevocationList.authorities == row.authorities, RevocationList.this_update < row.this_update)
        .order_by(RevocationList.this_update.desc())
        .limit(_LOOK_BACK)
    )
    points = {point.address for point in row.points}
    last = next((one for one in before if {point.address for point in one.points} == points), None)
    if last is not None:
        again = sa.select(RevokedSerial.serial).where(RevokedSerial.list_id == row.id, RevokedSerial.reason != HOLD)
        session.execute(
            sa.delete(RevokedSerial)
            .where(RevokedSerial.list_id == last.id, RevokedSerial.serial.in_(again))
            .execution_options(synchronize_session=False)
        )


def _read(data: bytes, issuers: list[x509.Certificate]) -> tuple[x509.Certificate, CheckedList]:
    refused = "forged"
    for issuer in issuers:
        try:
            checked = read_crl(data, issuer)
        except CrlRefused as problem:
            refused = problem.code
        else:
            if any(len(address) > LONGEST_ADDRESS for address in checked.points):
                raise BadInput("crl-unsupported")
            return issuer, checked
    raise BadInput(f"crl-{refused}")
