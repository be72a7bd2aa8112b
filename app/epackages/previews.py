"""What does a page of an attachment look like, and is there anything active in it?

Documents from outside are decoded by a child process with its own limits (`preview_child.py`); here only its order is
written and its answer read. A page that cannot be drawn is a value, not an exception: a clerk then sees why, and can
still download.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.epackages.errors import Reason
from app.epackages.limits import MIB
from app.epackages.media import BY_CODE, KINDS

CHILD = Path(__file__).with_name("preview_child.py")
PAGE_MEDIA = "image/webp"
LINE_BYTES = 4096
WAIT = 3
"""Seconds for which a page waits for a place; the door has other work for its threads."""
PLACES = threading.BoundedSemaphore(2)
"""How many pages one process draws at a time: a case with many hostile pages must not take all memory at once."""


@dataclass(frozen=True, slots=True)
class PreviewLimits:
    """What the child may use: address space and answer in bytes, processor and wall time in seconds, pixels."""

    memory: int = 512 * MIB
    seconds: int = 20
    pixels: int = 50_000_000
    output: int = 16 * MIB
    width: int = 2400


DEFAULT_PREVIEW_LIMITS = PreviewLimits()


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn page: `image` is WebP of `width` × `height` pixels; `page` counts from 1, of `pages`."""

    image: bytes
    width: int
    height: int
    page: int
    pages: int
    media: str = PAGE_MEDIA


@dataclass(frozen=True, slots=True)
class Examination:
    """What an attachment holds: number of pages, and flags such as `pdf-javascript` (see `docs/reason-codes.md`)."""

    pages: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoPreview:
    """Why there is no page; `code` is stable, `detail` for the log."""

    code: str
    detail: str = ""


def kind_with_pages(media: str) -> str | None:
    """The kind to draw for a member of this media type, or None where it has no pages that we draw."""
    return next((kind.code for kind in KINDS if kind.media == media and kind.has_pages), None)


def draw_page(
    chunks: Iterable[bytes],
    kind: str,
    *,
    page: int = 1,
    width: int = 1000,
    limits: PreviewLimits = DEFAULT_PREVIEW_LIMITS,
) -> Page | NoPreview:
    """Draw one page of a document.

    Args:
        chunks: the document's bytes.
        kind: `pdf`, `jpg`, `png`, `tif` or `heic`.
        page: counted from 1.
        width: of the picture, in pixels; clamped to 50 … `limits.width`. Scans are never enlarged.
        limits: of the child process.
    """
    if not PLACES.acquire(timeout=WAIT):
        return NoPreview(Reason.PREVIEW_TIME.value, "others are being drawn")
    try:
        answer = _ask("draw", kind, chunks, limits, page=page, width=max(50, min(width, limits.width)))
    finally:
        PLACES.release()
    if isinstance(answer, NoPreview):
        return answer
    line, image = answer
    try:
        drawn = Page(image, int(line["width"]), int(line["height"]), page, int(line["pages"]))
    except (KeyError, TypeError, ValueError):
        return NoPreview(Reason.PREVIEW_FAILED.value, "an answer without figures")
    if not (image.startswith(b"RIFF") and image[8:12] == b"WEBP"):
        return NoPreview(Reason.PREVIEW_FAILED.value, "the answer is not a picture")
    return drawn


def examine(
    chunks: Iterable[bytes], kind: str, *, limits: PreviewLimits = DEFAULT_PREVIEW_LIMITS
) -> Examination | NoPreview:
    """Count the pages of a document and look for active content, embedded files and encryption.

    Args:
        chunks: the document's bytes.
        kind: `pdf`, `jpg`, `png`, `tif` or `heic`.
        limits: of the child process.
    """
    answer = _ask("examine", kind, chunks, limits, page=1, width=limits.width)
    if isinstance(answer, NoPreview):
        return answer
    line, _ = answer
    flags, pages = line.get("flags"), line.get("pages")
    known = {str(reason) for reason in Reason}
    if not isinstance(flags, list) or not isinstance(pages, int):
        return NoPreview(Reason.PREVIEW_FAILED.value, "an answer without figures")
    return Examination(pages, tuple(flag for flag in flags if flag in known))


def _ask(
    act: str, kind: str, chunks: Iterable[bytes], limits: PreviewLimits, *, page: int, width: int
) -> tuple[dict[str, Any], bytes] | NoPreview:
    if kind not in BY_CODE or not BY_CODE[kind].has_pages:
        return NoPreview(Reason.PREVIEW_KIND.value, kind)
    figures = {
        "page": page,
        "width": width,
        "pixels": limits.pixels,
        "memory": limits.memory,
        "seconds": limits.seconds,
        "output": limits.output,
    }
    order = [sys.executable, "-I", "-B", str(CHILD), act, kind, *(f"--{name}={n}" for name, n in figures.items())]
    with tempfile.TemporaryFile() as document, tempfile.TemporaryFile() as answer:
        for chunk in chunks:
            document.write(chunk)
        document.seek(0)
        try:
            # Nothing of our environment goes along: it holds keys.
            ended = subprocess.run(
                order,
                stdin=document,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                cwd="/",
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return NoPreview(Reason.PREVIEW_TIME.value, f"over {limits.seconds} s")
        if ended.returncode != 0:
            return _how_it_died(ended.returncode)
        return _read_answer(answer, limits)


def _how_it_died(code: int) -> NoPreview:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return NoPreview(Reason.PREVIEW_TIME.value, f"ended by signal {-code}")
    if code in {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, -signal.SIGTRAP, -signal.SIGILL}:
        return NoPreview(Reason.PREVIEW_MEMORY.value, f"ended by signal {-code}")
    return NoPreview(Reason.PREVIEW_FAILED.value, f"ended with {code}")


def _read_answer(answer: IO[bytes], limits: PreviewLimits) -> tuple[dict[str, Any], bytes] | NoPreview:
    answer.seek(0)
    try:
        line = json.loads(answer.readline(LINE_BYTES))
    except ValueError:
        return NoPreview(Reason.PREVIEW_FAILED.value, "no answer")
    if not isinstance(line, dict):
        return NoPreview(Reason.PREVIEW_FAILED.value, "no answer")
    if "refused" in line:
        refused = str(line["refused"])
        code = refused if refused in {str(reason) for reason in Reason} else Reason.PREVIEW_FAILED.value
        return NoPreview(code, str(line.get("error", "")))
    return line, answer.read(limits.output)
