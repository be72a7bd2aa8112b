"""A citizen, a signature of his, and a way to sign by hand."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests import signing
from tests.pki.by_hand import Sign
from tests.pki.judged import MEMBERS
from tests.pki.own_pki import Party, citizen, hierarchy


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
