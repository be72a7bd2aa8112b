"""Which thing goes to its party which way, and do both sides agree?

The office's own procedure, within KPA art. 39 and 46: things go out in person, against a signature, or as a registered
letter with acknowledgement of receipt at the owner's cost; there is no other post. What the office sends back of
itself (a case has ended, or nobody asked for a thing) is agreed with nobody, and goes at its own cost. An agreement is
its versions: a new proposal never changes an old one. What came back undelivered is the matter of a new agreement.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.domain.deadlines import ANSWER_TO_A_PROPOSAL, due_date, office_day
from app.domain.errors import BadInput, ConditionMissing
from app.domain.holidays import STATUTORY, Calendar


class Method(enum.StrEnum):
    """How a thing goes out. Post is always a registered letter with acknowledgement of receipt."""

    IN_PERSON = "in_person"
    POST = "post"


class Side(enum.StrEnum):
    """Who proposes or accepts."""

    OFFICE = "office"
    CITIZEN = "citizen"


class CostBearer(enum.StrEnum):
    """Who pays for the way."""

    OWNER = "owner"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What is proposed: the way of each thing by its id, and the particulars.

    `slot` is the moment of the visit (aware), `None` for any hour in which the office is open. `collector` is whoever
    comes instead of the owner, `None` for the owner.
    """

    methods: Mapping[int, Method]
    address: str = ""
    slot: dt.datetime | None = None
    collector: str | None = None
    cost_bearer: CostBearer = CostBearer.OWNER

    def __post_init__(self) -> None:
        """Freeze the ways, and refuse what cannot be carried out.

        Raises:
            BadInput: `delivery-empty`; `delivery-address` (post without an address); `collector-name` (somebody comes
                whom nobody named).
        """
        object.__setattr__(self, "methods", MappingProxyType(dict(self.methods)))
        if not self.methods:
            raise BadInput("delivery-empty")
        if Method.POST in self.methods.values() and not self.address.strip():
            raise BadInput("delivery-address")
        if self.collector is not None and not self.collector.strip():
            raise BadInput("collector-name")

    @property
    def visit(self) -> dt.datetime | None:
        """The moment at which somebody comes; `None` where nobody does, or at any hour."""
        return self.slot if Method.IN_PERSON in self.methods.values() else None

    @property
    def terms(self) -> tuple[object, ...]:
        """What the two sides agree on: an address without post, or a visit without one, is no part of it."""
        posted, visited = Method.POST in self.methods.values(), Method.IN_PERSON in self.methods.values()
        return (
            dict(self.methods),
            [line.strip() for line in self.address.splitlines() if line.strip()] if posted else [],
            (self.slot, self.collector) if visited else None,
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version of an agreement; versions count from 1."""

    version: int
    by: Side
    arrangement: Arrangement
    proposed_on: dt.date


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Which version was accepted, when, and by whom; `by` is `None` where nobody answered and the default holds."""

    version: int
    by: Side | None
    on: dt.date


@dataclass(frozen=True, slots=True)
class Agreement:
    """All versions with their acceptances, oldest first, and the ids of what is `gone` out under them."""

    proposals: tuple[Proposal, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    gone: frozenset[int] = frozenset()

    @property
    def newest(self) -> Proposal | None:
        """The version that counts; `None` before anything was proposed."""
        return self.proposals[-1] if self.proposals else None

    @property
    def accepted(self) -> Proposal | None:
        """The newest version, if it was accepted: only then may anything go out."""
        newest = self.newest
        agreed = newest is not None and any(one.version == newest.version for one in self.acceptances)
        return newest if agreed else None

    @property
    def awaiting(self) -> Side | None:
        """Whose answer is awaited; `None` when nothing is proposed or all is agreed."""
        newest = self.newest
        if newest is None or self.accepted is not None:
            return None
        return Side.CITIZEN if newest.by is Side.OFFICE else Side.OFFICE


NOTHING_PROPOSED = Agreement()


def answer_due(proposal: Proposal, calendar: Calendar = STATUTORY) -> dt.date:
    """Return the last day for an answer, the office's own term: 14 days after the proposal.

    Where a visit is proposed, it is the working day before that one at the latest, and never before the proposal. That
    the office is closed on it changes nothing: the mailbox is open, and KPA art. 57 counts terms of an authority, too.
    """
    due = due_date(proposal.proposed_on, ANSWER_TO_A_PROPOSAL, calendar)
    visit = proposal.arrangement.visit
    if visit is None:
        return due
    return min(due, max(calendar.last_working_day_before(office_day(visit)), proposal.proposed_on))


def propose(agreement: Agreement, by: Side, arrangement: Arrangement, on: dt.date) -> Agreement:
    """Return the agreement with a first proposal, or with a new one by the side whose move it is not.

    What was accepted and did not go out yet may be proposed anew; until that is accepted, nothing goes out.

    Raises:
        ConditionMissing: `answer-first`: the other side's proposal waits for an answer.
        BadInput: `item-gone-out`; `slot-passed`; `delivery-cost`: what is agreed goes by post at the owner's cost.
    """
    if agreement.awaiting is by:
        raise ConditionMissing("answer-first")
    return _with(agreement, by, _agreed(arrangement), on)


def counter(agreement: Agreement, by: Side, arrangement: Arrangement, on: dt.date) -> Agreement:
    """Return the agreement with another proposal for the same things, in answer to the other side's.

    Raises:
        ConditionMissing: `nothing-to-answer`.
        BadInput: `items-differ`; `slot-passed`; `delivery-cost`.
    """
    newest = agreement.newest
    if newest is None or agreement.awaiting is not by:
        raise ConditionMissing("nothing-to-answer")
    if set(arrangement.methods) != set(newest.arrangement.methods):
        raise BadInput("items-differ")
    return _with(agreement, by, _agreed(arrangement), on)


def accept(agreement: Agreement, by: Side, version: int, on: dt.date) -> Agreement:
    """Return the agreement with its newest version accepted by the side that did not propose it.

    Raises:
        ConditionMissing: `version-superseded`: `version` is not the newest; `nothing-to-answer`: it is the own
            proposal, or accepted already.
        BadInput: `slot-passed`: nobody can come on the proposed day any more.
    """
    newest = agreement.newest
    if newest is not None and newest.version != version:
        raise ConditionMissing("version-superseded", version=version, newest=newest.version)
    if newest is None or agreement.awaiting is not by:
        raise ConditionMissing("nothing-to-answer")
    _lies_ahead(newest.arrangement, on)
    return _accepted(agreement, by, on)


def expire(agreement: Agreement, on: dt.date, calendar: Calendar = STATUTORY) -> Agreement:
    """Return the agreement with the default, everything in person, as the owner did not answer the office in time.

    The default is a version of its own, and counts as accepted; the owner is told and may still propose otherwise.

    Raises:
        ConditionMissing: `nothing-to-answer`: no proposal of the office is open; `answer-overdue`: there is time left.
    """
    newest = agreement.newest
    if newest is None or agreement.awaiting is not Side.CITIZEN:
        raise ConditionMissing("nothing-to-answer")
    if on <= answer_due(newest, calendar):
        raise ConditionMissing("answer-overdue")
    in_person = Arrangement(methods=dict.fromkeys(newest.arrangement.methods, Method.IN_PERSON))
    return _accepted(_with(agreement, Side.OFFICE, in_person, on), None, on)


def send_back(agreement: Agreement, items: Iterable[int], address: str, on: dt.date) -> Agreement:
    """Return the agreement with what the office sends back of itself: by post, and at its own cost.

    It is the owner's already, and so nobody has to agree; to give it back is the office's own duty, for which a party
    does not pay (KPA art. 262 § 1 pkt 2). It is a version of its own, and counts as accepted.

    Raises BadInput: `delivery-empty`, `delivery-address`, `item-gone-out`.
    """
    by_post = Arrangement(methods=dict.fromkeys(items, Method.POST), address=address, cost_bearer=CostBearer.OFFICE)
    return _accepted(_with(agreement, Side.OFFICE, by_post, on), None, on)


def _agreed(arrangement: Arrangement) -> Arrangement:
    if Method.POST in arrangement.methods.values() and arrangement.cost_bearer is not CostBearer.OWNER:
        raise BadInput("delivery-cost")
    return arrangement


def _with(agreement: Agreement, by: Side, arrangement: Arrangement, on: dt.date) -> Agreement:
    if agreement.gone & set(arrangement.methods):
        raise BadInput("item-gone-out")
    _lies_ahead(arrangement, on)
    proposal = Proposal(len(agreement.proposals) + 1, by, arrangement, on)
    return replace(agreement, proposals=(*agreement.proposals, proposal))


def _lies_ahead(arrangement: Arrangement, on: dt.date) -> None:
    if arrangement.visit is not None and office_day(arrangement.visit) < on:
        raise BadInput("slot-passed")


def _accepted(agreement: Agreement, by: Side | None, on: dt.date) -> Agreement:
    acceptance = Acceptance(len(agreement.proposals), by, on)
    return replace(agreement, acceptances=(*agreement.acceptances, acceptance))
