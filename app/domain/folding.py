"""By which folded keys is a case found, and which key did the person mean who typed or scanned something?

Keys are matched by prefix: `key >= low AND key < high` with `prefix_range`, under a byte-wise collation ("C" on
PostgreSQL, BINARY on SQLite). Folding forgives what eyes and keyboards confuse: Polish letters, case, spaces and
dashes, the letter O for zero, the letter I for one.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from stdnum.pl import pesel

from app.domain.case_signs import CaseSign, recognise_case_sign

VIN_TAIL_LENGTH = 6

_BEFORE_DECOMPOSING = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O"})
_CONFUSED = str.maketrans({"O": "0", "I": "1"})
_SIGN_BEGINNING = re.compile(
    r"(?P<unit>[A-Z]{1,10})[\s./-]*(?P<klass>\d{2,6})(?:[\s./-]+(?P<number>[1-9]\d{0,8})?)?(?:[\s./-]+(?P<year>\d{0,4}))?",
    re.ASCII,
)
_SHORT_BEGINNING = re.compile(r"0*(?P<number>[1-9]\d{0,8})\s*[./]\s*(?P<year>\d{0,4})", re.ASCII)
_UNIT_AND_NUMBER = re.compile(
    r"(?P<unit>[A-Z]{1,10})[\s./-]+0*(?P<number>[1-9]\d{0,5})(?:[\s./-]+(?P<year>\d{0,4}))?", re.ASCII
)
_STRAY = re.compile(r"^[\W_]+|(?:[^\w./-]|_)+$")
_CLASS_AND_NUMBER = re.compile(r"\d{4}\.(?P<number>[1-9]\d{0,8})\.?", re.ASCII)
_PLATE_LIKE = re.compile(r"[A-Z][A-Z0-9]{1,7}", re.ASCII)


class KeyKind(enum.StrEnum):
    """What a key is made of."""

    CASE_SIGN = "case_sign"
    PLATE = "plate"
    VIN = "vin"
    VIN_TAIL = "vin_tail"
    TRACKING = "tracking"
    PESEL = "pesel"
    REGON = "regon"
    NAME = "name"


class SearchKey(NamedTuple):
    """One row of the table of keys, or one guess at what was asked for (then `key` is a prefix)."""

    kind: KeyKind
    key: str


def fold(text: str) -> str:
    """Return `text` as a key: no accents, capitals, letters and digits only, O as 0 and I as 1.

    `fold(fold(x)) == fold(x)`, and folding a beginning of a word gives a beginning of its key.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_BEFORE_DECOMPOSING)).upper()
    # Capitals may decompose further (ŉ, ǰ): take the marks off last.
    letters = "".join(c for c in unicodedata.normalize("NFKD", decomposed) if c.isalnum())
    return letters.translate(_CONFUSED)


def fold_words(name: str) -> tuple[str, ...]:
    """Return the key of each word of `name`, each once; a word with a hyphen gives its parts and the whole."""
    keys: dict[str, None] = {}
    for word in name.split():
        parts = [part for part in re.split(r"[-‐‑–—/]", word) if fold(part)]
        for part in [*parts, "".join(parts)]:
            if fold(part):
                keys[fold(part)] = None
    return tuple(keys)


def fold_sign(sign: CaseSign) -> tuple[str, str]:
    """Return the keys of a case sign: the whole one and its short form. Dots stay, so that 12 is not found as 128."""
    whole = ".".join((fold(sign.unit), sign.klass, str(sign.number), str(sign.year)))
    return whole, f"{sign.number}.{sign.year}"


def prefix_range(prefix: str) -> tuple[str, str]:
    """Return `(low, high)` such that `low <= key < high` exactly for keys that begin with `prefix`.

    Raises:
        ValueError: for an empty prefix, which would be the whole table.
    """
    if not prefix:
        raise ValueError("an empty prefix finds everything")
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def keys_for_case(
    sign: CaseSign,
    *,
    plates: Iterable[str] = (),
    vins: Iterable[str] = (),
    tracking_numbers: Iterable[str] = (),
    pesel_digests: Iterable[str] = (),
    regons: Iterable[str] = (),
    names: Iterable[str] = (),
) -> tuple[SearchKey, ...]:
    """Return every key under which a case is to be found, each once.

    `pesel_digests` are keyed digests made by the key ring: a PESEL itself never becomes a key. `names` are whole names
    of persons and entities.
    """
    whole_vins = [fold(vin) for vin in vins]
    keys = {
        KeyKind.CASE_SIGN: fold_sign(sign),
        KeyKind.PLATE: map(fold, plates),
        KeyKind.VIN: whole_vins,
        KeyKind.VIN_TAIL: (vin[-VIN_TAIL_LENGTH:] for vin in whole_vins),
        KeyKind.TRACKING: map(fold, tracking_numbers),
        KeyKind.PESEL: pesel_digests,
        KeyKind.REGON: map(fold, regons),
        KeyKind.NAME: (word for name in names for word in fold_words(name)),
    }
    return tuple(dict.fromkeys(SearchKey(kind, key) for kind, values in keys.items() for key in values if key))


