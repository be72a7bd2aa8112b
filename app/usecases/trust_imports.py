"""What an administrator brings into the trust store: an anchor, a national trusted list, and a withdrawal."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.models import TrustAnchor
from app.outbox.post import post_job
from app.pki.trust_store import Anchor, Purpose
from app.pki.trusted_list import TrustedListRefused, read_trusted_list
from app.pki.verdicts import Identity
from app.usecases.import_crl import RECHECK
from app.usecases.record import record
from app.usecases.trust import add_anchor


def trust_certificate(
    session: Session, pem: bytes, *, identity: Identity, purpose: Purpose, until: dt.datetime | None, act: Act
) -> int:
    """Trust the certificates of a PEM file from now to `until` (their own end without it). Returns how many are new.

    Raises BadInput: `certificate-unreadable`, `anchor-known`.
    """
    try:
        certificates = x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise BadInput("certificate-unreadable") from None
    added = 0
    for certificate in certificates:
        own = Anchor.of(certificate, identity, purpose=purpose)
        anchor = Anchor(certificate, purpose, identity, own.valid_from, until or own.valid_until, own.name)
        added += add_anchor(session, anchor, f"{act.actor.name}", act=act) is not None
    if not added:
        raise BadInput("anchor-known")
    _look_again(session, act)
    return added


def import_trusted_list(session: Session, xml: bytes, operators_pem: bytes, *, act: Act) -> tuple[int, int]:
    """Take the granted services of a national trusted list into the register.

    `operators_pem` are the certificates of the scheme operator, as the Official Journal names them. Returns how many
    anchors are new and how many were there.

    Raises BadInput: `certificate-unreadable`, and `trusted-list-…` with why the list is refused.
    """
    try:
        operators = x509.load_pem_x509_certificates(operators_pem)
    except ValueError:
        raise BadInput("certificate-unreadable") from None
    try:
        found = read_trusted_list(xml, operators, act.at)
    except TrustedListRefused as refused:
        raise BadInput(f"trusted-list-{refused.code}") from None
    source = f"{found.territory} {found.sequence}"
    new = sum(add_anchor(session, anchor, source, act=act) is not None for anchor in found.anchors)
    if new:
        _look_again(session, act)
    record(session, "office", "trusted-list-imported", {"list": source, "new": new}, act=act)
    return new, len(found.anchors) - new


def withdraw_anchor(session: Session, anchor: TrustAnchor, *, act: Act) -> None:
    """Stop trusting `anchor`. What was judged under it stays as it was judged."""
    if anchor.withdrawn_at is None:
        anchor.withdrawn_at = act.at
        record(session, "office", "anchor-withdrawn", {"name": anchor.name, "fingerprint": anchor.fingerprint}, act=act)


def _look_again(session: Session, act: Act) -> None:
    newest = session.scalar(sa.select(sa.func.max(TrustAnchor.id))) or 0
    post_job(session, RECHECK, newest, key=f"{RECHECK}:anchor:{newest}", act=act)
