"""Which rows does one invented case have? Those of its package, its parties, its history and its clock stand here."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from app.demo.clocks import LATEST, moment, write_clock
from app.demo.columns import Batch, Row, day, public_id, text
from app.demo.dossier import Dossier, Facts
from app.demo.histories import Taken, choose_edition, taken_by
from app.demo.invented import InventedParty, InventedVehicle, vehicle
from app.demo.letter_samples import LetterSample
from app.demo.samples import Sample
from app.demo.things import write_things
from app.domain import evidence
from app.domain.acts import SYSTEM, ActorKind
from app.domain.case_signs import CaseSign
from app.domain.checks import answers_of
from app.domain.deadlines import office_day
from app.domain.documents import Answers
from app.domain.folding import VIN_TAIL_LENGTH, KeyKind, fold, fold_sign, fold_words
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.models import Channel, Outcome, PackageState, PartyRole, Purpose, ReceiptKind
from app.usecases.open_case import PESEL_CONTEXT
from app.vault import KeyRing

_SYSTEM, _STAFF, _CITIZEN = ActorKind.SYSTEM.value, ActorKind.STAFF.value, ActorKind.CITIZEN.value
_SIGN, _PLATE, _VIN, _TAIL = (kind.value for kind in (KeyKind.CASE_SIGN, KeyKind.PLATE, KeyKind.VIN, KeyKind.VIN_TAIL))
_OVER = frozenset({Stage.CLOSED, Stage.ARCHIVED})
KEEPS_THINGS = 10
"""Of closed cases every tenth has its things and letters: the others ended before the register of things was kept."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """An invented party with what is slow to make: the sealed PESEL and the keys of its name."""

    party: InventedParty
    pesel_sealed: str | None
    pesel_digest: str | None
    address: str
    address_lines: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]


def applicant(party: InventedParty, ring: KeyRing) -> Applicant:
    """Return `party` with its PESEL sealed, as `open_case` seals it."""
    digest = ring.digest(party.pesel) if party.pesel else None
    keys = [(KeyKind.NAME.value, word) for word in fold_words(party.name)]
    keys += [(KeyKind.PESEL.value, digest)] if digest else []
    keys += [(KeyKind.REGON.value, fold(party.regon))] if party.regon else []
    address = {
        "street": party.street,
        "building": party.building,
        "flat": "",
        "postal_code": "42-200",
        "locality": "Częstochowa",
        "country": "Polska",
    }
    sealed = ring.seal(party.pesel, context=PESEL_CONTEXT) if party.pesel else None
    lines = (f"{party.street} {party.building}", "42-200 Częstochowa")
    return Applicant(party, sealed, digest, json.dumps(address), lines, tuple(keys))


@dataclass(frozen=True, slots=True)
class World:
    """What all invented cases of a run share."""

    samples: tuple[Sample, ...]
    applicants: tuple[Applicant, ...]
    clerks: tuple[tuple[int, str], ...]
    unit: str
    case_class: str
    team_id: int | None
    until: dt.datetime
    office: str
    letters: Mapping[tuple[str, str], LetterSample]


@dataclass(frozen=True, slots=True)
class Story:
    """What happens in an invented case: what came, by which edition it is handled, the steps that were taken."""

    sample: Sample
    edition: str
    steps: Sequence[Taken]

    @property
    def stage(self) -> Stage:
        """Where the case stands."""
        return self.steps[-1].row.to if self.steps else Stage.RECEIVED

    @property
    def is_settled(self) -> bool:
        """Whether its signature is beyond doubt."""
        return self.sample.outcome is not Outcome.UNDECIDED or any(
            step.row.name == "accept_signature" for step in self.steps
        )


def choose_story(world: World, arrived: dt.datetime, rng: random.Random) -> Story:
    """Return what happens in a case that came at that moment."""
    sample, edition = _sample(world.samples, rng), choose_edition(rng)
    undecided = sample.outcome is Outcome.UNDECIDED
    age = (world.until - arrived - LATEST).days
    return Story(sample, edition, taken_by(sample.plan.procedure, edition, age, rng, undecided=undecided))


def write_case(batch: Batch, arrived: dt.datetime, story: Story, world: World, rng: random.Random) -> None:
    """Put all rows of one invented case, whose package came at the moment `arrived`, into `batch`."""
    case_id, package_id = batch.take_id("case_file"), batch.take_id("package")
    sample, steps = story.sample, story.steps
    someone = world.applicants[rng.randrange(len(world.applicants))]
    procedure = sample.plan.procedure
    car = vehicle(case_id, rng) if procedure is not ProcedureName.UNDESCRIBED else None
    clerk = world.clerks[rng.randrange(len(world.clerks))] if steps and world.clerks else None
    year = arrived.year
    case_number = batch.take_number(f"case:{world.unit}:{world.case_class}:{year}")
    sign = CaseSign(world.unit, world.case_class, case_number, year)
    received, opened = text(arrived), text(arrived + dt.timedelta(seconds=3))
    rows = batch.rows
    answers = _answers(car.kind if car else "", _ground(story))
    due_on, stands = write_clock(batch, case_id, story.edition, arrived, steps, today=office_day(world.until))
    rows["case_file"].append((
        case_id, public_id(case_id, rng), str(sign), sign.unit, sign.klass, sign.year, sign.number, procedure.value,
        story.edition, story.stage.value, opened, day(arrived), due_on, _closed_at(arrived, steps),
        clerk[0] if clerk else None, world.team_id, None, someone.party.name, car.plate if car else None,
        car.vin if car else None, f"{car.make} {car.model}, {car.year}" if car else None, int(story.is_settled),
        int(stands), len(steps) + 1, _json_of(answers) if car else None,
    ))  # fmt: skip
    _write_history(rows["case_step"], case_id, arrived, steps, clerk, someone)
    rows["party"].append((
        case_id, PartyRole.OWNER.value, someone.party.name, someone.pesel_sealed, someone.pesel_digest,
        someone.party.regon or None, someone.address, someone.party.email, someone.party.phone,
    ))  # fmt: skip
    if car is not None:
        rows["vehicle"].append((case_id, car.vin, car.plate, car.kind, None, car.make, None, car.model, car.year))
    for code, details in _doubts(sample):
        rows["finding"].append((case_id, code, json.dumps(details), opened))
    rows["search_key"].extend((kind, key, case_id) for kind, key in search_keys(sign, car, someone))
    number = f"P-{year}-{batch.take_number(f'package:{year}'):05d}"
    documents = _write_package(batch, package_id, case_id, sample, someone, (number, received, opened), rng)
    _write_event(rows["audit_event"], case_id, arrived + dt.timedelta(seconds=3), {
        "sign": str(sign), "procedure": procedure.value, "edition": story.edition, "package": number,
    })  # fmt: skip
    if steps and (story.stage not in _OVER or case_number % KEEPS_THINGS == 0):
        facts = Facts(
            case_id, str(sign), procedure, story.edition, answers, arrived.date(), someone.party.name,
            someone.address_lines, car.plate if car else "", documents, world.office,
        )  # fmt: skip
        author = (_STAFF, *clerk) if clerk else (_SYSTEM, None, SYSTEM.name)
        dossier = Dossier(batch, facts, author, world.until, world.letters, rng)
        write_things(dossier, steps, [moment(arrived, step.day) for step in steps])


@lru_cache(maxsize=256)
def _answers(kind: str, ground: str) -> Answers:
    return answers_of({"vehicle": {"kind": kind, "origin": "used-poland"}, "request": {"ground": ground}})


@lru_cache(maxsize=256)
def _json_of(answers: Answers) -> str:
    return json.dumps(asdict(answers))


def _ground(story: Story) -> str:
    """Whoever need not bring any original has deregistered because the vehicle is registered abroad."""
    nothing_to_bring = any(step.row.name == "skip_originals" for step in story.steps)
    return "WYWOZ_REJESTRACJA" if nothing_to_bring else story.sample.plan.ground


def _sample(samples: Sequence[Sample], rng: random.Random) -> Sample:
    """Most cases register something; a few are in doubt or say nothing that a program could read."""
    weights = (0.6, 0.85, 0.95, 0.98, 1.0)
    pick = rng.random()
    place = next(place for place, weight in enumerate(weights) if pick < weight)
    return samples[place % len(samples)]


def _closed_at(arrived: dt.datetime, steps: Iterable[Taken]) -> str | None:
    closing = [step for step in steps if step.row.to is Stage.CLOSED]
    return text(moment(arrived, closing[-1].day)) if closing else None


def _write_history(  # noqa: PLR0917  a row is made of all of them
    rows: list[Row],
    case_id: int,
    arrived: dt.datetime,
    steps: Sequence[Taken],
    clerk: tuple[int, str] | None,
    someone: Applicant,
) -> None:
    opened = text(arrived + dt.timedelta(seconds=3))
    rows.append((
        case_id, 1, "open", None, Stage.RECEIVED.value, opened, _SYSTEM, None, SYSTEM.name,
        "KPA art. 61 § 3", None,
    ))  # fmt: skip
    for seq, step in enumerate(steps, 2):
        kind: str
        number: int | None
        if step.doer is Doer.CITIZEN:
            kind, number, name = _CITIZEN, None, someone.party.name
        elif clerk is None:
            kind, number, name = _SYSTEM, None, SYSTEM.name
        else:
            kind, number, name = _STAFF, *clerk
        row = step.row
        reason = "Podpis sprawdzono w oryginale dokumentu." if row.name == "accept_signature" else None
        rows.append((
            case_id, seq, row.name, row.origin.value, row.to.value, text(moment(arrived, step.day)), kind, number,
            name, row.law or None, reason,
        ))  # fmt: skip


def _doubts(sample: Sample) -> Iterable[tuple[str, dict[str, str]]]:
    if sample.outcome is Outcome.UNDECIDED:
        yield "signature-undecided", {"reasons": ", ".join(json.loads(sample.reasons))}
    if sample.form_problem:
        yield "form-unreadable", {"problem": sample.form_problem}


def search_keys(sign: CaseSign, car: InventedVehicle | None, someone: Applicant) -> Iterable[tuple[str, str]]:
    """Return the keys that `keys_for_case` would give, those of the person made once."""
    keys = [(_SIGN, key) for key in fold_sign(sign)]
    if car is not None:
        vin = fold(car.vin)
        keys += [
            (_PLATE, fold(car.plate)),
            (_VIN, vin),
            (_TAIL, vin[-VIN_TAIL_LENGTH:]),
        ]
    return (*keys, *someone.keys)


def _write_package(  # noqa: PLR0917  a row is made of all of them
    batch: Batch,
    package_id: int,
    case_id: int,
    sample: Sample,
    someone: Applicant,
    when: tuple[str, str, str],
    rng: random.Random,
) -> Mapping[str, int]:
    """Write the package with what is in it; return the keys of the documents by their kind."""
    number, received, opened = when
    rows, outcome = batch.rows, sample.outcome.value
    name = someone.party.name
    procedure = sample.plan.procedure.value if sample.form_problem is None else None
    rows["package"].append((
        package_id, public_id(package_id, rng), number, sample.sha256, None, sample.size, sample.filename, received,
        Channel.IMPORT.value, f"demo:{number}", name, None, None, None, PackageState.ACCEPTED.value, outcome,
        sample.reasons, sample.container, Purpose.APPLICATION.value, procedure, sample.form_problem, case_id, opened,
        "not-scanned",
    ))  # fmt: skip
    documents: dict[str, int] = {}
    for position, member in enumerate(sample.members):
        member_id = batch.take_id("package_member")
        rows["package_member"].append((
            member_id, package_id, position, member.name, member.size, member.sha256, member.media,
            int(member.signed), member.flags,
        ))  # fmt: skip
        if member.kind:
            document_id = documents[member.kind] = batch.take_id("document")
            rows["document"].append((
                document_id, public_id(member_id, rng), case_id, member_id, len(documents), member.kind, member.name,
            ))  # fmt: skip
    rows["verification"].append((
        package_id, opened, received, sample.rules, outcome, sample.reasons, sample.anchors, sample.revocation,
        sample.report,
    ))  # fmt: skip
    _, year, count = number.split("-")
    rows["receipt"].append((
        public_id(package_id, rng), f"UPO/{int(count)}/{year}", ReceiptKind.UPP.value, package_id, sample.seal_id,
        opened, name, sample.receipt_xml, sample.receipt_pdf,
    ))  # fmt: skip
    return documents


def _write_event(rows: list[Row], case_id: int, at: dt.datetime, details: dict[str, str]) -> None:
    event = evidence.Event(
        chain=f"case:{case_id}",
        seq=1,
        at=at,
        actor_kind=_SYSTEM,
        actor_id=None,
        actor_name=SYSTEM.name,
        address=None,
        request_id=None,
        action="case-opened",
        details=details,
        previous=evidence.FIRST,
    )
    rows.append((
        event.chain, event.seq, text(at), event.actor_kind, None, event.actor_name, None, None, event.action,
        json.dumps(details), event.previous, event.digest(),
    ))  # fmt: skip
