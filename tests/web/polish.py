"""Which English words does a page say that the Polish catalogue never says?"""

from __future__ import annotations

import functools
import re
from html.parser import HTMLParser
from pathlib import Path

import polib

_CATALOGUE = Path(__file__).resolve().parents[2] / "translations/pl/LC_MESSAGES/messages.po"
_WORD = re.compile(r"[A-Za-zĄĆĘŁŃÓŚŹŻąćęłńóśźż]{2,}")
# Places to fill in, tags, addresses, names of things as programs write them (`case:12`), numbers to quote and digests.
_PLACE = re.compile(
    r"%\(\w+\)[sd]|%?\{\w+\}|<[^>]*>|\S+@\S+|https?://\S+|\w+:\d+|\b[A-Z0-9]{16,}\b|\b[0-9a-f]{8,}\b|\b\w+(?:-[0-9A-F]{4})+"
)
_SPOKEN = ("alt", "title", "aria-label", "placeholder", "data-confirm")
_SILENT = ("script", "style", "template", "code", "kbd")
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr")


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(_PLACE.sub(" ", text))}


@functools.cache
def english_words() -> frozenset[str]:
    """Return the words of English sentences that no Polish one has, and what Python says for nothing."""
    english, polish = {"none", "true", "false", "undefined", "null"}, set()
    for entry in polib.pofile(str(_CATALOGUE)):
        english |= _words(entry.msgid) | _words(entry.msgid_plural)
        polish |= set().union(*map(_words, [entry.msgstr, *entry.msgstr_plural.values()]))
    return frozenset(english - polish)


class _Reader(HTMLParser):
    """Collects what a page shows and what a screen reader says; leaves out code and what is marked as English."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._left_out: list[bool] = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        as_it_is = tag in _SILENT or {"code", "mb-mono"} & set((values.get("class") or "").split())
        out = self._left_out[-1] or bool(as_it_is) or values.get("lang", "pl") != "pl"
        if not out:
            self.said += [values[name] or "" for name in _SPOKEN if name in values]
            if tag == "input" and values.get("type") in {"submit", "button"}:
                self.said.append(values.get("value") or "")
        if tag not in _VOID:
            self._left_out.append(out)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and len(self._left_out) > 1:
            self._left_out.pop()

    def handle_data(self, data: str) -> None:
        if not self._left_out[-1] and data.strip():
            self.said.append(" ".join(data.split()))


def english_on(page: str, *, allowed: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return the English words of `page` (HTML) that are not `allowed`, each with the text in which it stands."""
    reader = _Reader()
    reader.feed(page)
    known = english_words() - allowed
    return [(word, text[:120]) for text in reader.said for word in sorted(_words(text) & known)]
