"""Was a party told what the office does with its data? Its first letter says so (KPA art. 61 § 5, 54 § 1a, 65 § 1a)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from app.letters.texts import Composed, FieldValue, compose_passage
from app.models import Case, LetterState

_OFFICER = "data_protection_officer"


def with_information(
    words: Composed, case: Case, kind: str, names: Collection[str], fields: Mapping[str, FieldValue]
) -> Composed:
    """Return `words` of a letter of `kind` to the parties `names`, with the information on their data where it is due.

    It is due where neither the letter nor, for each of them, one that was sent before names the data protection
    officer (GDPR art. 13 ust. 1 lit. b): no text of the office can inform without that.

    Raises LetterDataMissing: the office has named no officer.
    """
    officer = _plain(str(fields.get(_OFFICER, "")))
    if officer and any(officer in _plain(block.text) for block in words.blocks):
        return words
    told = {
        letter.addressee
        for letter in case.letters
        if letter.state is LetterState.SENT and any(officer in _plain(block["text"]) for block in letter.blocks)
    }
    if officer and told.issuperset(names):
        return words
    return replace(words, blocks=(*words.blocks, *compose_passage("rodo", kind, fields)))


def _plain(text: str) -> str:
    """Return `text` as it was before it was set for print."""
    return " ".join(text.replace("\N{ZERO WIDTH SPACE}", "").split())
