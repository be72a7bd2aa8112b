"""What a verb may need besides rows: settings, the file store, the key ring. Handed in, never looked up."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.procedures.editions import PERIODS, Period
from app.epackages.limits import DEFAULT_LIMITS, Limits
from app.epackages.previews import PreviewLimits
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
    def limits(self) -> Limits:
        """How large a package may be that is taken in."""
        known = self.settings
        return Limits(
            file_size=known.max_package,
            member_size=known.max_package,
            total_size=known.max_unpacked,
            entries=known.max_files,
            ratio=known.max_ratio,
            xml_size=known.max_xml,
        )

    @property
    def reading_limits(self) -> Limits:
        """How large a package may be that was taken in: it stays readable when the limits are lowered."""
        return self.limits.or_more(DEFAULT_LIMITS)

    @property
    def preview_limits(self) -> PreviewLimits:
        """What drawing a page may cost."""
        return PreviewLimits(pixels=self.settings.max_pixels)

    @property
    def periods(self) -> tuple[Period, ...]:
        """From when to when each edition of the procedures is in force."""
        return PERIODS[self.settings.editions]
