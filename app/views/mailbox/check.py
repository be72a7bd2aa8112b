"""`/sprawdz`: anybody learns whether a receipt is ours and unchanged. Nothing that is brought is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, current_app, g, render_template, request
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import FileStorage

from app import clock
from app.epackages.limits import DEFAULT_LIMITS
from app.epackages.receipt import RECEIPT_FOREIGN, RECEIPT_INVALID, ReceiptCheck, Upp, check_receipt
from app.extensions import db
from app.house import equipment
from app.models import Letter, Receipt, ReceiptKind
from app.usecases.seals import seal_certificates
from app.views.mailbox.formats import day, digest, number, plain_day, second, size
from app.views.mailbox.say import say as _

blueprint = Blueprint("check", __name__)

RECEIPT_LIMIT = DEFAULT_LIMITS.xml_size
_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Result:
    """What the page says about a file. `rows` are pairs of a key and a value."""

    good: bool
    title: str
    sentence: str
    rows: tuple[tuple[str, object], ...]
    at: dt.datetime


@blueprint.get("/sprawdz")
def page() -> str:
    """Ask for a receipt."""
    return _page({})


@blueprint.post("/sprawdz")
def check() -> str | tuple[str, int]:
    """Check a receipt, and whether it speaks of the package that came with it."""
    receipt, package = request.files.get("receipt"), request.files.get("package")
    if receipt is None or not receipt.filename:
        return _page({"receipt": _("Choose the file of the receipt.")}), 422
    content = receipt.stream.read(RECEIPT_LIMIT + 1)
    if len(content) > RECEIPT_LIMIT:
        return _page(
            {"receipt": _("The file is larger than %(size)s. It is not one of our receipts.", size=size(RECEIPT_LIMIT))}
        ), 413
    if not content:
        return _page({"receipt": _("The file is empty. Choose another one.")}), 422
    with _for_a_while(package) as path:
        result = _of_pdf(content, receipt, path) if content.startswith(_PDF) else _of_xml(content, receipt, path)
    return _page({}, result)


def _page(errors: dict[str, str], result: Result | None = None) -> str:
    return render_template(
        "mailbox/check.html",
        errors=errors,
        result=result,
        limit=equipment().limits.file_size,
        receipt_limit=RECEIPT_LIMIT,
        indexable=result is None,
    )


@contextmanager
def _for_a_while(package: FileStorage | None) -> Iterator[Path | None]:
    """Give the package as a file while the block runs; afterwards it is gone."""
    if package is None or not package.filename:
        yield None
        return
    with tempfile.NamedTemporaryFile(prefix="sprawdz-") as file:
        shutil.copyfileobj(package.stream, file)
        file.flush()
        yield Path(file.name)


def _of_xml(content: bytes, brought: FileStorage, package: Path | None) -> Result:
    found = check_receipt(content, seal_certificates(db.session()), package)
    receipt = found.receipt
    if receipt is None:
        return _bad(_why(found), brought, _seal(found))
    moment = receipt.delivered_at if isinstance(receipt, Upp) else receipt.received_at
    rows: tuple[tuple[str, object], ...] = (
        (_("Kind"), _kind(isinstance(receipt, Upp))),
        (_("Number"), number(receipt.number)),
        (
            _("The document arrived") if isinstance(receipt, Upp) else _("The letter was received"),
            second(moment) if moment else "",
        ),
        (
            _("Sender") if isinstance(receipt, Upp) else _("Addressee"),
            receipt.sender.name if isinstance(receipt, Upp) else receipt.addressee.name,
        ),
        (_("About"), _speaks(found.speaks_of_package, receipt.document)),
        (_("Seal"), _("%(office)s, valid on the day of issue", office=receipt.office.name)),
        (
            _("SHA-256 digest of the package") if isinstance(receipt, Upp) else _("SHA-256 digest of the letter"),
            digest(receipt.package_sha256) if receipt.package_sha256 else "",
        ),
    )
    return _verdict(found.speaks_of_package, rows)


def _of_pdf(content: bytes, brought: FileStorage, package: Path | None) -> Result:
    """A PDF is ours if it is, byte for byte, one that we issued: a letter, or a receipt as it is printed."""
    sha256 = hashlib.sha256(content).hexdigest()
    letter = db.session.scalars(sa.select(Letter).options(joinedload(Letter.case)).where(Letter.pdf_sha256 == sha256))
    if (ours := letter.first()) is not None and ours.sent_at is not None:
        return _of_letter(ours, ours.sent_at)
    receipt = db.session.scalars(
        sa.select(Receipt).options(joinedload(Receipt.package)).where(Receipt.pdf_sha256 == sha256).limit(1)
    ).one_or_none()
    if receipt is not None and receipt.kind is ReceiptKind.UPD:
        return _of_printed_upd(receipt)
    if receipt is None or receipt.package is None:
        return _bad(
            _("We did not issue this PDF file, or it was changed. If it is a receipt, check its XML file, too."),
            brought,
            "",
        )
    speaks = None
    if package is not None:
        with package.open("rb") as file:
            speaks = hashlib.file_digest(file, "sha256").hexdigest() == receipt.package.sha256
    rows: tuple[tuple[str, object], ...] = (
        (_("Kind"), _kind(upp=True)),
        (_("Number"), number(receipt.number)),
        (_("The document arrived"), second(receipt.package.received_at)),
        (_("About"), _speaks(speaks, receipt.package.number)),
        (_("SHA-256 digest of the package"), digest(receipt.package.sha256)),
    )
    return _verdict(speaks, rows)


def _of_letter(letter: Letter, sent_at: dt.datetime) -> Result:
    """Say that a letter is ours, and nothing of what it is about or to whom it went."""
    office = current_app.config["SETTINGS"].office.name
    rows: tuple[tuple[str, object], ...] = (
        (_("Kind"), _("Letter of the office")),
        (_("Number"), number(letter.number)),
        (_("Sent"), day(sent_at)),
        (_("SHA-256 digest of the file"), digest(letter.pdf_sha256 or "")),
    )
    sentence = _(
        "This is our letter %(number)s of %(day)s, unchanged. It was issued by %(office)s.",
        number=letter.number,
        day=plain_day(sent_at),
        office=office,
    )
    return Result(True, _("Ours and unchanged"), sentence, rows, clock.now())


def _of_printed_upd(receipt: Receipt) -> Result:
    rows: tuple[tuple[str, object], ...] = (
        (_("Kind"), _kind(upp=False)),
        (_("Number"), number(receipt.number)),
        (_("The letter was received"), second(receipt.issued_at)),
    )
    return _verdict(None, rows)


def _verdict(speaks: bool | None, rows: tuple[tuple[str, object], ...]) -> Result:  # noqa: FBT001  an answer, not a switch
    office = current_app.config["SETTINGS"].office.name
    if speaks is False:
        return Result(
            False,
            _("Ours, but about another package"),
            _(
                "%(office)s issued this receipt and it is unchanged, but it is not about the package that you gave.",
                office=office,
            ),
            (*rows, _to_quote()),
            clock.now(),
        )
    sentence = _("This receipt was issued by %(office)s. Its content is as it was when it was issued.", office=office)
    return Result(True, _("Ours and unchanged"), sentence, rows, clock.now())


def _bad(sentence: str, brought: FileStorage, seal: str) -> Result:
    name = "".join(char for char in brought.filename or "" if char.isprintable())[-120:]
    rows = ((_("File"), name), (_("Seal"), seal), _to_quote())
    return Result(False, _("We do not confirm this file"), sentence, rows, clock.now())


def _why(found: ReceiptCheck) -> str:
    if RECEIPT_FOREIGN in found.reasons or RECEIPT_INVALID in found.reasons:
        return _("This is not a receipt that we can read. Choose the XML or PDF file of the receipt.")
    if not found.ours and not found.unchanged:
        return _("The seal is not ours, or there is none. Do not rely on what the file says.")
    if not found.unchanged:
        return _("The file was changed after it had been sealed. Do not rely on what it says.")
    return _("The seal was not valid when the file was sealed. Do not rely on what it says.")


def _seal(found: ReceiptCheck) -> str:
    if found.ours and not found.unchanged:
        return _("our mark, but it does not fit the content")
    return _("not ours") if not found.ours else ""


def _speaks(speaks: bool | None, document: str) -> str:  # noqa: FBT001  an answer, not a switch
    if speaks is None:
        return document
    if speaks:
        return _("%(document)s: the package that you gave is the one", document=document)
    return _("%(document)s: the package that you gave is another one", document=document)


def _kind(upp: bool) -> str:  # noqa: FBT001  an answer, not a switch
    return _("Official Receipt (UPO) of what was submitted") if upp else _("Official Receipt of delivery (UPD)")


def _to_quote() -> tuple[str, object]:
    return _("Number to quote"), number(g.get("request_id", "-"))
