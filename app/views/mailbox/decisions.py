"""What does the page of a case say of its decisions: served though nobody took them, or kept in force on appeal?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from app.domain.appeals import BY_THE_APPEAL_AUTHORITY, WITHOUT_FORCE
from app.domain.correspondence import APPEALABLE, GRANTING
from app.models import Case, ServiceOutcome
from app.views.mailbox import formats
from app.views.wording_letters import LETTERS

_SERVED_UNTAKEN: Mapping[ServiceOutcome, LazyString] = {
    ServiceOutcome.UNCLAIMED: _(
        "%(decision)s: nobody collected it at the post office. It counts as served on %(day)s (KPA art. 44)."
    ),
    ServiceOutcome.REFUSED: _(
        "%(decision)s: it was not accepted from the post. It counts as served on %(day)s (KPA art. 47)."
    ),
}
_KEPT_IN_FORCE = _(
    "The appeal ended on %(day)s, and the decision of the office stays in force."
    " A complaint to the administrative court, by way of the SKO, is open for 30 days from the service of what the SKO"
    " decided (PPSA art. 53 § 1, art. 54 § 1)."
)


def of_decisions(case: Case) -> list[Markup]:
    """Return what the reader has to know of the decisions of `case`, in their order.

    What the appeal authority decides it serves itself: the office knows only that it did.
    """
    return [*_served_untaken(case), *_kept_in_force(case)]


def _served_untaken(case: Case) -> Iterator[Markup]:
    for letter in case.letters:
        service = letter.service
        sentence = _SERVED_UNTAKEN.get(service.outcome) if service and service.outcome else None
        if letter.kind in GRANTING | APPEALABLE and sentence and service and service.served_on:
            yield _filled(sentence, service.served_on, decision=str(LETTERS[letter.kind]))


def _kept_in_force(case: Case) -> Iterator[Markup]:
    for appeal in case.appeals:
        if appeal.ended_on and appeal.outcome in BY_THE_APPEAL_AUTHORITY - WITHOUT_FORCE:
            yield _filled(_KEPT_IN_FORCE, appeal.ended_on)


def _filled(sentence: LazyString, day: dt.date, **words: str) -> Markup:
    filled = {"day": formats.day(day), **words}
    return Markup(str(sentence)) % filled  # noqa: S704 - a sentence of our own catalogue; values are escaped
