"""What is done, in the demonstration, about the office that registered a vehicle last; nothing where it was ours."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.demo.hands import Hands, note, post_last_letter, write
from app.demo.invented import OTHER_OFFICES
from app.domain.determinations import DeterminationCode
from app.transaction import one_transaction
from app.usecases.other_office import last_county
from app.usecases.serve_letter import note_paper_service


def name_office(session: Session, hands: Hands, at: dt.datetime) -> None:
    """The clerk determines which office it is, by the number of the vehicle."""
    county = _county(session, hands)
    if county:
        note(session, hands, at, DeterminationCode.LAST_OFFICE, OTHER_OFFICES[county])


def tell_office(session: Session, hands: Hands, at: dt.datetime) -> None:
    """It is told, and its card comes back."""
    if _county(session, hands):
        write(session, hands, at, "notify_office")
        post_last_letter(session, hands, at)
        act = hands.front_desk(at)
        with one_transaction():
            note_paper_service(session, hands.case(session).letters[-1], "delivered", act.today, act=act)


def office_answers(session: Session, hands: Hands, at: dt.datetime) -> None:
    """It answers, and the clerk writes that down."""
    if _county(session, hands):
        note(
            session, hands, at, DeterminationCode.LAST_OFFICE_ANSWERED, "Dane pojazdu i właściciela są zgodne z aktami."
        )


def _county(session: Session, hands: Hands) -> str:
    found = last_county(hands.case(session), hands.equipment.office.plate_prefixes)
    return found[0] if found is not None else ""
