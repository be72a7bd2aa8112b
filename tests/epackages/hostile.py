"""Hostile and broken archives, each with the one reason it must be refused for. All made here, none kept as a file."""

# ruff: noqa: E501 - the table reads best with one sample to a line

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

from tests.epackages.zips import DESCRIPTOR, UTF8, Part, build, deflate, extra, streamed

MIB = 2**20
FOLDER = 0o040755 << 16
SYMLINK = 0o120777 << 16
DEVICE = 0o060644 << 16
FIFO = 0o010644 << 16
ZEROS = deflate(bytes(60 * MIB))


def one(name: str | bytes, **changes: object) -> bytes:
    raw = name.encode() if isinstance(name, str) else name
    return build([Part(raw, **changes)])


def two(first: str, second: str) -> bytes:
    return build([Part(first.encode()), Part(second.encode())])


def good() -> bytes:
    return build([Part(b"wniosek.xml", b"<wniosek/>"), Part(b"scan/a.txt", b"text", method=0)])


def overlapping() -> bytes:
    """Both directory entries point at the same local header: the core of every overlap bomb."""
    first = Part(b"a.txt")
    return build([first, Part(b"a.txt", central={"offset": 0, "name": b"b.txt"})])


def quoted() -> bytes:
    """The first entry's data are stored blocks that hold the second entry whole (Fifield's quoted overlap)."""
    inner = Part(b"b.txt", b"kernel")
    whole = build([inner])
    local = whole[: whole.index(b"PK\1\2")]
    quoting = b"\0" + struct.pack("<HH", len(local), len(local) ^ 0xFFFF)
    data = local + inner.data
    outer = Part(b"a.txt", data, packed=quoting + local + inner.body)
    outer_local = 30 + len(b"a.txt")
    archive = build([outer])
    directory = archive.index(b"PK\1\2", outer_local + len(outer.body))
    second = whole[whole.index(b"PK\1\2") : whole.index(b"PK\5\6")]
    offset = outer_local + len(quoting)
    second = second[:42] + struct.pack("<I", offset) + second[46:]
    entries = archive[directory : archive.rindex(b"PK\5\6")] + second
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 2, 2, len(entries), directory, 0)
    return archive[:directory] + entries + end


def hidden_entry() -> bytes:
    """A whole local entry that the directory does not list."""
    unlisted = build([Part(b"virus.exe")])
    return build([Part(b"a.txt"), Part(b"b.txt", before=unlisted[: unlisted.index(b"PK\1\2")])])


def many(count: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", b"")
    return out.getvalue()


def wide_count() -> bytes:
    """65535 entries written into the end record: a real one would be Zip64."""
    return build([Part(b"a.txt")], end={"here": 0xFFFF, "count": 0xFFFF})


def zip64_end() -> bytes:
    locator = b"PK\6\7" + struct.pack("<IQI", 0, 0, 1)
    return build([Part(b"a.txt")], before_end=locator)


def two_ends() -> bytes:
    """The comment holds a second end record: some programs take the first, some the last."""
    inner = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0)
    return build([Part(b"a.txt")], comment=inner)


def unicode_path(name: bytes, raw_for_crc: bytes) -> bytes:
    return extra(0x7075, b"\1" + struct.pack("<I", zlib.crc32(raw_for_crc)) + name)


def in_both(name: bytes, field: bytes, flags: int = 0) -> bytes:
    return build([Part(name, flags=flags, local={"extra": field}, central={"extra": field})])


def flipped(archive: bytes, at: int) -> bytes:
    return archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]


def wide_descriptor() -> bytes:
    part = streamed(b"a.txt", b"content")
    figures = struct.pack("<IQQ", zlib.crc32(part.data), len(part.body), len(part.data))
    return build([replace(part, descriptor=b"PK\7\x08" + figures)])


def lying_descriptor() -> bytes:
    part = streamed(b"a.txt", b"content", wrong=1)
    return build([part])


