"""What did each step of an invented case leave behind? The table at the end says it; the case is the verbs' likeness.

What happened just before a step (a verdict, a comparison, a fee proved) stands some minutes before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

from app.demo.clocks import extended_until
from app.demo.columns import iso, text
from app.demo.dossier import Agreed, Dossier, Thing
from app.demo.histories import Taken, goes_by_post
from app.demo.invented import stock_number
from app.domain.correspondence import STEP_LETTERS
from app.domain.custody import Discrepancy, ItemState, Movement
from app.domain.deadlines import permit_valid_until
from app.domain.delivery import Method
from app.domain.determinations import DeterminationCode
from app.domain.documents import Answers, DocumentKind, Requirement, required_documents
from app.domain.fees import FeeAnswers, fees_due
from app.domain.items import PLATES, Fate, ItemKind, expected_items
from app.domain.plates import plate_count
from app.domain.procedures.editions import SEKAP
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import ProcedureName, Stage
from app.domain.summonses import WAYS_OF_SUPPLEMENTS, Demand, DemandKind, compose_originals
from app.models import Carriage, Direction, PlateState

_UNREADABLE = "Skan jest nieczytelny."
_PUT_AWAY: Mapping[Fate, tuple[Movement, ...]] = {
    Fate.DESTROYED: (Movement.DESTROYED,),
    Fate.INVALIDATED_AND_KEPT: (Movement.INVALIDATED, Movement.FILED),
    Fate.IN_FILE: (Movement.FILED,),
    Fate.LENT: (Movement.FILED,),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A step that is taken: when, how many days pass until the next one (`None`: it is the last), what follows."""

    step: str
    at: dt.datetime
    gap: int | None
    later: frozenset[str]

    def before(self, minutes: int) -> dt.datetime:
        """Return the moment so many minutes before the step."""
        return self.at - dt.timedelta(minutes=minutes)

    @property
    def lag(self) -> int:
        """How many days the post takes: no longer than until the party acts upon the letter."""
        return 1 if self.gap is not None and self.gap < 3 else 2


Deed = Callable[[Dossier, Turn], None]


def write_things(dossier: Dossier, taken: Sequence[Taken], moments: Sequence[dt.datetime]) -> None:
    """Write what the steps of a case left behind, taken at `moments`."""
    dossier.number_kept = any(one.row.name == "register_directly" for one in taken)
    names = [one.row.name for one in taken]
    turn = None
    for place, one in enumerate(taken):
        gap = taken[place + 1].day - one.day if place + 1 < len(taken) else None
        turn = Turn(one.row.name, moments[place], gap, frozenset(names[place + 1 :]))
        for deed in DEEDS[one.row.name]:
            deed(dossier, turn)
    if turn is not None and taken[-1].row.to is Stage.AWAITING_ORIGINALS:
        _bring_some(dossier, turn)
    dossier.finish()


# ---- verification -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _required(procedure: ProcedureName, edition: str, answers: Answers) -> tuple[Requirement, ...]:
    return required_documents(procedure, edition, answers)


@lru_cache(maxsize=256)
def _asked(procedure: ProcedureName, edition: str, answers: Answers) -> tuple[Demand, ...]:
    needed = [one for one in _required(procedure, edition, answers) if not one.if_issued]
    return compose_originals(one.kind for one in expected_items(needed, answers))


@lru_cache(maxsize=4096)
def _fees(
    procedure: ProcedureName, edition: str, vehicle: FeeAnswers, received_on: dt.date
) -> tuple[tuple[str, int, str], ...]:
    return tuple((due.fee.code, due.grosze, due.fee.law) for due in fees_due(procedure, edition, vehicle, received_on))


def _of_case(dossier: Dossier) -> tuple[ProcedureName, str, Answers]:
    return dossier.facts.procedure, dossier.facts.edition, dossier.facts.answers


def _assess_fees(dossier: Dossier, _turn: Turn) -> None:
    procedure, edition, said = _of_case(dossier)
    kept = dossier.number_kept
    answers = FeeAnswers(vehicle_class=said.vehicle_class, number_kept=kept, short_path=kept)
    dossier.fees = list(_fees(procedure, edition, answers, dossier.facts.received_on))


def _accept(dossier: Dossier, turn: Turn) -> None:
    """Accept every document; what is only asked for where it was issued does not apply."""
    for one in _required(*_of_case(dossier)):
        verdict = Verdict.NOT_APPLICABLE if one.if_issued else Verdict.ACCEPTED
        dossier.judge(one.kind.value, verdict, turn.before(25))


