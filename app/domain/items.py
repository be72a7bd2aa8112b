"""Which kinds of things are there, whose is each in the end, and which of them must a party bring?

Law: PRD art. 71–79; the ordinance on the acts of registering authorities (Dz.U. 2022 poz. 1849, "CZYNN") §§ 12, 21 and
annex 1 §§ 1, 8; KPA art. 33 § 3. Where a thing is meanwhile: `custody.py`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.custody import ItemState
from app.domain.documents import LATER_PAPERS, Answers, DocumentKind, Requirement, ground_of
from app.domain.plates import plate_count
from app.domain.procedures.editions import LAW_OF_2022, SEKAP
from app.domain.procedures.stages import ProcedureName


class ItemKind(enum.StrEnum):
    """What a thing is. What a party brings has the code of its document; a plate is one piece of metal."""

    OWNERSHIP = "OWNERSHIP"
    REG_CERT = "REG_CERT"
    VEHICLE_CARD = "VEHICLE_CARD"
    PLATE = "PLATE"
    EXTRA_PLATE = "EXTRA_PLATE"
    TEMPORARY_WITHDRAWAL = "TEMPORARY_WITHDRAWAL"
    CONFORMITY = "CONFORMITY"
    INSPECTION = "INSPECTION"
    CUSTOMS = "CUSTOMS"
    EXCISE = "EXCISE"
    TRANSLATION = "TRANSLATION"
    HISTORIC = "HISTORIC"
    SAM = "SAM"
    ID_NUMBER = "ID_NUMBER"
    PROXY = "PROXY"
    OC_POLICY = "OC_POLICY"
    DISMANTLING_CERTIFICATE = "DISMANTLING_CERTIFICATE"
    FOREIGN_SALE_PROOF = "FOREIGN_SALE_PROOF"
    FOREIGN_SCRAPPING_PROOF = "FOREIGN_SCRAPPING_PROOF"
    LOSS_PROOF = "LOSS_PROOF"
    INCOMPLETE_VEHICLE_CERTIFICATE = "INCOMPLETE_VEHICLE_CERTIFICATE"
    MARKET_WITHDRAWAL_PROOF = "MARKET_WITHDRAWAL_PROOF"
    OTHER = "OTHER"
    # made or ordered by the office
    TEMPORARY_PERMIT = "TEMPORARY_PERMIT"
    NEW_PLATE = "NEW_PLATE"
    NEW_EXTRA_PLATE = "NEW_EXTRA_PLATE"
    CONTROL_STICKER = "CONTROL_STICKER"
    LEGALISATION_STICKERS = "LEGALISATION_STICKERS"
    REGISTRATION_CERTIFICATE = "REGISTRATION_CERTIFICATE"
    NEW_VEHICLE_CARD = "NEW_VEHICLE_CARD"
    DECISION = "DECISION"


OLD_PLATES = frozenset({ItemKind.PLATE, ItemKind.EXTRA_PLATE})
NEW_PLATES = frozenset({ItemKind.NEW_PLATE, ItemKind.NEW_EXTRA_PLATE})
PLATES = OLD_PLATES | NEW_PLATES
"""Pieces of metal that bear a registration number."""
VEHICLE_CARDS = frozenset({ItemKind.VEHICLE_CARD, ItemKind.NEW_VEHICLE_CARD})
"""The one that was handed in, and the one that the office made."""
BLANKS = VEHICLE_CARDS | {
    ItemKind.REG_CERT, ItemKind.REGISTRATION_CERTIFICATE, ItemKind.TEMPORARY_PERMIT, ItemKind.CONTROL_STICKER,
    ItemKind.LEGALISATION_STICKERS,
}  # fmt: skip
"""Printed with a series and a number of their own."""
LATER_THINGS = frozenset(ItemKind(kind.value) for kind in LATER_PAPERS)
"""Without these a vehicle can be registered conditionally (PRD art. 74)."""


class Fate(enum.StrEnum):
    """Whose a thing is in the end.

    `LENT` goes to the party, comes back and stays in the file; `RETURNED_ABROAD` is invalidated and then given back
    to the party, who needs it abroad.
    """

    TO_PARTY = "to_party"
    LENT = "lent"
    IN_FILE = "in_file"
    DESTROYED = "destroyed"
    INVALIDATED_AND_KEPT = "invalidated_and_kept"
    RETURNED_ABROAD = "returned_abroad"


_K = ItemKind
_PARTY, _LENT, _FILE = Fate.TO_PARTY, Fate.LENT, Fate.IN_FILE
_GONE, _KEPT = Fate.DESTROYED, Fate.INVALIDATED_AND_KEPT
_COLUMNS = {
    (ProcedureName.REGISTRATION, SEKAP): 0,
    (ProcedureName.REGISTRATION, LAW_OF_2022): 1,
    (ProcedureName.DEREGISTRATION, SEKAP): 2,
    (ProcedureName.DEREGISTRATION, LAW_OF_2022): 3,
}
# fmt: off
ITEM_KINDS: Mapping[ItemKind, tuple[Fate, Fate, Fate, Fate]] = MappingProxyType({
    #                                  registration    deregistration
    #                                  sekap   2022    sekap   2022
    _K.OWNERSHIP:                      (_PARTY, _PARTY, _PARTY, _PARTY),  # annotated, a copy is kept
    _K.REG_CERT:                       (_KEPT,  _KEPT,  _KEPT,  _KEPT),   # CZYNN § 12 ust. 6: the corner is cut
    _K.VEHICLE_CARD:                   (_PARTY, _FILE,  _KEPT,  _FILE),   # since 2022 into the file (CZYNN § 21)
    _K.PLATE:                          (_GONE,  _GONE,  _GONE,  _GONE),
    _K.EXTRA_PLATE:                    (_GONE,  _GONE,  _GONE,  _GONE),
    _K.TEMPORARY_WITHDRAWAL:           (_FILE,  _FILE,  _FILE,  _FILE),
    _K.CONFORMITY:                     (_PARTY, _PARTY, _PARTY, _PARTY),  # annotated in two languages
    _K.INSPECTION:                     (_FILE,  _FILE,  _FILE,  _FILE),
    _K.CUSTOMS:                        (_PARTY, _PARTY, _PARTY, _PARTY),  # annotated, a copy is kept
    _K.EXCISE:                         (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.TRANSLATION:                    (_FILE,  _FILE,  _FILE,  _FILE),
    _K.HISTORIC:                       (_FILE,  _FILE,  _FILE,  _FILE),
    _K.SAM:                            (_FILE,  _FILE,  _FILE,  _FILE),
    _K.ID_NUMBER:                      (_FILE,  _FILE,  _FILE,  _FILE),
    _K.PROXY:                          (_FILE,  _FILE,  _FILE,  _FILE),   # KPA art. 33 § 3
    _K.OC_POLICY:                      (_PARTY, _PARTY, _PARTY, _PARTY),  # only shown
    _K.DISMANTLING_CERTIFICATE:        (_FILE,  _FILE,  _FILE,  _FILE),
    _K.FOREIGN_SALE_PROOF:             (_FILE,  _FILE,  _FILE,  _FILE),
    _K.FOREIGN_SCRAPPING_PROOF:        (_FILE,  _FILE,  _FILE,  _FILE),
    _K.LOSS_PROOF:                     (_FILE,  _FILE,  _FILE,  _FILE),
    _K.INCOMPLETE_VEHICLE_CERTIFICATE: (_FILE,  _FILE,  _FILE,  _FILE),
    _K.MARKET_WITHDRAWAL_PROOF:        (_FILE,  _FILE,  _FILE,  _FILE),
    _K.OTHER:                          (_PARTY, _PARTY, _PARTY, _PARTY),  # nobody asked for it
    _K.TEMPORARY_PERMIT:               (_LENT,  _PARTY, _PARTY, _PARTY),  # PRD art. 74 ust. 5: plates only
    _K.NEW_PLATE:                      (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.NEW_EXTRA_PLATE:                (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.CONTROL_STICKER:                (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.LEGALISATION_STICKERS:          (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.REGISTRATION_CERTIFICATE:       (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.NEW_VEHICLE_CARD:               (_PARTY, _PARTY, _PARTY, _PARTY),
    _K.DECISION:                       (_PARTY, _PARTY, _PARTY, _PARTY),  # KPA art. 109 § 1
})
# fmt: on


def fate_of(
    kind: ItemKind, procedure: ProcedureName, edition: str, *, ground: str = "", number_kept: bool = False
) -> Fate:
    """Return whose a thing is in the end.

    Plates whose number is kept are only shown for legalisation (PRD art. 73 ust. 1a). A certificate goes back,
    invalidated, where the `ground` of a deregistration is export (CZYNN annex 1 § 8). In a case that nobody has
    described yet everything is the party's.
    """
    column = _COLUMNS.get((procedure, edition))
    if column is None or (number_kept and kind in {_K.PLATE, _K.EXTRA_PLATE}):
        return Fate.TO_PARTY
    if kind is _K.REG_CERT and procedure is ProcedureName.DEREGISTRATION:
        found = ground_of(ground)
        if found is not None and found.certificate_returns:
            return Fate.RETURNED_ABROAD
    return ITEM_KINDS[kind][column]


def is_back(fate: Fate, *, returned: bool, invalidated: bool) -> bool:
    """Return whether what is lent has done its service: its party brought it back, or it was invalidated and kept."""
    return returned or (fate is Fate.LENT and invalidated)


def is_cut_before_filing(kind: ItemKind, fate: Fate) -> bool:
    """Return whether a thing that stays is invalidated first; of what was lent only the old certificate is."""
    return fate is Fate.INVALIDATED_AND_KEPT or (fate is Fate.LENT and kind is ItemKind.REG_CERT)


def is_owed(state: ItemState, fate: Fate, *, back: bool = False) -> bool:
    """Return whether the office still has to give a thing to its party; `back`: it has done its service."""
    goes_out = fate in {Fate.TO_PARTY, Fate.RETURNED_ABROAD} or (fate is Fate.LENT and not back)
    return state is ItemState.IN_OFFICE and goes_out


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """A thing that a party has to bring: by which law, and whether only `if_issued`."""

    kind: ItemKind
    law: str
    if_issued: bool = False


def expected_items(requirements: Iterable[Requirement], answers: Answers) -> tuple[ExpectedItem, ...]:
    """Return the things to be brought for `requirements`: every original once, and plates one by one."""
    found: list[ExpectedItem] = []
    for one in requirements:
        if not one.original:
            continue
        kind, count = (
            (ItemKind.PLATE, plate_count(answers.vehicle_class))
            if one.kind is DocumentKind.PLATES
            else (ItemKind(one.kind.value), 1)
        )
        found += [ExpectedItem(kind, one.law, one.if_issued)] * count
    return tuple(found)
