"""What does the owner give back, or bring, before the permanent certificate is given, and what do letters say of it?"""

from __future__ import annotations

from app.domain.custody import AWAY
from app.domain.items import Fate
from app.domain.procedures.stages import Stage
from app.letters.names import subject_in_words
from app.models import Case, Item
from app.usecases.after_refusal import fields_after_temporary_registration
from app.usecases.case_facts import awaited_items, is_conditional, is_lost, old_certificates, papers_to_come
from app.usecases.counted_things import newest_permit

_OLD = "dotychczasowy dowód rejestracyjny"


def lent_certificate(case: Case) -> Item | None:
    """Return the old certificate that was lent until the new one, while it is out (CZYNN zał. 1 § 2 ust. 3 pkt 3)."""
    lent = (item for item in old_certificates(case) if item.fate is Fate.LENT and not is_lost(case, item))
    return next((item for item in lent if item.state in AWAY), None)


def papers_to_bring(case: Case) -> list[str]:
    """Return the kinds of the documents that the owner of a vehicle registered conditionally has yet to bring."""
    if case.stage == Stage.REFUSED.value or not is_conditional(case):
        return []
    return [paper.kind.value for paper in papers_to_come(case) if paper.away or not case.decisions]


def received_first(case: Case) -> list[Item]:
    """Return what is awaited before anything is given; a promised document only before the permanent certificate."""
    later = papers_to_bring(case) if case.decisions and case.stage != Stage.PERMANENT_READY.value else []
    return [item for item in awaited_items(case) if item.kind not in later]


def fields_of_what_comes_back(case: Case) -> dict[str, str]:
    """Return the fields of a letter that name what its owner has to give back; they are empty where it is nothing."""
    certificate, permit, papers = lent_certificate(case), case.permit, papers_to_bring(case)
    blank = newest_permit(case)
    return {
        "lent_certificate": f"{_OLD} {certificate.label}".strip() if certificate else "",
        "papers_to_bring": ", ".join(map(subject_in_words, papers)),
        "plates_kept": "" if case.stage == Stage.REFUSED.value else _plates_kept(papers),
        "permit_to_return": permit.number if permit and not (blank and is_lost(case, blank)) else "",
        "brought_first": _brought_first(case),
        **fields_after_temporary_registration(case),
    }


def _brought_first(case: Case) -> str:
    """Return what the counter asks for before it gives the permanent certificate."""
    if case.stage != Stage.PERMANENT_READY.value:
        return ""
    asked = received_first(case)
    named = [(_OLD if item.fate is Fate.LENT else subject_in_words(item.kind.value), item.label) for item in asked]
    return ", ".join(dict.fromkeys(" ".join(filter(None, one)) for one in named))


def _plates_kept(papers: list[str]) -> str:
    """Return what an owner asked for the plates can do instead of giving them back."""
    return "uzupełni brakujące dokumenty i odbierze dowód rejestracyjny" if papers else "odbierze dowód rejestracyjny"
