"""A clerk writes a letter: shown before, prepared, and for a minute taken back. Its step is taken when it leaves."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.domain.acts import Act, Actor, ActorKind
from app.domain.correspondence import EX_OFFICIO, GRANTING, REMINDERS_OF_SUMMONS, STEP_LETTERS, TO_AUTHORITIES
from app.domain.deadlines import Way
from app.domain.errors import BadInput, ConditionMissing, NotAllowed
from app.domain.procedures.editions import SEKAP
from app.domain.procedures.stages import Doer, Stage
from app.domain.summonses import summons_term
from app.equipment import Equipment
from app.letters.kinds import LETTER_KINDS
from app.letters.official import CoverSheet, OfficialLetter
from app.letters.render import LetterDataMissing
from app.letters.texts import Block, BlockKind, Composed, compose, default_text, parse_text
from app.letters.texts import LetterText as Text
from app.models import LONGEST_HEAD, Case, Letter, LetterState, LetterText, LetterWay
from app.outbox.post import post_job
from app.usecases.addressees import address_lines, addressees_of, way_to_first
from app.usecases.authorities import TRANSFER_LETTER, authority_for_step, authority_of
from app.usecases.case_facts import case_facts, newest_proposal, office_waits
from app.usecases.collecting import collected_by, fields_of_collection
from app.usecases.days_off import office_calendar
from app.usecases.demands import days_of_step, demands_of_step
from app.usecases.items import things_to_forward
from app.usecases.letter_fields import LetterDraft, demand_in_words, letter_fields
from app.usecases.letter_head import letter_head, signer_for
from app.usecases.record import record
from app.usecases.staff import position_of
from app.usecases.summons_in_force import WITHDRAWAL_SUMMONS, summons_in_force
from app.usecases.told_of_data import with_information
from app.usecases.what_goes_out import given_with
from app.usecases.whose_case import claim

SEND_LETTER = "send_letter"
PROPOSED, SETTLED = "handover_agreement", "handover_settled"
AGREEING = frozenset({PROPOSED, SETTLED})
"""The letters with a proposal of a handover, and with what became of one; they say nothing of the clerk's own."""
MINUTE = 60
"""Seconds in which a letter can be taken back."""
_WITH_COVER = frozenset(
    {
        "originals_summons", "remedy_summons", "further_summons", "permit_return_summons", "plates_return_summons",
        "summons_extension", WITHDRAWAL_SUMMONS, *REMINDERS_OF_SUMMONS,
    }
)  # fmt: skip
"""The letters that invite an envelope; each brings the sheet with which the front desk opens it."""
_IN_AN_ENVELOPE = frozenset({Way.DESIGNATED_OPERATOR.value, Way.COURIER.value})


def new_draft(session: Session, case: Case, step: str, act: Act) -> LetterDraft:
    """Return the draft with which a clerk begins the letter of `step`. Raises BadInput (`no-letter`).

    A new day that it names is a working day: on another one the term would end later than the letter says.
    """
    rule = STEP_LETTERS.get(step)
    if rule is None:
        raise BadInput("no-letter", step=step)
    return LetterDraft(
        kind=kind_of_letter(case, step),
        step=step,
        days=days_of_step(case, step, act.today),
        demands=demands_of_step(case, step),
        until=_until(session, case, step, act, rule.until) if rule.until else None,
    )


def kind_of_letter(case: Case, step: str) -> str:
    """Return which kind of letter goes out with `step`, one of STEP_LETTERS, in `case`."""
    kind = STEP_LETTERS[step].kind
    if step == "remind" and case.stage != Stage.AWAITING_ORIGINALS.value:
        return "handover_reminder" if office_waits(newest_proposal(case)) else "return_reminder"
    if step == "leave_unexamined" and case.stage == Stage.VERIFICATION.value:
        return "left_without_address"
    if step == "summon_remedy" and case.stage == Stage.WITHDRAWN.value:
        return WITHDRAWAL_SUMMONS
    # Without a permit there is none to ask back: the certificate is simply to be collected.
    return "handover_proposal" if kind == "permit_return_summons" and case.permit is None else kind


