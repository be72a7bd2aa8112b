"""Judging a package that was received, and writing down what came of it."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.package import PackageVerdict, judge_package
from app.equipment import Equipment
from app.models import REFUSED, Outcome, Package, PackageMember, Verification
from app.models.statements import add_rows
from app.pki.trust_store import TrustStore
from app.storage import Damaged
from app.storage.failures import disk_troubles
from app.usecases.read_form import FormReading, read_judged_form
from app.usecases.record import record

RULES = "okienko-1"


def judge_received(
    package: Package, trust: TrustStore, *, equipment: Equipment
) -> tuple[PackageVerdict, FormReading | None]:
    """Return the verdict on the bytes of `package` as of its receipt, and the form where it is acceptable.

    The form is read while the bytes are at hand and their members known. Writes nothing.

    Raises:
        Missing, Damaged, StoreFailed: the bytes that came are not there, are others by now, or cannot be read.
    """
    with ExitStack() as files, disk_troubles():
        path = files.enter_context(equipment.store.as_file(package.sha256, check=False))
        companion = None
        if package.companion_sha256 is not None:
            companion = files.enter_context(equipment.store.as_file(package.companion_sha256))
        verdict = judge_package(path, trust=trust, at=package.received_at, companion=companion, name=package.filename)
        if verdict.sha256 != package.sha256:  # judging hashes the file anyway
            raise Damaged(package.sha256)
        if Outcome(verdict.outcome) in REFUSED:
            return verdict, None
        return verdict, read_judged_form(path, companion, package.filename, verdict)


def first_verification(session: Session, package: Package) -> Verification | None:
    """Return the verification on which the receipt and the case rest, if there is one yet."""
    return session.scalars(
        sa.select(Verification).where(Verification.package_id == package.id).order_by(Verification.id).limit(1)
    ).one_or_none()


def record_verdict(
    session: Session, package: Package, verdict: PackageVerdict, trust: TrustStore, *, equipment: Equipment, act: Act
) -> Verification:
    """Write a verification made with `trust`; with the first one also the members of the package."""
    first = package.outcome is None
    row = Verification(
        package_id=package.id,
        at=act.at,
        judged_for=package.received_at,
        rules=RULES,
        outcome=Outcome(verdict.outcome),
        reasons=list(verdict.reasons),
        anchors=[anchor.certificate.fingerprint(hashes.SHA256()).hex() for anchor in trust.anchors],
        revocation=_revocation(verdict),
        report=report_of(verdict, package.filename, equipment=equipment),
    )
    session.add(row)
    if first:
        members = [
            {
                "package_id": package.id,
                "position": position,
                "name": member.name,
                "size": member.size,
                "sha256": member.sha256,
                "media": member.media,
                "signed": member.signed,
                "flags": list(member.flags),
            }
            for position, member in enumerate(verdict.members)
        ]
        add_rows(session, PackageMember, members)
    package.outcome = Outcome(verdict.outcome)
    package.reasons = list(verdict.reasons)
    package.container = verdict.container
    session.flush()
    record(
        session,
        f"package:{package.id}",
        "package-judged",
        {"outcome": verdict.outcome, "reasons": list(verdict.reasons), "verification": row.id},
        act=act,
    )
    return row


def report_of(verdict: PackageVerdict, filename: str, *, equipment: Equipment) -> dict[str, Any]:
    """Return the verdict as the object of `package verify --json`, with what the technical report shows besides."""
    report: dict[str, Any] = dict(verdict.as_json(filename))
    report["warnings"] = list(verdict.warnings)
    report["signatures"] = [
        {
            **shown,
            # The number itself stays in the sealed package; the database holds none in the open.
            "identifier": masked(shown["identifier"]),
            "identifier_digest": equipment.ring.digest(shown["identifier"]) if shown["identifier"] else None,
            "indication": signature.indication,
            "sub_indication": signature.sub_indication,
            "identity": signature.identity,
            "reasons": list(signature.reasons),
            "warnings": list(signature.warnings),
            "not_before": _moment(signature.not_before),
            "not_after": _moment(signature.not_after),
            "signed_at_source": signature.signed_at_source,
        }
        for shown, signature in zip(report["signatures"], verdict.signatures, strict=True)
    ]
    return report


def _revocation(verdict: PackageVerdict) -> list[dict[str, Any]]:
    """Return for each certificate of each path what was said of its revocation, and by which CRL or responder."""
    return [
        {
            "where": signature.where,
            "serial": asked.serial,
            "revoked": asked.revoked,
            "reason": asked.reason,
            "source": asked.source,
            "this_update": _moment(asked.this_update),
        }
        for signature in verdict.signatures
        for asked in signature.asked
    ]


def masked(identifier: str) -> str:
    """Return a person's identifier with all but the last four digits of a number hidden."""
    return re.sub(r"\d(?=\d{4})", "•", identifier)


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
