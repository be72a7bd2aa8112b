"""The small marks of the office's pages: icons, chips, plates and case signs, as safe HTML.

Registers print hundreds of them a page, so they are made here and not by template macros: no translation and no
address is looked up per mark.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup, escape

from app.views.assets import static_address

KINDS = frozenset({"", "ok", "warn", "late", "info"})
_CHIP = Markup('<span class="{}">{}{}</span>')


def icon(name: str, label: str = "") -> Markup:
    """Return the icon `name` (a line of assets/office/icons.txt); without a `label` it is decoration."""
    return _icon(name, label, static_address("dist/office/icons.svg"))


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, sprite: str) -> Markup:
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="i" {}><use href="{}#{}"></use></svg>').format(spoken, sprite, name)


def chip(text: object, kind: str = "", icon_name: str = "") -> Markup:
    """Return a state in words with an icon. `kind`: ok, warn (a person must look), late, info, or "" (waits)."""
    if kind not in KINDS:
        raise ValueError(f"no chip of the kind {kind!r}")
    return _CHIP.format(f"chip chip-{kind}" if kind else "chip", icon(icon_name) if icon_name else "", text)


def plate(number: str | None, large: bool = False) -> Markup:  # noqa: FBT001, FBT002  called from templates
    """Return a number plate that looks like one, or nothing."""
    if not number:
        return Markup("")
    # Not by `format`: a register draws a hundred of them.
    front = '<span class="plate plate-l"><span>' if large else '<span class="plate"><span>'
    inside = html.escape(number.replace(" ", "\N{NO-BREAK SPACE}"))
    return Markup(f"{front}{inside}</span></span>")  # noqa: S704  escaped above


def sign(number: object, url: str = "") -> Markup:
    """Return a case sign, never broken over lines; a link where `url` is given."""
    if url:
        return Markup('<a class="sign" href="{}">{}</a>').format(url, number)
    return Markup('<span class="sign">{}</span>').format(number)


def code(text: object) -> Markup:
    """Return a number of a document, a digest or a VIN in letters where I l 1 and O 0 differ."""
    return Markup('<span class="code">{}</span>').format(text) if text else Markup("")


def long(text: object) -> Markup:
    """Return a long name that may be broken anywhere, so that its column stays narrow."""
    return Markup('<span class="long">{}</span>').format(text) if text else Markup("")


def lines(texts: Iterable[object]) -> Markup:
    """Return `texts` as a list, one below the other; nothing where there are none."""
    items = Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)
    return Markup('<ul class="list-unstyled mb-0">{}</ul>').format(items) if items else Markup("")


@lru_cache(maxsize=256)
def options(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """Return (code, words) of a select, the `chosen` one marked; many pages show the same ones."""
    parts = (
        Markup('<option value="{}"{}>{}</option>').format(code, Markup(" selected") if code == chosen else "", words)
        for code, words in choices
    )
    return Markup("").join(parts)


def muted(text: object) -> Markup:
    """Return words of lesser weight."""
    return Markup('<span class="muted">') + escape(text) + Markup("</span>")
