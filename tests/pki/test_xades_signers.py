"""A XAdES signature passes only for the signer that it names, with an algorithm that is good enough."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1_x509

from app.pki.verdicts import outcome_of
from tests import signing
from tests.pki.by_hand import Sign, all_members
from tests.pki.judged import MEMBERS, judge
from tests.pki.own_pki import Party, citizen, hierarchy, make, subject

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
