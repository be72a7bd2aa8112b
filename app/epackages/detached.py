"""What is signed where nobody made an ASiC: a ZIP with a signature in it, two files, or a signed XML document?"""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from app.epackages import signatures as found
from app.epackages.container import Container, Member, file_chunks, file_member, inner_container, open_container
from app.epackages.errors import Reason, Unreadable
from app.epackages.findings import Findings, Judge, sources_of
from app.epackages.media import HEAD, is_archive
from app.epackages.strict_xml import parse_xml
from app.epackages.verdict import ContainerKind
from app.pki.judging import KnownContent, judge_xades
from app.pki.verdicts import SignatureVerdict

SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


# ---- signed XML documents


def read_document(path: Path, name: str, judge: Judge) -> Findings:
    """Judge the signatures inside the XML document at `path`.

    Raises:
        Unreadable: `too-large`, or what `parse_xml` refuses.
    """
    member = file_member(path, name, judge.limits)
    if member.size > judge.limits.xml_size:
        raise Unreadable(Reason.TOO_LARGE, f"{member.size} bytes of XML")
    xml = path.read_bytes()
    root = parse_xml(xml, judge.limits)
    if root.find(f".//{SIGNATURE}") is None:
        return Findings("xml", (member,))
    return Findings("xml", (member,), signatures=judge.enveloped(xml, name))


# ---- a plain ZIP with a detached signature in it


def read_zip(container: Container, judge: Judge) -> Findings:
    """Judge the detached signatures that lie in a plain ZIP beside what they sign.

    Where all that is signed is one archive, that archive is the package, and it is opened.

    Raises:
        Unreadable: a signature is too large, or the inner archive cannot be read.
    """
    content = content_of_zip(container)
    detached = [member for member in container.members if member not in content]
    if not detached:
        return Findings("zip", content, signatures=_enveloped_alone(container, content, judge))
    source = sources_of(container)
    verdicts: list[SignatureVerdict] = []
    reasons: list[str] = []
    for member in detached:
        data = container.read(member.name, judge.limits.xml_size)
        neighbour = found.signed_neighbour(member.name, content)
        if found.looks_like_xml(data):
            resolver = found.Resolver(content, source, posixpath.dirname(member.name))
            verdicts += judge.xades(data, member.name, resolver, neighbour.name if neighbour else None)
        elif neighbour is None:
            reasons.append(Reason.MEMBER_MISSING)
        else:
            verdicts += judge.cades(data, member.name, source(neighbour.name), (neighbour.name,))
    archive = archive_inside(container, content)
    if archive is not None:
        with archive as inner:
            return _spread(content[0].name, inner.members, (*detached, *content), verdicts, reasons)
    return Findings("zip", content, tuple(detached), tuple(verdicts), tuple(reasons))


def content_of_zip(container: Container) -> tuple[Member, ...]:
    """The members of a plain ZIP that are not detached signatures."""
    detached = found.detached_signatures(container.members, _heads(container))
    return tuple(member for member in container.members if member not in detached)


def archive_inside(container: Container, content: Sequence[Member]) -> Container | None:
    """The package itself, where a ZIP holds nothing but it and its signatures.

    Raises:
        Unreadable: it is an archive, and cannot be read.
    """
    if len(content) != 1 or len(container.members) == 1:
        return None
    name = content[0].name
    if not is_archive(_heads(container)(name)):
        return None
    return inner_container(container.chunks(name), container.limits)


def _heads(container: Container) -> Callable[[str], bytes]:
    return lambda name: next(container.chunks(name), b"")[:HEAD]


def _enveloped_alone(container: Container, content: Sequence[Member], judge: Judge) -> tuple[SignatureVerdict, ...]:
    """A signed XML document that somebody zipped, alone."""
    if len(content) != 1 or not content[0].name.lower().endswith(".xml"):
        return ()
    xml = container.read(content[0].name, judge.limits.xml_size)
    if not found.looks_like_xml(xml) or parse_xml(xml, judge.limits).find(f".//{SIGNATURE}") is None:
        return ()
    return judge.enveloped(xml, content[0].name)


def _spread(
    archive: str,
    members: tuple[Member, ...],
    envelope: tuple[Member, ...],
    verdicts: Iterable[SignatureVerdict],
    reasons: Iterable[str],
) -> Findings:
    """Who signs a whole archive signs each of its members."""
    names = tuple(member.name for member in members)
    spread = tuple(
        dataclasses.replace(verdict, covers=names if archive in verdict.covers else ()) for verdict in verdicts
    )
    return Findings("zip", members, envelope, spread, tuple(reasons))


# ---- two files: the signed one and its signature


def read_pair(path: Path, companion: Path, name: str, judge: Judge) -> Findings:
    """Judge two files that came together, in either order: the signed one and its detached signature.

    Raises:
        Unreadable: one is too large, or the signed one is an archive that cannot be read.
    """
    content, signature, content_name, signature_name = signed_of_pair(path, companion, name)
    member = file_member(content, content_name, judge.limits)
    beside = file_member(signature, signature_name, judge.limits)
    if beside.size > judge.limits.xml_size:
        raise Unreadable(Reason.TOO_LARGE, f"a signature of {beside.size} bytes")
    data = signature.read_bytes()
    source = KnownContent(file_chunks(content), bytes.fromhex(member.sha256))
    verdicts = tuple(_judge_beside(data, signature_name, member, source, judge))
    if is_archive(_first(content)):
        with open_container(content, judge.limits) as archive:
            return _spread(member.name, archive.members, (beside,), verdicts, ())
    kind: ContainerKind = "xml" if found.looks_like_xml(_first(content)) else "unknown"
    return Findings(kind, (member,), (beside,), verdicts)


def signed_of_pair(path: Path, companion: Path, name: str) -> tuple[Path, Path, str, str]:
    """Tell the signed file from its signature: (signed, signature, name of the signed, name of the signature)."""
    if found.looks_like_signature(_first(path)) and not found.looks_like_signature(_first(companion)):
        return companion, path, companion.name, name
    return path, companion, name, companion.name


def _first(path: Path) -> bytes:
    return next(file_chunks(path)(), b"")[:HEAD]


def _judge_beside(
    data: bytes, where: str, member: Member, source: KnownContent, judge: Judge
) -> Iterator[SignatureVerdict]:
    """With one document there is no doubt which one the signature means, whatever it was called when it was signed."""
    if not found.looks_like_signature(data):
        return
    if not found.looks_like_xml(data):
        yield from judge.cades(data, where, source, (member.name,))
        return
    for verdict in judge_xades(data, where, lambda _: source, judge.trust, judge.at, detached_name=member.name):
        yield dataclasses.replace(verdict, covers=(member.name,) if verdict.covers else ())
