"""The reader takes only archives that mean one thing, and says why it refuses the others."""

from __future__ import annotations

import hashlib
import io
import random
import shutil
import struct
import subprocess
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.epackages.container import open_container
from app.epackages.errors import Unreadable
from app.epackages.limits import DEFAULT_LIMITS, Limits
from tests.epackages.hostile import HOSTILE, good, unicode_path
from tests.epackages.zips import DESCRIPTOR, UTF8, Part, build, deflate, extra, streamed


def put(folder: Path, data: bytes) -> Path:
    path = folder / "package.zip"
    path.write_bytes(data)
    return path


def reason(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(Unreadable) as refused:
        open_container(path, limits)
    return refused.value.code


def names(path: Path) -> list[str]:
    with open_container(path) as container:
        return [member.name for member in container.members]


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_archive_is_refused_with_its_reason(what: str, tmp_path: Path) -> None:
    code, make = HOSTILE[what]

    assert reason(put(tmp_path, make())) == code


def test_a_good_archive_is_read_whole(tmp_path: Path) -> None:
    path = put(tmp_path, good())

    with open_container(path) as container:
        first, second = container.members
        assert (first.name, first.size, first.media) == ("wniosek.xml", 10, "application/xml")
        assert first.sha256 == hashlib.sha256(b"<wniosek/>").hexdigest()
        assert container.read("wniosek.xml", 10) == b"<wniosek/>"
        assert b"".join(container.chunks("scan/a.txt")) == b"text"
        assert second.media == "text/plain"
        assert container.sha256() == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_name_of_the_table_of_hostile_archives_is_a_sentence_of_its_own() -> None:
    assert len(HOSTILE) >= 100


# ---- what real programs write


@pytest.mark.parametrize("signed", [True, False], ids=["with mark", "without mark"])
@pytest.mark.parametrize("known", [True, False], ids=["sizes known, as Java writes", "sizes unknown"])
def test_streaming_writers_are_read(*, signed: bool, known: bool, tmp_path: Path) -> None:
    archive = build([streamed(b"a.txt", b"first", signed=signed, known=known), streamed(b"b.txt", b"", signed=signed)])

    assert names(put(tmp_path, archive)) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("wide_descriptor", [True, False])
def test_a_local_header_that_reserved_wide_fields_and_needed_none_is_read(
    *, wide_descriptor: bool, tmp_path: Path
) -> None:
    data = b"content" * 9
    form = "<IQQ" if wide_descriptor else "<III"
    part = Part(
        b"a.txt",
        data,
        flags=UTF8 | DESCRIPTOR,
        local={
            "crc": 0,
            "packed": 0xFFFFFFFF,
            "size": 0xFFFFFFFF,
            "extra": extra(1, struct.pack("<QQ", len(data), len(deflate(data)))),
        },
        descriptor=b"PK\7\x08" + struct.pack(form, zlib.crc32(data), len(deflate(data)), len(data)),
    )

    assert names(put(tmp_path, build([part]))) == ["a.txt"]


def test_what_python_writes_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("skany")
        archive.writestr("skany/dowód własności.pdf", b"%PDF-1.4")
        with archive.open("duży.txt", "w", force_zip64=True) as member:
            member.write(b"x" * 1000)

    assert names(put(tmp_path, out.getvalue())) == ["skany/dowód własności.pdf", "duży.txt"]


@pytest.mark.parametrize("program", [["zip", "-q"], ["7zz", "a"], ["bsdtar", "-acf"]], ids=" ".join)
def test_what_other_programs_write_is_read(tmp_path: Path, program: list[str]) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"no {program[0]}: see make test-deps")
    (tmp_path / "zażółć.txt").write_text("gęślą jaźń", encoding="utf-8")

    subprocess.run([*program, "package.zip", "zażółć.txt"], cwd=tmp_path, check=True, capture_output=True)

    assert names(tmp_path / "package.zip") == ["zażółć.txt"]


def test_names_of_polish_windows_are_read(tmp_path: Path) -> None:
    archive = build([Part("załącznik źdźbło.pdf".encode("cp852"), flags=0)])

    assert names(put(tmp_path, archive)) == ["załącznik źdźbło.pdf"]


def test_utf8_names_without_their_flag_are_read(tmp_path: Path) -> None:
    archive = build([Part("załącznik.pdf".encode(), flags=0)])

    assert names(put(tmp_path, archive)) == ["załącznik.pdf"]


