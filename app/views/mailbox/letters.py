"""The folders of a mailbox: lists, letters, sent packages, and their files to download."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from app.domain.folding import is_enough
from app.domain.holidays import Calendar
from app.extensions import db
from app.house import equipment
from app.models import Case, Consignment, Folder, Message, Package, Receipt
from app.models import Letter as OfficeLetter
from app.transaction import one_transaction
from app.usecases.days_off import office_calendar
from app.usecases.print_receipt import receipt_pdf
from app.usecases.read_message import read_message
from app.views.acting import current_act
from app.views.mailbox import office_letters
from app.views.mailbox.files import Evidence, sizes_of, stored_file
from app.views.mailbox.formats import HARD
from app.views.mailbox.gate import Gate, gate_of, letters_by_message
from app.views.mailbox.me import me, my_message
from app.views.mailbox.things import has_letter
from app.views.mailbox.words import about, foreign, icon, kinds_named, subject
from app.views.wording_packages import Reason, reasons

blueprint = Blueprint("letters", __name__)

PAGE = 25
_WORDS = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a folder."""

    icon: str
    subject: str
    about: Markup
    at: dt.datetime
    new: bool
    address: str
    gate: Gate | None = None
    written_in: str | None = None
    """The language of the subject, where it is not the reader's: the office writes letters in Polish."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its page shows it."""

    public_id: str
    kind: str
    subject: str
    at: dt.datetime
    new: bool
    package: Package | None
    receipt: Receipt | None
    case: Case | None
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    parcel_letter: str
    """The address of the letter that lies in the parcel of which the message tells."""


@blueprint.get("/odebrane")
def received() -> str:
    """Show what the office wrote."""
    return _folder(Folder.RECEIVED)


@blueprint.get("/robocze")
def drafts() -> str:
    """Show what is not sent yet."""
    return _folder(Folder.DRAFTS)


@blueprint.get("/wyslane")
def sent() -> str:
    """Show copies of what was sent."""
    return _folder(Folder.SENT)


@blueprint.get("/odebrane/<public_id>")
def letter(public_id: str) -> str:
    """Show one letter. Reading changes nothing; the page itself offers to mark it as read."""
    message = my_message(public_id, Folder.RECEIVED)
    if message.kind == office_letters.KIND:
        return office_letters.page(message)
    return render_template("mailbox/letter.html", letter=_letter(message))


@blueprint.post("/odebrane/<public_id>/przeczytane")
def mark_read(public_id: str) -> AnyResponse:
    """Mark a letter as read."""
    message = my_message(public_id, Folder.RECEIVED)
    if message.kind == office_letters.KIND and office_letters.is_closed(message):
        abort(404)
    with one_transaction() as session:
        read_message(session.get_one(Message, message.id), act=current_act())
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "text/html":
        return redirect(url_for("letters.received"))
    return Response(status=204)


@blueprint.get("/wyslane/<public_id>")
def copy(public_id: str) -> str:
    """Show what was sent and what became of it."""
    return render_template("mailbox/sent.html", letter=_letter(my_message(public_id, Folder.SENT)))


@blueprint.get("/wyslane/<public_id>/paczka")
def package(public_id: str) -> Response:
    """Give back the package as it was sent."""
    found = my_message(public_id, Folder.SENT).package
    if found is None:
        abort(404)
    return stored_file(found.sha256, found.filename, "application/octet-stream")


@blueprint.get("/poswiadczenia/<public_id>/upo.<any(xml, pdf):kind>")
def evidence(public_id: str, kind: str) -> Response:
    """Give the official receipt, the same bytes each time."""
    receipt = db.session.scalars(
        sa.select(Receipt)
        .join(Package, Package.id == Receipt.package_id)
        .where(Receipt.public_id == public_id, Package.citizen_id == me().id)
    ).one_or_none()
    if receipt is None:
        abort(404)
    name = receipt.number.replace("/", "-")
    if kind == "xml":
        return stored_file(receipt.xml_sha256, f"{name}.xml", "application/xml")
    pdf = io.BytesIO(receipt_pdf(receipt, equipment=equipment()))
    return send_file(pdf, "application/pdf", as_attachment=True, download_name=f"{name}.pdf", max_age=0)


