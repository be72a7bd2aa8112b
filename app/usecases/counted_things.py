"""Which things and letters of a case count as asked for, awaited, moved, lost, or come back from the post?"""

from __future__ import annotations

from app.domain.custody import AWAY, LOST_BY_THE_POST, ItemState, Movement
from app.domain.items import NEW_PLATES, ItemKind
from app.models import Case, Item, Letter, LetterState, LetterWay, Proposal

NOT_COME = frozenset({ItemState.EXPECTED, ItemState.CALLED_OFF})
_BY_POST = LOST_BY_THE_POST | {ItemState.IN_POST}
_TO_BE_HAD = NOT_COME | {ItemState.IN_OFFICE, ItemState.WITH_PARTY}


def was_asked_for(item: Item) -> bool:
    """Return whether a party had to bring it: its chain begins with a wait."""
    first = item.handovers[0].movement if item.handovers else None
    return first is Movement.EXPECTED and item.state is not ItemState.CALLED_OFF and not item.is_replaced


def is_awaited(item: Item) -> bool:
    """Return whether `item` is not here yet, or not yet compared."""
    return item.state is ItemState.EXPECTED or (item.state is ItemState.IN_OFFICE and not item.compared)


def things_moved(case: Case) -> int:
    """Return how many things of `case` cannot be had once more: made, in the post, passed on, filed or destroyed.

    What a party brought is here, or can be asked for anew. A printout of the office's own is in the way of nothing.
    """
    moved = sum(
        item.state not in _TO_BE_HAD or item.handovers[0].movement is Movement.MADE
        for item in case.items
        if not is_printout(item)
    )
    return moved + len(case.plate_numbers) + (case.permit is not None)


def is_printout(item: Item) -> bool:
    """Whether `item` is the office's own printout of an electronic invoice."""
    return item.kind is ItemKind.OWNERSHIP and item.handovers[0].movement is Movement.MADE


def plates_out(case: Case) -> int:
    """Return how many plates that were given in `case` are with their owner, or on the way there."""
    return sum(item.kind in NEW_PLATES and item.state in AWAY for item in case.items)


def awaits_service(letter: Letter) -> bool:
    """Whether `letter` is out, has to be served, and nobody knows yet what became of it."""
    if letter.state is not LetterState.SENT or letter.way is LetterWay.WITH_ITEMS or not letter.needs_receipt:
        return False
    service = letter.service
    return service is None or (service.served_on is None and service.outcome is None)


def is_to_post(letter: Letter) -> bool:
    """Whether `letter`, on paper, waits to be posted; one to an address that nobody knows stays in the file."""
    on_paper = letter.state is LetterState.SENT and letter.way is LetterWay.POST
    return on_paper and letter.service is None and letter.kind != "left_without_address"


def newest_permit(case: Case) -> Item | None:
    """Return the temporary permit of `case` as a thing: of several the last, which stands in for the others."""
    permits = [item for item in case.items if item.kind is ItemKind.TEMPORARY_PERMIT]
    return permits[-1] if permits else None


def lost_things(case: Case) -> list[Item]:
    """Return what the post lost and about which nobody has said yet what comes instead."""
    return [item for item in case.items if item.state is ItemState.LOST]


def parcel_returned(case: Case, proposal: Proposal | None) -> bool:
    """Return whether something came back from the post, or was made anew, that no agreement has covered since."""
    back = [
        last.at
        for item in case.items
        if len(item.handovers) > 1
        for before, last in [item.handovers[-2:]]
        if last.movement is Movement.REPLACED
        or (item.is_owed and before.state in _BY_POST and last.movement is Movement.CAME_BACK)
    ]
    return any(proposal is None or proposal.at < at for at in back)
