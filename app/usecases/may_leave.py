"""What may a party have back now of what the office holds?"""

from __future__ import annotations

from app.domain.items import NEW_PLATES, VEHICLE_CARDS, ItemKind
from app.domain.procedures.stages import Stage
from app.models import Case, Item, Letter, LetterState
from app.usecases.after_refusal import waits_for_plates

UNDER_WAY = frozenset(
    {
        Stage.RECEIVED,
        Stage.VERIFICATION,
        Stage.AWAITING_REMEDY,
        Stage.AWAITING_ORIGINALS,
        Stage.ORIGINALS_COMPLETE,
        Stage.WITHDRAWN,
    }
)
"""Nothing is decided yet, and the office still needs what it holds. A case that was withdrawn may be resumed."""
_PERMANENT = frozenset({ItemKind.REGISTRATION_CERTIFICATE, *VEHICLE_CARDS})
_BEFORE_THE_PERMANENT = frozenset({Stage.ORIGINALS_COMPLETE, Stage.AGREEING_HANDOVER, Stage.HANDED_OVER})


def named_in(letter: Letter) -> set[int]:
    """Return the numbers of the things that go with `letter` to another authority and wait for it to be posted."""
    waits = letter.state in {LetterState.LEAVING, LetterState.SENT} and letter.service is None
    return set(letter.details.get("things", [])) if waits else set()


def is_forwarded_next(case: Case, item: Item) -> bool:
    """Whether `item` goes to another authority with a letter that waits to be posted."""
    return case.stage == Stage.TRANSFERRED.value and any(item.number in named_in(letter) for letter in case.letters)


def waits_for_the_permanent(case: Case, item: Item) -> bool:
    """Whether `item` goes out with the permanent certificate, and `case` is not so far.

    A vehicle card that was handed in does, too, and plates that were brought back when the permit had ended; not what
    nobody asked for, or what another one replaced.
    """
    stage = Stage(case.stage)
    brought_back = item.kind in NEW_PLATES and stage is Stage.HANDED_OVER
    belongs = (item.kind in _PERMANENT or brought_back) and not (item.is_stray or item.is_replaced)
    return belongs and stage in _BEFORE_THE_PERMANENT


def may_leave(case: Case, item: Item) -> bool:
    """Whether `item` is owed to the party of `case` and may go out now.

    Before the decision only what the case does not need goes back: what nobody asked for, and what was replaced. The
    permanent certificate waits until its owner was told of it. What a letter forwards to another authority stays here
    until that letter is posted, and what belongs to the old registration until the plates of the new one are back.
    """
    stage = Stage(case.stage)
    if not item.is_owed or waits_for_plates(case, item) or is_forwarded_next(case, item):
        return False
    if stage in UNDER_WAY:
        return item.is_replaced or item.is_stray
    return not waits_for_the_permanent(case, item)
