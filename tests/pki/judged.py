"""Short ways to judge what a test has signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from app.pki.judging import judge_cades, judge_xades
from app.pki.revocation import MemoryRevocations
from app.pki.trust_store import Anchor, TrustStore
from app.pki.verdicts import SignatureVerdict
from tests.pki.own_pki import Party, hierarchy

MEMBERS = {"wniosek.xml": b"<wniosek>tak</wniosek>", "01-umowa.pdf": b"%PDF-1.7 umowa"}


def store(*anchors: Party, crls: tuple[bytes, ...] | None = None, required: bool = True) -> TrustStore:
    """A trust store; by default the test hierarchy's issuing CA and its current lists."""
    pki = hierarchy()
    return TrustStore(
        tuple(Anchor.of(party.certificate, "personal") for party in (anchors or (pki.issuing,))),
        MemoryRevocations(pki.crls if crls is None else crls),
        require_revocation=required,
    )


def resolving(members: Mapping[str, bytes]) -> Callable[[str], Callable[[], Iterator[bytes]] | None]:
    return lambda name: (lambda: iter([members[name]])) if name in members else None


def now() -> datetime:
    """This moment: other programs sign by the clock, and a long run has left the module's own NOW behind."""
    return datetime.now(UTC)


def judge(
    signature: bytes,
    members: Mapping[str, bytes] = MEMBERS,
    *,
    trust: TrustStore | None = None,
    at: datetime | None = None,
    enveloped: bool = False,
    detached_name: str | None = None,
) -> SignatureVerdict:
    """The one verdict on a XAdES file."""
    (verdict,) = judge_xades(
        signature,
        "META-INF/signatures0.xml",
        resolving(members),
        trust or store(),
        at or now(),
        enveloped,
        detached_name,
    )
    return verdict


def judge_cms(
    signature: bytes, content: bytes, *, trust: TrustStore | None = None, at: datetime | None = None
) -> SignatureVerdict:
    """The one verdict on a CAdES file."""
    (verdict,) = judge_cades(signature, "a.p7s", lambda: iter([content]), ("a",), trust or store(), at or now())
    return verdict
