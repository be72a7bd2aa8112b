"""The files of a package that was received, whatever they were wrapped in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from app.epackages.content import Content, open_content
from app.equipment import Equipment
from app.models import Package


@contextmanager
def package_content(package: Package, *, equipment: Equipment) -> Iterator[Content]:
    """Open the content of `package` from the store. Raises Unreadable, and what the store raises."""
    with ExitStack() as opened:
        path = opened.enter_context(equipment.store.as_file(package.sha256))
        companion = None
        if package.companion_sha256 is not None:
            companion = opened.enter_context(equipment.store.as_file(package.companion_sha256))
        limits = equipment.reading_limits
        yield opened.enter_context(open_content(path, companion=companion, name=package.filename, limits=limits))
