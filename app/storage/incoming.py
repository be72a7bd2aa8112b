"""How bytes come in: to a temporary file, counted and hashed on the way, kept only if asked for."""

from __future__ import annotations

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.storage.failures import disk_troubles

BUFFER = 2**20


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: its name and its size in bytes. `new` is False where the same bytes had been kept before."""

    sha256: str
    size: int
    new: bool = True


class Incoming:
    """A stream on its way in. Made by `Store.incoming`, which also cleans up after it."""

    __slots__ = ("_admit", "_digest", "_file", "_keep", "_kept", "path", "size")

    def __init__(
        self,
        path: Path,
        file: io.BufferedWriter[io.FileIO],
        *,
        admit: Callable[[int, int], None],
        keep: Callable[[Incoming, io.BufferedWriter[io.FileIO]], Kept],
    ) -> None:
        """`admit(before, after)` refuses a size; `keep` makes the file durable under its name."""
        self.path = path
        self.size = 0
        self._file = file
        self._digest = hashlib.sha256()
        self._admit = admit
        self._keep = keep
        self._kept: Kept | None = None

    def write(self, chunk: bytes) -> None:
        """Take one more chunk. Raises TooLarge, StoreFull and StoreFailed."""
        if self._kept is not None:
            raise ValueError("what is kept does not grow")
        self._admit(self.size, self.size + len(chunk))
        with disk_troubles():
            self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)

    @property
    def sha256(self) -> str:
        """The digest of what came so far, in hex."""
        return self._digest.hexdigest()

    def flush(self) -> Path:
        """Make what came so far readable at `path`, for a look before keeping; returns that path."""
        with disk_troubles():
            self._file.flush()
        return self.path

    def keep(self) -> Kept:
        """Make the bytes durable under their SHA-256. Only after this may anything be acknowledged.

        Raises StoreFull and StoreFailed; then nothing was kept, and the sender must send again.
        """
        if self._kept is None:
            self._kept = self._keep(self, self._file)
        return self._kept


@contextmanager
def temporary(path: Path) -> Iterator[io.BufferedWriter[io.FileIO]]:
    """Give the new file `path`, buffered since chunks from the net are small; at the end nothing has that name."""
    with disk_troubles():
        file = io.BufferedWriter(io.FileIO(path, "x"), BUFFER)
    try:
        yield file
    finally:
        # Close without writing what is still buffered: a full disk must not be written to again.
        with contextlib.suppress(OSError):
            file.raw.close()
        with disk_troubles():
            path.unlink(missing_ok=True)