def test_the_unicode_path_names_what_a_code_page_cannot(tmp_path: Path) -> None:
    raw = b"za\x88\xa5cznik.pdf"
    field = unicode_path("załącznik.pdf".encode(), raw)
    archive = build([Part(raw, flags=0, local={"extra": field}, central={"extra": field})])

    assert names(put(tmp_path, archive)) == ["załącznik.pdf"]


def test_folders_are_not_members(tmp_path: Path) -> None:
    folder = Part(b"a/", b"", method=0, central={"attributes": 0o040755 << 16})

    assert names(put(tmp_path, build([folder, Part(b"a/b.txt")]))) == ["a/b.txt"]


def test_a_comment_is_no_reason_to_refuse(tmp_path: Path) -> None:
    assert names(put(tmp_path, build([Part(b"a.txt")], comment=b"made by a program"))) == ["a.txt"]


def test_eight_levels_are_enough_for_anybody(tmp_path: Path) -> None:
    assert names(put(tmp_path, build([Part(b"1/2/3/4/5/6/7/8.txt")]))) == ["1/2/3/4/5/6/7/8.txt"]


def test_an_archive_in_an_archive_stays_closed(tmp_path: Path) -> None:
    inner = build([Part(b"../../evil.txt")])

    assert names(put(tmp_path, build([Part(b"inner.zip", inner)]))) == ["inner.zip"]


def test_a_picture_is_never_a_bomb_below_one_mebibyte(tmp_path: Path) -> None:
    assert names(put(tmp_path, build([Part(b"white.txt", b" " * 2**20)]))) == ["white.txt"]


# ---- limits are settings


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (replace(DEFAULT_LIMITS, file_size=100), "too-large"),
        (replace(DEFAULT_LIMITS, member_size=9), "too-large"),
        (replace(DEFAULT_LIMITS, total_size=13), "too-large"),
        (replace(DEFAULT_LIMITS, entries=1), "too-many-entries"),
        (replace(DEFAULT_LIMITS, ratio=0, ratio_from=5), "bomb"),
        (replace(DEFAULT_LIMITS, name_bytes=10), "unsafe-name"),
        (replace(DEFAULT_LIMITS, name_levels=1), "unsafe-name"),
    ],
)
def test_each_limit_can_be_set(limits: Limits, code: str, tmp_path: Path) -> None:
    assert reason(put(tmp_path, good()), limits) == code


def test_limits_just_reached_are_kept(tmp_path: Path) -> None:
    data = good()
    limits = replace(DEFAULT_LIMITS, file_size=len(data), member_size=10, total_size=14, entries=2, name_levels=2)

    with open_container(put(tmp_path, data), limits) as container:
        assert len(container.members) == 2


def test_a_member_longer_than_asked_for_is_not_read(tmp_path: Path) -> None:
    with open_container(put(tmp_path, good())) as container, pytest.raises(Unreadable) as refused:
        container.read("wniosek.xml", 9)

    assert refused.value.code == "too-large"


def test_nobody_makes_us_unpack_the_same_bytes_for_ever(tmp_path: Path) -> None:
    path = put(tmp_path, build([Part(b"a.txt", random.Random(1).randbytes(2**19))]))

    with open_container(path, replace(DEFAULT_LIMITS, ratio_from=0, passes=4)) as container:
        for _ in range(4):
            container.read("a.txt", 2**20)
        with pytest.raises(Unreadable) as refused:
            container.read("a.txt", 2**20)

    assert refused.value.code == "bomb"


def test_reading_holds_no_more_than_a_chunk(tmp_path: Path) -> None:
    with open_container(put(tmp_path, build([Part(b"a.txt", bytes(999_999))]))) as container:
        sizes = [len(chunk) for chunk in container.chunks("a.txt")]

    assert max(sizes) <= 64 * 1024
    assert sum(sizes) == 999_999


def test_a_refused_file_is_closed(tmp_path: Path) -> None:
    path = put(tmp_path, HOSTILE["a wrong CRC"][1]())

    with pytest.raises(Unreadable):
        open_container(path)

    opened = [link.resolve() for link in Path("/proc/self/fd").iterdir()]
    mapped = Path("/proc/self/maps").read_text(encoding="utf-8")
    assert path not in opened
    assert str(path) not in mapped
