"""A thing is in exactly one place, from the first movement of its chain to the last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.custody import MOVEMENTS, SETTLED, ItemState, Movement, next_state
from app.domain.errors import ConditionMissing

S, M = ItemState, Movement


def chain(*movements):
    """Where a thing is after its movements."""
    state = None
    for movement in movements:
        state = next_state(state, movement)
    return state


@pytest.mark.parametrize(
    ("movements", "state"),
    [
        ((M.EXPECTED,), S.EXPECTED),
        ((M.EXPECTED, M.CALLED_OFF), S.CALLED_OFF),
        ((M.EXPECTED, M.RECEIVED, M.COMPARED, M.STORED), S.IN_OFFICE),
        ((M.RECEIVED,), S.IN_OFFICE),  # nobody asked for it
        ((M.EXPECTED, M.RECEIVED, M.STORED, M.HANDED_OUT), S.WITH_PARTY),
        ((M.MADE, M.POSTED), S.IN_POST),
        ((M.MADE, M.POSTED, M.DELIVERED), S.WITH_PARTY),
        ((M.MADE, M.POSTED, M.CAME_BACK), S.IN_OFFICE),
        ((M.MADE, M.POSTED, M.CAME_BACK, M.HANDED_OUT), S.WITH_PARTY),
        ((M.MADE, M.POSTED, M.LOST), S.LOST),
        ((M.MADE, M.POSTED, M.LOST, M.REPLACED), S.WRITTEN_OFF),
        # it turned up
        ((M.MADE, M.POSTED, M.LOST, M.WRITTEN_OFF, M.CAME_BACK), S.IN_OFFICE),
        ((M.MADE, M.POSTED, M.LOST, M.DELIVERED), S.WITH_PARTY),
        ((M.RECEIVED, M.FORWARDED, M.LOST, M.FORWARDED), S.FORWARDED),
        # the temporary permit goes back to the office
        ((M.MADE, M.HANDED_OUT, M.CAME_BACK, M.INVALIDATED, M.FILED), S.IN_FILE),
        ((M.EXPECTED, M.RECEIVED, M.MISTAKEN), S.EXPECTED),
        ((M.EXPECTED, M.RECEIVED, M.MISTAKEN, M.RECEIVED), S.IN_OFFICE),
        ((M.EXPECTED, M.RECEIVED, M.DESTROYED), S.DESTROYED),
        ((M.EXPECTED, M.RECEIVED, M.TO_MAKER), S.WITH_MAKER),
        ((M.RECEIVED, M.FORWARDED), S.FORWARDED),
        # ordered from the manufacturer
        ((M.EXPECTED, M.RECEIVED, M.HANDED_OUT), S.WITH_PARTY),
    ],
)
def test_the_chain_says_where_a_thing_is(movements, state):
    assert chain(*movements) is state


@pytest.mark.parametrize(
    ("movements", "refused"),
    [
        ((), M.HANDED_OUT),
        ((M.EXPECTED,), M.HANDED_OUT),
        ((M.EXPECTED,), M.COMPARED),
        ((M.EXPECTED, M.RECEIVED), M.RECEIVED),
        ((M.EXPECTED, M.RECEIVED), M.CALLED_OFF),
        ((M.MADE, M.POSTED), M.HANDED_OUT),
        ((M.MADE, M.POSTED), M.DESTROYED),
        ((M.MADE, M.HANDED_OUT), M.POSTED),
        ((M.MADE, M.HANDED_OUT), M.LOST),
        ((M.MADE, M.POSTED), M.REPLACED),
        ((M.MADE, M.POSTED, M.LOST, M.REPLACED), M.WRITTEN_OFF),
        ((M.EXPECTED, M.RECEIVED, M.DESTROYED), M.CAME_BACK),
        ((M.EXPECTED, M.RECEIVED, M.TO_MAKER), M.CAME_BACK),
        ((M.EXPECTED, M.CALLED_OFF), M.RECEIVED),
        ((M.EXPECTED, M.RECEIVED, M.FILED), M.MISTAKEN),
        ((M.RECEIVED,), M.MADE),
    ],
)
def test_nothing_is_moved_from_where_it_is_not(movements, refused):
    with pytest.raises(ConditionMissing) as refusal:
        chain(*movements, refused)

    assert refusal.value.code == "movement-not-open"
    assert refusal.value.details["movement"] == refused.value


def test_every_movement_has_its_row_and_every_state_can_be_reached():
    assert set(MOVEMENTS) == set(Movement)
    assert {to for _, to in MOVEMENTS.values()} - {None} == set(ItemState)


def test_what_leaves_a_thing_where_it_is_happens_in_the_office():
    for movement, (origins, to) in MOVEMENTS.items():
        if to is None and movement not in {Movement.ANNOTATED, Movement.STRUCK_OUT}:  # a party may show a paper
            assert origins == {S.IN_OFFICE}


def test_a_thing_is_awaited_or_here_or_on_its_way_or_settled():
    assert set(ItemState) - SETTLED == {S.EXPECTED, S.IN_OFFICE, S.IN_POST, S.LOST}


def test_every_thing_can_still_be_settled():
    settled = set(SETTLED)
    for _ in ItemState:
        for origins, to in MOVEMENTS.values():
            if to in settled:
                settled |= origins

    assert set(ItemState) <= settled


@given(st.lists(st.sampled_from(Movement), max_size=40))
def test_wherever_a_thing_wanders_it_is_in_one_place_and_leaves_an_end_only_by_coming_back_or_by_the_post(movements):
    state = None
    for movement in movements:
        before = state
        try:
            state = next_state(state, movement)
        except ConditionMissing:
            assert before not in MOVEMENTS[movement][0]
            continue
        assert isinstance(state, ItemState)
        if movement in {M.ANNOTATED, M.STRUCK_OUT}:  # its party may show it, and goes on with it
            assert state is before
        elif before in SETTLED:
            by_the_post = {
                S.WRITTEN_OFF: {M.DELIVERED: S.WITH_PARTY, M.FORWARDED: S.FORWARDED},
                S.FORWARDED: {M.LOST: S.LOST},
            }
            assert state is {M.CAME_BACK: S.IN_OFFICE, **by_the_post.get(before, {})}[movement]
        if movement is M.HANDED_OUT:
            assert before is S.IN_OFFICE
