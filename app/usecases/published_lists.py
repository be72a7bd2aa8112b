"""Where issuers publish their revocation lists: learnt from packages that wait for one, fetched by the worker."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput
from app.epackages.verdict import PackageVerdict
from app.equipment import Equipment
from app.models import DistributionPoint
from app.models.statements import add_missing
from app.models.trust import LONGEST_ADDRESS
from app.pki.verdicts import Asked
from app.usecases.import_crl import import_crl
from app.usecases.trust import key_of

FETCH_LIST = "fetch_list"

AGAIN = dt.timedelta(hours=4)
"""A list is fetched so often while it lasts: withdrawals are published earlier than the last one runs out."""
SOON = dt.timedelta(minutes=15)
"""After a failure, or where the list that is published is past its date."""

STALE = "crl-stale"


def note_distribution_points(session: Session, verdict: PackageVerdict, *, act: Act) -> None:
    """Note where the lists are published that `verdict` lacked, each once; the worker fetches what it may.

    Only paths that held count: whose certificates name an address, an anchor vouches for.
    """
    wanted = {
        (one.issuer, address)
        for signature in verdict.signatures
        if signature.trusted
        for one in signature.asked
        if one.issuer
        for address in _addresses(one)
    }
    if wanted:
        rows = [_point(*one, act) for one in sorted(wanted)]
        add_missing(session, DistributionPoint, rows)


def _addresses(asked: Asked) -> list[str]:
    """Return where the list may be fetched; one empty address where it may not: it comes by hand."""
    http = [one for one in asked.points if one.startswith(("http://", "https://")) and len(one) <= LONGEST_ADDRESS]
    return http or [""]


def _point(issuer: bytes, address: str, act: Act) -> dict[str, object]:
    certificate = x509.load_der_x509_certificate(issuer)
    return {
        "issuer_key": key_of(certificate),
        "issuer_name": certificate.subject.rfc4514_string()[:300],
        "issuer": issuer,
        "address": address,
        "added_at": act.at,
        "due_at": act.at,
    }


def take_published_list(session: Session, point_id: int, data: bytes, *, equipment: Equipment, act: Act) -> None:
    """Take in what was fetched from a point, and write down how that went."""
    point = session.get_one(DistributionPoint, point_id, with_for_update=True)
    try:
        found, _new = import_crl(session, data, equipment=equipment, act=act)
    except BadInput as refused:
        note_unfetched(session, point_id, refused.code, act=act)
        return
    fresh = found.next_update > act.at
    point.tried_at = point.fetched_at = act.at
    point.valid_until = found.next_update
    point.failure = None if fresh else STALE
    point.due_at = min(act.at + AGAIN, max(found.next_update, act.at + SOON))


def note_unfetched(session: Session, point_id: int, failure: str, *, act: Act) -> None:
    """Write down why nothing usable came from a point; it is asked again soon."""
    point = session.get_one(DistributionPoint, point_id)
    point.tried_at, point.failure, point.due_at = act.at, failure, act.at + SOON