def _folder(folder: Folder) -> str:
    citizen = me()
    words = " ".join(request.args.get("words", "").replace("\x00", "").split())[:_WORDS]
    query = (
        sa.select(Message)
        .outerjoin(Message.package)
        .outerjoin(Message.receipt)
        .outerjoin(Message.case)
        .outerjoin(OfficeLetter, OfficeLetter.message_id == Message.id)
        .options(joinedload(Message.package), joinedload(Message.receipt), joinedload(Message.case))
        .where(Message.citizen_id == citizen.id, Message.folder == folder)
    )
    if words:
        query = query.where(_matching(words) if is_enough(words) else sa.false())
    cursor = request.args.get("od", "")
    if cursor:
        last = sa.select(Message.id).where(Message.public_id == cursor, Message.citizen_id == citizen.id)
        query = query.where(Message.id < last.scalar_subquery())
    messages = db.session.scalars(query.order_by(Message.id.desc()).limit(PAGE + 1)).all()
    shown, more = messages[:PAGE], len(messages) > PAGE
    letters = letters_by_message([message.id for message in shown if message.kind == office_letters.KIND])
    calendar = office_calendar(db.session()) if letters else None
    endpoint = f"letters.{folder.value}"
    return render_template(
        "mailbox/folder.html",
        folder=folder.value,
        counts=_counts(citizen.id),
        words=words,
        enough=is_enough(words),
        rows=[_row(message, letters.get(message.id), calendar) for message in shown],
        older=url_for(endpoint, words=words or None, od=shown[-1].public_id) if more else None,
        newest=url_for(endpoint, words=words or None) if cursor else None,
    )


def _matching(words: str) -> sa.ColumnElement[bool]:
    """Return the condition of a search: what people read in a line, and what they copy from paper."""
    columns = (Case.sign, Case.vehicle_label, Case.plate, Receipt.number, Package.number, Package.filename)
    found = [column.icontains(words, autoescape=True) for column in columns]
    # Titles are typeset: where a line must not end stands another kind of space.
    title = sa.func.replace(OfficeLetter.title, HARD, " ")
    number = Case.sign + "/" + sa.cast(OfficeLetter.seq, sa.String)
    found += [title.icontains(words, autoescape=True), number.icontains(words, autoescape=True)]
    kinds = kinds_named(words)
    return sa.or_(*found, Message.kind.in_(kinds)) if kinds else sa.or_(*found)


def _counts(citizen_id: int) -> dict[str, int]:
    rows = db.session.execute(
        sa.select(Message.folder, sa.func.count()).where(Message.citizen_id == citizen_id).group_by(Message.folder)
    ).all()
    return {folder.value: count for folder, count in rows}


def _row(message: Message, letter: OfficeLetter | None, calendar: Calendar | None) -> Row:
    addresses = {
        Folder.RECEIVED: lambda: url_for("letters.letter", public_id=message.public_id),
        Folder.SENT: lambda: url_for("letters.copy", public_id=message.public_id),
        Folder.DRAFTS: lambda: url_for("upload.check", public_id=message.public_id),
    }
    new = message.folder is Folder.RECEIVED and message.read_at is None
    gate = gate_of(letter, calendar) if letter is not None and calendar is not None else None
    return Row(
        "lock" if gate else icon(message),
        subject(message),
        about(message),
        message.at,
        new,
        addresses[message.folder](),
        gate,
        foreign(message),
    )


def _letter(message: Message) -> Letter:
    package = message.package
    receipt = message.receipt or (package.receipt if package else None)
    return Letter(
        public_id=message.public_id,
        kind=message.kind,
        subject=subject(message),
        at=message.at,
        new=message.read_at is None,
        package=package,
        receipt=receipt,
        case=message.case or (package.case if package else None),
        evidence=_evidence(receipt),
        reasons=tuple(reasons(package.reasons if package else ())),
        parcel_letter=_parcel_letter(message),
    )


def _parcel_letter(message: Message) -> str:
    parcel = db.session.get(Consignment, message.data.get("parcel", 0)) if message.kind == "parcel" else None
    if parcel is None or message.case is None or not has_letter(parcel):
        return ""
    return url_for("cases.parcel_letter", public_id=message.case.public_id, pk=parcel.id)


def _evidence(receipt: Receipt | None) -> tuple[Evidence, ...]:
    if receipt is None:
        return ()
    sizes = sizes_of((receipt.pdf_sha256, receipt.xml_sha256))
    return tuple(
        Evidence(
            "UPO",
            kind.upper(),
            sizes.get(sha256 or ""),
            url_for("letters.evidence", public_id=receipt.public_id, kind=kind),
        )
        for kind, sha256 in (("pdf", receipt.pdf_sha256), ("xml", receipt.xml_sha256))
    )
