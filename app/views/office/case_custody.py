"""The things of a case in words: where each is, how it came there, what is not as it should be and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app import clock
from app.domain.custody import Discrepancy, ItemState, Movement
from app.domain.items import PLATES, ItemKind
from app.models import Case, Handover, Item, Permit
from app.usecases.after_refusal import waits_for_plates
from app.views.office import formats
from app.views.wording_things import DISCREPANCIES, REMEDIES, THINGS, handover_in_words, holder_in_words


@dataclass(slots=True)
class ThingShown:
    """One thing, or several alike that went the same way."""

    kind: str
    label: str
    plate: str
    chain: list[str]
    chip: tuple[str, str, str]
    numbers: list[int] = field(default_factory=list)
    troubles: list[tuple[str, str, bool]] = field(default_factory=list)
    """What is not as it should be, what can be done about it, and whether to ask for it again is a way."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.numbers)


def things(case: Case) -> list[ThingShown]:
    """Return the things of `case`, alike ones together."""
    found: dict[object, ThingShown] = {}
    for item in case.items:
        shown = _thing(case, item)
        alike = (item.kind, item.label, item.state, item.place, *shown.chain, *shown.troubles)
        found.setdefault(alike, shown).numbers.append(item.number)
    return list(found.values())


def summed_up(case: Case) -> str:
    """Return how many things there are and where, for the head of the panel."""
    here = sum(item.state is ItemState.IN_OFFICE for item in case.items)
    awaited = sum(item.state is ItemState.EXPECTED for item in case.items)
    return str(
        _(
            "%(all)s in all: %(here)s in the office, %(awaited)s awaited",
            all=len(case.items),
            here=here,
            awaited=awaited,
        )
    )


def grouped(items: Iterable[Item]) -> Iterator[tuple[str, str, str, list[Item]]]:
    """Yield (kind, label, plate, things) for things that are alike."""
    groups: dict[tuple[ItemKind, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.kind, item.label), []).append(item)
    for (kind, label), alike in groups.items():
        is_plate = kind in PLATES
        yield str(THINGS[kind.value]), "" if is_plate else label, label if is_plate else "", alike


def _thing(case: Case, item: Item) -> ThingShown:
    is_plate = item.kind in PLATES
    return ThingShown(
        kind=str(THINGS[item.kind.value]),
        label="" if is_plate else item.label,
        plate=item.label if is_plate else "",
        chain=[*_moves(item.handovers), _holder(item)],
        chip=_chip(case, item)
        if not waits_for_plates(case, item)
        else (_("goes back once the new plates are here"), "warn", "lock"),
        troubles=[
            (
                _said(str(DISCREPANCIES[one.kind.value]), one.remark),
                str(REMEDIES[one.kind.value]),
                one.kind is not Discrepancy.NOT_ASKED_FOR,
            )
            for one in item.open_discrepancies
        ],
    )


def _moves(handovers: Iterable[Handover]) -> Iterator[str]:
    """Yield the chain; what only moved from shelf to shelf is left out."""
    for row in handovers:
        if row.movement is Movement.STORED:
            continue
        parts = [f"{handover_in_words(row)} {_short(row)}", row.actor_name]
        if row.consignment is not None:
            parts.append(row.consignment.number)
        yield ", ".join(parts)


def _short(row: Handover) -> str:
    return formats.day(row.day)[:5]


def _holder(item: Item) -> str:
    words = holder_in_words(item)
    return f"{words}, {item.place}" if item.place else words


def _chip(case: Case, item: Item) -> tuple[str, str, str]:
    """Return words, kind and icon of the state of a thing."""
    if item.open_discrepancies:
        return _("to be settled"), "warn", "alert-triangle"
    match item.state:
        case ItemState.EXPECTED:
            return _("awaited"), "", "hourglass"
        case ItemState.IN_OFFICE if item.place:
            return item.place, "ok", "map-pin"
        case ItemState.IN_OFFICE:
            return _("in the office"), "ok", "building"
        case ItemState.WITH_PARTY if item.kind is ItemKind.TEMPORARY_PERMIT and case.permit is not None:
            return permit_chip(case.permit)
        case ItemState.WITH_PARTY:
            return _("with the party"), "", "user-check"
        case ItemState.IN_POST:
            return _("by post"), "", "truck-delivery"
        case ItemState.LOST:
            return _("lost by the post"), "late", "package-off"
        case ItemState.DESTROYED:
            return _("destroyed"), "", "flame"
        case ItemState.WITH_MAKER:
            return _("with the maker of plates"), "", "package-export"
        case ItemState.IN_FILE:
            return _("in the file"), "", "folder"
        case _:
            return holder_in_words(item), "", "circle-minus"


def permit_chip(permit: Permit) -> tuple[str, str, str]:
    """Return words, kind and icon that say until when a temporary permit is valid, or was."""
    if permit.valid_until is None:
        return _("valid for %(days)s days from the decision", days=permit.days), "", "clock"
    if permit.valid_until < clock.today():
        return _("expired on %(day)s", day=formats.day(permit.valid_until)), "late", "alert-triangle"
    return _("valid until %(day)s", day=formats.day(permit.valid_until)), "warn", "clock"


def _said(words: str, remark: str | None) -> str:
    return f"{words}: {remark}" if remark else words
