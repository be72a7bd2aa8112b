"""A letter is served: opened in the mailbox (UPD), deemed served, or delivered on paper; its terms start then."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import SYSTEM, Act
from app.domain.correspondence import APPEALABLE, REMINDERS_OF_SUMMONS
from app.domain.deadlines import (
    APPEAL,
    COLLECTION_OF_A_LETTER,
    LEAST_AFTER_REMINDER,
    SECOND_NOTICE,
    deemed_served,
    due_date,
    office_day,
)
from app.domain.errors import BadInput, ConditionMissing
from app.domain.holidays import Calendar
from app.domain.procedures.editions import LAW_OF_2022
from app.domain.procedures.stages import Doer, Stage
from app.domain.summonses import summons_due, summons_term
from app.epackages.receipt_writer import ReceiptParty, Upd, write_upd
from app.equipment import Equipment
from app.letters.receipt import DeliveryPrintout, PrintedSeal, print_delivery_receipt
from app.models import (
    REACHED_NOBODY,
    Case,
    Letter,
    LetterState,
    LetterWay,
    ParcelOutcome,
    Receipt,
    ReceiptKind,
    Service,
    ServiceEvent,
    ServiceOutcome,
    authored,
)
from app.outbox.post import post_email
from app.pki.seal import seal_xml
from app.pki.subject import name_of
from app.storage import Kept
from app.usecases.addressees import original_of, served_all_on
from app.usecases.appeals import is_repealed, note_forwarded, open_appeals
from app.usecases.case_facts import case_facts
from app.usecases.collecting import due_by
from app.usecases.days_off import office_calendar
from app.usecases.forward_things import forward_things, settle_forwarded
from app.usecases.keep_file import keep_file
from app.usecases.letter_head import letter_head
from app.usecases.move_case import move_case
from app.usecases.other_office import keep_office_terms
from app.usecases.post_notices import NOTICES, SECOND, check_notice, day_unclaimed, notices_left, second_notice
from app.usecases.read_message import read_message
from app.usecases.receive_items import tracking_number
from app.usecases.record import record
from app.usecases.seals import seal_in_use
from app.usecases.summons_in_force import summons_in_force

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PreparedUpd:
    """A receipt of delivery whose bytes are safe in the store, before the row that makes it valid."""

    number: str
    xml: Kept
    pdf: Kept
    seal_id: int


def prepare_upd(session: Session, letter: Letter, *, equipment: Equipment, act: Act) -> PreparedUpd:
    """Make and seal the receipt (UPD) that the addressee opens `letter` with. Writes no row.

    Raises what `seal_in_use` raises.
    """
    seal_row, seal = seal_in_use(session, equipment=equipment, act=act)
    number = f"UPD/{letter.id}/{act.today.year}"
    office = equipment.office
    upd = Upd(
        number=number,
        office=ReceiptParty(office.name, office.regon, "REGON"),
        addressee=ReceiptParty(letter.addressee),
        received_at=act.at,
        created_at=act.at,
        case_sign=letter.case.sign,
        document=letter.number,
        package_sha256=letter.pdf_sha256 or "",
    )
    xml = seal_xml(write_upd(upd), seal, act.at, signature_id=f"upd-{letter.id}")
    certificate = seal.certificate
    pdf = print_delivery_receipt(
        DeliveryPrintout(
            office=letter_head(equipment),
            number=number,
            addressee=letter.addressee,
            received_at=act.at,
            document=letter.number,
            title=letter.title,
            case_sign=letter.case.sign,
            sha256=letter.pdf_sha256 or "",
            seal=PrintedSeal(
                name_of(certificate.subject), name_of(certificate.issuer), str(certificate.serial_number), act.at
            ),
            check_address=f"{equipment.settings.public_url}/sprawdz",
        )
    )
    return PreparedUpd(number, equipment.store.put_bytes(xml), equipment.store.put_bytes(pdf), seal_row.id)


def confirm_receipt(session: Session, letter_id: int, prepared: PreparedUpd, *, act: Act) -> Letter:
    """The addressee confirms that the letter came; it opens. Does nothing to one that is open.

    After a letter was deemed served, opening it is written down and changes no term; that day may have passed without
    anybody having written it down yet.
    """
    letter = session.get_one(Letter, letter_id, with_for_update=True)
    service = letter.service
    if letter.state is not LetterState.SENT or service is None or service.receipt_id is not None:
        return letter
    keep_file(session, prepared.xml.sha256, prepared.xml.size, act.at)
    keep_file(session, prepared.pdf.sha256, prepared.pdf.size, act.at)
    service.receipt = Receipt(
        number=prepared.number,
        kind=ReceiptKind.UPD,
        seal_id=prepared.seal_id,
        issued_at=act.at,
        sender_name=letter.addressee,
        xml_sha256=prepared.xml.sha256,
        pdf_sha256=prepared.pdf.sha256,
    )
    deem_served(session, letter, act=Act(SYSTEM, act.at))
    service.events.append(ServiceEvent(kind="opened", on=act.today, **authored(act)))
    if service.served_on is None:
        _serve(session, letter, act.today, ServiceOutcome.COLLECTED, act)
    if letter.message is not None:
        read_message(letter.message, act=act)
    details = {"letter": letter.seq, "receipt": prepared.number, "served_on": _served(service)}
    record(session, f"case:{letter.case_id}", "letter-opened", details, act=act)
    return letter


def deem_served(session: Session, letter: Letter, *, act: Act) -> bool:
    """Count `letter` as served if nobody opened it in 14 days. Returns whether it is so since now.

    Edition `sekap`: with the end of the last day, if the addressee was reminded; `2022`: on the day after it (UDE
    art. 42).
    """
    service = letter.service
    if service is None or service.served_on is not None or letter.way is not LetterWay.MAILBOX:
        return False
    if service.reminded_at is None and letter.case.edition != LAW_OF_2022:
        return False
    on = deemed_day(letter.case, service, office_calendar(session), act.today)
    # Until the end of the last day the addressee may still open it.
    if act.today <= on and not (letter.case.edition == LAW_OF_2022 and act.today == on):
        return False
    service.events.append(ServiceEvent(kind=ServiceOutcome.DEEMED.value, on=on, **authored(act)))
    _serve(session, letter, on, ServiceOutcome.DEEMED, act)
    record(
        session, f"case:{letter.case_id}", "letter-deemed-served", {"letter": letter.seq, "on": on.isoformat()}, act=act
    )
    return True


def deemed_day(case: Case, service: Service, calendar: Calendar, today: dt.date) -> dt.date:
    """Return the day on which a letter in the mailbox counts as served if nobody opens it.

    Where the reminder came late, the addressee has seven days after it nevertheless (KPA art. 46 § 5, edition `sekap`).
    A reminder that did not go out yet goes out `today` at the earliest.
    """
    if case.edition == LAW_OF_2022:
        return deemed_served(service.arrived_on, calendar, day_after=True)
    day = deemed_served(service.arrived_on, calendar)
    reminded = office_day(service.reminded_at) if service.reminded_at else today
    in_time = reminded <= due_date(service.arrived_on, SECOND_NOTICE, calendar)
    return day if in_time else max(day, due_date(reminded, SECOND_NOTICE, calendar))


def remind_of_letter(session: Session, letter: Letter, *, act: Act) -> bool:
    """Tell the addressee again, after seven days, that a letter waits. Returns whether the reminder went out now."""
    service = letter.service
    if service is None or service.served_on is not None or service.reminded_at is not None:
        return False
    if act.today < due_date(service.arrived_on, SECOND_NOTICE, office_calendar(session)):
        return False
    service.reminded_at = act.at
    service.events.append(ServiceEvent(kind="reminded", on=act.today, **authored(act)))
    citizen = letter.case.citizen
    if citizen is not None:
        post_email(session, citizen.email, "waiting", {}, citizen.language, key=f"letter:{letter.id}:again", act=act)
    record(session, f"case:{letter.case_id}", "letter-reminded", {"letter": letter.seq}, act=act)
    return True


def post_letter(session: Session, letter: Letter, tracking: str, *, act: Act) -> Service:
    """Write down that `letter` was posted, registered with acknowledgement, under the number `tracking`.

    The things that go with it to another authority are forwarded; the appeal that it is about, too. A case that waited
    for nothing else is closed.

    Raises BadInput (`tracking-missing`, what `tracking_number` refuses), ConditionMissing (`letter-not-for-post`).
    """
    session.refresh(letter, with_for_update=True)
    if letter.way is not LetterWay.POST or letter.state is not LetterState.SENT or letter.service is not None:
        raise ConditionMissing("letter-not-for-post")
    number = tracking_number(tracking)
    if number is None:
        raise BadInput("tracking-missing")
    letter.service = Service(arrived_on=act.today, tracking=number)
    letter.service.events.append(ServiceEvent(kind="posted", on=act.today, remark=number, **authored(act)))
    record(session, f"case:{letter.case_id}", "letter-posted", {"letter": letter.seq}, act=act)
    forward_things(session, letter, number, act=act)
    for appeal in letter.case.appeals:
        if appeal.letter_id == original_of(letter).id:
            note_forwarded(session, appeal, act=act)
    _close_if_that_was_all(session, letter.case, letter.service, act)
    return letter.service


def _close_if_that_was_all(session: Session, case: Case, posted: Service, act: Act) -> None:
    """Close a decided case of which nothing is left to be given: its decision has gone by post (KPA art. 109 § 1)."""
    if case.stage != Stage.AGREEING_HANDOVER.value:
        return
    open_now = case.table.open_steps(Stage.AGREEING_HANDOVER, case_facts(case, act.today), {Doer.SYSTEM})
    if any(step.name == "close" for step in open_now):
        move_case(session, case, "close", act=act, doers={Doer.SYSTEM}, cause=posted.letter)


def note_paper_service(
    session: Session, letter: Letter, kind: str, on: dt.date, *,
    act: Act, second: dt.date | None = None, remark: str = "", place: str = "",
) -> Service:  # fmt: skip
    """Write down what the post did with `letter`: `first_notice`, `second_notice`, or an outcome of `ServiceOutcome`.

    Things that went with it and came back lie at `place` from now on. `second`: the day of the second notice, which the
    envelope of an unclaimed letter bears; what was written down before of another day is corrected by it.

    An unclaimed letter is served with the end of the fourteenth day after the first notice, if a second one followed
    (KPA art. 44 § 3-4), a refused one on the day of the refusal (art. 47). One whose addressee is unknown, or that the
    post lost, is not served.

    Raises:
        BadInput: `service-event-unknown`; `outcome-in-future`, `outcome-too-early` (before it was posted); unclaimed:
            `notice-missing` (there was no first notice), `notice-still-runs` (its fourteen days are not over),
            `second-notice-missing`, `second-notice-too-late` (after it came back); a notice: what `check_notice`
            refuses.
        ConditionMissing: `letter-not-posted`, `letter-served`.
    """
    session.refresh(letter, with_for_update=True)
    service = letter.service
    if service is None or letter.way is not LetterWay.POST:
        raise ConditionMissing("letter-not-posted")
    if service.served_on is not None:
        raise ConditionMissing("letter-served")
    if on > act.today:
        raise BadInput("outcome-in-future")
    if on < service.arrived_on:
        raise BadInput("outcome-too-early")
    left = notices_left(service)
    if kind in NOTICES:
        check_notice(left, kind, on)
    elif kind in _PAPER:
        outcome = ServiceOutcome(kind)
        day: dt.date | None = on
        if outcome is ServiceOutcome.UNCLAIMED:
            day = day_unclaimed(left, office_calendar(session), act.today)
            if unsaid := second_notice(left, second, on):
                _note(session, service, SECOND, unsaid, act=act)
        if outcome in REACHED_NOBODY:
            day = None
        service.outcome = outcome
        if day is not None:
            _serve(session, letter, day, outcome, act)
        settle_forwarded(session, letter, ParcelOutcome(kind), on, act=act, place=place)
        keep_office_terms(session, letter.case, act)
    else:
        raise BadInput("service-event-unknown")
    _note(session, service, kind, on, act=act, remark=remark)
    return service


def _note(session: Session, service: Service, kind: str, on: dt.date, *, act: Act, remark: str = "") -> None:
    """Write down one thing that the post did, in the history of the service and in that of the case."""
    letter = service.letter
    service.events.append(ServiceEvent(kind=kind, on=on, remark=remark.strip() or None, **authored(act)))
    details = {"letter": letter.seq, "event": kind, "on": on.isoformat()}
    record(session, f"case:{letter.case_id}", "paper-service-noted", details, act=act)


_PAPER = frozenset({"delivered", "refused", "unclaimed"} | REACHED_NOBODY)


def _serve(session: Session, letter: Letter, on: dt.date, outcome: ServiceOutcome, act: Act) -> None:
    """Start what starts with the service: the term of a summons, the term of an appeal.

    Several parties: the summons runs until the last of their terms ends, and a decision is final when the last of them
    can no longer appeal (KPA art. 16 § 1, art. 129 § 2), which nobody can say before each was served.
    """
    service = letter.service
    assert service is not None  # noqa: S101 - the callers have it in hands
    service.served_on, service.outcome = on, outcome
    calendar = office_calendar(session)
    original = original_of(letter)
    if original.summons is not None:
        due = due_by(original, summons_due(on, summons_term(original.summons.days), calendar), on)
        # An extension that was granted before the letter was served stays.
        original.summons.due_on = max(due, original.summons.due_on or due)
    if original.kind in REMINDERS_OF_SUMMONS and (reminded := summons_in_force(letter.case)) is not None:
        least = due_date(on, LEAST_AFTER_REMINDER, calendar)
        reminded.due_on = max(reminded.due_on or least, least)
    last = served_all_on(letter)
    for decision in letter.case.decisions:
        if decision.letter_id != original.id or decision.kind not in APPEALABLE or last is None:
            continue
        if is_repealed(letter.case, decision):
            continue
        term_end = due_date(last, APPEAL, calendar)
        in_time = [one for one in open_appeals(letter.case, decision) if not one.late]
        if not in_time:
            decision.final_on = term_end + _ONE_DAY
        for appeal in in_time:
            # A party that was served before has appealed already: the decision waits for that.
            appeal.term_end = term_end
    letter.case.changed_at = act.at


def _served(service: Service) -> str | None:
    return service.served_on.isoformat() if service.served_on else None


def letters_to_remind(at: dt.datetime) -> sa.Select[Letter]:
    """Return the letters in mailboxes that nobody opened and that may be due for a reminder or the end of the wait."""
    week = office_day(at) - dt.timedelta(days=SECOND_NOTICE.length)
    end = office_day(at) - dt.timedelta(days=COLLECTION_OF_A_LETTER.length)
    return (
        sa.select(Letter)
        .join(Service, Service.letter_id == Letter.id)
        .where(Service.served_on.is_(None), Service.arrived_on <= week, Letter.way == LetterWay.MAILBOX)
        .where(sa.or_(Service.reminded_at.is_(None), Service.arrived_on <= end))
        .order_by(Service.id)
    )
