"""The form is read strictly by its schema and kept as it was written; a foreign one is no disaster."""

# ruff: noqa: E501 - the table of broken forms reads best with one to a line

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from app.epackages.application import (
    NAMESPACE,
    SCHEMA,
    Application,
    FormVehicle,
    Party,
    PartyKind,
    compare_attachments,
    read_application,
    write_application,
)
from app.epackages.container import Member
from app.epackages.content import open_content, read_form
from app.epackages.errors import FormUnreadable
from app.epackages.form_xml import Word
from app.epackages.writer import write_zip
from app.pki.seal import seal_xml
from tests.authority import NOW, shared_authority
from tests.epackages.forms import DIGEST, FULL, LETTER, SHORT

XS = "{http://www.w3.org/2001/XMLSchema}"
README = SCHEMA.with_name("README.md")


def refused(xml: bytes) -> str:
    with pytest.raises(FormUnreadable) as error:
        read_application(xml)
    return error.value.code


@pytest.mark.parametrize("form", [FULL, SHORT, LETTER], ids=["full", "short", "letter"])
def test_what_is_written_is_read_again_and_the_same_each_time(form: Application) -> None:
    written = write_application(form)

    assert read_application(written) == form
    assert write_application(form) == written


def test_the_full_form_fills_every_field_so_that_the_test_above_means_something() -> None:
    def empty(value: object, path: str) -> list[str]:
        found = []
        for field in dataclasses.fields(value):
            held = getattr(value, field.name)
            if held in (None, "", ()):
                found.append(f"{path}{field.name}")
            elif dataclasses.is_dataclass(held):
                found += empty(held, f"{path}{field.name}.")
        return found

    of_letters, of_other_requests = {"answers", "sender"}, {"request.purpose", "request.ground"}
    of_other_parties = {"regon", "birth_date", "pesel", "address"}

    missing = {name for name in empty(FULL, "") if name.rpartition(".")[2] not in of_other_parties}

    assert missing == of_letters | of_other_requests


def test_a_form_says_which_procedure_it_starts() -> None:
    assert FULL.procedure == "registration"
    assert SHORT.procedure == "deregistration"
    assert LETTER.procedure is None
    assert FULL.applicant_name == LETTER.applicant_name == "Jan Przykładowy"


@pytest.mark.parametrize(
    "number", ["", "123", "4405140135A", "44051401358", " 440 514 013 59 ", "WVWZZZ1KZ6W000001", "O0I1Q", "—"]
)
def test_identifiers_are_kept_as_written(number: str) -> None:
    form = replace(SHORT, owner=Party(PartyKind.PERSON, "Jan", number), vehicle=FormVehicle(vin=number, plate=number))

    read = read_application(write_application(form))

    kept = " ".join(number.split())
    assert read.owner is not None
    assert read.vehicle is not None
    assert (read.owner.pesel, read.vehicle.vin, read.vehicle.plate) == (kept, kept, kept)


def test_a_comment_cannot_split_a_text() -> None:
    xml = write_application(SHORT).replace(b"KRADZIEZ", b"KRA<!-- x -->DZI<?y?>EZ")

    read = read_application(xml)

    assert read.request is not None
    assert read.request.ground == "KRADZIEZ"


def test_a_form_with_a_signature_in_it_is_read() -> None:
    signed = seal_xml(write_application(SHORT), shared_authority().seal(), NOW, signature_id="S0")

    assert b"SignatureValue" in signed
    assert read_application(signed) == SHORT


# ---- the schema


def test_every_word_of_the_code_is_a_word_of_the_schema() -> None:
    schema = etree.parse(SCHEMA)
    listed = {node.get("value") for node in schema.iter(f"{XS}enumeration")}

    assert {word.written for kind in Word.__subclasses__() for word in kind} == listed


def test_every_element_of_the_schema_is_read() -> None:
    schema = etree.parse(SCHEMA)
    elements = {node.get("name") for node in schema.iter(f"{XS}element")} - {"wniosek", "pismo"}
    source = (Path(__file__).parents[2] / "app" / "epackages" / "application.py").read_text(encoding="utf-8")

    assert {name for name in elements if f'Element("{name}"' not in source} == set()


