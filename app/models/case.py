"""A case (sprawa): sign, stage and its history, parties, vehicle, documents, deadlines and search keys."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.acts import Act
from app.domain.procedures.editions import procedure_of
from app.domain.procedures.facts import CaseFacts
from app.domain.procedures.machine import Procedure
from app.domain.procedures.stages import ProcedureName, Stage
from app.models.base import (
    Authored,
    Base,
    BigKey,
    Code,
    Key,
    Moment,
    Name,
    PublicId,
    UtcDateTime,
    authored,
    belongs_to,
    by_value,
)
from app.models.package import Package, PackageMember
from app.models.people import Citizen, Team

if TYPE_CHECKING:
    from app.models.appeal import Appeal
    from app.models.custody import Announcement, Consignment, Item
    from app.models.decision import CertificateOrder, Decision, Permit, PlateNumber
    from app.models.delivery import Proposal
    from app.models.examination import Determination, DocumentVerdict, Fee, Note
    from app.models.letter import Letter, Question


class Case(Base):
    """One matter of one applicant about one vehicle. Only `take_step` moves its stage."""

    __tablename__ = "case_file"
    __table_args__ = (
        sa.UniqueConstraint("unit", "case_class", "year", "number"),
        sa.Index("ix_case_file_opened_at_id", "opened_at", "id"),
        sa.Index("ix_case_file_due_on_id", "due_on", "id"),
        sa.Index("ix_case_file_stage_id", "stage", "id"),
        sa.Index("ix_case_file_stage_clock_stands_due_on_id", "stage", "clock_stands", "due_on", "id"),
        sa.Index("ix_case_file_procedure_id", "procedure", "id"),
        sa.Index(
            "ix_case_file_signature_settled_stage_clock_stands_due_on_id",
            "signature_settled",
            "stage",
            "clock_stands",
            "due_on",
            "id",
        ),
        sa.Index("ix_case_file_clerk_id_id", "clerk_id", "id"),
        sa.Index("ix_case_file_clerk_id_due_on_id", "clerk_id", "due_on", "id"),
        sa.Index(
            "ix_case_file_clerk_id_stage_clock_stands_due_on_id", "clerk_id", "stage", "clock_stands", "due_on", "id"
        ),
        sa.Index(
            "ix_case_file_procedure_stage_clock_stands_due_on_id", "procedure", "stage", "clock_stands", "due_on", "id"
        ),
        sa.Index("ix_case_file_citizen_id_id", "citizen_id", "id"),
        sa.Index(
            "ix_case_file_clock_stands",
            "id",
            sqlite_where=sa.text("clock_stands"),
            postgresql_where=sa.text("clock_stands"),
        ),
    )

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    sign: Mapped[str] = mapped_column(sa.String(40), unique=True)
    unit: Mapped[str] = mapped_column(sa.String(12))
    case_class: Mapped[str] = mapped_column(sa.String(12))
    year: Mapped[int]
    number: Mapped[int]
    procedure: Mapped[str] = mapped_column(sa.String(24))
    edition: Mapped[str] = mapped_column(sa.String(12))
    stage: Mapped[Code]
    opened_at: Mapped[Moment]
    received_on: Mapped[dt.date]
    due_on: Mapped[dt.date | None]
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    clerk_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ab_user.id"))
    team_id: Mapped[int | None] = mapped_column(
        BigKey, belongs_to("team"), index=True, default=sa.select(sa.func.min(Team.id)).scalar_subquery()
    )
    """A new case goes to the first team."""
    citizen_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("citizen"))
    applicant_name: Mapped[Name]
    plate: Mapped[str | None] = mapped_column(sa.String(16))
    vin: Mapped[str | None] = mapped_column(sa.String(40))
    vehicle_label: Mapped[str | None] = mapped_column(sa.String(160))
    signature_settled: Mapped[bool] = mapped_column(default=True)
    clock_stands: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether the clock of KPA art. 35 stands, as its ledger says: `due_on` moves on with each day that passes."""
    answers: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    """What the form says, as far as the rules about documents ask (`app.domain.documents.Answers`)."""
    changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    version: Mapped[int] = mapped_column(default=1)

    clerk: Mapped[User | None] = relationship(User)
    team: Mapped[Team | None] = relationship()
    citizen: Mapped[Citizen | None] = relationship()
    packages: Mapped[list[Package]] = relationship(back_populates="case", order_by="Package.id")
    steps: Mapped[list[CaseStep]] = relationship(back_populates="case", order_by="CaseStep.seq")
    parties: Mapped[list[Party]] = relationship(back_populates="case", order_by="Party.id")
    vehicle: Mapped[Vehicle | None] = relationship(back_populates="case")
    documents: Mapped[list[Document]] = relationship(back_populates="case", order_by="Document.position")
    deadlines: Mapped[list[Deadline]] = relationship(back_populates="case", order_by="Deadline.id")
    findings: Mapped[list[Finding]] = relationship(back_populates="case", order_by="Finding.id")
    verdicts: Mapped[list[DocumentVerdict]] = relationship(order_by="DocumentVerdict.id")
    determinations: Mapped[list[Determination]] = relationship(order_by="Determination.id")
    fees: Mapped[list[Fee]] = relationship(order_by="Fee.id", cascade="all, delete-orphan")
    notes: Mapped[list[Note]] = relationship(order_by="Note.id")
    letters: Mapped[list[Letter]] = relationship(back_populates="case", order_by="Letter.seq")
    items: Mapped[list[Item]] = relationship(back_populates="case", order_by="Item.id")
    consignments: Mapped[list[Consignment]] = relationship(back_populates="case", order_by="Consignment.id")
    announcements: Mapped[list[Announcement]] = relationship(back_populates="case", order_by="Announcement.id")
    questions: Mapped[list[Question]] = relationship(back_populates="case", order_by="Question.id")
    proposals: Mapped[list[Proposal]] = relationship(back_populates="case", order_by="Proposal.version")
    decisions: Mapped[list[Decision]] = relationship(back_populates="case", order_by="Decision.id")
    appeals: Mapped[list[Appeal]] = relationship(back_populates="case", order_by="Appeal.id")
    plate_numbers: Mapped[list[PlateNumber]] = relationship(back_populates="case", order_by="PlateNumber.id")
    permit: Mapped[Permit | None] = relationship(back_populates="case")
    certificate_order: Mapped[CertificateOrder | None] = relationship(back_populates="case")

    # A second save of the same case fails instead of overwriting the first (invariant I5).
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  SQLAlchemy reads a plain dictionary

    @property
    def table(self) -> Procedure:
        """The procedure that this case follows, in the edition under which it was filed."""
        return procedure_of(self.procedure, self.edition)

    def open_as(self, procedure: ProcedureName, edition: str, act: Act) -> CaseStep:
        """Put a new case at the beginning of `procedure`: its first history row."""
        self.procedure, self.edition = procedure.value, edition
        return self._move("open", self.table.initial, act, law="KPA art. 61 § 3")

    def take_step(
        self, name: str, act: Act, *, facts: CaseFacts, doers: AbstractSet[str], reason: str | None = None
    ) -> CaseStep:
        """Move the case by the step `name` of its procedure, done by somebody who is all of `doers`.

        The only writer of `stage`. Raises what `Procedure.take` raises; then nothing has changed.
        """
        step = self.table.take(Stage(self.stage), name, facts, doers)
        return self._move(name, step.to, act, law=step.law or None, reason=reason)

    def _move(self, name: str, to: Stage, act: Act, *, law: str | None, reason: str | None = None) -> CaseStep:
        row = CaseStep(
            seq=len(self.steps) + 1,
            step=name,
            from_stage=self.stage,
            to_stage=to.value,
            law=law,
            reason=reason,
            **authored(act),
        )
        self.steps.append(row)
        self.stage = to.value
        return row


