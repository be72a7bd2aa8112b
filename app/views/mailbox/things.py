"""The things of a case as a citizen sees them: what each is called, where it is, and how it comes back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.custody import ItemState, Movement
from app.domain.deadlines import Way
from app.domain.delivery import Method
from app.domain.items import VEHICLE_CARDS, Fate
from app.domain.procedures.stages import Doer, Stage
from app.domain.summonses import DemandKind, only_ways
from app.models import (
    Carriage,
    Case,
    Consignment,
    Demand,
    Direction,
    Item,
    ParcelOutcome,
    Proposal,
    ProposalState,
)
from app.usecases.after_refusal import waits_for_plates
from app.usecases.case_facts import newest_proposal
from app.usecases.may_leave import is_forwarded_next, waits_for_the_permanent
from app.views.mailbox.formats import HARD, hard
from app.views.mailbox.say import say as gettext
from app.views.mailbox.say import say_many as ngettext
from app.views.wording_letters import DEMAND_WAYS
from app.views.wording_things import THINGS

_INVALIDATED: Mapping[Fate, LazyString] = {
    Fate.INVALIDATED_AND_KEPT: _("invalidated, stays in the office"),
    Fate.RETURNED_ABROAD: _("invalidated, comes back to you"),
}
"""What becomes of a paper that is invalidated already."""
_FATES: Mapping[Fate, LazyString] = {
    Fate.TO_PARTY: _("comes to you"),
    Fate.LENT: _("comes to you, and back to the office for the permanent certificate"),
    Fate.IN_FILE: _("stays in the file of the case"),
    Fate.DESTROYED: _("will be destroyed"),
    Fate.INVALIDATED_AND_KEPT: _("will be invalidated and stays in the office"),
    Fate.RETURNED_ABROAD: _("will be invalidated and comes back to you"),
}
_ENDS: Mapping[Movement, LazyString] = {
    Movement.HANDED_OUT: _("handed over to you"),
    Movement.POSTED: _("on its way to you by post"),
    Movement.DELIVERED: _("delivered to you by post"),
    Movement.FILED: _("in the file of the case"),
    Movement.DESTROYED: _("destroyed"),
    Movement.TO_MAKER: _("handed over to the maker of plates"),
    Movement.FORWARDED: _("sent on to another authority"),
    Movement.LOST: _("lost by the post; the office will tell you what comes instead"),
    Movement.REPLACED: _("lost by the post; the office has prepared another one"),
    Movement.WRITTEN_OFF: _("lost by the post; none comes instead"),
}
_HANDED_OVER = frozenset({Movement.HANDED_OUT, Movement.DELIVERED})
WAYS: Mapping[str, LazyString] = {
    Method.IN_PERSON: _("you collect it in the office"),
    Method.POST: _("by registered post with acknowledgement of receipt, at your cost"),
}
SENT_BACK: LazyString = _("by registered post with acknowledgement of receipt, at the cost of the office")
CARRIAGES: Mapping[str, LazyString] = {
    Carriage.IN_PERSON: _("in person"),
    Carriage.POST: _("by post"),
    Carriage.COURIER: _("by courier"),
}
_OUTCOMES: Mapping[ParcelOutcome, LazyString] = {
    ParcelOutcome.DELIVERED: _("delivered"),
    ParcelOutcome.REFUSED: _("not accepted; it came back to the office, and a decision in it counts as served"),
    ParcelOutcome.UNCLAIMED: _("not collected; it came back to the office"),
    ParcelOutcome.UNKNOWN_ADDRESSEE: _("addressee not found; it came back to the office"),
    ParcelOutcome.LOST: _("lost by the post; the office will tell you what comes instead"),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Things of one kind that share their lot: `numbers` are those of the items."""

    name: str
    since: dt.date
    lot: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of the case, in or out."""

    said: str
    on: dt.date
    carrier: str
    tracking: str
    outcome: str
    letter: int | None = None
    """The id of the parcel whose letter is kept."""


def name_of_kind(kind: str) -> str:
    """Return what a kind of thing or document is called."""
    return str(THINGS.get(kind, THINGS["OTHER"]))


def name_of(items: Iterable[Item]) -> str:
    """Return how things of one kind are called together: `Registration plate SC 4821K, 2 pieces`."""
    several = list(items)
    label = f" {hard(several[0].label)}" if several[0].label else ""
    return counted(f"{name_of_kind(several[0].kind)}{label}", len(several))


def counted(name: str, number: int) -> str:
    """Return `name` with how many pieces there are, if there are several."""
    if number == 1:
        return name
    pieces = ngettext("%(num)d piece", "%(num)d pieces", number).replace(" ", HARD)
    return f"{name}, {pieces}"


def together(items: Iterable[Item]) -> list[list[Item]]:
    """Return `items` in groups of one kind, one label and one lot, in their order."""
    groups: dict[tuple[str, str, str, str], list[Item]] = {}
    for item in items:
        groups.setdefault((item.kind, item.label, item.state, item.fate), []).append(item)
    return list(groups.values())


def in_the_office(case: Case) -> list[Thing]:
    """Return what the office holds of `case` now."""
    proposal = newest_proposal(case)
    here = [item for item in case.items if item.state is ItemState.IN_OFFICE]
    return [
        Thing(
            name_of(group),
            group[0].handovers[_arrival(group[0])].day,
            _lot(group[0], proposal),
            tuple(item.number for item in group),
        )
        for group in together(here)
    ]


def settled(case: Case) -> list[Thing]:
    """Return where everything went that the office does not hold any more, in the order of the days.

    What went back to the stock never was its party's.
    """
    there = [item for item in case.items if item.handovers[-1].movement in _ENDS and not item.in_stock]
    lots = [
        Thing(name_of(group), group[0].handovers[-1].day, _end(group[0]), tuple(item.number for item in group))
        for group in together(there)
    ]
    return sorted(lots, key=lambda thing: thing.since)


def _end(item: Item) -> str:
    if item.invalidated and item.state is ItemState.IN_FILE:
        return gettext("invalidated, in the file of the case")
    return str(_ENDS[item.handovers[-1].movement])


def _arrival(item: Item) -> int:
    """Return the place in its chain from which on the thing is where it is."""
    place = len(item.handovers) - 1
    while place > 0 and item.handovers[place - 1].state is item.state:
        place -= 1
    return place


def _lot(item: Item, proposal: Proposal | None) -> str:
    agreed = proposal is not None and proposal.state in {ProposalState.ACCEPTED, ProposalState.SET_BY_OFFICE}
    method = proposal.methods.get(str(item.number)) if proposal is not None and agreed else None
    if proposal is not None and method and item in proposal.left(Method(method)):
        return str(SENT_BACK if proposal.sends_back else WAYS[method])
    if item.fate is Fate.LENT and item.is_back:
        return str(_FATES[Fate.IN_FILE])
    if item.case is not None and is_forwarded_next(item.case, item):
        return gettext("goes on to the competent authority")
    if item.case is not None and waits_for_plates(item.case, item):
        return gettext("comes to you once the plates of the temporary registration are back")
    if item.invalidated and item.fate in _INVALIDATED:
        return str(_INVALIDATED[item.fate])
    if item.case is not None and item.kind in VEHICLE_CARDS and waits_for_the_permanent(item.case, item):
        return gettext("comes to you with the permanent registration certificate")
    return str(_FATES[item.fate])


def comes_back(item: Item) -> bool:
    """Return whether `item` is on its way to its party, or is in the office and will be."""
    if item.state is ItemState.IN_POST:
        return True
    return item.is_owed and not (item.case is not None and is_forwarded_next(item.case, item))


def handed_over_on(items: Iterable[Item], since: dt.datetime | None = None) -> dt.date | None:
    """Return the day on which the last of `items` was handed over to the party, at `since` or later."""
    days = (row.day for item in items for row in item.handovers if row.movement in _HANDED_OVER
            and (since is None or row.at >= since))  # fmt: skip
    return max(days, default=None)


def parcels(case: Case) -> list[Parcel]:
    """Return what came and went by post or courier, the newest first; not what was registered by mistake."""
    mistaken = _mistaken(case)
    return [
        _parcel(one)
        for one in reversed(case.consignments)
        if one.carriage is not Carriage.IN_PERSON and one.id not in mistaken
    ]


def _mistaken(case: Case) -> set[int]:
    """Return the consignments of which every receipt was taken back."""
    stand: dict[int, bool] = {}
    for item in case.items:
        came = None
        for row in item.handovers:
            if row.movement is Movement.MISTAKEN and came is not None:
                stand.setdefault(came, False)
                came = None
            elif row.consignment_id is not None:
                if came is not None:
                    stand[came] = True
                came = row.consignment_id
        if came is not None:
            stand[came] = True
    return {number for number, stands in stand.items() if not stands}


def _parcel(one: Consignment) -> Parcel:
    out = one.direction is Direction.OUT
    return Parcel(
        gettext("From the office to another authority")
        if one.letter_id is not None
        else gettext("From the office to you")
        if out
        else gettext("From you to the office"),
        one.on,
        one.carrier or "",
        one.tracking or "",
        str(_OUTCOMES[one.outcome]) if one.outcome else gettext("on its way") if out else gettext("arrived"),
        one.id if has_letter(one) else None,
    )


def has_letter(one: Consignment) -> bool:
    """Return whether the letter that lies in a parcel of the office is kept; a visit has a protocol."""
    return one.direction is Direction.OUT and one.carriage is Carriage.POST and one.protocol_sha256 is not None


def demands_in_words(demands: Iterable[Demand]) -> tuple[str, ...]:
    """Return what a summons asks for, as lines of a list; what is asked for twice is one line."""
    lines = Counter(_demand_in_words(demand) for demand in demands)
    return tuple(counted(line, number) for line, number in lines.items())


def _demand_in_words(demand: Demand) -> str:
    what = name_of_kind(demand.subject)
    if demand.kind is DemandKind.DEFECT:
        what = demand.words or what
    elif demand.words:
        what = f"{what}{HARD}– {demand.words}"
    return with_ways(what, demand)


def with_ways(what: str, demand: Demand | None) -> str:
    """Return `what` with the only ways in which it may come, where its summons has narrowed them."""
    ways = only_ways(demand.kind, map(Way, demand.ways)) if demand is not None else ()
    if not ways:
        return what
    return gettext("%(what)s (only %(ways)s)", what=what, ways=", ".join(str(DEMAND_WAYS[way]) for way in ways))


def may_withdraw(case: Case) -> bool:
    """Return whether the applicant can still withdraw the application."""
    return any(Doer.CITIZEN in step.by for step in case.table.rows(Stage(case.stage), "withdraw"))


def may_answer(case: Case) -> bool:
    """Return whether a proposal of the office waits for the owner's answer."""
    newest = newest_proposal(case)
    waits = newest is not None and newest.by_office and newest.state is ProposalState.PROPOSED
    return waits and bool(case.table.rows(Stage(case.stage), "answer_handover"))
