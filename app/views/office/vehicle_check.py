"""What did the registers CEP and SIS say of the vehicle of a case, as pages show it?"""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.determinations import DeterminationCode
from app.domain.procedures.stages import ProcedureName, Stage
from app.models import Case
from app.usecases.case_facts import answer_of_registers, is_registered
from app.views.office import formats

_ASKED_BEFORE = frozenset(
    {
        *(Stage.VERIFICATION, Stage.AWAITING_REMEDY, Stage.AWAITING_ORIGINALS, Stage.ORIGINALS_COMPLETE),
        *(Stage.AGREEING_HANDOVER, Stage.HANDED_OVER, Stage.PERMANENT_READY),
    }
)
"""Here the decision on registration is still to come, and a check may precede it (CZYNN zał. 1 § 1 ust. 6)."""


def vehicle_check(case: Case) -> tuple[str, str, str] | None:
    """Return words, kind and icon of a chip: what was found and when; nothing where a check says nothing any more."""
    if case.procedure != ProcedureName.REGISTRATION.value:
        return None
    found = answer_of_registers(case)
    if found is None:
        if is_registered(case) or Stage(case.stage) not in _ASKED_BEFORE:
            return None
        return str(_("vehicle not checked in CEP and SIS")), "warn", "alert-triangle"
    day = formats.day(found.at)
    if found.code == DeterminationCode.REGISTERS_CLEAR:
        return str(_("vehicle clear in CEP and SIS, %(day)s", day=day)), "ok", "check"
    return str(_("CEP or SIS against the vehicle, %(day)s", day=day)), "late", "ban"
