"""A clerk saves all that is prepared for a decision at once: proofs, number, permit, stickers and cards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.blanks import label_as_printed, permit_as_printed
from app.domain.deadlines import PERMIT_DAYS
from app.domain.errors import BadInput, Refused
from app.domain.identified import compact
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer
from app.domain.vehicles import plate_as_printed
from app.models import Case
from app.usecases.case_facts import answers_of_case
from app.usecases.extra_plate import choose_extra_plate
from app.usecases.individual_plates import choose_plates
from app.usecases.prepare_documents import assign_plates, prepare_permit, prove_fee, release_plates
from app.usecases.prepare_item import prepare_item
from app.usecases.whose_case import claim
from app.usecases.withdraw_prepared import prepared, withdraw_item, withdraw_permit, withdraw_proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What is to be so, as it was typed; `None` or a key that is absent leaves it, an empty text takes it back."""

    proofs: Mapping[str, str] = field(default_factory=dict)
    plate_kind: str | None = None
    plate: str | None = None
    extra_plate: bool | None = None
    permit: str | None = None
    days: int = PERMIT_DAYS
    labels: Mapping[ItemKind, str] = field(default_factory=dict)


class NotPrepared(BadInput):
    """Nothing was saved; `fields` says why, by part: `proof-CODE`, `new_plate`, `permit`, `label-KIND`."""

    def __init__(self, fields: Mapping[str, Refused]) -> None:
        """Take what the verb of each part raised."""
        super().__init__("not-prepared-so")
        self.fields = fields


_Act = Callable[[], object]


def prepare_decision(
    session: Session,
    case: Case,
    version: int,
    wanted: Preparation,
    *,
    letter: str,
    act: Act,
) -> int:
    """Make `case` as `wanted`, all or nothing, and return how many things changed. `letter` begins individual numbers.

    Raises:
        Stale, NotAllowed: what `claim` raises.
        NotPrepared: what the verbs of the parts raised.
    """
    claim(case, version, act=act, doer=Doer.CLERK)
    refused: dict[str, Refused] = {}
    count = 0
    for name, change in _changes(session, case, wanted, letter, act):
        try:
            change()
            count += 1
        except Refused as why:
            refused.setdefault(name, why)
    if refused:
        raise NotPrepared(refused)
    return count


def _changes(session: Session, case: Case, wanted: Preparation, letter: str, act: Act) -> Iterator[tuple[str, _Act]]:
    """Yield (part, act): what is there and shall be otherwise is taken back first."""

    def do(verb: Callable[..., object], *said: object, **more: object) -> _Act:
        return lambda: verb(session, case, case.version, *said, act=act, **more)

    yield from _plates(case, wanted, letter, do)
    if wanted.extra_plate not in {None, answers_of_case(case).extra_plate_wished}:
        yield "extra_plate", do(choose_extra_plate, wished=wanted.extra_plate)
    # Only now: with other plates other fees are due, and what was typed for one that has gone proves nothing.
    proofs = {fee.code: fee.proof or "" for fee in case.fees}
    for code, proof in wanted.proofs.items():
        if code in proofs and proof.strip() != proofs[code]:
            change = partial(prove_fee, proof=proof) if proof.strip() else withdraw_proof
            yield f"proof-{code}", do(change, code=code)
    permit = (case.permit.number, case.permit.days) if case.permit else ("", wanted.days)
    if wanted.permit is not None and (_same(permit_as_printed, wanted.permit), wanted.days) != permit:
        if case.permit:
            yield "permit", do(withdraw_permit)
        if wanted.permit.strip():
            yield "permit", do(prepare_permit, wanted.permit, days=wanted.days)
    yield from _labels(case, wanted.labels, do)


def _plates(case: Case, wanted: Preparation, letter: str, do: Callable[..., _Act]) -> Iterator[tuple[str, _Act]]:
    """Yield what changes of the number; one of another kind of plates makes way before the kind is changed."""
    there = case.plate_numbers[0].number if case.plate_numbers else ""
    new = there if wanted.plate is None else plate_as_printed(compact(wanted.plate))
    other_kind = wanted.plate_kind not in {None, answers_of_case(case).plate_kind.value}
    if new == there and not other_kind:
        return
    if there:
        yield "new_plate", do(release_plates)
    if other_kind:
        yield "new_plate", do(choose_plates, wanted.plate_kind)
    if new:
        yield "new_plate", do(assign_plates, new, letter=letter)


def _labels(case: Case, labels: Mapping[ItemKind, str], do: Callable[..., _Act]) -> Iterator[tuple[str, _Act]]:
    """Yield what changes of stickers and cards; all are taken back before one is made, so that two may be exchanged."""
    now = {kind: next((item.label for item in prepared(case, kind)), "") for kind in labels}
    changed = {kind: label for kind, label in labels.items() if _same(label_as_printed, label) != now[kind]}
    for kind in changed:
        if now[kind]:
            yield f"label-{kind.value}", do(withdraw_item, kind)
    for kind, label in changed.items():
        if label.strip():
            yield f"label-{kind.value}", do(prepare_item, kind, label)


def _same(printed: Callable[[str], str], typed: str) -> str:
    """Return what was typed as it would be printed, or as it is, for its verb to refuse."""
    return printed(typed) or typed.strip()
