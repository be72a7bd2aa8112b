"""The list of reasons is closed, and the worst answer counts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app.pki
from app.pki.verdicts import REASONS, SignatureVerdict, indication_of, outcome_of

PKI = Path(app.pki.__file__).parent


def verdict(*reasons: str) -> SignatureVerdict:
    indication, sub = indication_of(reasons)
    return SignatureVerdict(
        "s", "xades", "B-B", "", "", "", "", None, "claimed", None, None, None, (), "unknown", indication, sub,
        reasons, (),
    )  # fmt: skip


def test_every_reason_given_anywhere_is_on_the_list() -> None:
    given = set()
    for source in PKI.glob("*.py"):
        given |= set(re.findall(r"""(?:Defect|\.reason)\(\s*"([a-z0-9-]+)\"""", source.read_text()))

    assert len(given) > 10
    assert given <= set(REASONS)


@pytest.mark.parametrize("code", REASONS)
def test_no_reason_lets_a_signature_pass(code: str) -> None:
    reason = REASONS[code]

    assert reason.indication in {"INDETERMINATE", "TOTAL-FAILED"}
    assert reason.outcome in {"undecided", "invalid"}
    assert outcome_of([verdict(code)]) == reason.outcome
    assert reason.outcome == "invalid" or reason.indication == "INDETERMINATE"


@pytest.mark.parametrize(
    ("signatures", "reasons", "outcome"),
    [
        ([verdict()], [], "valid"),
        ([verdict(), verdict()], [], "valid"),
        ([], [], "invalid"),
        ([verdict("chain-unknown")], [], "undecided"),
        ([verdict(), verdict("chain-unknown")], [], "undecided"),
        ([verdict("chain-unknown"), verdict("hash-mismatch")], [], "invalid"),
        ([verdict("chain-unknown")], ["member-unsigned"], "invalid"),
        ([verdict()], ["member-unsigned"], "invalid"),
        ([verdict()], ["a-code-of-the-container"], "invalid"),
    ],
)
def test_the_worst_answer_counts(signatures: list[SignatureVerdict], reasons: list[str], outcome: str) -> None:
    assert outcome_of(signatures, reasons) == outcome


def test_a_failure_wins_over_an_open_question() -> None:
    assert indication_of(()) == ("TOTAL-PASSED", "")
    assert indication_of(("chain-unknown", "hash-mismatch")) == ("TOTAL-FAILED", "HASH_FAILURE")
    assert indication_of(("chain-unknown", "revocation-unknown")) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")


def test_the_judges_know_nothing_of_the_makers() -> None:
    makers = {"authority", "seal", "signing", "keyfiles", "pdf_seal"}

    for source in PKI.glob("*.py"):
        if source.stem not in makers:
            imported = set(re.findall(r"from app\.pki\.(\w+) import", source.read_text()))
            assert not imported & makers, source.name
