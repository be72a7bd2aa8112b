"""What does a letter say that goes to the owner with it, or loses its force by it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.domain.custody import ItemState
from app.domain.determinations import DeterminationCode
from app.domain.documents import ground_of
from app.domain.items import ItemKind
from app.domain.plates import plate_count
from app.domain.procedures.editions import LAW_OF_2022, SEKAP
from app.letters.names import counted_in_words, subject_in_words
from app.models import Case
from app.usecases.case_facts import answers_of_case, determinations
from app.usecases.may_leave import waits_for_the_permanent

_KEEPS_THE_NUMBER = {
    SEKAP: ("pozwolenie czasowe", "okazane tablice wracają do właściciela"),
    LAW_OF_2022: (
        "dotychczasowy dowód rejestracyjny z adnotacją albo pozwolenie czasowe",
        "okazane tablice wracają do właściciela",
    ),
}
"""What whoever keeps the number drives with until the permanent certificate is there (PRD art. 74 ust. 2d)."""


def no_longer_valid(case: Case) -> Sequence[tuple[str, str]]:
    """What a deregistration makes void; also where nothing of it was handed over."""
    void = {ItemKind.REG_CERT, ItemKind.VEHICLE_CARD, ItemKind.PLATE}
    came = Counter((item.kind.value, item.label) for item in case.items if item.kind in void)
    return [counted_in_words(kind, label, count) for (kind, label), count in came.items()] or [
        (subject_in_words(ItemKind.REG_CERT.value), "nie przedłożono"),
        (subject_in_words(ItemKind.PLATE.value), case.plate or "nie przedłożono"),
    ]


def goes_out(case: Case, kind: str, step: str | None) -> Sequence[tuple[str, str]]:
    """What the owner gets: what is here and owed, or, before anything is here, what the procedure promises."""
    if kind == "originals_summons" and case.procedure == "registration":
        if DeterminationCode.NUMBER_KEPT in determinations(case):
            return [_KEEPS_THE_NUMBER[case.edition]]
        extra = ["NEW_EXTRA_PLATE"] if answers_of_case(case).extra_plate_wished else []
        promised = ["TEMPORARY_PERMIT", "NEW_PLATE", *extra, *(["CONTROL_STICKER"] if case.edition == "sekap" else [])]
        plates = plate_count(answers_of_case(case).vehicle_class)
        return [counted_in_words(one, "", plates if one == "NEW_PLATE" else 1) for one in promised]
    if kind == "originals_summons":
        ground = ground_of(answers_of_case(case).ground)
        abroad = [("unieważniony dowód rejestracyjny", "")] if ground and ground.certificate_returns else []
        return [("decyzja o wyrejestrowaniu pojazdu", ""), *abroad]
    return given_with(case, step) or [("decyzja", "")]


def given_with(case: Case, step: str | None) -> Sequence[tuple[str, str]]:
    """Return what goes to the owner together with the letter of `step`: each kind of thing, and which or how many.

    With a registration at once the old certificate, annotated, is lent as a permit is (CZYNN zał. 1 § 2 ust. 3 pkt 3).
    """
    lent = {ItemKind.REG_CERT} if step == "register_directly" else set()
    first = step in {"register_temporarily", "register_directly"}
    things = Counter(
        (item.kind.value, item.label)
        for item in case.items
        if (item.is_owed and not (first and waits_for_the_permanent(case, item)))
        or (item.kind in lent and item.state is ItemState.IN_OFFICE)
    )
    return [counted_in_words(kind, label, count) for (kind, label), count in things.items()]
