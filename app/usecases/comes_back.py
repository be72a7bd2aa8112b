"""What does the owner give back before the permanent certificate is given, and what do letters say of it?"""

from __future__ import annotations

from app.domain.custody import ItemState
from app.domain.items import Fate, ItemKind
from app.models import Case, Item
from app.usecases.case_facts import is_lost, old_certificates

_AWAY = frozenset({ItemState.WITH_PARTY, ItemState.IN_POST})


def lent_certificate(case: Case) -> Item | None:
    """Return the old certificate that was lent until the new one, while it is out (CZYNN zał. 1 § 2 ust. 3 pkt 3)."""
    lent = (item for item in old_certificates(case) if item.fate is Fate.LENT and not is_lost(case, item))
    return next((item for item in lent if item.state in _AWAY), None)


def fields_of_what_comes_back(case: Case) -> dict[str, str]:
    """Return the fields of a letter that name what its owner has to give back; they are empty where it is nothing."""
    certificate, permit = lent_certificate(case), case.permit
    lost = any(item.kind is ItemKind.TEMPORARY_PERMIT and is_lost(case, item) for item in case.items)
    return {
        "lent_certificate": f"dotychczasowy dowód rejestracyjny {certificate.label}".strip() if certificate else "",
        "permit_to_return": permit.number if permit and not lost else "",
    }
