"""What a thing is compared with: the drawn pages of the document it is the original of, and what the form says."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from app.domain.documents import DocumentKind
from app.domain.items import ItemKind
from app.epackages.previews import kind_with_pages
from app.models import Case, Document, Item
from app.usecases.case_facts import latest_verdicts
from app.usecases.compare_item import is_to_compare
from app.views.office.verification_page import document_for, parts_about, said
from app.views.wording_form import Section

PAGES_SHOWN = 3
"""Further pages are looked at in verification."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the scan: its picture, and where it is enlarged."""

    number: int
    picture: str
    enlarged: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What stands beside a thing. `title`: the file; nothing where the packages hold none."""

    title: str
    sheets: tuple[Sheet, ...]
    further: int
    look: str
    said: tuple[Section, ...]


def scans(case: Case) -> dict[int, Scan]:
    """Return what each thing of `case` that waits to be compared is compared with, by its number."""
    waiting = [item for item in case.items if is_to_compare(item)]
    if not waiting:
        return {}
    form = said(case)
    return {item.number: _scan(case, item, form) for item in waiting}


def _scan(case: Case, item: Item, form: list[Section]) -> Scan:
    kind = DocumentKind.PLATES.value if item.kind is ItemKind.PLATE else item.kind.value
    about = parts_about(kind)
    parts = sorted((part for part in form if part.heading in about), key=lambda part: about.index(part.heading))
    verdict = latest_verdicts(case).get(kind)
    document = verdict.document if verdict and verdict.document else document_for(case, kind)
    if document is None:
        return Scan("", (), 0, "", tuple(parts))
    pages = (document.member.pages or 1) if kind_with_pages(document.member.media) else 0
    sheets = tuple(_sheet(case, document, kind, page) for page in range(1, min(pages, PAGES_SHOWN) + 1))
    look = url_for("VerificationPages.verify", sign=case.sign, dokument=kind, plik=document.public_id)
    return Scan(document.title, sheets, max(0, pages - PAGES_SHOWN), look, tuple(parts))


def _sheet(case: Case, document: Document, kind: str, page: int) -> Sheet:
    return Sheet(
        page,
        url_for("CaseFile.page", sign=case.sign, public_id=document.public_id, page=page, w=800),
        url_for(
            "VerificationPages.verify", sign=case.sign, dokument=kind, plik=document.public_id, strona=page, zoom=2
        ),
    )
