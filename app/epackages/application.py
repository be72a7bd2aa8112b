"""What does the applicant ask for? The form document as values.

Fields follow the national form (rozporządzenie w sprawie rejestracji i oznaczania pojazdów, Dz.U. 2024 poz. 1709,
załącznik 1) and what an office needs beside it. Everything is kept as it was written: whether a VIN or a PESEL is right
is asked later and never stands in the way of an application. `docs/schemas/wniosek-1.xsd` is the same in XML.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from lxml import etree

from app.epackages.container import Member
from app.epackages.errors import FormUnreadable, Reason, Unreadable
from app.epackages.form_xml import Element, Word, fill_element, read_element
from app.epackages.limits import DEFAULT_LIMITS, Limits
from app.epackages.strict_xml import parse_xml

NAMESPACE_PREFIX = "urn:okienko:wniosek:"
NAMESPACE = f"{NAMESPACE_PREFIX}1"
FORM_NAME = "wniosek.xml"
APPLICATION_ROOT, LETTER_ROOT = "wniosek", "pismo"
SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "wniosek-1.xsd"


class RequestKind(Word):
    """What the national form can ask for."""

    REGISTRATION = "registration", "rejestracja"
    TEMPORARY_REGISTRATION = "temporary-registration", "rejestracja-czasowa"
    DEREGISTRATION = "deregistration", "wyrejestrowanie"
    DISPOSAL_NOTICE = "disposal-notice", "zawiadomienie-o-zbyciu"


class AnswerKind(Word):
    """What a further letter in a case is."""

    SUPPLEMENT = "supplement", "uzupelnienie"
    ANSWER = "answer", "odpowiedz"
    WITHDRAWAL = "withdrawal", "cofniecie"


class PartyKind(Word):
    """A natural person or another entity (osoba fizyczna, inny podmiot)."""

    PERSON = "person", "osoba"
    ENTITY = "entity", "podmiot"


class Origin(Word):
    """Where the vehicle comes from; decides which documents the office asks for."""

    NEW = "new", "nowy"
    USED_POLAND = "used-poland", "uzywany-z-polski"
    USED_EU = "used-eu", "sprowadzony-z-ue"
    THIRD_COUNTRY = "third-country", "sprowadzony-spoza-ue"
    SELF_BUILT = "self-built", "sam"
    HISTORIC = "historic", "zabytkowy"
    CONFISCATED = "confiscated", "przepadek"
    SERVICES = "services", "sluzby"


class Acquisition(Word):
    """How the owner came by the vehicle (REJ § 4)."""

    SALE = "sale", "sprzedaz"
    EXCHANGE = "exchange", "zamiana"
    GIFT = "gift", "darowizna"
    INHERITANCE = "inheritance", "spadek"
    DIVISION = "division", "podzial"
    JUDGMENT = "judgment", "orzeczenie"
    OTHER = "other", "inny"


class Way(Word):
    """How things go between the owner and the office; post and courier are at the owner's cost."""

    IN_PERSON = "in-person", "osobiscie"
    POST = "post", "poczta"
    COURIER = "courier", "kurier"


@dataclass(frozen=True, slots=True)
class Authority:
    """The registering authority (organ rejestrujący)."""

    name: Annotated[str, Element("nazwa")] = ""
    locality: Annotated[str, Element("miejscowosc")] = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address."""

    street: Annotated[str, Element("ulica")] = ""
    building: Annotated[str, Element("budynek")] = ""
    flat: Annotated[str, Element("lokal")] = ""
    postal_code: Annotated[str, Element("kodPocztowy")] = ""
    locality: Annotated[str, Element("miejscowosc")] = ""
    country: Annotated[str, Element("kraj")] = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in the case: owner, co-owner, holder, proxy or sender."""

    kind: Annotated[PartyKind, Element("rodzaj")]
    name: Annotated[str, Element("nazwa")]
    pesel: Annotated[str, Element("pesel")] = ""
    regon: Annotated[str, Element("regon")] = ""
    birth_date: Annotated[dt.date | None, Element("dataUrodzenia")] = None
    address: Annotated[Address | None, Element("adres")] = None


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the applicant."""

    email: Annotated[str, Element("email")] = ""
    phone: Annotated[str, Element("telefon")] = ""
    e_delivery: Annotated[str, Element("adresDoDoreczenElektronicznych")] = ""
    address: Annotated[Address | None, Element("adresKorespondencyjny")] = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; `ground` is a code of art. 79 ust. 1 PRD, `purpose` that of a temporary registration."""

    kind: Annotated[RequestKind, Element("rodzaj")]
    purpose: Annotated[str, Element("celRejestracjiCzasowej")] = ""
    ground: Annotated[str, Element("podstawaWyrejestrowania")] = ""
    disposed_on: Annotated[dt.date | None, Element("dataZbycia")] = None


