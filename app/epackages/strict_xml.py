"""Is this a plain, small, harmless XML document?

UTF-8 only, no document type, bounded size and number of nodes: decided before a tree is built, and again on the tree.
"""

from __future__ import annotations

import re

from lxml import etree

from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import Limits

BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"<\?xml[ \t\r\n][^>]*?\?>")
_ENCODING = re.compile(rb"""[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z0-9._-]*)["']""")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_PLAIN_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def _check_bytes(data: bytes, limits: Limits) -> None:
    if len(data) > limits.xml_size:
        raise Unreadable(Reason.TOO_LARGE, f"{len(data)} bytes of XML")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        raise Unreadable(Reason.XML_ENCODING, "UTF-16 or UTF-32, or a zero byte")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(Reason.XML_ENCODING, "not UTF-8") from error
    body = data.removeprefix(BOM)
    declaration = _DECLARATION.match(body)
    encoding = _ENCODING.search(declaration[0]) if declaration else None
    if encoding and encoding[1].lower() not in _PLAIN_ENCODINGS:
        raise Unreadable(Reason.XML_ENCODING, f"declares {encoding[1]!a}")
    if not body.lstrip(b" \t\r\n").startswith(b"<"):
        raise Unreadable(Reason.XML_MALFORMED, "does not begin with a tag")
    if _DOCTYPE.search(body):
        raise Unreadable(Reason.DOCTYPE, "a document type or entity declaration")
    # A tree costs a hundred times its smallest element; what could become one is counted first.
    if body.count(b"<") > 2 * limits.xml_nodes or body.count(b'="') + body.count(b"='") > limits.xml_nodes:
        raise Unreadable(Reason.XML_TOO_COMPLEX, "too many tags or attributes")


def parse_xml(data: bytes, limits: Limits, *, keep_comments: bool = False) -> etree._Element:
    """Parse `data`; comments and processing instructions are dropped, so that no text can be split by one.

    Raises:
        Unreadable: `too-large`, `xml-encoding`, `xml-malformed`, `doctype` or `xml-too-complex`.
    """
    _check_bytes(data, limits)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Reason.XML_MALFORMED, str(error)[:200]) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.doctype:
        raise Unreadable(Reason.DOCTYPE, "a document type")
    nodes = 0
    for element in root.iter():
        nodes += 1 + len(element.attrib) if isinstance(element.tag, str) else 1
        if isinstance(element, etree._Entity):  # noqa: SLF001 - lxml has no public name for it
            raise Unreadable(Reason.DOCTYPE, "an entity reference")
    if nodes > limits.xml_nodes:
        raise Unreadable(Reason.XML_TOO_COMPLEX, f"{nodes} nodes")
    return root