class CaseStep(Authored, Base):
    """One move of a case: who, when, from where to where, and on what ground. Never changed, never deleted."""

    __tablename__ = "case_step"
    __table_args__ = (sa.UniqueConstraint("case_id", "seq"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    seq: Mapped[int]
    step: Mapped[Code]
    from_stage: Mapped[str | None] = mapped_column(sa.String(48))
    to_stage: Mapped[Code]
    law: Mapped[str | None] = mapped_column(sa.String(120))
    reason: Mapped[str | None] = mapped_column(sa.Text)

    case: Mapped[Case] = relationship(back_populates="steps")


class PartyRole(enum.StrEnum):
    """In what capacity somebody takes part (strona, pełnomocnik)."""

    OWNER = "owner"
    CO_OWNER = "co_owner"
    PROXY = "proxy"


class Party(Base):
    """A person or entity in a case, as the form names them."""

    __tablename__ = "party"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    role: Mapped[PartyRole] = mapped_column(by_value(PartyRole))
    name: Mapped[Name]
    pesel_sealed: Mapped[str | None] = mapped_column(sa.Text)
    pesel_digest: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    regon: Mapped[str | None] = mapped_column(sa.String(14))
    address: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    email: Mapped[str | None] = mapped_column(sa.String(254))
    phone: Mapped[str | None] = mapped_column(sa.String(40))

    case: Mapped[Case] = relationship(back_populates="parties")


class Vehicle(Base):
    """The vehicle of a case, as the form describes it. Identifiers are kept as written; doubts are findings."""

    __tablename__ = "vehicle"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), unique=True)
    vin: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    plate: Mapped[str | None] = mapped_column(sa.String(16), index=True)
    kind: Mapped[str | None] = mapped_column(sa.String(80))
    purpose: Mapped[str | None] = mapped_column(sa.String(80))
    make: Mapped[str | None] = mapped_column(sa.String(80))
    type: Mapped[str | None] = mapped_column(sa.String(80))
    model: Mapped[str | None] = mapped_column(sa.String(80))
    production_year: Mapped[int | None]

    case: Mapped[Case] = relationship(back_populates="vehicle")


