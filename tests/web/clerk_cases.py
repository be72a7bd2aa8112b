"""Cases on a clerk's desk, for tests of what clerks see: six documents to verify, letters that leave."""

from __future__ import annotations

import datetime as dt
import io

import sqlalchemy as sa
from flask import Flask
from PIL import Image, ImageDraw

from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.models import Case, Letter
from app.transaction import one_transaction
from app.usecases.examine_documents import examine_documents, note_examination
from app.usecases.send_letter import print_out, send_letter
from tests.authority import TestAuthority
from tests.factories import a_form, send
from tests.usecases.at_work import a_citizen, by_mailbox
from tests.web.mailbox_people import signed

SIX = {
    "OWNERSHIP": "umowa.pdf",
    "VEHICLE_CARD": "karta.pdf",
    "INSPECTION": "badanie.pdf",
    "REG_CERT": "dowod.pdf",
    "PLATES": "tablice.pdf",
    "FEE_PROOF": "przelew.pdf",
}
"""What the registration of a used car asks for, under the edition `sekap`, and the names of the files."""


def a_scan(title: str, pages: int = 1) -> bytes:
    """A PDF of `pages` that looks like a typed page."""
    sheets = []
    for page in range(1, pages + 1):
        sheet = Image.new("RGB", (620, 877), "#fbf9f2")
        draw = ImageDraw.Draw(sheet)
        draw.text((60, 55), f"{title}  {page}/{pages}", fill="#26241f", font_size=26)
        for line in range(24):
            draw.line((60, 130 + line * 28, 560 - (line * 49) % 170, 130 + line * 28), fill="#8d897c", width=3)
        sheets.append(sheet)
    stream = io.BytesIO()
    sheets[0].save(stream, "PDF", save_all=True, append_images=sheets[1:], resolution=75)
    return stream.getvalue()


def files_of_six(missing: str = "", *, scan=a_scan) -> dict[str, bytes]:
    """The members of an application with a file for each of the six documents, but for `missing`."""
    kinds = {name: kind for kind, name in SIX.items() if kind != missing}
    documents = {name: scan(kind.replace("_", " "), 2 if kind == "OWNERSHIP" else 1) for name, kind in kinds.items()}
    return {"wniosek.xml": a_form(documents=documents, kinds=kinds), **documents}


def a_case_of_six(office: Flask, authority: TestAuthority, *, missing: str = "", examined: bool = False) -> str:
    """A case with six documents that nobody has taken yet; `examined` as the worker does. Returns its sign."""
    with office.app_context():
        citizen = a_citizen()
        sender = by_mailbox(citizen)
        case = send(signed(authority, files_of_six(missing)), sender=sender).case
        sign = case.sign
        if examined:
            package_id = case.packages[0].id
            found = examine_documents(case.packages[0], equipment=equipment())
            with one_transaction() as session:
                note_examination(session, package_id, found, act=Act(SYSTEM, dt.datetime.now(dt.UTC)))
        db.session.remove()
    return sign


def version_of(office: Flask, sign: str) -> int:
    """Which version of the case a form has to carry."""
    with office.app_context():
        return db.session.scalar(sa.select(Case.version).where(Case.sign == sign))


def verdicts_of(office: Flask, sign: str) -> list[tuple[str, str, str | None]]:
    """What was found, in the order in which it was written down: kind, verdict, reason."""
    with office.app_context():
        case = db.session.scalars(sa.select(Case).where(Case.sign == sign)).one()
        return [(row.kind, row.verdict.value, row.reason) for row in case.verdicts]


def let_leave(office: Flask, sign: str) -> None:
    """A minute later the worker sends what is leaving."""
    act = Act(SYSTEM, dt.datetime.now(dt.UTC) + dt.timedelta(seconds=61))
    with office.app_context():
        letter = db.session.scalars(
            sa.select(Letter).join(Case).where(Case.sign == sign).order_by(Letter.id.desc())
        ).first()
        printed = print_out(db.session(), letter, equipment=equipment(), act=act)
        letter_id = letter.id
        with one_transaction() as session:
            send_letter(session, letter_id, printed, act=act)
        db.session.remove()