def _reject_one(dossier: Dossier, turn: Turn) -> None:
    wanting = _wanting(dossier)
    for one in _required(*_of_case(dossier)):
        if one.kind is wanting:
            dossier.judge(one.kind.value, Verdict.ILLEGIBLE, turn.before(25), _UNREADABLE)
        else:
            dossier.judge(
                one.kind.value, Verdict.NOT_APPLICABLE if one.if_issued else Verdict.ACCEPTED, turn.before(25)
            )


def _wanting(dossier: Dossier) -> DocumentKind:
    return next(one.kind for one in _required(*_of_case(dossier)) if not one.if_issued)


# ---- letters ------------------------------------------------------------------------------------------------------


def _write(
    dossier: Dossier,
    turn: Turn,
    demands: Sequence[tuple[Demand, Thing | None]] = (),
    reasons: str | None = None,
    until: dt.date | None = None,
) -> None:
    """Write the letter of the step."""
    rule = STEP_LETTERS[turn.step]
    dossier.write(
        rule.kind, turn.step, turn.at, lag=turn.lag, with_items=rule.with_items, days=rule.days, demands=demands,
        reasons=reasons, until=until,
    )  # fmt: skip


def _ask_for_originals(dossier: Dossier, turn: Turn) -> None:
    demands: list[tuple[Demand, Thing | None]] = []
    for demand in _asked(*_of_case(dossier)):
        kind = ItemKind(demand.subject)
        label = dossier.facts.plate if kind is ItemKind.PLATE else ""
        demands.append((demand, dossier.begin(kind, Movement.EXPECTED, turn.at, label)))
    _write(dossier, turn, demands)


def _ask_for_remedy(dossier: Dossier, turn: Turn) -> None:
    demand = Demand(
        DemandKind.DOCUMENT, _wanting(dossier).value, _UNREADABLE, WAYS_OF_SUPPLEMENTS, Verdict.ILLEGIBLE
    )  # fmt: skip
    _write(dossier, turn, [(demand, None)])


def _tell_delay(dossier: Dossier, turn: Turn) -> None:
    _write(dossier, turn, reasons="Oczekujemy na odpowiedź innego urzędu.", until=extended_until(turn.at.date()))


def _end_aside(dossier: Dossier, turn: Turn, *, code: DeterminationCode | None, words: str) -> None:
    """End the case without what was asked for: nothing is awaited any more, what came goes back (KPA art. 104–105)."""
    if code is not None:
        dossier.determine(code.value, turn.before(5), words)
    _write(dossier, turn, reasons=words)
    for thing in dossier.things:
        if thing.state is ItemState.EXPECTED:
            dossier.move(thing, Movement.CALLED_OFF, turn.at)
        thing.fate = Fate.TO_PARTY


# ---- things that come ---------------------------------------------------------------------------------------------


def _bring(dossier: Dossier, turn: Turn) -> None:
    """What was asked for came the day before, and was compared; one in twenty-five was damaged, and taken as it is."""
    came = turn.at - dt.timedelta(days=1)
    _receive(dossier, [one for one in dossier.things if one.state is ItemState.EXPECTED], came)
    here = [one for one in dossier.things if one.is_here]
    for thing in here:
        dossier.move(thing, Movement.COMPARED, turn.before(10))
    if here and dossier.facts.id % 25 == 0:
        dossier.raise_doubt(here[0], Discrepancy.DAMAGED.value, came, (turn.before(9), "accepted"))


def _bring_some(dossier: Dossier, turn: Turn) -> None:
    """Of every third case that waits, all but the last thing is here, of every ninth it is known to be missing."""
    number, came = dossier.facts.id, turn.at + dt.timedelta(days=3)
    awaited = [one for one in dossier.things if one.state is ItemState.EXPECTED]
    if number % 3 or came > dossier.until or len(awaited) < 2:
        return
    _receive(dossier, awaited[:-1], came)
    if number % 9 == 0:
        dossier.raise_doubt(awaited[-1], Discrepancy.MISSING.value, came, None)


def _receive(dossier: Dossier, things: Sequence[Thing], at: dt.datetime) -> None:
    if not things:
        return
    envelope = dossier.envelope(Direction.IN, (Carriage.IN_PERSON, Carriage.POST)[dossier.facts.id % 2], at)
    for thing in things:
        back = thing.state is ItemState.WITH_PARTY
        dossier.move(thing, Movement.CAME_BACK if back else Movement.RECEIVED, at, envelope)
    dossier.meet(at)


