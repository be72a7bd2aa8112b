"""A door is made as its settings say."""

from __future__ import annotations

import dataclasses

import pytest

from app.house import new_door
from app.models import Door
from app.storage import StoreFull


@pytest.mark.one_database
def test_a_full_disk_is_refused_before_the_reserve_is_touched(settings):
    no_room = dataclasses.replace(settings, disk_reserve=2**60)

    store = new_door(Door.MAILBOX, no_room).extensions["equipment"].store

    assert store.free_bytes() == 0
    with pytest.raises(StoreFull):
        store.put_bytes(b"one more package")