def text_in_use(session: Session, kind: str, edition: str) -> Text:
    """Return the text of a letter: the newest version of the office, or what the program begins with."""
    source = session.scalar(
        sa.select(LetterText.source)
        .where(LetterText.kind == kind, LetterText.edition.in_([edition, ""]))
        .order_by(LetterText.edition.desc(), LetterText.version.desc())
        .limit(1)
    )
    return parse_text(kind, source or default_text(kind, edition))


def compose_letter(session: Session, case: Case, draft: LetterDraft, *, equipment: Equipment, act: Act) -> Composed:
    """Return the words of the letter that `draft` describes, by the text that the office uses today.

    Raises:
        BadInput: `letter-kind-unknown`; `letter-lacks` with the `field` that the case or the draft does not give;
            TermTooShort; `reasons-missing`, `until-passed`, `until-day-off`, `nothing-demanded`.
    """
    if draft.kind not in LETTER_KINDS:
        raise BadInput("letter-kind-unknown", kind=draft.kind)
    _check(session, case, draft, act)
    text = text_in_use(session, draft.kind, case.edition)
    fields = letter_fields(case, draft, equipment=equipment, act=act)
    fields |= fields_of_collection(session, case, draft, equipment=equipment, act=act)
    try:
        words = compose(text, fields)
        if draft.kind in TO_AUTHORITIES:
            return words
        names = [name for name, _lines in _recipients(case, draft.kind, equipment)]
        return with_information(words, case, draft.kind, names, fields)
    except LetterDataMissing as missing:
        raise BadInput("letter-lacks", field=missing.field) from missing


def prepare_letter(
    session: Session,
    case: Case,
    version: int,
    draft: LetterDraft,
    *,
    equipment: Equipment,
    act: Act,
    doer: Doer,
    delay: int = MINUTE,
) -> Letter:
    """Write the letter that `draft` describes; it leaves after `delay` seconds and takes the step of the draft then.

    Raises:
        Stale, NotAllowed: what `claim` raises.
        ConditionMissing: `letter-leaving`: another one is on its way out; what the procedure lacks for the step.
        BadInput: what `compose_letter` raises.
    """
    claim(case, version, act=act, doer=doer)
    if draft.step is not None:
        case.table.take(Stage(case.stage), draft.step, case_facts(case, act.today), {doer})
    return write_letter(session, case, draft, equipment=equipment, act=act, doer=doer, delay=delay)


def write_letter(
    session: Session,
    case: Case,
    draft: LetterDraft,
    *,
    equipment: Equipment,
    act: Act,
    doer: Doer,
    delay: int = MINUTE,
) -> Letter:
    """Write the letter that `draft` describes in a case that was claimed; it leaves after `delay` seconds.

    Raises ConditionMissing (`letter-leaving`), and what `compose_letter` raises.
    """
    if any(letter.state is LetterState.LEAVING for letter in case.letters):
        raise ConditionMissing("letter-leaving")
    letter = sketch_letter(session, case, draft, equipment=equipment, act=act, doer=doer, delay=delay)
    case.letters.append(letter)
    case.changed_at = act.at
    session.flush()
    post_job(session, SEND_LETTER, letter.id, key=f"{SEND_LETTER}:{letter.id}", act=act, delay=delay)
    details = {"letter": letter.seq, "kind": letter.kind, "step": draft.step}
    record(session, f"case:{case.id}", "letter-prepared", details, act=act)
    return letter


