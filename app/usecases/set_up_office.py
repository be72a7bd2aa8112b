"""What an office needs before it can take its first package: a centre, a seal, a team. Safe to repeat."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.equipment import Equipment
from app.models import Seal, Team
from app.pki.authority import Organisation
from app.pki.seal import make_seal
from app.usecases.centre import addresses, found_centre, issuer_in_use
from app.usecases.seals import take_seal_into_use


def set_up_office(session: Session, *, equipment: Equipment, act: Act) -> tuple[str, ...]:
    """Make what is missing and return what was made: codes `centre`, `seal`, `team`."""
    made = []
    if found_centre(session, equipment=equipment, act=act):
        made.append("centre")
    if session.scalar(sa.select(Seal.id).where(Seal.in_use)) is None:
        office = equipment.office
        subject = Organisation(office.name, f"NTRPL-{office.regon}", "Pieczęć urzędu")
        seal = make_seal(issuer_in_use(session, equipment=equipment), subject, act.at, addresses=addresses(equipment))
        take_seal_into_use(session, seal, equipment=equipment, act=act)
        made.append("seal")
    if session.scalar(sa.select(Team.id).limit(1)) is None:
        session.add(Team(code="RP", name="Referat Rejestracji Pojazdów"))
        made.append("team")
    return tuple(made)
