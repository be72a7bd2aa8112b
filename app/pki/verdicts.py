"""What is known about a signature, and what that means for the office?

Indications and sub-indications are those of EN 319 102-1 (tables 5 and 6). INDETERMINATE is `undecided` unless
nothing that may still arrive (an anchor, an intermediate certificate, a CRL) could change it: a forbidden algorithm,
a member that is not there, a certificate not meant for signatures are `invalid` at once, so that the sender hears it
today and not after a clerk has looked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["valid", "undecided", "invalid"]
Indication = Literal["TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED"]
Format = Literal["xades", "cades"]
Level = Literal["B-B", "B-T", "B-LT"]
Identity = Literal["qualified", "trusted", "personal", "certification-centre", "unknown"]


class Defect(Exception):
    """Something in a signature that ends the judging of it; `code` is a key of REASONS, `detail` is for the report."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep both; the message is for logs."""
        super().__init__(f"{code} {detail}" if detail else code)
        self.code = code
        self.detail = detail


_RANK: dict[str, int] = {"valid": 0, "undecided": 1, "invalid": 2}
_INDICATION_RANK: dict[str, int] = {"TOTAL-PASSED": 0, "INDETERMINATE": 1, "TOTAL-FAILED": 2}


@dataclass(frozen=True, slots=True)
class Reason:
    """One entry of the list of reasons: what the standard says and what the office says."""

    indication: Indication
    sub_indication: str
    outcome: Outcome


_FORMAT = Reason("TOTAL-FAILED", "FORMAT_FAILURE", "invalid")

REASONS: dict[str, Reason] = {
    # what stands in the way of reading the signature
    "format-failure": _FORMAT,
    "doctype": _FORMAT,
    "xml-too-large": _FORMAT,
    "duplicate-id": _FORMAT,
    "too-many-references": _FORMAT,
    "no-signature": _FORMAT,
    # mathematics and digests
    "signature-mismatch": Reason("TOTAL-FAILED", "SIG_CRYPTO_FAILURE", "invalid"),
    "hash-mismatch": Reason("TOTAL-FAILED", "HASH_FAILURE", "invalid"),
    "signer-certificate-missing": Reason("INDETERMINATE", "NO_SIGNING_CERTIFICATE_FOUND", "invalid"),
    "weak-algorithm": Reason("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE", "invalid"),
    "transform-refused": Reason("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", "invalid"),
    "misplaced-content": Reason("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", "invalid"),
    # what is signed
    "member-missing": Reason("INDETERMINATE", "SIGNED_DATA_NOT_FOUND", "invalid"),
    "member-unsigned": Reason("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", "invalid"),
    # who signed, and when
    "revoked": Reason("INDETERMINATE", "REVOKED_NO_POE", "invalid"),
    "issuer-revoked": Reason("INDETERMINATE", "REVOKED_CA_NO_POE", "invalid"),
    "certificate-not-yet-valid": Reason("TOTAL-FAILED", "NOT_YET_VALID", "invalid"),
    "wrong-key-usage": Reason("INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE", "invalid"),
    "chain-constraints": Reason("INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE", "undecided"),
    "chain-unknown": Reason("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", "undecided"),
    "certificate-expired": Reason("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", "undecided"),
    "suspended": Reason("INDETERMINATE", "TRY_LATER", "undecided"),
    "revocation-unknown": Reason("INDETERMINATE", "TRY_LATER", "undecided"),
}
"""The closed list for signatures; the container adds its own codes, which are all `invalid` or `unreadable`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said of the revocation of one certificate of the path, and by whom: a CRL or a responder.

    `revoked` and `reason` as in RevocationAnswer; `this_update` is when the source said so. Where the question stays
    open: `issuer` is the issuer's certificate (DER), `points` the addresses of its lists that the certificate names.
    """

    serial: str
    revoked: bool | None
    reason: str
    source: str
    this_update: datetime | None
    issuer: bytes = b""
    points: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature, judged. `None` in the three questions means: could not be found out.

    `intact`: signature value and every digest are right. `trusted`: a path leads to an anchor that held at the moment
    of judging. `revoked`: at that moment. `covers`: names of the members whose digest was checked. `signed_at` is what
    the signer claims, or what a valid timestamp proves (`signed_at_source`). `serial` is decimal. `certificate` is DER.
    """

    where: str
    format: Format
    level: Level
    signer: str
    identifier: str
    issuer: str
    serial: str
    signed_at: datetime | None
    signed_at_source: Literal["claimed", "timestamp"]
    intact: bool | None
    trusted: bool | None
    revoked: bool | None
    covers: tuple[str, ...]
    identity: Identity
    indication: Indication
    sub_indication: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    details: tuple[str, ...] = ()
    certificate: bytes | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    asked: tuple[Asked, ...] = ()


def indication_of(reasons: Iterable[str]) -> tuple[Indication, str]:
    """The indication and sub-indication of EN 319 102-1 for a signature with these reasons.

    A failure wins over an open question; among equals the first found is named. No reason at all is TOTAL-PASSED.
    """
    worst: tuple[Indication, str] = ("TOTAL-PASSED", "")
    for code in reasons:
        reason = REASONS[code]
        if _INDICATION_RANK[reason.indication] > _INDICATION_RANK[worst[0]]:
            worst = (reason.indication, reason.sub_indication)
    return worst


def outcome_of(signatures: Iterable[SignatureVerdict], reasons: Iterable[str] = ()) -> Outcome:
    """The office's word for a package: the worst answer counts.

    Args:
        signatures: every signature found; none at all is `invalid`.
        reasons: codes about the package as a whole (`member-unsigned` …); one that is not in `REASONS` is `invalid`.

    Returns:
        `valid` only if at least one signature is there and nothing speaks against any.
    """
    judged = tuple(signatures)
    codes = [*reasons, *(code for signature in judged for code in signature.reasons)]
    if not judged:
        codes.append("no-signature")
    outcomes: list[Outcome] = [REASONS[code].outcome if code in REASONS else "invalid" for code in codes]
    outcomes += [
        "undecided" for signature in judged if signature.indication != "TOTAL-PASSED" and not signature.reasons
    ]
    return max(outcomes, key=_RANK.__getitem__, default="valid")
