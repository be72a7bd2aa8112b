"""How is a procedure read: which steps are open, and where does a step lead?

A procedure is a table of steps. Several rows may share name and origin; the first whose conditions hold is the one
that is taken, so that the same act can lead on, or leave the case where it stands. What arrives is registered at
every stage, and so receiving is no step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from app.domain.errors import ConditionMissing, NotAllowed, StepNotOpen
from app.domain.procedures.condition import Condition
from app.domain.procedures.facts import CaseFacts
from app.domain.procedures.stages import Doer, ProcedureName, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """One row: who may do what at which stage, what must be true first, where it leads and by which law."""

    name: str
    origin: Stage
    to: Stage
    needs: tuple[Condition, ...] = ()
    by: tuple[Doer, ...] = (Doer.CLERK,)
    law: str = ""

    @property
    def stays(self) -> bool:
        """Whether the case stands where it stood."""
        return self.origin is self.to

    def missing(self, facts: CaseFacts) -> tuple[Condition, ...]:
        """Return the conditions that do not hold."""
        return tuple(condition for condition in self.needs if not condition.holds(facts))


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a person sees it: open, or waiting for what is `missing`."""

    step: Step
    missing: tuple[Condition, ...]

    @property
    def is_open(self) -> bool:
        """Whether the step can be taken now."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure in one edition: the table, and the stages that its line of steps shows."""

    name: ProcedureName
    edition: str
    line: tuple[Stage, ...]
    steps: tuple[Step, ...]

    @property
    def initial(self) -> Stage:
        """Where a new case stands."""
        return self.line[0]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Every stage that occurs, in the order of the work."""
        used = {self.initial, *(step.origin for step in self.steps), *(step.to for step in self.steps)}
        return tuple(stage for stage in Stage if stage in used)

    @property
    def ends(self) -> frozenset[Stage]:
        """The stages that no step leaves."""
        left = {step.origin for step in self.steps if not step.stays}
        return frozenset(stage for stage in self.stages if stage not in left)

    def rows(self, stage: Stage, name: str) -> tuple[Step, ...]:
        """Return the rows for the step `name` at `stage`; none when the procedure has no such step there."""
        return tuple(step for step in self.steps if step.origin is stage and step.name == name)

    def offers(self, stage: Stage, facts: CaseFacts, doers: AbstractSet[str]) -> tuple[Offer, ...]:
        """Return each step that somebody who is all of `doers` may see at `stage`, with what it still lacks.

        One offer for each name, in the order of the table: the row that would be taken, or else the row that lacks
        least.
        """
        names = dict.fromkeys(step.name for step in self.steps if step.origin is stage and doers & set(step.by))
        return tuple(_best(self.rows(stage, name), facts, doers) for name in names)

    def open_steps(self, stage: Stage, facts: CaseFacts, doers: AbstractSet[str]) -> tuple[Step, ...]:
        """Return the steps that somebody who is all of `doers` can take at `stage` now, in the order of the table."""
        return tuple(offer.step for offer in self.offers(stage, facts, doers) if offer.is_open)

    def take(self, stage: Stage, name: str, facts: CaseFacts, doers: AbstractSet[str]) -> Step:
        """Return the row by which `name` is taken at `stage`.

        Raises:
            StepNotOpen: `step-not-open`: the table has no such step at this stage.
            NotAllowed: `step-not-yours`: it has, but not for `doers`.
            ConditionMissing: the code of the first condition that does not hold.
        """
        rows = self.rows(stage, name)
        if not rows:
            raise StepNotOpen("step-not-open", step=name, stage=stage.value, procedure=self.name.value)
        if not any(doers & set(step.by) for step in rows):
            raise NotAllowed("step-not-yours", step=name, stage=stage.value)
        offer = _best(rows, facts, doers)
        if not offer.is_open:
            raise ConditionMissing(offer.missing[0].code, step=name, stage=stage.value)
        return offer.step

    def next_stage(self, stage: Stage, name: str, facts: CaseFacts, doers: AbstractSet[str]) -> Stage:
        """Return where the step `name` leads from `stage`; raises what `take` raises."""
        return self.take(stage, name, facts, doers).to


def _best(rows: Sequence[Step], facts: CaseFacts, doers: AbstractSet[str]) -> Offer:
    offers = [Offer(step, step.missing(facts)) for step in rows if doers & set(step.by)]
    return min(offers, key=lambda offer: len(offer.missing))  # the first of equals


def from_each(stages: Iterable[Stage], row: Step) -> tuple[Step, ...]:
    """Return `row` once for each of `stages`; a row that stays, stays at each of them."""
    return tuple(replace(row, origin=stage, to=stage if row.stays else row.to) for stage in stages)
