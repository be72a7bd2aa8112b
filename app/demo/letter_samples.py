"""Which sealed prints stand behind the letters of invented cases? One of each kind; many rows share its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.correspondence import STEP_LETTERS
from app.domain.procedures.editions import EDITIONS, SEKAP
from app.equipment import Equipment
from app.letters.official import OfficialLetter, Signer, print_letter
from app.letters.texts import Composed, compose, default_text, parse_text, sample_fields
from app.pki.pdf_seal import seal_pdf
from app.storage import Kept
from app.usecases.keep_file import keep_files
from app.usecases.letter_head import letter_head
from app.usecases.seals import seal_in_use

KINDS = (*dict.fromkeys(rule.kind for rule in STEP_LETTERS.values()), "handover_proposal", "handover_reminder")


@dataclass(frozen=True, slots=True)
class LetterSample:
    """What rows repeat of a letter: its head, and the digest of its print."""

    title: str
    legal_basis: str
    sha256: str


def letter_samples(session: Session, *, equipment: Equipment, act: Act) -> Mapping[tuple[str, str], LetterSample]:
    """Return the samples by kind and edition; their bytes are kept, and are the same as long as the seal is.

    Raises what `seal_in_use` raises.
    """
    row, seal = seal_in_use(session, equipment=equipment, act=act)
    samples, kept = {}, []
    for kind in KINDS:
        words = {edition: _compose(kind, edition) for edition in EDITIONS}
        pdf = print_letter(_letter(words[SEKAP], equipment, act), row.not_before)
        kept.append(equipment.store.put_bytes(seal_pdf(pdf, seal, row.not_before)))
        for edition, said in words.items():
            samples[kind, edition] = LetterSample(said.title, said.legal_basis, kept[-1].sha256)
    keep_files(session, *_once(kept), at=act.at)
    return samples


def _compose(kind: str, edition: str) -> Composed:
    return compose(parse_text(kind, default_text(kind, edition)), sample_fields(kind))


def _letter(text: Composed, equipment: Equipment, act: Act) -> OfficialLetter:
    return OfficialLetter(
        office=letter_head(equipment),
        place=equipment.office.city,
        day=act.today.replace(month=1, day=1),
        sign="WZÓR",
        addressee=("Jan Testowy", "ul. Testowa 1", "42-200 Częstochowa"),
        text=text,
        signer=Signer("Anna Testowa", "inspektor"),
        electronic_note="Wydruk wzorcowy – dane testowe.",
    )


def _once(kept: list[Kept]) -> list[Kept]:
    return list({one.sha256: one for one in kept}.values())
