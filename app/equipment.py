"""What a verb may need besides rows: settings, the file store, the key ring. Handed in, never looked up."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.procedures.editions import PERIODS, Period
from app.pki.seal import SealKey
from app.pki.trust_store import Anchor
from app.storage import Store
from app.vault import KeyRing
from config import OfficeIdentity, Settings


@dataclass(frozen=True, slots=True)
class Equipment:
    """The tools of one installation. Made once by the application factory.

    `opened_seals` and `parsed_anchors` keep what is slow to read, by fingerprint; they hold nothing that rows do not.
    """

    settings: Settings
    store: Store
    ring: KeyRing
    opened_seals: dict[str, SealKey] = field(default_factory=dict, repr=False)
    parsed_anchors: dict[str, Anchor] = field(default_factory=dict, repr=False)

    @property
    def office(self) -> OfficeIdentity:
        """The office as letters and receipts name it."""
        return self.settings.office

    @property
    def periods(self) -> tuple[Period, ...]:
        """From when to when each edition of the procedures is in force."""
        return PERIODS[self.settings.editions]
