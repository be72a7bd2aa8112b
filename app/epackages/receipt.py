"""The official receipt (UPO, UPD): is one that was brought to us ours, unchanged, and about this package?

The door to everything about receipts: what they say and how they are written is in `receipt_writer`, how they are read
in `receipt_reader`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.epackages.container import digest_of, file_chunks
from app.epackages.errors import Unreadable
from app.epackages.receipt_reader import RECEIPT_FOREIGN, RECEIPT_INVALID, read_receipt
from app.epackages.receipt_writer import Digest, Receipt, ReceiptParty, Upd, Upp, write_upd, write_upp
from app.pki.judging import judge_xades
from app.pki.revocation import NOTHING_KNOWN
from app.pki.trust_store import Anchor, TrustStore
from app.pki.verdicts import REASONS, SignatureVerdict

__all__ = [
    "NOT_OUR_SEAL",
    "OTHER_PACKAGE",
    "RECEIPT_FOREIGN",
    "RECEIPT_INVALID",
    "SEAL_NOT_VALID_THEN",
    "Digest",
    "Receipt",
    "ReceiptCheck",
    "ReceiptParty",
    "Upd",
    "Upp",
    "check_receipt",
    "read_receipt",
    "write_upd",
    "write_upp",
]

NOT_OUR_SEAL: Final = "not-our-seal"
SEAL_NOT_VALID_THEN: Final = "seal-not-valid-then"
OTHER_PACKAGE: Final = "other-package"

_WEAK: Final = "weak-algorithm"
_DOCUMENT: Final = "upo.xml"
_ANY_MOMENT: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_OF_DOCUMENT: Final = frozenset(
    {
        "FORMAT_FAILURE",
        "SIG_CRYPTO_FAILURE",
        "HASH_FAILURE",
        "NO_SIGNING_CERTIFICATE_FOUND",
        "CRYPTO_CONSTRAINTS_FAILURE",
        "SIG_CONSTRAINTS_FAILURE",
        "SIGNED_DATA_NOT_FOUND",
    }
)


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What is known about a receipt that was brought.

    `ours`: sealed with a seal that the office has or had, while that seal was valid. `unchanged`: the signature covers
    the whole document and is right. `speaks_of_package`: whether it names the digest of the package that was brought
    with it; None where no package came or the receipt names no digest. `receipt` is what it says, read from the bytes
    that were verified: None unless it is ours and unchanged, so that forged text is never shown as the office's.
    `reasons` are codes; `weak` marks an old receipt signed with an algorithm that is no longer good enough.
    """

    ours: bool
    unchanged: bool
    speaks_of_package: bool | None
    receipt: Receipt | None
    reasons: tuple[str, ...]
    weak: bool


def check_receipt(xml: bytes, seals: Sequence[x509.Certificate], package: Path | None = None) -> ReceiptCheck:
    """Check a receipt against the office's `seals` past and present, and against `package` where one came with it.

    Never raises for what stands in `xml`.
    """
    try:
        receipt = read_receipt(xml)
    except Unreadable as unreadable:
        return _failed(unreadable.code)
    verdicts = _judge(xml, seals)
    known = [verdict for verdict in verdicts if _is_of(verdict, seals)]
    if not known:
        return _failed(*_reasons(verdicts), NOT_OUR_SEAL)
    verdict = next((verdict for verdict in known if verdict.intact and _DOCUMENT in verdict.covers), known[0])
    reasons = list(_reasons([verdict]))
    unchanged = verdict.intact is True and _DOCUMENT in verdict.covers
    if verdict.intact and not unchanged:
        reasons.append("misplaced-content")
    ours = _sealed_in_time(verdict)
    if not ours:
        reasons.append(SEAL_NOT_VALID_THEN)
    if not (ours and unchanged):
        return ReceiptCheck(ours, unchanged, None, None, tuple(reasons), _WEAK in reasons)
    speaks = _speaks_of(receipt, package)
    if speaks is False:
        reasons.append(OTHER_PACKAGE)
    return ReceiptCheck(ours, unchanged, speaks, receipt, tuple(reasons), _WEAK in reasons)


def _judge(xml: bytes, seals: Sequence[x509.Certificate]) -> tuple[SignatureVerdict, ...]:
    """Judge the signatures of the document; trust and revocation are not asked here, only mathematics and coverage."""
    anchors = tuple(Anchor.of(seal, "certification-centre") for seal in seals)
    moment = max((seal.not_valid_before_utc for seal in seals), default=_ANY_MOMENT)
    trust = TrustStore(anchors, NOTHING_KNOWN, require_revocation=False)
    # Anybody may ask, and what a stranger signed is not ours whatever it says: it costs no digest.
    ours = frozenset(seal.public_bytes(Encoding.DER) for seal in seals)
    return judge_xades(xml, _DOCUMENT, lambda _: None, trust, moment, enveloped=True, signers=ours)


def _is_of(verdict: SignatureVerdict, seals: Sequence[x509.Certificate]) -> bool:
    return verdict.certificate in {seal.public_bytes(Encoding.DER) for seal in seals}


def _sealed_in_time(verdict: SignatureVerdict) -> bool:
    """The office never seals with a seal that is not valid; a receipt that claims so was not made by it."""
    if verdict.signed_at is None or verdict.not_before is None or verdict.not_after is None:
        return False
    return verdict.not_before <= verdict.signed_at <= verdict.not_after


def _reasons(verdicts: Iterable[SignatureVerdict]) -> tuple[str, ...]:
    """Return the reasons that speak of the document itself, each once."""
    found = (code for verdict in verdicts for code in verdict.reasons if REASONS[code].sub_indication in _OF_DOCUMENT)
    return tuple(dict.fromkeys(found))


def _speaks_of(receipt: Receipt, package: Path | None) -> bool | None:
    if package is None or not receipt.package_sha256:
        return None
    return digest_of(file_chunks(package)()) == receipt.package_sha256


def _failed(*reasons: str) -> ReceiptCheck:
    return ReceiptCheck(
        ours=False, unchanged=False, speaks_of_package=None, receipt=None, reasons=reasons, weak=_WEAK in reasons
    )
