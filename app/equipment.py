"""What a verb may need besides rows: settings, the file store, the key ring. Handed in, never looked up."""

from __future__ import annotations

from dataclasses import dataclass

from app.storage import Store
from app.vault import KeyRing
from config import OfficeIdentity, Settings


@dataclass(frozen=True, slots=True)
class Equipment:
    """The tools of one installation. Made once by the application factory."""

    settings: Settings
    store: Store
    ring: KeyRing

    @property
    def office(self) -> OfficeIdentity:
        """The office as letters and receipts name it."""
        return self.settings.office