def sketch_letter(
    session: Session,
    case: Case,
    draft: LetterDraft,
    *,
    equipment: Equipment,
    act: Act,
    doer: Doer,
    delay: int = MINUTE,
) -> Letter:
    """Return the letter that `draft` describes as it would leave. It is not saved, and not yet among those of `case`.

    What starts a term or a right goes to every party (KPA art. 40 § 3, art. 109 § 1); the rest to the first one. What
    goes to another authority goes there alone, on paper.

    Raises what `compose_letter` raises, BadInput (`head-too-long`: title or legal basis, by the office's own text).
    """
    words = compose_letter(session, case, draft, equipment=equipment, act=act)
    if max(len(words.title), len(words.legal_basis)) > LONGEST_HEAD:
        raise BadInput("head-too-long")
    rule = STEP_LETTERS.get(draft.step or "")
    with_items = rule is not None and rule.with_items
    kind = LETTER_KINDS[draft.kind]
    elsewhere = draft.kind in TO_AUTHORITIES
    (name, address), *others = _recipients(case, draft.kind, equipment)
    return Letter(
        seq=len(case.letters) + 1,
        kind=draft.kind,
        step=draft.step,
        state=LetterState.LEAVING,
        way=LetterWay.POST if elsewhere else LetterWay.WITH_ITEMS if with_items else way_to_first(case),
        needs_receipt=kind.needs_receipt,
        addressee=name,
        address=list(address),
        title=words.title,
        legal_basis=words.legal_basis,
        blocks=words.as_data()["blocks"],
        details={
            **_details(draft, doer, act),
            "given": [" ".join(filter(None, row)) for row in given_with(case, draft.step)] if with_items else [],
            "form": form_of(case, draft.kind, act.today),
            "position": position_of(session, act.actor.id),
            "recipients": [name, *(one for one, _lines in others)],
            "others": [{"name": one, "address": list(lines)} for one, lines in others],
            **({"things": [item.number for item in things_to_forward(case)]} if draft.kind == TRANSFER_LETTER else {}),
            **({"appeal": draft.appeal} if draft.appeal else {}),
            **collected_by(session, case, draft, equipment=equipment, act=act),
        },
        author_id=act.actor.id,
        author_name=act.actor.name,
        made_at=act.at,
        leaves_at=act.at + dt.timedelta(seconds=delay),
    )


def _recipients(case: Case, kind: str, equipment: Equipment) -> list[tuple[str, tuple[str, ...]]]:
    """Return name and address of each to whom a letter of `kind` goes."""
    elsewhere = authority_of(case, kind, equipment=equipment)
    if elsewhere is not None:
        return [elsewhere]
    people = [(party.name, address_lines(party)) for party in addressees_of(case)] or [(case.applicant_name, ())]
    return people if LETTER_KINDS[kind].needs_receipt else people[:1]


def covering_letter(session: Session, notice: Letter, *, equipment: Equipment) -> Letter | None:
    """Return the letter with which an application goes to the competent authority, once `notice` of a transfer leaves.

    It is only sketched. Nothing is returned where `notice` is another letter. The same notice gives the same letter.
    """
    if notice.kind != STEP_LETTERS["transfer"].kind:
        return None
    author = Act(Actor(ActorKind.STAFF, notice.author_id, notice.author_name), notice.made_at)
    draft, doer = draft_of_cover(notice.details["reasons"] or ""), Doer(notice.details["doer"])
    cover = sketch_letter(session, notice.case, draft, equipment=equipment, act=author, doer=doer, delay=0)
    cover.seq += len(notice.details["others"])
    return cover


def draft_of_cover(reasons: str) -> LetterDraft:
    """Return the draft of the letter with which an application goes to the competent authority."""
    return LetterDraft(kind=TRANSFER_LETTER, reasons=reasons)


def take_back_letter(session: Session, letter: Letter, *, act: Act, doer: Doer) -> Letter:
    """Keep a letter that has not left yet from leaving.

    Raises NotAllowed (`case-not-yours`), ConditionMissing (`letter-left`).
    """
    case = letter.case
    if doer is not Doer.SUPERVISOR and case.clerk_id != act.actor.id:
        raise NotAllowed("case-not-yours", sign=case.sign)
    session.refresh(letter, with_for_update=True)
    if letter.state is not LetterState.LEAVING:
        raise ConditionMissing("letter-left")
    letter.state = LetterState.TAKEN_BACK
    case.changed_at = act.at
    record(session, f"case:{case.id}", "letter-taken-back", {"letter": letter.seq, "kind": letter.kind}, act=act)
    return letter


def printable_letter(
    letter: Letter, *, equipment: Equipment, case: Case | None = None, draft: bool = False, note: str = ""
) -> OfficialLetter:
    """Return `letter` as it is printed, with the cover sheet for an envelope where things have to come.

    A letter that is only sketched does not know its `case` yet.
    """
    office = equipment.office
    sign = (case or letter.case).sign
    return OfficialLetter(
        office=letter_head(equipment),
        place=office.city,
        day=dt.date.fromisoformat(letter.details["day"]),
        sign=sign,
        number=f"{sign}/{letter.copy_of or letter.seq}",
        addressee=(letter.addressee, *letter.address),
        text=composed_of(letter),
        signer=signer_for(office.authority, letter.author_name, letter.details["position"]),
        electronic_note=note,
        check_address=f"{equipment.settings.public_url}/sprawdz",
        recipients=(*letter.details.get("recipients", [letter.addressee]), "a/a"),
        cover=_cover(letter, sign, equipment),
        form=letter.details.get("form", ""),
        part_b=letter.way is LetterWay.WITH_ITEMS,
        part_b_items=tuple(letter.details.get("given", ())),
        draft=draft,
    )


