"""Does this ZIP file mean the same to every program, and what are its entries?

Only archives that leave nothing to interpretation pass: the central directory and the local headers tell one story,
the entries touch each other without gap or overlap, one end record closes the file (APPNOTE 6.3.10, chapter 4).
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import Limits
from app.epackages.names import check_distinct, extra_fields, read_name

Buffer = bytes | mmap.mmap

LOCAL, CENTRAL, END, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
ZIP64_LOCATOR = b"PK\x06\x07"
LOCAL_HEADER = struct.Struct("<4sHHHHHIIIHH")
CENTRAL_HEADER = struct.Struct("<4sHHHHHHIIIHHHHHII")
END_RECORD = struct.Struct("<4sHHHHIIH")

STORED, DEFLATED = 0, 8
ENCRYPTION_FLAGS = 0x0001 | 0x0040 | 0x2000
DESCRIPTOR_FLAG = 0x0008
COMPARED_FLAGS = 0x0809  # encryption, descriptor, UTF-8: what changes the reading of an entry
ZIP64_EXTRA = 0x0001
FULL32, FULL16 = 0xFFFFFFFF, 0xFFFF
KIND_MASK, REGULAR, FOLDER = 0xF000, 0x8000, 0x4000  # file kinds of Unix modes, in the upper half of the attributes

CHUNK = 64 * 1024
FEED = 64 * 1024
"""Compressed bytes given to zlib at once: what it hands back as unconsumed is copied each time."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as both headers describe it; offsets and sizes in bytes."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int
    has_extra: bool

    @property
    def is_folder(self) -> bool:
        """Whether this is only a folder's name."""
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry as the central directory lists it."""

    name: str
    raw: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def read_entries(data: Buffer, limits: Limits) -> tuple[Entry, ...]:
    """Check the whole structure of the archive and return its entries in the order of their bytes.

    Nothing is unpacked here; `unpack` checks the bytes of each entry.

    Raises:
        Unreadable: with the reason; see `docs/reason-codes.md`.
    """
    if data[:4] == END:
        raise Unreadable(Reason.EMPTY, "an archive without entries")
    if data[:4] != LOCAL:
        raise Unreadable(Reason.NOT_A_ZIP, "does not begin with an entry")
    start, count = _read_end(data, limits)
    listed = sorted(_read_directory(data, *start, count, limits), key=lambda entry: entry.offset)
    check_distinct(entry.name for entry in listed)
    entries = []
    position = 0
    for entry in listed:
        if entry.offset < position:
            raise Unreadable(Reason.OVERLAP, f"entry at {entry.offset} begins before {position}")
        if entry.offset > position:
            raise Unreadable(Reason.HIDDEN_DATA, f"{entry.offset - position} bytes at {position} belong to no entry")
        read, position = _read_local(data, entry, start[0], limits)
        entries.append(read)
    if position != start[0]:
        raise Unreadable(Reason.HIDDEN_DATA, f"{start[0] - position} bytes before the directory belong to no entry")
    return tuple(entries)


def _read_end(data: Buffer, limits: Limits) -> tuple[tuple[int, int], int]:
    """Find the one end record; return ((directory start, directory end), number of entries)."""
    lowest = max(0, len(data) - END_RECORD.size - FULL16)
    found = [at for at in _positions(data, END, lowest) if at + END_RECORD.size <= len(data)]
    closing = [at for at in found if at + END_RECORD.size + struct.unpack_from("<H", data, at + 20)[0] == len(data)]
    if not found:
        raise Unreadable(Reason.NOT_A_ZIP, "no end record")
    if not closing:
        raise Unreadable(Reason.TRAILING_DATA, "bytes after the end record")
    end = closing[0]
    if len(closing) > 1 or any(mark in data[end + END_RECORD.size :] for mark in (END, CENTRAL, LOCAL)):
        raise Unreadable(Reason.AMBIGUOUS_END, "more than one end record")
    _, disk, first_disk, here, count, size, start, _ = END_RECORD.unpack_from(data, end)
    if count > limits.entries:  # before Zip64 is asked about: 65535 stands for all that do not fit
        raise Unreadable(Reason.TOO_MANY_ENTRIES, f"{count} entries or more")
    if data[max(0, end - 20) : end][:4] == ZIP64_LOCATOR or FULL32 in (size, start) or here == FULL16:
        raise Unreadable(Reason.ZIP64, "a Zip64 archive")
    if disk or first_disk or here != count:
        raise Unreadable(Reason.SPLIT_ARCHIVE, "more than one disk")
    if start + size != end:
        raise Unreadable(Reason.BAD_DIRECTORY, f"directory of {size} bytes at {start} does not end at {end}")
    return (start, end), count


def _positions(data: Buffer, mark: bytes, lowest: int) -> Iterator[int]:
    at = data.find(mark, lowest)
    while at != -1:
        yield at
        at = data.find(mark, at + 1)


def _read_directory(data: Buffer, start: int, end: int, count: int, limits: Limits) -> Iterator[_Listed]:
    at = start
    total = 0
    for _ in range(count):
        if at + CENTRAL_HEADER.size > end or data[at : at + 4] != CENTRAL:
            raise Unreadable(Reason.BAD_DIRECTORY, f"no directory entry at {at}")
        fields = CENTRAL_HEADER.unpack_from(data, at)
        name_length, extra_length, comment_length = fields[10:13]
        name_at = at + CENTRAL_HEADER.size
        extra_at = name_at + name_length
        at = extra_at + extra_length + comment_length
        entry = _listed(fields, data[name_at:extra_at], data[extra_at : extra_at + extra_length], limits)
        total += entry.size
        if total > limits.total_size:
            raise Unreadable(Reason.TOO_LARGE, f"more than {limits.total_size} bytes unpacked")
        yield entry
    if at != end:
        raise Unreadable(Reason.BAD_DIRECTORY, f"the last entry ends at {at}, the directory at {end}")


def _listed(fields: tuple[int, ...], raw: bytes, extra: bytes, limits: Limits) -> _Listed:
    flags, method = fields[3:5]
    crc, packed, size = fields[7:10]
    disk, _, attributes, offset = fields[13:17]
    if flags & ENCRYPTION_FLAGS:
        raise Unreadable(Reason.ENCRYPTED, ascii(raw)[:80])
    if method not in (STORED, DEFLATED):
        raise Unreadable(Reason.UNKNOWN_COMPRESSION, f"method {method}")
    if FULL32 in (packed, size, offset) or any(tag == ZIP64_EXTRA for tag, _ in extra_fields(extra)):
        raise Unreadable(Reason.ZIP64, "a Zip64 entry")
    if disk:
        raise Unreadable(Reason.SPLIT_ARCHIVE, f"entry on disk {disk}")
    name = read_name(raw, flags, extra, limits)
    kind = attributes >> 16 & KIND_MASK
    folder = name.endswith("/")
    if kind not in (0, FOLDER if folder else REGULAR) or (folder and size):
        raise Unreadable(Reason.SPECIAL_FILE, f"mode {kind:o} of {ascii(name)[:80]}")
    if size > limits.member_size:
        raise Unreadable(Reason.TOO_LARGE, f"{size} bytes in {ascii(name)[:80]}")
    if size > limits.ratio_from and size > limits.ratio * max(packed, 1):
        raise Unreadable(Reason.BOMB, f"{packed} bytes would become {size}")
    if method == STORED and packed != size:
        raise Unreadable(Reason.SIZE_MISMATCH, f"stored with two sizes: {ascii(name)[:80]}")
    return _Listed(name, raw, flags, method, crc, packed, size, offset)


def _read_local(data: Buffer, entry: _Listed, directory: int, limits: Limits) -> tuple[Entry, int]:
    """Compare the local header with the directory; return the entry and the offset after it."""
    at = entry.offset
    if at + LOCAL_HEADER.size > directory or data[at : at + 4] != LOCAL:
        raise Unreadable(Reason.HEADER_MISMATCH, f"no entry at {at}")
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = LOCAL_HEADER.unpack_from(data, at)
    name_at = at + LOCAL_HEADER.size
    extra_at = name_at + name_length
    start = extra_at + extra_length
    end = start + entry.packed
    if end > directory:
        raise Unreadable(Reason.OVERLAP, f"entry at {at} runs into the directory")
    extra = data[extra_at:start]
    if data[name_at:extra_at] != entry.raw or read_name(entry.raw, flags, extra, limits) != entry.name:
        raise Unreadable(Reason.HEADER_MISMATCH, f"two names: {ascii(entry.name)[:80]}")
    if method != entry.method or (flags ^ entry.flags) & COMPARED_FLAGS:
        raise Unreadable(Reason.HEADER_MISMATCH, f"two methods or flags: {ascii(entry.name)[:80]}")
    said, listed = (crc, packed, size), (entry.crc, entry.packed, entry.size)
    wide = _wide_sizes(extra)
    if wide is not None and (packed, size) == (FULL32, FULL32):
        said = (crc, *wide)  # streaming writers reserve wide fields before they know that they need none
    if flags & DESCRIPTOR_FLAG:
        if any(local not in (0, central) for local, central in zip(said, listed, strict=True)):
            raise Unreadable(Reason.HEADER_MISMATCH, f"two sizes or sums: {ascii(entry.name)[:80]}")
        end += _descriptor_length(data, end, entry, wide=wide is not None)
    elif said != listed:
        raise Unreadable(Reason.HEADER_MISMATCH, f"two sizes or sums: {ascii(entry.name)[:80]}")
    has_extra = bool(extra)
    return Entry(entry.name, method, entry.crc, entry.packed, entry.size, start, has_extra), end


def _wide_sizes(extra: bytes) -> tuple[int, int] | None:
    """(packed, size) of a local Zip64 field, if there is one."""
    for tag, value in extra_fields(extra):
        if tag == ZIP64_EXTRA:
            if len(value) < 16:
                raise Unreadable(Reason.ZIP64, "a short Zip64 field")
            size, packed = struct.unpack_from("<QQ", value)
            return packed, size
    return None


def _descriptor_length(data: Buffer, at: int, entry: _Listed, *, wide: bool) -> int:
    """Length of the data descriptor at `at`, which must repeat the directory's figures (APPNOTE 4.3.9)."""
    figures = (entry.crc, entry.packed, entry.size)
    narrow = struct.pack("<III", *figures)
    forms = [DESCRIPTOR + narrow, narrow]
    if wide:
        forms = [DESCRIPTOR + struct.pack("<IQQ", *figures), struct.pack("<IQQ", *figures), *forms]
    for form in forms:
        if data[at : at + len(form)] == form:
            return len(form)
    raise Unreadable(Reason.HEADER_MISMATCH, f"data descriptor of {ascii(entry.name)[:80]}")


