"""What the office says about a package: the value that intake stores, shows and answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.epackages.container import Member
from app.pki.verdicts import SignatureVerdict

ContainerKind = Literal["asic-e", "asic-s", "zip", "xml", "unknown"]
PackageOutcome = Literal["valid", "undecided", "invalid", "unreadable"]


@dataclass(frozen=True, slots=True)
class SignedMember:
    """A member that is content. `signed`: every signature whose mathematics is right covers it, and there is one."""

    member: Member
    signed: bool

    @property
    def name(self) -> str:
        """Its name in the package."""
        return self.member.name

    @property
    def size(self) -> int:
        """In bytes, unpacked."""
        return self.member.size

    @property
    def sha256(self) -> str:
        """In hex."""
        return self.member.sha256

    @property
    def media(self) -> str:
        """Media type by content and name; `application/octet-stream` where they disagree."""
        return self.member.media

    @property
    def flags(self) -> tuple[str, ...]:
        """Why the media type is not sure."""
        return self.member.flags


@dataclass(frozen=True, slots=True)
class PackageVerdict:
    """One package, judged at one moment.

    `sha256` and `size` are those of the file. `members` are the content, `envelope` what carries it (`mimetype`,
    `META-INF/…`, signature files). `reasons` hold every code found, worst or not; `warnings` never change the outcome.
    `details` are for the technical report, in English.
    """

    sha256: str
    size: int
    container: ContainerKind
    outcome: PackageOutcome
    reasons: tuple[str, ...]
    members: tuple[SignedMember, ...]
    signatures: tuple[SignatureVerdict, ...]
    warnings: tuple[str, ...]
    envelope: tuple[Member, ...] = ()
    details: tuple[str, ...] = ()

    def as_json(self, file: str) -> dict[str, object]:
        """The object that `package verify --json` prints for `file`; its keys are promised to others."""
        return {
            "file": file,
            "sha256": self.sha256,
            "container": self.container,
            "outcome": self.outcome,
            "reasons": list(self.reasons),
            "members": [
                {"name": member.name, "size": member.size, "sha256": member.sha256, "signed": member.signed}
                for member in self.members
            ],
            "signatures": [_signature_json(signature) for signature in self.signatures],
        }


def _signature_json(signature: SignatureVerdict) -> dict[str, object]:
    return {
        "format": signature.format,
        "level": signature.level,
        "signer": signature.signer,
        "identifier": signature.identifier,
        "issuer": signature.issuer,
        "serial": signature.serial,
        "signed_at": signature.signed_at.isoformat() if signature.signed_at else None,
        "intact": signature.intact,
        "trusted": signature.trusted,
        "revoked": signature.revoked,
        "covers": list(signature.covers),
    }
