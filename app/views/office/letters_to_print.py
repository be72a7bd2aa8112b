"""Which letters does the counter print? Those that leave on paper: by post, or with the things that go out."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name

from app.house import equipment
from app.models import Letter, LetterState, LetterWay
from app.transaction import one_transaction
from app.usecases.record import record
from app.views.acting import current_act
from app.views.office.at_case import find_case
from app.views.office.at_the_counter import pdf_answer

_ON_PAPER = frozenset({LetterWay.POST, LetterWay.WITH_ITEMS})


class LettersToPrint(BaseView):
    """The sealed letter, to be printed and put into its envelope."""

    route_base = "/kancelaria"
    class_permission_name = "FrontDesk"

    @expose("/<sign>/pismo/<int:seq>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def pdf(self, sign: str, seq: int) -> ResponseReturnValue:
        """Hand out a letter that leaves on paper, the same bytes each time; who took it is written down."""
        with one_transaction() as session:
            case = find_case(sign)
            letter = next((one for one in case.letters if one.seq == seq and _is_printed(one)), None) or abort(404)
            digest = letter.pdf_sha256 or abort(404)
            record(session, f"case:{case.id}", "letter-downloaded", {"letter": seq}, act=current_act())
        return pdf_answer(equipment().store.read(digest), f"{sign.replace('.', '-')}-{seq}.pdf")


def _is_printed(letter: Letter) -> bool:
    return letter.state is LetterState.SENT and letter.way in _ON_PAPER
