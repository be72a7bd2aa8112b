"""What was prepared is taken back, as long as the decision has not left: proofs, the permit, stickers and cards."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.errors import BadInput, ConditionMissing
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer, Stage
from app.models import Case, Fee, Item, LetterState, authored
from app.models.custody import TO_STOCK
from app.usecases.assess_fees import assess_fees
from app.usecases.record import record
from app.usecases.whose_case import claim


def withdraw_proof(session: Session, case: Case, version: int, code: str, *, act: Act) -> Fee:
    """Write down that the fee `code` is not proved after all.

    Raises what `claim` and `refuse_decided` raise, BadInput (`fee-unknown`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refuse_decided(case)
    fee = next((one for one in case.fees if one.code == code), None)
    if fee is None:
        raise BadInput("fee-unknown")
    fee.proved_at, fee.proof = None, None
    case.changed_at = act.at
    record(session, f"case:{case.id}", "proof-withdrawn", {"fee": code, "grosze": fee.grosze}, act=act)
    assess_fees(case)  # one that had only stayed because it was proved goes
    return fee


def withdraw_permit(session: Session, case: Case, version: int, *, act: Act) -> None:
    """Take the temporary permit back; its blank goes to the stock.

    Raises what `claim` and `refuse_decided` raise, ConditionMissing (`not-prepared`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refuse_decided(case)
    permit = case.permit
    if permit is None:
        raise ConditionMissing("not-prepared")
    for item in prepared(case, ItemKind.TEMPORARY_PERMIT):
        item.move(Movement.FORWARDED, authored(act), remark=TO_STOCK)
    case.permit = None
    session.delete(permit)
    session.flush()  # the number, and the place of the permit in the case, are free for the next one
    case.changed_at = act.at
    record(session, f"case:{case.id}", "permit-withdrawn", {"permit": permit.number}, act=act)


def withdraw_item(session: Session, case: Case, version: int, kind: ItemKind, *, act: Act) -> None:
    """Take a sticker or card back to the stock.

    Raises what `claim` and `refuse_decided` raise, ConditionMissing (`not-prepared`).
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refuse_decided(case)
    items = prepared(case, kind)
    if not items:
        raise ConditionMissing("not-prepared")
    for item in items:
        item.move(Movement.FORWARDED, authored(act), remark=TO_STOCK)
        details = {"item": item.number, "kind": kind.value}
        record(session, f"case:{case.id}", "item-withdrawn", details, act=act)
    case.changed_at = act.at


def prepared(case: Case, kind: ItemKind) -> list[Item]:
    """Return the things of `kind` that the office has ready for `case`."""
    return [item for item in case.items if item.kind is kind and item.state is ItemState.IN_OFFICE]


def refuse_decided(case: Case) -> None:
    """Raise ConditionMissing: `originals-first` outside the stage of preparing, `letter-leaving` for the decision."""
    if case.stage != Stage.ORIGINALS_COMPLETE.value:
        raise ConditionMissing("originals-first")
    if any(letter.state is LetterState.LEAVING for letter in case.letters):
        raise ConditionMissing("letter-leaving")
