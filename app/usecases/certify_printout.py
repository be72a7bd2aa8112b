"""An official prints an electronic document for the paper file and certifies the printout.

Law: the ordinance on the acts of registering authorities (Dz.U. 2022 poz. 1849, "CZYNN") § 12 ust. 5. The receipt of
the package lists the digest of each of its files: it is the official confirmation that the office has the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import ConditionMissing
from app.epackages.previews import NoPreview, draw_page, kind_with_pages
from app.equipment import Equipment
from app.letters.certified_printout import CertifiedPrintout, PrintedPage, print_certified
from app.letters.names import subject_in_words
from app.models import Document
from app.usecases.letter_head import letter_head
from app.usecases.package_content import package_content
from app.usecases.record import record
from app.usecases.staff import position_of

MOST_PAGES = 30
"""What is longer is printed from the file itself."""
_WIDTH = 1240
_SECONDS = 8


def certified_printout(session: Session, document: Document, *, equipment: Equipment, act: Act) -> bytes:
    """Return the printout of `document` as a PDF, for `act.actor` to certify. Writes nothing: it takes its time.

    Raises ConditionMissing: `printout-without-receipt`; `printout-too-long`; `printout-impossible` (no pages that we
    can draw).
    """
    package, case = document.member.package, document.case
    if package.receipt is None:
        raise ConditionMissing("printout-without-receipt")
    printout = CertifiedPrintout(
        office=letter_head(equipment),
        sign=case.sign,
        document=subject_in_words(document.kind),
        file_name=document.title,
        sha256=document.member.sha256,
        package=package.number,
        receipt=package.receipt.number,
        received_at=package.received_at,
        name=act.actor.name,
        position=position_of(session, act.actor.id),
        pages=tuple(_pages(document, equipment)),
    )
    return print_certified(printout, act.at)


def note_certified(session: Session, document: Document, *, act: Act) -> None:
    """Write down that `document` was printed and certified."""
    details = {"document": document.position, "package": document.member.package.number}
    record(session, f"case:{document.case_id}", "document-certified", details, act=act)


def _pages(document: Document, equipment: Equipment) -> Iterator[PrintedPage]:
    kind, count = kind_with_pages(document.member.media), document.member.pages or 1
    if kind is None:
        raise ConditionMissing("printout-impossible")
    if count > MOST_PAGES:
        raise ConditionMissing("printout-too-long", most=MOST_PAGES)
    limits = replace(equipment.preview_limits, seconds=_SECONDS)
    with package_content(document.member.package, equipment=equipment) as content:
        for page in range(1, count + 1):
            drawn = draw_page(content.chunks(document.member.name), kind, page=page, width=_WIDTH, limits=limits)
            if isinstance(drawn, NoPreview):
                raise ConditionMissing("printout-impossible")
            yield PrintedPage(drawn.image, drawn.width, drawn.height)
