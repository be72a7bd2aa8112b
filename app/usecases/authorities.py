"""Which authority does a letter go to, and with what: a transfer (KPA art. 65), an appeal (art. 133), a notice?"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.determinations import DeterminationCode
from app.equipment import Equipment
from app.letters.names import subject_in_words
from app.letters.texts import FieldValue
from app.letters.words import day_in_words
from app.models import Appeal, Case, Item
from app.usecases.addressees import parties_of
from app.usecases.appeals import appeal_at
from app.usecases.case_facts import determinations
from app.usecases.items import things_to_forward

TRANSFER_LETTER, APPEAL_LETTER, TAX_NOTICE = "transfer_letter", "appeal_letter", "tax_office_notice"

NO_GROUNDS = (
    "Organ nie znalazł podstaw do uchylenia lub zmiany decyzji we własnym zakresie (art. 132 k.p.a.) i podtrzymuje "
    "stanowisko przedstawione w jej uzasadnieniu."
)
"""What the office says of an appeal, unless the clerk says more."""


def authority_of(case: Case, kind: str, *, equipment: Equipment) -> tuple[str, tuple[str, ...]] | None:
    """Return name and address of the authority that a letter of `kind` goes to; nothing where it goes to a party."""
    if kind == APPEAL_LETTER:
        name, *lines = [part.strip() for part in equipment.office.appeal_authority.split(";")]
        return name, tuple(lines)
    return named_authority(case, kind) if kind in _NAMED_BY else None


_NAMED_BY = {TRANSFER_LETTER: DeterminationCode.OTHER_AUTHORITY, TAX_NOTICE: DeterminationCode.TAX_AUTHORITY}


def named_authority(case: Case, kind: str) -> tuple[str, tuple[str, ...]]:
    """Return name and lines of the address of the authority that was determined for a letter of `kind`; maybe empty."""
    named = determinations(case).get(_NAMED_BY[kind])
    lines = [line.strip() for line in (named.text or "").splitlines() if line.strip()] if named else []
    if len(lines) == 1:
        lines = [part.strip() for part in lines[0].split(",")]
    return (lines[0] if lines else "", tuple(lines[1:]))


def authority_fields(case: Case, kind: str, place: int | None) -> dict[str, FieldValue | None]:
    """Return what only letters to authorities say. `place`: of the appeal that the letter forwards."""
    if kind == TRANSFER_LETTER:
        return {"authority_address": ", ".join(named_authority(case, kind)[1]), "enclosed": _with_a_transfer(case)}
    if kind == TAX_NOTICE:
        return {"authority_address": ", ".join(named_authority(case, kind)[1])}
    appeal = appeal_at(case, place or 0)
    return _of_appeal(case, appeal) if kind == APPEAL_LETTER and appeal is not None else {}


def _with_a_transfer(case: Case) -> Sequence[tuple[str, str]]:
    papers = [
        (
            f"{'uzupełnienie' if place else 'wniosek'}, wydruk e-paczki {package.number} z poświadczeniem",
            package.receipt.number if package.receipt else "",
        )
        for place, package in enumerate(case.packages)
    ] or [("wniosek", "")]
    scans = [(f"{subject_in_words(one.kind)} – wydruk z e-paczki", one.title) for one in case.documents]
    things = [(subject_in_words(item.kind.value), _original(item)) for item in things_to_forward(case)]
    return [*papers, *scans, *things]


def _original(item: Item) -> str:
    return ", ".join(part for part in ("oryginał", item.label, f"poz. {item.number}") if part)


def _of_appeal(case: Case, appeal: Appeal) -> dict[str, FieldValue | None]:
    letter = appeal.decision.letter
    kept = (
        f"Wpłynęło po terminie, który upłynął {day_in_words(appeal.term_end)}"
        if appeal.late
        else "Wniesiono je w terminie."
    )
    parties = ", ".join(one.name for one in parties_of(case)) or case.applicant_name
    return {
        "appellant": appeal.party.name if appeal.party is not None else parties,
        "appeal_day": appeal.received_on,
        "appeal_kept": kept,
        "decision": letter.title,
        "decision_day": appeal.decision.issued_on,
        "decision_number": letter.number,
        "enclosed": [
            ("odwołanie", f"wpłynęło {day_in_words(appeal.received_on)}"),
            ("zaskarżona decyzja z dowodem doręczenia", letter.number),
            ("akta sprawy", f"{case.sign}: wniosek z załącznikami, pisma urzędu, dowody doręczeń, metryka sprawy"),
        ],
    }
