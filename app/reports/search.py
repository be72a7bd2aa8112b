"""Which cases does a scanned code, a typed number or a name mean?"""

from __future__ import annotations

import datetime as dt
import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.blanks import spellings
from app.domain.case_signs import recognise_case_sign
from app.domain.folding import VIN_TAIL_LENGTH, KeyKind, SearchKey, bare, fold, prefix_range
from app.domain.items import BLANKS
from app.models import Case, Consignment, Item, Package, Receipt
from app.models import SearchKey as KeyRow

FOUND_AT_MOST = 50
MATCHED_AT_MOST = 1000
"""How many keys of one kind are looked at: who types one letter gets the newest of them."""
VIN_LENGTH = 17

_LABEL = re.compile(r"(?P<sign>.+)/[1-9]\d{0,9}", re.ASCII)
_CONSIGNMENT = re.compile(r"RP[WO]/[1-9]\d{0,9}/\d{4}", re.ASCII)

Found = sa.Row[str, str, str, str | None, str | None, dt.date, str]
"""Sign, applicant, procedure, plate, vehicle, day of arrival, stage."""


def sign_by_number(session: Session, text: str) -> str | None:
    """Return the sign of the one case to which a numbered thing belongs.

    Numbers of packages, receipts and consignments; what a label or a letter says: a case sign and a number.
    """
    number = bare(text).upper()
    of_case = sa.select(Case.sign).join(Package, Package.case_id == Case.id)
    if number.startswith("P-"):
        return session.scalar(of_case.where(Package.number == number))
    if number.startswith("UPO/"):
        return session.scalar(of_case.join(Receipt, Receipt.package_id == Package.id).where(Receipt.number == number))
    if _CONSIGNMENT.fullmatch(number):
        of_consignment = sa.select(Case.sign).join(Consignment, Consignment.case_id == Case.id)
        return session.scalar(of_consignment.where(Consignment.number == number))
    label = _LABEL.fullmatch(number)
    sign = recognise_case_sign(label["sign"]) if label else None
    return session.scalar(sa.select(Case.sign).where(Case.sign == str(sign))) if sign else None


def sign_of_item(session: Session, text: str) -> str | None:
    """Return the sign of the case of the thing whose label bears the number `text`."""
    number = bare(text)
    if not (number.isascii() and number.isdecimal() and len(number) <= 9):
        return None
    return session.scalar(sa.select(Case.sign).join(Item, Item.case_id == Case.id).where(Item.number == int(number)))


def find_cases(session: Session, text: str, keys: tuple[SearchKey, ...]) -> list[Found]:
    """Return the cases under any of `keys`, which are read from `text`; one more than `FOUND_AT_MOST` at the most.

    A blank's series and number is looked for among the things first.
    """
    of_blank = cases_of_blank(text)
    found = list(session.execute(_listed(Case.id.in_(of_blank)))) if of_blank is not None else []
    if not found and keys:
        found = list(session.execute(_found(keys)))
    if not found and (tail := tail_of_vin(text)):
        found = list(session.execute(_found((tail,)).where(Case.vin.endswith(fold(text), autoescape=True))))
    return found


def cases_of_blank(text: str) -> sa.Select[int | None] | None:
    """Return a select of the ids of cases that hold or gave out the blank of this number; None where it is no number.

    Things are indexed by kind and label.
    """
    written = spellings(bare(text))
    return sa.select(Item.case_id).where(Item.kind.in_(BLANKS), Item.label.in_(written)) if written else None


def tail_of_vin(text: str) -> SearchKey | None:
    """Return the key of a VIN of which more than the last six characters were typed, but not all."""
    folded = fold(text)
    whole = VIN_TAIL_LENGTH < len(folded) < VIN_LENGTH and folded.isascii() and any(c.isdigit() for c in folded)
    return SearchKey(KeyKind.VIN_TAIL, folded[-VIN_TAIL_LENGTH:]) if whole else None


def _found(keys: tuple[SearchKey, ...]) -> sa.Select[str, str, str, str | None, str | None, dt.date, str]:
    """Return the cases under any of `keys`; words of a name belong together."""
    names = [key for key in keys if key.kind is KeyKind.NAME]
    others = [key for key in keys if key.kind is not KeyKind.NAME]
    ways: list[sa.ColumnElement[bool]] = [Case.id.in_(_ids(key)) for key in others]
    if names:
        ways.append(sa.and_(*(Case.id.in_(_ids(key)) for key in names)))
    return _listed(sa.or_(*ways))


def _listed(
    which: sa.ColumnElement[bool],
) -> sa.Select[str, str, str, str | None, str | None, dt.date, str]:
    """Return what a list shows of the cases that are meant, the newest first."""
    return (
        sa.select(
            Case.sign,
            Case.applicant_name,
            Case.procedure,
            Case.plate,
            Case.vehicle_label,
            Case.received_on,
            Case.stage,
        )
        .where(which)
        .order_by(Case.id.desc())
        .limit(FOUND_AT_MOST + 1)
    )


def _ids(key: SearchKey) -> sa.Select[int]:
    low, high = prefix_range(key.key)
    return (
        sa.select(KeyRow.case_id)
        .where(KeyRow.kind == key.kind.value, KeyRow.key >= low, KeyRow.key < high)
        .limit(MATCHED_AT_MOST)
    )
