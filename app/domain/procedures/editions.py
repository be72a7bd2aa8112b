"""Which table does a case follow? Procedure and edition name it; the day of filing picks the edition.

A case ends under the edition it was filed under. Which edition is in force from when is a dictionary of the office;
`DEFAULT_PERIODS` is what an office starts with, `LAW_PERIODS` what the law says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.procedures import deregistration, registration, undescribed
from app.domain.procedures.machine import Procedure
from app.domain.procedures.stages import ProcedureName

SEKAP = "sekap"
LAW_OF_2022 = "2022"
EDITIONS = (SEKAP, LAW_OF_2022)
"""The editions, oldest first."""

CARDS_AND_STICKERS_END = dt.date(2022, 9, 4)
"""From this day on there is no vehicle card and no control sticker."""

PROCEDURES: Mapping[tuple[ProcedureName, str], Procedure] = MappingProxyType(
    {
        (procedure.name, procedure.edition): procedure
        for procedure in (
            registration.SEKAP,
            registration.LAW_OF_2022,
            deregistration.SEKAP,
            deregistration.LAW_OF_2022,
            undescribed.SEKAP,
            undescribed.LAW_OF_2022,
        )
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """`edition` is in force for cases filed from `since` to `until`, both included; `procedure` None means each."""

    edition: str
    since: dt.date
    until: dt.date | None = None
    procedure: ProcedureName | None = None

    def covers(self, procedure: ProcedureName, day: dt.date) -> bool:
        """Return whether a case of `procedure` filed on `day` falls under this period."""
        return self.procedure in {None, procedure} and self.since <= day and (self.until is None or day <= self.until)


DEFAULT_PERIODS = (Period(SEKAP, dt.date(2000, 1, 1)),)
"""The procedure as the office describes it to its citizens, until the administrator says otherwise."""

LAW_PERIODS = (
    Period(SEKAP, dt.date(2000, 1, 1), CARDS_AND_STICKERS_END - dt.timedelta(days=1)),
    Period(LAW_OF_2022, CARDS_AND_STICKERS_END),
)
"""The editions by the dates of the law."""

PERIODS: Mapping[str, tuple[Period, ...]] = MappingProxyType({"sekap": DEFAULT_PERIODS, "law": LAW_PERIODS})
"""What the setting `EDITIONS` may be: the procedure as the office describes it, or the editions by the law."""


def edition_for(procedure: ProcedureName, day: dt.date, periods: Iterable[Period] = DEFAULT_PERIODS) -> str:
    """Return the edition under which a case of `procedure` filed on `day` runs.

    Of several periods that cover the day, the one that began last counts.

    Raises:
        LookupError: when no period covers the day.
    """
    found = [period for period in periods if period.covers(procedure, day)]
    if not found:
        raise LookupError(f"no edition of {procedure} is in force on {day}")
    return max(found, key=lambda period: (period.since, period.procedure is not None)).edition


def procedure_of(name: str, edition: str) -> Procedure:
    """Return the table of a procedure in an edition.

    Raises:
        LookupError: when there is none.
    """
    try:
        return PROCEDURES[ProcedureName(name), edition]
    except (ValueError, KeyError):
        raise LookupError(f"no procedure {name} in edition {edition}") from None
