"""In which order do names stand in a Polish list? By the letters of the Polish alphabet, ą after a and ż last."""

from __future__ import annotations

_LETTERS = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
_PLACES = {letter: place for place, letter in enumerate(_LETTERS, 1)}
_BEYOND = len(_LETTERS) + 1


def polish_key(text: str) -> tuple[tuple[int, str], ...]:
    """Return the key by which `text` is sorted: case does not matter, spaces and marks come before letters."""
    return tuple(
        (_PLACES.get(char, _BEYOND if char.isalpha() else 0), char if char not in _PLACES else "")
        for char in text.casefold()
    )
