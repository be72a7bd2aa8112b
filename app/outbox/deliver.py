"""What each kind of job does. A handler may run more than once for the same job: each is safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formataddr

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_mail import Message
from jinja2 import StrictUndefined
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.acts import SYSTEM, Act
from app.equipment import Equipment
from app.extensions import db
from app.intake import recheck_undecided, settle
from app.models import DeliveryState, DistributionPoint, Email, Job, Letter, LetterState, Package, Receipt
from app.outbox.channels import open_channel, sender_address
from app.outbox.post import SEND_EMAIL, post_job
from app.pki.outside import Unanswered, fetch_crl, is_listed
from app.transaction import one_transaction
from app.usecases.examine_documents import EXAMINE, examine_documents, note_examination
from app.usecases.import_crl import RECHECK, RECHECK_REST
from app.usecases.prepare_letter import SEND_LETTER
from app.usecases.print_receipt import PRINT_RECEIPT, keep_receipt_pdf, receipt_pdf
from app.usecases.published_lists import FETCH_LIST, note_unfetched, take_published_list
from app.usecases.receive_package import SETTLE
from app.usecases.scan_package import SCAN, note_scan, scan_package
from app.usecases.send_letter import print_out, stop_letter
from app.usecases.send_letter import send_letter as leave


@dataclass(frozen=True, slots=True)
class Work:
    """A claimed job. It is ours as long as the row carries our `lease`."""

    id: int
    kind: str
    subject_id: int
    tries: int
    lease: str


class LeaseLost(Exception):
    """Somebody else took the job over meanwhile, or finished it: what was done here does not count."""


def hold(session: Session, work: Work) -> None:
    """Make sure inside a transaction that the job is still ours, and keep it so until the commit. Raises LeaseLost."""
    held = session.scalar(sa.select(Job.id).where(Job.id == work.id, Job.lease == work.lease).with_for_update())
    if held is None:
        raise LeaseLost(f"job {work.id}")


@dataclass(frozen=True, slots=True)
class Handler:
    """What a kind of job does, and what is written, in the same transaction, when it is given up."""

    run: Callable[[Work, Equipment], None]
    given_up: Callable[[Session, Work, str], None] | None = None


def settle_package(work: Work, equipment: Equipment) -> None:
    """Judge a package and give it its receipt and case."""
    settle(db.session(), work.subject_id, equipment=equipment)


def send_email(work: Work, equipment: Equipment) -> None:
    """Send an e-mail in its reader's language, then write that it left."""
    session = db.session()
    email = session.get(Email, work.subject_id)
    if email is None or email.state is not DeliveryState.WAITING:
        return
    message = letter(email, equipment)
    # The server may take its time: no transaction waits for it.
    session.rollback()
    open_channel(equipment.settings.mail_url).send(message)
    with one_transaction() as session:
        hold(session, work)
        sent = session.get_one(Email, work.subject_id)
        sent.state, sent.sent_at, sent.error = DeliveryState.SENT, now(), None


def letter(email: Email, equipment: Equipment) -> Message:
    """Return the words of `email`: the first line of its template is the subject. A missing field is an error."""
    settings = equipment.settings
    with force_locale(email.language):
        template = current_app.jinja_env.overlay(undefined=StrictUndefined).get_template(f"email/{email.template}.txt")
        words = template.render({"office": equipment.office, "public_url": settings.public_url, **email.data})
    subject, _, body = words.partition("\n")
    message = Message(
        subject=subject.strip(),
        recipients=[email.recipient],
        body=body.strip() + "\n",
        sender=formataddr((equipment.office.name, sender_address(settings.mail_url, settings.public_url))),
        date=email.created_at.timestamp(),
        charset="utf-8",
        # Holiday notices and the like need not answer.
        extra_headers={"Auto-Submitted": "auto-generated", "Content-Language": email.language},
    )
    message.msgId = email.message_id
    return message


def _email_failed(session: Session, work: Work, error: str) -> None:
    email = session.get(Email, work.subject_id)
    if email is not None and email.state is DeliveryState.WAITING:
        email.state, email.error = DeliveryState.FAILED, error


