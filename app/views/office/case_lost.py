"""What a clerk does about things that the post lost: gives another one, or says why none comes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.models import Case
from app.transaction import one_transaction
from app.usecases.counted_things import lost_things
from app.usecases.replace_lost import NUMBERED, may_be_replaced, replace_lost, write_off_lost
from app.views.acting import current_act
from app.views.numbers import whole_number
from app.views.office import formats
from app.views.office.at_case import find_case
from app.views.office.case_custody import grouped
from app.views.office.case_forms import back_to, seen_version, short
from app.views.wording_things import THINGS

SECTION = "lost"


@dataclass(frozen=True, slots=True)
class LostShown:
    """Lost things that are alike; `numbered`: another one has a number of its own."""

    kind: str
    label: str
    plate: str
    since: str
    numbers: list[int]
    numbered: bool
    replaceable: bool


class CaseLost(BaseView):
    """The acts of the panel "lost by the post"."""

    route_base = "/sprawa"
    default_view = "replace"

    @expose("/<sign>/zaginione/w-zamian", methods=["POST"])
    @has_access
    def replace(self, sign: str) -> ResponseReturnValue:
        """Make other things instead of lost ones; how they are given is agreed anew."""
        with one_transaction() as session:
            made = replace_lost(session, find_case(sign), seen_version(), _numbers(), short("label"), act=current_act())
            words = ", ".join(dict.fromkeys(f"{THINGS[one.kind.value]} {one.label}".strip() for one in made))
        flash(_("Prepared instead of what was lost: %(thing)s. Agree how it is given.", thing=words))
        return back_to(sign, SECTION if lost(find_case(sign)) else "agreement")

    @expose("/<sign>/zaginione/bez-zamiany", methods=["POST"])
    @has_access
    def write_off(self, sign: str) -> ResponseReturnValue:
        """Write down why nothing comes instead of lost things."""
        with one_transaction() as session:
            write_off_lost(session, find_case(sign), seen_version(), _numbers(), short("reason"), act=current_act())
        flash(_("It is written down that nothing comes instead."))
        return back_to(sign, SECTION if lost(find_case(sign)) else "things")


def lost(case: Case) -> list[LostShown]:
    """Return what the post lost in `case` and what nobody has decided about, alike things together."""
    return [
        LostShown(
            kind=words,
            label=label,
            plate=plate,
            since=formats.day(items[0].handovers[-1].at),
            numbers=[item.number for item in items],
            numbered=items[0].kind in NUMBERED,
            replaceable=may_be_replaced(case, items[0]),
        )
        for words, label, plate, items in grouped(lost_things(case))
    ]


def _numbers() -> list[int]:
    return [number for text in request.form.getlist("number") if (number := whole_number(text)) is not None]
