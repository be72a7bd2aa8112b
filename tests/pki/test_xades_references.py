"""A XAdES signature whose references lead where they may not never passes."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from app.pki.judging import judge_xades
from app.pki.verdicts import outcome_of
from tests import signing
from tests.pki.by_hand import Sign, all_members
from tests.pki.judged import MEMBERS, judge, store
from tests.pki.own_pki import NOW
from tests.signing import DS

# where references lead


@pytest.mark.parametrize(
    "uri",
    [
        "file:///etc/passwd", "http://127.0.0.1/a", "/wniosek.xml", "../wniosek.xml", "a/../wniosek.xml",
        "./wniosek.xml",
        "wniosek.xml?x=1", "wniosek.xml#x", "%2e%2e/wniosek.xml", "%2Fwniosek.xml", "C:%5Cwniosek.xml", "a//b", "%ff",
        "%00", "zał\\x",
    ],
)  # fmt: skip
def test_a_reference_outside_the_container_is_not_followed(sign: Sign, uri: str) -> None:
    asked: list[str] = []

    def find(name: str) -> None:
        asked.append(name)

    (verdict,) = judge_xades(sign(signing.reference(uri, "sha256"), {uri: b"\0" * 32}), "s", find, store(), NOW)

    assert verdict.reasons == ("member-missing",)
    assert asked == []


def test_percent_encoded_plus_and_polish_names_are_found(sign: Sign) -> None:
    members = {"zał+1 ż.pdf": b"a"}

    encoded = judge(
        sign(
            signing.reference("za%C5%82+1%20%C5%BC.pdf", "sha256"),
            {"za%C5%82+1%20%C5%BC.pdf": hashlib.sha256(b"a").digest()},
        ),
        members,
    )
    plain = judge(
        sign(signing.reference("zał+1 ż.pdf", "sha256"), {"zał+1 ż.pdf": hashlib.sha256(b"a").digest()}), members
    )

    assert encoded.covers == plain.covers == ("zał+1 ż.pdf",)


@pytest.mark.parametrize(
    "raw",
    [
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><x/></ds:Transform>',
        '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>true()</ds:XPath></ds:Transform>',
        '<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"><x/></ds:Transform>',
        '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"></ds:Transform>',
        f'<ds:Transform Algorithm="{signing.ENVELOPED}"></ds:Transform>',
        f'<ds:Transform Algorithm="{signing.EXCLUSIVE}"></ds:Transform>' * 2,
        '<ds:Transform Algorithm="urn:x"></ds:Transform>',
    ],
)
def test_no_other_transform_than_canonicalisation_is_run_on_a_member(sign: Sign, raw: str) -> None:
    verdict = judge(sign(signing.reference("wniosek.xml", "sha256", raw=raw)))

    assert verdict.reasons == ("transform-refused",)
    assert outcome_of([verdict]) == "invalid"


def test_a_member_signed_in_canonical_form_is_valid_and_said_to_be(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    key_pem, cert_pem, _ = files
    members = {"a.xml": b"<?xml version='1.0'?>\n<a  y='1' x=\"2\"/>"}
    template = signing.signature_template(
        signing.reference("a.xml", "sha256", transforms=(signing.INCLUSIVE,)),
        cert_pem,
        signing.signature_method(key_pem, "sha256"),
    )
    signed = signing.xmlsec_sign(signing.in_signatures(template), members, key_pem, tmp_path)

    verdict = judge(signed, members)

    assert (verdict.reasons, verdict.warnings, verdict.covers) == ((), ("canonical-form",), ("a.xml",))


def test_too_many_references_are_refused(sign: Sign) -> None:
    many = "".join(signing.reference("wniosek.xml", "sha256") for _ in range(2001))

    assert judge(sign(many)).reasons == ("too-many-references",)


def test_a_member_named_a_thousand_times_is_hashed_once(sign: Sign) -> None:
    reads = 0

    def chunks():
        nonlocal reads
        reads += 1
        yield MEMBERS["wniosek.xml"]

    many = "".join(signing.reference("wniosek.xml", "sha256") for _ in range(1000))
    (verdict,) = judge_xades(sign(many), "s", lambda _: chunks, store(), NOW)

    assert (verdict.reasons, reads) == ((), 1)


def test_a_whole_document_reference_signs_nothing_in_a_signature_file(sign: Sign) -> None:
    whole = signing.reference("", "sha256", transforms=(signing.ENVELOPED, signing.EXCLUSIVE))

    assert judge(sign(whole, {"": b"\0" * 32})).reasons == ("misplaced-content",)


@pytest.mark.parametrize("where", ["#S0-SV", "#elsewhere"])
def test_content_that_stands_where_no_signed_content_may_stand_is_refused(sign: Sign, where: str) -> None:
    inside = '<ds:Object><a xmlns=""><b Id="elsewhere"></b></a></ds:Object>'
    signed = sign(signing.reference(where, "sha256"), {where: b"\0" * 32}, objects=inside)

    assert judge(signed).reasons == ("misplaced-content",)


def test_a_reference_without_uri_means_the_document_beside_the_signature(sign: Sign) -> None:
    nameless = signing.reference("x", "sha256")
    digests = {"x": hashlib.sha256(MEMBERS["01-umowa.pdf"]).digest()}
    signed = sign(nameless, digests, nameless=True)

    assert judge(signed, detached_name="01-umowa.pdf").covers == ("01-umowa.pdf",)
    assert judge(signed).reasons == ("format-failure",)


# canonical form


@pytest.mark.parametrize(
    "c14n", [signing.INCLUSIVE, "http://www.w3.org/2006/12/xml-c14n11", signing.INCLUSIVE + "#WithComments"]
)
def test_inherited_default_namespaces_under_inclusive_canonicalisation_are_right(
    files: tuple[Path, Path, Path], tmp_path: Path, c14n: str
) -> None:
    key_pem, cert_pem, _ = files
    template = signing.in_signatures(
        signing.signature_template(all_members(), cert_pem, signing.signature_method(key_pem, "sha256"), c14n=c14n)
    )
    plain = (
        template.replace("ds:", "").replace("xmlns:ds", "xmlns").replace("xades:", "").replace("xmlns:xades", "xmlns")
        .replace("asic:", "").replace("xmlns:asic", "xmlns").replace(signing.EXCLUSIVE, signing.INCLUSIVE)
    )  # fmt: skip
    plain = re.sub(r"<(DigestMethod|DigestValue)(?=[ >])", rf'<\1 xmlns="{DS}"', plain)
    plain = plain.replace("xmlns:ds=", "xmlns=").replace("xmlns:xades=", "xmlns=").replace("xmlns:asic=", "xmlns=")
    signed = signing.xmlsec_sign(
        plain.replace("<SignedInfo>", "<SignedInfo><!-- kept? -->"), MEMBERS, key_pem, tmp_path
    )

    verdict = judge(signed)

    assert verdict.reasons == ()
    assert set(verdict.covers) == set(MEMBERS)


@pytest.mark.parametrize("c14n", [signing.INCLUSIVE, "http://www.w3.org/2006/12/xml-c14n11", signing.EXCLUSIVE])
def test_inherited_xml_attributes_are_right(files: tuple[Path, Path, Path], tmp_path: Path, c14n: str) -> None:
    key_pem, cert_pem, _ = files
    template = signing.signature_template(
        all_members(), cert_pem, signing.signature_method(key_pem, "sha256"), c14n=c14n
    ).replace(f'<ds:Transform Algorithm="{signing.EXCLUSIVE}">', f'<ds:Transform Algorithm="{c14n}">')
    document = signing.in_signatures(template).replace("XAdESSignatures xmlns", 'XAdESSignatures xml:lang="pl" xmlns')

    signed = signing.xmlsec_sign(document, MEMBERS, key_pem, tmp_path)

    assert judge(signed).reasons == ()
    assert (judge(signed.replace(b'"pl"', b'"en"')).reasons == ()) is (c14n == signing.EXCLUSIVE)