def test_the_examples_of_the_published_page_are_right() -> None:
    examples = re.findall(r"```xml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)

    forms = [read_application(example.encode()) for example in examples]

    assert [form.procedure for form in forms] == ["registration", None]
    assert forms[1].answers is not None
    assert forms[1].answers.case_sign == "KM.5410.17.2026"


# ---- hostile and broken


def form(body: str = "", head: str = "") -> bytes:
    return f"{head}<wniosek xmlns='{NAMESPACE}'>{body}</wniosek>".encode()


def without(element: str) -> bytes:
    root = etree.fromstring(write_application(SHORT))
    for node in root.findall(f"{{{NAMESPACE}}}{element}"):
        root.remove(node)
    return etree.tostring(root)


def swapped(old: str, new: str) -> bytes:
    written = write_application(SHORT)
    assert old.encode() in written
    return written.replace(old.encode(), new.encode())


ENTITIES = "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(12))
LAUGHS = f"<!DOCTYPE wniosek [<!ENTITY a0 'ha'>{ENTITIES}]>"

# fmt: off
BROKEN = {
    "nothing":                      (b"", "xml-malformed"),
    "no XML":                       (b"Szanowni Panstwo", "xml-malformed"),
    "half":                         (write_application(SHORT)[:200], "xml-malformed"),
    "two roots":                    (write_application(SHORT) + b"<a/>", "xml-malformed"),
    "UTF-16":                       (write_application(SHORT).decode().replace("UTF-8", "UTF-16").encode("utf-16"), "xml-malformed"),
    "UTF-16 without a mark":        (form().decode().encode("utf-16-le"), "xml-malformed"),
    "UTF-32":                       (form().decode().encode("utf-32"), "xml-malformed"),
    "EBCDIC":                       (form(head="<?xml version='1.0' encoding='cp037'?>").decode().encode("cp037"), "xml-malformed"),
    "UTF-7 by declaration":         (form(head="<?xml version='1.0' encoding='UTF-7'?>"), "xml-malformed"),
    "Polish Windows by declaration": ("<?xml version='1.0' encoding='windows-1250'?><ł/>".encode("cp1250"), "xml-malformed"),
    "a zero byte":                  (form("\0"), "xml-malformed"),
    "a document type":              (form(head="<!DOCTYPE wniosek>"), "doctype"),
    "a document type in UTF-16":    (form(head="<!DOCTYPE wniosek>").decode().encode("utf-16"), "xml-malformed"),
    "a document type from outside": (form(head="<!DOCTYPE wniosek SYSTEM 'file:///etc/passwd'>"), "doctype"),
    "an entity from a file":        (form("&x;", "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), "doctype"),
    "a billion laughs":             (form("&a12;", LAUGHS), "doctype"),
    "an entity out of nowhere":     (form("&x;"), "xml-malformed"),
    "a thousand levels":            (form("<a>" * 1000 + "</a>" * 1000), "xml-too-large"),
    "two hundred thousand elements": (form("<a/>" * 200_001), "xml-too-large"),
    "a hundred thousand attributes": (form("<a " + " ".join(f"a{n}=''" for n in range(210_000)) + "/>"), "xml-too-large"),
    "nine megabytes":               (form("a" * 9_000_000), "xml-too-large"),
    "somebody else's":              (b"<Dokument xmlns='http://crd.gov.pl/wzor/2013/12/12/1410/'/>", "form-foreign"),
    "no namespace":                 (b"<wniosek/>", "form-foreign"),
    "our namespace, another root":  (f"<inny xmlns='{NAMESPACE}'/>".encode(), "form-foreign"),
    "a later version":              (b"<wniosek xmlns='urn:okienko:wniosek:2'/>", "form-version"),
    "an empty form":                (form(), "form-invalid"),
    "no owner":                     (without("wlasciciel"), "form-invalid"),
    "no request":                   (without("zadanie"), "form-invalid"),
    "no declaration":               (without("oswiadczenia"), "form-invalid"),
    "another request":              (swapped("wyrejestrowanie", "kupno"), "form-invalid"),
    "a day that never was":         (swapped("2026-11-02", "2026-02-30"), "form-invalid"),
    "a day in another form":        (swapped("2026-11-02", "2.11.2026"), "form-invalid"),
    "the year nought":              (swapped("2026-11-02", "0000-11-02"), "form-invalid"),
    "a name without end":           (swapped("Jan Przykładowy", "J" * 301), "form-invalid"),
    "an element too many":          (swapped("</wniosek>", "<x/></wniosek>"), "form-invalid"),
    "an element of others":         (swapped("</wniosek>", "<x xmlns='urn:x'/></wniosek>"), "form-invalid"),
    "an attribute too many":        (swapped("<wniosek ", "<wniosek zly='tak' "), "form-invalid"),
    "a schema of its own":          (swapped("<wniosek ", "<wniosek xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='x' "), "form-invalid"),
}
# fmt: on


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_form_is_refused_with_its_reason(what: str) -> None:
    xml, code = BROKEN[what]

    assert refused(xml) == code


@pytest.mark.parametrize(
    "form",
    [
        replace(SHORT, owner=None),
        replace(SHORT, place=""),
        replace(SHORT, remarks="a\0b"),
        replace(SHORT, remarks="\ud800"),
        replace(SHORT, vehicle=FormVehicle(vin="x" * 41)),
        replace(SHORT, vehicle=FormVehicle(production_year=78)),
    ],
)
def test_values_that_make_no_document_are_not_written(form: Application) -> None:
    with pytest.raises(FormUnreadable) as error:
        write_application(form)

    assert error.value.code == "form-invalid"


# ---- the form in its package


def test_the_form_is_found_by_its_name_or_by_its_namespace(tmp_path: Path) -> None:
    ours, path = write_application(SHORT), tmp_path / "p.zip"
    packages = {
        "wniosek.xml": [("inny.xml", write_application(FULL)), ("wniosek.xml", ours)],
        "Wniosek.XML": [("Wniosek.XML", ours)],
        "podanie.xml": [("dane.xml", b"<a/>"), ("podanie.xml", ours)],
    }

    for name, members in packages.items():
        path.write_bytes(write_zip(members))
        with open_content(path) as content:
            assert read_form(content).name == name
            assert read_form(content).application == SHORT


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([("a.pdf", b"%PDF-1.7")], "form-missing"),
        ([("a.xml", b"<a/>")], "form-missing"),
        ([("folder/wniosek.xml", write_application(SHORT))], "form-missing"),
        ([("wniosek.xml", b"%PDF-1.7")], "form-missing"),
        ([("wniosek.xml", b"<a/>")], "form-foreign"),
        ([("wniosek.xml", b"<!DOCTYPE a><a/>")], "doctype"),
    ],
)
def test_a_missing_or_foreign_form_has_its_code(members: list[tuple[str, bytes]], code: str, tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(write_zip(members))

    with open_content(tmp_path / "p.zip") as content, pytest.raises(FormUnreadable) as error:
        read_form(content)

    assert error.value.code == code


def test_a_form_sent_alone_is_found(tmp_path: Path) -> None:
    path = tmp_path / "0123"
    path.write_bytes(seal_xml(write_application(SHORT), shared_authority().seal(), NOW, signature_id="S0"))

    with open_content(path, name="moj-wniosek.xml") as content:
        assert read_form(content).name == "moj-wniosek.xml"
        assert read_form(content).application == SHORT


def test_the_list_of_attachments_is_compared_with_what_came() -> None:
    members = [
        Member("wniosek.xml", 1, "f" * 64, "application/xml"),
        Member("01-dowód własności.pdf", 1, DIGEST, "application/pdf"),
        Member("02-opłata.pdf", 1, "f" * 64, "application/pdf"),
        Member("03-nowe.pdf", 1, DIGEST, "application/pdf"),
    ]
    first, second = FULL.attachments
    listed = [replace(first, sha256=DIGEST.upper()), second, second, replace(first, name="04-brak.pdf")]

    remarks = compare_attachments(listed, members)

    assert [(remark.code, remark.name) for remark in remarks] == [
        ("attachment-differs", "02-opłata.pdf"),
        ("attachment-twice", "02-opłata.pdf"),
        ("attachment-absent", "04-brak.pdf"),
        ("attachment-unlisted", "03-nowe.pdf"),
    ]


def test_a_form_that_lists_what_came_has_no_remarks() -> None:
    members = [Member(attachment.name, 1, DIGEST, "application/pdf") for attachment in FULL.attachments]

    assert compare_attachments(FULL.attachments, members) == ()
