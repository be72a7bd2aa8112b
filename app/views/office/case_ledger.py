"""Why is a case due on this day? The lines of its clock in words, each with its paper, and what may be done to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.deadlines import STOPS_BY_HAND, Line, Reckoning
from app.domain.delivery import Method
from app.domain.procedures.facts import CaseFacts
from app.domain.procedures.stages import Stage
from app.models import BINDING, Case, DeadlineEvent, Direction, LetterState
from app.usecases.case_clock import settling_term
from app.usecases.case_facts import acts_ex_officio, newest_proposal, newest_summons
from app.usecases.take_step import CLOCK_ACTS
from app.views.office import formats
from app.views.office.case_doers import letter_page
from app.views.office.case_steps import Choice
from app.views.wording_cases import LEDGER, STOPS

CLOCK_STEPS = CLOCK_ACTS | {"suspend", "take_up"}
"""What is done to the clock stands beside it, and not among the acts that lead a case on."""

OFFICE_NEXT = frozenset({"set-to-confirm", "office-proposes", "party-done"})
"""Nothing more is awaited from the party; the office does the next thing."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of "why this date?"; `papers` are the words and addresses of what brought it about."""

    event: str
    law: str
    date: str
    said: str = ""
    papers: tuple[tuple[str, str], ...] = ()


def ledger(case: Case, facts: CaseFacts, reckoned: Reckoning | None) -> list[LedgerLine]:
    """Return the lines that lead to the due day of `case`."""
    term = settling_term(case)
    if reckoned is None or term is None:
        return []
    done = done_by_the_party(case, facts)
    return [_line(case, line, [term.events[place] for place in line.events], done) for line in reckoned.lines]


def done_by_the_party(case: Case, facts: CaseFacts) -> str:
    """Return what ends the wait where the party has done its part; nothing where the case waits for it still.

    The clock stands until the step that says so: the clerk confirms the set, the things go out, the decision is made.
    """
    summons, proposal = newest_summons(case), newest_proposal(case)
    match case.stage:
        case Stage.AWAITING_ORIGINALS if summons is not None and summons.met_at is not None:
            return "set-to-confirm"
        case Stage.AGREEING_HANDOVER if proposal is None or proposal.sends_back:
            return "office-proposes"
        case Stage.AGREEING_HANDOVER if proposal is not None and proposal.state in BINDING:
            return "agreed" if any(proposal.left(method) for method in Method) else "office-proposes"
        case Stage.PERMANENT_READY if facts.permit_returned and facts.policy_shown and not facts.registration_decided:
            return "party-done"
    return ""


def clock_choices(found: Iterable[Choice]) -> list[Choice]:
    """Return what can be done to the clock now."""
    return [one for one in found if one.name in CLOCK_STEPS and one.way != "closed"]


def letters_to_name(case: Case) -> list[tuple[int, str]]:
    """Return number and words of the letters that may stand behind an act, the newest first."""
    sent = [letter for letter in reversed(case.letters) if letter.state is LetterState.SENT and not letter.copy_of]
    return [(letter.seq, f"{letter.title}, {formats.day(letter.sent_at)}") for letter in sent]


def stop_in_words(case: Case, reason: str) -> str:
    """Return why the clock stands, as the edition of `case` has it."""
    return str(STOPS.get(f"{reason}-{case.edition}") or STOPS[reason])


def _line(case: Case, line: Line, events: list[DeadlineEvent], done: str) -> LedgerLine:
    words = str(LEDGER[line.code])
    if line.code == "started" and acts_ex_officio(case):
        words = _("What the office acts upon by itself arrived, one month")
    if line.code in {"stopped", "still-stopped"} and line.reason is not None:
        by_itself = line.code == "still-stopped" and line.reason not in STOPS_BY_HAND
        what = stop_in_words(case, done if done and by_itself else line.reason.value)
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
