"""The published list of reason codes and the code say the same."""

from __future__ import annotations

import re
from pathlib import Path

from app.epackages.errors import Reason
from app.pki.verdicts import REASONS

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (.+) \|$", re.MULTILINE)


def listed() -> list[tuple[str, str]]:
    return ROW.findall((ROOT / "docs" / "reason-codes.md").read_text(encoding="utf-8"))


def test_every_code_is_published_once_with_a_sentence() -> None:
    codes = [code for code, _ in listed()]

    assert sorted(codes) == sorted({str(reason) for reason in Reason} | set(REASONS))
    assert all(sentence[0].isupper() and sentence.endswith(".") for _, sentence in listed())


def test_every_code_is_given_out_somewhere() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "app" / "epackages").glob("*.py")
        if path.name != "errors.py"
    )

    unused = [reason.name for reason in Reason if f"Reason.{reason.name}" not in source and f'"{reason}"' not in source]

    assert unused == []
