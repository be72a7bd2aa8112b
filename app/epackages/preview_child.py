"""Draw one page, or look into a document: the one program that touches hostile pictures and PDF files.

Started by `previews.py` as a plain script in isolated mode: it sees nothing of the application and none of its
settings. It limits its own memory, time and files before it reads a byte, then reads the document from standard input
and answers on standard output: one line of JSON, then the bytes of the image if one was asked for. When a library
crashes, this process dies and nothing else.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
from typing import Any

PIXELS_OUT = 12_000_000
"""No page becomes a larger picture, however long its paper."""


class Refusal(Exception):
    """Why there is no page, as a code of `docs/reason-codes.md`."""


def limit_resources(memory: int, seconds: int, output: int) -> None:
    """Limit address space and output in bytes, processor time in seconds; for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


# ---- PDF


def draw_pdf(data: bytes, page: int, width: int) -> tuple[Any, int]:
    """The page as a Pillow image of that width, and how many pages there are."""
    import pypdfium2  # noqa: PLC0415 - a library that reads hostile files is loaded after the limits, and only if needed

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refusal("pdf-encrypted" if "password" in str(error).lower() else "preview-damaged") from error
    pages = len(document)
    if not 1 <= page <= pages:
        raise Refusal("preview-no-such-page")
    sheet = document[page - 1]
    sheet_width, sheet_height = sheet.get_size()
    if not (sheet_width > 0 and sheet_height > 0):
        raise Refusal("preview-damaged")
    scale = min(width / sheet_width, (PIXELS_OUT / (sheet_width * sheet_height)) ** 0.5)
    return sheet.render(scale=scale, may_draw_forms=False).to_pil(), pages


SIGNS = {
    "/JavaScript": "pdf-javascript",
    "/JS": "pdf-javascript",
    "/Launch": "pdf-launch",
    "/EmbeddedFile": "pdf-embedded-file",
    "/EmbeddedFiles": "pdf-embedded-file",
    "/EF": "pdf-embedded-file",
    "/XFA": "pdf-form-xfa",
    "/AA": "pdf-automatic-action",
}
"""Names (ISO 32000-1) that mean active content, as a key or as the value of /S or /Type."""

OBJECTS = 200_000
"""So many things are looked at; a file with more is said to be searched in part only."""


def examine_pdf(data: bytes) -> tuple[list[str], int]:
    """Walk every object, those in object streams too: flags found, and the number of pages."""
    import pikepdf  # noqa: PLC0415 - see draw_pdf

    flags: set[str] = set()
    try:
        document = pikepdf.open(io.BytesIO(data), attempt_recovery=True)
    except pikepdf.PasswordError:
        return ["pdf-encrypted"], 0
    except pikepdf.PdfError as error:
        raise Refusal("preview-damaged") from error
    with document:
        if document.is_encrypted:
            flags.add("pdf-encrypted")
        pending = [*document.objects, document.trailer]
        seen = 0
        while pending and seen < OBJECTS:
            seen += 1
            pending += _parts(pending.pop(), flags, pikepdf)
        if pending:
            flags.add("pdf-too-many-objects")
        opening = document.Root.get("/OpenAction")
        # a place to open at is harmless, an action is not
        if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name("/GoTo"):
            flags.add("pdf-automatic-action")
        return sorted(flags), len(document.pages)


def _parts(thing: Any, flags: set[str], pikepdf: Any) -> list[Any]:
    """What lies directly in `thing`; what is referred to has its own turn."""
    if isinstance(thing, pikepdf.Array):
        return [part for part in thing if isinstance(part, pikepdf.Object) and not part.is_indirect]
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return []
    parts = []
    for key in thing.keys():  # noqa: SIM118 - iterating a stream itself gives no keys
        if key in SIGNS:
            flags.add(SIGNS[key])
        part = thing.get(key)
        if key in ("/S", "/Type") and isinstance(part, pikepdf.Name) and str(part) in SIGNS:
            flags.add(SIGNS[str(part)])
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            parts.append(part)
    return parts


# ---- images

FORMATS = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "heic": "HEIF"}


def open_image(data: bytes, kind: str, pixels: int) -> Any:
    """The opened, not yet decoded image: its claimed size is judged first."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - see draw_pdf

    if kind == "heic":
        import pillow_heif  # noqa: PLC0415 - see draw_pdf

        pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # the limit below is stricter and has no warning stage
    try:
        image = Image.open(io.BytesIO(data), formats=(FORMATS[kind],))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refusal("preview-damaged") from error
    if image.width * image.height > pixels:
        raise Refusal("image-too-large")
    return image


def count_frames(image: Any) -> int:
    """Pages of a scan; only TIFF has more than one that means something."""
    return int(image.n_frames) if image.format == "TIFF" else 1


def draw_image(data: bytes, kind: str, page: int, width: int, pixels: int) -> tuple[Any, int]:
    """The page, upright, shrunk to that width (never enlarged), and how many pages there are."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - see draw_pdf

    image = open_image(data, kind, pixels)
    pages = count_frames(image)
    if not 1 <= page <= pages:
        raise Refusal("preview-no-such-page")
    if page > 1:
        image.seek(page - 1)
        if image.width * image.height > pixels:
            raise Refusal("image-too-large")
    if kind == "jpg":
        image.draft("RGB", (width, width))
    image = ImageOps.exif_transpose(image)
    scale = min(1, width / image.width, (PIXELS_OUT / (image.width * image.height)) ** 0.5)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if "transparency" in image.info or image.mode in {"LA", "PA"} else "RGB")
    image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    return image, pages


# ---- the answer


def answer(order: argparse.Namespace, data: bytes) -> tuple[dict[str, object], bytes]:
    """Do what was ordered: a line to print as JSON and the bytes to follow."""
    if order.act == "examine":
        if order.kind == "pdf":
            flags, pages = examine_pdf(data)
            return {"flags": flags, "pages": pages}, b""
        image = open_image(data, order.kind, order.pixels)
        image_pages = count_frames(image)
        return {"flags": [], "pages": image_pages}, b""
    if order.kind == "pdf":
        image, pages = draw_pdf(data, order.page, order.width)
    else:
        image, pages = draw_image(data, order.kind, order.page, order.width, order.pixels)
    written = io.BytesIO()
    if max(image.size) > 16_383:  # the most that WebP can hold
        image.thumbnail((16_383, 16_383))
    image.convert("RGB").save(written, "WEBP", quality=80, method=2)
    return {"pages": pages, "width": image.width, "height": image.height}, written.getvalue()


def main() -> int:
    """Read the order from the command line and the document from standard input."""
    parser = argparse.ArgumentParser()
    parser.add_argument("act", choices=("examine", "draw"))
    parser.add_argument("kind", choices=("pdf", *FORMATS))
    for name in ("page", "width", "pixels", "memory", "seconds", "output"):
        parser.add_argument(f"--{name}", type=int, required=True)
    order = parser.parse_args()
    limit_resources(order.memory, order.seconds, order.output)
    body = b""
    try:
        line, body = answer(order, sys.stdin.buffer.read())
    except Refusal as refusal:
        line = {"refused": str(refusal)}
    except MemoryError:
        line = {"refused": "preview-memory"}
    except Exception as error:  # noqa: BLE001 - whatever a library raises over a hostile file, the answer is the same
        line = {"refused": "preview-damaged", "error": type(error).__name__}
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n" + body)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
