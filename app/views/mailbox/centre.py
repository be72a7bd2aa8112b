"""What the certification centre publishes: its certificate and its revocation list."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, current_app

from app import clock
from app.extensions import db
from app.house import equipment
from app.usecases.centre import ISSUING, ROOT, authority_certificate
from app.usecases.published_crl import newest_edition, published_crl

blueprint = Blueprint("centre", __name__)

_KEEP = "centre_crl"
"""Where a door keeps the list that it made last, by its edition."""


@blueprint.get("/cc/ca.pem")
def certificate() -> Response:
    """Give the certificates of the issuing authority and of the root above it, as PEM."""
    session = db.session()
    pem = b"".join(authority_certificate(session, role).public_bytes(Encoding.PEM) for role in (ISSUING, ROOT))
    return Response(pem, content_type="application/x-pem-file")


@blueprint.get("/cc/ca.crl")
def revocations() -> Response:
    """Give the revocation list in force, as DER; made once a day and at each revocation."""
    session, kept = db.session(), current_app.extensions.setdefault(_KEEP, {})
    edition = newest_edition(session, clock.now())
    if edition not in kept:
        made = published_crl(session, edition, equipment=equipment())
        kept.clear()
        kept[edition] = made
    return Response(kept[edition], content_type="application/pkix-crl")
