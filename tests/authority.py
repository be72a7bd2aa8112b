"""A test PKI made by our own certification centre: where tests get signers, revocations and a trust store from.

Nothing is frozen on disk: certificates are made around the moment of the run. Keys are made once per run and shared
by every `TestAuthority`; the RSA ones have 2048 bits so that a run stays fast.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable
from dataclasses import replace

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from app.pki import authority
from app.pki.authority import CentreAddresses, Issuer, Organisation, Person, Revoked
from app.pki.keyfiles import PrivateKey
from app.pki.revocation import MemoryRevocations
from app.pki.seal import SealKey, make_seal
from app.pki.signing import Signer
from app.pki.trust_store import Anchor, TrustStore

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
"""The moment around which the test PKI is made."""

ADDRESSES = CentreAddresses(crl="http://cc.test.invalid/cc/ca.crl", issuer="http://cc.test.invalid/cc/ca.pem")
CITIZEN = replace(authority.CITIZEN, least_rsa_bits=2048, curves=("secp256r1", "secp384r1", "secp521r1"))
SEAL = replace(authority.SEAL, least_rsa_bits=2048)
OFFICE = Organisation("Urząd Miasta Testowego", "VATPL-0000000000", "Pieczęć elektroniczna (TEST)")

_NUMBERS = itertools.count(1)
"""Of the revocation lists of one run: authorities of one name share their keys, and so the numbers of their lists."""

_KINDS: dict[str, Callable[[], PrivateKey]] = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "rsa3072": lambda: rsa.generate_private_key(65537, 3072),
    "rsa4096": lambda: rsa.generate_private_key(65537, 4096),
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
}


@functools.cache
def key_of(kind: str, owner: str) -> PrivateKey:
    """Return the key of `owner`, the same each time in one run; `kind` is one of `_KINDS`."""
    return _KINDS[kind]()


def rsa_key_of(owner: str) -> rsa.RSAPrivateKey:
    key = key_of("rsa", owner)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


class TestAuthority:
    """A root, an issuing certificate and what they issue. `name` makes different centres with different keys."""

    __test__ = False

    def __init__(self, name: str = "CC testowe", *, at: dt.datetime = NOW - dt.timedelta(days=1200)) -> None:
        self.name = name
        self.root: Issuer = authority.make_root(f"{name} root", name, at, private_key=rsa_key_of(f"{name} root"))
        self.issuing: Issuer = authority.make_issuing(
            self.root, f"{name} issuing", name, at, addresses=ADDRESSES, private_key=rsa_key_of(f"{name} issuing")
        )
        self.revoked: list[Revoked] = []

    def citizen(
        self,
        name: str = "Jan Przykładowy",
        pesel: str = "44051401359",  # test data
        *,
        key: str | PrivateKey = "ec",
        not_before: dt.datetime | None = None,
        not_after: dt.datetime | None = None,
    ) -> Signer:
        """Return somebody who can sign, valid from 30 days ago for two years unless said otherwise.

        `key` is a kind (`rsa`, `rsa3072`, `rsa4096`, `ec`, `p384`, `p521`) or a key made elsewhere.
        """
        given_name, _, surname = name.partition(" ")
        private_key = key_of(key, f"{self.name} {pesel}") if isinstance(key, str) else key
        certificate = authority.issue_certificate(
            self.issuing,
            Person(given_name, surname or given_name, f"PNOPL-{pesel}"),
            private_key.public_key(),
            not_before or NOW - dt.timedelta(days=30),
            profile=CITIZEN,
            addresses=ADDRESSES,
            until=not_after,
        )
        return Signer(private_key, certificate, (self.issuing.certificate,))

    def seal(self, office: Organisation = OFFICE, *, at: dt.datetime = NOW - dt.timedelta(days=30)) -> SealKey:
        """Return a seal of `office`."""
        private_key = rsa_key_of(f"{self.name} seal {office.common_name}")
        return make_seal(self.issuing, office, at, addresses=ADDRESSES, private_key=private_key, profile=SEAL)

    def revoke(
        self,
        who: Signer | x509.Certificate,
        at: dt.datetime = NOW - dt.timedelta(days=1),
        reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise,
    ) -> None:
        """Put the certificate of `who` on the lists made from now on."""
        certificate = who.certificate if isinstance(who, Signer) else who
        self.revoked.append(Revoked(certificate.serial_number, at, reason))

    def crl(self, at: dt.datetime = NOW, *, next_update: dt.datetime | None = None) -> x509.CertificateRevocationList:
        """Return the next revocation list of the issuing certificate."""
        return authority.make_crl(self.issuing, self.revoked, next(_NUMBERS), at, next_update=next_update)

    def root_crl(self, at: dt.datetime = NOW) -> x509.CertificateRevocationList:
        """Return a list of the root, which revoked nothing."""
        return authority.make_crl(self.root, (), next(_NUMBERS), at)

    def root_pem(self) -> bytes:
        """Return the root certificate as other programs take it."""
        return self.root.certificate.public_bytes(Encoding.PEM)

    def trust_store(self, at: dt.datetime = NOW, *, crls: bool = True) -> TrustStore:
        """Return a trust store with this root and (unless `crls` is False) its revocation lists of `at`."""
        anchor = Anchor.of(self.root.certificate, "certification-centre", name=self.name)
        lists = [crl.public_bytes(Encoding.DER) for crl in (self.crl(at), self.root_crl(at))] if crls else []
        return TrustStore((anchor,), MemoryRevocations(crls=lists), intermediates=(self.issuing.certificate,))


@functools.cache
def shared_authority() -> TestAuthority:
    """Return the authority that tests share where nothing is revoked."""
    return TestAuthority()