# ---- before the decision ------------------------------------------------------------------------------------------


def _pay(dossier: Dossier, turn: Turn) -> None:
    dossier.proved = text(turn.before(20)), f"przelew z {turn.at:%d.%m.%Y}"


def _assign_plates(dossier: Dossier, turn: Turn) -> None:
    number = dossier.batch.take_id("plate_number")
    plate, count = stock_number(number), plate_count(dossier.facts.answers.vehicle_class)
    for _ in range(count):
        dossier.begin(ItemKind.NEW_PLATE, Movement.MADE, turn.before(18), plate)
    assigned = text(turn.before(18))
    dossier.batch.rows["plate_number"].append((
        number, plate, "ordinary", count, PlateState.ASSIGNED.value, dossier.facts.id, assigned, assigned,
    ))  # fmt: skip
    dossier.plate = plate
    dossier.make_findable(plate)


def _make_permit(dossier: Dossier, turn: Turn) -> None:
    number = f"PC/T {dossier.facts.id:07}"
    dossier.begin(ItemKind.TEMPORARY_PERMIT, Movement.MADE, turn.before(15), number)
    dossier.permit = number, permit_valid_until(turn.at.date())


def _make_sticker(dossier: Dossier, turn: Turn) -> None:
    if dossier.facts.edition == SEKAP:
        dossier.begin(ItemKind.CONTROL_STICKER, Movement.MADE, turn.before(12), f"NK {dossier.facts.id:07}")


def _order(dossier: Dossier, turn: Turn) -> None:
    dossier.ordered = turn.at.date()


def _keep_number(dossier: Dossier, turn: Turn) -> None:
    """The owner keeps the number: its plates go back, and the old certificate stands in for the permit."""
    code = DeterminationCode
    for one in (code.NUMBER_KEPT, code.OLD_CERTIFICATE_CONFIRMED, code.ROOM_FOR_ANNOTATION):
        dossier.determine(one.value, turn.before(15))
    for thing in dossier.things:
        if thing.kind is ItemKind.REG_CERT:
            thing.fate = Fate.LENT


def _cut(dossier: Dossier, turn: Turn) -> None:
    for thing in dossier.things:
        if thing.kind is ItemKind.REG_CERT and thing.is_here and not thing.invalidated:
            dossier.move(thing, Movement.INVALIDATED, turn.before(10))


# ---- handing over -------------------------------------------------------------------------------------------------


def _annotate(dossier: Dossier, turn: Turn) -> None:
    """What goes back is annotated before the handing over is proposed."""
    for thing in dossier.things:
        dossier.annotate(thing, turn.before(5))


def _propose(dossier: Dossier, turn: Turn) -> None:
    """Propose the way on which the things go later; where that is still open, every fourth case proposes the post."""
    way = (Method.POST if goes_by_post(dossier.facts.id, turn.later) else Method.IN_PERSON).value
    dossier.agreed = Agreed(turn.at, {str(one.number): way for one in dossier.things if one.is_owed})


def _agree(dossier: Dossier, turn: Turn) -> None:
    if dossier.agreed is not None:
        dossier.agreed.answered_at = text(turn.at)


def _give(dossier: Dossier, turn: Turn) -> None:
    """Hand out all that is owed, to the owner in person."""
    owed = [one for one in dossier.things if one.is_owed]
    if not owed:
        return
    visit = dossier.envelope(Direction.OUT, Carriage.IN_PERSON, turn.at)
    for thing in owed:
        dossier.move(thing, Movement.HANDED_OUT, turn.at, visit)
    dossier.serve_papers(owed, turn.at)


def _post(dossier: Dossier, turn: Turn) -> None:
    """Post all that is owed; the return card is back after three days, if that is not in the future."""
    owed = [one for one in dossier.things if one.is_owed]
    back = turn.at + dt.timedelta(days=3)
    delivered = back if back <= dossier.until else None
    parcel = dossier.envelope(Direction.OUT, Carriage.POST, turn.at, delivered)
    for thing in owed:
        dossier.move(thing, Movement.POSTED, turn.at, parcel)
        if delivered:
            dossier.move(thing, Movement.DELIVERED, delivered, parcel)
    if delivered:
        dossier.serve_papers(owed, delivered)


