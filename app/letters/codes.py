"""Codes that a reader at the counter beeps at: QR and Code 128 of the same text, as pictures for a template."""

from __future__ import annotations

import functools
import itertools
from typing import Final

from barcode.codex import Code128

from app.letters.render import qr_svg

_QUIET: Final = 10  # modules without ink on either side (ISO/IEC 15417)
_HEIGHT: Final = 60


def code_pictures(code: str) -> dict[str, object]:
    """Return `code` with its pictures `qr` and `bars`, and how many `modules` wide the bars are.

    `bars` is None for a text that Code 128 has no letters for: the QR code still says it.

    Raises:
        ValueError: `code` is empty, or too long for a QR code.
    """
    if not code:
        raise ValueError("an empty code leads nowhere")
    said = all(" " <= letter <= "~" for letter in code)
    return {
        "code": code,
        "qr": qr_svg(code),
        "bars": code128_svg(code) if said else None,
        "modules": len(Code128(code).build()[0]) + 2 * _QUIET if said else 0,
    }


@functools.lru_cache(maxsize=64)
def code128_svg(text: str) -> str:
    """Return a Code 128 of `text`, with its quiet zones, as an SVG picture that may be stretched to any height.

    Raises:
        ValueError: `text` is empty, or has letters other than printable ASCII.
    """
    if not text or not all(" " <= letter <= "~" for letter in text):
        raise ValueError("Code 128 takes printable ASCII")
    modules = Code128(text).build()[0]
    bars = []
    at = _QUIET
    for ink, run in itertools.groupby(modules):
        width = len(list(run))
        if ink == "1":
            bars.append(f"M{at} 0h{width}v{_HEIGHT}h-{width}z")
        at += width
    size = f'width="{at + _QUIET}" height="{_HEIGHT}" viewBox="0 0 {at + _QUIET} {_HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} preserveAspectRatio="none"><path d="{"".join(bars)}"/></svg>'
    )
