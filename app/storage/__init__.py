"""Files by SHA-256: a folder or an object store behind one Protocol."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from app.storage.contract import Entry, Store
from app.storage.failures import Damaged, Missing, StoreError, StoreFailed, StoreFull, TooLarge
from app.storage.incoming import Incoming, Kept

__all__ = [
    "Damaged",
    "Entry",
    "Incoming",
    "Kept",
    "Missing",
    "Store",
    "StoreError",
    "StoreFailed",
    "StoreFull",
    "TooLarge",
    "open_store",
]


def open_store(url: str, *, reserve: int = 0) -> Store:
    """Return the store that `url` names: a folder, `file://…`, or `s3://bucket/prefix`.

    `reserve` is how many bytes of the volume must stay free. Raises ValueError for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        # The client of the object store is loaded only where one is used.
        from app.storage.bucket import BucketStore  # noqa: PLC0415

        return BucketStore(parts.netloc, parts.path)
    from app.storage.folder import FolderStore  # noqa: PLC0415

    if parts.scheme == "file":
        return FolderStore(Path(parts.path), reserve=reserve)
    if parts.scheme:
        raise ValueError(f"STORE_URL must be a folder, file://… or s3://…, not {parts.scheme}://")
    return FolderStore(Path(url), reserve=reserve)
