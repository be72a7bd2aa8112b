"""A decision is served with the paper that bears it, where that goes with other things (KPA art. 39, 44, 46, 47).

A paper that nobody took, though the decision counts as served, stays in the file (art. 44 § 4, 47 § 1).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from app.domain.acts import Act
from app.domain.custody import ItemState, Movement
from app.domain.items import Fate, ItemKind
from app.models import Case, Item, Letter, LetterState, LetterWay, Service, ServiceEvent, ServiceOutcome, authored


def decisions_with(case: Case, items: Collection[Item]) -> list[Letter]:
    """Return the decisions whose papers are among `items` and with which nobody was served yet."""
    papers = {item.label for item in items if item.kind is ItemKind.DECISION}
    return [
        letter
        for letter in case.letters
        if letter.way is LetterWay.WITH_ITEMS and letter.state is LetterState.SENT and letter.number in papers
        if letter.service is None or letter.service.served_on is None
    ]


def file_paper(letter: Letter, act: Act) -> None:
    """Put the paper of the decision `letter`, where it lies here, into the file: nobody is given it any more."""
    for item in letter.case.items:
        if item.kind is ItemKind.DECISION and item.label == letter.number and item.state is ItemState.IN_OFFICE:
            item.fate = Fate.IN_FILE
            item.move(Movement.FILED, authored(act))


def serve_decisions(
    case: Case,
    items: Collection[Item],
    on: dt.date,
    outcome: ServiceOutcome,
    act: Act,
    *,
    notices: Mapping[str, dt.date] | None = None,
    said_on: dt.date | None = None,
) -> None:
    """Write down that what `decisions_with` names was served on the day `on`.

    `notices`: those that the post left before; `said_on`: the day of what the post did, where that is another one.
    """
    left_with = {item.label: item.departure for item in items if item.kind is ItemKind.DECISION}
    for letter in decisions_with(case, items):
        if letter.service is None:
            departure = left_with[letter.number]
            letter.service = Service(arrived_on=departure.day if departure else on)
        service = letter.service
        service.served_on, service.outcome = on, outcome
        for kind, day in (notices or {}).items():
            service.events.append(ServiceEvent(kind=kind, on=day, **authored(act)))
        service.events.append(ServiceEvent(kind=outcome.value, on=said_on or on, **authored(act)))
        file_paper(letter, act)
