"""How codes of packages, cases and letters sound to a citizen: what happened and what to do, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a package is refused: `what` happened and what `todo`, with the `code` for somebody who helps."""

    code: str
    what: LazyString
    todo: LazyString


SIGN_AGAIN = _("Sign the package again and do not change anything in it afterwards.")
PACK_AGAIN = _("Make a new package from the same files, then sign it.")
OTHER_CERTIFICATE = _("Sign with a certificate that is valid now. If yours has expired or was revoked, get a new one.")
MAKE_SMALLER = _("Reduce the scans (150 dpi, grey, is enough), take out what is not needed, and pack again.")
NO_PASSWORD = _("Make the package without a password, then sign it.")
RENAME = _("Give the files simple, different names (letters, digits, hyphens), pack again and sign.")
UNPACK_INSIDE = _("Put the files themselves into the package, not another archive.")
CALL = _("Call us: a person will look at the package with you.")

_CHANGED = _("A file was changed after the package had been signed.")
_BROKEN = _("The file is damaged, or it is not a package of a kind that we accept.")
_SIGNATURE_BROKEN = _("The signature does not fit the content of the package.")
_LARGE = _("The package is too large.")
_NAMES = _("Names of files in the package are not allowed or occur twice.")

REASONS: dict[str, tuple[LazyString, LazyString]] = {
    "hash-mismatch": (_CHANGED, SIGN_AGAIN),
    "signature-mismatch": (_SIGNATURE_BROKEN, SIGN_AGAIN),
    "no-signature": (_("The package carries no signature."), _("Sign the package. Help shows how.")),
    "member-unsigned": (_("The signature does not cover every file in the package."), SIGN_AGAIN),
    "member-missing": (_("A file that was signed is missing from the package."), PACK_AGAIN),
    "revoked": (_("The certificate of the signature was revoked."), OTHER_CERTIFICATE),
    "certificate-expired": (_("The certificate of the signature has expired."), OTHER_CERTIFICATE),
    "certificate-not-yet-valid": (_("The certificate of the signature is not valid yet."), OTHER_CERTIFICATE),
    "certificate-mismatch": (_("The signature names another certificate than the one it was made with."), SIGN_AGAIN),
    "chain-unknown": (_("We do not know the issuer of the certificate."), OTHER_CERTIFICATE),
    "revocation-unknown": (_("We could not check whether the certificate was revoked."), CALL),
    "weak-algorithm": (_("The signature uses a method that is no longer safe."), OTHER_CERTIFICATE),
    "not-a-zip": (_BROKEN, PACK_AGAIN),
    "encrypted": (_("The package is protected by a password, so the office cannot read it."), NO_PASSWORD),
    "too-large": (_LARGE, MAKE_SMALLER),
    "too-many-entries": (_("There are too many files in the package."), MAKE_SMALLER),
    "bomb": (_("The package unpacks to far more than it seems to hold."), PACK_AGAIN),
    "unsafe-name": (_NAMES, RENAME),
    "duplicate-name": (_NAMES, RENAME),
    "nested-archive": (_("There is another archive inside the package."), UNPACK_INSIDE),
    "forbidden-type": (_("There is a file of a kind that we do not accept."), _("Save the file as PDF, then pack again and sign.")),
    "doctype": (_("The form or the signature holds instructions that we do not run."), PACK_AGAIN),
}
_UNKNOWN = (_BROKEN, CALL)


def reasons(codes: Iterable[str]) -> list[Reason]:
    """Return what `codes` mean, the same sentence once; a code without words of its own gets general ones."""
    found: dict[str, Reason] = {}
    for code in codes:
        what, todo = REASONS.get(code, _UNKNOWN)
        key = str(what)
        if key in found:
            code = f"{found[key].code}, {code}"  # noqa: PLW2901  one sentence, all its codes
        found[key] = Reason(code, what, todo)
    return list(found.values())