def _announce(dossier: Dossier, turn: Turn) -> None:
    """The certificate came the day before; its owner is told, in the edition `sekap` also what to bring for it."""
    came, number = turn.at - dt.timedelta(days=1), f"DR/T {dossier.facts.id:07}"
    dossier.begin(ItemKind.REGISTRATION_CERTIFICATE, Movement.MADE, came, number)
    dossier.certificate = number, iso(came.date())
    if dossier.permit is None:  # nothing to bring back: it is simply to be collected
        dossier.write("handover_proposal", turn.step, turn.at)
        return
    demands: list[tuple[Demand, Thing | None]] = []
    if dossier.facts.edition == SEKAP:
        permit = next(one for one in dossier.things if one.kind is ItemKind.TEMPORARY_PERMIT)
        policy = dossier.begin(ItemKind.OC_POLICY, Movement.EXPECTED, turn.at)
        demands = [(Demand(DemandKind.THING, one.kind.value), one) for one in (permit, policy)]
    _write(dossier, turn, demands)


_BROUGHT_BACK = frozenset({ItemKind.TEMPORARY_PERMIT, ItemKind.OC_POLICY, ItemKind.REG_CERT})


def _bring_back(dossier: Dossier, turn: Turn) -> None:
    """The owner comes with what was asked for: the permit and the policy; or with the old certificate that was lent."""
    asked = {thing.id for one in dossier.asked for _, thing in one.demands if thing is not None}
    awaited = {ItemState.EXPECTED, ItemState.WITH_PARTY}
    things = [
        one for one in dossier.things
        if one.id in asked and one.state in awaited and one.kind in _BROUGHT_BACK
    ]  # fmt: skip
    _receive(dossier, things, turn.before(15))


def _put_away(dossier: Dossier, turn: Turn) -> None:
    """Destroy and file what stays; of every third case the plates go to their maker."""
    worn = [one for one in dossier.things if one.is_here and one.fate is Fate.DESTROYED and one.kind in PLATES]
    if worn and dossier.facts.id % 3 == 0:
        dossier.to_maker(worn, turn.before(20))
    for thing in dossier.things:
        for movement in _PUT_AWAY[thing.fate] if thing.is_here else ():
            if movement is not Movement.INVALIDATED or not thing.invalidated:
                dossier.move(thing, movement, turn.before(20))


# ---- the table ----------------------------------------------------------------------------------------------------

_CODE = DeterminationCode
_REFUSED = "W Centralnej Ewidencji Pojazdów pojazd figuruje jako skradziony."
_POINTLESS = "Strona cofnęła wniosek, a inne strony nie wniosły o dalsze prowadzenie sprawy."
_ELSEWHERE = "Starosta Kłobucki, Rynek 13, 42-100 Kłobuck"
_UNREMEDIED = "Wskazanych braków nie uzupełniono."


def _meet_remedy(dossier: Dossier, turn: Turn) -> None:
    dossier.meet(turn.at, things=False)


# fmt: off
DEEDS: Mapping[str, tuple[Deed, ...]] = MappingProxyType({
    "take":                 (_assess_fees,),
    "accept_signature":     (),
    "summon_originals":     (_accept, _ask_for_originals),
    "summon_remedy":        (_reject_one, _ask_for_remedy),
    "supplement":           (_meet_remedy,),
    "skip_originals":       (_accept,),
    "confirm_originals":    (_bring,),
    "notify_delay":         (_tell_delay,),
    "register_temporarily": (_pay, _assign_plates, _make_permit, _make_sticker, _write, _order),
    "register_directly":    (_keep_number, _pay, _write, _order),
    "deregister":           (_pay, _cut, _write),
    "propose_handover":     (_annotate, _propose),
    "answer_handover":      (_agree,),
    "hand_out":             (_give,),
    "dispatch":             (_post,),
    "announce_certificate": (_announce,),
    "register":             (_cut, _write),
    "issue":                (_bring_back, _cut, _give),
    "withdraw":             (),
    "leave_unexamined":     (partial(_end_aside, code=None, words=_UNREMEDIED),),
    "refuse":               (partial(_end_aside, code=_CODE.REFUSAL_REASONS, words=_REFUSED),),
    "discontinue":          (partial(_end_aside, code=_CODE.POINTLESS, words=_POINTLESS),),
    "transfer":             (partial(_end_aside, code=_CODE.OTHER_AUTHORITY, words=_ELSEWHERE),),
    "close":                (),
    "archive":              (_put_away,),
})
# fmt: on
"""What is done at each step that an invented case may take."""
