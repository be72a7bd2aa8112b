"""How files are kept in a local folder, so that neither a crash nor a full disk loses what was acknowledged.

root/incoming/    streams on their way in
root/ab/abcd…     kept files, by the first two digits of their SHA-256
root/quarantine/  bytes without a row, and damaged ones, moved aside
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import io
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.storage.contract import CHUNK, Entry, checked_name, digest_of, is_name
from app.storage.failures import Damaged, Missing, StoreFailed, StoreFull, TooLarge, disk_troubles
from app.storage.incoming import Incoming, Kept, temporary

log = logging.getLogger(__name__)


class FolderStore:
    """A store in one folder of one local volume. Several processes may share it."""

    __slots__ = ("_aside", "_incoming", "_reserve", "root")

    def __init__(self, root: Path, *, reserve: int = 0) -> None:
        """Keep files under `root`; refuse new ones when fewer than `reserve` bytes would stay free."""
        self.root = root
        self._incoming = root / "incoming"
        self._aside = root / "quarantine"
        self._reserve = reserve

    @contextmanager
    def incoming(self, limit: int) -> Iterator[Incoming]:
        """See Store."""

        def admit(before: int, after: int) -> None:
            if after > limit:
                raise TooLarge("too-large", limit=limit)
            if before == 0 or before // CHUNK != after // CHUNK:
                self._admit(after - before)

        with disk_troubles():
            _make(self._incoming)
        self._admit(0)
        path = self._incoming / secrets.token_hex(16)
        with temporary(path) as file:
            yield Incoming(path, file, admit=admit, keep=self._keep)

    def put_bytes(self, data: bytes) -> Kept:
        """See Store."""
        with self.incoming(len(data)) as stream:
            stream.write(data)
            return stream.keep()

    def exists(self, sha256: str) -> bool:
        """See Store."""
        return self._path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """See Store."""
        with disk_troubles():
            return self._path(sha256).stat().st_size

    def verify(self, sha256: str) -> bool:
        """See Store."""
        with disk_troubles():
            return _is_whole(self._path(sha256))

    def read(self, sha256: str) -> bytes:
        """See Store."""
        with self.open(sha256) as stream, disk_troubles():
            return stream.read()

    def open(self, sha256: str) -> BinaryIO:
        """See Store."""
        with disk_troubles():
            stream = self._path(sha256).open("rb")
            with contextlib.ExitStack() as on_failure:
                on_failure.enter_context(stream)
                whole = digest_of(stream) == sha256
                stream.seek(0)
                if whole:
                    on_failure.pop_all()
                    return stream
        raise Damaged(sha256)

    @contextmanager
    def as_file(self, sha256: str, *, check: bool = True) -> Iterator[Path]:
        """See Store."""
        path = self._path(sha256)
        if check:
            self.open(sha256).close()
        elif not path.is_file():
            raise Missing(sha256)
        yield path

    def names(self) -> Iterator[str]:
        """See Store."""
        for entry in self._files():
            yield entry.name

    def entries(self) -> Iterator[Entry]:
        """See Store."""
        for entry in self._files():
            with contextlib.suppress(FileNotFoundError):
                stat = entry.stat()
                yield Entry(entry.name, stat.st_size, _moment(stat.st_mtime))

    def quarantine(self, sha256: str, *, unless_changed_since: dt.datetime | None = None) -> bool:
        """See Store."""
        path = self._path(sha256)
        with disk_troubles():
            if not path.exists():
                return False
            _make(self._aside)
            with _held(path.parent):
                if not path.exists():
                    return False
                if unless_changed_since and _moment(path.stat().st_mtime) >= unless_changed_since:
                    return False
                path.replace(self._aside / sha256)
                _sync_folder(self._aside)
                _sync_folder(path.parent)
                return True

    def quarantined(self) -> Iterator[str]:
        """See Store."""
        if self._aside.is_dir():
            yield from sorted(path.name for path in self._aside.iterdir() if is_name(path.name))

    def restore(self, sha256: str) -> bool:
        """See Store."""
        path, aside = self._path(sha256), self._aside / sha256
        with disk_troubles():
            if not aside.exists() or not _is_whole(aside):
                return False
            _make(path.parent)
            with _held(path.parent):
                if not path.exists():
                    os.utime(aside)
                    aside.replace(path)
                    _sync_folder(path.parent)
                    _sync_folder(self._aside)
            return True

    def sweep_incoming(self, older_than: dt.datetime) -> int:
        """See Store."""
        swept = 0
        if not self._incoming.is_dir():
            return 0
        with disk_troubles():
            for path in self._incoming.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    if _moment(path.stat().st_mtime) < older_than:
                        path.unlink()
                        swept += 1
        return swept

    def free_bytes(self) -> int | None:
        """See Store."""
        return max(0, self._free() - self._reserve)

    def probe(self) -> None:
        """See Store."""
        with disk_troubles():
            _make(self._incoming)
            if not os.access(self._incoming, os.W_OK | os.X_OK):
                raise StoreFailed(f"{self._incoming} cannot be written")
        self._admit(0)

    def _path(self, sha256: str) -> Path:
        return self.root / checked_name(sha256)[:2] / sha256

    def _files(self) -> Iterator[os.DirEntry[str]]:
        if not self.root.is_dir():
            return
        for shard in sorted(self.root.iterdir()):
            if len(shard.name) == 2:
                with os.scandir(shard) as entries:
                    yield from (entry for entry in entries if is_name(entry.name))

    def _free(self) -> int:
        existing = next(folder for folder in (self.root, *self.root.parents) if folder.is_dir())
        with disk_troubles():
            volume = os.statvfs(existing)
        return volume.f_bavail * volume.f_frsize

    def _admit(self, more: int) -> None:
        """Refuse before the disk is full: the database and the letters need room too."""
        if self._reserve and self._free() - more < self._reserve:
            raise StoreFull("the reserve of the disk is reached")

    def _keep(self, stream: Incoming, file: io.BufferedWriter[io.FileIO]) -> Kept:
        """File first, then its name: after a crash a name always stands for whole bytes."""
        sha256, target = stream.sha256, self._path(stream.sha256)
        with disk_troubles():
            file.flush()
            # A failed fsync may have dropped the pages, and a second one could then succeed over lost bytes:
            # the file is abandoned.
            os.fsync(file.fileno())
            _make(target.parent)
            with _held(target.parent):
                new = not self._have(target, stream.size)
                if new:
                    stream.path.rename(target)
                else:
                    os.utime(target)
                try:
                    # Also for bytes kept before: whoever kept them may have died before this line.
                    _sync_folder(target.parent)
                except OSError:
                    if new:
                        target.unlink(missing_ok=True)
                    raise
        return Kept(sha256, stream.size, new)

    def _have(self, target: Path, size: int) -> bool:
        """Tell whether whole bytes stand at `target`; damaged ones are moved aside to make room for good ones."""
        if not target.exists():
            return False
        if target.stat().st_size == size and _is_whole(target):
            return True
        _make(self._aside)
        target.rename(self._aside / f"{target.name}.damaged-{secrets.token_hex(4)}")
        log.error("stored file %s was damaged; fresh bytes take its place", target.name)
        return False


def _moment(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return digest_of(stream) == path.name
    except FileNotFoundError:
        return False


def _make(folder: Path) -> None:
    """Make `folder` and make its name durable."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other processes from keeping or moving files of `folder` meanwhile."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
