"""`/api/v1/packages`: a named platform hands in a package and asks how it went."""

from __future__ import annotations

import re
from urllib.parse import unquote

import sqlalchemy as sa
from flask import Blueprint, Response, g, jsonify, request, url_for

from app.clock import now
from app.domain.acts import Act, Actor, ActorKind
from app.domain.errors import Refused
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, read_chunks
from app.models import Channel, Package, PackageState, Platform
from app.storage import StoreError, StoreFull, TooLarge
from app.usecases.platforms import token_digest
from app.usecases.receive_package import Arrival, Sender
from app.views.api.problems import problem
from app.views.wording_packages import refusal_words

packages = Blueprint("api_packages", __name__, url_prefix="/api/v1/packages")

_MEDIA = frozenset({"application/vnd.etsi.asic-e+zip", "application/vnd.etsi.asic-s+zip", "application/zip"})
_FILENAME = re.compile(r"filename\*?=(?:UTF-8'')?\"?([^\";]+)\"?", re.IGNORECASE)


@packages.before_request
def _know_the_platform() -> Response | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    platform = None
    if scheme.lower() == "bearer" and token:
        platform = db.session.scalars(
            sa.select(Platform).where(Platform.token_digest == token_digest(token.strip()), Platform.active)
        ).one_or_none()
    if platform is None:
        return problem(
            401,
            "unknown-platform",
            "The token is missing or not known.",
            headers={"WWW-Authenticate": 'Bearer realm="packages"'},
        )
    g.platform = platform
    return None


@packages.post("")
def submit() -> Response:
    """Take one package. 201 when it is new, 200 with the same id when these bytes were sent before."""
    if request.mimetype not in _MEDIA:
        return problem(415, "unsupported-media-type", "Send application/vnd.etsi.asic-e+zip or application/zip.")
    platform: Platform = g.platform
    key = request.headers.get("Idempotency-Key", "").strip()[:200] or None
    try:
        kept = keep(read_chunks(request.stream.read), equipment=equipment())
    except TooLarge as refused:
        return problem(
            413, "too-large", "The package is larger than the office takes.", limit=refused.details.get("limit", "")
        )
    except StoreFull:
        return problem(507, "store-full", "The office cannot keep more at the moment.", headers={"Retry-After": "600"})
    except StoreError:
        return problem(503, "store-failed", "The package was not kept. Send it again.", headers={"Retry-After": "60"})
    if kept.size == 0:
        return problem(400, "empty", "The body is empty.")
    arrival = Arrival(kept, _filename(), idempotency_key=key)
    sender = Sender(Channel.API, f"platform:{platform.id}", platform.name, platform_id=platform.id)
    act = Act(Actor(ActorKind.PLATFORM, platform.id, platform.name), now(), request.remote_addr)
    try:
        package_id, new = acknowledge(arrival, sender, act=act)
    except Refused as refused:
        if refused.code != "idempotency-conflict":
            raise
        return problem(409, refused.code, "This key was used for another package.", id=refused.details["id"])
    package = db.session.get_one(Package, package_id)
    answer = jsonify(_summary(package))
    answer.status_code = 201 if new else 200
    answer.headers["Location"] = url_for("api_packages.show", public_id=package.public_id)
    return answer


@packages.get("/<public_id>")
def show(public_id: str) -> Response:
    """Tell how a package of this platform stands."""
    package = _own(public_id)
    return jsonify(_summary(package)) if package else _not_found()


@packages.get("/<public_id>/receipt")
def receipt(public_id: str) -> Response:
    """Give the receipt's XML, the same bytes each time."""
    package = _own(public_id)
    if package is None or package.receipt is None:
        return _not_found()
    xml = equipment().store.read(package.receipt.xml_sha256)
    return Response(xml, content_type="application/xml", headers={"Cache-Control": "private, no-store"})


def _own(public_id: str) -> Package | None:
    package: Package | None = db.session.scalars(
        sa.select(Package).where(Package.public_id == public_id, Package.platform_id == g.platform.id)
    ).one_or_none()
    return package


def _not_found() -> Response:
    return problem(404, "not-found", "There is no such package of this platform.")


def _filename() -> str:
    found = _FILENAME.search(request.headers.get("Content-Disposition", ""))
    name = unquote(found.group(1)).replace("\\", "/").rsplit("/", 1)[-1] if found else ""
    return "".join(c for c in name if c.isprintable()).strip() or "paczka.asice"


def _summary(package: Package) -> dict[str, object]:
    ready = package.state is PackageState.ACCEPTED and package.receipt is not None
    return {
        "id": package.public_id,
        "number": package.number,
        "sha256": package.sha256,
        "received_at": package.received_at.isoformat(),
        "state": package.state.value,
        "outcome": package.outcome.value if package.outcome else None,
        "reasons": package.reasons,
        "refusal": refusal_words(package.reasons) if package.state is PackageState.REFUSED else None,
        "case": package.case.sign if package.case else None,
        "receipt": url_for("api_packages.receipt", public_id=package.public_id) if ready else None,
    }
