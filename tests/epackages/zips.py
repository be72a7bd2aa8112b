"""A ZIP maker that can lie in every field: where the hostile samples come from."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

UTF8 = 0x0800
DESCRIPTOR = 0x0008
UNIX = 3 << 8


def deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return stream.compress(data) + stream.flush()


def extra(tag: int, value: bytes) -> bytes:
    return struct.pack("<HH", tag, len(value)) + value


@dataclass
class Part:
    """One entry. `local` and `central` replace fields of the two headers; everything else is as it should be."""

    name: bytes
    data: bytes = b"content"
    method: int = 8
    flags: int = UTF8
    packed: bytes | None = None
    local: dict[str, Any] = field(default_factory=dict)
    central: dict[str, Any] = field(default_factory=dict)
    descriptor: bytes = b""
    before: bytes = b""

    @property
    def body(self) -> bytes:
        if self.packed is not None:
            return self.packed
        return deflate(self.data) if self.method == 8 else self.data

    def fields(self, changed: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": self.name,
            "method": self.method,
            "flags": self.flags,
            "crc": zlib.crc32(self.data),
            "packed": len(self.body),
            "size": len(self.data),
            "extra": b"",
            "made_by": UNIX | 20,
            "attributes": 0o100644 << 16,
            "disk": 0,
            "comment": b"",
        } | changed


def build(
    parts: Sequence[Part],
    *,
    prefix: bytes = b"",
    gap: bytes = b"",
    suffix: bytes = b"",
    comment: bytes = b"",
    before_end: bytes = b"",
    end: dict[str, int] | None = None,
) -> bytes:
    out = bytearray(prefix)
    directory = b""
    for part in parts:
        out += part.before
        offset = len(out)
        f = part.fields(part.local)
        out += struct.pack(
            "<4sHHHHHIIIHH",
            b"PK\3\4",
            20,
            f["flags"],
            f["method"],
            0,
            33,
            f["crc"],
            f["packed"],
            f["size"],
            len(f["name"]),
            len(f["extra"]),
        )
        out += f["name"] + f["extra"] + part.body + part.descriptor
        f = part.fields(part.central)
        directory += struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\1\2",
            f["made_by"],
            20,
            f["flags"],
            f["method"],
            0,
            33,
            f["crc"],
            f["packed"],
            f["size"],
            len(f["name"]),
            len(f["extra"]),
            f.get("comment_length", len(f["comment"])),
            f["disk"],
            0,
            f["attributes"],
            f.get("offset", offset),
        )
        directory += f["name"] + f["extra"] + f["comment"]
    out += gap
    start = len(out)
    out += directory + before_end
    fields = {
        "disk": 0,
        "first_disk": 0,
        "here": len(parts),
        "count": len(parts),
        "size": len(directory),
        "start": start,
        "comment_length": len(comment),
    } | (end or {})
    out += struct.pack("<4sHHHHIIH", b"PK\5\6", *fields.values())
    return bytes(out + comment + suffix)


def streamed(name: bytes, data: bytes, *, signed: bool = True, known: bool = False, wrong: int = 0) -> Part:
    """An entry as streaming writers make it: the sizes follow the data.

    With `known` the local header has the sizes but no CRC, as Java writes it.
    """
    packed = deflate(data)
    figures = struct.pack("<III", zlib.crc32(data), len(packed), len(data) + wrong)
    local = {"crc": 0} if known else {"crc": 0, "packed": 0, "size": 0}
    return Part(name, data, flags=UTF8 | DESCRIPTOR, local=local, descriptor=(b"PK\7\x08" if signed else b"") + figures)
