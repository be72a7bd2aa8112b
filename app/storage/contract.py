"""What every store of files promises, and how it fails.

Files are named by the SHA-256 of their bytes. A file that was kept stays and
never changes; the same bytes are kept once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.storage.incoming import Incoming, Kept

CHUNK = 2**20
_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept file in a listing. `changed_at` is when it was kept, or last kept again."""

    sha256: str
    size: int
    changed_at: dt.datetime


class Store(Protocol):
    """Where the office keeps files. Every method may raise StoreFailed; names are SHA-256 in hex."""

    def incoming(self, limit: int) -> AbstractContextManager[Incoming]:
        """Take in a stream of at most `limit` bytes: `write` the chunks, then `keep`; without `keep` nothing stays.

        Raises TooLarge at the first byte too many, StoreFull where the reserve of the disk would be eaten.
        """
        ...

    def put_bytes(self, data: bytes) -> Kept:
        """Keep `data`, as durable as a stream."""
        ...

    def exists(self, sha256: str) -> bool:
        """Tell whether a file of this name is kept; its bytes are not looked at."""
        ...

    def size(self, sha256: str) -> int:
        """Return the size in bytes. Raises Missing."""
        ...

    def verify(self, sha256: str) -> bool:
        """Tell whether the file is there and its bytes still have its name."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the bytes, checked. Raises Missing and Damaged."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Return the bytes as a stream, checked as a whole before the first is given. Raises Missing and Damaged."""
        ...

    def as_file(self, sha256: str, *, check: bool = True) -> AbstractContextManager[Path]:
        """Give the bytes as a local file, to be read only, while the block runs. Raises Missing and Damaged.

        `check=False` is for callers that find out themselves whether these are the right bytes.
        """
        ...

    def names(self) -> Iterator[str]:
        """Yield the names of all kept files, in no order. Names that are no SHA-256 are passed over."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Yield all kept files with size and age, in no order."""
        ...

    def quarantine(self, sha256: str, *, unless_changed_since: dt.datetime | None = None) -> bool:
        """Move the bytes aside, out of `names`. Returns False if the file is gone or changed since that moment."""
        ...

    def quarantined(self) -> Iterator[str]:
        """Yield the names of what lies aside and could be restored."""
        ...

    def restore(self, sha256: str) -> bool:
        """Bring whole bytes back from aside. Returns False if there are none, or they are damaged."""
        ...

    def sweep_incoming(self, older_than: dt.datetime) -> int:
        """Remove what interrupted streams left before that moment; returns how many."""
        ...

    def free_bytes(self) -> int | None:
        """Return the room that is left beyond the reserve, or None where nobody can tell."""
        ...

    def probe(self) -> None:
        """Raise StoreFailed if a file could not be kept now. Cheap enough for a health check."""
        ...


def checked_name(sha256: str) -> str:
    """Return `sha256` if it is one: no other text ever becomes part of a path. Raises ValueError."""
    if not _NAME.fullmatch(sha256):
        raise ValueError("a file is named by its SHA-256 in lower-case hex")
    return sha256


def is_name(text: str) -> bool:
    """Tell whether `text` can be the name of a kept file."""
    return _NAME.fullmatch(text) is not None


def digest_of(stream: io.BufferedReader) -> str:
    """Return the SHA-256 in hex of what is left in `stream`."""
    return hashlib.file_digest(stream, "sha256").hexdigest()
