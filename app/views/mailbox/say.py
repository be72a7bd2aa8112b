"""The reader's language, typed: what `_` and `ngettext` of Flask-Babel return is text."""

from __future__ import annotations

import flask_babel


def say(text: str, **values: object) -> str:
    """Return `text` in the reader's language, with `values` filled in."""
    return str(flask_babel.gettext(text, **values))


def say_many(one: str, many: str, num: int) -> str:
    """Return the form of `one` or `many` that the reader's language has for `num`."""
    return str(flask_babel.ngettext(one, many, num))
