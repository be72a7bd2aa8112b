"""What the office does about an agreement: proposes, answers, writes down what the party said, sets the default."""

from __future__ import annotations

import datetime as dt
import re

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.domain.delivery import Arrangement, Method
from app.domain.errors import BadInput, NotAllowed
from app.domain.procedures.stages import Doer
from app.house import equipment
from app.models import LetterWay
from app.transaction import one_transaction
from app.usecases.addressees import way_to_first
from app.usecases.agreements import answer_handover, propose_handover, send_back, set_default_handover
from app.usecases.case_facts import newest_proposal
from app.views.acting import current_act
from app.views.office.at_case import find_case
from app.views.office.case_doers import allowed_by, doers_of
from app.views.office.case_forms import back_to, number, seen_version, short
from app.views.office.reception import numbers_of

SECTION = "agreement"
_WAY = re.compile(r"way-(\d{1,12}(?:-\d{1,12})*)", re.ASCII)


class CaseAgreeing(BaseView):
    """The acts of the panel of the agreement."""

    route_base = "/sprawa"
    default_view = "propose"

    @expose("/<sign>/uzgodnienie", methods=["POST"])
    @has_access
    def propose(self, sign: str) -> ResponseReturnValue:
        """Propose to the party how the things go out."""
        terms = _arrangement()
        with one_transaction() as session:
            case, version = find_case(sign), seen_version()
            propose_handover(session, case, version, terms, equipment=equipment(), act=current_act(), doer=Doer.CLERK,
                             remark=short("remark"))  # fmt: skip
            by_letter = way_to_first(case) is LetterWay.POST
        if by_letter:
            flash(_("The proposal is made. It leaves as a letter in a minute; write down here what the party answers."))
        else:
            flash(_("The proposal is made. The party sees it in the mailbox."))
        return back_to(sign, SECTION)

    @expose("/<sign>/uzgodnienie/odpowiedz", methods=["POST"])
    @has_access
    def answer(self, sign: str) -> ResponseReturnValue:
        """Answer the party's version, or write down how the party answered the office's."""
        counter = _arrangement() if request.form.get("counter") else None
        with one_transaction() as session:
            case = find_case(sign)
            doers = doers_of(case, allowed_by(self.appbuilder)) & {Doer.CLERK, Doer.FRONT_DESK}
            if not doers:
                raise NotAllowed("case-not-yours", sign=sign)
            newest = newest_proposal(case)
            ours = newest is not None and newest.by_office
            # Whoever writes down what the party said acts for the party, too.
            acting = doers | {Doer.CITIZEN} if ours else doers
            answer_handover(session, case, number("proposal"), counter, equipment=equipment(), act=current_act(),
                            doers=acting, remark=short("remark"), how=_how() if ours else "")  # fmt: skip
            by_letter = not ours and way_to_first(case) is LetterWay.POST
        if by_letter:
            flash(_("The answer is written down. It leaves as a letter in a minute."))
        else:
            flash(_("The answer is written down."))
        return back_to(sign, SECTION)

    @expose("/<sign>/uzgodnienie/domyslne", methods=["POST"])
    @has_access
    def default(self, sign: str) -> ResponseReturnValue:
        """Let everything be collected in person, as nobody answered."""
        with one_transaction() as session:
            case, version = find_case(sign), seen_version()
            set_default_handover(session, case, version, equipment=equipment(), act=current_act(), doer=Doer.CLERK)
            by_letter = way_to_first(case) is LetterWay.POST
        if by_letter:
            flash(_("Everything will be collected in person. A letter tells the party; it leaves in a minute."))
        else:
            flash(_("Everything will be collected in person. The party reads it in the mailbox."))
        return back_to(sign, SECTION)

    @expose("/<sign>/odeslanie", methods=["POST"])
    @has_access
    def send_back(self, sign: str) -> ResponseReturnValue:
        """Let the posting room send back what the office holds."""
        ticked = [part for group in request.form.getlist("things") for part in group.split("-")]
        with one_transaction() as session:
            address = request.form.get("address", "")[:400]
            send_back(session, find_case(sign), seen_version(), numbers_of(ticked), address, act=current_act(),
                      doer=Doer.CLERK, remark=short("remark"))  # fmt: skip
        flash(_("The posting room sends it back. The party is told when the parcel leaves."))
        return back_to(sign, SECTION)


def _arrangement() -> Arrangement:
    """Read the terms of the form. Raises BadInput: `slot-unreadable`, and what `Arrangement` raises."""
    methods: dict[int, Method] = {}
    for name, value in request.form.items():
        found = _WAY.fullmatch(name)
        if found and value in set(Method):
            methods |= dict.fromkeys(map(int, found.group(1).split("-")), Method(value))
    return Arrangement(
        methods=methods,
        address=request.form.get("address", "")[:400],
        slot=_slot(request.form.get("slot", "")),
        collector=short("collector").strip()[:200] or None,
    )


def _slot(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        slot = dt.datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("slot-unreadable") from None
    if slot.tzinfo is None or not 2000 <= slot.year <= 2999:
        raise BadInput("slot-unreadable")
    return slot


def _how() -> str:
    """Return how the party answered, for the history."""
    said = {"phone": _("by telephone"), "counter": _("at the counter"), "letter": _("in a letter")}
    return str(said.get(request.form.get("how", ""), ""))
