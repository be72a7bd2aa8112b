"""Which other authority does a letter go to, and what goes with it?

A transfer (KPA art. 65), an appeal (art. 133), a notice to the office that registered the vehicle last (CZYNN annex
10) or to a tax or customs authority (annex 1 § 1).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.correspondence import STEP_LETTERS, TO_AUTHORITIES
from app.domain.determinations import DeterminationCode
from app.domain.items import PLATES
from app.equipment import Equipment
from app.letters.names import named_together, subject_in_words
from app.letters.texts import FieldValue
from app.letters.words import day_in_words
from app.models import Appeal, Case, Item
from app.usecases.addressees import parties_of
from app.usecases.appeals import appeal_at
from app.usecases.case_facts import determinations, number_of
from app.usecases.items import things_to_forward
from app.usecases.office_told import OFFICE_NOTICE
from app.usecases.other_office import complete_on

TRANSFER_NOTICE, TRANSFER_LETTER = "transfer_notice", "transfer_letter"
APPEAL_LETTER, TAX_NOTICE = "appeal_letter", "tax_office_notice"
_NAMED_BY = {
    TRANSFER_NOTICE: DeterminationCode.OTHER_AUTHORITY,
    TRANSFER_LETTER: DeterminationCode.OTHER_AUTHORITY,
    OFFICE_NOTICE: DeterminationCode.LAST_OFFICE,
    TAX_NOTICE: DeterminationCode.TAX_AUTHORITY,
}
"""What names the authority that a letter goes to or tells of, in its first line, and the address below."""

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
    return named_authority(case, _NAMED_BY[kind]) if kind in TO_AUTHORITIES else None


def named_authority(case: Case, code: DeterminationCode) -> tuple[str, tuple[str, ...]]:
    """Return name and lines of the address of the authority that the determination `code` names; maybe empty."""
    named = determinations(case).get(code)
    lines = [line.strip() for line in (named.text or "").splitlines() if line.strip()] if named else []
    if len(lines) == 1:
        lines = [part.strip() for part in lines[0].split(",")]
    return (lines[0] if lines else "", tuple(lines[1:]))


def authority_for_step(case: Case, step: str | None) -> tuple[str, tuple[str, ...]] | None:
    """Return name and address of the authority that a letter goes to by post when `step` is taken; else nothing."""
    rule = STEP_LETTERS.get(step or "")
    return named_authority(case, _NAMED_BY[rule.kind]) if rule is not None and rule.kind in _NAMED_BY else None


def authority_fields(case: Case, kind: str, place: int | None) -> dict[str, FieldValue | None]:
    """Return what only letters to authorities, and of them, say. `place`: of the appeal that the letter forwards."""
    if kind == APPEAL_LETTER:
        appeal = appeal_at(case, place or 0)
        return _of_appeal(case, appeal) if appeal is not None else {}
    if kind not in _NAMED_BY:
        return {}
    name, address = named_authority(case, _NAMED_BY[kind])
    own: dict[str, FieldValue | None] = {"enclosed": _with_a_transfer(case)} if kind == TRANSFER_LETTER else {}
    if kind == TRANSFER_NOTICE:
        own = {"things_along": named_together((one.kind.value, one.label) for one in things_to_forward(case))}
    if kind == OFFICE_NOTICE:
        own = {"complete_day": complete_on(case), "previous_number": case.plate, "new_number": number_of(case)}
    return {"other_authority": ", ".join((name, *address)), "authority_address": ", ".join(address), **own}


def _with_a_transfer(case: Case) -> Sequence[tuple[str, str]]:
    papers = [
        (
            f"{'uzupełnienie' if place else 'wniosek'}, wydruk e-paczki {package.number} z poświadczeniem",
            package.receipt.number if package.receipt else "",
        )
        for place, package in enumerate(case.packages)
    ] or [("wniosek", "")]
    scans = [(f"{subject_in_words(one.kind)} – wydruk z e-paczki", one.title) for one in case.documents]
    things = [(subject_in_words(item.kind.value), _which(item)) for item in things_to_forward(case)]
    return [*papers, *scans, *things]


def _which(item: Item) -> str:
    """Return which thing it is; of a paper also that it is no copy."""
    original = "" if item.kind in PLATES else "oryginał"
    return ", ".join(part for part in (original, item.label, f"poz. {item.number}") if part)


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
