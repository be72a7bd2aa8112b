"""What does a summons ask for, until when, and is it met by what came?

Law: KPA art. 50 and 54 (summonses), art. 57 (terms), art. 64 § 2 (remedy of formal defects, at least seven days). Terms
run from the day of service.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.deadlines import Term, Unit, Way, due_date
from app.domain.documents import DocumentKind
from app.domain.errors import BadInput
from app.domain.holidays import STATUTORY, Calendar
from app.domain.items import ItemKind
from app.domain.procedures.facts import REJECTING, Verdict

ORIGINALS_DAYS = 14
"""The office's own default: the law gives a summons for originals no term (KPA art. 54 § 1)."""

_UNTIL_SERVED, _SHORTEST = 3, 3
"""Days until a letter in a mailbox is usually read; and the least that is left then to come to the office."""

WAYS_OF_THINGS = frozenset({Way.IN_PERSON, Way.DESIGNATED_OPERATOR, Way.COURIER})
"""How originals and plates may come: in person, as a registered letter, by courier against receipt."""

WAYS_OF_SUPPLEMENTS = WAYS_OF_THINGS | {Way.ELECTRONIC}
"""A supplement may also come the way the application came (KPA art. 63 § 1)."""


class DemandKind(enum.StrEnum):
    """What sort of thing a demand is about."""

    THING = "thing"
    """An original, a plate, the temporary permit, the policy: the thing itself has to come."""
    DOCUMENT = "document"
    """A document was rejected: a better one, also as a copy."""
    DEFECT = "defect"
    """Another formal defect: signature, address, the request itself (KPA art. 63 § 2)."""


def usual_ways(kind: DemandKind) -> frozenset[Way]:
    """Return by which ways a demand of `kind` may be met, unless its summons says otherwise."""
    return WAYS_OF_THINGS if kind is DemandKind.THING else WAYS_OF_SUPPLEMENTS


def only_ways(kind: DemandKind, ways: Iterable[Way]) -> tuple[Way, ...]:
    """Return the ways that a demand of `kind` is narrowed to, the nearest first; nothing where all usual ones hold."""
    left = usual_ways(kind) & set(ways)
    return () if left == usual_ways(kind) else tuple(way for way in _NEAREST_FIRST if way in left)


_NEAREST_FIRST = (Way.ELECTRONIC, Way.IN_PERSON, Way.DESIGNATED_OPERATOR, Way.COURIER)


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a summons asks for.

    `subject` is the code of a kind of thing or document, or of a defect; `words` are the clerk's own; `verdict` says
    what is wrong with the document that was rejected; `ways` are those by which the demand may be met.
    """

    kind: DemandKind
    subject: str
    words: str = ""
    ways: frozenset[Way] = WAYS_OF_THINGS
    verdict: Verdict | None = None

    def __post_init__(self) -> None:
        """Refuse a demand that nobody could meet.

        Raises:
            BadInput: `demand-without-way`; `thing-not-electronic`: a thing cannot be sent as data.
        """
        if not self.ways:
            raise BadInput("demand-without-way", subject=self.subject)
        if self.kind is DemandKind.THING and Way.ELECTRONIC in self.ways:
            raise BadInput("thing-not-electronic", subject=self.subject)


class TermTooShort(BadInput):
    """The law leaves the party more time than this (`term-too-short`)."""

    def __init__(self, days: int, least: int) -> None:
        """Say how many `days` were wanted and how many are the `least`."""
        super().__init__("term-too-short", days=days, least=least)


def summons_term(days: int, least: int = 1) -> Term:
    """Return the term of a summons, in days after its service; for formal defects the `least` is seven.

    Raises:
        TermTooShort: below `least` days (KPA art. 64 § 2).
    """
    if days < least:
        raise TermTooShort(days, least)
    return Term(days, Unit.DAY)


def days_before(last: dt.date, today: dt.date, usual: int) -> int:
    """Return the days from its service that a letter of `today` leaves for what has to be done by the day `last`.

    At most the `usual` ones, also where `last` has passed and nothing can be done in time; at least three.
    """
    left = (last - today).days
    return usual if left < 0 else min(usual, max(left - _UNTIL_SERVED, _SHORTEST))


def summons_due(served_on: dt.date, term: Term, calendar: Calendar = STATUTORY) -> dt.date:
    """Return the last day for complying with a summons served on `served_on` (KPA art. 57 §§ 1, 4)."""
    return due_date(served_on, term, calendar)


def compose_originals(kinds: Iterable[ItemKind]) -> tuple[Demand, ...]:
    """Return the demands of a summons for originals and plates: one for each thing (KPA art. 50, 54)."""
    return tuple(Demand(DemandKind.THING, kind.value) for kind in kinds)


def compose_remedy(verdicts: Iterable[tuple[DocumentKind, Verdict, str]]) -> tuple[Demand, ...]:
    """Return the demands of a summons to remedy: one for each document that a clerk rejected (KPA art. 64 § 2).

    Args:
        verdicts: Kind of the document, what the clerk found, and the clerk's words (may be empty).
    """
    return tuple(
        Demand(DemandKind.DOCUMENT, kind.value, words, WAYS_OF_SUPPLEMENTS, verdict)
        for kind, verdict, words in verdicts
        if verdict in REJECTING
    )
