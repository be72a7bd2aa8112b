"""How a receipt that somebody brought is read: strictly, into the same values that the office writes."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from app.domain.acts import OFFICE_ZONE
from app.epackages.errors import Unreadable
from app.epackages.limits import DEFAULT_LIMITS
from app.epackages.receipt_writer import (
    ALGORITHM,
    LETTER_DIGEST,
    MEMBER_DIGEST,
    MEMBER_NAME,
    PACKAGE_DIGEST,
    POS,
    XSI,
    Digest,
    Receipt,
    ReceiptParty,
    Upd,
    Upp,
)
from app.epackages.strict_xml import parse_xml
from app.pki.canonical import DS

RECEIPT_FOREIGN: Final = "receipt-foreign"
RECEIPT_INVALID: Final = "receipt-invalid"

_NUMBERED = re.compile(rf"({MEMBER_NAME}|{MEMBER_DIGEST}) (0|[1-9][0-9]{{0,3}})")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?")


def read_receipt(xml: bytes) -> Receipt:
    """Read a receipt, signed or not, exactly as the structure allows; signatures are not judged here.

    Comments and processing instructions are gone before any text is read: one put into a signed text leaves the
    signature valid and must not cut the text short.

    Raises:
        Unreadable: what `parse_xml` raises; `receipt-foreign` where the document is something else; `receipt-invalid`
            where it breaks the structure.
    """
    root = parse_xml(xml, DEFAULT_LIMITS)
    if root.tag != f"{{{POS}}}Dokument":
        raise Unreadable(RECEIPT_FOREIGN, f"root {root.tag!a}"[:200])
    first, *others = _children(root)
    if any(other.tag != f"{{{DS}}}Signature" for other in others):
        raise Unreadable(RECEIPT_INVALID, "something beside the receipt that is no signature")
    if first.tag == f"{{{POS}}}UPP":
        return _read_upp(_Reader(first))
    if first.tag == f"{{{POS}}}UPD":
        return _read_upd(_Reader(first))
    raise Unreadable(RECEIPT_INVALID, "neither UPP nor UPD")


class _Reader:
    """Walks the children of an element in their order; what is left over or missing is an error."""

    def __init__(self, parent: etree._Element) -> None:
        self._parent = parent
        self._left = _children(parent)

    def next_if(self, *names: str) -> etree._Element | None:
        if self._left and self._left[0].tag in {f"{{{POS}}}{name}" for name in names}:
            return self._left.pop(0)
        return None

    def next(self, *names: str) -> etree._Element:
        element = self.next_if(*names)
        if element is None:
            raise Unreadable(RECEIPT_INVALID, f"{names[0]} is missing in {etree.QName(self._parent).localname}")
        return element

    def text(self, *names: str) -> str:
        return _leaf(self.next(*names))

    def text_if(self, *names: str) -> str:
        element = self.next_if(*names)
        return "" if element is None else _leaf(element, may_be_empty=True)

    def moment(self, *names: str) -> dt.datetime:
        return _read_moment(self.text(*names))

    def party(self, name: str) -> ReceiptParty:
        reader = _Reader(self.next(name))
        who = reader.text("Nazwa")
        identifier = reader.next_if("IdentyfikatorPodmiotu")
        reader.end()
        if identifier is None:
            return ReceiptParty(who)
        return ReceiptParty(who, _leaf(identifier, may_be_empty=True), identifier.get("TypIdentyfikatora", ""))

    def information(self) -> tuple[str, tuple[Digest, ...], tuple[tuple[str, str], ...]]:
        pairs = []
        while (element := self.next_if("InformacjaUzupelniajaca")) is not None:
            kind = element.get("TypInformacjiUzupelniajacej")
            if kind is None:
                raise Unreadable(RECEIPT_INVALID, "additional information without a kind")
            pairs.append((kind, _leaf(element, may_be_empty=True)))
        return _sort_information(pairs)

    def end(self) -> None:
        if self._left:
            raise Unreadable(RECEIPT_INVALID, f"unexpected {self._left[0].tag!a}"[:200])


def _read_upp(reader: _Reader) -> Upp:
    number = reader.text("IdentyfikatorPoswiadczenia")
    office = reader.party("Adresat")
    sender = reader.party("Nadawca")
    delivered = reader.next("DataDoreczenia")
    created_at = reader.moment("DataWytworzeniaPoswiadczenia")
    document = reader.text_if("IdentyfikatorDokumentu")
    package, members, more = reader.information()
    reader.end()
    return Upp(number, office, sender, _nillable_moment(delivered), created_at, document, package, members, more)


def _read_upd(reader: _Reader) -> Upd:
    number = reader.text("IdentyfikatorPoswiadczenia")
    office = reader.party("PodmiotWystawiajacyPoswiadczenie")
    addressee = reader.party("Adresat")
    received = reader.next_if("DataOdbioru")
    # public stylesheets know both spellings
    created_at = reader.moment("DataUtworzeniaPoswiadczenia", "DataWytworzeniaPoswiadczenia")
    case_sign = reader.text_if("IdentyfikatorSprawy")
    document = reader.text("IdentyfikatorDokumentu")
    package, members, more = reader.information()
    reader.end()
    received_at = None if received is None else _nillable_moment(received)
    return Upd(number, office, addressee, received_at, created_at, case_sign, document, package, members, more)


def _sort_information(
    pairs: Sequence[tuple[str, str]],
) -> tuple[str, tuple[Digest, ...], tuple[tuple[str, str], ...]]:
    """Take the digests out of the additional information, if all of it can be understood; else leave it as it is."""
    if [text for kind, text in pairs if kind == ALGORITHM] != ["SHA-256"]:
        return "", (), tuple(pairs)
    package = ""
    names: dict[str, str] = {}
    digests: dict[str, str] = {}
    more = []
    for kind, text in pairs:
        numbered = _NUMBERED.fullmatch(kind)
        if kind == ALGORITHM:
            continue
        if kind in (PACKAGE_DIGEST, LETTER_DIGEST) and not package:
            package = _hex_digest(text)
        elif numbered and numbered[2] not in (where := names if numbered[1] == MEMBER_NAME else digests):
            where[numbered[2]] = text if where is names else _hex_digest(text)
        else:
            more.append((kind, text))
    if names.keys() != digests.keys():
        return "", (), tuple(pairs)
    return package, tuple(Digest(names[place], digests[place]) for place in names), tuple(more)


def _hex_digest(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != hashlib.sha256().digest_size:
        raise Unreadable(RECEIPT_INVALID, "a digest that is not SHA-256 in base64")
    return raw.hex()


def _read_moment(text: str) -> dt.datetime:
    """Read a moment; one without an offset is office time, as old systems wrote it."""
    if not _MOMENT.fullmatch(text):
        raise Unreadable(RECEIPT_INVALID, "a moment that is not written as a moment")
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(RECEIPT_INVALID, "a moment that is not in the calendar") from None
    return at.replace(tzinfo=OFFICE_ZONE) if at.tzinfo is None else at


def _nillable_moment(element: etree._Element) -> dt.datetime | None:
    if element.get(f"{{{XSI}}}nil") in {"true", "1"}:
        if _leaf(element, may_be_empty=True):
            raise Unreadable(RECEIPT_INVALID, "a moment that is empty and is not")
        return None
    return _read_moment(_leaf(element))


def _children(parent: etree._Element) -> list[etree._Element]:
    """Return the child elements of `parent`; any text beside them is an error, and so is having none."""
    stray = [parent.text, *(child.tail for child in parent)]
    if any(text and text.strip(" \t\r\n") for text in stray):
        raise Unreadable(RECEIPT_INVALID, f"text beside the elements of {etree.QName(parent).localname}")
    children = list(parent)
    if not children:
        raise Unreadable(RECEIPT_INVALID, f"{etree.QName(parent).localname} is empty")
    return children


def _leaf(element: etree._Element, *, may_be_empty: bool = False) -> str:
    if len(element):
        raise Unreadable(RECEIPT_INVALID, f"{etree.QName(element).localname} holds elements where text is meant")
    text = (element.text or "").strip(" \t\r\n")
    if not text and not may_be_empty:
        raise Unreadable(RECEIPT_INVALID, f"{etree.QName(element).localname} is empty")
    return text
