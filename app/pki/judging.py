"""What does the office make of a signature file?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from app.pki.trust_store import TrustStore
from app.pki.verdicts import SignatureVerdict

Chunks = Callable[[], Iterator[bytes]]
Resolve = Callable[[str], Chunks | None]


@dataclass(frozen=True, slots=True)
class KnownContent:
    """Bytes of a member together with the SHA-256 that was found while it was read; saves reading it again."""

    chunks: Chunks
    sha256: bytes

    def __call__(self) -> Iterator[bytes]:
        """The bytes, from the beginning."""
        return self.chunks()


@dataclass(frozen=True, slots=True)
class ManifestVerdict:
    """An ASiC manifest compared with the container: which signature file it belongs to, what it covers, what is wrong."""

    signature_name: str
    covers: tuple[str, ...]
    reasons: tuple[str, ...]
    details: tuple[str, ...] = ()


def judge_xades(
    signature_xml: bytes,
    where: str,
    resolve: Resolve,
    trust: TrustStore,
    at: datetime,
    enveloped: bool = False,  # noqa: FBT001, FBT002
    detached_name: str | None = None,
) -> tuple[SignatureVerdict, ...]:
    """Judge every signature of a XAdES file by EN 319 102-1.

    Args:
        signature_xml: the file's bytes.
        where: its name in the container, or the name of the document that carries the signature.
        resolve: the bytes of a member by its (decoded) name, or None; a `KnownContent` saves hashing again.
        trust: anchors and revocation data.
        at: the moment of receipt, aware.
        enveloped: the file is a document with a signature in it; then `covers` names `where` if all of the document is signed.
        detached_name: the document that a reference without URI speaks of.

    Returns:
        One verdict for each signature; a file that cannot be read gives one verdict that says so.
    """
    raise NotImplementedError


def judge_cades(
    cms: bytes, where: str, content: Chunks, covers: tuple[str, ...], trust: TrustStore, at: datetime
) -> tuple[SignatureVerdict, ...]:
    """Judge every signer of a detached CAdES signature by EN 319 102-1.

    Args:
        cms: DER, BER or PEM.
        where: its name in the container.
        content: the signed bytes, from the beginning at each call.
        covers: the names that count as covered if the digest is right: the manifest's entries (ASiC-E, after `judge_manifest`)
            or the one document.
        trust: anchors and revocation data.
        at: the moment of receipt, aware.

    Returns:
        One verdict for each signer; bytes that cannot be read give one verdict that says so.
    """
    raise NotImplementedError


def judge_manifest(manifest_xml: bytes, resolve: Resolve) -> ManifestVerdict:
    """Compare an ASiCManifest (EN 319 162-1 A.4) with the members; its reasons belong to the package's reasons."""
    raise NotImplementedError