def bare(text: str) -> str:
    """Return `text` without what slipped in around it: the bar that leads to the field, quotation marks, commas.

    Dots, bars and dashes behind it stay: "12." is not the beginning of 128.
    """
    return _STRAY.sub("", text)


def key_of_query(text: str, *, unit: str, pesel_digest: Callable[[str], str] | None = None) -> tuple[SearchKey, ...]:
    """Guess what `text` is, as it was typed or scanned; the likeliest guess first.

    Behind `unit`, the unit of the office in its case signs, a number is that of a case, too.
    Keys of the kind NAME belong together: a case must have all of them. Every other key is an alternative.
    `pesel_digest` makes the digest of a PESEL; without it a PESEL is not searched for. A whole case sign is taken
    for nothing else; a whole PESEL may be the tracking number of a parcel besides.
    """
    written = bare(text)
    folded = fold(written)
    if not folded:
        return ()
    digits = re.sub(r"[\s-]", "", written)
    if pesel_digest is not None and len(digits) == 11 and pesel.is_valid(digits):
        return (SearchKey(KeyKind.PESEL, pesel_digest(digits)), SearchKey(KeyKind.TRACKING, folded))
    sign = recognise_case_sign(written)
    if sign is not None:
        # A short form has no unit: search by number and year in every list of cases.
        whole, short = fold_sign(sign)
        return (SearchKey(KeyKind.CASE_SIGN, whole if written[0].isalpha() else short),)
    guesses = [*_sign_guesses(written, unit), *_code_guesses(written, folded)]
    if not guesses or _may_be_a_name(written):
        guesses.extend(SearchKey(KeyKind.NAME, word) for word in _query_words(written))
    return tuple(dict.fromkeys(guesses))


def is_enough(text: str) -> bool:
    """Return whether `text` says enough to search by: one letter would find half of all names, punctuation nothing.

    A number of any length is enough: it may be that of a case.
    """
    folded = fold(text)
    if any(char.isdigit() for char in text):
        return bare(text).isdecimal() or len(folded) >= 2
    return any(len(fold(word)) >= 2 for word in text.split())


def _may_be_a_name(written: str) -> bool:
    """Names have no digits; names of firms may, beside a word of at least three letters."""
    words = written.split()
    return not any(c.isdigit() for c in written) or (
        len(words) > 1 and any(len(word) >= 3 and word.isalpha() for word in words)
    )


def _query_words(written: str) -> tuple[str, ...]:
    # A hyphenated word asks for its joined form, which every such name has as a key: one row instead of three.
    return tuple(dict.fromkeys(key for key in (fold(word) for word in written.split()) if key))


def _sign_guesses(written: str, unit: str) -> Iterator[SearchKey]:
    if match := _CLASS_AND_NUMBER.fullmatch(written):  # 5410.82, of any year
        yield SearchKey(KeyKind.CASE_SIGN, f"{match['number']}.")
    match = _SHORT_BEGINNING.fullmatch(written)
    if match is not None:
        yield SearchKey(KeyKind.CASE_SIGN, f"{match['number']}.{match['year']}")
        return
    if written.isdecimal() and len(written) <= 6 and not written.startswith("0"):
        yield SearchKey(KeyKind.CASE_SIGN, f"{written}.")
        return
    match = _UNIT_AND_NUMBER.fullmatch(written.upper())
    if match is not None and match["unit"] == unit:  # KM 44, as it is said aloud; its class is not said
        yield SearchKey(KeyKind.CASE_SIGN, f"{match['number']}.{match['year'] or ''}")
    match = _SIGN_BEGINNING.fullmatch(written.upper())
    if match is not None and re.search(r"[\s./-]", written):
        parts = [fold(match["unit"]), match["klass"], match["number"], match["year"]]
        yield SearchKey(KeyKind.CASE_SIGN, ".".join(part for part in parts if part is not None))


def _code_guesses(written: str, folded: str) -> Iterator[SearchKey]:
    """Guess plates, VINs and tracking numbers: codes have a digit, or at least no more than one word."""
    # The label on a parcel prints the application identifier in brackets: (00) 7 5900773 …
    has_digit = any(c.isdigit() for c in written)
    one_word = len(written.split()) == 1
    compact = re.sub(r"[\s-]", "", written).upper()
    if (has_digit or one_word) and _PLATE_LIKE.fullmatch(compact) and (has_digit or len(compact) <= 3):
        yield SearchKey(KeyKind.PLATE, folded)
    if not has_digit:
        return
    if len(folded) == VIN_TAIL_LENGTH and folded.isascii():
        yield SearchKey(KeyKind.VIN_TAIL, folded)
    if 6 <= len(folded) <= 17 and not compact.isdecimal():
        yield SearchKey(KeyKind.VIN, folded)
    if compact.isdecimal() and len(compact) in {9, 14}:
        yield SearchKey(KeyKind.REGON, folded)
    if len(folded) >= 8:
        yield SearchKey(KeyKind.TRACKING, folded)
