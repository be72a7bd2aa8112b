"""What is in this e-package, byte for byte?

One pass: each member is unpacked once, checked and hashed on the way, in chunks of 64 KiB; what later asks for its
SHA-256 gets the one found here. The file stays mapped, not loaded.
"""

from __future__ import annotations

import hashlib
import mmap
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import DEFAULT_LIMITS, Limits
from app.epackages.media import HEAD, kind_of
from app.epackages.zip_reader import CHUNK, STORED, Entry, read_entries, unpack

READERS = 2
"""How many members are unpacked and hashed at the same time: neither holds up other threads meanwhile."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a package. `size` in bytes, `sha256` in hex, `media` by content and name, `flags` why not."""

    name: str
    size: int
    sha256: str
    media: str
    flags: tuple[str, ...] = ()


@dataclass(slots=True)
class _Allowance:
    """How many more bytes may be unpacked from this container: no question about it costs more than a few passes."""

    left: int

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise Unreadable(Reason.BOMB, "asked to unpack the same bytes too often")


@dataclass(frozen=True, slots=True)
class Container:
    """An opened archive; close it, or use it in a `with` statement.

    `members` are its files (not its folders) in the order of their bytes.
    """

    members: tuple[Member, ...]
    limits: Limits
    size: int
    _data: mmap.mmap = field(repr=False)
    _entries: dict[str, Entry] = field(repr=False)
    _allowance: _Allowance = field(repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._data.close()

    def sha256(self) -> str:
        """SHA-256 of the file itself, in hex."""
        return digest_of(self._data[at : at + CHUNK] for at in range(0, self.size, CHUNK))

    def member(self, name: str) -> Member | None:
        """The member with exactly this name."""
        return next((member for member in self.members if member.name == name), None)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, checked against its size and CRC, in chunks of at most 64 KiB.

        Raises:
            KeyError: there is no such member.
            Unreadable: `bomb` when this container was asked to unpack far more than it holds.
        """
        entry = self._entries[name]
        for chunk in unpack(self._data, entry):
            self._allowance.spend(len(chunk))
            yield chunk

    def read(self, name: str, at_most: int) -> bytes:
        """The bytes of a member of no more than `at_most` bytes.

        Raises:
            KeyError: there is no such member.
            Unreadable: `too-large`.
        """
        if self._entries[name].size > at_most:
            raise Unreadable(Reason.TOO_LARGE, f"{ascii(name)[:80]} is over {at_most} bytes")
        return b"".join(self.chunks(name))

    def is_stored(self, name: str) -> bool:
        """Whether the member lies in the archive uncompressed (EN 319 162-1 wants that of `mimetype`)."""
        return self._entries[name].method == STORED

    def has_extra(self, name: str) -> bool:
        """Whether the member's header carries extra fields (EN 319 162-1 forbids that for `mimetype`)."""
        return self._entries[name].has_extra


def open_container(path: Path, limits: Limits = DEFAULT_LIMITS, *, read: Iterable[Member] = ()) -> Container:
    """Read the archive at `path` whole: structure, then every member once.

    Args:
        path: the archive.
        limits: upper bounds of reading.
        read: its members as they were read from these same bytes before; they are not unpacked again.

    Raises:
        Unreadable: with the reason; the file is closed again.
        OSError: the file is not there or cannot be read.
    """
    with path.open("rb") as file:
        return read_container(file, limits, read=read)


def read_container(file: IO[bytes], limits: Limits = DEFAULT_LIMITS, *, read: Iterable[Member] = ()) -> Container:
    """The same for an open file, which may be closed afterwards."""
    known = {member.name: member for member in read}
    size = file.seek(0, 2)
    if size > limits.file_size:
        raise Unreadable(Reason.TOO_LARGE, f"{size} bytes")
    if size == 0:
        raise Unreadable(Reason.NOT_A_ZIP, "an empty file")
    data = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
    try:
        entries = read_entries(data, limits)
        unread = [entry for entry in entries if entry.name not in known]
        with ThreadPoolExecutor(READERS) as readers:
            for member in readers.map(lambda entry: _read_member(entry.name, unpack(data, entry)), unread):
                known[member.name] = member
    except BaseException:
        data.close()
        raise
    files = {entry.name: entry for entry in entries if not entry.is_folder}
    members = tuple(map(known.__getitem__, files))
    allowance = _Allowance(limits.passes * sum(member.size for member in members) + limits.ratio_from)
    return Container(members, limits, size, data, files, allowance)


def inner_container(chunks: Iterable[bytes], limits: Limits) -> Container:
    """Open an archive that is a member of another one, by way of a nameless file.

    Raises:
        Unreadable: as `open_container`.
    """
    with tempfile.TemporaryFile() as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        return read_container(file, limits)


def _read_member(name: str, chunks: Iterator[bytes]) -> Member:
    sha256 = hashlib.sha256()
    size = 0
    head = b""
    for chunk in chunks:
        if size < HEAD:
            head += chunk[: HEAD - size]
        size += len(chunk)
        sha256.update(chunk)
    verdict = kind_of(name, head)
    return Member(name, size, sha256.hexdigest(), verdict.media, tuple(map(str, verdict.flags)))


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 in hex."""
    sha256 = hashlib.sha256()
    for chunk in chunks:
        sha256.update(chunk)
    return sha256.hexdigest()


def file_chunks(path: Path) -> Callable[[], Iterator[bytes]]:
    """A source of the bytes of a plain file, from the beginning at each call."""

    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    return chunks


def file_member(path: Path, name: str, limits: Limits) -> Member:
    """A plain file as if it were a member.

    Raises:
        Unreadable: `too-large`.
    """
    if path.stat().st_size > limits.member_size:
        raise Unreadable(Reason.TOO_LARGE, f"{path.stat().st_size} bytes")
    return _read_member(name, file_chunks(path)())
