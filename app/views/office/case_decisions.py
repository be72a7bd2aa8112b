"""The decisions of a case in words: since when each is final, which appeals came, what can be written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.domain.appeals import AFTER_IT_WAS_FORWARDED, BEFORE_IT_IS_FORWARDED, AppealOutcome
from app.domain.correspondence import GRANTING
from app.models import Appeal, Case, Decision, LetterState
from app.usecases.addressees import parties_of, served_all_on
from app.usecases.appeals import is_repealed, may_appeal, open_appeals, place_of, waits_here
from app.usecases.authorities import NO_GROUNDS
from app.usecases.waive_appeal import may_be_waived
from app.views.office import formats
from app.views.office.case_doers import letter_page
from app.views.wording_appeals import OUTCOMES, WAYS
from app.views.wording_registers import DECISIONS


@dataclass(frozen=True, slots=True)
class AppealShown:
    """An appeal: what of it is known, how far it is (words, kind and icon of a chip), what can be done about it now.

    `opinion`: what the letter that forwards it says at first.
    """

    place: int
    about: str
    words: str
    kind: str
    icon: str
    forward_url: str = ""
    preview_url: str = ""
    opinion: str = ""
    strike_url: str = ""
    end_url: str = ""
    outcomes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision: what, when, by whom, and from when nobody can appeal. Addresses are empty while nothing can be said.

    `late`: an appeal that came now would be late. `appellants`: (id, name) of whose it can be, where there are several.
    """

    title: str
    url: str
    about: str
    final: str
    waive_url: str
    appeal_url: str
    appellants: Sequence[tuple[int, str]]
    late: bool
    appeals: Sequence[AppealShown]


def decisions(case: Case, today: dt.date, *, may_act: bool) -> list[DecisionShown]:
    """Return the decisions of `case`, the newest first. `may_act`: to the clerk of the case."""
    return [_shown(case, row, today, may_act=may_act) for row in reversed(case.decisions)]


def ways() -> list[tuple[str, str]]:
    """Return how an appeal may have come: (code, words)."""
    return [(code, str(words)) for code, words in WAYS.items()]


def _shown(case: Case, row: Decision, today: dt.date, *, may_act: bool) -> DecisionShown:
    number = row.letter.seq
    appeals = [one for one in case.appeals if one.decision_id == row.id]
    able = may_appeal(case, row) if may_act else []
    return DecisionShown(
        title=str(DECISIONS[row.kind]),
        url=letter_page(case.sign, number),
        about=f"{formats.day(row.issued_on)}, {row.signed_by}, {row.letter.legal_basis}",
        final=_final(case, row, today),
        waive_url=url_for("CaseFile.waive", sign=case.sign, number=number)
        if may_act and may_be_waived(row, today)
        else "",
        appeal_url=url_for("CaseAppeals.lodge", sign=case.sign, number=number) if able else "",
        appellants=[(one.id, one.name) for one in able if one is not None] if len(parties_of(case)) > 1 else [],
        late=row.final_on is not None and row.final_on <= today,
        appeals=[_appeal(case, one, today, may_act=may_act) for one in reversed(appeals)],
    )


def _final(case: Case, row: Decision, today: dt.date) -> str:
    """Return whether `row` is final, and since when; one that grants all is final, but binds from its service on."""
    if row.kind in GRANTING and row.final_on is not None:
        served = served_all_on(row.letter)
        since = max(row.final_on, served) if served is not None else None
        return str(_("final since %(day)s", day=formats.day(since)) if since else _("final once it is served"))
    if row.final_on is not None and row.final_on > today:
        return str(_("final from %(day)s", day=formats.day(row.final_on)))
    if row.final_on is not None:
        return str(_("final since %(day)s", day=formats.day(row.final_on)))
    if is_repealed(case, row):
        return str(_("no longer in force"))
    return str(_("under appeal") if open_appeals(case, row) else _("can be appealed"))


def _appeal(case: Case, appeal: Appeal, today: dt.date, *, may_act: bool) -> AppealShown:
    about, place = _about(case, appeal), place_of(appeal)
    if appeal.outcome is not None:
        words = _("%(day)s: %(outcome)s", day=formats.day(appeal.ended_on), outcome=OUTCOMES[appeal.outcome.value])
        return AppealShown(place, about, words, "", "scale")
    acts = dict.fromkeys(("forward", "preview", "end", "strike"), "")
    if may_act:
        acts = {name: url_for(f"CaseAppeals.{name}", sign=case.sign, place=place) for name in acts}
    if appeal.forwarded_on is not None:
        words = _("at the SKO since %(day)s", day=formats.day(appeal.forwarded_on))
        ends = _outcomes(AFTER_IT_WAS_FORWARDED)
        return AppealShown(place, about, words, "info", "send", end_url=acts["end"], outcomes=ends)
    due = appeal.forwarding.due_on if appeal.forwarding is not None else None
    kind = "late" if due is not None and due < today else "warn"
    if not waits_here(appeal):
        words = _("the letter to the SKO waits to be posted, by %(day)s", day=formats.day(due))
        ends = _outcomes([AppealOutcome.WITHDRAWN])
        return AppealShown(place, about, words, kind, "mail", end_url=acts["end"], outcomes=ends)
    words = _("to be forwarded to the SKO by %(day)s", day=formats.day(due))
    if any(one.state is LetterState.LEAVING and one.details.get("appeal") == place for one in case.letters):
        return AppealShown(place, about, _("the letter to the SKO is leaving"), kind, "clock")
    return AppealShown(
        place, about, words, kind, "clock-exclamation",
        forward_url=acts["forward"], preview_url=acts["preview"], opinion=NO_GROUNDS, strike_url=acts["strike"],
        end_url=acts["end"], outcomes=_outcomes(BEFORE_IT_IS_FORWARDED),
    )  # fmt: skip


def _about(case: Case, appeal: Appeal) -> str:
    """Return whose the appeal is, when and how it came, and whether that was in time."""
    day, way = formats.day(appeal.received_on), WAYS[appeal.way.value]
    if appeal.party is not None and len(parties_of(case)) > 1:
        about = _("Appeal of %(name)s received on %(day)s, %(way)s", name=appeal.party.name, day=day, way=way)
    else:
        about = _("Appeal received on %(day)s, %(way)s", day=day, way=way)
    if appeal.posted_on is not None:
        about += ", " + _("posted on %(day)s", day=formats.day(appeal.posted_on))
    if appeal.late:
        in_time = _(
            "It came after the term, which ended on %(day)s; whether it is admitted, the SKO decides (KPA art. 134).",
            day=formats.day(appeal.term_end),
        )
    else:
        in_time = _("It came in time.")
    return f"{about}. {in_time}"


def _outcomes(codes: Sequence[AppealOutcome]) -> list[tuple[str, str]]:
    return [(code.value, str(OUTCOMES[code.value])) for code in codes]
