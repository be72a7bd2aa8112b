"""Who signs the packages of these tests, whom they trust, and where a package lies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.pki.signing import Signer
from app.pki.trust_store import TrustStore
from tests.authority import shared_authority


@pytest.fixture(scope="module")
def signer() -> Signer:
    return shared_authority().citizen()


@pytest.fixture(scope="module")
def other() -> Signer:
    return shared_authority().citizen("Anna Testowa", "02070803628")  # test data


@pytest.fixture(scope="module")
def trust() -> TrustStore:
    return shared_authority().trust_store()


@pytest.fixture
def put(tmp_path: Path) -> Iterator[Any]:
    def put(data: bytes, name: str = "paczka.asice") -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return put
