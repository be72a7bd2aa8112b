"""Where every original, plate, permit and decision is: items, their hand-overs, and the envelopes they travel in."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.annotations import AnnotationKind
from app.domain.custody import SETTLED, ItemState, Movement, next_state
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.deadlines import office_day
from app.domain.items import Fate, ItemKind, is_back, is_owed
from app.models.base import (
    Authored,
    Base,
    BigKey,
    Key,
    Moment,
    Name,
    UtcDateTime,
    belongs_to,
    by_value,
)
from app.models.case import Case

BY_SUMMONS = "summons"
"""What settled a discrepancy: the party was asked again."""
GIVEN_BACK = "given_back"
"""What settled a discrepancy: what nobody had asked for went back."""

TO_STOCK = "stock"
"""Remark of a plate or blank that was taken back before the decision: it goes to the stock, to no other authority."""


class Item(Base):
    """One physical thing of a case, always in exactly one place. Only `move` changes where it is."""

    __tablename__ = "item"
    __table_args__ = (
        sa.Index("ix_item_case_id_id", "case_id", "id"),
        sa.Index("ix_item_state_place_id", "state", "place", "id"),
        sa.Index("ix_item_kind_id", "kind", "id"),
        sa.Index("ix_item_kind_label", "kind", "label"),
        sa.Index("ix_item_place_id", "place", "id"),
        sa.Index("ix_item_came_at_id", "came_at", "id"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigKey, unique=True)
    """The number on its label."""
    case_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("case_file"))
    kind: Mapped[ItemKind] = mapped_column(by_value(ItemKind, 48))
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    """What tells it from others of its kind: a registration number, a series."""
    fate: Mapped[Fate] = mapped_column(by_value(Fate))
    state: Mapped[ItemState] = mapped_column(by_value(ItemState))
    place: Mapped[str | None] = mapped_column(sa.String(60))
    compared: Mapped[bool] = mapped_column(default=False)
    invalidated: Mapped[bool] = mapped_column(default=False)
    returned: Mapped[bool] = mapped_column(default=False)
    """The party had it and brought it back."""
    came_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    """When the office received or made it; nothing while it is awaited."""

    case: Mapped[Case | None] = relationship(back_populates="items")
    handovers: Mapped[list[Handover]] = relationship(back_populates="item", order_by="Handover.seq")
    discrepancies: Mapped[list[Discrepancy]] = relationship(back_populates="item", order_by="Discrepancy.id")

    def move(
        self,
        movement: Movement,
        author: dict[str, Any],
        *,
        place: str | None = None,
        consignment: Consignment | None = None,
        remark: str | None = None,
    ) -> Handover:
        """Carry out `movement` and write it down; a new item has no state yet. `author` is what `authored(act)` gives.

        Raises what `app.domain.custody.next_state` raises; then nothing has changed.
        """
        before = self.state
        self.state = next_state(before, movement)
        self.returned = self.returned or (movement is Movement.CAME_BACK and before is ItemState.WITH_PARTY)
        self.place = (place or self.place) if self.state is ItemState.IN_OFFICE else None
        self.compared = self.compared or movement is Movement.COMPARED
        self.invalidated = self.invalidated or movement is Movement.INVALIDATED
        if movement in {Movement.RECEIVED, Movement.MADE}:
            self.came_at = author["at"]
        elif movement is Movement.MISTAKEN:
            self.came_at = None
        row = Handover(
            seq=len(self.handovers) + 1,
            movement=movement,
            state=self.state,
            place=self.place,
            consignment=consignment,
            remark=remark or None,
            **author,
        )
        self.handovers.append(row)
        if movement in {Movement.CALLED_OFF, Movement.MISTAKEN}:
            for discrepancy in self.open_discrepancies:
                discrepancy.settled_at, discrepancy.settled_by = author["at"], movement.value
        elif movement in {Movement.HANDED_OUT, Movement.POSTED}:
            for discrepancy in self.open_discrepancies:
                if discrepancy.kind is DiscrepancyKind.NOT_ASKED_FOR:
                    discrepancy.settled_at, discrepancy.settled_by = author["at"], GIVEN_BACK
        return row

    def annotate(self, kind: AnnotationKind, wording: str, author: dict[str, Any], *, note: str = "") -> Handover:
        """Write down that the office wrote `wording` on it. Raises what `move` raises."""
        row = self.move(Movement.ANNOTATED, author, remark=note)
        row.annotation, row.wording = kind, wording
        return row

    def strike_out(self, kind: AnnotationKind, reason: str, author: dict[str, Any]) -> Handover:
        """Write down that the annotation `kind`, which stands on it, was struck out. Raises what `move` raises."""
        wording = self.annotations[kind].wording
        row = self.move(Movement.STRUCK_OUT, author, remark=reason)
        row.annotation, row.wording = kind, wording
        return row

    @property
    def annotations(self) -> dict[AnnotationKind, Handover]:
        """What stands written on it: what the office annotated and did not strike out."""
        found: dict[AnnotationKind, Handover] = {}
        for row in self.handovers:
            if row.annotation is not None and row.movement is Movement.ANNOTATED:
                found[row.annotation] = row
            elif row.annotation is not None:
                found.pop(row.annotation, None)
        return found

    @property
    def arrival(self) -> Handover | None:
        """How it came, or was made; nothing while it is awaited."""
        return self._last({Movement.RECEIVED, Movement.MADE}) if self.came_at is not None else None

    @property
    def departure(self) -> Handover | None:
        """How it went to its party, the last time."""
        return self._last({Movement.HANDED_OUT, Movement.POSTED})

    @property
    def invalidation(self) -> Handover | None:
        """How it lost its force: brought back by its party or cut; the last of both."""
        return self._last({Movement.INVALIDATED}) or (self._last({Movement.CAME_BACK}) if self.returned else None)

    @property
    def ending(self) -> Handover | None:
        """What became of it in the end; nothing while the office awaits or holds it."""
        return self.handovers[-1] if self.handovers and self.state in SETTLED else None

    def _last(self, movements: set[Movement]) -> Handover | None:
        return next((row for row in reversed(self.handovers) if row.movement in movements), None)

    @property
    def in_stock(self) -> bool:
        """Whether it was prepared, and went back to the stock."""
        return self.state is ItemState.FORWARDED and self.handovers[-1].to_stock

    @property
    def is_owed(self) -> bool:
        """Whether the office holds it and has to give it to its party."""
        return is_owed(self.state, self.fate, back=self.is_back)

    @property
    def is_back(self) -> bool:
        """Whether it has done its service with its party."""
        return is_back(self.fate, returned=self.returned, invalidated=self.invalidated)

    @property
    def is_replaced(self) -> bool:
        """Whether it was the wrong thing, or a damaged one, and another one was asked for."""
        return any(
            one.settled_by == BY_SUMMONS and one.kind is not DiscrepancyKind.MISSING for one in self.discrepancies
        )

    @property
    def is_stray(self) -> bool:
        """Whether nobody asked for it, and nobody took it into the case; one that the post brought back is so still."""
        return any(
            one.kind is DiscrepancyKind.NOT_ASKED_FOR and one.settled_by in {None, GIVEN_BACK}
            for one in self.discrepancies
        )

    @property
    def open_discrepancies(self) -> list[Discrepancy]:
        """What no act has settled yet."""
        return [one for one in self.discrepancies if one.settled_at is None]


class Handover(Authored, Base):
    """One movement of an item: what happened, where it is since, who saw to it. Never changed, never deleted."""

    __tablename__ = "handover"
    __table_args__ = (sa.UniqueConstraint("item_id", "seq"), sa.Index("ix_handover_actor_id_id", "actor_id", "id"))

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(BigKey, belongs_to("item"))
    seq: Mapped[int]
    movement: Mapped[Movement] = mapped_column(by_value(Movement))
    state: Mapped[ItemState] = mapped_column(by_value(ItemState))
    place: Mapped[str | None] = mapped_column(sa.String(60))
    consignment_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("consignment"), index=True)
    remark: Mapped[str | None] = mapped_column(sa.Text)
    annotation: Mapped[AnnotationKind | None] = mapped_column(by_value(AnnotationKind))
    """What was written on it, or struck out."""
    wording: Mapped[str | None] = mapped_column(sa.Text)
    """The words of the annotation, as they were composed."""

    item: Mapped[Item] = relationship(back_populates="handovers")
    consignment: Mapped[Consignment | None] = relationship(back_populates="handovers")

    @property
    def day(self) -> dt.date:
        """The day on which it happened: of what the post delivered, that of the return card, which comes later."""
        by_card = self.consignment.outcome_on if self.consignment and self.movement is Movement.DELIVERED else None
        return by_card or office_day(self.at)

    @property
    def to_stock(self) -> bool:
        """Whether it went back to the stock, and was forwarded to nobody."""
        return self.movement is Movement.FORWARDED and self.remark == TO_STOCK


class Discrepancy(Base):
    """Something that is not as it should be with an item, until an act settles it."""

    __tablename__ = "discrepancy"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(BigKey, belongs_to("item"), index=True)
    kind: Mapped[DiscrepancyKind] = mapped_column(by_value(DiscrepancyKind))
    remark: Mapped[str | None] = mapped_column(sa.Text)
    raised_at: Mapped[Moment]
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    settled_by: Mapped[str | None] = mapped_column(sa.String(48))
    """`summons`, `arrived`, `accepted`, `given_back`, `called_off` or `mistaken`."""

    item: Mapped[Item] = relationship(back_populates="discrepancies")


class Direction(enum.StrEnum):
    """Into the office or out of it."""

    IN = "in"
    OUT = "out"


class Carriage(enum.StrEnum):
    """How a consignment travels."""

    IN_PERSON = "in_person"
    POST = "post"
    COURIER = "courier"


class ParcelOutcome(enum.StrEnum):
    """What became of a parcel that was sent out."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"
    UNKNOWN_ADDRESSEE = "unknown_addressee"
    LOST = "lost"
    """The post says so; what was lost may turn up, and is written down then."""