# fmt: off
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    # what is no ZIP, or more than one
    "nothing at all":                       ("not-a-zip", lambda: b""),
    "a text":                               ("not-a-zip", lambda: b"Szanowni Panstwo"),
    "only the first four bytes":            ("not-a-zip", lambda: b"PK\3\4"),
    "cut in the middle":                    ("not-a-zip", lambda: good()[:60]),
    "a program in front":                   ("not-a-zip", lambda: build([Part(b"a.txt")], prefix=b"MZ" + bytes(64))),
    "a program in front, offsets moved":    ("not-a-zip", lambda: b"MZ" + bytes(64) + good()),
    "a PDF that is a ZIP too":              ("not-a-zip", lambda: b"%PDF-1.7\n" + good()),
    "no entries":                           ("empty", lambda: build([])),
    "bytes after the end":                  ("trailing-data", lambda: build([Part(b"a.txt")], suffix=b"x")),
    "a second archive after the first":     ("bad-directory", lambda: good() + good()),
    "two end records":                      ("ambiguous-end", two_ends),
    "a directory in the comment":           ("ambiguous-end", lambda: build([Part(b"a.txt")], comment=b"PK\1\2 hi")),
    "a comment longer than it is":          ("trailing-data", lambda: build([Part(b"a.txt")], end={"comment_length": 9})),
    # more than one disk, or more than 4 GiB
    "the second of two disks":              ("split-archive", lambda: build([Part(b"a.txt")], end={"disk": 1})),
    "a directory on another disk":          ("split-archive", lambda: build([Part(b"a.txt")], end={"first_disk": 1})),
    "two counts of entries":                ("split-archive", lambda: build([Part(b"a.txt")], end={"here": 0})),
    "an entry on another disk":             ("split-archive", lambda: one("a.txt", central={"disk": 3})),
    "a Zip64 locator":                      ("zip64", zip64_end),
    "a count that means Zip64":             ("too-many-entries", wide_count),
    "a size that means Zip64":              ("zip64", lambda: one("a.txt", central={"size": 0xFFFFFFFF})),
    "an offset that means Zip64":           ("zip64", lambda: one("a.txt", central={"offset": 0xFFFFFFFF})),
    "a Zip64 field in the directory":       ("zip64", lambda: one("a.txt", central={"extra": extra(1, bytes(16))})),
    "a Zip64 field that lies":              ("header-mismatch", lambda: one(
        "a.txt", local={"packed": 0xFFFFFFFF, "size": 0xFFFFFFFF, "extra": extra(1, struct.pack("<QQ", 1, 1))})),
    "a Zip64 field too short":              ("zip64", lambda: one("a.txt", local={"extra": extra(1, b"1234")})),
    # limits
    "201 entries":                          ("too-many-entries", lambda: many(201)),
    "60 000 entries":                       ("too-many-entries", lambda: many(60_000)),
    "100 000 entries":                      ("too-many-entries", lambda: many(100_000)),
    "a member over 50 MiB":                 ("too-large", lambda: one("a.txt", packed=ZEROS, central={"size": 60 * MIB})),
    "three members over 100 MiB together":  ("too-large", lambda: build([
        Part(b"%d.txt" % n, method=8, packed=bytes(MIB), central={"size": 40 * MIB}) for n in range(3)])),
    "60 kB that claim 40 MiB":              ("bomb", lambda: one("a.txt", packed=ZEROS, central={"size": 40 * MIB})),
    "60 MiB that claim seven bytes":        ("size-mismatch", lambda: one("a.txt", packed=ZEROS)),
    "60 MiB that claim a tolerable size":   ("size-mismatch", lambda: one(
        "a.txt", packed=ZEROS, local={"size": 8 * MIB}, central={"size": 8 * MIB})),
    # packing
    "encrypted":                            ("encrypted", lambda: one("a.txt", flags=UTF8 | 1)),
    "strongly encrypted":                   ("encrypted", lambda: one("a.txt", flags=UTF8 | 0x40)),
    "an encrypted directory":               ("encrypted", lambda: one("a.txt", flags=UTF8 | 0x2000)),
    "encrypted in the local header only":   ("header-mismatch", lambda: one("a.txt", local={"flags": UTF8 | 1})),
    "deflate64":                            ("unknown-compression", lambda: one("a.txt", method=9, packed=b"x")),
    "bzip2":                                ("unknown-compression", lambda: one("a.txt", method=12, packed=b"x")),
    "LZMA":                                 ("unknown-compression", lambda: one("a.txt", method=14, packed=b"x")),
    "AES":                                  ("unknown-compression", lambda: one("a.txt", method=99, packed=b"x")),
    "no deflate stream":                    ("damaged", lambda: one("a.txt", packed=b"\xff\xff\xff\xff")),
    "a stream cut short":                   ("damaged", lambda: one("a.txt", packed=deflate(b"content")[:-2])),
    "an empty stream":                      ("damaged", lambda: one("a.txt", packed=b"")),
    "bytes after the stream":               ("trailing-data", lambda: one("a.txt", packed=deflate(b"content") + b"more")),
    "a flipped bit":                        ("damaged", lambda: flipped(one("a.txt", method=0), 38)),
    "a wrong CRC":                          ("damaged", lambda: one("a.txt", local={"crc": 1}, central={"crc": 1})),
    "a size too large":                     ("size-mismatch", lambda: one("a.txt", local={"size": 8}, central={"size": 8})),
    "a size too small":                     ("size-mismatch", lambda: one("a.txt", local={"size": 6}, central={"size": 6})),
    "stored with two sizes":                ("size-mismatch", lambda: one("a.txt", method=0, central={"size": 9})),
    # two stories
    "two names":                            ("header-mismatch", lambda: one("a.txt", local={"name": b"b.txt"})),
    "two methods":                          ("header-mismatch", lambda: one("a.txt", local={"method": 0})),
    "two CRCs":                             ("header-mismatch", lambda: one("a.txt", local={"crc": 5})),
    "two packed sizes":                     ("header-mismatch", lambda: one("a.txt", local={"packed": 5})),
    "two sizes":                            ("header-mismatch", lambda: one("a.txt", local={"size": 5})),
    "UTF-8 in one header":                  ("header-mismatch", lambda: one("a.txt", local={"flags": 0})),
    "a descriptor in one header":           ("header-mismatch", lambda: one("a.txt", local={"flags": UTF8 | DESCRIPTOR})),
    "a descriptor that lies":               ("header-mismatch", lying_descriptor),
    "a descriptor, and sizes before it":    ("header-mismatch", lambda: build([replace(streamed(b"a.txt", b"content"), local={"crc": 0, "packed": 5, "size": 7})])),
    "a wide descriptor without its field":  ("header-mismatch", wide_descriptor),
    "an entry without its mark":            ("header-mismatch", lambda: build([Part(b"a.txt"), Part(b"b.txt")]).replace(b"PK\3\4", b"PK\3\5").replace(b"PK\3\5", b"PK\3\4", 1)),
    "a comment of an entry over the end":   ("bad-directory", lambda: one("a.txt", central={"comment_length": 60})),
    "a descriptor that is not there":       ("header-mismatch", lambda: one("a.txt", flags=UTF8 | DESCRIPTOR)),
    "two names by the Unicode path":        ("unsafe-name", lambda: in_both(b"a.txt", unicode_path(b"b.txt", b"a.txt"))),
    "a Unicode path for another name":      ("unsafe-name", lambda: in_both(b"\x88.txt", unicode_path("ł.txt".encode(), b"c.txt"))),
    "a Unicode path cut short":             ("unsafe-name", lambda: in_both(b"\x88.txt", extra(0x7075, b"\1ab"))),
    "a Unicode path of a later version":    ("unsafe-name", lambda: in_both(b"\x88.txt", extra(0x7075, b"\2" + unicode_path(b"b.txt", b"\x88.txt")[5:]))),
    "a Unicode path that is not UTF-8":     ("unsafe-name", lambda: in_both(b"\x88.txt", unicode_path(b"\xff", b"\x88.txt"))),
    "bytes behind the extra fields":        ("bad-directory", lambda: in_both(b"a.txt", b"\1\2")),
    "a Unicode path in one header":         ("header-mismatch", lambda: one(
        b"\xab.txt", flags=0, central={"extra": unicode_path("ł.txt".encode(), b"\xab.txt")})),
    # space
    "entries on top of each other":         ("overlap", overlapping),
    "an entry quoted in another":           ("overlap", quoted),
    "an entry that runs into the directory": ("overlap", lambda: one("a.txt", local={"packed": 99}, central={"packed": 99})),
    "an entry that nobody lists":           ("hidden-data", hidden_entry),
    "bytes between entries":                ("hidden-data", lambda: build([Part(b"a.txt"), Part(b"b.txt", before=b"hi")])),
    "bytes before the directory":           ("hidden-data", lambda: build([Part(b"a.txt")], gap=b"hidden")),
    "entries that the count leaves out":    ("bad-directory", lambda: build(
        [Part(b"a.txt"), Part(b"b.txt")], end={"here": 1, "count": 1})),
    "more entries counted than there are":  ("bad-directory", lambda: build([Part(b"a.txt")], end={"here": 2, "count": 2})),
    "a directory elsewhere":                ("bad-directory", lambda: build([Part(b"a.txt")], end={"start": 7})),
    "a directory too long":                 ("bad-directory", lambda: build([Part(b"a.txt")], end={"size": 4})),
    "an offset into nothing":               ("hidden-data", lambda: one("a.txt", central={"offset": 3})),
    "extra fields over the end":            ("bad-directory", lambda: one(
        "a.txt", local={"extra": b"\1\2\xff\xff"}, central={"extra": b"\1\2\xff\xff"})),
    # names
    "an empty name":                        ("unsafe-name", lambda: one("")),
    "up and out":                           ("unsafe-name", lambda: one("../../etc/cron.d/x")),
    "up inside":                            ("unsafe-name", lambda: one("a/../../b")),
    "a dot":                                ("unsafe-name", lambda: one("./a.txt")),
    "an empty step":                        ("unsafe-name", lambda: one("a//b.txt")),
    "absolute":                             ("unsafe-name", lambda: one("/etc/passwd")),
    "a backslash":                          ("unsafe-name", lambda: one("a\\..\\b.txt")),
    "a drive":                              ("unsafe-name", lambda: one("C:a.txt")),
    "a stream of NTFS":                     ("unsafe-name", lambda: one("a.txt:hidden")),
    "a zero byte":                          ("unsafe-name", lambda: one("a.pdf\0.exe")),
    "a line break":                         ("unsafe-name", lambda: one("a\nb.txt")),
    "turned around by bidi":                ("unsafe-name", lambda: one("faktura\u202efdp.exe")),
    "an isolate":                           ("unsafe-name", lambda: one("a\u2066b.txt")),
    "no width":                             ("unsafe-name", lambda: one("a\u200bb.txt")),
    "a line separator":                     ("unsafe-name", lambda: one("a\u2028b.txt")),
    "a device of Windows":                  ("unsafe-name", lambda: one("scan/CON.txt")),
    "a port of Windows":                    ("unsafe-name", lambda: one("lpt1.pdf")),
    "a dot at the end":                     ("unsafe-name", lambda: one("a.txt.")),
    "a space at the end":                   ("unsafe-name", lambda: one("a.txt ")),
    "over 255 bytes":                       ("unsafe-name", lambda: one("ż" * 128)),
    "65 535 bytes of name":                 ("unsafe-name", lambda: one("a" * 65_535)),
    "nine levels":                          ("unsafe-name", lambda: one("1/2/3/4/5/6/7/8/9")),
    "not the UTF-8 it claims":              ("unsafe-name", lambda: one(b"\xff\xfe.txt")),
    # the same twice
    "the same name twice":                  ("duplicate-name", lambda: two("a.txt", "a.txt")),
    "the same but for case":                ("duplicate-name", lambda: two("Wniosek.xml", "wniosek.XML")),
    "the same but for composition":         ("duplicate-name", lambda: two("dowód.pdf", "dowo\u0301d.pdf")),
    "the same but for width":               ("duplicate-name", lambda: two("a.txt", "ａ.txt")),
    "the same in German":                   ("duplicate-name", lambda: two("straße.txt", "STRASSE.txt")),
    "a file that is a folder":              ("duplicate-name", lambda: two("a", "a/b.txt")),
    "a file and a folder of one name":      ("duplicate-name", lambda: build([
        Part(b"a"), Part(b"a/", b"", method=0, central={"attributes": FOLDER})])),
    # what is no file
    "a symbolic link":                      ("special-file", lambda: one("a", central={"attributes": SYMLINK})),
    "a symbolic link without a system":     ("special-file", lambda: one("a", central={"attributes": SYMLINK, "made_by": 20})),
    "a device":                             ("special-file", lambda: one("a", central={"attributes": DEVICE})),
    "a pipe":                               ("special-file", lambda: one("a", central={"attributes": FIFO})),
    "a folder with content":                ("special-file", lambda: one("a/", central={"attributes": FOLDER})),
    "a folder named as a file":             ("special-file", lambda: one("a", central={"attributes": FOLDER})),
}
# fmt: on
