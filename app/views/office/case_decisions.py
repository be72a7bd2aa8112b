"""The decisions of a case in words: since when each is final, which appeals came, what can be written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.domain.appeals import BY_THE_APPEAL_AUTHORITY, WITHOUT_FORCE, AppealOutcome
from app.models import Appeal, Case, Decision
from app.usecases.appeals import forwarding_term, may_be_appealed
from app.usecases.waive_appeal import may_be_waived
from app.views.office import formats
from app.views.office.case_doers import letter_page
from app.views.wording_appeals import OUTCOMES, WAYS
from app.views.wording_registers import DECISIONS


@dataclass(frozen=True, slots=True)
class AppealShown:
    """An appeal: what of it is known, how far it is (words, kind and icon of a chip), what can be written down now."""

    about: str
    words: str
    kind: str
    icon: str
    forward_url: str = ""
    end_url: str = ""
    outcomes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision: what, when, by whom, and from when nobody can appeal. Addresses are empty while nothing can be said.

    `late`: an appeal that came now would be late.
    """

    title: str
    url: str
    about: str
    final: str
    waive_url: str
    appeal_url: str
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
    return DecisionShown(
        title=str(DECISIONS[row.kind]),
        url=letter_page(case.sign, number),
        about=f"{formats.day(row.issued_on)}, {row.signed_by}, {row.letter.legal_basis}",
        final=_final(row, appeals, today),
        waive_url=url_for("CaseFile.waive", sign=case.sign, number=number)
        if may_act and may_be_waived(row, today)
        else "",
        appeal_url=url_for("CaseAppeals.lodge", sign=case.sign, number=number)
        if may_act and may_be_appealed(case, row)
        else "",
        late=row.final_on is not None and row.final_on <= today,
        appeals=[_appeal(case, one, number, today, may_act=may_act) for one in reversed(appeals)],
    )


def _final(row: Decision, appeals: Sequence[Appeal], today: dt.date) -> str:
    if row.final_on is not None and row.final_on > today:
        return str(_("final from %(day)s", day=formats.day(row.final_on)))
    if row.final_on is not None:
        return str(_("final since %(day)s", day=formats.day(row.final_on)))
    if appeals and appeals[-1].outcome in WITHOUT_FORCE:
        return str(_("no longer in force"))
    return str(_("under appeal") if appeals else _("can be appealed"))


def _appeal(case: Case, appeal: Appeal, number: int, today: dt.date, *, may_act: bool) -> AppealShown:
    about = _("Appeal received on %(day)s, %(way)s", day=formats.day(appeal.received_on), way=WAYS[appeal.way.value])
    if appeal.posted_on is not None:
        about += ", " + _("posted on %(day)s", day=formats.day(appeal.posted_on))
    about += ". " + (
        _("It came after the term, which ended on %(day)s; whether it is admitted, the SKO decides (KPA art. 134).",
          day=formats.day(appeal.term_end))
        if appeal.late
        else _("It came in time.")
    )  # fmt: skip
    if appeal.outcome is not None:
        words = _("%(day)s: %(outcome)s", day=formats.day(appeal.ended_on), outcome=OUTCOMES[appeal.outcome.value])
        return AppealShown(about, words, "", "scale")
    end_url = url_for("CaseAppeals.end", sign=case.sign, number=number) if may_act else ""
    if appeal.forwarded_on is not None:
        words = _("at the SKO since %(day)s", day=formats.day(appeal.forwarded_on))
        sent = [one for one in AppealOutcome if one is not AppealOutcome.CORRECTED]
        return AppealShown(about, words, "info", "send", end_url=end_url, outcomes=_outcomes(sent))
    term = forwarding_term(case)
    due = term.due_on if term is not None else None
    here = [one for one in AppealOutcome if one not in BY_THE_APPEAL_AUTHORITY]
    return AppealShown(
        about,
        _("to be forwarded to the SKO by %(day)s", day=formats.day(due)),
        "late" if due is not None and due < today else "warn",
        "clock-exclamation",
        forward_url=url_for("CaseAppeals.forward", sign=case.sign, number=number) if may_act else "",
        end_url=end_url,
        outcomes=_outcomes(here),
    )


def _outcomes(codes: Sequence[AppealOutcome]) -> list[tuple[str, str]]:
    return [(code.value, str(OUTCOMES[code.value])) for code in codes]
