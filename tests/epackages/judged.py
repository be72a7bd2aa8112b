"""Short ways to judge a package that a test has made, and what is in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from app.epackages.package import judge_package
from app.epackages.signatures import ASIC_E
from app.epackages.verdict import PackageVerdict
from app.epackages.writer import write_zip
from app.pki.signing import Signer
from app.pki.trust_store import TrustStore
from tests.authority import NOW
from tests.epackages.signed import asic_e_cades, xades

MEMBERS = {
    "wniosek.xml": "<wniosek>Częstochowa</wniosek>".encode(),
    "01-dowód własności.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 300,
    "notatka.txt": b"tekst",
}
SIGNED_AT = NOW - dt.timedelta(hours=1)


def judge(path: Path, trust: TrustStore, **options: Any) -> PackageVerdict:
    return judge_package(path, trust=trust, at=NOW, **options)


def changed(members: dict[str, bytes], **changes: bytes | None) -> dict[str, bytes]:
    """Members with some replaced, added or (None) taken away; `__` in a name is a dot."""
    renamed = {name.replace("__", "."): data for name, data in changes.items()}
    return {name: data for name, data in (members | renamed).items() if data is not None}  # type: ignore[operator]


def zipped(members: dict[str, bytes], **more: bytes) -> bytes:
    return write_zip([*members.items(), *more.items()])


def tampered(signer: Signer, members: dict[str, bytes], make: str) -> bytes:
    """A package whose signature was made over `MEMBERS` and that holds `members`."""
    if make == "xades":
        return write_zip(
            [
                ("mimetype", ASIC_E.encode()),
                *members.items(),
                ("META-INF/signatures0.xml", xades(MEMBERS, signer, SIGNED_AT)),
            ]
        )
    return asic_e_cades(members, signer, listed=MEMBERS)
