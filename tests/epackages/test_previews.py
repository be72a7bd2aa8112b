"""Pages are drawn and documents examined in a child process that no document can make hang, grow or talk."""

from __future__ import annotations

import contextlib
import io
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
import pytest
from PIL import Image

from app.epackages import previews
from app.epackages.preview_child import OBJECTS
from app.epackages.previews import (
    DEFAULT_PREVIEW_LIMITS,
    PLACES,
    Examination,
    NoPreview,
    Page,
    draw_page,
    examine,
    kind_with_pages,
)

MIB = 2**20
SOON = replace(DEFAULT_PREVIEW_LIMITS, seconds=3)


def image(kind: str, size: tuple[int, int] = (300, 400), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    picture = Image.new(mode, size, options.pop("color", 0))
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    picture.save(out, kind, **options)
    return out.getvalue()


def pdf(**root: Any) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    for key, value in root.items():
        document.Root[f"/{key}"] = document.make_indirect(value)
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def opened(page: Page | NoPreview) -> Image.Image:
    assert isinstance(page, Page)
    picture = Image.open(io.BytesIO(page.image))
    assert picture.format == "WEBP"
    assert picture.size == (page.width, page.height)
    return picture


SAMPLES = {
    "jpg": image("JPEG"),
    "png": image("PNG", mode="RGBA"),
    "tif": image("TIFF", save_all=True, append_images=[Image.new("1", (400, 300))] * 2),
    "heic": image("HEIF"),
    "pdf": image("PDF", save_all=True, append_images=[Image.new("RGB", (400, 300))]),
}


@pytest.mark.parametrize(("kind", "pages"), [("jpg", 1), ("png", 1), ("tif", 3), ("heic", 1), ("pdf", 2)])
def test_every_page_of_every_kind_is_drawn(kind: str, pages: int) -> None:
    for page in range(1, pages + 1):
        drawn = draw_page([SAMPLES[kind]], kind, page=page, width=200)

        assert opened(drawn).width == 200
        assert isinstance(drawn, Page)
        assert (drawn.page, drawn.pages) == (page, pages)
    assert examine([SAMPLES[kind]], kind) == Examination(pages, ())


@pytest.mark.parametrize("page", [0, -1, 4])
def test_a_page_that_is_not_there_is_an_answer(page: int) -> None:
    assert draw_page([SAMPLES["tif"]], "tif", page=page) == NoPreview("preview-no-such-page")
    assert draw_page([SAMPLES["pdf"]], "pdf", page=page) == NoPreview("preview-no-such-page")


def test_a_photograph_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter

    picture = opened(draw_page([image("JPEG", (400, 200), exif=exif)], "jpg", width=100))

    assert picture.size == (100, 200)


def test_a_scan_is_never_enlarged_and_transparency_becomes_paper() -> None:
    picture = opened(draw_page([image("PNG", (60, 60), "RGBA", color=(0, 0, 0, 0))], "png", width=1000))

    assert picture.size == (60, 60)
    assert picture.convert("L").getextrema()[0] > 250


def test_a_deep_grey_scan_keeps_its_greys() -> None:
    picture = opened(draw_page([image("PNG", (60, 60), "I;16", color=0x8000)], "png"))

    assert abs(picture.convert("L").getpixel((30, 30)) - 0x80) < 4


def test_the_width_is_clamped() -> None:
    assert opened(draw_page([SAMPLES["pdf"]], "pdf", width=10**9)).width == DEFAULT_PREVIEW_LIMITS.width
    assert opened(draw_page([SAMPLES["pdf"]], "pdf", width=-5)).width == 50


@pytest.mark.parametrize("kind", ["docx", "txt", "exe", "", "../pdf"])
def test_other_kinds_are_not_drawn(kind: str) -> None:
    assert draw_page([b"x"], kind) == NoPreview("preview-kind", kind)


@pytest.mark.parametrize("kind", ["pdf", "jpg", "png", "tif", "heic"])
@pytest.mark.parametrize("junk", [b"", b"junk", bytes(5000)], ids=["nothing", "junk", "zeros"])
def test_junk_is_an_answer(kind: str, junk: bytes) -> None:
    assert isinstance(draw_page([junk], kind), NoPreview)
    assert isinstance(examine([junk], kind), NoPreview)


@pytest.mark.parametrize("kind", ["pdf", "jpg", "png", "tif", "heic"])
def test_half_a_document_is_an_answer(kind: str) -> None:
    half = SAMPLES[kind][: len(SAMPLES[kind]) // 2]

    assert isinstance(draw_page([half], kind, limits=SOON), (NoPreview, Page))


def test_a_picture_of_another_kind_is_not_opened() -> None:
    assert draw_page([SAMPLES["png"]], "jpg") == NoPreview("preview-damaged")


# ---- bombs


def claiming_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_few_bytes_that_claim_billions_of_pixels_are_not_decoded() -> None:
    started = time.monotonic()

    assert draw_page([claiming_png(60_000, 60_000)], "png") == NoPreview("image-too-large")
    assert examine([claiming_png(60_000, 60_000)], "png") == NoPreview("image-too-large")
    assert time.monotonic() - started < 5


def test_a_large_but_honest_scan_is_drawn() -> None:
    scan = image("PNG", (7000, 7000), "1")

    assert opened(draw_page([scan], "png", width=500)).size == (500, 500)


def test_a_page_longer_than_paper_can_be_is_drawn_small() -> None:
    document = pikepdf.new()
    document.add_blank_page(page_size=(3, 14_400))
    out = io.BytesIO()
    document.save(out)

    picture = opened(draw_page([out.getvalue()], "pdf", width=2400, limits=SOON))

    assert picture.width * picture.height <= 12_100_000


def test_what_needs_more_memory_than_there_is_is_an_answer() -> None:
    answer = draw_page([image("PNG", (7000, 7000))], "png", limits=replace(DEFAULT_PREVIEW_LIMITS, memory=150 * MIB))

    assert isinstance(answer, NoPreview)
    assert answer.code in {"preview-memory", "preview-failed", "preview-damaged"}


def test_a_child_that_works_for_ever_is_ended() -> None:
    """A form that draws itself twice on each of thirty levels: a billion rectangles."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 100))
    form = document.make_stream(
        b"0 0 1 1 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9]
    )
    for _ in range(26):
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        form = document.make_stream(
            b"/F Do " * 8,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 9, 9],
            Resources=resources,
        )
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    document.pages[0].Contents = document.make_stream(b"/F Do")
    out = io.BytesIO()
    document.save(out)
    started = time.monotonic()

    answer = draw_page([out.getvalue()], "pdf", limits=replace(SOON, seconds=2))

    assert isinstance(answer, NoPreview), "either limit may end it first, time or memory"
    assert answer.code in {"preview-time", "preview-memory"}
    assert time.monotonic() - started < 6


def test_a_stuck_child_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(previews, "CHILD", stuck)
    started = time.monotonic()

    answer = draw_page([SAMPLES["png"]], "png", limits=replace(SOON, seconds=1))

    assert answer == NoPreview("preview-time", "over 1 s")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os; os.kill(os.getpid(), 11)", "preview-memory"),
        ("import resource, os; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass", "preview-time"),
        ("raise SystemExit(3)", "preview-failed"),
        ("print('not json')", "preview-failed"),
        ("print('[]')", "preview-failed"),
        ("print('{}')", "preview-failed"),
        ('print(\'{"pages": 1, "width": 1, "height": 1}\'); print("<script>")', "preview-failed"),
        ('print(\'{"refused": "<script>"}\')', "preview-failed"),
    ],
)
def test_whatever_the_child_does_is_an_answer(
    program: str, code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program, encoding="utf-8")
    monkeypatch.setattr(previews, "CHILD", child)

    answer = draw_page([SAMPLES["png"]], "png", limits=SOON)

    assert isinstance(answer, NoPreview)
    assert answer.code == code


def test_the_child_sees_none_of_our_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = tmp_path / "told"
    child = tmp_path / "child.py"
    child.write_text(
        f"import os, sys\nopen({str(told)!r}, 'w').write(repr((dict(os.environ), os.getcwd(), sys.path)))",
        encoding="utf-8",
    )
    monkeypatch.setattr(previews, "CHILD", child)
    monkeypatch.setenv("SECRET_KEY", "very secret")

    draw_page([b""], "png")

    text = told.read_text(encoding="utf-8")
    assert "very secret" not in text
    assert str(Path.cwd()) not in text.replace(sys.prefix, "")


# ---- what is in a PDF


def action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


@pytest.mark.parametrize(
    ("root", "flags"),
    [
        ({}, ()),
        ({"OpenAction": action("JavaScript", JS="app.alert(1)")}, ("pdf-automatic-action", "pdf-javascript")),
        ({"Names": pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=[]))}, ("pdf-javascript",)),
        ({"OpenAction": action("Launch", F="cmd.exe")}, ("pdf-automatic-action", "pdf-launch")),
        ({"OpenAction": action("GoTo", D=pikepdf.Array([0]))}, ()),
        ({"OpenAction": pikepdf.Array([0, pikepdf.Name("/Fit")])}, ()),
        ({"AA": pikepdf.Dictionary(WC=action("URI", URI="http://a.invalid"))}, ("pdf-automatic-action",)),
        ({"Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=[]))}, ("pdf-embedded-file",)),
        ({"AcroForm": pikepdf.Dictionary(XFA=pikepdf.Array([]))}, ("pdf-form-xfa",)),
        ({"Any": pikepdf.Array([pikepdf.Dictionary(Deep=pikepdf.Array([action("JavaScript")]))])}, ("pdf-javascript",)),
    ],
    ids=["nothing", "open", "names", "launch", "goto", "place", "AA", "files", "xfa", "deep"],
)
def test_active_content_is_found_in_compressed_objects_too(root: dict[str, Any], flags: tuple[str, ...]) -> None:
    data = pdf(**root)

    assert b"JavaScript" not in data
    assert examine([data], "pdf") == Examination(1, flags)


def test_an_action_of_a_page_is_found() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.pages[0].AA = pikepdf.Dictionary(O=action("JavaScript", JS="x"))
    out = io.BytesIO()
    document.save(out)

    assert examine([out.getvalue()], "pdf") == Examination(1, ("pdf-automatic-action", "pdf-javascript"))


def test_a_document_with_too_many_parts_to_look_through_is_flagged_as_such() -> None:
    """The walk is cut before it comes to the program, and says so: nothing found is not the same as nothing there."""
    crowd = pikepdf.Array([pikepdf.Dictionary()] * (OBJECTS + 1))

    found = examine([pdf(Names=pikepdf.Dictionary(JavaScript=[]), Any=crowd)], "pdf")

    assert isinstance(found, Examination)
    assert "pdf-too-many-objects" in found.flags
    assert found.pages == 1


def test_an_encrypted_document_is_flagged() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SAMPLES["pdf"])) as document:
        document.save(out, encryption=pikepdf.Encryption(user="tajne", owner="tajne"))

    assert examine([out.getvalue()], "pdf") == Examination(0, ("pdf-encrypted",))
    assert draw_page([out.getvalue()], "pdf") == NoPreview("pdf-encrypted")


def test_a_document_that_only_forbids_printing_is_flagged_and_drawn() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(SAMPLES["pdf"])) as document:
        document.save(out, encryption=pikepdf.Encryption(user="", owner="tajne"))

    assert examine([out.getvalue()], "pdf") == Examination(2, ("pdf-encrypted",))
    assert isinstance(draw_page([out.getvalue()], "pdf"), Page)


def test_the_media_type_of_a_member_says_how_to_draw_it() -> None:
    assert kind_with_pages("application/pdf") == "pdf"
    assert kind_with_pages("image/heic") == "heic"
    assert kind_with_pages("application/octet-stream") is None
    assert kind_with_pages("text/plain") is None


def test_a_process_draws_only_so_many_pages_at_a_time() -> None:
    soon = replace(DEFAULT_PREVIEW_LIMITS, seconds=1)
    with contextlib.ExitStack() as others:
        while PLACES.acquire(blocking=False):
            others.callback(PLACES.release)

        waited = draw_page([b"%PDF-"], "pdf", limits=soon)

    assert waited == NoPreview("preview-time", "others are being drawn")
    assert isinstance(draw_page([pdf()], "pdf"), Page)
