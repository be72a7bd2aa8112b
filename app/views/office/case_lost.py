"""What a clerk does about things that the post lost: gives another one, or says why none comes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.domain.items import PLATES
from app.models import Case, Item
from app.transaction import one_transaction
from app.usecases.counted_things import lost_things
from app.usecases.replace_lost import NUMBERED, REPLACEABLE, replace_lost, write_off_lost
from app.views.acting import current_act
from app.views.office import formats
from app.views.office.at_case import find_case
from app.views.office.case_forms import back_to, seen_version, short
from app.views.wording_things import THINGS

SECTION = "lost"


@dataclass(frozen=True, slots=True)
class LostShown:
    """One lost thing, and where its forms go; an empty address: it cannot be made again."""

    name: str
    label: str
    plate: str
    since: str
    numbered: bool
    replace_url: str
    write_off_url: str


class CaseLost(BaseView):
    """The acts of the panel "lost by the post"."""

    route_base = "/sprawa"
    default_view = "replace"

    @expose("/<sign>/zaginione/<int:number>/w-zamian", methods=["POST"])
    @has_access
    def replace(self, sign: str, number: int) -> ResponseReturnValue:
        """Make another thing instead of a lost one; how it is given is agreed anew."""
        with one_transaction() as session:
            made = replace_lost(session, find_case(sign), seen_version(), number, short("label"), act=current_act())
            words = f"{THINGS[made.kind.value]} {made.label}".strip()
        flash(_("Prepared instead of what was lost: %(thing)s. Agree how it is given.", thing=words))
        return back_to(sign, "agreement")

    @expose("/<sign>/zaginione/<int:number>/bez-zamiany", methods=["POST"])
    @has_access
    def write_off(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down why nothing comes instead of a lost thing."""
        with one_transaction() as session:
            write_off_lost(session, find_case(sign), seen_version(), number, short("reason"), act=current_act())
        flash(_("It is written down that nothing comes instead."))
        return back_to(sign, "things")


def lost(case: Case) -> list[LostShown]:
    """Return what the post lost in `case` and what nobody has decided about."""
    return [_shown(case, item) for item in lost_things(case)]


def _shown(case: Case, item: Item) -> LostShown:
    is_plate = item.kind in PLATES
    return LostShown(
        name=str(THINGS[item.kind.value]),
        label="" if is_plate else item.label,
        plate=item.label if is_plate else "",
        since=formats.day(item.handovers[-1].at),
        numbered=item.kind in NUMBERED,
        replace_url=url_for("CaseLost.replace", sign=case.sign, number=item.number) if item.kind in REPLACEABLE else "",
        write_off_url=url_for("CaseLost.write_off", sign=case.sign, number=item.number),
    )
