"""Do the centre's certificates and lists say what the profile promises, and do other programs agree?"""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

from app.pki.authority import (
    CITIZEN,
    POLICY_CITIZEN,
    CentreAddresses,
    Issuer,
    OutlivesIssuer,
    Person,
    UnfitKey,
    issue_certificate,
    make_issuing,
    make_root,
)
from app.pki.keyfiles import WrongPassphrase, dump_bundle, write_pkcs12
from tests.authority import NOW, OFFICE, TestAuthority, key_of, rsa_key_of, shared_authority

PERSON = Person("Zoë Żaneta", "Święcicka-Łoś", "PNOPL-44051401458")  # test data
QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")


def openssl(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *arguments], cwd=cwd, capture_output=True, check=False, text=True)


def write_chain(folder: Path, authority: TestAuthority, leaf: x509.Certificate) -> None:
    for name, certificate in (
        ("root", authority.root.certificate),
        ("issuing", authority.issuing.certificate),
        ("leaf", leaf),
    ):
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))


def test_root_and_issuing_certificate_keep_their_places() -> None:
    authority = shared_authority()

    root, issuing = authority.root.certificate, authority.issuing.certificate

    for certificate, path_length in ((root, 1), (issuing, 0)):
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
        assert constraints.critical
        assert (constraints.value.ca, constraints.value.path_length) == (True, path_length)
        assert usage.critical
        assert (usage.value.key_cert_sign, usage.value.crl_sign, usage.value.digital_signature) == (True, True, False)
    assert root.not_valid_after_utc.year - root.not_valid_before_utc.year == 20
    assert issuing.not_valid_after_utc.year - issuing.not_valid_before_utc.year == 10


def test_a_new_root_has_4096_bits_and_an_issuing_key_3072() -> None:
    root = make_root("Root", "CC", NOW)
    issuing = make_issuing(root, "Issuing", "CC", NOW)

    assert root.private_key.key_size == 4096
    assert issuing.private_key.key_size == 3072


def test_a_citizens_certificate_names_the_person_as_qualified_ones_do() -> None:
    certificate = issue_certificate(
        shared_authority().issuing, PERSON, key_of("ec", "x").public_key(), NOW, profile=CITIZEN
    )

    subject = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert subject == {
        NameOID.COUNTRY_NAME: "PL",
        NameOID.GIVEN_NAME: "Zoë Żaneta",
        NameOID.SURNAME: "Święcicka-Łoś",
        NameOID.SERIAL_NUMBER: "PNOPL-44051401458",
        NameOID.COMMON_NAME: "Zoë Żaneta Święcicka-Łoś",
    }


def test_a_citizens_certificate_may_sign_and_nothing_else() -> None:
    extensions = shared_authority().citizen().certificate.extensions

    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not any((usage.value.key_cert_sign, usage.value.crl_sign, usage.value.key_encipherment))
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_the_policy_is_ours_and_not_critical_and_nothing_claims_to_be_qualified() -> None:
    extensions = shared_authority().citizen().certificate.extensions

    policies = extensions.get_extension_for_class(x509.CertificatePolicies)
    assert not policies.critical
    assert [policy.policy_identifier for policy in policies.value] == [POLICY_CITIZEN]
    assert QC_STATEMENTS not in {extension.oid for extension in extensions}


def test_a_certificate_says_where_its_list_and_issuer_are() -> None:
    addresses = CentreAddresses(crl="http://a/ca.crl", issuer="http://a/ca.pem", ocsp="http://a/ocsp")
    certificate = issue_certificate(
        shared_authority().issuing, PERSON, key_of("ec", "x").public_key(), NOW, profile=CITIZEN, addresses=addresses
    )

    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [name.value for point in points for name in point.full_name or ()] == ["http://a/ca.crl"]
    assert [description.access_location.value for description in access] == ["http://a/ocsp", "http://a/ca.pem"]


