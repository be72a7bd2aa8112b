"""How is XML from outside read without danger?

No DOCTYPE in any encoding, no entities, no network, no other encoding than UTF-8, bounded in bytes, nodes, depth,
attributes and namespaces. Used for signature files, for manifests and for everything else that came from outside.
"""

from __future__ import annotations

import re

from lxml import etree

from app.pki.verdicts import Defect

MAX_BYTES = 8 * 1024 * 1024
MAX_NODES = 200_000
MAX_DEPTH = 256
MAX_NAMESPACES = 64
"""In scope at one element."""
MAX_BURDEN = 2_000_000
"""Elements times namespaces in scope: what inclusive canonicalisation costs (a second and a half)."""
MAX_ATTRIBUTES = 256
"""Of one element: canonicalisation sorts them in quadratic time (20,000 take ten seconds)."""

_DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_ACCEPTED_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)


def hardened_parser() -> etree.XMLParser:
    """A parser that fetches nothing, expands nothing and keeps everything that canonicalisation needs."""
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=False,
    )


def parse(data: bytes, *, max_bytes: int = MAX_BYTES) -> etree._Element:
    """Read an XML document from outside.

    Args:
        data: the bytes; UTF-8, with or without byte order mark.
        max_bytes: how long it may be.

    Returns:
        The root element.

    Raises:
        Defect: `xml-too-large`, `doctype` or `format-failure`.
    """
    _check_bytes(data, max_bytes)
    try:
        root = etree.fromstring(data, hardened_parser())
    except etree.XMLSyntaxError as error:
        code = "xml-too-large" if "depth" in str(error) else "format-failure"
        raise Defect(code, f"XML: {str(error)[:100]}") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.doctype:
        raise Defect("doctype")
    survey(root)
    return root


def _check_bytes(data: bytes, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise Defect("xml-too-large", f"{len(data)} bytes")
    if b"\0" in data or data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Defect("format-failure", "XML must be UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Defect("format-failure", "XML must be UTF-8") from error
    declared = _DECLARED_ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in _ACCEPTED_ENCODINGS:
        raise Defect("format-failure", "XML must be UTF-8")
    if _DOCTYPE.search(data):
        raise Defect("doctype")
    # Before anything is built: an element needs a '<', an attribute a '='.
    if data.count(b"<") > 2 * MAX_NODES or data.count(b"=") > 2 * MAX_NODES:
        raise Defect("xml-too-large", "nodes")


def survey(root: etree._Element) -> int:
    """Walk through a document and measure it.

    Returns:
        Elements times namespaces in scope: the work of putting it into inclusive canonical form.

    Raises:
        Defect: `xml-too-large`.
    """
    nodes = depth = scope = burden = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "start-ns", "end-ns", "comment", "pi")):
        if event == "end":
            depth -= 1
        elif event == "end-ns":
            scope -= 1
        elif event == "start-ns":
            scope += 1
        else:
            nodes += 1
            if event == "start":
                depth += 1
                attributes = len(node.attrib)  # type: ignore[union-attr] # "start" brings an element
                nodes += attributes
                burden += scope
                if attributes > MAX_ATTRIBUTES or depth > MAX_DEPTH or scope > MAX_NAMESPACES:
                    raise Defect("xml-too-large", "attributes, depth or namespaces")
            if nodes > MAX_NODES or burden > MAX_BURDEN:
                raise Defect("xml-too-large", "nodes or namespaces")
    return burden
