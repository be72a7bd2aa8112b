"""Worn plates of many cases go to their maker at once: which wait, who takes them, and the protocols that are kept."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.house import equipment
from app.models import Consignment, Direction, Handover, Item
from app.transaction import one_transaction
from app.usecases.hand_to_maker import MOST, hand_to_maker, protocols, worn_plates
from app.usecases.keep_protocol import keep_protocol
from app.usecases.printouts import print_maker_protocol
from app.views.acting import current_act
from app.views.office.at_the_counter import pdf_answer
from app.views.office.reception import name_of, numbers_of

SHOWN = 10
"""Protocols that the page leads to; all of them stand in the register of consignments."""


class WornPlates(BaseView):
    """The handing over of worn plates; it shares the permissions of the things that they are."""

    route_base = "/kancelaria/zuzyte-tablice"
    class_permission_name = "Custody"
    default_view = "look"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("read")
    def look(self) -> ResponseReturnValue:
        """Show which plates wait to be destroyed, those of one shelf if one is named, and the newest protocols."""
        place = request.values.get("polka", "")[:60]
        found = db.session.scalars(worn_plates(place).limit(MOST + 1)).all()
        handed = db.session.execute(
            protocols(SHOWN).add_columns(
                sa.select(sa.func.count()).where(Handover.consignment_id == Consignment.id).scalar_subquery()
            )
        )
        return render_template(
            "office/worn_plates.html",
            title=_("Worn plates to their maker"),
            plates=[(item, name_of(item)) for item in found[:MOST]],
            more=len(found) > MOST,
            place=place,
            handed=[tuple(row) for row in handed],
            may_write=self.appbuilder.sm.has_access("can_move", "Custody"),
        )

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("move")
    def hand_over(self) -> ResponseReturnValue:
        """Write the handing over down, and keep its protocol."""
        form = request.form
        with one_transaction() as session:
            visit = hand_to_maker(session, numbers_of(form.getlist("pick")), form.get("maker", ""),
                                  form.get("person", ""), act=current_act())  # fmt: skip
            session.flush()
            visit_id, number, count = visit.id, visit.number, len(visit.handovers)
        kept = equipment().store.put_bytes(print_maker_protocol(_handed(visit_id), equipment=equipment()))
        with one_transaction() as session:
            keep_protocol(session, session.get_one(Consignment, visit_id), kept, act=current_act())
        flash(ngettext("%(num)s plate is with its maker. Print the protocol %(number)s and have it signed.",
                       "%(num)s plates are with their maker. Print the protocol %(number)s and have it signed.",
                       count, number=number), "success")  # fmt: skip
        return redirect(url_for("WornPlates.look", _anchor="protocols"))

    @expose("/protokol/<int:pk>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def protocol(self, pk: int) -> ResponseReturnValue:
        """Hand out the protocol of a handing over, the bytes that were kept."""
        visit = _handed(pk)
        if visit.protocol_sha256:
            pdf = equipment().store.read(visit.protocol_sha256)
        else:  # the power went between handing over and keeping: the rows make the same paper
            pdf = print_maker_protocol(visit, equipment=equipment())
        return pdf_answer(pdf, f"protokol-{visit.number.replace('/', '-')}.pdf")


def _handed(pk: int) -> Consignment:
    found: Consignment | None = db.session.scalars(
        sa.select(Consignment)
        .where(Consignment.id == pk, Consignment.case_id.is_(None), Consignment.direction == Direction.OUT)
        .options(selectinload(Consignment.handovers).joinedload(Handover.item).options(joinedload(Item.case)))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return found if found is not None else abort(404)
