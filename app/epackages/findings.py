"""What did the reading of one package bring, before the outcome is drawn from it?"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime

from app.epackages.container import Container, Member
from app.epackages.limits import Limits
from app.epackages.signatures import Resolver
from app.epackages.verdict import ContainerKind
from app.pki.judging import KnownContent, judge_cades, judge_xades
from app.pki.trust_store import TrustStore
from app.pki.verdicts import SignatureVerdict


@dataclasses.dataclass(frozen=True, slots=True)
class Findings:
    """What the reading of one package brought, before the outcome is drawn from it."""

    container: ContainerKind
    content: tuple[Member, ...]
    envelope: tuple[Member, ...] = ()
    signatures: tuple[SignatureVerdict, ...] = ()
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Judge:
    """Whom to trust, at which moment, within which limits: what every signature of a package is judged by."""

    trust: TrustStore
    at: datetime
    limits: Limits

    def xades(
        self, xml: bytes, where: str, resolver: Resolver, detached_name: str | None = None
    ) -> Iterator[SignatureVerdict]:
        """Judge a XAdES file; `covers` become names of members."""
        for verdict in judge_xades(xml, where, resolver, self.trust, self.at, detached_name=detached_name):
            yield dataclasses.replace(verdict, covers=resolver.names(verdict.covers))

    def enveloped(self, xml: bytes, where: str) -> tuple[SignatureVerdict, ...]:
        """Judge the signatures inside a document."""
        return judge_xades(xml, where, lambda _: None, self.trust, self.at, enveloped=True)

    def cades(
        self, cms: bytes, where: str, content: KnownContent, covers: tuple[str, ...]
    ) -> tuple[SignatureVerdict, ...]:
        """Judge a detached CMS signature of `content`."""
        return judge_cades(cms, where, content, covers, self.trust, self.at)


def sources_of(container: Container) -> Callable[[str], KnownContent]:
    """The bytes of members by name, with the digests already known."""
    known = {member.name: bytes.fromhex(member.sha256) for member in container.members}
    return lambda name: KnownContent(lambda: container.chunks(name), known[name])
