"""Which names may a member of a package have?

A name is never used as a path of ours, but people download members, and signatures speak of members by name: a name
must mean one thing to every program that will ever read it.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable, Iterator

from app.epackages.errors import Reason, Unreadable
from app.epackages.limits import Limits

UTF8_FLAG = 0x0800
UNICODE_PATH_EXTRA = 0x7075  # APPNOTE 4.6.9
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # control, format (bidi too), unassigned, line separators
WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"}
)


def _unsafe(why: str, name: str | bytes) -> Unreadable:
    return Unreadable(Reason.UNSAFE_NAME, f"{why}: {ascii(name)[:120]}")


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Walk the extra fields of a header (APPNOTE 4.5); up to three zero bytes of padding are tolerated.

    Raises:
        Unreadable: `bad-directory` where a field runs over the end.
    """
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        at += 4
        if at + length > len(extra):
            raise Unreadable(Reason.BAD_DIRECTORY, "an extra field runs over its header")
        yield tag, extra[at : at + length]
        at += length
    if extra[at:].strip(b"\0"):
        raise Unreadable(Reason.BAD_DIRECTORY, "bytes after the extra fields")


def _decode(raw: bytes, flags: int, limits: Limits) -> str:
    if flags & UTF8_FLAG:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _unsafe("flagged as UTF-8 and is not", raw) from error
    try:
        return raw.decode("utf-8")  # ASCII, and the writers that forget the flag
    except UnicodeDecodeError:
        return raw.decode(limits.legacy_names, errors="replace")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    for tag, value in extra_fields(extra):
        if tag != UNICODE_PATH_EXTRA:
            continue
        if len(value) < 5 or value[0] != 1:
            raise _unsafe("malformed Unicode path", raw)
        if struct.unpack_from("<I", value, 1)[0] != zlib.crc32(raw):
            raise _unsafe("Unicode path made for another name", raw)
        try:
            return value[5:].decode("utf-8")
        except UnicodeDecodeError as error:
            raise _unsafe("Unicode path is not UTF-8", raw) from error
    return None


def read_name(raw: bytes, flags: int, extra: bytes, limits: Limits) -> str:
    """Decode the name of one header: UTF-8, else the code page of Polish Windows; then refuse unsafe ones.

    Raises:
        Unreadable: `unsafe-name`, or `bad-directory` for broken extra fields.
    """
    if len(raw) > limits.name_bytes:
        raise _unsafe("longer than allowed", raw)
    name = _decode(raw, flags, limits)
    unicode_path = _unicode_path(extra, raw)
    if unicode_path is not None and unicode_path != name:
        if flags & UTF8_FLAG or raw.isascii():
            raise _unsafe("two different names", raw)
        name = unicode_path
    check_name(name, limits)
    return name


def check_name(name: str, limits: Limits) -> None:
    """Refuse a name that some system would read as another place, another file or nothing.

    Raises:
        Unreadable: `unsafe-name`.
    """
    if any(unicodedata.category(letter) in INVISIBLE or letter == "\ufffd" for letter in name):
        raise _unsafe("invisible or control character", name)
    if "\\" in name:
        raise _unsafe("backslash", name)
    if ":" in name:
        raise _unsafe("drive or stream", name)
    parts = name.removesuffix("/").split("/")
    if len(parts) > limits.name_levels:
        raise _unsafe("too many folders", name)
    for part in parts:
        if part in ("", ".", ".."):
            raise _unsafe("absolute, or an empty or dotted step", name)
        if part != part.strip(" ") or part.endswith("."):
            raise _unsafe("space at an end or dot at the end", name)
        if part.split(".")[0].strip().lower() in WINDOWS_DEVICES:
            raise _unsafe("reserved", name)


def folded(name: str) -> str:
    """The name as a forgiving file system would compare it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.removesuffix("/")).casefold())


def check_distinct(names: Iterable[str]) -> None:
    """Refuse two names that one system could take for the same, and a file that is also a folder.

    Args:
        names: folders end with a slash.

    Raises:
        Unreadable: `duplicate-name`.
    """
    seen: dict[str, str] = {}
    for name in names:
        key = folded(name)
        if key in seen:
            raise Unreadable(Reason.DUPLICATE_NAME, f"{ascii(seen[key])[:80]} and {ascii(name)[:80]}")
        seen[key] = name
    for key, name in seen.items():
        steps = key.split("/")
        for depth in range(1, len(steps)):
            parent = seen.get("/".join(steps[:depth]))
            if parent is not None and not parent.endswith("/"):
                what = f"{ascii(parent)[:80]} is a file and a folder ({ascii(name)[:80]})"
                raise Unreadable(Reason.DUPLICATE_NAME, what)