def recheck(work: Work, equipment: Equipment) -> None:
    """Judge again what was undecided: a revocation list or an anchor has arrived."""
    del work
    recheck_undecided(db.session(), equipment=equipment)


def recheck_rest(work: Work, equipment: Equipment) -> None:
    """Go on where the job before had to stop."""
    recheck_undecided(db.session(), equipment=equipment, after=work.subject_id)


def fetch_list(work: Work, equipment: Equipment) -> None:
    """Fetch the revocation list that is published at an address, and take it in."""
    point = db.session.get(DistributionPoint, work.subject_id)
    if point is None or not is_listed(address := point.address, equipment.settings.crl_hosts):
        return
    # The issuer's server may take its time: no transaction waits for it.
    db.session.rollback()
    data, failure = b"", ""
    try:
        data = fetch_crl(address)
    except Unanswered as unanswered:
        failure = unanswered.code
    with one_transaction() as session:
        hold(session, work)
        act = Act(SYSTEM, now())
        if failure:
            note_unfetched(session, work.subject_id, failure, act=act)
        else:
            take_published_list(session, work.subject_id, data, equipment=equipment, act=act)


def examine_package(work: Work, equipment: Equipment) -> None:
    """Look into the documents of a package, and write down what was found."""
    package = db.session.get(Package, work.subject_id)
    if package is None:
        return
    # Drawing takes its time: no transaction waits for it.
    db.session.expunge(package)
    db.session.rollback()
    found = examine_documents(package, equipment=equipment)
    with one_transaction() as session:
        hold(session, work)
        act = Act(SYSTEM, now())
        note_examination(session, work.subject_id, found, act=act)
        if equipment.settings.clamd:
            # A job of its own: a scanner that is away keeps no page from being drawn.
            post_job(session, SCAN, work.subject_id, key=f"{SCAN}:{work.subject_id}", act=act)


def scan_files(work: Work, equipment: Equipment) -> None:
    """Have the files of a package scanned for viruses, and write down what the scanner said."""
    package, scanner = db.session.get(Package, work.subject_id), equipment.settings.clamd
    if package is None or scanner is None:
        return
    db.session.expunge(package)
    db.session.rollback()
    objections = scan_package(package, scanner, equipment=equipment)
    with one_transaction() as session:
        hold(session, work)
        note_scan(session, work.subject_id, objections, act=Act(SYSTEM, now()))


def print_official_receipt(work: Work, equipment: Equipment) -> None:
    """Print the receipt of a package, and keep the print."""
    receipt = db.session.get(Receipt, work.subject_id)
    if receipt is None or receipt.pdf_sha256 is not None:
        return
    pdf = equipment.store.put_bytes(receipt_pdf(receipt, equipment=equipment))
    with one_transaction() as session:
        hold(session, work)
        keep_receipt_pdf(session, work.subject_id, pdf, act=Act(SYSTEM, now()))


def send_official_letter(work: Work, equipment: Equipment) -> None:
    """Let a letter leave whose minute has passed: print, seal and keep it, then write what follows."""
    letter = db.session.get(Letter, work.subject_id)
    if letter is None or letter.state is not LetterState.LEAVING:
        return
    act = Act(SYSTEM, now())
    printed = print_out(db.session(), letter, equipment=equipment, act=act)
    with one_transaction() as session:
        hold(session, work)
        leave(session, work.subject_id, printed, act=act)


def _letter_failed(session: Session, work: Work, error: str) -> None:
    del error  # stands in the register of jobs
    stop_letter(session, work.subject_id, act=Act(SYSTEM, now()))


HANDLERS: Mapping[str, Handler] = {
    EXAMINE: Handler(examine_package),
    SCAN: Handler(scan_files),
    PRINT_RECEIPT: Handler(print_official_receipt),
    SETTLE: Handler(settle_package),
    RECHECK: Handler(recheck),
    SEND_LETTER: Handler(send_official_letter, _letter_failed),
    RECHECK_REST: Handler(recheck_rest),
    FETCH_LIST: Handler(fetch_list),
    SEND_EMAIL: Handler(send_email, _email_failed),
}
