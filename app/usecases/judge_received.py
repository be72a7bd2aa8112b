"""Judging a package that was received, and writing down what came of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.epackages.container import digest_of, file_chunks
from app.epackages.package import PackageVerdict, judge_package
from app.epackages.verdict import SignedMember
from app.equipment import Equipment
from app.models import REFUSED, Outcome, Package, PackageMember, Verification
from app.models.statements import add_row, add_rows_by
from app.pki.trust_store import TrustStore
from app.storage import Damaged
from app.storage.failures import disk_troubles
from app.usecases.read_form import FormReading, read_judged_form
from app.usecases.record import record

RULES = "okienko-1"
GOOD = "TOTAL-PASSED"
_MEMBERS = sa.select(PackageMember.id, PackageMember.name, PackageMember.sha256).order_by(PackageMember.position)


@dataclass(frozen=True, slots=True)
class WrittenMember:
    """A member of a package as its row names it."""

    id: int
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was written of a verdict: the report of the verification, and the members in their order.

    `signers`: the digests, under each data key, of the numbers of those whose signatures are good.
    """

    report: dict[str, Any]
    members: Sequence[WrittenMember]
    signers: frozenset[str]


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
        verdict = judge_package(
            path,
            trust=trust,
            at=package.received_at,
            limits=equipment.limits,
            companion=companion,
            name=package.filename,
            sha256=package.sha256,
        )
        # What is signed whole and found good is what came. Before anybody is doubted, the disk is.
        if verdict.outcome != Outcome.VALID.value and digest_of(file_chunks(path)()) != package.sha256:
            raise Damaged(package.sha256)
        if Outcome(verdict.outcome) in REFUSED:
            return verdict, None
        return verdict, read_judged_form(path, companion, package.filename, verdict, equipment=equipment)


def record_verdict(
    session: Session, package: Package, verdict: PackageVerdict, trust: TrustStore, *, equipment: Equipment, act: Act
) -> Judged:
    """Write a verification made with `trust`; with the first one also the members of the package."""
    outcome, reasons = Outcome(verdict.outcome), list(verdict.reasons)
    members = _written_members(session, package, verdict)
    report = report_of(verdict, package.filename, equipment=equipment)
    package.outcome, package.reasons, package.container = outcome, reasons, verdict.container
    verification = add_row(
        session,
        Verification,
        {
            "package_id": package.id,
            "at": act.at,
            "judged_for": package.received_at,
            "rules": RULES,
            "outcome": outcome,
            "reasons": reasons,
            "anchors": [anchor.certificate.fingerprint(hashes.SHA256()).hex() for anchor in trust.anchors],
            "revocation": _revocation(verdict),
            "report": report,
        },
    )
    details = {"outcome": verdict.outcome, "reasons": reasons, "verification": verification}
    record(session, f"package:{package.id}", "package-judged", details, act=act)
    numbers = [one.identifier for one in verdict.signatures if one.indication == GOOD and one.identifier]
    return Judged(report, members, frozenset(digest for number in numbers for digest in equipment.ring.digests(number)))


def _written_members(session: Session, package: Package, verdict: PackageVerdict) -> list[WrittenMember]:
    """Return the members, and write them where this is the first verdict."""
    if package.outcome is not None:
        known = session.execute(_MEMBERS.where(PackageMember.package_id == package.id))
        return [WrittenMember(*row) for row in known]
    rows = [_member(package, *one) for one in enumerate(verdict.members)]
    ids = add_rows_by(session, PackageMember, rows, "position")
    return [WrittenMember(ids[row["position"]], row["name"], row["sha256"]) for row in rows]


def _member(package: Package, position: int, member: SignedMember) -> dict[str, Any]:
    return {
        "package_id": package.id,
        "position": position,
        "name": member.name,
        "size": member.size,
        "sha256": member.sha256,
        "media": member.media,
        "signed": member.signed,
        "flags": list(member.flags),
    }


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
