"""The printout of a receipt: plain values in, the PDF out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.letters.render import qr_svg, render
from app.letters.words import moment_in_words, size_in_words

_LEGAL_BASIS = (
    "Podstawa prawna: art. 3 pkt 20 ustawy z dnia 17 lutego 2005 r. o informatyzacji działalności podmiotów "
    "realizujących zadania publiczne."
)


@dataclass(frozen=True, slots=True)
class Office:
    """The letter head: the office, its unit (or empty) and the lines of its address."""

    name: str
    unit: str
    address: tuple[str, ...]

    def as_data(self) -> dict[str, object]:
        """Return it as the templates read it."""
        return {"name": self.name, "unit": self.unit or None, "address": list(self.address)}


@dataclass(frozen=True, slots=True)
class PrintedMember:
    """A member of the package: its name, size in bytes and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PrintedSeal:
    """With what the receipt was sealed: the holder, who issued the certificate, its serial number (decimal), when."""

    holder: str
    issuer: str
    serial: str
    sealed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ReceiptPrintout:
    """What stands on the printout of an UPP. `check_address` is the full address of `/sprawdz`."""

    office: Office
    number: str
    sender: str
    delivered_at: dt.datetime
    created_at: dt.datetime
    document: str
    package_name: str
    package_sha256: str
    members: tuple[PrintedMember, ...]
    seal: PrintedSeal
    check_address: str
    case_sign: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryPrintout:
    """What stands on the printout of an UPD: `addressee` took the letter `document` of the case at `received_at`."""

    office: Office
    number: str
    addressee: str
    received_at: dt.datetime
    document: str
    title: str
    case_sign: str
    sha256: str
    seal: PrintedSeal
    check_address: str


def print_receipt(receipt: ReceiptPrintout) -> bytes:
    """Return the PDF of an UPP; the same value gives the same bytes."""
    facts = [
        ("Numer poświadczenia", receipt.number),
        ("Podmiot publiczny", receipt.office.name),
        ("Nadawca", receipt.sender),
        ("Data i godzina wpływu", moment_in_words(receipt.delivered_at)),
        ("Data i godzina wytworzenia", moment_in_words(receipt.created_at)),
        ("Identyfikator dokumentu", receipt.document),
        ("Znak sprawy", receipt.case_sign),
        ("Nazwa pliku", receipt.package_name),
    ]
    data = {
        "office": receipt.office.as_data(),
        "title": "Urzędowe poświadczenie odbioru",
        "subtitle": "Poświadczenie przedłożenia dokumentu elektronicznego (UPP)",
        "kind": "UPP",
        "number": receipt.number,
        "facts": [[label, value] for label, value in facts if value],
        "content_heading": "Co otrzymał urząd",
        "digest_of": "Skrót całej paczki (SHA-256)",
        "sha256": receipt.package_sha256,
        "members": [
            {"name": member.name, "size": size_in_words(member.size), "sha256": member.sha256}
            for member in receipt.members
        ],
        **_proof(receipt.seal, receipt.check_address),
    }
    return render("receipt", data, receipt.created_at)


def print_delivery_receipt(receipt: DeliveryPrintout) -> bytes:
    """Return the PDF of an UPD; the same value gives the same bytes."""
    facts = [
        ("Numer poświadczenia", receipt.number),
        ("Podmiot publiczny", receipt.office.name),
        ("Adresat", receipt.addressee),
        ("Data i godzina odbioru", moment_in_words(receipt.received_at)),
        ("Identyfikator dokumentu", receipt.document),
        ("Znak sprawy", receipt.case_sign),
    ]
    data = {
        "office": receipt.office.as_data(),
        "title": "Urzędowe poświadczenie odbioru",
        "subtitle": "Poświadczenie doręczenia dokumentu elektronicznego (UPD)",
        "kind": "UPD",
        "number": receipt.number,
        "facts": [[label, value] for label, value in facts],
        "content_heading": f"Co doręczono: {receipt.title}",
        "digest_of": "Skrót pisma (SHA-256)",
        "sha256": receipt.sha256,
        "members": [],
        **_proof(receipt.seal, receipt.check_address),
    }
    return render("receipt", data, receipt.received_at)


def _proof(seal: PrintedSeal, check_address: str) -> dict[str, object]:
    return {
        "seal": [
            ["Pieczęć", seal.holder],
            ["Certyfikat wystawił", seal.issuer],
            ["Numer seryjny certyfikatu", seal.serial],
            ["Opieczętowano", moment_in_words(seal.sealed_at)],
        ],
        "qr": qr_svg(check_address),
        "check_address": check_address,
        "legal_basis": _LEGAL_BASIS,
    }
