"""What the forms of a case send: the version that was looked at, codes, numbers and short texts."""

from __future__ import annotations

import enum
from typing import TypeVar

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.views.numbers import whole_number

_Code = TypeVar("_Code", bound=enum.StrEnum)


def seen_version() -> int:
    """Return the version of the case that the form was made from; -1 where it says none."""
    return number("version")


def number(name: str) -> int:
    """Return a whole number of the form; -1 where there is none."""
    found = whole_number(request.form.get(name, ""))
    return -1 if found is None else found


def short(name: str) -> str:
    """Return a short text of the form, cut at 1000 characters."""
    return request.form.get(name, "")[:1000]


def word(name: str, kind: type[_Code]) -> _Code:
    """Return a code of the form as a member of `kind`; an unknown one answers 404."""
    try:
        return kind(request.form.get(name, ""))
    except ValueError:
        abort(404)


def back_to(sign: str, section: str = "") -> Response:
    """Lead back to the page of the case, at one of its sections."""
    return redirect(url_for("CaseFile.open", sign=sign, _anchor=section or None))
