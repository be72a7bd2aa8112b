"""Is this a plain, small, harmless XML document? The rules are those of `app.pki.xml_safety`."""

from __future__ import annotations

from lxml import etree

from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import Limits
from app.pki.verdicts import Defect
from app.pki.xml_safety import parse

_REASONS = {"doctype": Reason.DOCTYPE, "xml-too-large": Reason.XML_TOO_LARGE}


def parse_xml(data: bytes, limits: Limits) -> etree._Element:
    """Parse `data`; comments and processing instructions are taken out, so that none can split a text in two.

    Raises:
        Unreadable: `doctype`, `xml-too-large` or `xml-malformed`.
    """
    try:
        root = parse(data, max_bytes=limits.xml_size)
    except Defect as defect:
        raise Unreadable(_REASONS.get(defect.code, Reason.XML_MALFORMED), defect.detail) from defect
    etree.strip_tags(root, etree.Comment, etree.PI)
    return root
