"""Where is a thing of a case, and what may happen to it next?

A thing (original, plate, permit, certificate …) is always in exactly one place: its state follows from the last
movement of its chain. Movements are history; nothing else changes a state. Law: KPA art. 6 and 72; the ordinance on
the acts of registering authorities (Dz.U. 2022 poz. 1849) § 12. Whose a thing is in the end: `items.py`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType

from app.domain.errors import ConditionMissing


class ItemState(enum.StrEnum):
    """Where a thing is. `IN_POST` is on its way out; what is on its way in is still `EXPECTED`.

    `LOST`: the post lost it, and nobody has said yet what comes instead; `WRITTEN_OFF`: that is said.
    """

    EXPECTED = "expected"
    IN_OFFICE = "in_office"
    WITH_PARTY = "with_party"
    IN_POST = "in_post"
    LOST = "lost"
    WRITTEN_OFF = "written_off"
    DESTROYED = "destroyed"
    WITH_MAKER = "with_maker"
    FORWARDED = "forwarded"
    IN_FILE = "in_file"
    CALLED_OFF = "called_off"


SETTLED = frozenset(
    {
        ItemState.WITH_PARTY, ItemState.DESTROYED, ItemState.WITH_MAKER, ItemState.FORWARDED, ItemState.IN_FILE,
        ItemState.CALLED_OFF, ItemState.WRITTEN_OFF,
    }
)  # fmt: skip
"""Ends of a chain. A thing leaves them only by coming back, or by what the post does with it."""


AWAY = frozenset({ItemState.WITH_PARTY, ItemState.IN_POST})
"""With its party, or on the way there."""


LOST_BY_THE_POST = frozenset({ItemState.LOST, ItemState.WRITTEN_OFF})
"""Nobody has it. It may turn up."""


class Movement(enum.StrEnum):
    """What happened to a thing. `MISTAKEN`: it was received by mistake, and is awaited again.

    `ANNOTATED`: the office wrote on it what the law asks (`annotations.py`), or its party showed it;
    `STRUCK_OUT`: that was an error. `TO_MAKER`: worn plates go to their maker instead of being destroyed here.
    `REPLACED`: the office made another one instead of what the post lost; `WRITTEN_OFF`: none comes instead.
    """

    EXPECTED = "expected"
    RECEIVED = "received"
    COMPARED = "compared"
    STORED = "stored"
    MADE = "made"
    HANDED_OUT = "handed_out"
    POSTED = "posted"
    DELIVERED = "delivered"
    LOST = "lost"
    REPLACED = "replaced"
    WRITTEN_OFF = "written_off"
    CAME_BACK = "came_back"
    INVALIDATED = "invalidated"
    DESTROYED = "destroyed"
    TO_MAKER = "to_maker"
    FORWARDED = "forwarded"
    FILED = "filed"
    CALLED_OFF = "called_off"
    MISTAKEN = "mistaken"
    ANNOTATED = "annotated"
    STRUCK_OUT = "struck_out"


_NEW = None
_S = ItemState
# fmt: off
MOVEMENTS: Mapping[Movement, tuple[frozenset[ItemState | None], ItemState | None]] = MappingProxyType({
    # movement             from (`_NEW`: the thing has no chain yet)           to (`None`: where it is)
    Movement.EXPECTED:    (frozenset({_NEW}),                                  _S.EXPECTED),
    Movement.RECEIVED:    (frozenset({_NEW, _S.EXPECTED}),                     _S.IN_OFFICE),
    Movement.MADE:        (frozenset({_NEW}),                                  _S.IN_OFFICE),
    Movement.COMPARED:    (frozenset({_S.IN_OFFICE}),                          None),
    Movement.STORED:      (frozenset({_S.IN_OFFICE}),                          None),
    Movement.ANNOTATED:   (frozenset({_S.IN_OFFICE, _S.WITH_PARTY}),           None),
    Movement.STRUCK_OUT:  (frozenset({_S.IN_OFFICE, _S.WITH_PARTY}),           None),
    Movement.INVALIDATED: (frozenset({_S.IN_OFFICE}),                          None),
    Movement.HANDED_OUT:  (frozenset({_S.IN_OFFICE}),                          _S.WITH_PARTY),
    Movement.POSTED:      (frozenset({_S.IN_OFFICE}),                          _S.IN_POST),
    Movement.DELIVERED:   (LOST_BY_THE_POST | {_S.IN_POST},                    _S.WITH_PARTY),
    Movement.LOST:        (frozenset({_S.IN_POST, _S.FORWARDED}),              _S.LOST),
    Movement.REPLACED:    (frozenset({_S.LOST}),                               _S.WRITTEN_OFF),
    Movement.WRITTEN_OFF: (frozenset({_S.LOST}),                               _S.WRITTEN_OFF),
    Movement.CAME_BACK:   (AWAY | LOST_BY_THE_POST | {_S.FORWARDED},           _S.IN_OFFICE),
    Movement.DESTROYED:   (frozenset({_S.IN_OFFICE}),                          _S.DESTROYED),
    Movement.TO_MAKER:    (frozenset({_S.IN_OFFICE}),                          _S.WITH_MAKER),
    Movement.FORWARDED:   (LOST_BY_THE_POST | {_S.IN_OFFICE},                  _S.FORWARDED),
    Movement.FILED:       (frozenset({_S.IN_OFFICE}),                          _S.IN_FILE),
    Movement.CALLED_OFF:  (frozenset({_S.EXPECTED}),                           _S.CALLED_OFF),
    Movement.MISTAKEN:    (frozenset({_S.IN_OFFICE}),                          _S.EXPECTED),
})
# fmt: on


_AFTER = {(origin, movement): to or origin for movement, (origins, to) in MOVEMENTS.items() for origin in origins}


def next_state(state: ItemState | None, movement: Movement) -> ItemState:
    """Return where a thing is after `movement`; `state` is `None` for a thing that has no chain yet.

    Raises:
        ConditionMissing: `movement-not-open`: a thing in this state cannot be moved so.
    """
    after = _AFTER.get((state, movement))
    if after is None:
        raise ConditionMissing("movement-not-open", movement=movement.value, state=state.value if state else "new")
    return after


class Condition(enum.StrEnum):
    """In which condition a thing is."""

    GOOD = "good"
    DAMAGED = "damaged"
    ILLEGIBLE = "illegible"


class Discrepancy(enum.StrEnum):
    """What does not agree between what was asked for and what came."""

    MISSING = "missing"
    DIFFERENT = "different"
    DAMAGED = "damaged"
    NOT_ASKED_FOR = "not_asked_for"
