"""The registers of what goes between office and party: letters, summonses, deliveries, decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from app import clock
from app.domain.correspondence import GRANTING
from app.models import Decision, Letter, Proposal, Service, ServiceOutcome, Summons
from app.views.office import marks
from app.views.office.formats import day, moment
from app.views.office.register_filters import Choice, Days, Words
from app.views.office.registers import Register
from app.views.wording_letters import LETTERS
from app.views.wording_letters import STATES as LETTER_STATES
from app.views.wording_registers import DECISIONS, SERVICE_OUTCOMES, SUMMONSES, WAYS
from app.views.wording_things import PROPOSALS

_FIND = _("Case sign, plate, VIN or name")
Chips = Mapping[Any, tuple[Any, str, str]]


def words_of(chips: Chips) -> Mapping[str, Any]:
    """Return code → words of a table of chips, for a filter."""
    return {code: words for code, (words, _kind, _icon) in chips.items()}


def chip_of(chips: Chips) -> Callable[[Any], Markup]:
    """Return how a code is shown as one of `chips`."""

    def chip(code: Any) -> Markup:
        words, kind, icon = chips[code.value]
        return marks.chip(words, kind, icon)

    return chip


class CaseRows(Register):
    """A register whose rows belong to cases: each opens the file of its case."""

    include_route_methods = {"list", "export"}
    row_endpoint, row_argument, row_key = "CaseFile.open", "sign", "case.sign"
    row_head = "case.sign"
    eager = {"case": ("sign",)}

    def _cell(self, name: str) -> Callable[[Any], object]:
        """Let the sign of a case lead to its file, for whoever may open it."""
        cell, address = super()._cell(name), self._row_address() if name == "case" else None
        if address is None:
            return cell
        return lambda row: marks.sign(row.case.sign, address(row)) if row.case else cell(row)


def _due_of_summons(summons: Summons) -> Markup | str:
    if summons.due_on is None:
        return marks.muted(gettext("runs from its service"))
    said = day(summons.due_on)
    late = summons.met_at is None and summons.due_on < clock.today()
    return marks.chip(said, "late", "alert-triangle") if late else said


def _is_open() -> sa.ColumnElement[bool]:
    return sa.and_(Summons.met_at.is_(None), Summons.due_on >= clock.today())


def _is_overdue() -> sa.ColumnElement[bool]:
    return sa.and_(Summons.met_at.is_(None), Summons.due_on < clock.today())


class SummonsRegister(CaseRows):
    """Every summons that left, with its term and whether it was met."""

    datamodel = SQLAInterface(Summons)
    route_base = "/wezwania"
    list_title, show_title = _("Summonses"), _("Summons")
    label_columns = {
        "case.sign": _("Case"),
        "kind": _("Kind"),
        "letter.sent_at": lazy_pgettext("letter", "Sent"),
        "letter.service.served_on": lazy_pgettext("letter", "Served"),
        "due_on": _("Due"),
        "met_at": lazy_pgettext("summons", "Met"),
    }
    list_columns = ["case.sign", "kind", "letter.sent_at", "letter.service.served_on", "due_on", "met_at"]
    order_columns = ["due_on"]
    eager = {"case": ("sign",), "letter": ("sent_at",), "letter.service": ("served_on",)}
    quick_filters = (
        Words("q", _FIND, Summons.case_id),
        Days("due", _("Due from"), _("to"), Summons.due_on),
        Choice("kind", _("Kind"), SUMMONSES, Summons.kind),
        Choice(
            "state",
            _("State"),
            {
                "unserved": _("not served yet"),
                "open": _("the term runs"),
                "overdue": _("the term has passed"),
                "met": lazy_pgettext("summons", "met"),
            },
            meanings={
                "unserved": lambda: sa.and_(Summons.met_at.is_(None), Summons.due_on.is_(None)),
                "open": _is_open,
                "overdue": _is_overdue,
                "met": lambda: Summons.met_at.is_not(None),
            },
        ),
    )
    standing_views = (
        (_("Overdue"), "state=overdue&sort=due_on&dir=asc"),
        (_("The term runs"), "state=open&sort=due_on&dir=asc"),
    )
    formatters_columns: dict[str, Any] = {
        "kind": lambda code: str(LETTERS.get(code, code)),
        "letter.sent_at": day,
        "letter.service.served_on": day,
        "met_at": day,
    }
    row_formatters = {"due_on": _due_of_summons}
    more_columns = ["met_at"]
    empty_title = _("No summons yet")
    empty_text = _("A summons appears here when it leaves the office.")


def _served_as(outcome: ServiceOutcome | None) -> sa.ColumnElement[bool]:
    return Letter.service.has(Service.outcome == outcome if outcome else Service.outcome.is_(None))


def _letter_number(letter: Letter) -> str:
    return f"{letter.case.sign}/{letter.seq}"


def _service(letter: Letter) -> Markup | str:
    service = letter.service
    if service is None:
        return ""
    if service.outcome is None:
        return marks.muted(gettext("not served yet"))
    words = str(SERVICE_OUTCOMES[service.outcome.value])
    return f"{day(service.served_on)} · {words}" if service.served_on else words


class LetterRegister(CaseRows):
    """Every letter of the office: sent, leaving, taken back or stopped."""

    datamodel = SQLAInterface(Letter)
    route_base = "/pisma"
    list_title, show_title = _("Letters"), _("Letter")
    label_columns = {
        "seq": _("Number"),
        "kind": _("Kind"),
        "addressee": _("Addressee"),
        "way": _("Way"),
        "state": _("State"),
        "sent_at": lazy_pgettext("letter", "Sent"),
        "service": _("Service"),
    }
    list_columns = ["seq", "kind", "addressee", "way", "state", "sent_at", "service"]
    row_head = "seq"
    order_columns = ["sent_at"]
    eager = {"case": ("sign",), "service": ("served_on", "outcome")}
    quick_filters = (
        Words("q", _FIND, Letter.case_id),
        Days("sent", _("Sent from"), _("to"), Letter.sent_at),
        Choice("kind", _("Kind"), LETTERS, Letter.kind),
        Choice("way", _("Way"), WAYS, Letter.way),
        Choice("state", _("State"), words_of(LETTER_STATES), Letter.state),
        Choice(
            "served",
            _("Service"),
            {"waiting": _("not served yet"), **SERVICE_OUTCOMES},
            meanings={
                "waiting": lambda: _served_as(None),
                **{code: partial(_served_as, ServiceOutcome(code)) for code in SERVICE_OUTCOMES},
            },
        ),
    )
    standing_views = ((_("Not served yet"), "served=waiting"),)
    formatters_columns: dict[str, Any] = {
        "kind": lambda code: str(LETTERS.get(code, code)),
        "way": lambda way: str(WAYS[way.value]),
        "state": chip_of(LETTER_STATES),
        "sent_at": moment,
    }
    row_formatters = {"seq": _letter_number, "service": _service}
    empty_title = _("No letter yet")
    empty_text = _("Whatever the office writes to a party appears here.")


def _by_whom(proposal: Proposal) -> str:
    return str(gettext("the office") if proposal.by_office else gettext("the party"))


def _answer_due(proposal: Proposal) -> Markup | str:
    said = day(proposal.due_on)
    late = proposal.state.value == "proposed" and proposal.due_on < clock.today()
    return marks.chip(said, "late", "alert-triangle") if late else said


class DeliveryRegister(CaseRows):
    """Every version of what office and owner agree about handing things over."""

    datamodel = SQLAInterface(Proposal)
    route_base = "/uzgodnienia"
    list_title, show_title = _("Deliveries"), _("Proposal")
    label_columns = {
        "case.sign": _("Case"),
        "version": _("Version"),
        "by_office": _("Proposed by"),
        "state": _("State"),
        "slot": _("Visit"),
        "due_on": _("Answer by"),
        "answered_at": _("Answered"),
    }
    list_columns = ["case.sign", "version", "by_office", "state", "slot", "due_on", "answered_at"]
    number_columns = ["version"]
    order_columns = ["due_on"]
    quick_filters = (
        Words("q", _FIND, Proposal.case_id),
        Days("due", _("Answer from"), _("to"), Proposal.due_on),
        Days("visit", _("Visit from"), _("to"), Proposal.slot),
        Choice("state", _("State"), words_of(PROPOSALS), Proposal.state),
        Choice(
            "by",
            _("Proposed by"),
            {"office": _("the office"), "party": _("the party")},
            meanings={"office": lambda: Proposal.by_office.is_(True), "party": lambda: Proposal.by_office.is_(False)},
        ),
    )
    standing_views = (
        (_("The party has to answer"), "state=proposed&by=office&sort=due_on&dir=asc"),
        (_("The office has to answer"), "state=proposed&by=party&sort=due_on&dir=asc"),
    )
    formatters_columns: dict[str, Any] = {"state": chip_of(PROPOSALS), "slot": moment, "answered_at": moment}
    row_formatters = {"by_office": _by_whom, "due_on": _answer_due}
    empty_title = _("Nothing was proposed yet")
    empty_text = _("A proposal is made when a case reaches the agreement about handing over.")


def _binds() -> sa.ColumnElement[bool]:
    """Whether it was served, where that is what it waits for: of others the term of appeal runs from the service."""
    served = sa.exists().where(Service.letter_id == Decision.letter_id, Service.served_on.is_not(None))
    return sa.or_(Decision.kind.not_in(GRANTING), served)


def _final_since(decision: Decision) -> str:
    """Return since when `decision` is final; one that grants all waits for its service, too."""
    if decision.final_on is None or decision.kind not in GRANTING:
        return day(decision.final_on)
    served = decision.letter.service.served_on if decision.letter.service else None
    return day(max(decision.final_on, served)) if served else ""


class DecisionRegister(CaseRows):
    """Every decision that was issued, and since when it is final."""

    datamodel = SQLAInterface(Decision)
    route_base = "/decyzje"
    list_title, show_title = _("Decisions"), _("Decision")
    label_columns = {
        "case.sign": _("Case"),
        "kind": _("Kind"),
        "issued_on": _("Issued"),
        "signed_by": _("Signed by"),
        "final_on": _("Final since"),
    }
    list_columns = ["case.sign", "kind", "issued_on", "signed_by", "final_on"]
    base_order = ("issued_on", "desc")
    order_columns = ["issued_on", "final_on"]
    quick_filters = (
        Words("q", _FIND, Decision.case_id),
        Days("issued", _("Issued from"), _("to"), Decision.issued_on),
        Choice("kind", _("Kind"), DECISIONS, Decision.kind),
        Choice(
            "final",
            _("Final"),
            {"yes": _("yes"), "no": _("not yet")},
            meanings={
                "yes": lambda: sa.and_(Decision.final_on <= clock.today(), _binds()),
                "no": lambda: sa.or_(Decision.final_on.is_(None), Decision.final_on > clock.today(), ~_binds()),
            },
        ),
    )
    formatters_columns: dict[str, Any] = {
        "kind": lambda code: str(LETTERS.get(code, code)),
        "issued_on": day,
    }
    row_formatters = {"final_on": _final_since}
    empty_title = _("No decision yet")
    empty_text = _("A decision appears here when its letter leaves the office.")

    def _loading(self, order: str) -> sa.Select[Any]:
        """Read along when each was served."""
        if order not in self._loads:
            letter = joinedload(Decision.letter).load_only(Letter.id)
            service = letter.joinedload(Letter.service).load_only(Service.served_on)
            self._loads[order] = super()._loading(order).options(letter, service)
        return self._loads[order]
