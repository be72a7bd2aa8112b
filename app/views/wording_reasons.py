"""Which words stand, for staff, for a code of a judged package? Citizens read the sentences of `wording_packages`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

REASONS: Mapping[str, LazyString] = {
    # the file cannot be read
    "not-a-zip": _("neither a ZIP archive nor XML"),
    "empty": _("an empty archive"),
    "too-large": _("larger than the office takes"),
    "too-many-entries": _("too many files"),
    "bomb": _("unpacks to far more than it is"),
    "encrypted": _("protected by a password"),
    "zip64": _("a Zip64 archive"),
    "split-archive": _("one part of a split archive"),
    "unknown-compression": _("an unknown compression"),
    "ambiguous-end": _("several ends of the archive"),
    "trailing-data": _("bytes after the end"),
    "bad-directory": _("a damaged table of contents"),
    "header-mismatch": _("table of contents and files disagree"),
    "overlap": _("files that overlap"),
    "hidden-data": _("bytes that belong to no file"),
    "size-mismatch": _("a file of another size than stated"),
    "damaged": _("a damaged file"),
    "special-file": _("a link, a device or a folder with content"),
    "unsafe-name": _("a file name that is not allowed"),
    "duplicate-name": _("a file name that occurs twice"),
    "bad-mimetype": _("a bad mimetype member"),
    "xml-malformed": _("XML that is not well-formed"),
    # who signed what
    "no-signature": _("no signature"),
    "no-content": _("no document"),
    "member-unsigned": _("a file that is not signed"),
    "member-missing": _("a signed file that is missing"),
    "hash-mismatch": _("a file that was changed after signing"),
    "bad-manifest": _("a signature and a list of files that do not belong together"),
    "signature-mismatch": _("a signature that does not fit its certificate or what it says"),
    "signer-certificate-missing": _("a signature without its certificate"),
    "weak-algorithm": _("an algorithm or a key that is no longer safe"),
    "transform-refused": _("a transformation that the office does not carry out"),
    "misplaced-content": _("signed content where nobody would look for it"),
    "duplicate-id": _("an identifier that occurs twice"),
    "too-many-references": _("a signature that covers too many things"),
    "format-failure": _("a signature that breaks its standard"),
    "doctype": _("XML with a document type or entities"),
    "xml-too-large": _("XML that is too large"),
    "revoked": _("a revoked certificate"),
    "issuer-revoked": _("a revoked issuer"),
    "certificate-not-yet-valid": _("a certificate that was not valid yet"),
    "wrong-key-usage": _("a certificate that is not meant for signing"),
    # what a clerk settles
    "chain-unknown": _("an issuer that the office does not know"),
    "chain-constraints": _("a limit set by an issuer"),
    "certificate-expired": _("an expired certificate"),
    "suspended": _("a suspended certificate"),
    "revocation-unknown": _("whether the certificate was revoked"),
    # warnings about the container and the form
    "mimetype-missing": _("no mimetype member"),
    "mimetype-not-first": _("the mimetype member is not the first"),
    "mimetype-compressed": _("the mimetype member is compressed"),
    "mimetype-extra": _("the mimetype member has extra fields"),
    "mimetype-value": _("the mimetype member says something else"),
    "meta-inf-unknown": _("an unknown file in META-INF"),
    "form-missing": _("no form document"),
    "form-foreign": _("a form of somebody else's"),
    "form-version": _("a form of an unknown version"),
    "form-invalid": _("a form that breaks its schema"),
}


def reason_words(codes: Iterable[str]) -> str:
    """Return what `codes` mean, in one line; a code without words stands as it is, so that nothing is hidden."""
    return ", ".join(str(REASONS.get(code, code)) for code in codes)
