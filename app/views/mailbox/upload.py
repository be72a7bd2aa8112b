"""Sending a package that was signed in another program: choose, check, confirm."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from app import clock
from app.domain.errors import Refused
from app.epackages.application import AnswerKind, Application
from app.epackages.content import open_content, read_form
from app.epackages.errors import FormUnreadable, Unreadable
from app.epackages.package import judge_package
from app.epackages.verdict import SignedMember
from app.extensions import db
from app.house import equipment
from app.intake import keep, read_chunks, settle
from app.models import Citizen, Folder, Message
from app.pki.verdicts import SignatureVerdict
from app.storage import TooLarge
from app.transaction import one_transaction
from app.usecases.case_facts import is_unsigned
from app.usecases.discard_upload import discard_upload
from app.usecases.keep_upload import Brought, keep_upload, refuse_more
from app.usecases.send_upload import send_upload, sent_from
from app.usecases.trust import trust_store
from app.views.acting import current_act
from app.views.mailbox.formats import size
from app.views.mailbox.me import me, my_case, my_message
from app.views.mailbox.say import say as _
from app.views.mailbox.words import APPLICATIONS
from app.views.wording_packages import Reason, reasons

blueprint = Blueprint("upload", __name__)
log = structlog.get_logger("okienko.mailbox")


@dataclass(frozen=True, slots=True)
class Draft:
    """A package before sending, as the page shows it: what it is, and what the office would say."""

    public_id: str
    name: str
    size: int
    companion_name: str
    outcome: str
    reasons: tuple[Reason, ...]
    about: str
    withdraws: bool
    signatures: tuple[str, ...]
    members: tuple[SignedMember, ...]


@blueprint.get("/wyslij")
def choose() -> str:
    """Ask for the file, and tell what is taken before anybody chooses one."""
    return _page({})


@blueprint.post("/wyslij")
def bring() -> Response | tuple[str, int]:
    """Keep the files that were brought as a draft, and go on to the check."""
    citizen = me()
    package, companion = request.files.get("package"), request.files.get("companion")
    if package is None or not package.filename:
        return _page({"package": _("Choose the file with the signed package.")}), 422
    try:
        refuse_more(db.session(), citizen.id)
    except Refused:
        return _full()
    brought: list[Brought | None] = []
    for field, file in (("package", package), ("companion", companion)):
        if file is None or not file.filename:
            brought.append(None)
            continue
        try:
            brought.append(_keep(file))
        except TooLarge:
            return _page(
                {
                    field: _(
                        "The file is larger than %(size)s. Reduce the scans and pack them again.",
                        size=size(equipment().limits.file_size),
                    )
                }
            ), 413
    first, second = brought
    if first is None or first.kept.size == 0:
        return _page({"package": _("The file is empty. Choose another one.")}), 422
    try:
        with one_transaction() as session:
            public_id = keep_upload(session, citizen, first, second, act=current_act()).public_id
    except Refused as refused:
        if refused.code != "too-many-drafts":
            raise
        return _full()
    return redirect(url_for("upload.check", public_id=public_id), 303)


@blueprint.get("/robocze/<public_id>")
def check(public_id: str) -> str | Response:
    """Show what would be sent and what the office would say about it. Nothing is written.

    Whoever comes back to what is sent already (by "Back") is led to it.
    """
    if sent := _sent_already(public_id):
        return sent
    return render_template("mailbox/confirm.html", draft=_look_at(my_message(public_id, Folder.DRAFTS)))


@blueprint.post("/robocze/<public_id>/wyslij")
def send(public_id: str) -> Response:
    """Send it: received first, then judged; what cannot be judged now, the worker finishes."""
    citizen = me()
    if sent := _sent_already(public_id):
        return sent
    draft_id, citizen_id = my_message(public_id, Folder.DRAFTS).id, citizen.id
    with one_transaction() as session:
        # Confirmed twice at the same moment: the second finds it gone; a moment later it is led to what was sent.
        message = session.get(Message, draft_id, with_for_update=True) or abort(404)
        package_id, new = send_upload(session, message, session.get_one(Citizen, citizen_id), act=current_act())
    try:
        settle(db.session(), package_id, equipment=equipment())
    except Exception:
        # The package is acknowledged and its job stands: whatever failed, the worker tries again and the page says so.
        db.session.rollback()
        log.exception("package-waits", package=package_id)
    if not new:
        flash(_("This package had already been sent. You see it as it stands; it was not sent twice."), "info")
    return redirect(url_for("letters.copy", public_id=_copy_of(citizen, package_id)), 303)


@blueprint.post("/robocze/<public_id>/usun")
def discard(public_id: str) -> Response:
    """Throw the draft away."""
    if sent := _sent_already(public_id):
        return sent
    draft_id = my_message(public_id, Folder.DRAFTS).id
    act = current_act()
    with one_transaction() as session:
        message = session.get(Message, draft_id, with_for_update=True) or abort(404)
        unneeded = discard_upload(session, message)
    for sha256 in unneeded:
        equipment().store.quarantine(sha256, unless_changed_since=act.at)
    flash(_("The file was removed. Nothing was sent to the office."), "success")
    return redirect(url_for("letters.drafts"), 303)


def _sent_already(public_id: str) -> Response | None:
    """Return the way to what was the draft `public_id`, or None where it was not sent."""
    copy = sent_from(db.session(), me(), public_id)
    if copy is None:
        return None
    flash(_("You have sent this package already. You see it as it stands; it cannot be taken back here."), "info")
    return redirect(url_for("letters.copy", public_id=copy.public_id), 303)


def _full() -> tuple[str, int]:
    return _page({"package": _("There are too many packages in Drafts. Send or remove some of them first.")}), 409


def _page(errors: dict[str, str]) -> str:
    wanted = request.args.get("sprawa", "")
    answered = my_case(wanted) if wanted else None
    return render_template(
        "mailbox/upload.html",
        errors=errors,
        limit=equipment().limits.file_size,
        answered=answered,
        # From the page of the withdrawal, or where its signature is all that is awaited.
        withdraws=answered is not None and ("cofniecie" in request.args or is_unsigned(answered)),
    )


def _keep(file: FileStorage) -> Brought:
    kept = keep(read_chunks(file.stream.read), equipment=equipment())
    return Brought(kept, _plain_name(file.filename or ""))


def _plain_name(name: str) -> str:
    """Return a file's own name: no folders, no control characters, composed letters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in unicodedata.normalize("NFC", last) if char.isprintable()).strip() or "paczka"


