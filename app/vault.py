"""How personal data and private keys are kept unreadable in the database and on disk.

One ring of data keys, read from the setting `DATA_KEYS`: `id:base64(32 bytes)` entries separated by commas. The first
key encrypts, every key decrypts, so a key is replaced by putting a new one in front, re-encrypting at leisure and
removing the old one at the end. From each data key two keys are derived (HKDF): one encrypts (AES-256-GCM), one makes
the digests by which an encrypted PESEL is still found exactly.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_NONCE = 12
_TAG = 16
_MAGIC = b"OKV1"


class BadKeys(ValueError):
    """`DATA_KEYS` is not a list of `id:base64(32 bytes)` with different ids."""


class CannotOpen(Exception):
    """A sealed value cannot be read: it was changed, belongs to another context, or its key is not in the ring."""


class UnknownKey(CannotOpen):
    """The key that sealed this value is not in the ring (removed too early, or another installation's data)."""


@dataclass(frozen=True, slots=True)
class _DataKey:
    """One entry of the ring with the two keys derived from it."""

    id: str
    cipher: AESGCM = field(repr=False)
    digest_key: bytes = field(repr=False)


class KeyRing:
    """The data keys of one installation, the current one first."""

    __slots__ = ("_by_id", "_keys")

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        """Take `keys` as (id, 32 bytes), the encrypting one first. Raises BadKeys."""
        if not keys:
            raise BadKeys("no data key")
        for key_id, secret in keys:
            if not _KEY_ID.fullmatch(key_id):
                raise BadKeys("a key id has 1 to 32 letters, digits, '-' or '_'")
            if len(secret) != 32:
                raise BadKeys(f"data key {key_id!r} is not 32 bytes long")
        self._keys = tuple(_DataKey(i, AESGCM(_derive(s, b"encrypt")), _derive(s, b"digest")) for i, s in keys)
        self._by_id = {key.id: key for key in self._keys}
        if len(self._by_id) != len(self._keys):
            raise BadKeys("two data keys have the same id")

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._by_id)})"

    @classmethod
    def from_text(cls, text: str) -> KeyRing:
        """Read the setting `DATA_KEYS`. Raises BadKeys; its message never holds key material."""
        keys = []
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, colon, encoded = entry.partition(":")
            if not colon:
                raise BadKeys("a data key is written id:base64")
            try:
                keys.append((key_id, base64.b64decode(encoded, validate=True)))
            except (binascii.Error, ValueError):
                raise BadKeys(f"data key {key_id[:32]!r} is not base64") from None
        return cls(keys)

    def seal(self, text: str, *, context: str = "") -> str:
        """Return `text` as a token `id.base64url`, readable only with this ring and the same `context`.

        `context` names the place of the value (for example a column), so that a token moved elsewhere does not open.
        """
        key = self._keys[0]
        return f"{key.id}.{base64.urlsafe_b64encode(_encrypt(key, text.encode(), context)).decode()}"

    def open(self, token: str, *, context: str = "") -> str:
        """Return the text of a token made by `seal`. Raises CannotOpen."""
        key_id, dot, encoded = token.partition(".")
        if not dot:
            raise CannotOpen("not a sealed value")
        try:
            blob = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise CannotOpen("not a sealed value") from None
        return _decrypt(self._key(key_id), blob, context).decode()

    def digest(self, text: str) -> str:
        """Return the keyed digest (HMAC-SHA-256, hex) under which `text` is stored for exact search.

        Without the key nobody can try all 10^11 PESELs against it. The caller folds the text first.
        """
        return _digest(self._keys[0], text)

    def digests(self, text: str) -> tuple[str, ...]:
        """Return the digest of `text` under every key: what was noted for good under an earlier one is still known."""
        return tuple(_digest(key, text) for key in self._keys)

    def is_current(self, token: str) -> bool:
        """Return whether `token` was sealed with the first key."""
        return token.partition(".")[0] == self._keys[0].id

    def _key(self, key_id: str) -> _DataKey:
        try:
            return self._by_id[key_id]
        except KeyError:
            raise UnknownKey(f"no data key {key_id[:32]!r} in the ring") from None


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"okienko vault 1 " + purpose).derive(secret)


def _digest(key: _DataKey, text: str) -> str:
    return hmac.digest(key.digest_key, text.encode(), "sha256").hex()


def _bound(key: _DataKey, context: str) -> bytes:
    """Return the associated data: a value opens only under its own key id and in its own place."""
    return b"\0".join((_MAGIC, key.id.encode(), context.encode()))


def _encrypt(key: _DataKey, data: bytes, context: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.cipher.encrypt(nonce, data, _bound(key, context))


def _decrypt(key: _DataKey, blob: bytes, context: str) -> bytes:
    if len(blob) < _NONCE + _TAG:
        raise CannotOpen("a sealed value is cut short")
    try:
        return key.cipher.decrypt(blob[:_NONCE], blob[_NONCE:], _bound(key, context))
    except InvalidTag:
        raise CannotOpen("a sealed value was changed or stands in another place") from None
