"""What the page of a handing over shows: what goes out now, to whom, what comes first, what stands in the way."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.domain.errors import ConditionMissing
from app.domain.items import ItemKind
from app.domain.procedures.stages import Doer, Stage
from app.models import BINDING, Carriage, Case, Consignment, Direction, HolderKind, Item
from app.usecases.addressees import addressee_of
from app.usecases.after_refusal import annotations_standing
from app.usecases.case_facts import case_facts, certificates_to_invalidate, newest_proposal
from app.usecases.comes_back import received_first
from app.usecases.hand_out import has_expired, things_to_hand_out
from app.usecases.serve_with_things import decisions_with
from app.views.office import formats
from app.views.office.annotating import due_shown, to_strike_out
from app.views.office.at_case import may
from app.views.office.case_doers import case_file, doers_of, things_page
from app.views.office.obstacles import Obstacle, obstacles
from app.views.office.reception import is_plate, name_of
from app.views.wording import refusal
from app.views.wording_cases import STAGES

DESK = frozenset({Doer.CLERK, Doer.FRONT_DESK})
"""Both may hand out and post."""

_STEPS = frozenset({"hand_out", "issue"})


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that goes out; a temporary permit with the last day on which it is valid."""

    item: Item
    name: str
    is_plate: bool
    valid_until: dt.date | None
    expired: bool


def handing_out_page(case: Case, today: dt.date) -> dict[str, Any]:
    """Return what `office/hand_out.html` shows of `case`."""
    items = things_to_hand_out(case)
    proposal = newest_proposal(case)
    agreed = proposal if proposal is not None and proposal.state in BINDING else None
    if agreed is not None and any(_is_visit_since(one, agreed.at) for one in case.consignments):
        agreed = None  # it is carried out
    collector = agreed.collector if agreed else None
    sure = [item for item in items if not has_expired(item, today)]
    permanent = Stage(case.stage) is Stage.PERMANENT_READY
    return {
        "items": [_thing(item, today) for item in items],
        "sure": [item.number for item in sure],
        "sure_names": ", ".join(" ".join(filter(None, (name_of(item), item.label))) for item in sure),
        "annotations_due": [one for one in due_shown(case) if one.item in items],
        "to_print": {letter.number: letter.seq for letter in decisions_with(case, items)},
        "expired": len(items) - len(sure),
        "collector": collector or ("" if _is_company(case) else case.applicant_name),
        "is_collector": collector is not None,
        "slot": formats.moment(agreed.slot) if agreed and agreed.slot else "",
        "first": [(item, name_of(item), is_plate(item)) for item in received_first(case)],
        "to_invalidate": [(item, name_of(item)) for item in certificates_to_invalidate(case)] if permanent else [],
        "to_be_shown": to_strike_out(case, shown=True),
        "closed_because": closed_because(case, today),
        "stage": str(STAGES[case.stage]),
    }


def _is_company(case: Case) -> bool:
    """Return whether the party is a company: somebody else than itself stands at the counter."""
    party = addressee_of(case)
    holder = case.citizen is not None and case.citizen.kind is HolderKind.ENTITY
    return holder or (party is not None and party.regon is not None)


def _thing(item: Item, today: dt.date) -> Thing:
    permit = item.case.permit if item.case and item.kind is ItemKind.TEMPORARY_PERMIT else None
    return Thing(item, name_of(item), is_plate(item), permit.valid_until if permit else None, has_expired(item, today))


def _is_visit_since(one: Consignment, moment: dt.datetime) -> bool:
    return one.direction is Direction.OUT and one.carriage is Carriage.IN_PERSON and one.at >= moment


def closed_because(case: Case, today: dt.date) -> tuple[Obstacle, ...]:
    """Return why nothing can be handed out now; nothing where it can."""
    going = things_to_hand_out(case)
    if wrong := [item for item, _kind in annotations_standing(case) if item in going]:
        refused = ConditionMissing("annotation-stands", item=wrong[0].number)
        return (Obstacle(refusal(refused), things_page(case.sign)),)
    offers = case.table.offers(Stage(case.stage), case_facts(case, today), DESK)
    for offer in offers:
        if offer.step.name in _STEPS:
            return obstacles(case, (one.code for one in offer.missing), doers_of(case, may), case_file(case.sign))
    return () if going else obstacles(case, ["something-to-hand-out"], DESK)
