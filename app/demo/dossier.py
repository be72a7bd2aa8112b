"""The dossier of one invented case: where each thing is, what was written and agreed. At the end it becomes rows.

It keeps what the verbs keep (`app.usecases`), without a session: an item moves by the table of `app.domain.custody`, a
term runs from the service of its letter. What was done at which step stands in `things.py`.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.demo.columns import Batch, day, iso, public_id, text
from app.demo.letter_samples import LetterSample
from app.domain.annotations import CaseSays, compose, rules_for
from app.domain.correspondence import APPEALABLE, GRANTING
from app.domain.custody import ItemState, Movement, next_state
from app.domain.deadlines import ANSWER_TO_A_PROPOSAL, APPEAL, due_date
from app.domain.documents import Answers, ground_of
from app.domain.folding import KeyKind, fold
from app.domain.items import Fate, ItemKind, fate_of, is_owed
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import ProcedureName
from app.domain.summonses import Demand, DemandKind, summons_due, summons_term
from app.domain.tracking import gs1_check_digit
from app.letters.kinds import LETTER_KINDS
from app.letters.names import GROUNDS
from app.models import Carriage, Direction, LetterState, LetterWay, ParcelOutcome, ProposalState, ServiceOutcome
from app.usecases.letter_fields import demand_in_words

SHELVES = ("A-1", "A-2", "A-3", "B-1", "B-2")
_ONE_DAY = dt.timedelta(days=1)
_BLOCKS = json.dumps([{"kind": "paragraph", "text": "Dane testowe: treść pisma stoi w jego wydruku.", "rows": []}])
_SHOWN = "dowód osobisty …417"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case before its first step."""

    id: int
    sign: str
    procedure: ProcedureName
    edition: str
    answers: Answers
    received_on: dt.date
    applicant: str
    address: tuple[str, ...]
    plate: str
    documents: Mapping[str, int]
    """Kind of a document → its key."""
    office: str


@dataclass(slots=True)
class Thing:
    """An item with its place, as `app.models.Item` keeps it."""

    id: int
    number: int
    kind: ItemKind
    label: str
    fate: Fate
    state: ItemState | None = None
    place: str | None = None
    compared: bool = False
    invalidated: bool = False
    returned: bool = False
    came_at: str | None = None
    moves: int = 0

    @property
    def is_here(self) -> bool:
        """Whether the office holds it."""
        return self.state is ItemState.IN_OFFICE

    @property
    def is_owed(self) -> bool:
        """Whether the office has to give it to its party."""
        return self.state is not None and is_owed(self.state, self.fate, back=self.returned)


@dataclass(slots=True)
class Asked:
    """A summons with its demands; the things among them."""

    id: int
    letter_id: int
    kind: str
    days: int
    due_on: str | None
    demands: list[tuple[Demand, Thing | None]]
    met_at: dict[int, str] = field(default_factory=dict)
    """Place of a demand → when it was met."""


@dataclass(slots=True)
class Agreed:
    """The one version of the agreement of an invented case."""

    at: dt.datetime
    ways: Mapping[str, str]
    """Number of a thing → how it goes out."""
    answered_at: str | None = None


@dataclass(slots=True)
class Paper:
    """A decision that goes out with the things, until it is served."""

    letter_id: int
    thing: Thing


