"""What the composer and the page of a letter show: the letter as the party will see it, and what it still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from app import clock
from app.domain.deadlines import Term, Unit, Way
from app.domain.documents import DocumentKind
from app.domain.errors import BadInput, ConditionMissing, Refused
from app.domain.items import ItemKind
from app.domain.procedures.stages import Stage
from app.domain.summonses import DemandKind, only_ways, summons_due, usual_ways
from app.extensions import db
from app.house import equipment
from app.letters.kinds import LETTER_KINDS
from app.letters.names import only_in_words, subject_in_words
from app.letters.official import OfficialLetter
from app.models import Case, Demand, Letter, LetterState, LetterWay
from app.reports import queue, waiting
from app.usecases.addressees import addressees_of, copies_of, original_of, way_to_first
from app.usecases.authorities import APPEAL_LETTER, authority_for_step, authority_of
from app.usecases.case_facts import case_facts, requirements
from app.usecases.days_off import office_calendar
from app.usecases.prepare_letter import AGREEING, MINUTE, printable_letter, sketch_letter
from app.usecases.send_again import came_back, is_not_collected
from app.views.acting import current_act
from app.views.office import formats
from app.views.office.at_case import acts_here, capacity, may
from app.views.office.case_doers import case_file
from app.views.office.case_doers import letter_page as page_of_letter
from app.views.office.letter_draft import ADDABLE, ANSWER, Row, Typed, open_questions, rule_of
from app.views.office.obstacles import Obstacle, obstacles
from app.views.office.ready_reasons import READY_FOR_LETTERS
from app.views.wording import refusal
from app.views.wording_cases import CONDITIONS
from app.views.wording_letters import DEMAND_WAYS, LETTERS, REASONS, SERVICE_EVENTS, STATES, where_to_enter
from app.views.wording_registers import WAYS
from app.views.wording_verdicts import VERDICTS

_TO_COME = "…"
"""What the letter shows where the clerk has not written yet."""
_WRONG: Mapping[str, LazyString] = {
    "not-a-number": lazy_gettext("Write a number of days."),
    "not-a-day": lazy_gettext("Write the day as dd.mm.yyyy."),
}
_FIELD_OF = {
    "reasons-missing": "reasons",
    "term-too-short": "days",
    "until-passed": "until",
    "until-day-off": "until",
    "nothing-demanded": "demands",
}
"""The field of the form to which a refusal belongs."""
_IN_THE_FORM = {
    "reasons": "reasons",
    "legal_reasons": "reasons",
    "answer": "reasons",
    "subject": "subject",
    "new_day": "until",
    "term": "days",
    "demands": "demands",
}
"""The field of the form that gives a field of the text."""


def compose_page(case: Case, step: str, typed: Typed, *, said: dict[str, str] | None = None) -> dict[str, Any]:
    """Return all that `office/compose.html` needs. `said`: what stood in the way of sending, by field."""
    rule = rule_of(step)
    today = clock.today()
    leaving = leaving_letter(case)
    kind = LETTER_KINDS[typed.draft.kind]
    problems = said or problems_of(case, typed)
    elsewhere = authority_of(case, kind.code, equipment=equipment())
    return {
        "title": str(LETTERS[typed.draft.kind]),
        "case": case,
        "step": step,
        "rule": rule,
        "typed": typed,
        "rows": [_row(row) for row in typed.rows],
        "asks_ways": rule is not None and rule.days is not None and "demands" in kind.fields,
        "addable": list(_addable(case, step)),
        "due": _due(typed, today),
        "reasons_label": str(REASONS.get(step if rule else "answer", "")),
        "reasons_optional": rule is not None and not rule.reasons,
        "paper": paper_of(case, typed),
        "kind": kind,
        "addressees": [elsewhere[0]] if elsewhere else _names_of_parties(case),
        "to_authority": elsewhere is not None,
        "into_mailbox": way_to_first(case) is LetterWay.MAILBOX,
        "problems": problems,
        "refused": said is not None,
        "covering": authority_for_step(case, step) if step == "transfer" else None,
        "closed": closed_because(case, step),
        "questions": open_questions(case) if step == ANSWER else [],
        "ready": READY_FOR_LETTERS.get(step, ()),
        "leaving": leaving,
        "acting": acts_here(case),
        "may_edit_texts": may("can_texts", "LetterTextPages"),
    }


def _names_of_parties(case: Case) -> list[str]:
    return [one.name for one in addressees_of(case)] or [case.applicant_name]


def problems_of(case: Case, typed: Typed) -> dict[str, str]:
    """Return what keeps the letter from leaving: field of the form (or nothing) -> sentence."""
    found = {
        field: str(_WRONG[code]) if code in _WRONG else refusal(BadInput(code)) for field, code in typed.wrong.items()
    }
    if found:
        return found
    draft = typed.draft
    while True:
        try:
            sketch(case, replace(typed, draft=draft))
        except BadInput as refused:
            said = problem_in_words(refused)
            lacks = set(said) - set(found)
            found |= said
            # As if it were written: what else is missing is said at once.
            if lacks == {"subject"} and not draft.subject:
                draft = replace(draft, subject=_TO_COME)
            elif lacks == {"reasons"} and not draft.reasons.strip():
                draft = replace(draft, reasons=_TO_COME)
            else:
                return found
        else:
            return found


def problem_in_words(refused: Refused) -> dict[str, str]:
    """Return the sentence for a refusal of the letter, under the field of the form that mends it."""
    if refused.code != "letter-lacks":
        return {_FIELD_OF.get(refused.code, ""): refusal(refused)}
    field = str(refused.details["field"])
    explanation = next(
        (kind.fields[field].explanation for kind in LETTER_KINDS.values() if field in kind.fields), field
    )
    sentence = _("The letter lacks: %(what)s.", what=explanation)
    return {_IN_THE_FORM.get(field, ""): f"{sentence} {where_to_enter(field)}"}


def sketch(case: Case, typed: Typed) -> Letter:
    """Return the letter as it would leave now; raises what `sketch_letter` raises."""
    return sketch_letter(db.session(), case, typed.draft, equipment=equipment(), act=current_act(), doer=capacity())


def paper_of(case: Case, typed: Typed) -> OfficialLetter | None:
    """Return the letter as the party would see it, dots where nothing is written yet; `None` if there can be none."""
    draft = typed.draft
    shown = replace(draft, reasons=draft.reasons.strip() or _TO_COME, subject=draft.subject or _TO_COME)
    try:
        letter = sketch(case, replace(typed, draft=shown))
    except BadInput:
        return None
    return printable_letter(letter, equipment=equipment(), case=case, draft=True)


def closed_because(case: Case, step: str) -> tuple[Obstacle, ...]:
    """Return why the step cannot be taken now; nothing where it can."""
    if leaving_letter(case) is not None:
        return (Obstacle(refusal(ConditionMissing("letter-leaving"))),)
    if step == ANSWER:
        return ()
    doers = {capacity()}
    try:
        case.table.take(Stage(case.stage), step, case_facts(case, clock.today()), doers)
    except ConditionMissing as missing:
        return obstacles(case, [missing.code], doers if acts_here(case) else set(), case_file(case.sign))
    except Refused as refused:
        return (Obstacle(refusal(refused)),)
    return ()


def leaving_letter(case: Case) -> dict[str, Any] | None:
    """Return the letter of `case` that is about to leave: its number, name, and the seconds left to take it back."""
    letter = next((one for one in case.letters if one.state is LetterState.LEAVING), None)
    if letter is None:
        return None
    seconds = int((letter.leaves_at - clock.now()).total_seconds())
    return {"seq": letter.seq, "title": letter.title, "seconds": min(max(seconds, 0), MINUTE), "at": letter.leaves_at}


def letter_page(case: Case, letter: Letter) -> dict[str, Any]:
    """Return all that `office/letter.html` needs."""
    words, kind, icon = STATES[letter.state]
    original, service = original_of(letter), letter.service
    summons = original.summons
    stopped = Refused(letter.stopped_because, sign=case.sign) if letter.stopped_because else None
    return {
        "title": letter.title,
        "case": case,
        "letter": letter,
        "name": str(LETTERS.get(letter.kind, LETTERS["answer"])),
        "state": {"words": str(words), "kind": kind, "icon": icon},
        "way": str(WAYS[letter.way.value]),
        "paper": printable_letter(letter, equipment=equipment(), draft=letter.state is not LetterState.SENT),
        "summons": summons,
        "together": _together(case, letter, original),
        "demands": [(subject_in_words(one.subject), _remark(one), one.met_at) for one in summons.demands]
        if summons
        else [],
        "service": service,
        "events": [
            (event.on, str(SERVICE_EVENTS.get(event.kind, event.kind)), event.remark or "", event.actor_name)
            for event in (service.events if service else [])
        ],
        "stopped": _stopped(stopped),
        "leaving": leaving_letter(case) if letter.state is LetterState.LEAVING else None,
        "acting": acts_here(case) and may("can_compose", "LetterPages"),
        "again": _again(letter) if acts_here(case) and may("can_send_again", "LetterPages") else "",
        "again_url": written_anew_at(case, letter),
        "following": _following(case) if may("can_take_next", "CaseFile") else None,
    }


def _again(letter: Letter) -> str:
    """Return why `letter` may go out again, by post; nothing where it may not."""
    if is_not_collected(letter):
        return str(
            _(
                "The decision waits for whoever collects it. If nobody comes, it is served by post; the things stay"
                " here."
            )
        )
    if came_back(letter):
        return str(
            _(
                "Nobody was served with the letter: the addressee is unknown at its address, or the post lost it. The"
                " same letter goes out again, and its terms run from the service."
            )
        )
    return ""


def written_anew_at(case: Case, letter: Letter) -> str:
    """Return where a letter that did not leave is written anew: a proposal with what it proposes, at its appeal."""
    if letter.kind in AGREEING:
        return case_file(case.sign) + "#agreement"
    if letter.kind == APPEAL_LETTER:
        return case_file(case.sign) + "#decisions"
    return url_for("LetterPages.compose", sign=case.sign, step=letter.step or ANSWER, z=letter.seq)


def _remark(demand: Demand) -> str:
    """Return the words of a demand, and its ways where they are narrowed, as the letter says them."""
    ways = only_in_words(only_ways(demand.kind, map(Way, demand.ways)))
    return "; ".join(part for part in (demand.words, ways) if part)


def _together(case: Case, letter: Letter, original: Letter) -> list[tuple[str, str, str]]:
    """Return (name, address of the page, when it was served) of each other party that got the same letter.

    What is sent to the same party again is no further copy.
    """
    same = {letter.details.get("instead_of"), letter.seq}
    others = [
        one
        for one in (original, *copies_of(original))
        if one.seq not in same and one.details.get("instead_of") not in same - {None}
    ]
    return [(one.addressee, page_of_letter(case.sign, one.seq), _served(one)) for one in others]


def _served(letter: Letter) -> str:
    served = letter.service.served_on if letter.service else None
    return str(_("served on %(day)s", day=formats.day(served)) if served else _("not served yet"))


def _following(case: Case) -> str | None:
    """Return the sign of the most urgent other case of the person of this request in which there is an act to do."""
    session, user, today = db.session(), g.user.id, clock.today()
    came = waiting.came(session, user, today)
    first = queue.chosen(session, queue.Tab.MINE, user, today, came)
    rest, _more = queue.rows(session, queue.Tab.MINE, user, today, first=came)
    acts = [*first, *(row for row in rest if not row.stands)]
    return next((row.sign for row in acts if row.id != case.id), None)


def _stopped(refused: Refused | None) -> str:
    if refused is None:
        return ""
    return str(CONDITIONS.get(refused.code, "")) or refusal(refused)


def _row(row: Row) -> dict[str, Any]:
    demand = row.demand
    usual = usual_ways(demand.kind)
    shown = VERDICTS[demand.verdict] if demand.verdict else None
    code = f"{demand.kind.value}:{demand.subject if demand.kind is not DemandKind.DEFECT else 'APPLICATION'}"
    name = subject_in_words(demand.subject)
    return {
        "code": code,
        "name": name[:1].upper() + name[1:],
        "defect": demand.kind is DemandKind.DEFECT,
        "words": demand.words,
        "kept": row.kept,
        "verdict": shown,
        "narrowed": row.no_way or demand.ways < usual,
        "ways": [
            (way.value, str(words), way in demand.ways and not row.no_way)
            for way, words in DEMAND_WAYS.items()
            if way in usual
        ],
    }


def _addable(case: Case, step: str) -> Iterator[tuple[str, str]]:
    """Yield (code, words) of what may be added to the summons: what the case needs first, then the rest."""
    kinds = ADDABLE.get(step, ())
    needed = [one.kind for one in requirements(case)]
    if DemandKind.DOCUMENT in kinds:
        others = [kind for kind in DocumentKind if kind not in needed and kind is not DocumentKind.APPLICATION]
        for kind in (*needed, *others):
            yield f"document:{kind.value}", subject_in_words(kind.value)
    if DemandKind.THING in kinds:
        brought = list(ItemKind)[: list(ItemKind).index(ItemKind.OTHER) + 1]
        for item in brought:
            yield f"thing:{item.value}", subject_in_words(item.value)


def _due(typed: Typed, today: dt.date) -> dt.date | None:
    """Return the last day of the term if the letter were served today."""
    days = typed.draft.days
    if not days:
        return None
    return summons_due(today, Term(days, Unit.DAY), office_calendar(db.session()))