def test_a_citizens_certificate_lasts_two_years_and_a_leap_day_is_no_trouble() -> None:
    authority = TestAuthority("CC przestępne", at=dt.datetime(2023, 1, 1, tzinfo=dt.UTC))
    certificate = issue_certificate(
        authority.issuing,
        PERSON,
        key_of("ec", "x").public_key(),
        dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC),
        profile=CITIZEN,
    )

    assert certificate.not_valid_after_utc == dt.datetime(2026, 2, 28, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize("key", [rsa_key_of("short"), ec.generate_private_key(ec.SECP384R1())])
def test_a_key_outside_the_profile_gets_no_certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    with pytest.raises(UnfitKey):
        issue_certificate(shared_authority().issuing, PERSON, key.public_key(), NOW, profile=CITIZEN)


def test_no_certificate_outlives_the_one_that_signs_it() -> None:
    late = NOW + dt.timedelta(days=365 * 6)

    with pytest.raises(OutlivesIssuer):
        issue_certificate(shared_authority().issuing, PERSON, key_of("ec", "x").public_key(), late, profile=CITIZEN)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_openssl_accepts_the_chain_strictly(tmp_path: Path, kind: str) -> None:
    authority = shared_authority()
    write_chain(tmp_path, authority, authority.citizen(key=kind).certificate)

    answer = openssl(
        "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem", cwd=tmp_path
    )

    assert answer.returncode == 0, answer.stderr


def test_openssl_accepts_the_seals_chain_and_shows_the_office(tmp_path: Path) -> None:
    authority = shared_authority()
    write_chain(tmp_path, authority, authority.seal().certificate)

    answer = openssl(
        "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem", cwd=tmp_path
    )
    shown = openssl("x509", "-in", "leaf.pem", "-noout", "-subject", "-nameopt", "utf8,sep_multiline", cwd=tmp_path)

    assert answer.returncode == 0, answer.stderr
    assert OFFICE.name_in_full in shown.stdout
    assert "VATPL-0000000000" in shown.stdout


def test_openssl_refuses_a_certificate_issued_by_a_citizen(tmp_path: Path) -> None:
    authority = shared_authority()
    citizen = authority.citizen(key="rsa")
    assert isinstance(citizen.private_key, rsa.RSAPrivateKey)
    forged = issue_certificate(
        Issuer(citizen.private_key, citizen.certificate),
        PERSON,
        key_of("ec", "x").public_key(),
        NOW - dt.timedelta(days=1),
        profile=CITIZEN,
        until=NOW + dt.timedelta(days=30),
    )
    write_chain(tmp_path, authority, forged)
    with (tmp_path / "issuing.pem").open("ab") as more:
        more.write(citizen.certificate.public_bytes(Encoding.PEM))

    answer = openssl("verify", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem", cwd=tmp_path)

    assert answer.returncode != 0
    assert "invalid CA certificate" in answer.stderr


def test_a_revoked_citizen_is_on_the_list_and_openssl_refuses_them(tmp_path: Path) -> None:
    authority = TestAuthority("CC odwołujące")
    gone, stays = authority.citizen("Anna Odwołana", "44051401458"), authority.citizen()
    authority.revoke(gone)

    crl = authority.crl()

    (tmp_path / "crl.pem").write_bytes(crl.public_bytes(Encoding.PEM) + authority.root_crl().public_bytes(Encoding.PEM))
    for signer, accepted in ((gone, False), (stays, True)):
        write_chain(tmp_path, authority, signer.certificate)
        answer = openssl(
            *("verify", "-crl_check_all", "-CRLfile", "crl.pem", "-CAfile", "root.pem"),
            *("-untrusted", "issuing.pem", "leaf.pem"),
            cwd=tmp_path,
        )
        assert (answer.returncode == 0) is accepted, answer.stderr
        assert accepted or "certificate revoked" in answer.stderr


def test_lists_are_numbered_signed_and_renewed_within_seven_days() -> None:
    authority = TestAuthority("CC numerujące")

    first, second = authority.crl(), authority.crl()

    before, after = (crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for crl in (first, second))
    assert after == before + 1
    assert second.next_update_utc == NOW + dt.timedelta(days=7)
    assert second.is_signature_valid(authority.issuing.private_key.public_key())
    assert not second.is_signature_valid(authority.root.private_key.public_key())


def test_an_issuer_kept_in_a_file_comes_back_with_its_passphrase_only() -> None:
    issuing = shared_authority().issuing
    kept = issuing.dump(b"passphrase", rounds=1000)

    back = Issuer.load(kept, b"passphrase")

    assert back.certificate == issuing.certificate
    assert back.private_key.public_key() == issuing.private_key.public_key()
    with pytest.raises(WrongPassphrase):
        Issuer.load(kept, b"another")


def test_an_issuers_file_with_the_certificate_of_another_key_is_refused() -> None:
    authority = shared_authority()
    mixed = dump_bundle(authority.root.private_key, (authority.issuing.certificate,), b"passphrase", rounds=1000)

    with pytest.raises(UnfitKey):
        Issuer.load(mixed, b"passphrase")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_pkcs12_file_opens_with_its_password_only(tmp_path: Path, kind: str) -> None:
    citizen = shared_authority().citizen(key=kind)
    written = write_pkcs12(
        citizen.private_key, citizen.certificate, citizen.chain, "okienko-2026-test", friendly_name="Jan Przykładowy"
    )
    (tmp_path / "jan.p12").write_bytes(written)

    right = openssl("pkcs12", "-in", "jan.p12", "-passin", "pass:okienko-2026-test", "-info", "-noout", cwd=tmp_path)
    wrong = openssl("pkcs12", "-in", "jan.p12", "-passin", "pass:other", "-noout", cwd=tmp_path)
    key, certificate, chain = pkcs12.load_key_and_certificates(written, b"okienko-2026-test")

    assert right.returncode == 0
    assert "AES-256-CBC, Iteration 600000" in right.stderr
    assert wrong.returncode != 0
    assert key is not None
    assert key.public_key() == citizen.private_key.public_key()
    assert certificate == citizen.certificate
    assert chain == list(citizen.chain)
