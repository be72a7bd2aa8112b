"""Why can this package, member, form or attachment not be used as it came? The list of answers.

Every code is a stable name that others store, count and translate; `docs/reason-codes.md` gives each a sentence.
Codes about signatures and certificates belong to `app.pki`.
"""

from __future__ import annotations

import enum

from app.domain.errors import BadInput


class Reason(enum.StrEnum):
    """Codes that this package gives out, by what they speak of."""

    # the file as a container
    NOT_A_ZIP = "not-a-zip"
    EMPTY = "empty"
    TOO_LARGE = "too-large"
    TOO_MANY_ENTRIES = "too-many-entries"
    BOMB = "bomb"
    ENCRYPTED = "encrypted"
    ZIP64 = "zip64"
    SPLIT_ARCHIVE = "split-archive"
    UNKNOWN_COMPRESSION = "unknown-compression"
    AMBIGUOUS_END = "ambiguous-end"
    TRAILING_DATA = "trailing-data"
    BAD_DIRECTORY = "bad-directory"
    HEADER_MISMATCH = "header-mismatch"
    OVERLAP = "overlap"
    HIDDEN_DATA = "hidden-data"
    SIZE_MISMATCH = "size-mismatch"
    DAMAGED = "damaged"
    SPECIAL_FILE = "special-file"
    UNSAFE_NAME = "unsafe-name"
    DUPLICATE_NAME = "duplicate-name"
    BAD_MIMETYPE = "bad-mimetype"
    FORMAT_FAILURE = "format-failure"

    # what is signed
    NO_SIGNATURE = "no-signature"
    NO_CONTENT = "no-content"
    MEMBER_UNSIGNED = "member-unsigned"
    MEMBER_MISSING = "member-missing"
    BAD_MANIFEST = "bad-manifest"

    # XML
    DOCTYPE = "doctype"
    XML_MALFORMED = "xml-malformed"
    XML_TOO_LARGE = "xml-too-large"

    # the form document
    FORM_MISSING = "form-missing"
    FORM_FOREIGN = "form-foreign"
    FORM_VERSION = "form-version"
    FORM_INVALID = "form-invalid"

    # warnings about a package that can be read
    MIMETYPE_MISSING = "mimetype-missing"
    MIMETYPE_NOT_FIRST = "mimetype-not-first"
    MIMETYPE_COMPRESSED = "mimetype-compressed"
    MIMETYPE_EXTRA = "mimetype-extra"
    MIMETYPE_VALUE = "mimetype-value"
    META_INF_UNKNOWN = "meta-inf-unknown"
    ATTACHMENT_KIND = "attachment-kind"
    ATTACHMENT_EXTENSION = "attachment-extension"
    ATTACHMENT_ABSENT = "attachment-absent"
    ATTACHMENT_DIFFERS = "attachment-differs"
    ATTACHMENT_UNLISTED = "attachment-unlisted"
    ATTACHMENT_TWICE = "attachment-twice"

    # what an examination of an attachment found
    PDF_JAVASCRIPT = "pdf-javascript"
    PDF_LAUNCH = "pdf-launch"
    PDF_EMBEDDED_FILE = "pdf-embedded-file"
    PDF_ENCRYPTED = "pdf-encrypted"
    PDF_FORM_XFA = "pdf-form-xfa"
    PDF_AUTOMATIC_ACTION = "pdf-automatic-action"
    PDF_TOO_MANY_OBJECTS = "pdf-too-many-objects"
    IMAGE_TOO_LARGE = "image-too-large"
    VIRUS = "virus"

    # why there is no preview
    PREVIEW_KIND = "preview-kind"
    PREVIEW_NO_SUCH_PAGE = "preview-no-such-page"
    PREVIEW_DAMAGED = "preview-damaged"
    PREVIEW_TIME = "preview-time"
    PREVIEW_MEMORY = "preview-memory"
    PREVIEW_FAILED = "preview-failed"


class Unreadable(BadInput):
    """The bytes cannot be read safely. `detail` is for the technical report, in English, without personal data."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the stable `code` and the `detail`."""
        super().__init__(str(code), detail=detail)
        self.detail = detail


class FormUnreadable(Unreadable):
    """There is no form that we understand; the package itself may be perfectly good."""
