"""What does a case cost, and by which law?

Amounts are a dictionary with periods, `data/fees.csv`: what an office starts with. Law: Dz.U. 2022 poz. 1848 (fees for
certificates, permits and plates; income of the county by PRD art. 78b) and the act on stamp duty (UOS). Sums are whole
grosze. The law in force knows no fee for a control sticker or a vehicle card, so that the edition `sekap` costs what
the edition `2022` costs.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from app.domain.errors import ConditionMissing
from app.domain.plates import plate_count
from app.domain.procedures.editions import LAW_OF_2022
from app.domain.procedures.stages import ProcedureName
from app.domain.vehicles import PlateKind, VehicleClass


@dataclass(frozen=True, slots=True)
class Fee:
    """An entry of the dictionary, in force from `since` to `until`, both included.

    `one_plate_percent`: how much of the fee a single plate costs; half, where it is meant for a set of two. A
    `doubtful` one is asked for where a clerk determined that it is due.
    """

    code: str
    label: str
    grosze: int
    law: str
    since: dt.date
    until: dt.date | None = None
    one_plate_percent: int = 100
    doubtful: bool = False

    def covers(self, day: dt.date) -> bool:
        """Return whether the fee is in force on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


@cache
def fees() -> tuple[Fee, ...]:
    """Return the dictionary that an office starts with."""
    text = (resources.files("app.domain") / "data" / "fees.csv").read_text(encoding="utf-8")
    return tuple(
        Fee(
            code=row["code"],
            label=row["label"],
            grosze=int(row["grosze"]),
            law=row["law"],
            since=dt.date.fromisoformat(row["since"]),
            until=dt.date.fromisoformat(row["until"]) if row["until"] else None,
            one_plate_percent=int(row["one_plate_percent"]),
            doubtful=row["doubtful"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAnswers:
    """What the fees depend on. The defaults are those of a car that gets new ordinary plates."""

    vehicle_class: VehicleClass = VehicleClass.CAR
    plate_kind: PlateKind = PlateKind.ORDINARY
    """Ordinary (reduced and motorcycle ones too), individual or antique."""
    number_kept: bool = False
    """The old plates stay; they get new legalisation stickers."""
    plates: int | None = None
    """How many plates are issued; `None` for as many as the vehicle bears. A motorcycle or moped with four wheels may
    bear two (§ 4 ust. 4)."""
    extra_plate: bool = False
    """One more, for a bicycle rack."""
    short_path: bool = False
    """No temporary registration (PRD art. 74 ust. 2d), and so no permit: in the edition `2022` only."""
    by_proxy: bool = False
    proxy_is_family: bool = False
    """Spouse, ascendant, descendant, sibling: no stamp duty."""
    doubtful_due: bool = False
    """A clerk determined that what the dictionary has in doubt is due."""


@dataclass(frozen=True, slots=True)
class Due:
    """A fee that is due, with its amount in this case."""

    fee: Fee
    grosze: int


# fmt: off
_PLATES: Mapping[tuple[PlateKind, VehicleClass], str] = {
    (PlateKind.ORDINARY, VehicleClass.MOTORCYCLE): "TABL_MOTOCYKL",
    (PlateKind.ORDINARY, VehicleClass.MOPED):      "TABL_MOTOROWER",
    (PlateKind.ANTIQUE,  VehicleClass.MOTORCYCLE): "TABL_ZAB_MOTOCYKL",
    (PlateKind.ANTIQUE,  VehicleClass.MOPED):      "TABL_ZAB_MOTOROWER",
}
_PLATES_OF_ALL_OTHERS: Mapping[PlateKind, str] = {
    PlateKind.ORDINARY:   "TABL_SAM",
    PlateKind.INDIVIDUAL: "TABL_INDYW",
    PlateKind.ANTIQUE:    "TABL_ZAB_SAM",
}
# fmt: on
_ORDINARY = frozenset({PlateKind.ORDINARY, PlateKind.REDUCED, PlateKind.MOTORCYCLE})


def fees_due(
    procedure: ProcedureName,
    edition: str,
    answers: FeeAnswers,
    day: dt.date,
    dictionary: Iterable[Fee] | None = None,
) -> tuple[Due, ...]:
    """Return what is due in a case of `procedure` under `edition`, by the amounts of `day`.

    What is in doubt is due only where that was determined. Before the first amount that the dictionary knows of a fee,
    that one stands there, in doubt.

    Raises:
        ConditionMissing: `number-kept`: the short path is only for an owner who keeps the number.
        LookupError: when the dictionary names no such fee.
    """
    return tuple(
        due
        for due in _considered(procedure, edition, answers, day, dictionary)
        if answers.doubtful_due or not due.fee.doubtful
    )


def fees_in_doubt(procedure: ProcedureName, edition: str, answers: FeeAnswers, day: dt.date) -> tuple[Due, ...]:
    """Return what may be due and the dictionary is not sure of: for a clerk to settle."""
    return tuple(due for due in _considered(procedure, edition, answers, day, None) if due.fee.doubtful)


def _considered(
    procedure: ProcedureName, edition: str, answers: FeeAnswers, day: dt.date, dictionary: Iterable[Fee] | None
) -> tuple[Due, ...]:
    known = fees() if dictionary is None else tuple(dictionary)
    if procedure is ProcedureName.REGISTRATION:
        wanted = _of_registration(edition, answers)
    elif procedure is ProcedureName.DEREGISTRATION:
        wanted = ["WYREJESTROWANIE"]
    else:
        return ()
    if answers.by_proxy and not answers.proxy_is_family:
        wanted.append("PELNOMOCNICTWO")
    found = [_known_fee(code, day, known) for code in wanted]
    return tuple(Due(fee, _amount(fee, answers)) for fee in found)


def _known_fee(code: str, day: dt.date, dictionary: tuple[Fee, ...]) -> Fee:
    first = min((fee for fee in dictionary if fee.code == code), key=lambda fee: fee.since, default=None)
    if first is not None and day < first.since:
        return replace(first, doubtful=True)
    return fee_in_force(code, day, dictionary)


def total(dues: Iterable[Due]) -> int:
    """Return the sum in grosze."""
    return sum(due.grosze for due in dues)


def fee_in_force(code: str, day: dt.date, dictionary: Iterable[Fee]) -> Fee:
    """Return the fee of that code on `day`; of several, the one that began last.

    Raises:
        LookupError: when there is none.
    """
    found = [fee for fee in dictionary if fee.code == code and fee.covers(day)]
    if not found:
        raise LookupError(f"no fee {code} is in force on {day}")
    return max(found, key=lambda fee: fee.since)


def _of_registration(edition: str, answers: FeeAnswers) -> list[str]:
    if answers.short_path and not answers.number_kept:
        raise ConditionMissing("number-kept")
    wanted = [] if answers.number_kept else [_plates_code(answers)]
    if answers.extra_plate:
        wanted += ["TABL_BAGAZNIK", "NALEPKI_LEG_BAGAZNIK"]
    wanted.append("DOWOD_REJ")
    if not (answers.short_path and edition == LAW_OF_2022):
        wanted.append("POZW_CZAS_Z_URZEDU")
    wanted.append("NALEPKI_LEG")
    return wanted


def _amount(fee: Fee, answers: FeeAnswers) -> int:
    """Return the fee in this case: what is issued by the plate costs so much a plate (§ 4 ust. 3, 4)."""
    if fee.code not in {*_PLATES.values(), *_PLATES_OF_ALL_OTHERS.values()}:
        return fee.grosze
    count = answers.plates if answers.plates is not None else plate_count(answers.vehicle_class)
    return fee.grosze * fee.one_plate_percent * count // 100


def _plates_code(answers: FeeAnswers) -> str:
    kind = PlateKind.ORDINARY if answers.plate_kind in _ORDINARY else answers.plate_kind
    code = _PLATES.get((kind, answers.vehicle_class)) or _PLATES_OF_ALL_OTHERS.get(kind)
    if code is None:
        raise LookupError(f"no fee of a registration for {kind} plates")
    return code
