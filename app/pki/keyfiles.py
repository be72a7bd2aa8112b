"""How a private key is written to a file: PKCS#8 under a passphrase, and PKCS#12 for a person.

`cryptography` protects a PKCS#8 key with 2,048 rounds of PBKDF2, so that file is made here (RFC 8018, PBES2 with
AES-256-CBC and PBKDF2-HMAC-SHA-256) with as many rounds as a passphrase needs today; OpenSSL reads it like any other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeAlias

from asn1crypto import algos, keys, pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import pkcs12

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

ROUNDS = 600_000  # PBKDF2-HMAC-SHA-256, OWASP Password Storage Cheat Sheet


class WrongPassphrase(ValueError):
    """The file does not open: the passphrase is wrong or the file is damaged."""


def dump_key(private_key: PrivateKey, passphrase: bytes, *, rounds: int = ROUNDS) -> bytes:
    """Return `private_key` as an encrypted PKCS#8 file (PEM).

    Fewer `rounds` are right only where `passphrase` is a random key and not something a person remembers.
    """
    if not passphrase:
        raise ValueError("a private key needs a passphrase")
    plain = private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    salt, vector = os.urandom(16), os.urandom(16)
    pad = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(_stretch(passphrase, salt, rounds)), modes.CBC(vector)).encryptor()
    encrypted = encryptor.update(pad.update(plain) + pad.finalize()) + encryptor.finalize()
    derivation = {
        "salt": algos.Pbkdf2Salt("specified", salt),
        "iteration_count": rounds,
        "prf": {"algorithm": "sha256"},
    }
    info = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {
                "algorithm": "pbes2",
                "parameters": {
                    "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derivation},
                    "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": vector},
                },
            },
            "encrypted_data": encrypted,
        }
    )
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", info.dump()))


def load_key(data: bytes, passphrase: bytes) -> PrivateKey:
    """Return the RSA or elliptic-curve key of an encrypted PKCS#8 file (PEM). Raises WrongPassphrase."""
    try:
        key = serialization.load_pem_private_key(data, passphrase)
    except (ValueError, TypeError):
        raise WrongPassphrase("the private key does not open") from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise WrongPassphrase("a private key of an unsupported kind")
    return key


def dump_bundle(
    private_key: PrivateKey, certificates: Sequence[x509.Certificate], passphrase: bytes, *, rounds: int = ROUNDS
) -> bytes:
    """Return one PEM file: the key encrypted under `passphrase`, its certificate, the certificates above it."""
    written = (certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)
    return dump_key(private_key, passphrase, rounds=rounds) + b"".join(written)


def load_bundle(data: bytes, passphrase: bytes) -> tuple[PrivateKey, x509.Certificate, tuple[x509.Certificate, ...]]:
    """Read what `dump_bundle` wrote, or a file of the same make: the key, its certificate, those above it.

    Raises WrongPassphrase, and ValueError where the file holds no certificate.
    """
    certificate, *chain = x509.load_pem_x509_certificates(data)
    return load_key(data, passphrase), certificate, tuple(chain)


def write_pkcs12(
    private_key: PrivateKey,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    password: str,
    *,
    friendly_name: str,
) -> bytes:
    """Return a PKCS#12 file: key and certificates under AES-256 with 600,000 rounds, MAC by HMAC-SHA-256.

    A demonstration aid. The library fixes the MAC at 2,048 rounds, so whoever has the file guesses the password against
    the MAC, thousands a second; a citizen's own file is therefore written in the browser, with a strong MAC, and the
    office never holds that key.
    """
    encryption = (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.encode())
    )
    return pkcs12.serialize_key_and_certificates(
        friendly_name.encode(), private_key, certificate, list(chain), encryption
    )


def _stretch(passphrase: bytes, salt: bytes, rounds: int) -> bytes:
    return PBKDF2HMAC(hashes.SHA256(), 32, salt, rounds).derive(passphrase)
