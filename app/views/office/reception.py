"""What somebody ticked and typed about an envelope, and what the page of its receiving shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.domain.alphabet import polish_key
from app.domain.custody import Condition, ItemState
from app.domain.errors import BadInput
from app.domain.items import PLATES, ItemKind
from app.domain.tracking import carriers_of, parse_tracking
from app.models import Announcement, Carriage, Case, Consignment, Item
from app.reports import counter
from app.usecases.case_facts import awaited_items
from app.usecases.printouts import IDENTITY_WORDS
from app.usecases.receive_items import Arrived, Envelope, Extra
from app.views.numbers import whole_number
from app.views.office.register_filters import read_day
from app.views.wording_things import THINGS

_Word = TypeVar("_Word", Carriage, Condition)

EXTRAS = 3
"""Rows for things that nobody asked for."""

_TAIL = re.compile(r"[0-9A-Z]{3}", re.ASCII)
_BROUGHT = [kind for kind in ItemKind if kind not in {ItemKind.NEW_PLATE, ItemKind.NEW_EXTRA_PLATE, ItemKind.DECISION}]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A thing that should be in the envelope, as the page shows it and as it was ticked."""

    number: int
    name: str
    label: str
    is_plate: bool
    comes_back: bool
    here: bool = True
    condition: str = Condition.GOOD.value
    remark: str = ""
    absent: str = "missing"


@dataclass(frozen=True, slots=True)
class Reception:
    """The fields of the page; what was typed stays in them when something was refused."""

    awaited: tuple[Awaited, ...]
    kinds: tuple[tuple[str, str], ...]
    extras: tuple[tuple[str, str], ...]
    carriage: str = Carriage.POST.value
    tracking: str = ""
    posted_on: str = ""
    person: str = ""
    identity_kind: str = ""
    identity_tail: str = ""
    place: str = ""
    arrival: Consignment | None = None
    announced: Announcement | None = None
    """What the party said last of how its things will come."""


def blank(session: Session, case: Case, arrival: Consignment | None) -> Reception:
    """Return the page before anybody touched it: all that is awaited is ticked, the shelf is the one of last time.

    It came as the party had announced, unless what was scanned is the number of a parcel.
    """
    announced, scanned = _announced(case), _scanned_number()
    came = announced.way if announced and not scanned else Carriage.POST
    together = next((item.place for item in case.items if item.place and item.state is ItemState.IN_OFFICE), "")
    return Reception(
        awaited=tuple(_awaited(case)),
        kinds=_kinds(),
        extras=(("", ""),) * EXTRAS,
        carriage=(arrival.carriage if arrival else came).value,
        tracking=(arrival.tracking or "") if arrival else scanned,
        person=(arrival.person or "") if arrival else case.applicant_name,
        place=together or counter.last_place(session, g.user.id),
        arrival=arrival,
        announced=announced,
    )


def typed(case: Case, arrival: Consignment | None) -> Reception:
    """Return the page as it was sent."""
    form = request.form
    here = set(numbers_of(form.getlist("here")))
    return Reception(
        awaited=tuple(
            Awaited(
                **{name: getattr(one, name) for name in ("number", "name", "label", "is_plate", "comes_back")},
                here=one.number in here,
                condition=form.get(f"condition-{one.number}", "good"),
                remark=form.get(f"remark-{one.number}", ""),
                absent=form.get(f"absent-{one.number}", "missing"),
            )
            for one in _awaited(case)
        ),
        kinds=_kinds(),
        extras=tuple(_extras(form)) or (("", ""),) * EXTRAS,
        carriage=form.get("carriage", ""),
        tracking=form.get("tracking", ""),
        posted_on=form.get("posted_on", ""),
        person=form.get("person", ""),
        identity_kind=form.get("identity_kind", ""),
        identity_tail=form.get("identity_tail", ""),
        place=form.get("place", ""),
        arrival=arrival,
        announced=_announced(case),
    )