def unpack(data: Buffer, entry: Entry) -> Iterator[bytes]:
    """The bytes of one entry in chunks of at most 64 KiB; the last chunk comes only if size and CRC are right.

    Raises:
        Unreadable: `damaged`, `size-mismatch` or `trailing-data`.
    """
    crc = size = 0
    held = b""
    for chunk in _stored(data, entry) if entry.method == STORED else _inflated(data, entry):
        size += len(chunk)
        if size > entry.size:
            raise Unreadable(Reason.SIZE_MISMATCH, f"more than {entry.size} bytes in {ascii(entry.name)[:80]}")
        crc = zlib.crc32(chunk, crc)
        if held:
            yield held
        held = chunk
    if size != entry.size:
        raise Unreadable(Reason.SIZE_MISMATCH, f"{size} bytes instead of {entry.size} in {ascii(entry.name)[:80]}")
    if crc != entry.crc:
        raise Unreadable(Reason.DAMAGED, f"wrong CRC of {ascii(entry.name)[:80]}")
    if held:
        yield held


def _stored(data: Buffer, entry: Entry) -> Iterator[bytes]:
    for at in range(entry.start, entry.start + entry.packed, CHUNK):
        yield data[at : min(at + CHUNK, entry.start + entry.packed)]


def _inflated(data: Buffer, entry: Entry) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    at, end = entry.start, entry.start + entry.packed
    pending = b""
    while not stream.eof:
        if not pending:
            pending = data[at : min(at + FEED, end)]
            at += len(pending)
        exhausted = not pending
        try:
            chunk = stream.decompress(pending, CHUNK)
        except zlib.error as error:
            raise Unreadable(Reason.DAMAGED, f"{ascii(entry.name)[:80]}: {error}") from error
        pending = stream.unconsumed_tail
        if chunk:
            yield chunk
        elif exhausted and not stream.eof:
            raise Unreadable(Reason.DAMAGED, f"{ascii(entry.name)[:80]} ends too early")
    if stream.unused_data or at < end:
        raise Unreadable(Reason.TRAILING_DATA, f"bytes after the stream of {ascii(entry.name)[:80]}")
