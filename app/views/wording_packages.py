"""Why the office does not take a package, and what to do about it, in words for whoever sent it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Reason:
    """What is wrong (`what`) and what helps (`todo`); `code` is for somebody who helps."""

    code: str
    what: str
    todo: str


_SIGN_AGAIN = _("Sign the package again and do not change anything in it afterwards.")
_PACK_AGAIN = _("Make a new package from the same files, then sign it.")
_OTHER_CERTIFICATE = _("Sign with a certificate that is valid now. If yours has expired or was revoked, get a new one.")
_MAKE_SMALLER = _("Reduce the scans (150 dpi, grey, is enough), take out what is not needed, and pack again.")
_NO_PASSWORD = _("Make the package without a password, then sign it.")
_RENAME = _("Give the files simple, different names (letters, digits, hyphens), pack again and sign.")
_NEWER_PROGRAM = _("Sign with a current program and the settings it comes with.")
_CALL = _("Call us: a person will look at the package with you.")

_BROKEN = _("The file is damaged, or it is not a package of a kind that we accept.")
_SIGNATURE_UNREADABLE = _("The signature is built in a way that we do not accept.")
_NAMES = _("Names of files in the package are not allowed or occur twice.")
_XML = _("The form or the signature is damaged or holds instructions that we do not run.")

REASONS = {
    # the file as a container
    **dict.fromkeys(
        (
            "not-a-zip",
            "zip64",
            "split-archive",
            "unknown-compression",
            "ambiguous-end",
            "trailing-data",
            "bad-directory",
            "header-mismatch",
            "overlap",
            "hidden-data",
            "size-mismatch",
            "damaged",
            "special-file",
            "bad-mimetype",
            "bad-manifest",
        ),
        (_BROKEN, _PACK_AGAIN),
    ),
    "empty": (_("The file is empty."), _PACK_AGAIN),
    "no-content": (_("There is nothing in the package but the signature."), _PACK_AGAIN),
    "too-large": (_("The package is too large."), _MAKE_SMALLER),
    "too-many-entries": (_("There are too many files in the package."), _MAKE_SMALLER),
    "bomb": (_("The package unpacks to far more than it seems to hold."), _PACK_AGAIN),
    "encrypted": (_("The package is protected by a password, so the office cannot read it."), _NO_PASSWORD),
    **dict.fromkeys(("unsafe-name", "duplicate-name"), (_NAMES, _RENAME)),
    # XML
    **dict.fromkeys(
        ("doctype", "xml-malformed", "xml-encoding", "xml-too-complex", "xml-too-large"), (_XML, _PACK_AGAIN)
    ),
    # the signature
    "no-signature": (_("The package carries no signature."), _("Sign the package. Help shows how.")),
    "hash-mismatch": (_("A file was changed after the package had been signed."), _SIGN_AGAIN),
    "signature-mismatch": (_("The signature does not fit the content of the package."), _SIGN_AGAIN),
    "member-unsigned": (_("The signature does not cover every file in the package."), _SIGN_AGAIN),
    "member-missing": (_("A file that was signed is missing from the package."), _PACK_AGAIN),
    **dict.fromkeys(
        (
            "format-failure",
            "duplicate-id",
            "too-many-references",
            "signer-certificate-missing",
            "transform-refused",
            "misplaced-content",
        ),
        (_SIGNATURE_UNREADABLE, _NEWER_PROGRAM),
    ),
    "weak-algorithm": (_("The signature uses a method that is no longer safe."), _NEWER_PROGRAM),
    # the certificate
    "revoked": (_("The certificate of the signature was revoked."), _OTHER_CERTIFICATE),
    "issuer-revoked": (_("The issuer of the certificate is no longer trusted."), _OTHER_CERTIFICATE),
    "suspended": (_("The certificate of the signature is suspended."), _OTHER_CERTIFICATE),
    "certificate-expired": (_("The certificate of the signature has expired."), _OTHER_CERTIFICATE),
    "certificate-not-yet-valid": (_("The certificate of the signature is not valid yet."), _OTHER_CERTIFICATE),
    "wrong-key-usage": (_("The certificate is not meant for signatures."), _OTHER_CERTIFICATE),
    **dict.fromkeys(
        ("chain-unknown", "chain-constraints"), (_("We do not know the issuer of the certificate."), _OTHER_CERTIFICATE)
    ),
    "revocation-unknown": (_("We could not check whether the certificate was revoked."), _CALL),
}
"""Every code that can make a package invalid or unreadable; a code that is not here gets `_UNKNOWN`."""

_UNKNOWN = (_BROKEN, _CALL)


def reasons(codes: Iterable[str]) -> list[Reason]:
    """Return what `codes` mean, each sentence once, with all the codes that it stands for."""
    told: dict[tuple[str, str], list[str]] = {}
    for code in codes:
        what, todo = REASONS.get(code, _UNKNOWN)
        told.setdefault((str(what), str(todo)), []).append(code)
    return [Reason(", ".join(found), what, todo) for (what, todo), found in told.items()]


def refusal_words(codes: Iterable[str]) -> str:
    """Return what `codes` mean and what helps, as sentences in one line; nothing where there are no codes."""
    return " ".join(f"{reason.what} {reason.todo}" for reason in reasons(codes))
