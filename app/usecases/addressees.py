"""To whom do the letters of a case go, by which way, and when was the last of several parties served?

A letter to several parties is one document with one number. Each party gets a copy with a service of its own: the
copies are rows beside the first one, and only that one takes the step, bears the summons and is the decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.domain.addresses import postal_lines
from app.domain.determinations import DeterminationCode
from app.models import Case, Letter, LetterWay, Party, PartyRole


def parties_of(case: Case) -> list[Party]:
    """Return whose case it is: the owner first, then the co-owners. A proxy is no party."""
    return [one for role in (PartyRole.OWNER, PartyRole.CO_OWNER) for one in case.parties if one.role is role]


def addressees_of(case: Case) -> list[Party]:
    """Return to whom the letters of `case` go; nobody where nobody is named yet.

    The proxy alone, where the application names one (KPA art. 40 § 2); else the party that all have named to receive
    the letters, or all parties that applied (art. 40 § 3), first the one whose mailbox the application came from.
    """
    proxy = next((one for one in case.parties if one.role is PartyRole.PROXY), None)
    if proxy is not None:
        return [proxy]
    if (named := _named_to_receive(case)) is not None:
        return [named]
    holder = _holder(case)
    return sorted(parties_of(case), key=lambda one: one is not holder)


def addressee_of(case: Case) -> Party | None:
    """Return the first of those to whom the letters of `case` go, with whom the office corresponds and agrees."""
    return next(iter(addressees_of(case)), None)


def way_to_first(case: Case) -> LetterWay:
    """Return how a letter reaches the first addressee of `case`; the others are reached on paper.

    The mailbox belongs to the one who applied through it (KPA art. 39 § 1): not to a co-owner who did not, and not to
    an owner whose letters go to the proxy.
    """
    if case.citizen_id is None:
        return LetterWay.POST
    holder = _holder(case)
    return LetterWay.MAILBOX if holder is None or holder is addressee_of(case) else LetterWay.POST


def address_lines(party: Party | None) -> tuple[str, ...]:
    """Return the postal address of `party` in lines; nothing where none is known."""
    return postal_lines(party.address) if party is not None else ()


def original_of(letter: Letter) -> Letter:
    """Return the letter that `letter` is a copy of; itself where it is the first."""
    if letter.copy_of is None:
        return letter
    return next(one for one in letter.case.letters if one.seq == letter.copy_of)


def copies_of(letter: Letter) -> Sequence[Letter]:
    """Return the copies of `letter` for the further parties."""
    return [one for one in letter.case.letters if one.copy_of == letter.seq]


def is_sent_again(letter: Letter) -> bool:
    """Return whether `letter` came back and was sent to another address, so that the later service counts."""
    return any(one.details.get("instead_of") == letter.seq for one in letter.case.letters)


def served_all_on(letter: Letter) -> dt.date | None:
    """Return the day on which the last party was served with `letter`; nothing until each of them was.

    The term of each party runs from its own service (KPA art. 57 § 1, art. 129 § 2); what follows from nobody's having
    used it follows when the last term has ended.
    """
    days = _services_of(letter)
    return max(filter(None, days)) if all(days) else None


def served_last_on(letter: Letter) -> dt.date | None:
    """Return the last day on which a party was served with `letter` so far; others may still wait for theirs."""
    return max(filter(None, _services_of(letter)), default=None)


def _services_of(letter: Letter) -> list[dt.date | None]:
    original = original_of(letter)
    counted = [one for one in (original, *copies_of(original)) if not is_sent_again(one)]
    return [one.service.served_on if one.service else None for one in counted]


def is_named_in(party: Party, text: str) -> bool:
    """Return whether `text` names `party`, in small or capital letters."""
    return bool(party.name) and party.name.casefold() in " ".join(text.split()).casefold()


def _named_to_receive(case: Case) -> Party | None:
    rows = [row for row in case.determinations if row.code == DeterminationCode.ONE_RECEIVES]
    if not rows or not rows[-1].holds:
        return None
    return next((party for party in parties_of(case) if is_named_in(party, rows[-1].text or "")), None)


def _holder(case: Case) -> Party | None:
    """Return who of the case holds the mailbox that the application came from, by PESEL or REGON; often it is known."""
    citizen = case.citizen
    if citizen is None:
        return None
    return next(
        (
            one
            for one in case.parties
            if (one.pesel_digest and one.pesel_digest == citizen.pesel_digest)
            or (one.regon and one.regon == citizen.regon)
        ),
        None,
    )
