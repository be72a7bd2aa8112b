"""What a clerk does before a decision: notes fees, assigns plates, prepares the permit, takes the certificate in."""

from __future__ import annotations

from flask import flash, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.domain.errors import NotAllowed
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.transaction import one_transaction
from app.usecases.prepare_documents import assign_plates, prepare_permit, prove_fee, receive_certificate, release_plates
from app.usecases.prepare_item import prepare_item
from app.views.acting import current_act
from app.views.office.at_case import find_case
from app.views.office.case_doers import allowed_by, doers_of
from app.views.office.case_forms import back_to, number, seen_version, short, word
from app.views.office.case_preparing import free_numbers

SECTION = "preparing"


class CasePreparing(BaseView):
    """The acts of the panel "before the decision"."""

    route_base = "/sprawa"
    default_view = "numbers"

    @expose("/<sign>/oplata", methods=["POST"])
    @has_access
    def fee(self, sign: str) -> ResponseReturnValue:
        """Write down how a fee was paid."""
        with one_transaction() as session:
            prove_fee(session, find_case(sign), seen_version(), short("code"), short("proof"), act=current_act())
        flash(_("The proof of the fee is noted."))
        return back_to(sign, SECTION)

    @expose("/<sign>/numery", methods=["GET"])
    @has_access
    def numbers(self, sign: str) -> ResponseReturnValue:
        """Return free numbers of the stock for what was typed so far."""
        answer = jsonify(free_numbers(find_case(sign), request.args.get("q", "")[:16]))
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @expose("/<sign>/tablice", methods=["POST"])
    @has_access
    def plates(self, sign: str) -> ResponseReturnValue:
        """Take a number with its plates out of the stock."""
        with one_transaction() as session:
            plate = assign_plates(session, find_case(sign), seen_version(), short("number"), act=current_act()).number
        flash(_("The number %(plate)s is assigned.", plate=plate))
        return back_to(sign, SECTION)

    @expose("/<sign>/tablice/zwrot", methods=["POST"])
    @has_access
    def release(self, sign: str) -> ResponseReturnValue:
        """Put the number back into the stock."""
        with one_transaction() as session:
            plate = release_plates(session, find_case(sign), seen_version(), act=current_act()).number
        flash(_("The number %(plate)s is back in the stock.", plate=plate))
        return back_to(sign, SECTION)

    @expose("/<sign>/pozwolenie", methods=["POST"])
    @has_access
    def permit(self, sign: str) -> ResponseReturnValue:
        """Prepare the temporary permit."""
        blank, days = short("number"), number("days")
        with one_transaction() as session:
            prepare_permit(session, find_case(sign), seen_version(), blank, act=current_act(), days=days)
        flash(_("The temporary permit is prepared."))
        return back_to(sign, SECTION)

    @expose("/<sign>/rzecz", methods=["POST"])
    @has_access
    def item(self, sign: str) -> ResponseReturnValue:
        """Get a sticker or a card ready."""
        kind = word("kind", ItemKind)
        with one_transaction() as session:
            prepare_item(session, find_case(sign), seen_version(), kind, short("label"), act=current_act())
        flash(_("It is among the things of the case now."))
        return back_to(sign, SECTION)

    @expose("/<sign>/dowod", methods=["POST"])
    @has_access
    def certificate(self, sign: str) -> ResponseReturnValue:
        """Register that the permanent certificate came."""
        with one_transaction() as session:
            case = find_case(sign)
            if Doer.CLERK not in doers_of(case, allowed_by(self.appbuilder)):
                raise NotAllowed("case-not-yours", sign=sign)
            receive_certificate(session, case, short("number"), act=current_act())
        flash(_("The certificate is registered. Announce it to the party now."))
        return back_to(sign, SECTION)