@dataclass(frozen=True, slots=True)
class FormVehicle:
    """The vehicle, numbered 1 to 6 on the national form, and how the owner came by it."""

    kind: Annotated[str, Element("rodzaj")] = ""
    purpose: Annotated[str, Element("przeznaczenie")] = ""
    make: Annotated[str, Element("marka")] = ""
    type: Annotated[str, Element("typ")] = ""
    model: Annotated[str, Element("model")] = ""
    production_year: Annotated[int | None, Element("rokProdukcji")] = None
    vin: Annotated[str, Element("vin")] = ""
    plate: Annotated[str, Element("numerRejestracyjny")] = ""
    eu_import_date: Annotated[dt.date | None, Element("dataSprowadzeniaZUE")] = None
    acquired_on: Annotated[dt.date | None, Element("dataNabycia")] = None
    acquisition: Annotated[Acquisition | None, Element("sposobNabycia")] = None
    origin: Annotated[Origin | None, Element("pochodzenie")] = None
    customs_reservations: Annotated[str, Element("zastrzezeniaCelne")] = ""


@dataclass(frozen=True, slots=True)
class PlateWishes:
    """What plates are wished for; `None` where the form leaves it open."""

    individual_text: Annotated[str, Element("wyroznikIndywidualny")] = ""
    reduced: Annotated[bool | None, Element("zmniejszone")] = None
    reduced_space_declared: Annotated[bool | None, Element("miejsceZmniejszone")] = None
    keep_number: Annotated[bool | None, Element("zachowanieNumeru")] = None


@dataclass(frozen=True, slots=True)
class HandoverWish:
    """How the applicant wants to get what the office issues."""

    way: Annotated[Way, Element("sposob")]
    address: Annotated[Address | None, Element("adres")] = None
    cost_accepted: Annotated[bool | None, Element("zgodaNaKoszt")] = None


