"""What is signed in an associated signature container (EN 319 162-1): ASiC-E or ASiC-S, by XAdES or CAdES?"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.epackages import signatures as found
from app.epackages.container import Container, Member
from app.epackages.errors import Reason, Unreadable
from app.epackages.findings import Findings, Judge, sources_of
from app.epackages.verdict import ContainerKind
from app.pki.judging import judge_manifest
from app.pki.verdicts import SignatureVerdict, indication_of

MIMETYPE_BYTES = 256
"""A `mimetype` member longer than this is none."""


def is_asic(container: Container) -> bool:
    """Whether the container has signatures where an ASiC has them, or calls itself one."""
    return _media_type(container) in {found.ASIC_E, found.ASIC_S} or any(
        found.is_asic_xades(member.name) or found.is_asic_cades(member.name) for member in container.members
    )


def read_asic(container: Container, judge: Judge) -> Findings:
    """Judge every signature of an ASiC.

    Raises:
        Unreadable: a signature file is too large, or `bad-mimetype`.
    """
    reading = _Reading(container, judge)
    verdicts = (*reading.xades(), *reading.cades())
    return Findings(
        reading.kind,
        reading.content,
        reading.envelope,
        verdicts,
        tuple(reading.reasons),
        (*_mimetype_faults(container), *reading.meta_inf_faults()),
        tuple(reading.details),
    )


def content_of_asic(container: Container) -> tuple[Member, ...]:
    """The members that are content: all but `mimetype` and what lies in META-INF."""
    return tuple(member for member in container.members if not _is_envelope(member))


def _is_envelope(member: Member) -> bool:
    return member.name == found.MIMETYPE or member.name.startswith(found.META_INF)


def _media_type(container: Container) -> str | None:
    member = container.member(found.MIMETYPE)
    if member is None or member.size > MIMETYPE_BYTES:
        return None
    return container.read(found.MIMETYPE, MIMETYPE_BYTES).decode("utf-8", errors="replace").strip()


def _mimetype_faults(container: Container) -> tuple[Reason, ...]:
    """What is wrong with the `mimetype` member (EN 319 162-1, A.1). One mistake is common, two are not an ASiC.

    Raises:
        Unreadable: `bad-mimetype`.
    """
    member = container.member(found.MIMETYPE)
    if member is None:
        return (Reason.MIMETYPE_MISSING,)
    value = container.read(found.MIMETYPE, MIMETYPE_BYTES) if member.size <= MIMETYPE_BYTES else b""
    checks = (
        (container.members[0].name != found.MIMETYPE, Reason.MIMETYPE_NOT_FIRST),
        (not container.is_stored(found.MIMETYPE), Reason.MIMETYPE_COMPRESSED),
        (container.has_extra(found.MIMETYPE), Reason.MIMETYPE_EXTRA),
        (value not in {found.ASIC_E.encode(), found.ASIC_S.encode()}, Reason.MIMETYPE_VALUE),
    )
    faults = tuple(reason for wrong, reason in checks if wrong)
    if len(faults) > 1:
        raise Unreadable(Reason.BAD_MIMETYPE, ", ".join(faults))
    return faults


@dataclass(slots=True)
class _Reading:
    """One ASiC being read; `reasons` and `details` grow on the way."""

    container: Container
    judge: Judge
    envelope: tuple[Member, ...] = ()
    content: tuple[Member, ...] = ()
    reasons: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Tell the content from what carries it."""
        self.envelope = tuple(filter(_is_envelope, self.container.members))
        self.content = content_of_asic(self.container)

    @property
    def kind(self) -> ContainerKind:
        """By `mimetype`, else by the names that only the simple kind uses."""
        media = _media_type(self.container)
        if media in {found.ASIC_E, found.ASIC_S}:
            return "asic-e" if media == found.ASIC_E else "asic-s"
        names = {member.name for member in self.envelope}
        simple = {"META-INF/signatures.xml", "META-INF/signature.p7s"} & names
        alone = len(self.content) == 1 and not any(map(found.is_asic_manifest, names))
        return "asic-s" if simple and alone else "asic-e"

    def meta_inf_faults(self) -> tuple[Reason, ...]:
        """A warning where META-INF holds what no reader knows; it is never shown to anybody."""
        known = all(m.name == found.MIMETYPE or found.is_known_in_meta_inf(m.name) for m in self.envelope)
        return () if known else (Reason.META_INF_UNKNOWN,)

    def _read(self, name: str) -> bytes:
        return self.container.read(name, self.judge.limits.xml_size)

    def _resolver(self) -> found.Resolver:
        return found.Resolver(self._signable(), sources_of(self.container))

    def _signable(self) -> Sequence[Member]:
        """Everything but the signatures themselves."""
        return [
            member
            for member in self.container.members
            if not (found.is_asic_xades(member.name) or found.is_asic_cades(member.name))
        ]

    def xades(self) -> Iterator[SignatureVerdict]:
        """Every signature of every `META-INF/*signatures*.xml`."""
        only = self.content[0].name if self.kind == "asic-s" and len(self.content) == 1 else None
        for member in self.envelope:
            if found.is_asic_xades(member.name):
                yield from self.judge.xades(self._read(member.name), member.name, self._resolver(), only)

    def cades(self) -> Iterator[SignatureVerdict]:
        """Every signer of every `META-INF/*.p7s`."""
        names = [member.name for member in self.envelope if found.is_asic_cades(member.name)]
        if names and self.kind == "asic-s":
            yield from self._over_the_document(names)
        elif names:
            yield from self._over_manifests(names)

    def _over_the_document(self, names: Sequence[str]) -> Iterator[SignatureVerdict]:
        """ASiC-S: the signature is over the one document (4.3)."""
        if len(self.content) != 1:
            self.reasons.append(Reason.BAD_MANIFEST)
            return
        document = self.content[0].name
        for name in names:
            source = sources_of(self.container)(document)
            yield from self.judge.cades(self._read(name), name, source, (document,))

    def _over_manifests(self, names: Sequence[str]) -> Iterator[SignatureVerdict]:
        """ASiC-E: the signature is over a manifest, and the manifest holds the digests (4.4, A.4)."""
        claimed: Counter[str] = Counter()
        for member in self.envelope:
            if not found.is_asic_manifest(member.name):
                continue
            resolver = self._resolver()
            manifest = judge_manifest(self._read(member.name), resolver)
            self.details += manifest.details
            if manifest.signature_name.lower().endswith(".tst"):
                continue
            claimed[manifest.signature_name] += 1
            if manifest.signature_name not in names:
                self.reasons += [*manifest.reasons, Reason.BAD_MANIFEST]
                continue
            cms = self._read(manifest.signature_name)
            source = sources_of(self.container)(member.name)
            covers = resolver.names(manifest.covers)
            for verdict in self.judge.cades(cms, manifest.signature_name, source, covers):
                yield _with_reasons(verdict, manifest.reasons)
        if any(claimed[name] != 1 for name in names):
            self.reasons.append(Reason.BAD_MANIFEST)


def _with_reasons(verdict: SignatureVerdict, reasons: Sequence[str]) -> SignatureVerdict:
    """A signature over a manifest is only as good as the manifest."""
    if not reasons:
        return verdict
    codes = tuple(dict.fromkeys((*verdict.reasons, *reasons)))
    indication, sub_indication = indication_of(codes)
    return dataclasses.replace(
        verdict, intact=False, reasons=codes, indication=indication, sub_indication=sub_indication
    )
