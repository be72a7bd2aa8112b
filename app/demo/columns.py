"""Which columns do the rows of invented cases give, and how are values written in them?

Rows are tuples as both databases take them: text, numbers, nothing. Moments are written in UTC without a zone, as
SQLite keeps them; a loader says to PostgreSQL that they are in UTC.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache

Row = tuple[str | int | None, ...]

_AUTHOR = ("at", "actor_kind", "actor_id", "actor_name")

COLUMNS: dict[str, tuple[str, ...]] = {
    "case_file": (
        "id", "public_id", "sign", "unit", "case_class", "year", "number", "procedure", "edition", "stage", "opened_at",
        "received_on", "due_on", "closed_at", "clerk_id", "team_id", "citizen_id", "applicant_name", "plate", "vin",
        "vehicle_label", "signature_settled", "clock_stands", "version", "answers",
    ),
    "case_step": ("case_id", "seq", "step", "from_stage", "to_stage", *_AUTHOR, "law", "reason"),
    "party": ("case_id", "role", "name", "pesel_sealed", "pesel_digest", "regon", "address", "email", "phone"),
    "vehicle": ("case_id", "vin", "plate", "kind", "purpose", "make", "type", "model", "production_year"),
    "deadline": ("id", "case_id", "kind", "law", "length", "unit", "due_on", "ended_at"),
    "deadline_event": ("deadline_id", "kind", "on_day", "law", "reason", "at", "until_on"),
    "finding": ("case_id", "code", "details", "at"),
    "search_key": ("kind", "key", "case_id"),
    "package": (
        "id", "public_id", "number", "sha256", "companion_sha256", "size", "filename", "received_at", "channel",
        "sender_key", "sender_name", "citizen_id", "platform_id", "idempotency_key", "state", "outcome", "reasons",
        "container", "purpose", "procedure", "form_problem", "case_id", "decided_at", "scanned",
    ),
    "package_member": ("id", "package_id", "position", "name", "size", "sha256", "media", "signed", "flags"),
    "verification": (
        "package_id", "at", "judged_for", "rules", "outcome", "reasons", "anchors", "revocation", "report",
    ),
    "receipt": (
        "public_id", "number", "kind", "package_id", "seal_id", "issued_at", "sender_name", "xml_sha256", "pdf_sha256",
    ),
    "document": ("id", "public_id", "case_id", "member_id", "position", "kind", "title"),
    "document_verdict": ("case_id", "kind", "document_id", "verdict", "reason", *_AUTHOR),
    "determination": ("case_id", "code", "holds", "text", "details", *_AUTHOR),
    "fee": ("case_id", "code", "grosze", "law", "proved_at", "proof"),
    "letter": (
        "id", "public_id", "case_id", "seq", "kind", "step", "state", "way", "needs_receipt", "addressee", "address",
        "title", "legal_basis", "blocks", "details", "author_id", "author_name", "made_at", "leaves_at", "sent_at",
        "pdf_sha256",
    ),
    "service": ("id", "letter_id", "arrived_on", "served_on", "outcome", "tracking"),
    "service_event": ("service_id", "kind", "on_day", "remark", *_AUTHOR),
    "summons": ("id", "letter_id", "case_id", "kind", "days", "due_on", "met_at"),
    "consignment": (
        "id", "number", "direction", "carriage", "case_id", "on_day", "at", "carrier", "posted_on", "person", "address",
        "identity_document", "acknowledgement", "outcome", "outcome_on", "author_name",
    ),
    "item": (
        "id", "number", "case_id", "kind", "label", "fate", "state", "place", "compared", "invalidated", "returned",
        "came_at",
    ),
    "handover": (
        "item_id", "seq", "movement", "state", "place", "consignment_id", *_AUTHOR, "annotation", "wording",
    ),
    "discrepancy": ("item_id", "kind", "remark", "raised_at", "settled_at", "settled_by"),
    "demand": ("summons_id", "kind", "subject", "words", "ways", "item_id", "met_at"),
    "decision": ("case_id", "letter_id", "kind", "issued_on", "signed_by", "final_on"),
    "plate_number": ("id", "number", "kind", "plates", "state", "case_id", "assigned_at", "added_at"),
    "permit": ("case_id", "number", "days", "valid_until"),
    "certificate_order": ("case_id", "ordered_on", "number", "arrived_on"),
    "proposal": (
        "public_id", "case_id", "version", "by_office", "state", "methods", "address", "due_on", "answered_at",
        *_AUTHOR,
    ),
    "audit_event": (
        "chain", "seq", "at", "actor_kind", "actor_id", "actor_name", "address", "request_id", "action", "details",
        "previous", "hash",
    ),
}  # fmt: skip
"""The tables in the order in which they can be filled, each with the columns that a row gives."""

NUMBERED = (
    "case_file", "package", "package_member", "deadline", "document", "letter", "service", "summons", "consignment",
    "item", "plate_number",
)  # fmt: skip
"""Tables whose keys are given here, because other rows name them."""


@dataclass(slots=True)
class Batch:
    """Rows by table, the next key of each numbered table, and the last number of each series."""

    next_ids: dict[str, int]
    series: MutableMapping[str, int]
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def take_id(self, table: str) -> int:
        """Return the next key of `table`."""
        number = self.next_ids[table]
        self.next_ids[table] = number + 1
        return number

    def take_number(self, series: str) -> int:
        """Return the next number of `series`."""
        number = self.series[series] + 1
        self.series[series] = number
        return number


def text(moment: dt.datetime) -> str:
    """Return `moment` (in UTC) as it is stored."""
    return moment.replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def iso(moment: dt.date) -> str:
    """Return a day as it is stored."""
    return moment.isoformat()


def day(moment: dt.datetime) -> str:
    """Return the day of `moment`; invented packages come while UTC and the office have the same day."""
    return iso(moment.date())


def public_id(number: int, rng: random.Random) -> str:
    """Return an identifier for addresses, of the row of that `number`."""
    # The number in front keeps the index growing at its end, which makes a million rows cheap.
    return f"{number:07x}{rng.getrandbits(56):014x}"