@dataclass(frozen=True, slots=True)
class OriginalsNotice:
    """How the originals and plates come to the office."""

    way: Annotated[Way, Element("sposob")]
    carrier: Annotated[str, Element("przewoznik")] = ""
    tracking_number: Annotated[str, Element("numerPrzesylki")] = ""
    on: Annotated[dt.date | None, Element("data")] = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the applicant; `under_liability` where made under criminal liability (PRD art. 74 ust. 6)."""

    code: Annotated[str, Element("kod")]
    text: Annotated[str, Element("tresc", lines=True)] = ""
    under_liability: Annotated[bool | None, Element("odpowiedzialnoscKarna")] = None


@dataclass(frozen=True, slots=True)
class Declarations:
    """What the applicant declares; `accuracy` is the sentence above the signature of the national form."""

    accuracy: Annotated[bool, Element("zgodnoscZeStanemFaktycznym")]
    statements: Annotated[tuple[Statement, ...], Element("oswiadczenie")] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the package and which required document it is (`kind` is a code of the office's list)."""

    name: Annotated[str, Element("nazwa")]
    kind: Annotated[str, Element("rodzaj")]
    sha256: Annotated[str, Element("sha256")]
    note: Annotated[str, Element("opis")] = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Which case a letter belongs to: its sign (znak sprawy), and the letter of the office that it answers."""

    case_sign: Annotated[str, Element("znakSprawy")]
    kind: Annotated[AnswerKind, Element("rodzaj")]
    letter: Annotated[str, Element("pismoUrzedu")] = ""


@dataclass(frozen=True, slots=True)
class Application:
    """A form document: an application (`request` is there) or a further letter in a case (`answers` is there)."""

    filed_on: Annotated[dt.date, Element("data")]
    place: Annotated[str, Element("miejscowosc")] = ""
    authority: Annotated[Authority | None, Element("organ")] = None
    answers: Annotated[Answer | None, Element("dotyczy")] = None
    sender: Annotated[Party | None, Element("nadawca")] = None
    owner: Annotated[Party | None, Element("wlasciciel")] = None
    co_owners: Annotated[tuple[Party, ...], Element("wspolwlasciciel")] = ()
    holder: Annotated[Party | None, Element("posiadacz")] = None
    proxy: Annotated[Party | None, Element("pelnomocnik")] = None
    contact: Annotated[Contact | None, Element("kontakt")] = None
    request: Annotated[Request | None, Element("zadanie")] = None
    vehicle: Annotated[FormVehicle | None, Element("pojazd")] = None
    plates: Annotated[PlateWishes | None, Element("tablice")] = None
    handover: Annotated[HandoverWish | None, Element("odbior")] = None
    originals: Annotated[OriginalsNotice | None, Element("oryginaly")] = None
    declarations: Annotated[Declarations | None, Element("oswiadczenia")] = None
    attachments: Annotated[tuple[Attachment, ...], Element("zalacznik")] = ()
    remarks: Annotated[str, Element("tresc", lines=True)] = ""

    @property
    def procedure(self) -> str | None:
        """`registration` or `deregistration`; None for whatever a clerk has to look at first."""
        procedures = (RequestKind.REGISTRATION, RequestKind.DEREGISTRATION)
        return self.request.kind.value if self.request and self.request.kind in procedures else None

    @property
    def applicant_name(self) -> str:
        """The name that a queue shows."""
        somebody = self.owner or self.sender or self.holder
        return somebody.name if somebody else ""


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def read_application(xml: bytes, limits: Limits = DEFAULT_LIMITS) -> Application:
    """Read a form document strictly by its schema.

    Raises:
        FormUnreadable: `form-foreign`, `form-version`, `form-invalid`, or why the XML itself is refused.
    """
    try:
        root = parse_xml(xml, limits)
    except Unreadable as error:
        raise FormUnreadable(error.code, error.detail) from error
    name = etree.QName(root)
    if not (name.namespace or "").startswith(NAMESPACE_PREFIX) or name.localname not in {APPLICATION_ROOT, LETTER_ROOT}:
        raise FormUnreadable(Reason.FORM_FOREIGN, f"root {ascii(root.tag)[:120]}")
    if name.namespace != NAMESPACE:
        raise FormUnreadable(Reason.FORM_VERSION, f"{ascii(name.namespace)[:80]}")
    schema = _schema()
    if not schema.validate(root):
        last = schema.error_log.last_error
        raise FormUnreadable(Reason.FORM_INVALID, f"line {last.line}: {last.type_name}" if last else "")
    try:
        return read_element(Application, root)
    except ValueError as error:  # a date that XSD knows and the calendar of Python does not: year 10000, a time zone
        raise FormUnreadable(Reason.FORM_INVALID, type(error).__name__) from error


def write_application(application: Application) -> bytes:
    """The form document of these values: the same values give the same bytes.

    Raises:
        FormUnreadable: `form-invalid` where the values do not make a document that the schema allows.
    """
    root_name = LETTER_ROOT if application.answers else APPLICATION_ROOT
    root = etree.Element(f"{{{NAMESPACE}}}{root_name}", nsmap={None: NAMESPACE})
    try:
        fill_element(root, application)
    except ValueError as error:  # a control character, which XML cannot hold
        raise FormUnreadable(Reason.FORM_INVALID, "a value that XML cannot hold") from error
    schema = _schema()
    if not schema.validate(root):
        last = schema.error_log.last_error
        raise FormUnreadable(Reason.FORM_INVALID, last.message[:200] if last else "")
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


@dataclass(frozen=True, slots=True)
class AttachmentRemark:
    """Where the form and the package differ about a file; `code` is one of the `attachment-…` reasons."""

    code: str
    name: str


def compare_attachments(
    attachments: Sequence[Attachment], members: Iterable[Member], form_name: str = FORM_NAME
) -> tuple[AttachmentRemark, ...]:
    """Compare the form's list with the files that came: what is absent, different, not listed or listed twice.

    These are warnings for the clerk: what is signed is the whole package, listed or not.
    """
    there = {member.name: member.sha256 for member in members if member.name != form_name}
    remarks = []
    listed: set[str] = set()
    for attachment in attachments:
        if attachment.name in listed:
            remarks.append(AttachmentRemark(Reason.ATTACHMENT_TWICE.value, attachment.name))
        elif attachment.name not in there:
            remarks.append(AttachmentRemark(Reason.ATTACHMENT_ABSENT.value, attachment.name))
        elif there[attachment.name] != attachment.sha256.lower():
            remarks.append(AttachmentRemark(Reason.ATTACHMENT_DIFFERS.value, attachment.name))
        listed.add(attachment.name)
    remarks += [AttachmentRemark(Reason.ATTACHMENT_UNLISTED.value, name) for name in there if name not in listed]
    return tuple(remarks)