class Document(Base):
    """A file of a package in its place in the case: which required document it is said to be."""

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("case_id", "position"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"))
    member_id: Mapped[int] = mapped_column(BigKey, belongs_to("package_member"), unique=True)
    position: Mapped[int]
    kind: Mapped[Code]
    title: Mapped[str] = mapped_column(sa.String(255))

    case: Mapped[Case] = relationship(back_populates="documents")
    member: Mapped[PackageMember] = relationship()


_TO_TELL = sa.text("kind = 'office-notice' AND ended_at IS NULL")


class Deadline(Base):
    """A legal term of a case. Its events are the ledger behind "why this date?"."""

    __tablename__ = "deadline"
    __table_args__ = (
        sa.Index("ix_deadline_due_on_id", "due_on", "id"),
        # The few offices still to be told, among the terms of all cases.
        sa.Index("ix_deadline_office_notice", "case_id", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    kind: Mapped[Code]
    law: Mapped[str] = mapped_column(sa.String(120))
    length: Mapped[int]
    unit: Mapped[str] = mapped_column(sa.String(8))
    due_on: Mapped[dt.date | None]
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())

    case: Mapped[Case] = relationship(back_populates="deadlines")
    events: Mapped[list[DeadlineEvent]] = relationship(back_populates="deadline", order_by="DeadlineEvent.id")


class DeadlineEvent(Base):
    """Something that started, stopped, restarted, moved or ended a term, with the paper that did it, if one."""

    __tablename__ = "deadline_event"

    id: Mapped[Key]
    deadline_id: Mapped[int] = mapped_column(BigKey, belongs_to("deadline"), index=True)
    kind: Mapped[Code]
    on: Mapped[dt.date] = mapped_column("on_day")
    law: Mapped[str | None] = mapped_column(sa.String(120))
    reason: Mapped[str | None] = mapped_column(sa.Text)
    until: Mapped[dt.date | None] = mapped_column("until_on")
    """The new date of an extension (KPA art. 36)."""
    words: Mapped[str | None] = mapped_column(sa.Text)
    """What the clerk wrote of it."""
    letter_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("letter"))
    package_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("package"))
    consignment_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("consignment"))
    proposal_id: Mapped[int | None] = mapped_column(BigKey, belongs_to("proposal"))
    at: Mapped[Moment]

    deadline: Mapped[Deadline] = relationship(back_populates="events")
    letter: Mapped[Letter | None] = relationship()
    package: Mapped[Package | None] = relationship()
    consignment: Mapped[Consignment | None] = relationship()
    proposal: Mapped[Proposal | None] = relationship()


class Finding(Base):
    """Something a machine noticed about a case. It warns; it never blocks."""

    __tablename__ = "finding"

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file"), index=True)
    code: Mapped[Code]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    at: Mapped[Moment]

    case: Mapped[Case] = relationship(back_populates="findings")


class SearchKey(Base):
    """A folded word by which a case is found, matched from its beginning; the same on both databases."""

    __tablename__ = "search_key"

    kind: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    # Byte order on both databases, so that a prefix is a range of the primary key.
    key: Mapped[str] = mapped_column(
        sa.String(80).with_variant(postgresql.VARCHAR(80, collation="C"), "postgresql"), primary_key=True
    )
    case_id: Mapped[int] = mapped_column(BigKey, belongs_to("case_file", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (sa.Index("ix_search_key_case_id", "case_id"),)
