"""Which sentence stands for a code of the rules: refusals. `app.views.wording_*` hold stages, steps and reasons."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.domain.errors import Refused

REFUSALS: dict[str, LazyString] = {
    "too-many-attempts": _("There were too many failed attempts. You can try again in %(seconds)s seconds."),
}
_UNWORDED = _("The rules of the office do not allow this now.")


def refusal(error: Refused) -> str:
    """Return the sentence for a refusal, with its details filled in."""
    text = REFUSALS.get(error.code, _UNWORDED)
    try:
        return str(text) % dict(error.details)
    except (KeyError, TypeError, ValueError):
        return str(_UNWORDED)
