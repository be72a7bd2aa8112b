"""The proof of ownership is an electronic invoice: no paper comes, and a certified printout is one of the file's own.

Law: the ordinance on the acts of registering authorities (Dz.U. 2022 poz. 1849) § 12.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.items import Fate, ItemKind
from app.models import Case, Determination, authored
from app.usecases.counted_things import is_printout
from app.usecases.items import new_item


def keep_invoice(session: Session, case: Case, row: Determination, act: Act) -> None:
    """Let the printout of the invoice be a thing of `case`, as the determination `row` says, or not any more."""
    printouts = [item for item in case.items if is_printout(item) and item.state is ItemState.IN_OFFICE]
    if not row.holds:
        for item in printouts:
            item.fate = Fate.DESTROYED
            item.move(Movement.DESTROYED, authored(act))
    elif not printouts:
        item = new_item(
            session, case, ItemKind.OWNERSHIP, Movement.MADE, act=act, label=f"wydruk e-faktury: {row.text}"
        )
        item.fate = Fate.IN_FILE