def _copy_of(citizen: Citizen, package_id: int) -> str:
    query = sa.select(Message.public_id).where(
        Message.citizen_id == citizen.id, Message.package_id == package_id, Message.folder == Folder.SENT
    )
    return str(db.session.scalars(query).one())


def _look_at(draft: Message) -> Draft:
    data = draft.data
    with _files(draft) as (path, companion):
        trust = trust_store(db.session(), equipment=equipment())
        verdict = judge_package(
            path,
            trust=trust,
            at=clock.now(),
            limits=equipment().limits,
            companion=companion,
            name=str(data["name"]),
        )
        form = _form(path, companion, str(data["name"]))
    return Draft(
        public_id=draft.public_id,
        name=str(data["name"]),
        size=int(data["size"]),
        companion_name=str(data.get("companion_name", "")),
        outcome=verdict.outcome,
        reasons=tuple(reasons(verdict.reasons)),
        about=_about(form),
        withdraws=_withdraws(form),
        signatures=tuple(_signature(signature) for signature in verdict.signatures),
        members=verdict.members,
    )


@contextmanager
def _files(draft: Message) -> Iterator[tuple[Path, Path | None]]:
    store = equipment().store
    with ExitStack() as stack:
        path = stack.enter_context(store.as_file(str(draft.data["sha256"])))
        beside = draft.data.get("companion_sha256")
        yield path, stack.enter_context(store.as_file(str(beside))) if beside else None


def _form(path: Path, companion: Path | None, name: str) -> Application | None:
    """Return the form of the package, or None where there is none that we can read: that is no obstacle."""
    try:
        with open_content(path, companion=companion, name=name, limits=equipment().limits) as content:
            return read_form(content).application
    except (Unreadable, FormUnreadable):
        return None


def _about(form: Application | None) -> str:
    if form is None:
        return _("We found no form of ours. You can send the package: a clerk will describe it.")
    if form.answers is not None and _withdraws(form):
        return _("withdrawal of the application in the case %(sign)s", sign=form.answers.case_sign)
    if form.answers is not None and form.answers.case_sign:
        return _("letter in the case %(sign)s", sign=form.answers.case_sign)
    what = str(APPLICATIONS.get(form.procedure or "", _("letter in a case") if form.answers else ""))
    vehicle = form.vehicle
    named = " ".join(part for part in (vehicle.make, vehicle.model, vehicle.plate) if part) if vehicle else ""
    return ", ".join(part for part in (what, named) if part)


def _withdraws(form: Application | None) -> bool:
    return form is not None and form.answers is not None and form.answers.kind is AnswerKind.WITHDRAWAL


def _signature(signature: SignatureVerdict) -> str:
    """Return one sentence about a signature: in order or not, and whose."""
    who = signature.signer or _("unknown signer")
    if signature.indication == "TOTAL-PASSED":
        return _("valid: %(who)s", who=who)
    if signature.intact:
        return _("intact, certificate not confirmed: %(who)s", who=who)
    return _("not valid: %(who)s", who=who)
