"""How a store fails, and what errors of the operating system mean to it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.errors import BadInput


class StoreError(Exception):
    """Something about the store, not about the request: the office's trouble, answered with "try later"."""


class StoreFailed(StoreError):
    """The bytes could not be kept or read: nothing may be acknowledged."""


class StoreFull(StoreFailed):
    """There is no room, or keeping the bytes would eat the reserve."""


class Missing(StoreError):
    """No file of this name is kept."""


class Damaged(StoreError):
    """The kept bytes no longer have the SHA-256 that names them. They are never served."""


class TooLarge(BadInput):
    """More bytes came than were allowed."""


# EFBIG: the limit on the size of a file, which for the sender is the same as no room.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def disk_troubles() -> Iterator[None]:
    """Turn errors of the operating system into the store's."""
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(str(error)) from error
    except OSError as error:
        raise (StoreFull if error.errno in _NO_ROOM else StoreFailed)(str(error)) from error
