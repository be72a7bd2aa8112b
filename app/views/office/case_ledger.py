"""Why is a case due on this day? The lines of its clock in words, each with its paper, and what may be done to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.deadlines import Line, Reckoning, StopReason
from app.domain.procedures.editions import SEKAP
from app.models import BINDING, Case, DeadlineEvent, Direction, LetterState
from app.usecases.case_clock import settling_term
from app.usecases.case_facts import acts_ex_officio, is_registered, newest_proposal
from app.usecases.take_step import CLOCK_ACTS
from app.views.office import formats
from app.views.office.case_doers import letter_page
from app.views.office.case_steps import Choice
from app.views.wording_cases import LEDGER, STOPS

CLOCK_STEPS = CLOCK_ACTS | {"suspend", "take_up"}
"""What is done to the clock stands beside it, and not among the acts that lead a case on."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of "why this date?"; `papers` are the words and addresses of what brought it about."""

    event: str
    law: str
    date: str
    said: str = ""
    papers: tuple[tuple[str, str], ...] = ()


def ledger(case: Case, reckoned: Reckoning | None) -> list[LedgerLine]:
    """Return the lines that lead to the due day of `case`."""
    term = settling_term(case)
    if reckoned is None or term is None:
        return []
    return [_line(case, line, [term.events[place] for place in line.events]) for line in reckoned.lines]


def clock_choices(found: Iterable[Choice]) -> list[Choice]:
    """Return what can be done to the clock now."""
    return [one for one in found if one.name in CLOCK_STEPS and one.way != "closed"]


def letters_to_name(case: Case) -> list[tuple[int, str]]:
    """Return number and words of the letters that may stand behind an act, the newest first."""
    sent = [letter for letter in reversed(case.letters) if letter.state is LetterState.SENT and not letter.copy_of]
    return [(letter.seq, f"{letter.title}, {formats.day(letter.sent_at)}") for letter in sent]


def stop_in_words(case: Case, reason: StopReason, *, now: bool) -> str:
    """Return why the clock of `case` stood, or why it stands `now`."""
    newest = newest_proposal(case)
    match reason:
        case StopReason.AWAITING_AGREEMENT if now and newest is not None and newest.state in BINDING:
            return str(STOPS["agreed"])
        case StopReason.AWAITING_PARTY if case.edition != SEKAP or (now and is_registered(case)):
            return str(STOPS["collects"])
        case _:
            return str(STOPS[reason.value])


def _line(case: Case, line: Line, events: list[DeadlineEvent]) -> LedgerLine:
    words = str(LEDGER[line.code])
    if line.code == "started" and acts_ex_officio(case):
        words = _("What the office acts upon by itself arrived, one month")
    if line.code in {"stopped", "still-stopped"} and line.reason is not None:
        what = stop_in_words(case, line.reason, now=line.code == "still-stopped")
        since = formats.day(line.since)
        what = f"{what[:1].upper()}{what[1:]}"
        if line.days:
            days = ngettext("%(num)s day", "%(num)s days", line.days)
            words = _("%(what)s, %(since)s–%(until)s, %(days)s", what=what, since=since,
                      until=formats.day(line.until), days=days)  # fmt: skip
        else:
            words = _("%(what)s, from %(since)s", what=what, since=since)
    said = " ".join(event.words for event in events if event.words)
    papers = tuple(dict.fromkeys(paper for event in events for paper in _papers(case, event)))
    return LedgerLine(words, line.law, formats.day(line.date), said, papers)


def _papers(case: Case, event: DeadlineEvent) -> Iterator[tuple[str, str]]:
    if event.letter is not None:
        yield event.letter.title, letter_page(case.sign, event.letter.seq)
    if event.package is not None:
        yield _("Package %(number)s", number=event.package.number), "#documents"
    if (parcel := event.consignment) is not None:
        day = formats.day(parcel.on)
        came = parcel.direction is Direction.IN
        yield _("What came on %(day)s", day=day) if came else _("What went out on %(day)s", day=day), "#things"
    if event.proposal is not None:
        yield _("Proposal number %(number)s", number=event.proposal.version), "#agreement"
