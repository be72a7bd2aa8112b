"""What people read of a form are words, never its codes."""

from __future__ import annotations

from app.domain.documents import grounds
from app.views.wording_form import GROUNDS


def test_every_ground_of_a_deregistration_has_words():
    assert set(GROUNDS) == set(grounds())
