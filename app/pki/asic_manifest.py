"""Are the members of an ASiC-E with CAdES those that its manifest lists?

EN 319 162-1 A.4: the CMS signature covers an ASiCManifest, the manifest covers members by digest.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from app.pki.algorithms import WEAK_DIGESTS, xml_digest
from app.pki.canonical import DS
from app.pki.evidence import Notes
from app.pki.references import MAX_REFERENCES, Members, Resolve, base64_of, decoded_name, only_child
from app.pki.verdicts import Defect
from app.pki.xml_safety import parse

_NAMESPACES = ("http://uri.etsi.org/02918/v1.2.1#", "http://uri.etsi.org/02918/v1.1.1#")


@dataclass(frozen=True, slots=True)
class ManifestVerdict:
    """A manifest compared with the container: whose signature it is for, what it covers, what is wrong.

    `signature_name` is the member that signs the manifest (empty if that cannot be read), `covers` the members whose
    digest was right, `reasons` codes of `verdicts.REASONS`.
    """

    signature_name: str
    covers: tuple[str, ...]
    reasons: tuple[str, ...]
    details: tuple[str, ...] = ()


def judge_manifest(manifest_xml: bytes, resolve: Resolve) -> ManifestVerdict:
    """Compare an ASiCManifest with the members.

    Args:
        manifest_xml: the manifest's bytes.
        resolve: the bytes of a member by its name, or None.

    Returns:
        What it covers; its reasons count against the package, like those of the signature over it.
    """
    notes = Notes("cades")
    name = ""
    try:
        name, references = _entries(manifest_xml)
        members = Members(resolve)
        for reference in references:
            try:
                _check(reference, members, notes)
            except Defect as defect:
                notes.defect(defect)
    except Defect as defect:
        notes.defect(defect)
    return ManifestVerdict(name, tuple(dict.fromkeys(notes.covers)), tuple(notes.reasons), tuple(notes.details))


def _entries(manifest_xml: bytes) -> tuple[str, list[etree._Element]]:
    root = parse(manifest_xml)
    namespace = etree.QName(root).namespace
    if namespace not in _NAMESPACES or etree.QName(root).localname != "ASiCManifest":
        raise Defect("format-failure", f"root {str(root.tag)[:80]}")
    name = decoded_name(only_child(root, f"{{{namespace}}}SigReference").get("URI", ""))
    references = root.findall(f"{{{namespace}}}DataObjectReference")
    if not name or not references:
        raise Defect("format-failure", "the manifest names no signature or no member")
    if len(references) > MAX_REFERENCES:
        raise Defect("too-many-references", str(len(references)))
    return name, references


def _check(reference: etree._Element, members: Members, notes: Notes) -> None:
    uri = reference.get("URI", "")
    algorithm = xml_digest(only_child(reference, f"{{{DS}}}DigestMethod").get("Algorithm"))
    expected = base64_of(only_child(reference, f"{{{DS}}}DigestValue"))
    found = members.find(uri)
    if found is None:
        raise Defect("member-missing", uri)
    name, chunks = found
    if algorithm in WEAK_DIGESTS:
        notes.reason("weak-algorithm", f"{algorithm} for {name}")
    if members.digest(name, chunks, algorithm) != expected:
        raise Defect("hash-mismatch", name)
    notes.covers.append(name)
