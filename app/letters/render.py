"""How a letter becomes a PDF: a typst template and data, the same bytes each time.

Every letter is PDF/A-2a (kept for decades) and PDF/UA-1 (read aloud) at once; typst refuses what would break either.
Data goes in as JSON, never spliced into the markup; a field that a template uses and the data lacks is an error.
"""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import segno
import typst

from app.letters.glyphs import printable

FOLDER: Final = Path(__file__).parent
TEMPLATES: Final = FOLDER / "templates"
FONTS: Final = FOLDER / "fonts"
STANDARDS: Final = ("a-2a", "ua-1")

_MISSING = re.compile(r'does not contain key "([^"]*)"')


class LetterFailed(RuntimeError):
    """A template and its data do not make a letter; a fault of ours."""


class LetterDataMissing(LetterFailed):
    """The template uses a field that the data lacks; `field` is its name."""

    def __init__(self, template: str, field: str) -> None:
        """Keep the name of the `field`."""
        super().__init__(f"letter {template!r} needs the field {field!r}")
        self.field = field


def render(template: str, data: Mapping[str, Any], at: dt.datetime) -> bytes:
    """Return the PDF of `template` (a file of `templates/` without `.typ`) filled with `data`, dated `at` (aware).

    `data` holds texts, numbers, booleans, None, lists and mappings of these. Letters that our fonts lack are printed as
    a replacement character, so that a strange file name never stops a receipt.

    Raises:
        LetterDataMissing: the template uses a field that `data` lacks.
        LetterFailed: there is no such template, or it makes no letter of this data.
    """
    if at.tzinfo is None:
        raise ValueError("a letter needs an aware moment")
    inputs = {"data": json.dumps(_printable(data), ensure_ascii=False)}
    compiler, lock = _compiler(template)
    try:
        with lock:
            pdf = compiler.compile(
                format="pdf", sys_inputs=inputs, pdf_standards=list(STANDARDS), timestamp=int(at.timestamp())
            )
    except typst.TypstError as error:
        missing = _MISSING.search(error.message)
        if missing:
            raise LetterDataMissing(template, missing[1]) from error
        raise LetterFailed(f"letter {template!r}: {error.message}") from error
    if not isinstance(pdf, bytes):
        raise LetterFailed(f"letter {template!r} came out in parts")
    return pdf


@functools.lru_cache(maxsize=64)
def qr_svg(address: str) -> str:
    """Return a QR code that leads to `address`, as an SVG picture for a template."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, svgns=True, border=4)
    return out.getvalue().decode()


@functools.cache
def _fonts() -> typst.Fonts:
    """Our fonts and no others: a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@functools.cache
def _compiler(template: str) -> tuple[typst.Compiler, threading.Lock]:
    """Return the kept compiler of a template; one thread at a time may use it."""
    path = TEMPLATES / f"{template}.typ"
    if not re.fullmatch(r"[a-z_]+", template) or not path.is_file():
        raise LetterFailed(f"there is no letter {template!r}")
    return typst.Compiler(path, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True), threading.Lock()


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value
