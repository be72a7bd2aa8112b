"""The letters that the office signs: plain values in, the PDF out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.letters.codes import code_pictures
from app.letters.receipt import Office
from app.letters.render import qr_svg, render
from app.letters.texts import Composed
from app.letters.words import day_in_words, typeset


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: name, position, and for whom (empty for the authority in person)."""

    name: str
    position: str
    authority: str = "z up. Prezydenta Miasta"


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """The last page, to put on top of an envelope: the `code` that opens the case, the address, what to enclose."""

    code: str
    address: tuple[str, ...]
    enclose: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialLetter:
    """A letter. Days are calendar days of the office; empty texts and tuples are left out of the print.

    `number` is the identifier of the letter (KPA art. 39³); `electronic_note` says who signed and how, and stands
    where the signature by hand would; `check_address` is the full address at which the letter can be checked. `form`
    names the national form that a decision follows, for the foot of each page; `part_b` adds the owner's confirmation
    of receipt for the decision and `part_b_items`; a `draft` says on each page that it was not sent.
    """

    office: Office
    place: str
    day: dt.date
    sign: str
    number: str = ""
    addressee: tuple[str, ...]
    text: Composed
    signer: Signer
    attachments: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    electronic_note: str = ""
    check_address: str = ""
    cover: CoverSheet | None = None
    form: str = ""
    part_b: bool = False
    part_b_items: tuple[str, ...] = ()
    draft: bool = False


def print_letter(letter: OfficialLetter, at: dt.datetime) -> bytes:
    """Return the PDF of `letter`, made `at` (aware); the same values give the same bytes.

    Raises:
        ValueError: a letter without case sign, addressee, place or signer; the message names the field.
    """
    needed = {
        "sign": letter.sign,
        "place": letter.place,
        "addressee": "".join(letter.addressee),
        "signer.name": letter.signer.name,
        "signer.position": letter.signer.position,
    }
    for field, value in needed.items():
        if not value.strip():
            raise ValueError(f"a letter needs the field {field!r}")
    data = {
        "office": letter.office.as_data(),
        "place": letter.place,
        "day": day_in_words(letter.day),
        "sign": letter.sign,
        "number": letter.number or None,
        "form": typeset(letter.form) or None,
        "addressee": letter.addressee,
        "text": letter.text.as_data(),
        "signer": {
            "name": letter.signer.name,
            "position": letter.signer.position,
            "authority": typeset(letter.signer.authority) or None,
        },
        "attachments": letter.attachments,
        "recipients": letter.recipients,
        "electronic_note": typeset(letter.electronic_note) or None,
        "check": {"address": letter.check_address, "qr": qr_svg(letter.check_address)}
        if letter.check_address
        else None,
        "cover": _cover(letter.cover),
        "part_b": [typeset(item) for item in letter.part_b_items] if letter.part_b else None,
        "draft": letter.draft,
    }
    return render("official", data, at)


def _cover(cover: CoverSheet | None) -> dict[str, object] | None:
    if cover is None:
        return None
    return {
        "code": code_pictures(cover.code),
        "address": cover.address,
        "enclose": [typeset(words) for words in cover.enclose],
    }