@dataclass(slots=True)
class Dossier:
    """One case; `clerk` is kind, number and name of who acts, `until` the moment that the demonstration is made."""

    batch: Batch
    facts: Facts
    clerk: tuple[str, int | None, str]
    until: dt.datetime
    samples: Mapping[tuple[str, str], LetterSample]
    rng: random.Random
    things: list[Thing] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    agreed: Agreed | None = None
    papers: list[Paper] = field(default_factory=list)
    permit: tuple[str, dt.date | None] | None = None
    ordered: dt.date | None = None
    certificate: tuple[str, str] | None = None
    plate: str | None = None
    granted_on: dt.date | None = None
    fees: list[tuple[str, int, str]] = field(default_factory=list)
    proved: tuple[str, str] | None = None
    number_kept: bool = False
    ended_aside: bool = False
    letters: int = 0

    def by(self, at: dt.datetime) -> tuple[str, str, int | None, str]:
        """Return the columns of who did something, and when."""
        return (text(at), *self.clerk)

    # ---- things ---------------------------------------------------------------------------------------------------

    def begin(
        self, kind: ItemKind, movement: Movement, at: dt.datetime, label: str = "", envelope: int | None = None
    ) -> Thing:
        """Begin the chain of a thing."""
        facts = self.facts
        fate = fate_of(kind, facts.procedure, facts.edition, ground=facts.answers.ground, number_kept=self.number_kept)
        thing = Thing(self.batch.take_id("item"), self.batch.take_number("item"), kind, label, fate)
        self.things.append(thing)
        self.move(thing, movement, at, envelope)
        return thing

    def move(
        self,
        thing: Thing,
        movement: Movement,
        at: dt.datetime,
        envelope: int | None = None,
        written: tuple[str | None, str | None] = (None, None),
    ) -> None:
        """Move a thing as `Item.move` does; what comes lies on the shelf of its case."""
        before = thing.state
        thing.state = next_state(before, movement)
        came = movement in {Movement.RECEIVED, Movement.CAME_BACK}
        thing.returned = thing.returned or (movement is Movement.CAME_BACK and before is ItemState.WITH_PARTY)
        thing.place = (self.shelf if came else thing.place) if thing.is_here else None
        thing.compared = thing.compared or movement is Movement.COMPARED
        thing.invalidated = thing.invalidated or movement is Movement.INVALIDATED
        if movement in {Movement.RECEIVED, Movement.MADE}:
            thing.came_at = text(at)
        thing.moves += 1
        self.batch.rows["handover"].append((
            thing.id, thing.moves, movement.value, thing.state.value, thing.place, envelope, *self.by(at),
            *written,
        ))  # fmt: skip

    def annotate(self, thing: Thing, at: dt.datetime) -> None:
        """Write on a thing what the law asks, as `annotate_items` does."""
        facts = self.facts
        ground = ground_of(facts.answers.ground)
        says = CaseSays(
            today=at.date(), applied_on=facts.received_on, office=facts.office, decided_on=self.granted_on,
            number=self.plate or facts.plate, reason=GROUNDS[ground.code] if ground else "",
        )  # fmt: skip
        for rule in rules_for(thing.kind, thing.fate, facts.procedure, facts.edition):
            if thing.is_here and (wording := compose(rule.kind, says)):
                self.move(thing, Movement.ANNOTATED, at, written=(rule.kind.value, wording))

    @property
    def shelf(self) -> str:
        """Where the things of the case lie."""
        return SHELVES[self.facts.id % len(SHELVES)]

    def envelope(
        self, direction: Direction, carriage: Carriage, at: dt.datetime, delivered: dt.datetime | None = None
    ) -> int:
        """Register an envelope or a visit, and return its key; `delivered`: when the return card came."""
        number, incoming = self.batch.take_id("consignment"), direction is Direction.IN
        series, by_post = "RPW" if incoming else "RPO", carriage is Carriage.POST
        counted = self.batch.take_number(f"{series.lower()}:{at.year}")
        self.batch.rows["consignment"].append((
            number, f"{series}/{counted}/{at.year}", direction.value, carriage.value, self.facts.id, day(at), text(at),
            "Poczta Polska" if by_post else None, iso(at.date() - _ONE_DAY) if by_post and incoming else None,
            self.facts.applicant, json.dumps(self.facts.address if by_post and not incoming else []),
            None if by_post else _SHOWN, f"ZPO {number}" if delivered else None,
            ParcelOutcome.DELIVERED.value if delivered else None, day(delivered) if delivered else None, self.clerk[2],
        ))  # fmt: skip
        return number

    def to_maker(self, plates: Sequence[Thing], at: dt.datetime) -> None:
        """Let worn plates go to their maker: the visit is of no one case."""
        key, counted = self.batch.take_id("consignment"), self.batch.take_number(f"rpo:{at.year}")
        self.batch.rows["consignment"].append((
            key, f"RPO/{counted}/{at.year}", Direction.OUT.value, Carriage.IN_PERSON.value, None, day(at), text(at),
            None, None, "Ewa Kurierska", json.dumps(["Producent Tablic sp. z o.o."]), None, None, None, None,
            self.clerk[2],
        ))  # fmt: skip
        for plate in plates:
            self.move(plate, Movement.TO_MAKER, at, key)

    def raise_doubt(self, thing: Thing, kind: str, at: dt.datetime, settled: tuple[dt.datetime, str] | None) -> None:
        """Write down what is not as it should be with a thing, and who settled it."""
        when, by = (text(settled[0]), settled[1]) if settled else (None, None)
        self.batch.rows["discrepancy"].append((thing.id, kind, None, text(at), when, by))

    # ---- letters --------------------------------------------------------------------------------------------------

    def write(
        self,
        kind: str,
        step: str,
        at: dt.datetime,
        *,
        lag: int = 2,
        with_items: bool = False,
        days: int | None = None,
        demands: Sequence[tuple[Demand, Thing | None]] = (),
        until: dt.date | None = None,
        reasons: str | None = None,
    ) -> None:
        """Write a letter that left `at`; by post it is served `lag` days later, if that is not in the future."""
        self.letters += 1
        letter_id, sample = self.batch.take_id("letter"), self.samples[kind, self.facts.edition]
        details = {
            "day": day(at), "doer": "clerk", "days": days, "until": iso(until) if until else None, "reasons": reasons,
            "demands": [_said(demand) for demand, _ in demands],
        }  # fmt: skip
        minute = text(at - dt.timedelta(minutes=1))
        self.batch.rows["letter"].append((
            letter_id, public_id(letter_id, self.rng), self.facts.id, self.letters, kind, step, LetterState.SENT.value,
            (LetterWay.WITH_ITEMS if with_items else LetterWay.POST).value, int(LETTER_KINDS[kind].needs_receipt),
            self.facts.applicant, json.dumps(self.facts.address), sample.title, sample.legal_basis, _BLOCKS,
            json.dumps(details), *self.clerk[1:], minute, text(at), text(at), sample.sha256,
        ))  # fmt: skip
        served = None
        if not with_items and LETTER_KINDS[kind].needs_receipt:
            served = self._post(letter_id, at, lag)
        if demands:
            due = iso(summons_due(served, summons_term(days or 1))) if served else None
            asked = Asked(self.batch.take_id("summons"), letter_id, kind, days or 1, due, list(demands))
            self.asked.append(asked)
        if kind in GRANTING | APPEALABLE:
            self._decide(letter_id, kind, at, served)
        if with_items:
            label = f"{self.facts.sign}/{self.letters}"
            self.papers.append(Paper(letter_id, self.begin(ItemKind.DECISION, Movement.MADE, at, label)))

    def _post(self, letter_id: int, at: dt.datetime, lag: int) -> dt.date | None:
        delivered = at + dt.timedelta(days=lag)
        served = delivered.date() if delivered <= self.until else None
        service, tracking = self.batch.take_id("service"), _tracking(letter_id)
        self.batch.rows["service"].append((
            service, letter_id, day(at), iso(served) if served else None,
            ServiceOutcome.DELIVERED.value if served else None, tracking,
        ))  # fmt: skip
        events = self.batch.rows["service_event"]
        events.append((service, "posted", day(at), tracking, *self.by(at)))
        if served:
            events.append((service, ServiceOutcome.DELIVERED.value, iso(served), None, *self.by(delivered)))
        return served

    def _decide(self, letter_id: int, kind: str, at: dt.datetime, served: dt.date | None) -> None:
        if kind in GRANTING:
            self.granted_on = self.granted_on or at.date()
        final = at.date() if kind in GRANTING else due_date(served, APPEAL) + _ONE_DAY if served else None
        self.batch.rows["decision"].append((
            self.facts.id, letter_id, kind, day(at), self.clerk[2], iso(final) if final else None,
        ))  # fmt: skip

    def serve_papers(self, things: Iterable[Thing], at: dt.datetime) -> None:
        """Serve the decisions whose papers are among `things` (KPA art. 39, 46)."""
        gone = {thing.id for thing in things}
        for paper in [one for one in self.papers if one.thing.id in gone]:
            self.papers.remove(paper)
            service, outcome = self.batch.take_id("service"), ServiceOutcome.DELIVERED.value
            self.batch.rows["service"].append((service, paper.letter_id, day(at), day(at), outcome, None))
            self.batch.rows["service_event"].append((service, outcome, day(at), None, *self.by(at)))

    def meet(self, at: dt.datetime, *, things: bool = True) -> None:
        """Mark the demands that are met: for things those that are here, else those for documents."""
        for asked in self.asked:
            for place, (demand, thing) in enumerate(asked.demands):
                is_thing = demand.kind is DemandKind.THING
                here = thing is not None and thing.state not in {ItemState.EXPECTED, ItemState.WITH_PARTY}
                if is_thing is things and (here or not is_thing):
                    asked.met_at.setdefault(place, text(at))

    # ---- what clerks found, and what was agreed -------------------------------------------------------------------

    def judge(self, kind: str, verdict: Verdict, at: dt.datetime, reason: str | None = None) -> None:
        """Give a verdict on a required document."""
        self.batch.rows["document_verdict"].append((
            self.facts.id, kind, self.facts.documents.get(kind), verdict.value, reason, *self.by(at),
        ))  # fmt: skip

    def determine(self, code: str, at: dt.datetime, words: str | None = None) -> None:
        """Write down what a clerk determined."""
        self.batch.rows["determination"].append((self.facts.id, code, 1, words, "{}", *self.by(at)))

    # ---- the end --------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Write the rows of what changed until the end."""
        facts, rows = self.facts, self.batch.rows
        rows["item"].extend(
            (one.id, one.number, facts.id, one.kind.value, one.label, one.fate.value, one.state.value, one.place,
             int(one.compared), int(one.invalidated), int(one.returned), one.came_at)
            for one in self.things if one.state
        )  # fmt: skip
        for asked in self.asked:
            met = max(asked.met_at.values()) if len(asked.met_at) == len(asked.demands) else None
            rows["summons"].append((
                asked.id, asked.letter_id, facts.id, asked.kind, asked.days, asked.due_on, met,
            ))  # fmt: skip
            rows["demand"].extend(
                (asked.id, demand.kind.value, demand.subject, demand.words, _ways(demand), thing.id if thing else None,
                 asked.met_at.get(place))
                for place, (demand, thing) in enumerate(asked.demands)
            )  # fmt: skip
        when, proof = self.proved or (None, None)
        rows["fee"].extend((facts.id, code, grosze, law, when, proof) for code, grosze, law in self.fees)
        if self.permit is not None:
            number, valid_until = self.permit
            rows["permit"].append((facts.id, number, 30, iso(valid_until) if valid_until else None))
        if self.ordered is not None:
            rows["certificate_order"].append((facts.id, iso(self.ordered), *(self.certificate or (None, None))))
        if self.agreed is not None:
            self._write_agreement(self.agreed)

    def _write_agreement(self, agreed: Agreed) -> None:
        state = ProposalState.ACCEPTED if agreed.answered_at else ProposalState.PROPOSED
        due = due_date(agreed.at.date(), ANSWER_TO_A_PROPOSAL)
        self.batch.rows["proposal"].append((
            public_id(self.facts.id, self.rng), self.facts.id, 1, 1, state.value, json.dumps(agreed.ways),
            json.dumps(self.facts.address), iso(due), agreed.answered_at, *self.by(agreed.at),
        ))  # fmt: skip

    def make_findable(self, plate: str) -> None:
        """Let the case be found by a registration number that it was given."""
        if fold(plate) != fold(self.facts.plate):
            self.batch.rows["search_key"].append((KeyKind.PLATE.value, fold(plate), self.facts.id))


@lru_cache(maxsize=1024)
def _said(demand: Demand) -> dict[str, object]:
    return {
        "kind": demand.kind.value,
        "subject": demand.subject,
        "words": demand.words,
        "ways": sorted(way.value for way in demand.ways),
        "said": " – ".join(part for part in demand_in_words(demand) if part)[:300],
    }


@lru_cache(maxsize=1024)
def _ways(demand: Demand) -> str:
    return json.dumps(sorted(way.value for way in demand.ways))


def _tracking(number: int) -> str:
    digits = f"759007731{number % 10**8:08}"
    return f"00{digits}{gs1_check_digit(digits)}"
