"""What office and owner agreed about handing things over: versions of a proposal, item by item."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.custody import Movement
from app.domain.delivery import Method
from app.models.base import Authored, Base, BigKey, Key, PublicId, UtcDateTime, belongs_to, by_value
from app.models.case import Case
from app.models.custody import Item


class ProposalState(enum.StrEnum):
    """What became of one version."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    COUNTERED = "countered"
    REPLACED = "replaced"
    SET_BY_OFFICE = "set_by_office"
    """The clerk set it and told the owner: the default, in person, where nobody answered in time; or by post, at the
    office's cost, where the office sends back of itself what it holds."""


BINDING = frozenset({ProposalState.ACCEPTED, ProposalState.SET_BY_OFFICE})
"""Versions by which things are handed over."""


class Proposal(Authored, Base):
    """One version of how the things of a case are handed over. The newest counts; only an accepted one binds."""

    __tablename__ = "proposal"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "version"),
        sa.Index("ix_proposal_state_due_on", "state", "due_on"),
        sa.Index("ix_proposal_due_on_id", "due_on", "id"),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    version: Mapped[int]
    by_office: Mapped[bool]
    state: Mapped[ProposalState] = mapped_column(by_value(ProposalState), default=ProposalState.PROPOSED)
    methods: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """Item number (as text) → `in_person` or `post`."""
    address: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    slot: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), index=True)
    collector: Mapped[str | None] = mapped_column(sa.String(200))
    remark: Mapped[str | None] = mapped_column(sa.Text)
    due_on: Mapped[dt.date]
    """By when an answer is awaited."""
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    case: Mapped[Case] = relationship(back_populates="proposals")

    @property
    def sends_back(self) -> bool:
        """Whether nobody has to agree: the office sends back of itself what it holds. The default is never by post."""
        return self.state is ProposalState.SET_BY_OFFICE and Method.POST.value in self.methods.values()

    @property
    def is_outdated(self) -> bool:
        """Whether it was agreed, and a newer version counts now."""
        return self.state in BINDING and self is not self.case.proposals[-1]

    @property
    def is_spent(self) -> bool:
        """Whether it binds no more, though no newer version counts instead."""
        return self.state is ProposalState.REPLACED and self is self.case.proposals[-1]

    def left(self, method: Method) -> list[Item]:
        """Return the things that are here and go out by `method` under this version, each once.

        What went out under it and came back since is a matter of a new agreement. What was replaced lets nothing out.
        """
        if self.state is ProposalState.REPLACED:
            return []
        return [
            item
            for item in self.case.items
            if item.is_owed and self.methods.get(str(item.number)) == method.value and not self._let_out(item)
        ]

    def _let_out(self, item: Item) -> bool:
        return any(row.movement in _OUT and row.at >= self.at for row in item.handovers)


_OUT = frozenset({Movement.HANDED_OUT, Movement.POSTED})
