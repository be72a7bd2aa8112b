"""The temporary permit has ended and the customs document has not come: which act comes first?"""

from __future__ import annotations

import pytest

from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.reports.waiting import came
from app.usecases.case_facts import case_facts, certificates_to_invalidate
from app.views.office.calling import called_for, came_in
from app.views.office.first_act import first_act
from tests.usecases.at_work import Work
from tests.usecases.test_conditional_registration import handed_over, imported


@pytest.fixture
def work(office, signers) -> Work:
    return imported(signers)


def test_once_the_permit_has_expired_the_plates_are_asked_for_before_the_old_certificate_is_cut(work):
    handed_over(work)
    work.later(10)
    work.certificate_comes()
    work.write("announce_certificate")
    assert certificates_to_invalidate(work.case)
    assert first(work) != "invalidate"

    work.later(31)
    assert first(work) == "summon_plates"
    work.write("summon_plates")
    work.open_letter()
    assert first(work) != "invalidate"

    plates = [item.number for item in work.awaited() if item.kind is ItemKind.NEW_PLATE]
    work.receive(missing=plates)
    work.compare_all()
    assert first(work) == "invalidate"


def first(work: Work) -> str:
    """The act that the case file and "Moja praca" propose."""
    case, today = work.case, work.act().today
    assert came(db.session(), work.clerk.id, today).get(case.id) is came_in(case, today)
    called = called_for(case, came_in(case, today), today)
    return first_act(case, case_facts(case, today), frozenset({Doer.CLERK, Doer.FRONT_DESK}), called)
