"""Which bytes does a reference of an XML signature speak of, and are they those?

XMLDSIG 4.4.3 and EN 319 162-1, narrowed: a reference leads to a member of the container by a relative name, or to a
place in the same file where signed content may stand. Two literal filters and canonicalisation are understood; no XPath
or XSLT is ever run.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

from lxml import etree

from app.pki.algorithms import WEAK_DIGESTS, DigestName, digest, xml_digest
from app.pki.canonical import (
    DS,
    INCLUSIVE,
    METHODS,
    Canonicalization,
    canonical,
    inclusive_prefixes,
    without_signature,
    without_signatures,
)
from app.pki.evidence import Notes
from app.pki.verdicts import Defect
from app.pki.xml_safety import MAX_BYTES, parse

Chunks = Callable[[], Iterator[bytes]]
Resolve = Callable[[str], Chunks | None]

SIGNED_PROPERTIES_TYPE = "http://uri.etsi.org/01903#SignedProperties"
MAX_REFERENCES = 2_000
MAX_CANONICALISED = 64 * 1024 * 1024
"""Bytes put into canonical form for one signature file, however often it asks."""

_ENVELOPED = DS + "enveloped-signature"
_XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
_XPATH_FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_XPOINTER_ID = re.compile(r"""xpointer\(id\((['"])([^'"]+)\1\)\)""")


@dataclass(frozen=True, slots=True)
class KnownContent:
    """Bytes of a member together with the SHA-256 found while it was read; saves reading it again."""

    chunks: Chunks
    sha256: bytes

    def __call__(self) -> Iterator[bytes]:
        """The bytes, from the beginning."""
        return self.chunks()


@dataclass(slots=True)
class Members:
    """The members of the container as references find them; each is hashed once for each kind of digest."""

    resolve: Resolve
    _digests: dict[tuple[str, DigestName], bytes] = field(default_factory=dict)

    def find(self, uri: str) -> tuple[str, Chunks] | None:
        """The member a reference means: by its decoded name, else as it is written (old signers did not encode)."""
        decoded = decoded_name(uri)
        for name in () if decoded is None else (decoded, uri):
            chunks = self.resolve(name)
            if chunks is not None:
                return name, chunks
        return None

    def digest(self, name: str, chunks: Chunks, algorithm: DigestName) -> bytes:
        """The digest of a member."""
        if isinstance(chunks, KnownContent) and algorithm == "sha256":
            return chunks.sha256
        known = self._digests.get((name, algorithm))
        if known is None:
            known = self._digests[name, algorithm] = digest(algorithm, chunks())
        return known


@dataclass(slots=True)
class SignatureFile:
    """The file that references stand in, shared by all its signatures.

    `size` is what putting it into canonical form costs, in bytes. `where` is its own name; in an `enveloped` document
    that name counts as covered when all of it is signed. `detached_name` is the document that a reference without URI
    means.
    """

    root: etree._Element
    size: int
    where: str
    members: Members
    enveloped: bool = False
    detached_name: str | None = None
    ids: Mapping[str, list[etree._Element]] = field(default_factory=dict)
    signers: frozenset[bytes] | None = None
    """Certificates (DER) whose signatures are asked about; for any other nothing is computed. None: all are."""
    _canonicalised: int = 0

    def spend(self, size: int) -> None:
        """Account for bytes about to be put into canonical form."""
        self._canonicalised += size
        if self._canonicalised > MAX_CANONICALISED:
            raise Defect("too-many-references", "canonical form")

    def by_id(self, key: str) -> etree._Element | None:
        """The one element with that Id."""
        found = self.ids.get(key, [])
        if len(found) > 1:
            raise Defect("duplicate-id", key)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Transforms:
    """The transforms of one reference: what is left out, then how the rest is written."""

    left_out: Literal["nothing", "this-signature", "all-signatures"]
    method: Canonicalization | None
    prefixes: tuple[str, ...]


def decoded_name(uri: str) -> str | None:
    """The member's name in a URI: relative, percent-decoded UTF-8 (a plus is a plus); None if it is no such name."""
    if _SCHEME.match(uri) or "?" in uri or "#" in uri:
        return None
    try:
        name = unquote(uri, errors="strict")
    except UnicodeDecodeError:
        return None
    outside = _SCHEME.match(name) or "\\" in name or "\0" in name
    return None if outside or any(part in {"", ".", ".."} for part in name.split("/")) else name


def text_of(element: etree._Element) -> str:
    """The text of an element that holds only text; a comment in it could split what is read from what is signed."""
    if len(element):
        raise Defect("format-failure", f"{etree.QName(element).localname} holds more than text")
    return element.text or ""


def base64_of(element: etree._Element) -> bytes:
    """The bytes of an element that holds base64."""
    try:
        return base64.b64decode("".join(text_of(element).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Defect("format-failure", f"{etree.QName(element).localname} is not base64") from error


def only_child(parent: etree._Element, tag: str) -> etree._Element:
    """The one child with that tag; none or a second is a Defect."""
    found = parent.findall(tag)
    if len(found) != 1:
        raise Defect("format-failure", f"{len(found)} × {etree.QName(tag).localname}")
    return found[0]


def check_references(
    signature: etree._Element,
    signed_info: etree._Element,
    properties: etree._Element,
    file: SignatureFile,
    notes: Notes,
) -> None:
    """Check every reference of a signature whose value is right; all that is wrong is noted, not only the first.

    Args:
        signature: the ds:Signature.
        signed_info: its SignedInfo.
        properties: its SignedProperties; exactly one reference must lead there.
        file: what the references are resolved in.
        notes: where findings go.
    """
    references = signed_info.findall(f"{{{DS}}}Reference")
    if not references:
        raise Defect("format-failure", "no reference")
    if len(references) > MAX_REFERENCES:
        raise Defect("too-many-references", str(len(references)))
    targets: list[etree._Element] = []
    for reference in references:
        try:
            targets += _check_reference(reference, signature, properties, file, notes)
        except Defect as defect:
            notes.defect(defect)
    if sum(target is properties for target in targets) != 1:
        notes.reason("format-failure", "not exactly one reference to SignedProperties")
    whole = file.enveloped and signature is file.root and _content_covered(signature, properties, targets)
    if whole and "hash-mismatch" not in notes.reasons:
        notes.covers.append(file.where)


def _check_reference(
    reference: etree._Element,
    signature: etree._Element,
    properties: etree._Element,
    file: SignatureFile,
    notes: Notes,
) -> tuple[etree._Element, ...]:
    """Check one; returns the target if it leads to a place in the same file."""
    uri = reference.get("URI")
    if uri is None:
        if file.detached_name is None:
            raise Defect("format-failure", "reference without URI")
        name: str | None = file.detached_name
    else:
        name = None
    algorithm = xml_digest(only_child(reference, f"{{{DS}}}DigestMethod").get("Algorithm"))
    expected = base64_of(only_child(reference, f"{{{DS}}}DigestValue"))
    transforms = _transforms(reference)
    if algorithm in WEAK_DIGESTS:
        notes.reason("weak-algorithm", f"{algorithm} for {uri}")
    if name is not None or (uri and not uri.startswith("#")):
        _check_member(name, uri or "", algorithm, expected, transforms, file, notes)
        return ()
    target = _target(uri or "", signature, properties, file)
    if (reference.get("Type") == SIGNED_PROPERTIES_TYPE) != (target is properties):
        raise Defect("format-failure", "the reference to SignedProperties and its Type do not agree")
    file.spend(file.size)
    if digest(algorithm, [_same_document(uri or "", target, signature, transforms)]) != expected:
        notes.reason("hash-mismatch", uri or "the document")
    elif target is file.root and file.enveloped:
        notes.covers.append(file.where)
    return (target,)


def _check_member(  # noqa: PLR0917 # one call, six things to know
    name: str | None,
    uri: str,
    algorithm: DigestName,
    expected: bytes,
    transforms: Transforms,
    file: SignatureFile,
    notes: Notes,
) -> None:
    if name is None:
        found = file.members.find(uri)
    else:
        chunks = file.members.resolve(name)
        found = None if chunks is None else (name, chunks)
    if found is None:
        raise Defect("member-missing", uri or (name or ""))
    name, chunks = found
    if transforms.left_out != "nothing":
        raise Defect("transform-refused", f"a filter on {name}")
    if transforms.method is None:
        actual = file.members.digest(name, chunks, algorithm)
    else:
        notes.warn("canonical-form")
        document = _bounded(chunks())
        file.spend(len(document))
        form = canonical(parse(document), transforms.method, transforms.prefixes, whole_document=True)
        actual = digest(algorithm, [form])
    if actual != expected:
        raise Defect("hash-mismatch", name)
    notes.covers.append(name)


def _bounded(chunks: Iterator[bytes]) -> bytes:
    collected = bytearray()
    for chunk in chunks:
        collected += chunk
        if len(collected) > MAX_BYTES:
            raise Defect("xml-too-large")
    return bytes(collected)


def _transforms(reference: etree._Element) -> Transforms:
    """Read the transforms: filters first, one canonicalisation last, nothing else (XMLDSIG 6.6 allows far more)."""
    listed = reference.findall(f"{{{DS}}}Transforms")
    if len(listed) > 1:
        raise Defect("format-failure", "more than one Transforms")
    left_out: Literal["nothing", "this-signature", "all-signatures"] = "nothing"
    method: Canonicalization | None = None
    prefixes: tuple[str, ...] = ()
    for transform in listed[0].findall(f"{{{DS}}}Transform") if listed else ():
        algorithm = transform.get("Algorithm", "")
        if method is not None:
            raise Defect("transform-refused", "something after the canonicalisation")
        if algorithm in METHODS:
            method, prefixes = METHODS[algorithm], inclusive_prefixes(transform)
        elif algorithm == _ENVELOPED and left_out == "nothing":
            left_out = "this-signature"
        elif _is_no_signatures_filter(algorithm, transform):
            left_out = "all-signatures"
        else:
            raise Defect("transform-refused", algorithm)
    return Transforms(left_out, method, prefixes)


def _is_no_signatures_filter(algorithm: str, transform: etree._Element) -> bool:
    """Whether this is, literally, one of the two filters that say 'not the signatures'."""
    space, expression, name = {
        _XPATH: (DS, "not(ancestor-or-self::ds:Signature)", None),
        _XPATH_FILTER: (_XPATH_FILTER, "/descendant::ds:Signature", "subtract"),
    }.get(algorithm, ("", "", None))
    if not space or len(transform) != 1:
        return False
    xpath = transform[0]
    return (
        xpath.tag == f"{{{space}}}XPath"
        and len(xpath) == 0
        and "".join((xpath.text or "").split()) == expression
        and xpath.get("Filter") == name
        and xpath.nsmap.get("ds") == DS
    )


def _target(uri: str, signature: etree._Element, properties: etree._Element, file: SignatureFile) -> etree._Element:
    """The element a same-document reference leads to, if signed content may stand there."""
    if uri == "":
        target: etree._Element | None = file.root
    else:
        pointer = _XPOINTER_ID.fullmatch(uri[1:])
        target = file.by_id(pointer[2] if pointer else uri[1:])
    if target is None:
        raise Defect("member-missing", uri)
    parent = target.getparent()
    allowed = (
        target is properties
        or (target is file.root and file.enveloped and target is not signature)
        or (parent is signature and target.tag in {f"{{{DS}}}KeyInfo", f"{{{DS}}}Object"})
        or (parent is not None and parent.tag == f"{{{DS}}}Object" and parent.getparent() is signature)
    )
    if not allowed:
        raise Defect("misplaced-content", uri or "the document")
    return target


def _same_document(uri: str, target: etree._Element, signature: etree._Element, transforms: Transforms) -> bytes:
    """The bytes of a target in the same file; without comments, unless an xpointer asked for them (XMLDSIG 4.4.3.3)."""
    method = transforms.method or METHODS[INCLUSIVE]
    if not uri.startswith("#xpointer"):
        method = Canonicalization(method.exclusive, comments=False, inherits_id=method.inherits_id)
    if transforms.left_out != "nothing":
        if signature.getparent() is not target:
            raise Defect("transform-refused", "a filter outside an enveloped signature")
        target = (
            without_signature(target, signature)
            if transforms.left_out == "this-signature"
            else without_signatures(target)
        )
    elif signature in target:
        raise Defect("misplaced-content", "the signature would sign itself")
    return canonical(target, method, transforms.prefixes, whole_document=uri == "")


def _content_covered(signature: etree._Element, properties: etree._Element, targets: list[etree._Element]) -> bool:
    """Whether all content inside an enveloping signature is signed, and there is some."""
    contents = [found for found in signature.findall(f"{{{DS}}}Object") if found not in properties.iterancestors()]
    return bool(contents) and all(
        content in targets or (len(content) == 1 and content[0] in targets and not (content.text or "").strip())
        for content in contents
    )
