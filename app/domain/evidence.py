"""How events are chained and sealed: canonical text, digests, the root of a Merkle tree. Plain Python.

Canonical JSON: keys sorted, no blanks, Unicode in NFC, no floating numbers. Tree: RFC 6962, section 2.1.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

FIRST = "0" * 64
"""What stands for the event before the first one."""


@dataclass(frozen=True, slots=True)
class Event:
    """What the digest of an audit event covers."""

    chain: str
    seq: int
    at: dt.datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    address: str | None
    request_id: str | None
    action: str
    details: Mapping[str, Any]
    previous: str

    def digest(self) -> str:
        """Return the SHA-256 in hex of the canonical text of this event."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return hashlib.sha256(canonical({**values, "at": _utc(self.at), "v": 1})).hexdigest()


@dataclass(frozen=True, slots=True)
class SealedRange:
    """What the office signs: the events `first`…`last` in the order of their numbers, under one root."""

    first: int
    last: int
    events: int
    root: str
    previous_root: str
    at: dt.datetime

    def to_sign(self) -> bytes:
        """Return the bytes that are signed."""
        return b"okienko audit seal 1\n" + canonical({**asdict(self), "at": _utc(self.at)})


def canonical(value: Any) -> bytes:
    """Return the one text of `value` (objects, lists, strings, whole numbers, booleans, null), in UTF-8.

    Raises TypeError for anything else: what has two texts has two digests.
    """
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def plain(value: Any) -> Any:
    """Return `value` as it reads back from JSON, its text in NFC. Raises TypeError for what JSON cannot carry."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("names of details are text")
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"details hold no {type(value).__name__}")


def merkle_root(digests: Iterable[str]) -> str:
    """Return the root over `digests` (hex), in their order, holding only as many nodes as the tree is high."""
    peaks: list[tuple[int, bytes]] = []
    for digest in digests:
        node, height = hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest(), 0
        while peaks and peaks[-1][0] == height:
            node, height = _joined(peaks.pop()[1], node), height + 1
        peaks.append((height, node))
    if not peaks:
        return hashlib.sha256(b"").hexdigest()
    root = peaks.pop()[1]
    while peaks:
        root = _joined(peaks.pop()[1], root)
    return root.hex()


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _utc(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
