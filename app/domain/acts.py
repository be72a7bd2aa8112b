"""Who does something, and when: the one argument by which time and person reach a rule or a verb."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Europe/Warsaw")


class ActorKind(enum.StrEnum):
    """What sort of actor an act belongs to."""

    STAFF = "staff"
    CITIZEN = "citizen"
    PLATFORM = "platform"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a sending platform, or the system itself.

    `id` is the row of the table that `kind` names; `None` for the system and for a sender without an account.
    `name` is the name as it was at that moment: history keeps it even if the account is renamed.
    """

    kind: ActorKind
    id: int | None
    name: str


SYSTEM = Actor(ActorKind.SYSTEM, None, "Okienko")


@dataclass(frozen=True, slots=True)
class Act:
    """One deed: `actor` did something at `at` (aware, UTC), asked for by the request `request_id` from `address`."""

    actor: Actor
    at: dt.datetime
    address: str | None = None
    request_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse a naive moment: two clocks in one history cannot be compared."""
        if self.at.tzinfo is None:
            raise ValueError("an act needs an aware moment")

    @property
    def today(self) -> dt.date:
        """The calendar day in the office (Europe/Warsaw), which is what the law counts in."""
        return self.at.astimezone(OFFICE_ZONE).date()
