"""Which letters our fonts can print: PDF/A allows no letter without a glyph, and file names hold anything."""

from __future__ import annotations

import functools
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """Return `text` in composed form, with every letter that no font of ours has replaced by `�`."""
    known = covered()
    composed = unicodedata.normalize("NFC", text)
    if known.issuperset(composed):
        return composed
    return "".join(letter if letter in known else _stand_in(letter) for letter in composed)


@functools.cache
def covered() -> frozenset[str]:
    """Return the letters that at least one of our fonts has."""
    return frozenset(
        chr(code) for font in sorted(FONTS.glob("*.ttf")) for code in _codes(font.read_bytes()) if code >= 0x20
    ) | {"\n"}


def _stand_in(letter: str) -> str:
    if unicodedata.category(letter) == "Zs" or letter in "\t\r":
        return " "
    return REPLACEMENT if REPLACEMENT in covered() else "?"


def _codes(font: bytes) -> Iterator[int]:
    """Read the character map of a TrueType file (OpenType specification, cmap, format 4): codes that have a glyph."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for table in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4s3I", font, 12 + 16 * table)
        if tag == b"cmap":
            yield from _codes_of_map(font, offset)


def _codes_of_map(font: bytes, start: int) -> Iterator[int]:
    for place in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * place)
        at = start + offset
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", font, at)[0] == 4:
            yield from _codes_of_segments(font, at)


def _codes_of_segments(font: bytes, at: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends_at = at + 14
    starts_at = ends_at + 2 * count + 2
    deltas_at, ranges_at = starts_at + 2 * count, starts_at + 4 * count
    for segment in range(count):
        end, start, delta, offset = (
            struct.unpack_from(">H", font, where + 2 * segment)[0]
            for where in (ends_at, starts_at, deltas_at, ranges_at)
        )
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", font, ranges_at + 2 * segment + offset + 2 * (code - start))[0]
            if glyph and (glyph + delta) & 0xFFFF:
                yield code
