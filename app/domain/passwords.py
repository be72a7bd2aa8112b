"""Is a password good enough, and if not, what is it missing?

Citizens have the rule that the city published: at least 8 characters with a lower-case letter, an upper-case letter
and a digit. Staff have at least 12 characters that are hard to guess, the office's own words counted as known. Nobody
is made to change a good one.
"""

from __future__ import annotations

from collections.abc import Iterable

from zxcvbn import zxcvbn

CITIZEN_LENGTH = 8
STAFF_LENGTH = 12
LONGEST = 256
"""Longer ones only keep the machine busy."""
STAFF_SCORE = 3
"""Of zxcvbn's 0 to 4: safely unguessable, offline attacks on a slow hash included."""

OFFICE_WORDS = (
    "okienko",
    "czestochowa",
    "częstochowa",
    "urzad",
    "urząd",
    "miasta",
    "wydzial",
    "wydział",
    "komunikacji",
    "rejestracja",
    "wyrejestrowanie",
    "pojazd",
    "pojazdu",
    "tablice",
    "dowod",
    "dowód",
    "waszyngtona",
    "sekap",
    "referent",
    "kancelaria",
    "kierownik",
    "administrator",
    "haslo",
    "hasło",
)

_ZXCVBN_LIMIT = 72


def citizen_password_faults(password: str) -> tuple[str, ...]:
    """Return what a citizen's password lacks, in the order of the published rule; nothing when it is good.

    Codes: `password-too-short`, `password-too-long`, `password-no-lower`, `password-no-upper`, `password-no-digit`.
    """
    return (
        *_length_faults(password, CITIZEN_LENGTH),
        *(() if any(char.islower() for char in password) else ("password-no-lower",)),
        *(() if any(char.isupper() for char in password) else ("password-no-upper",)),
        *(() if any(char.isdecimal() for char in password) else ("password-no-digit",)),
    )


def staff_password_faults(password: str, own_words: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what a staff password lacks; `own_words` are names, log-in and e-mail of its owner.

    Codes: `password-too-short`, `password-too-long`, `password-guessable`.
    """
    length = _length_faults(password, STAFF_LENGTH)
    if length:
        return length
    return () if strength(password, own_words) >= STAFF_SCORE else ("password-guessable",)


def strength(password: str, own_words: Iterable[str] = ()) -> int:
    """Return how hard `password` is to guess, 0 (at once) to 4, for the meter beside the field."""
    if not password:
        return 0
    known = {part.lower() for word in own_words for part in (word, *word.replace("@", " ").replace(".", " ").split())}
    score: int = zxcvbn(password[:_ZXCVBN_LIMIT], user_inputs=[*OFFICE_WORDS, *sorted(known)])["score"]
    return score


def _length_faults(password: str, least: int) -> tuple[str, ...]:
    if len(password) < least:
        return ("password-too-short",)
    return ("password-too-long",) if len(password) > LONGEST else ()