def composed_of(letter: Letter) -> Composed:
    """Return the words of `letter` as they were composed."""
    return Composed(
        letter.title,
        letter.legal_basis,
        tuple(
            Block(BlockKind(one["kind"]), one["text"], tuple((row[0], row[1]) for row in one["rows"]))
            for one in letter.blocks
        ),
    )


def _until(session: Session, case: Case, step: str, act: Act, days: int) -> dt.date:
    return office_calendar(session).next_working_day(_until_now(case, step, act) + dt.timedelta(days=days))


def _until_now(case: Case, step: str, act: Act) -> dt.date:
    """Return the day after which a later one has to lie. A reminder gives some more days when a term has passed."""
    if step == "remind":
        return act.today
    summons = summons_in_force(case) if step == "extend_summons" else None
    due = summons.due_on if summons is not None else case.due_on
    return max(due or act.today, act.today)


def _check(session: Session, case: Case, draft: LetterDraft, act: Act) -> None:
    rule = STEP_LETTERS.get(draft.step or "")
    if rule is None:
        if draft.kind not in AGREEING and not draft.reasons.strip():
            raise BadInput("reasons-missing")
        return
    if rule.reasons and not draft.reasons.strip():
        raise BadInput("reasons-missing")
    name, address = authority_for_step(case, draft.step) or ("", ())
    if name and not address:
        # The letter goes there by post.
        raise BadInput("letter-lacks", field="authority_address")
    if rule.days is not None:
        summons_term(draft.days or 0, rule.least)
    if rule.days is not None and not draft.demands and rule.kind != "permit_return_summons":
        raise BadInput("nothing-demanded")
    if rule.until and (draft.until is None or draft.until <= _until_now(case, draft.step or "", act)):
        raise BadInput("until-passed")
    if rule.until and draft.until is not None:
        working = office_calendar(session).next_working_day(draft.until)
        if working != draft.until:
            raise BadInput("until-day-off", day=f"{draft.until:%d.%m.%Y}", working=f"{working:%d.%m.%Y}")


def _details(draft: LetterDraft, doer: Doer, act: Act) -> dict[str, object]:
    return {
        "day": act.today.isoformat(),
        "doer": doer.value,
        "days": draft.days,
        "until": draft.until.isoformat() if draft.until else None,
        "reasons": draft.reasons.strip() or None,
        "demands": [
            {
                "kind": demand.kind.value,
                "subject": demand.subject,
                "words": demand.words,
                "ways": sorted(way.value for way in demand.ways),
                "said": " – ".join(part for part in demand_in_words(demand) if part)[:300],
            }
            for demand in draft.demands
        ],
    }


def _cover(letter: Letter, sign: str, equipment: Equipment) -> CoverSheet | None:
    enclose, office = enclosed_in(letter), equipment.office
    if not enclose:
        return None
    address = (office.name, office.department, office.street, f"{office.postal_code} {office.city}")
    return CoverSheet(sign, address, enclose)


def enclosed_in(letter: Letter) -> tuple[str, ...]:
    """Return what goes into the envelope for which `letter` brings a cover sheet; nothing where it brings none."""
    if letter.kind not in _WITH_COVER:
        return ()
    return tuple(one["said"] for one in letter.details["demands"] if _IN_AN_ENVELOPE & set(one["ways"]))


FORMS_SINCE = dt.date(2024, 11, 30)
"""From this day on decisions have a national form (Dz.U. 2024 poz. 1709)."""


def form_of(case: Case, kind: str, day: dt.date) -> str:
    """Return the national form that the decision `kind` of `day` follows; nothing where the edition knows none.

    A deregistration ex officio has a form of its own.
    """
    if kind not in GRANTING | {EX_OFFICIO} or case.edition == SEKAP or day < FORMS_SINCE:
        return ""
    annex = 10 if kind == EX_OFFICIO else 6
    return f"wzór: załącznik nr {annex} (Dz.U. z 2024 r. poz. 1709)"