def envelope_typed() -> Envelope:
    """Read how something came. Raises BadInput: `day-unreadable`, `identity-tail`."""
    form = request.form
    carriage = _choice(Carriage, form.get("carriage", ""), Carriage.POST)
    person = form.get("person", "")
    if carriage is Carriage.IN_PERSON:
        return Envelope(carriage=carriage, person=person, identity_document=identity_typed())
    tracking = form.get("tracking", "")
    carriers = carriers_of(parse_tracking(tracking).value) if tracking.strip() else ()
    return Envelope(
        carriage=carriage,
        carrier=carriers[0] if carriers else "",
        tracking=tracking,
        posted_on=day_typed("posted_on"),
        person=person,
    )


def identity_typed() -> str:
    """Return which identity document was shown, by kind and its last three characters; nothing where none was.

    Raises BadInput: `identity-tail`: not exactly three letters or digits; the office has no ground to keep more.
    """
    kind = IDENTITY_WORDS.get(request.form.get("identity_kind", ""), "")
    tail = request.form.get("identity_tail", "").strip().upper()
    if tail and not _TAIL.fullmatch(tail):
        raise BadInput("identity-tail")
    return f"{kind} …{tail}" if kind and tail else ""


def arrived_typed(case: Case) -> tuple[list[Arrived], list[int], list[Extra]]:
    """Read what is here, what is missing and what nobody asked for."""
    form = request.form
    here = numbers_of(form.getlist("here"))
    arrived = [
        Arrived(
            number,
            _choice(Condition, form.get(f"condition-{number}", ""), Condition.GOOD),
            form.get(f"remark-{number}", "")[:500],
        )
        for number in here
    ]
    missing = [
        item.number
        for item in awaited_items(case)
        if item.number not in here and form.get(f"absent-{item.number}") == "missing"
    ]
    known = {kind.value for kind in ItemKind}
    extra = [Extra(ItemKind(kind), label) for kind, label in _extras(form) if kind in known]
    return arrived, missing, extra


def day_typed(name: str) -> dt.date | None:
    """Return the day in the field `name`, `None` where it is empty. Raises BadInput: `day-unreadable`."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    day = read_day(text)
    if day is None:
        raise BadInput("day-unreadable", day=text[:20])
    return day


def numbers_of(texts: Iterable[str]) -> list[int]:
    """Return the numbers among `texts`, each once."""
    found = map(whole_number, texts)
    return list(dict.fromkeys(number for number in found if number is not None))


def name_of(item: Item) -> str:
    """Return what `item` is called."""
    return str(THINGS.get(item.kind.value, THINGS["OTHER"]))


def is_plate(item: Item) -> bool:
    """Return whether `item` bears a registration number."""
    return item.kind in PLATES


def _awaited(case: Case) -> list[Awaited]:
    """Return what should come; of things that look alike, such as two plates, which of them each is."""
    items = awaited_items(case)
    labels = [item.label or (case.plate or "" if item.kind is ItemKind.PLATE else "") for item in items]
    looks = [(item.kind, label) for item, label in zip(items, labels, strict=True)]
    return [
        Awaited(
            item.number,
            name_of(item) if looks.count(look) == 1 else _("%(thing)s, %(number)s of %(all)s", thing=name_of(item),
            number=looks[: place + 1].count(look), all=looks.count(look)),
            label, is_plate(item), item.state is ItemState.WITH_PARTY,
        )
        for place, (item, label, look) in enumerate(zip(items, labels, looks, strict=True))
    ]  # fmt: skip


def _announced(case: Case) -> Announcement | None:
    return case.announcements[-1] if case.announcements and awaited_items(case) else None


def _kinds() -> tuple[tuple[str, str], ...]:
    named = [(kind.value, str(THINGS.get(kind.value, THINGS["OTHER"]))) for kind in _BROUGHT]
    return tuple(sorted(named, key=lambda pair: (pair[0] == "OTHER", polish_key(pair[1]))))


def _extras(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    return list(zip(form.getlist("extra_kind"), form.getlist("extra_label"), strict=False))[:10]


def _scanned_number() -> str:
    """What was scanned to come here, if it was the number of the parcel itself."""
    text = request.args.get("numer", "")[:40]
    return text if text and not parse_tracking(text).warnings else ""


def _choice(kind: type[_Word], text: str, otherwise: _Word) -> _Word:
    try:
        return kind(text)
    except ValueError:
        return otherwise
