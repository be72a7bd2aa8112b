"""Which bytes stand for an XML element when it is signed?

Canonical XML 1.0, 1.1 and exclusive. lxml writes a wrong `xmlns=""` when it canonicalises an element that inherits a
default namespace, so an element is never canonicalised where it stands: it is written out, with the namespaces it
inherits, read again as a document of its own, and that is canonicalised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from app.pki.verdicts import Defect
from app.pki.xml_safety import hardened_parser

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_XML = "{http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True)
class Canonicalization:
    """One of the W3C's methods."""

    exclusive: bool = False
    comments: bool = False
    inherits_id: bool = True
    """Whether xml:id and xml:base of ancestors are copied as they are (1.0), which 1.1 corrected."""


METHODS: dict[str, Canonicalization] = {
    INCLUSIVE: Canonicalization(),
    INCLUSIVE + "#WithComments": Canonicalization(comments=True),
    "http://www.w3.org/2006/12/xml-c14n11": Canonicalization(inherits_id=False),
    "http://www.w3.org/2006/12/xml-c14n11#WithComments": Canonicalization(comments=True, inherits_id=False),
    EXCLUSIVE: Canonicalization(exclusive=True),
    EXCLUSIVE + "WithComments": Canonicalization(exclusive=True, comments=True),
}


def inclusive_prefixes(method_element: etree._Element) -> tuple[str, ...]:
    """The PrefixList of an exclusive canonicalisation (`#default` is the default namespace)."""
    listed = method_element.find(f"{{{EXCLUSIVE}}}InclusiveNamespaces")
    return () if listed is None else tuple(listed.get("PrefixList", "").split())


def canonical(
    element: etree._Element,
    method: Canonicalization,
    prefixes: Sequence[str] = (),
    *,
    whole_document: bool = False,
) -> bytes:
    """The canonical bytes of an element, or of the document whose root it is.

    Args:
        element: where it stands; it is not changed.
        method: how.
        prefixes: the PrefixList of an exclusive method.
        whole_document: `element` is a root, and what stands before and after it counts too.
    """
    subject = element if element.getparent() is None else _standalone(element, method)
    return etree.tostring(
        subject.getroottree() if whole_document else subject,
        method="c14n",
        exclusive=method.exclusive,
        with_comments=method.comments,
        inclusive_ns_prefixes=list(prefixes) or None,
    )


def _standalone(element: etree._Element, method: Canonicalization) -> etree._Element:
    copy = _reread(element)
    if method.exclusive:
        return copy
    for ancestor in element.iterancestors():
        for name, value in ancestor.attrib.items():
            key = str(name)
            if not key.startswith(_XML) or key in copy.attrib:
                continue
            if not method.inherits_id:
                if key == _XML + "base":
                    raise Defect("transform-refused", "xml:base under canonical XML 1.1")
                if key == _XML + "id":
                    continue
            copy.set(key, value)
    return copy


def _reread(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, encoding="utf-8", with_tail=False), hardened_parser())


def without_signature(root: etree._Element, signature: etree._Element) -> etree._Element:
    """A copy of the document without one signature, a child of the root (the enveloped transform of XMLDSIG 6.6.4)."""
    position = root.index(signature)
    copy = _reread_document(root)
    _remove(copy[position])
    return copy


def without_signatures(root: etree._Element) -> etree._Element:
    """A copy of the document without any ds:Signature."""
    copy = _reread_document(root)
    for signature in list(copy.iter(f"{{{DS}}}Signature")):
        if signature.getparent() is None:
            raise Defect("misplaced-content", "nothing left to sign")
        _remove(signature)
    return copy


def _reread_document(root: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(root.getroottree(), encoding="utf-8"), hardened_parser())


def _remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it where it was."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        raise Defect("format-failure", "the root cannot be taken out")
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)
