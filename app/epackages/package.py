"""Is this package signed whole, by whom, and may the office rely on it?

Reads the container, finds its signatures, lets `app.pki` judge each, and compares what they cover with what is there.
The worst answer counts and all reasons are told. Whatever goes wrong becomes a verdict.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from app.epackages.asic import is_asic, read_asic
from app.epackages.container import digest_of, file_chunks, open_container
from app.epackages.detached import read_document, read_pair, read_zip
from app.epackages.errors import Reason, Unreadable
from app.epackages.findings import Findings, Judge
from app.epackages.limits import DEFAULT_LIMITS, Limits
from app.epackages.signatures import looks_like_xml, looks_like_xml_signature
from app.epackages.verdict import PackageVerdict, SignedMember
from app.pki.trust_store import TrustStore
from app.pki.verdicts import outcome_of

__all__ = ["PackageVerdict", "judge_package"]

log = logging.getLogger(__name__)


def judge_package(
    path: Path,
    *,
    trust: TrustStore,
    at: datetime,
    limits: Limits = DEFAULT_LIMITS,
    companion: Path | None = None,
    name: str | None = None,
    sha256: str | None = None,
) -> PackageVerdict:
    """Judge the package at `path` as of the moment `at`.

    Args:
        path: the file as it came: ASiC-E or ASiC-S, a plain ZIP, or a signed XML document.
        trust: anchors and revocation data.
        at: moment of receipt (aware): what certificates are judged at, unless a timestamp proves an earlier one.
        limits: upper bounds of reading.
        companion: the detached signature that was sent beside the file (or the file, if `path` is the signature).
        name: the file's own name, where `path` does not bear it.
        sha256: of the file, where the caller knows it.

    Returns:
        The verdict; hostile and damaged files give `unreadable`, never an exception.

    Raises:
        OSError: the file itself cannot be read.
    """
    size = path.stat().st_size
    sha256 = sha256 or digest_of(file_chunks(path)())
    try:
        findings = _read(path, companion, name or path.name, Judge(trust, at, limits))
    except Unreadable as error:
        return _unreadable(sha256, size, error.code, error.detail)
    except OSError:
        raise
    except Exception as error:
        log.exception("package %s could not be judged", sha256)
        return _unreadable(sha256, size, Reason.FORMAT_FAILURE, f"{type(error).__name__}")
    return _conclude(findings, sha256, size)


def _unreadable(sha256: str, size: int, code: str, detail: str) -> PackageVerdict:
    return PackageVerdict(sha256, size, "unknown", "unreadable", (str(code),), (), (), (), details=(detail,))


def _conclude(findings: Findings, sha256: str, size: int) -> PackageVerdict:
    """Compare what is covered with what is there, and draw the outcome."""
    intact = [signature for signature in findings.signatures if signature.intact]
    members = tuple(
        SignedMember(member, bool(intact) and all(member.name in signature.covers for signature in intact))
        for member in findings.content
    )
    reasons = [code for signature in findings.signatures for code in signature.reasons]
    reasons += findings.reasons
    if not findings.signatures:
        reasons.append(Reason.NO_SIGNATURE)
    if not findings.content:
        reasons.append(Reason.NO_CONTENT)
    unsigned = [member.name for member in members if intact and not member.signed]
    if unsigned:
        reasons.append(Reason.MEMBER_UNSIGNED)
    codes = tuple(dict.fromkeys(map(str, reasons)))
    warnings = [*findings.warnings, *(flag for member in findings.content for flag in member.flags)]
    return PackageVerdict(
        sha256,
        size,
        findings.container,
        outcome_of(findings.signatures, codes),
        codes,
        members,
        findings.signatures,
        tuple(dict.fromkeys(map(str, warnings))),
        findings.envelope,
        (*findings.details, *(f"not signed: {name}" for name in unsigned)),
    )


def _read(path: Path, companion: Path | None, name: str, judge: Judge) -> Findings:
    if companion is not None:
        return read_pair(path, companion, name, judge)
    head = next(file_chunks(path)(), b"")
    if looks_like_xml(head) and not looks_like_xml_signature(head):
        return read_document(path, name, judge)
    with open_container(path, judge.limits) as container:
        if is_asic(container):
            return read_asic(container, judge)
        return read_zip(container, judge)
