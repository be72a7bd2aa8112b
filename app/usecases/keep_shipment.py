"""The letter that lies in a parcel is kept when the parcel leaves: what was sent never changes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.equipment import Equipment
from app.models import Consignment
from app.pki.pdf_seal import seal_pdf
from app.usecases.keep_protocol import keep_protocol
from app.usecases.printouts import print_shipment
from app.usecases.seals import seal_in_use


def keep_shipment(session: Session, parcel: Consignment, *, equipment: Equipment, act: Act) -> Consignment:
    """Print and seal the letter of `parcel`, which leaves now, and keep it. Raises what `seal_in_use` raises."""
    _, seal = seal_in_use(session, equipment=equipment, act=act)
    pdf = seal_pdf(print_shipment(session, parcel, equipment=equipment, act=act), seal, act.at)
    return keep_protocol(session, parcel, equipment.store.put_bytes(pdf), act=act)
