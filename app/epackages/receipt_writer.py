"""What an official receipt (UPO) says, and how it is written.

Two kinds in one national structure (`http://crd.gov.pl/xml/schematy/UPO/2008/05/09/`): UPP says that a document entered
the office (ustawa o informatyzacji, art. 3 pkt 20), UPD that the office delivered one. Both carry the SHA-256 of the
package or letter and of each member as additional information, so that anybody can prove later what was received.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from lxml import etree

from app.domain.acts import OFFICE_ZONE

POS: Final = "http://crd.gov.pl/xml/schematy/UPO/2008/05/09/"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

# kinds of additional information, as national systems write them; those of the package and of the letter are ours
ALGORITHM: Final = "Algorytm sumy kontrolnej"
PACKAGE_DIGEST: Final = "Suma kontrolna paczki"
LETTER_DIGEST: Final = "Suma kontrolna pisma"
MEMBER_NAME: Final = "Nazwa załącznika"
MEMBER_DIGEST: Final = "Suma kontrolna"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ReceiptParty:
    """An office, sender or addressee: a name and, where known, an identifier of a named kind (REGON, NIP …)."""

    name: str
    identifier: str = ""
    identifier_kind: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """A member and its SHA-256 in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Upp:
    """Poświadczenie przedłożenia: `office` received `document` of `sender` at `delivered_at`.

    Moments are aware and kept to the millisecond. `package_sha256` is hex, empty in a receipt of another office.
    `more` are further pieces of information, as (kind, text).
    """

    number: str
    office: ReceiptParty
    sender: ReceiptParty
    delivered_at: dt.datetime | None
    created_at: dt.datetime
    document: str = ""
    package_sha256: str = ""
    members: tuple[Digest, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Upd:
    """Poświadczenie doręczenia: `addressee` took `document` of the case `case_sign` at `received_at`.

    `package_sha256` is that of the letter, as it was taken.
    """

    number: str
    office: ReceiptParty
    addressee: ReceiptParty
    received_at: dt.datetime | None
    created_at: dt.datetime
    case_sign: str
    document: str
    package_sha256: str = ""
    members: tuple[Digest, ...] = ()
    more: tuple[tuple[str, str], ...] = ()


Receipt: TypeAlias = Upp | Upd


def write_upp(upp: Upp) -> bytes:
    """Return the unsigned XML of `upp`, ready to be sealed; the same value gives the same bytes."""
    root, body = _document("UPP")
    _text(body, "IdentyfikatorPoswiadczenia", upp.number)
    _party(body, "Adresat", upp.office)
    _party(body, "Nadawca", upp.sender)
    delivered = _text(body, "DataDoreczenia", None if upp.delivered_at is None else _moment(upp.delivered_at))
    if upp.delivered_at is None:
        delivered.set(f"{{{XSI}}}nil", "true")
    _text(body, "DataWytworzeniaPoswiadczenia", _moment(upp.created_at))
    if upp.document:
        _text(body, "IdentyfikatorDokumentu", upp.document)
    return _finish(root, body, upp)


def write_upd(upd: Upd) -> bytes:
    """Return the unsigned XML of `upd`, ready to be sealed; the same value gives the same bytes."""
    root, body = _document("UPD")
    _text(body, "IdentyfikatorPoswiadczenia", upd.number)
    _party(body, "PodmiotWystawiajacyPoswiadczenie", upd.office)
    _party(body, "Adresat", upd.addressee)
    if upd.received_at:
        _text(body, "DataOdbioru", _moment(upd.received_at))
    _text(body, "DataUtworzeniaPoswiadczenia", _moment(upd.created_at))
    if upd.case_sign:
        _text(body, "IdentyfikatorSprawy", upd.case_sign)
    _text(body, "IdentyfikatorDokumentu", upd.document)
    return _finish(root, body, upd)


def _information(receipt: Receipt) -> Iterator[tuple[str, str]]:
    if receipt.package_sha256 or receipt.members:
        yield ALGORITHM, "SHA-256"
    if receipt.package_sha256:
        kind = PACKAGE_DIGEST if isinstance(receipt, Upp) else LETTER_DIGEST
        yield kind, _base64_digest(receipt.package_sha256)
    for place, member in enumerate(receipt.members):
        yield f"{MEMBER_NAME} {place}", member.name
        yield f"{MEMBER_DIGEST} {place}", _base64_digest(member.sha256)
    yield from receipt.more


def _base64_digest(sha256: str) -> str:
    raw = bytes.fromhex(sha256)
    if len(raw) != hashlib.sha256().digest_size:
        raise ValueError("not a SHA-256 in hex")
    return base64.b64encode(raw).decode()


def _document(kind: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element(f"{{{POS}}}Dokument", nsmap={"pos": POS, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{POS} {POS}schemat.xsd")
    return root, etree.SubElement(root, f"{{{POS}}}{kind}")


def _finish(root: etree._Element, body: etree._Element, receipt: Receipt) -> bytes:
    for kind, text in _information(receipt):
        _text(body, "InformacjaUzupelniajaca", text).set("TypInformacjiUzupelniajacej", kind)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _text(parent: etree._Element, name: str, text: str | None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{POS}}}{name}")
    element.text = None if text is None else _NOT_XML.sub("\ufffd", text)
    return element


def _party(parent: etree._Element, name: str, party: ReceiptParty) -> None:
    if not party.name.strip():
        raise ValueError("a party of a receipt needs a name")
    element = etree.SubElement(parent, f"{{{POS}}}{name}")
    _text(element, "Nazwa", party.name)
    if party.identifier:
        identifier = _text(element, "IdentyfikatorPodmiotu", party.identifier)
        if party.identifier_kind:
            identifier.set("TypIdentyfikatora", party.identifier_kind)


def _moment(at: dt.datetime) -> str:
    """Return `at` as office time with its offset, to the millisecond."""
    if at.tzinfo is None:
        raise ValueError("a receipt needs an aware moment")
    return at.astimezone(OFFICE_ZONE).isoformat(timespec="milliseconds")