class Consignment(Base):
    """One envelope or one visit, in or out. One that matches no case has none until somebody finds it.

    Worn plates of several cases go to their maker together: going out, only such a visit is of no one case.
    """

    __tablename__ = "consignment"
    __table_args__ = (
        sa.Index("ix_consignment_direction_on_day_id", "direction", "on_day", "id"),
        sa.Index("ix_consignment_on_day_id", "on_day", "id"),
        sa.Index("ix_consignment_case_id", "case_id"),
        sa.Index("ix_consignment_tracking", "tracking"),
        sa.Index("ix_consignment_acknowledgement", "acknowledgement"),
        sa.Index("ix_consignment_letter_id", "letter_id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    """RPW/<n>/<year> for what came, RPO/<n>/<year> for what went."""
    direction: Mapped[Direction] = mapped_column(by_value(Direction))
    carriage: Mapped[Carriage] = mapped_column(by_value(Carriage))
    case_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("case_file"))
    on: Mapped[dt.date] = mapped_column("on_day")
    """The day it came, or went."""
    at: Mapped[Moment]
    carrier: Mapped[str | None] = mapped_column(sa.String(60))
    tracking: Mapped[str | None] = mapped_column(sa.String(40))
    posted_on: Mapped[dt.date | None]
    """The day of the postmark, which keeps a term (KPA art. 57 § 5)."""
    person: Mapped[Name | None]
    """The sender, the recipient, or who stood at the counter."""
    address: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    identity_document: Mapped[str | None] = mapped_column(sa.String(60))
    """Kind and last three characters of what the person showed."""
    contents: Mapped[str | None] = mapped_column(sa.Text)
    """What lies in an envelope that matches no case."""
    acknowledgement: Mapped[str | None] = mapped_column(sa.String(40))
    """Number of the return card (ZPO)."""
    outcome: Mapped[ParcelOutcome | None] = mapped_column(by_value(ParcelOutcome))
    outcome_on: Mapped[dt.date | None]
    protocol_sha256: Mapped[str | None] = mapped_column(sa.ForeignKey("stored_file.sha256"))
    """The paper that was made when it left: the protocol of a visit, the letter in a parcel."""
    letter_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("letter"))
    """The letter that its things go with, to another authority: they travel under the number of that letter."""
    author_name: Mapped[Name]

    case: Mapped[Case | None] = relationship(back_populates="consignments")
    handovers: Mapped[list[Handover]] = relationship(back_populates="consignment", order_by="Handover.id")

    @property
    def awaits_acknowledgement(self) -> bool:
        """Whether a parcel is out and nobody knows yet what became of it."""
        return self.direction is Direction.OUT and self.carriage is not Carriage.IN_PERSON and self.outcome is None


class Announcement(Authored, Base):
    """What the party says of how and when its things will come. The newest counts; never changed, never deleted."""

    __tablename__ = "announcement"
    __table_args__ = (sa.Index("ix_announcement_case_id_id", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    way: Mapped[Carriage] = mapped_column(by_value(Carriage))
    carrier: Mapped[str | None] = mapped_column(sa.String(60))
    tracking: Mapped[str | None] = mapped_column(sa.String(40))
    planned_on: Mapped[dt.date | None]
    """The day on which the party means to come, or to send."""

    case: Mapped[Case] = relationship(back_populates="announcements")
