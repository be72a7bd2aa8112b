"""As what somebody acts in a case, by the rights of their roles, and where each act of a case is done."""

from __future__ import annotations

from collections.abc import Callable

from flask import g, request
from flask_appbuilder import AppBuilder

from app.domain.custody import Movement
from app.domain.procedures.stages import Doer, Stage
from app.models import Case

Allowed = Callable[[str, str], bool]


def doers_of(case: Case, allowed: Allowed) -> frozenset[Doer]:
    """Return as what the person of this request may act in `case`.

    A clerk acts in own cases and in those that nobody has taken yet; the front desk and supervisors in each.
    """
    found = set()
    mine = case.clerk_id == g.user.id
    free = case.clerk_id is None and case.stage == Stage.RECEIVED.value
    if allowed("can_take", "CaseFile") and (mine or free):
        found.add(Doer.CLERK)
    if allowed("can_desk_step", "CaseFile"):
        found.add(Doer.FRONT_DESK)
    if allowed("can_take_away", "CaseFile"):
        found.add(Doer.SUPERVISOR)
    return frozenset(found)


def allowed_by(builder: AppBuilder) -> Allowed:
    """Return the question whether the person of this request holds a right."""
    asked: Allowed = builder.sm.has_access
    return asked


def case_file(sign: str) -> str:
    """Return the address of the file of a case."""
    return f"{request.script_root}/sprawa/{sign}"


def verification_page(sign: str) -> str:
    """Return the address at which the documents of a case are verified."""
    return f"{request.script_root}/sprawa/{sign}/weryfikacja"


def letter_of_step(sign: str, step: str) -> str:
    """Return the address at which the letter of a step is written."""
    return f"{request.script_root}/sprawa/{sign}/pismo/{step}"


def letter_page(sign: str, seq: int) -> str:
    """Return the address of a letter that was written."""
    return f"{request.script_root}/sprawa/{sign}/pismo/{seq}"


def things_page(sign: str, movement: Movement | None = None) -> str:
    """Return the address at which the things of a case are seen to; `movement`: what is chosen there at first."""
    address = f"{request.script_root}/kancelaria/{sign}/rzeczy"
    return f"{address}?ruch={movement.value}" if movement is not None else address


def reception_page(sign: str) -> str:
    """Return the address at which what is brought for a case is received."""
    return f"{request.script_root}/kancelaria/{sign}"


def handing_out_page(sign: str) -> str:
    """Return the address at which things are handed out."""
    return f"{request.script_root}/kancelaria/{sign}/wydanie"


def posting_room() -> str:
    """Return the address of the posting room."""
    return f"{request.script_root}/kancelaria/poczta/"
