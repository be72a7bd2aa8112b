"""One act for many cases of the register: give them to a clerk, receive their things, remind parties, print labels.

Every case is looked at again when its turn comes, in a transaction of its own, and answers for itself. No act here
is a decision.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy.orm import Session, selectinload

from app import clock
from app.domain.custody import ItemState
from app.domain.errors import BadInput, Refused
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.letters.labels import StoredLabel, print_stored_labels
from app.models import Case, Letter, Summons
from app.reports.counter import last_place
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.assign_case import assign_case, clerks
from app.usecases.case_facts import awaited_items
from app.usecases.letter_head import letter_head
from app.usecases.prepare_letter import new_draft, prepare_letter
from app.usecases.receive_items import Arrived, Envelope, receive_items
from app.views.acting import current_act
from app.views.numbers import whole_number
from app.views.office.at_the_counter import wrong
from app.views.office.reception import envelope_typed, name_of
from app.views.office.registers_cases import CaseRegister
from app.views.wording import refusal
from app.views.wording_cases import SHORT_PROCEDURES, STAGES
from app.views.wording_items import IDENTITY_DOCUMENTS
from app.views.wording_registers import CARRIAGES

MOST = 500
BATCH = 50
"""Cases of one answer: a page comes back soon, and the next one goes on."""


_AWAITED = (
    selectinload(Case.items),
    selectinload(Case.determinations),
    selectinload(Case.verdicts),
    selectinload(Case.letters).selectinload(Letter.summons).selectinload(Summons.demands),
)
"""What says what a case waits for, read of all cases at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one case: its sign, and why not where it was refused."""

    sign: str
    refused: str = ""


class BulkActs(BaseView):
    """Acts on many cases at once; they share the permissions of the register of cases."""

    route_base = "/zbiorczo"
    class_permission_name = "CaseRegister"
    default_view = "choose"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("bulk")
    def choose(self) -> ResponseReturnValue:
        """Show the first cases that the register's filter leaves, and what can be done to them."""
        register = next(view for view in self.appbuilder.baseviews if isinstance(view, CaseRegister))
        found = register.rows(register.asked()).order_by(Case.id.desc()).limit(MOST + 1)
        rows = list(db.session().scalars(found.options(selectinload(Case.clerk))))
        ticked = {whole_number(text, 18) for text in request.args.getlist("case")}
        may = self.appbuilder.sm.has_access
        return render_template(
            "office/bulk.html",
            title=_("Many cases at once"),
            rows=rows[:MOST],
            ticked={case.id for case in rows[:MOST]} & ticked,
            more=len(rows) > MOST,
            most=MOST,
            procedures=SHORT_PROCEDURES,
            stages=STAGES,
            clerks=clerks(db.session(), Role.CLERK.value) if may("can_assign", "CaseRegister") else [],
            may_receive=may("can_receive", "CaseRegister"),
            may_remind=may("can_remind", "CaseRegister"),
            back_url=url_for("CaseRegister.list") + (f"?{request.query_string.decode()}" if request.args else ""),
        )

    @expose("/przydziel", methods=["POST"])
    @has_access
    @permission_name("assign")
    def assign(self) -> ResponseReturnValue:
        """Give the chosen cases to a clerk, once somebody has seen how many they are and whose they will be."""
        chosen = request.form.get("clerk", "")
        clerk_id = whole_number(chosen) or 0
        clerk = db.session.get(User, clerk_id)
        if clerk is None:
            flash(_("Choose the clerk."), "warning")
            return redirect(url_for("BulkActs.choose"))
        ids = _chosen()
        if ids and "sure" not in request.form:
            signs = sa.select(Case.sign).where(Case.id.in_(ids)).order_by(Case.id)
            return render_template(
                "office/bulk_sure.html",
                title=_("Assign to a clerk"),
                clerk=clerk,
                ids=ids,
                signs=list(db.session.scalars(signs)),
            )

        def give(session: Session, case: Case) -> None:
            assign_case(session, case, session.get_one(User, clerk_id), Role.CLERK.value, act=current_act())

        return _go_on(_("Assign to a clerk"), "BulkActs.assign", give, {"clerk": clerk_id, "sure": "yes"})

    @expose("/przypomnij", methods=["POST"])
    @has_access
    @permission_name("remind")
    def remind(self) -> ResponseReturnValue:
        """Write a reminder in each of the chosen cases; each leaves after a minute like any letter."""

        def write(session: Session, case: Case) -> None:
            act = current_act()
            draft = new_draft(session, case, "remind", act)
            prepare_letter(session, case, case.version, draft, equipment=equipment(), act=act, doer=Doer.CLERK)

        return _go_on(_("Remind the parties"), "BulkActs.remind", write, {})

    @expose("/przyjecie", methods=["POST"])
    @has_access
    @permission_name("receive")
    def receive(self) -> ResponseReturnValue:
        """Receive all that the chosen cases wait for, as a dealer brings it, once somebody has seen what that is."""
        ids, refused = _chosen(), None
        if not ids:
            flash(_("Choose at least one case."), "warning")
            return redirect(url_for("BulkActs.choose"))
        if "sure" in request.form:
            try:
                envelope = envelope_typed()
            except BadInput as error:
                refused = error
            else:
                return _go_on(_("Receive what is awaited"), "BulkActs.receive", _receiving(envelope), _typed())
        cases = db.session.scalars(sa.select(Case).where(Case.id.in_(ids)).options(*_AWAITED).order_by(Case.id))
        page = render_template(
            "office/bulk_receive.html",
            title=_("Receive what is awaited"),
            awaited=[(case, [name_of(item) for item in awaited_items(case)]) for case in cases],
            carriages=CARRIAGES,
            identities=IDENTITY_DOCUMENTS,
            form=request.form,
            place=last_place(db.session(), g.user.id),
            **wrong(refused),
        )
        return page, 422 if refused else 200

    @expose("/etykiety", methods=["POST"])
    @has_access
    @permission_name("bulk")
    def labels(self) -> ResponseReturnValue:
        """Print a label for the shelf of each chosen case."""
        ids = _chosen()
        if not ids:
            flash(_("Choose at least one case."), "warning")
            return redirect(url_for("BulkActs.choose"))
        cases = db.session.scalars(
            sa.select(Case).where(Case.id.in_(ids)).options(selectinload(Case.items)).order_by(Case.id)
        )
        labels = [
            StoredLabel(
                code=case.sign,
                sign=case.sign,
                numbers=tuple(str(item.number) for item in case.items if item.state is ItemState.IN_OFFICE),
                words=" · ".join(filter(None, (case.plate, case.applicant_name))),
            )
            for case in cases
        ]
        answer = Response(
            print_stored_labels(letter_head(equipment()), labels, clock.now()), mimetype="application/pdf"
        )
        answer.headers["Content-Disposition"] = 'attachment; filename="etykiety.pdf"'
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def _receiving(envelope: Envelope) -> Callable[[Session, Case], None]:
    place = request.form.get("place", "").strip()[:60]

    def receive(session: Session, case: Case) -> None:
        here = [Arrived(item.number) for item in awaited_items(case)]
        if not here:
            raise BadInput("nothing-awaited")
        receive_items(session, case, envelope, here, act=current_act(), place=place)

    return receive


