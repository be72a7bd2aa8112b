"""Office and owner agree how things are handed over: proposals, counter-proposals, acceptance, the default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain import delivery
from app.domain.acts import Act, ActorKind
from app.domain.custody import ItemState
from app.domain.deadlines import office_day
from app.domain.delivery import Acceptance, Agreement, Arrangement, Method, Side
from app.domain.errors import BadInput, ConditionMissing
from app.domain.procedures.stages import Doer, Stage
from app.equipment import Equipment
from app.models import BINDING, Case, Folder, LetterWay, Message, Proposal, ProposalState, authored
from app.outbox.post import post_email
from app.usecases.addressees import way_to_first
from app.usecases.case_facts import newest_proposal, office_waits
from app.usecases.days_off import office_calendar
from app.usecases.free_slots import check_offer, check_visit
from app.usecases.keep_clock import keep_clock
from app.usecases.letter_fields import LetterDraft
from app.usecases.may_leave import may_leave
from app.usecases.move_case import move_case
from app.usecases.prepare_letter import PROPOSED, SETTLED, write_letter
from app.usecases.read_message import read_proposals
from app.usecases.record import record
from app.usecases.whose_case import claim

AGREEING = (Stage.AGREEING_HANDOVER.value, Stage.PERMANENT_READY.value)
"""Here office and owner agree, or what they agreed is carried out."""


def agreement_of(case: Case) -> Agreement:
    """Return the agreement of `case` as the rules read it."""
    return Agreement(
        tuple(as_proposed(row) for row in case.proposals),
        tuple(
            Acceptance(
                row.version,
                None if row.state is ProposalState.SET_BY_OFFICE else Side.CITIZEN if row.by_office else Side.OFFICE,
                office_day(row.answered_at or row.at),
            )
            for row in case.proposals
            if row.state in BINDING
        ),
        frozenset(item.number for item in case.items if item.state is not ItemState.IN_OFFICE),
    )


def as_proposed(row: Proposal) -> delivery.Proposal:
    """Return a version as the rules read it."""
    side = Side.OFFICE if row.by_office else Side.CITIZEN
    return delivery.Proposal(row.version, side, arrangement_of(row), office_day(row.at))


def arrangement_of(row: Proposal) -> Arrangement:
    """Return what a version proposes."""
    return Arrangement(
        methods={int(number): Method(method) for number, method in row.methods.items()},
        address="\n".join(row.address),
        slot=row.slot,
        collector=row.collector,
    )


def propose_handover(
    session: Session,
    case: Case,
    version: int,
    arrangement: Arrangement,
    *,
    equipment: Equipment,
    act: Act,
    doer: Doer,
    remark: str = "",
) -> Proposal:
    """Propose to the owner how the things of `case` go out; each must be owed to them.

    Whoever has no mailbox gets the proposal as a letter; what they answer, the office writes down.

    Raises what `claim`, the procedure, `delivery.propose`, `check_offer` and `write_letter` raise, and BadInput
    (`item-not-owed`).
    """
    claim(case, version, act=act, doer=doer)
    owed = {item.number for item in case.items if may_leave(case, item)}
    if not set(arrangement.methods) <= owed:
        raise BadInput("item-not-owed")
    agreement = delivery.propose(_still_here(case), Side.OFFICE, arrangement, act.today)
    if arrangement.visit is not None:
        check_offer(session, case, arrangement.visit, equipment=equipment, act=act)
    move_case(session, case, "propose_handover", act=act, doers={doer})
    row = _write(session, case, agreement, remark, act)
    keep_clock(session, case, act, cause=row)
    _tell(session, case, row, equipment=equipment, act=act, doer=doer)
    return row


def answer_handover(
    session: Session,
    case: Case,
    version: int,
    counter: Arrangement | None = None,
    *,
    equipment: Equipment,
    act: Act,
    doers: frozenset[Doer],
    remark: str = "",
    how: str = "",
) -> Proposal:
    """Accept the newest `version` of the agreement, or answer it with `counter`.

    The owner answers the office; the office answers the owner, or writes down what the owner said at the counter or by
    telephone, or wrote on paper (then `doers` holds the owner's part, too, and `how` says which). Nobody answers their
    own proposal. What the office answers, the owner is told as a proposal is.

    Raises what the procedure, `delivery.accept`, `delivery.counter`, `check_offer`, `check_visit` and `write_letter`
    raise; `version-superseded` for a counter too; BadInput (`nothing-changed`): the counter-proposal is the proposal,
    without a word to it.
    """
    agreement = agreement_of(case)
    doer = Doer.CLERK if Doer.CLERK in doers else Doer.FRONT_DESK
    side = Side.CITIZEN if doers == {Doer.CITIZEN} else agreement.awaiting or Side.CITIZEN
    newest = agreement.newest
    if newest is not None and newest.version != version:
        raise ConditionMissing("version-superseded", version=version, newest=newest.version)
    if counter is not None and counter.visit is not None:
        check_offer(session, case, counter.visit, equipment=equipment, act=act)
    elif counter is None and newest is not None and agreement.awaiting is side:
        _can_come(session, case, newest.arrangement, equipment=equipment, act=act, doers=doers)
    said = ", ".join(part for part in (how, remark.strip()) if part)
    move_case(session, case, "answer_handover", act=act, doers=doers, reason=said[:1000] or None)
    if side is Side.CITIZEN:
        read_proposals(session, case, act=act)
    if counter is not None:
        answered = delivery.counter(agreement, side, counter, act.today)
        if newest is not None and counter.terms == newest.arrangement.terms and not remark.strip():
            raise BadInput("nothing-changed")
        row = _write(session, case, answered, said, act)
        keep_clock(session, case, act, cause=row)
        if side is Side.OFFICE:
            _tell(session, case, row, equipment=equipment, act=act, doer=doer)
        return row
    delivery.accept(agreement, side, version, act.today)
    row = case.proposals[-1]
    row.state, row.answered_at = ProposalState.ACCEPTED, act.at
    keep_clock(session, case, act, cause=row)
    record(session, f"case:{case.id}", "handover-accepted", {"version": row.version, "by": side.value}, act=act)
    if side is Side.OFFICE:
        _tell(session, case, row, equipment=equipment, act=act, doer=doer)
    return row


def _can_come(
    session: Session, case: Case, terms: Arrangement, *, equipment: Equipment, act: Act, doers: frozenset[Doer]
) -> None:
    """Refuse the visit of `terms` if nobody can keep it. Raises what `check_visit` raises."""
    # Who is in the office on the day itself, and says so there, needs no place any more.
    here = doers != {Doer.CITIZEN} and terms.visit is not None and office_day(terms.visit) == act.today
    if terms.visit is not None and not here:
        check_visit(session, case, terms.visit, equipment=equipment, act=act)


def set_default_handover(
    session: Session, case: Case, version: int, *, equipment: Equipment, act: Act, doer: Doer
) -> Proposal:
    """Let everything be collected in person, because the owner did not answer in time, and tell the owner.

    Raises what `claim`, the procedure, `delivery.expire` and `write_letter` raise.
    """
    claim(case, version, act=act, doer=doer)
    agreement = delivery.expire(agreement_of(case), act.today, office_calendar(session))
    move_case(session, case, "propose_handover", act=act, doers={doer})
    row = _write(session, case, agreement, "", act)
    row.state, row.answered_at = ProposalState.SET_BY_OFFICE, act.at
    keep_clock(session, case, act, cause=row)
    _tell(session, case, row, equipment=equipment, act=act, doer=doer)
    return row


def proposals_to_remind_of(today: dt.date) -> sa.Select[int]:
    """Return the cases whose owner has a mailbox, did not answer the office in time, and was not reminded yet."""
    return (
        sa.select(Case.id)
        .join(Proposal, Proposal.case_id == Case.id)
        .where(Proposal.state == ProposalState.PROPOSED, Proposal.by_office, Proposal.due_on < today)
        .where(Proposal.reminded_at.is_(None), Case.citizen_id.is_not(None), Case.stage.in_(AGREEING))
    )


def remind_of_proposal(session: Session, case: Case, *, act: Act) -> bool:
    """Remind the owner, once for each version, of a proposal in the mailbox. Returns whether that went out now.

    It is word in the mailbox and no letter: it sets no term and begins nothing, so that nobody has to sign it.
    """
    row = newest_proposal(case)
    if row is None or row.reminded_at is not None or case.citizen is None or case.stage not in AGREEING:
        return False
    if not office_waits(row) or row.due_on >= act.today:
        return False
    move_case(session, case, "remind", act=act, doers={Doer.SYSTEM})
    row.reminded_at = act.at
    _put_word(session, case, row, act, kind="reminder")
    record(session, f"case:{case.id}", "step-taken", {"step": "remind", "to": case.stage}, act=act)
    return True


def send_back(
    session: Session,
    case: Case,
    version: int,
    numbers: Collection[int],
    address: str,
    *,
    act: Act,
    doer: Doer,
    remark: str = "",
) -> Proposal:
    """Let the posting room send back the things of these `numbers`, at the cost of the office.

    Raises what `claim`, the procedure and `delivery.send_back` raise, and BadInput (`nothing-ticked`,
    `item-not-owed`).
    """
    claim(case, version, act=act, doer=doer)
    if not numbers:
        raise BadInput("nothing-ticked")
    if not set(numbers) <= {item.number for item in case.items if may_leave(case, item)}:
        raise BadInput("item-not-owed")
    agreement = delivery.send_back(_still_here(case), sorted(set(numbers)), address, act.today)
    move_case(session, case, "send_back", act=act, doers={doer})
    row = _write(session, case, agreement, remark, act)
    row.state, row.answered_at = ProposalState.SET_BY_OFFICE, act.at
    keep_clock(session, case, act, cause=row)
    record(session, f"case:{case.id}", "sent-back", {"version": row.version, "items": list(numbers)}, act=act)
    return row


_WORD = {ProposalState.ACCEPTED: "agreement", ProposalState.SET_BY_OFFICE: "default"}
"""The kind of the message about what the office did; any other is a proposal."""


def _tell(session: Session, case: Case, row: Proposal, *, equipment: Equipment, act: Act, doer: Doer) -> None:
    """Tell the owner what the office proposes, agrees to or has set: in the mailbox, and by letter where post reaches.

    Raises what `write_letter` raises.
    """
    if way_to_first(case) is LetterWay.POST:
        settled = row.state in BINDING
        draft = LetterDraft(kind=SETTLED) if settled else LetterDraft(kind=PROPOSED, until=row.due_on)
        write_letter(session, case, draft, equipment=equipment, act=act, doer=doer)
    _put_word(session, case, row, act, kind=_WORD.get(row.state, "proposal"))


def _put_word(session: Session, case: Case, row: Proposal, act: Act, *, kind: str) -> None:
    """Put word of a proposal into the owner's mailbox, and the notice of it into the post."""
    if case.citizen is None:
        return
    kinds = dict.fromkeys(item.kind.value for item in case.items if str(item.number) in row.methods)
    data = {"version": row.version, "kinds": list(kinds)}
    session.add(
        Message(citizen_id=case.citizen.id, folder=Folder.RECEIVED, kind=kind, data=data, case_id=case.id, at=act.at)
    )
    key = f"{kind}:{case.id}:{row.version}"
    post_email(session, case.citizen.email, "news", {}, case.citizen.language, key=key, act=act)


def _still_here(case: Case) -> Agreement:
    """Return the agreement without what went out and came back: that is a matter of the new proposal."""
    agreement = agreement_of(case)
    here = {item.number for item in case.items if item.state is ItemState.IN_OFFICE}
    return Agreement(agreement.proposals, agreement.acceptances, agreement.gone - here)


def _write(session: Session, case: Case, agreement: Agreement, remark: str, act: Act) -> Proposal:
    newest = agreement.proposals[-1]
    if case.proposals and case.proposals[-1].state is ProposalState.PROPOSED:
        before = case.proposals[-1]
        by_same = before.by_office is (newest.by is Side.OFFICE)
        before.state, before.answered_at = ProposalState.REPLACED if by_same else ProposalState.COUNTERED, act.at
    terms = newest.arrangement
    row = Proposal(
        version=newest.version,
        by_office=newest.by is Side.OFFICE,
        state=ProposalState.PROPOSED,
        methods={str(number): method.value for number, method in terms.methods.items()},
        address=[line for line in terms.address.splitlines() if line.strip()],
        slot=terms.visit,
        collector=terms.collector,
        remark=remark.strip()[:1000] or None,
        due_on=delivery.answer_due(newest, office_calendar(session)),
        **authored(act),
    )
    case.proposals.append(row)
    case.changed_at = act.at
    by = ActorKind(act.actor.kind).value
    record(session, f"case:{case.id}", "handover-proposed", {"version": row.version, "by": by}, act=act)
    return row
