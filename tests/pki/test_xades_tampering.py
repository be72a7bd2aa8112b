"""A XAdES signature that was made or changed against the rules never passes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1_x509

from app.pki.judging import judge_xades
from app.pki.verdicts import outcome_of
from tests import signing
from tests.pki.judged import MEMBERS, judge, resolving, store
from tests.pki.own_pki import NOW, Party, citizen, hierarchy, make, subject
from tests.signing import DS, XADES


@pytest.fixture(scope="module")
def signer() -> Party:
    return citizen(hierarchy().issuing, "rsa2048")


@pytest.fixture(scope="module")
def files(signer: Party, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    folder = tmp_path_factory.mktemp("signer")
    return (*signer.files(folder), folder)


@pytest.fixture(scope="module")
def signature(files: tuple[Path, Path, Path]) -> bytes:
    return signing.xades_signature(MEMBERS, *files)


Sign = Callable[..., bytes]


@pytest.fixture
def sign(files: tuple[Path, Path, Path], tmp_path: Path) -> Sign:
    """Sign by hand: references as text, digests by URI, and what else the template takes."""
    key_pem, cert_pem, _ = files

    def by_hand(
        references: str, digests: dict[str, bytes] | None = None, *, nameless: bool = False, **template: object
    ) -> bytes:
        method = signing.signature_method(key_pem, "sha256")
        document = signing.in_signatures(
            signing.signature_template(references, cert_pem, method, **template)  # type: ignore[arg-type]
        )
        known = {signing.member_uri(name): hashlib.sha256(content).digest() for name, content in MEMBERS.items()}
        signed = signing.openssl_sign(document, known | (digests or {}), key_pem, tmp_path)
        if not nameless:
            return signed
        return signing.openssl_resign(signed.replace(b' URI="x"', b""), key_pem, tmp_path, "sha256")

    return by_hand


def all_members() -> str:
    return "".join(signing.reference(signing.member_uri(name), "sha256") for name in MEMBERS)


def element(text: str, name: str) -> str:
    """An element as it stands in the text, tags included."""
    found = re.search(rf"<{name}[ >].*?</{name}>", text, re.DOTALL)
    assert found
    return found[0]


def test_the_hand_made_signature_is_valid_so_that_what_follows_fails_for_its_own_reason(sign: Sign) -> None:
    assert judge(sign(all_members())).reasons == ()


# what was signed


def test_a_changed_member_is_a_hash_mismatch(signature: bytes) -> None:
    verdict = judge(signature, MEMBERS | {"01-umowa.pdf": b"%PDF-1.7 inna umowa"})

    assert verdict.reasons == ("hash-mismatch",)
    assert (verdict.intact, verdict.indication, verdict.sub_indication) == (False, "TOTAL-FAILED", "HASH_FAILURE")
    assert verdict.covers == ("wniosek.xml",)
    assert outcome_of([verdict]) == "invalid"


def test_an_added_member_is_not_among_those_covered(signature: bytes) -> None:
    verdict = judge(signature, MEMBERS | {"02-dopisane.pdf": b"%PDF"})

    assert "02-dopisane.pdf" not in verdict.covers
    assert outcome_of([verdict], ["member-unsigned"]) == "invalid"


def test_a_removed_member_is_missed(signature: bytes) -> None:
    verdict = judge(signature, {"wniosek.xml": MEMBERS["wniosek.xml"]})

    assert verdict.reasons == ("member-missing",)
    assert verdict.intact is None
    assert verdict.sub_indication == "SIGNED_DATA_NOT_FOUND"
    assert outcome_of([verdict]) == "invalid"


def test_a_renamed_member_is_missed(signature: bytes) -> None:
    assert judge(signature, {"WNIOSEK.XML": b"<wniosek>tak</wniosek>", "01-umowa.pdf": b"%PDF-1.7 umowa"}).reasons == (
        "member-missing",
    )


def test_all_that_is_wrong_is_told_not_only_the_first(signature: bytes) -> None:
    verdict = judge(
        signature, {"wniosek.xml": b"<wniosek>nie</wniosek>"}, trust=store(make(subject("Obcy"), None, ca=True))
    )

    assert set(verdict.reasons) == {"hash-mismatch", "member-missing", "chain-unknown"}
    assert outcome_of([verdict]) == "invalid"


# the parts of a signature


def test_a_changed_signing_time_breaks_the_signed_properties(signature: bytes) -> None:
    changed = re.sub(rb"<xades:SigningTime>....", b"<xades:SigningTime>2001", signature)

    assert judge(changed).reasons == ("hash-mismatch",)


def test_a_changed_reference_breaks_the_signature_value(signature: bytes) -> None:
    changed = signature.replace(b'URI="01-umowa.pdf"', b'URI="wniosek.xml"')

    verdict = judge(changed)

    assert verdict.reasons == ("signature-mismatch",)
    assert (verdict.intact, verdict.sub_indication) == (False, "SIG_CRYPTO_FAILURE")
    assert verdict.covers == ()


def test_nothing_is_read_for_a_signature_whose_value_is_wrong(signature: bytes) -> None:
    def never(name: str) -> None:
        raise AssertionError(name)

    changed = signature.replace(b'URI="01-umowa.pdf"', b'URI="inna.pdf"')

    (verdict,) = judge_xades(changed, "s", never, store(), NOW)

    assert verdict.reasons == ("signature-mismatch",)


def renamed(text: str) -> str:
    """The same signature with other Ids."""
    return text.replace('"S0', '"S1').replace('"#S0', '"#S1')


def _text(signature: bytes) -> str:
    return signature.decode()


def _second_qualifying_properties(text: str) -> str:
    extra = element(text, "xades:QualifyingProperties").replace("S0-SP", "S1-SP").replace("2026", "2001")
    return text.replace("</ds:Signature>", f"<ds:Object>{extra}</ds:Object></ds:Signature>")


def _evil_properties_before_the_signed_ones(text: str) -> str:
    signed = element(text, "xades:SignedProperties")
    return text.replace(signed, signed.replace("S0-SP", "evil") + signed)


def _signed_properties_moved_away(text: str) -> str:
    """The signed ones are put where nobody looks by path, others take their place."""
    signed = element(text, "xades:SignedProperties")
    return text.replace(signed, signed.replace('"S0-SP"', '"evil"')).replace(
        "</ds:Signature>", f'<ds:Object><x xmlns:xades="{XADES}">{signed}</x></ds:Object></ds:Signature>'
    )


def _signed_properties_twice(text: str) -> str:
    signed = element(text, "xades:SignedProperties")
    return text.replace(
        "</ds:Signature>", f'<ds:Object><x xmlns:xades="{XADES}">{signed}</x></ds:Object></ds:Signature>'
    )


def _signature_wrapped_in_an_element(text: str) -> str:
    signature = element(text, "ds:Signature")
    return text.replace(signature, f"<x>{signature}</x>")


def _signature_inside_another_signatures_object(text: str) -> str:
    signature = element(text, "ds:Signature")
    outer = renamed(signature).replace("</ds:Signature>", "")
    return text.replace(signature, f"{outer}<ds:Object>{signature}</ds:Object></ds:Signature>")


def _signature_called_a_counter_signature_of_nothing(text: str) -> str:
    signature = element(text, "ds:Signature")
    return text.replace(
        signature,
        f'{signature}<xades:CounterSignature xmlns:xades="{XADES}">{renamed(signature)}</xades:CounterSignature>',
    )


def _second_signed_info(text: str) -> str:
    info = element(text, "ds:SignedInfo")
    return text.replace(info, info + info)


def _signed_info_not_first(text: str) -> str:
    info, value = element(text, "ds:SignedInfo"), element(text, "ds:SignatureValue")
    return text.replace(info, "").replace(value, value + info)


def _wrong_target(text: str) -> str:
    return text.replace('Target="#S0"', 'Target="#S1"')


def _no_target(text: str) -> str:
    return text.replace(' Target="#S0"', "")


def _no_properties(text: str) -> str:
    return text.replace(element(text, "ds:Object"), "")


def _duplicate_id(text: str) -> str:
    return text.replace('<ds:KeyInfo Id="S0-KI">', '<ds:KeyInfo Id="S0">')


def _doctype(text: str) -> str:
    return re.sub(r"^(<\?xml[^>]*\?>)?", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>', text, count=1)


def _other_root(text: str) -> str:
    return text.replace("asic:XAdESSignatures", "asic:Signatures")


def _two_signature_values(text: str) -> str:
    value = element(text, "ds:SignatureValue")
    return text.replace(value, value + value.replace("S0-SV", "S1-SV"))


def _comment_in_the_value(text: str) -> str:
    return re.sub(r"(<ds:SignatureValue[^>]*>)(.)", r"\1\2<!-- -->", text)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_second_qualifying_properties, "format-failure"),
        (_evil_properties_before_the_signed_ones, "format-failure"),
        (_signed_properties_moved_away, "format-failure"),
        (_signed_properties_twice, "duplicate-id"),
        (_signature_wrapped_in_an_element, "no-signature"),
        (_signature_inside_another_signatures_object, "format-failure"),
        (_signature_called_a_counter_signature_of_nothing, "format-failure"),
        (_second_signed_info, "format-failure"),
        (_signed_info_not_first, "format-failure"),
        (_wrong_target, "format-failure"),
        (_no_target, "format-failure"),
        (_no_properties, "format-failure"),
        (_duplicate_id, "duplicate-id"),
        (_doctype, "doctype"),
        (_other_root, "format-failure"),
        (_two_signature_values, "format-failure"),
        (_comment_in_the_value, "format-failure"),
    ],
)
def test_a_rearranged_signature_is_refused(signature: bytes, change: Callable[[str], str], reason: str) -> None:
    changed = change(_text(signature)).encode()
    assert changed != signature

    verdict = judge(changed)

    assert verdict.reasons[0] == reason
    assert verdict.indication == "TOTAL-FAILED"
    assert verdict.covers == ()
    assert outcome_of([verdict]) == "invalid"


# who signed


def test_another_certificate_in_key_info_is_not_the_signers(signature: bytes, signer: Party) -> None:
    other = citizen(hierarchy().issuing, "rsa3072")
    changed = signature.replace(base64.b64encode(signer.der), base64.b64encode(other.der))

    assert judge(changed).reasons == ("signer-certificate-missing",)


def test_a_certificate_of_the_same_key_but_another_name_is_not_the_signers(signature: bytes, signer: Party) -> None:
    renamed = make(
        subject("KTOŚ INNY"), hierarchy().issuing, kind="rsa2048", owner=signer.certificate.subject.rfc4514_string()
    )
    assert renamed.certificate.public_key() == signer.certificate.public_key()

    changed = signature.replace(base64.b64encode(signer.der), base64.b64encode(renamed.der))

    assert judge(changed).reasons == ("signer-certificate-missing",)


def test_a_decoy_before_the_signers_certificate_is_not_looked_at(sign: Sign, signer: Party) -> None:
    decoy = make(subject("PREZYDENT MIASTA"), hierarchy().issuing)

    verdict = judge(sign(all_members(), key_info=signing.x509_data(decoy.der, signer.der)))

    assert verdict.reasons == ()
    assert verdict.signer == "JAN KOWALSKI"


def test_a_signature_in_anothers_name_fails(sign: Sign) -> None:
    victim = citizen(hierarchy().issuing, "rsa3072")

    forged = sign(
        all_members(),
        key_info=signing.x509_data(victim.der),
        signing_certificate=signing.named_certificate(victim.der),
    )

    assert judge(forged).reasons == ("signature-mismatch",)


def test_without_signing_certificate_it_is_not_xades(sign: Sign) -> None:
    assert judge(sign(all_members(), signing_certificate="")).reasons == ("format-failure",)


def test_signed_properties_must_be_signed(sign: Sign) -> None:
    assert judge(sign(all_members(), properties_reference="")).reasons == ("format-failure",)


def test_the_reference_to_signed_properties_must_say_so(sign: Sign) -> None:
    untyped = signing.reference("#S0-SP", "sha256", transforms=(signing.EXCLUSIVE,))

    assert judge(sign(all_members(), properties_reference=untyped)).reasons == ("format-failure",)


def _serial(der: bytes, number: int | None = None) -> str:
    """IssuerSerialV2 of a certificate, or of another number by the same issuer."""
    certificate = asn1_x509.Certificate.load(der)
    issuer = asn1_x509.GeneralNames([asn1_x509.GeneralName("directory_name", certificate.issuer)]).dump()
    serial = core.Integer(certificate.serial_number if number is None else number).dump()
    length = len(issuer) + len(serial)
    head = bytes([0x30, length]) if length < 128 else bytes([0x30, 0x81, length])
    encoded = base64.b64encode(head + issuer + serial).decode()
    return f"<xades:IssuerSerialV2>{encoded}</xades:IssuerSerialV2>"


def _named(der: bytes, serial: str, element: str = "SigningCertificateV2") -> str:
    return signing.named_certificate(der, element=element).replace("</xades:Cert>", f"{serial}</xades:Cert>")


def test_an_issuer_serial_that_differs_is_a_warning_only(sign: Sign, signer: Party) -> None:
    right = judge(sign(all_members(), signing_certificate=_named(signer.der, _serial(signer.der))))
    wrong = judge(sign(all_members(), signing_certificate=_named(signer.der, _serial(signer.der, 7))))
    broken = judge(
        sign(all_members(), signing_certificate=_named(signer.der, "<xades:IssuerSerialV2>AAAA</xades:IssuerSerialV2>"))
    )

    assert (right.reasons, right.warnings) == ((), ())
    assert (wrong.reasons, wrong.warnings) == ((), ("issuer-serial-differs",))
    assert (broken.reasons, broken.warnings) == ((), ("issuer-serial-differs",))


def test_the_older_signing_certificate_names_the_signer_too_and_its_serial_must_fit(sign: Sign, signer: Party) -> None:
    def named(number: int) -> str:
        serial = (
            "<xades:IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName>"
            f"<ds:X509SerialNumber>{number}</ds:X509SerialNumber></xades:IssuerSerial>"
        )
        return _named(signer.der, serial, "SigningCertificate")

    assert judge(sign(all_members(), signing_certificate=named(signer.certificate.serial_number))).reasons == ()
    assert judge(sign(all_members(), signing_certificate=named(7))).reasons == ("signer-certificate-missing",)


def test_two_signing_certificates_that_differ_are_refused(sign: Sign, signer: Party) -> None:
    other = citizen(hierarchy().issuing)
    both = signing.named_certificate(signer.der) + signing.named_certificate(other.der, element="SigningCertificate")

    signed = sign(all_members(), signing_certificate=both, key_info=signing.x509_data(signer.der, other.der))

    assert judge(signed).reasons == ("format-failure",)


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


# algorithms


def test_sha1_is_weak_even_where_the_mathematics_are_right(files: tuple[Path, Path, Path], tmp_path: Path) -> None:
    key_pem, cert_pem, _ = files

    verdict = judge(signing.xades_signature(MEMBERS, key_pem, cert_pem, tmp_path, "sha1"))

    assert verdict.reasons == ("weak-algorithm",)
    assert (verdict.intact, verdict.sub_indication) == (True, "CRYPTO_CONSTRAINTS_FAILURE")
    assert outcome_of([verdict]) == "invalid"


def test_a_single_weak_digest_makes_the_signature_weak(sign: Sign) -> None:
    references = signing.reference("wniosek.xml", "sha1") + signing.reference("01-umowa.pdf", "sha256")

    verdict = judge(sign(references, {"wniosek.xml": hashlib.sha1(MEMBERS["wniosek.xml"]).digest()}))

    assert verdict.reasons == ("weak-algorithm",)


@pytest.mark.parametrize(
    "method",
    ["http://www.w3.org/2000/09/xmldsig#hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "urn:x", ""],
)
def test_an_algorithm_on_no_list_is_not_computed(signature: bytes, method: str) -> None:
    changed = re.sub(rb'SignatureMethod Algorithm="[^"]*"', f'SignatureMethod Algorithm="{method}"'.encode(), signature)

    verdict = judge(changed)

    assert (verdict.reasons, verdict.intact) == (("weak-algorithm",), None)


def test_a_short_rsa_key_is_weak(tmp_path: Path) -> None:
    signer = citizen(hierarchy().issuing, "rsa1024")

    verdict = judge(signing.xades_signature(MEMBERS, *signer.files(tmp_path), tmp_path))

    assert "weak-algorithm" in verdict.reasons
    assert outcome_of([verdict]) == "invalid"


def test_an_ecdsa_value_in_der_is_not_r_and_s(tmp_path: Path) -> None:
    signer = citizen(hierarchy().issuing, "p256")
    key_pem, cert_pem = signer.files(tmp_path)
    signed = signing.xades_signature(MEMBERS, key_pem, cert_pem, tmp_path)

    assert judge(signed).reasons == ()
    assert judge(signing.openssl_resign(signed, key_pem, tmp_path, "sha256")).reasons == ("signature-mismatch",)


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


# several signatures


def test_each_signature_is_judged_by_itself(signature: bytes) -> None:
    second = renamed(element(_text(signature), "ds:Signature"))
    both = _text(signature).replace("</asic:", f"{second}</asic:").encode()

    verdicts = judge_xades(both, "s", resolving(MEMBERS), store(), NOW)

    assert [verdict.reasons for verdict in verdicts] == [(), ("signature-mismatch",)]
    assert outcome_of(verdicts) == "invalid"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"PK\x03\x04",
        b"<a/>",
        b"\xff\xfe<\0a\0/\0>\0",
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b"<a>\0</a>",
    ],
)
def test_what_is_no_signature_file_gives_one_verdict_that_says_so(data: bytes) -> None:
    verdict = judge(data)

    assert verdict.reasons in {("format-failure",), ("no-signature",)}
    assert (verdict.intact, verdict.trusted, verdict.revoked) == (None, None, None)