def _typed() -> dict[str, str]:
    """Return what was typed of an envelope and its shelf, for the batch that follows."""
    ours = {"case", "csrf_token", "earlier", "refused"}
    return {name: text for name, text in request.form.items() if name not in ours}


def _chosen() -> list[int]:
    ids = (whole_number(text, 18) for text in request.form.getlist("case"))
    return list(dict.fromkeys(number for number in ids if number is not None))[:MOST]


def _go_on(
    title: str, endpoint: str, act: Callable[[Session, Case], None], keep: dict[str, Any]
) -> ResponseReturnValue:
    """Do `act` to the next cases and show what became of them; a button goes on with the rest."""
    ids = _chosen()
    if not ids:
        flash(_("Choose at least one case."), "warning")
        return redirect(url_for("BulkActs.choose"))
    answers = [_done(case_id, act) for case_id in ids[:BATCH]]
    earlier = request.form.get("earlier", default=0, type=int)
    refused = [line[:300] for line in request.form.getlist("refused")][:MOST]
    return render_template(
        "office/bulk_done.html",
        title=title,
        url=url_for(endpoint),
        keep=keep,
        answers=answers,
        rest=ids[BATCH:],
        batch=min(BATCH, len(ids) - BATCH),
        done=earlier + sum(not answer.refused for answer in answers),
        total=earlier + len(refused) + len(ids),
        before=refused,
        refused=[*refused, *(f"{answer.sign}: {answer.refused}" for answer in answers if answer.refused)],
    )


def _done(case_id: int, act: Callable[[Session, Case], None]) -> Answer:
    sign = db.session.scalar(sa.select(Case.sign).where(Case.id == case_id)) or abort(404)
    try:
        with one_transaction() as session:
            act(session, session.get_one(Case, case_id, with_for_update=True))
    except Refused as error:
        return Answer(sign, refusal(error))
    return Answer(sign)
