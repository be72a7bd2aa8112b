"""`flask office use-seal`: an own seal comes into use, and nothing that receipts could not rest on."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.clock import now
from app.extensions import db
from app.models import Seal
from tests.factories import Signers, an_office, application_files, send

pytestmark = pytest.mark.one_database
PASSWORD = "hasło"
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Pieczęć kwalifikowana")])


@pytest.fixture
def use_seal(house, authority, tmp_path):
    """Run the command on a PKCS#12 file. Returns its exit code and what it said."""
    with house.app_context():
        an_office(authority)

    def run(key, certificate, *beside):
        file = tmp_path / "seal.p12"
        kept = BestAvailableEncryption(PASSWORD.encode())
        file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, beside, kept))
        done = house.test_cli_runner().invoke(args=["office", "use-seal", str(file), "--password", PASSWORD])
        return done.exit_code, done.output

    return run


@pytest.fixture
def in_use(house):
    """The fingerprint of the seal in use."""

    def ask() -> str:
        with house.app_context():
            return db.session.scalars(sa.select(Seal.fingerprint).where(Seal.in_use)).one()

    return ask


def certified(key, *, begins: int = -1, ends: int = 365) -> x509.Certificate:
    """A certificate of `key` that speaks for itself, valid from `begins` to `ends` days from now."""
    builder = x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now() + dt.timedelta(days=begins))
    return builder.not_valid_after(now() + dt.timedelta(days=ends)).sign(key, hashes.SHA256())


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def test_an_own_seal_seals_from_now_on(use_seal, in_use, house, authority, tmp_path):
    key = rsa_key()
    certificate = certified(key)

    code, said = use_seal(key, certificate)

    assert code == 0, said
    assert "Pieczęć kwalifikowana" in said
    assert in_use() == certificate.fingerprint(hashes.SHA256()).hex()
    with house.app_context():
        package = send(Signers(authority, tmp_path).sign(application_files()))
        assert package.receipt.seal.fingerprint == in_use()


@pytest.mark.parametrize(
    ("key", "valid", "why"),
    [
        (lambda: rsa_key(1024), {}, "too weak to seal with. RSA of 2048 bits or more"),
        (rsa_key, {"begins": -400, "ends": -1}, "not today"),
        (rsa_key, {"begins": 2}, "not today"),
        (lambda: ec.generate_private_key(ec.SECP256R1()), {}, "an RSA key"),
    ],
    ids=["weak", "expired", "not yet valid", "another kind of key"],
)
def test_a_seal_that_nobody_should_rely_on_is_refused_and_the_old_one_stays(use_seal, in_use, key, valid, why):
    before, own = in_use(), key()

    code, said = use_seal(own, certified(own, **valid))

    assert code == 1
    assert why in said
    assert in_use() == before


def test_a_certificate_of_another_key_is_refused(use_seal, in_use):
    before = in_use()

    code, said = use_seal(rsa_key(), None, certified(rsa_key()))

    assert code == 1
    assert "with the certificate of that key" in said
    assert in_use() == before
