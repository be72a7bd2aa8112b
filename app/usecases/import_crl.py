"""Taking in a revocation list: checked once, its serials kept, and whatever waited for it judged again."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.equipment import Equipment
from app.models import RevocationList, RevokedSerial
from app.outbox.post import post_job
from app.pki.crl import CrlRefused, load_crl, read_crl
from app.pki.crl import RevocationList as CheckedList
from app.usecases.record import record
from app.usecases.trust import key_of, trust_store

RECHECK = "recheck_undecided"
RECHECK_REST = "recheck_rest"
"""The same, from the package on that the job is about: what one job had no time for."""


def import_crl(session: Session, data: bytes, *, equipment: Equipment, act: Act) -> RevocationList | None:
    """Keep the revocation list `data` (DER or PEM) of an issuer that the office knows; `None` if it is there already.

    Raises BadInput: `crl-unreadable`, `crl-issuer-unknown`, or `crl-…` with why it was refused.
    """
    try:
        name = load_crl(data).issuer
    except CrlRefused:
        raise BadInput("crl-unreadable") from None
    trust = trust_store(session, equipment=equipment)
    known = [anchor.certificate for anchor in trust.anchors] + list(trust.intermediates)
    issuers = [certificate for certificate in known if certificate.subject == name]
    if not issuers:
        raise BadInput("crl-issuer-unknown", issuer=name.rfc4514_string()[:200])
    issuer, checked = _read(data, issuers)
    digest = hashlib.sha256(data).hexdigest()
    number = str(checked.number) if checked.number is not None else digest[:16]
    key = key_of(issuer)
    if session.scalar(
        sa.select(RevocationList.id).where(RevocationList.issuer_key == key, RevocationList.number == number)
    ):
        return None
    row = RevocationList(
        issuer_key=key,
        issuer_name=name.rfc4514_string()[:300],
        number=number,
        this_update=checked.this_update,
        next_update=checked.next_update or checked.this_update,
        sha256=digest,
        added_at=act.at,
    )
    session.add(row)
    session.flush()
    entries = [
        {"list_id": row.id, "serial": str(serial), "revoked_at": entry.at, "reason": entry.reason[:32]}
        for serial, entry in checked.withdrawn.items()
    ]
    if entries:
        session.execute(sa.insert(RevokedSerial), entries)
    post_job(session, RECHECK, row.id, key=f"{RECHECK}:{row.id}", act=act)
    record(
        session,
        "office",
        "crl-imported",
        {"issuer": row.issuer_name, "number": number, "entries": len(entries)},
        act=act,
    )
    return row


def _read(data: bytes, issuers: list[x509.Certificate]) -> tuple[x509.Certificate, CheckedList]:
    refused = "forged"
    for issuer in issuers:
        try:
            return issuer, read_crl(data, issuer)
        except CrlRefused as problem:
            refused = problem.code
    raise BadInput(f"crl-{refused}")
