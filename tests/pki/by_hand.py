"""What tests need that sign by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests import signing
from tests.pki.judged import MEMBERS

Sign = Callable[..., bytes]


def all_members() -> str:
    return "".join(signing.reference(signing.member_uri(name), "sha256") for name in MEMBERS)


def element(text: str, name: str) -> str:
    """An element as it stands in the text, tags included."""
    found = re.search(rf"<{name}[ >].*?</{name}>", text, re.DOTALL)
    assert found
    return found[0]
