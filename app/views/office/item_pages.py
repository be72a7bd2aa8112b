"""What can be done with the things of a case: shelves, invalidating, destroying, filing, forwarding, comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import clock
from app.domain.annotations import AnnotationKind
from app.domain.custody import Discrepancy as DiscrepancyKind
from app.domain.custody import ItemState, Movement
from app.domain.errors import BadInput
from app.domain.items import Fate, is_cut_before_filing
from app.domain.procedures.stages import Doer, Stage
from app.house import equipment
from app.models import Case, Consignment, Handover, Item
from app.transaction import one_transaction
from app.usecases.annotate_items import annotate_items, strike_annotation
from app.usecases.case_facts import case_facts, certificates_to_invalidate
from app.usecases.compare_item import accept_discrepancies, compare_item, compare_rest, is_to_compare
from app.usecases.hand_out import things_to_hand_out
from app.usecases.may_leave import is_forwarded_next
from app.usecases.mistaken_receipt import may_be_mistaken, take_back_receipt
from app.usecases.move_items import MOVEMENTS, is_too_early, move_items
from app.usecases.printouts import destructions, print_destruction_record
from app.views.acting import current_act
from app.views.office import formats
from app.views.office.annotating import annotation_words, due_shown, picks_typed, standing
from app.views.office.at_the_counter import case_of, pdf_answer
from app.views.office.case_forms import back_to, seen_version, word
from app.views.office.item_scans import scans
from app.views.office.reception import is_plate, name_of, numbers_of
from app.views.wording_items import FATES, INVALIDATED
from app.views.wording_registers import CARRIAGES
from app.views.wording_things import DISCREPANCIES, handover_in_words, holder_in_words
from app.views.wording_things import MOVEMENTS as MOVED

_DIFFERENCES = {"different": DiscrepancyKind.DIFFERENT, "damaged": DiscrepancyKind.DAMAGED}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A thing with its chain of custody in words; `holder` is where it is."""

    item: Item
    name: str
    is_plate: bool
    chain: tuple[str, ...]
    holder: str
    fate: str
    doubts: tuple[tuple[str, str], ...]
    movements: tuple[str, ...]
    to_compare: bool
    may_be_mistaken: bool
    goes_back: bool
    annotations: tuple[tuple[str, str], ...]


def items_page(case: Case, *, comparing: bool, movement: str = "") -> dict[str, Any]:
    """Return what `office/items.html` shows of `case`; `comparing`: to who may compare things with their scans.

    `movement`: what is chosen at first, with the things that it waits for; what is lent is not cut before the
    permanent certificate is there, and is filed once it came back.
    """
    going = things_to_hand_out(case)
    shown = [_shown(item, going) for item in case.items]
    if comparing:  # what waits for the clerk stands first
        shown.sort(key=lambda one: not one.to_compare)
    here = [one for one in shown if one.item.state is ItemState.IN_OFFICE]
    back = certificates_to_invalidate(case)
    waiting = [
        one.item.number
        for one in here
        if movement in one.movements
        and (one.item.fate is not Fate.LENT or one.item in back or movement == Movement.FILED.value)
    ]
    return {
        "movement": movement if waiting and movement != Movement.STORED.value else "",
        "waiting": waiting if movement != Movement.STORED.value else [],
        "items": shown,
        "here": here,
        "may_compare": comparing,
        "scans": scans(case) if comparing else {},
        "confirm_url": _confirm_url(case) if comparing else "",
        "acts": [
            (movement, _acts()[movement]) for movement in _acts() if any(movement in one.movements for one in here)
        ],
        "annotating": comparing,
        "due": due_shown(case),
        "records": [(number, formats.moment(at)) for number, (at, _rows) in enumerate(destructions(case), 1)],
        "protocols": _to_maker(case),
    }


class Custody(BaseView):
    """Acts on the things of a case, from its page of things."""

    route_base = "/kancelaria/rzeczy"

    @expose("/<sign>/ruch", methods=["POST"])
    @has_access
    @permission_name("move")
    def move(self, sign: str) -> ResponseReturnValue:
        """Do the same with all things that were ticked."""
        form = request.form
        name = form.get("movement", "")
        movement = Movement(name) if name in _acts() else Movement.EXPECTED  # which the verb refuses
        remark = form.get("remark", "")[:500]
        if movement is Movement.DESTROYED:
            if not remark.strip():
                raise BadInput("manner-missing")
            if form.get("sure") != "yes":
                raise BadInput("destruction-unconfirmed")
            remark = "\n".join(filter(None, (remark.strip(), form.get("witness", "").strip()[:120])))
        with one_transaction() as session:
            items = move_items(session, case_of(sign), numbers_of(form.getlist("pick")), movement, act=current_act(),
                               place=form.get("place", ""), remark=remark)  # fmt: skip
            count = len(items)
        flash(ngettext("%(num)s thing: %(what)s.", "%(num)s things: %(what)s.", count, what=str(MOVED[movement.value])))
        if form.get("from") == "hand_out":
            return redirect(url_for("FrontDesk.hand_out", sign=sign))
        return redirect(url_for("FrontDesk.items", sign=sign))

    @expose("/<sign>/porownanie/<int:number>", methods=["POST"])
    @has_access
    @permission_name("compare")
    def compare(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down that a thing was compared with its scan."""
        differs = _DIFFERENCES.get(request.form.get("result", ""))
        remark = request.form.get("remark", "")[:500]
        with one_transaction() as session:
            compare_item(
                session, case_of(sign), seen_version(), number, act=current_act(), differs=differs, remark=remark
            )
        flash(_("The thing number %(number)s is compared.", number=number))
        return _compared(sign, f"item-{number}")

    @expose("/<sign>/porownanie", methods=["POST"])
    @has_access
    @permission_name("compare")
    def compare_rest(self, sign: str) -> ResponseReturnValue:
        """Write down that all that was not compared yet agrees with its scans."""
        with one_transaction() as session:
            count = len(compare_rest(session, case_of(sign), seen_version(), act=current_act()))
        flash(ngettext("%(num)s thing agrees with its scan.", "%(num)s things agree with their scans.", count))
        return _compared(sign)

    @expose("/<sign>/uznanie/<int:number>", methods=["POST"])
    @has_access
    @permission_name("compare")
    def accept(self, sign: str, number: int) -> ResponseReturnValue:
        """Take a thing as it is, or wait for it no more."""
        reason = request.form.get("reason", "")[:500]
        with one_transaction() as session:
            accept_discrepancies(session, case_of(sign), seen_version(), number, reason, act=current_act())
        flash(_("The discrepancy of the thing number %(number)s is settled.", number=number))
        return redirect(url_for("FrontDesk.items", sign=sign, _anchor=f"item-{number}"))

    @expose("/<sign>/omylkowo/<int:number>", methods=["POST"])
    @has_access
    @permission_name("move")
    def mistaken(self, sign: str, number: int) -> ResponseReturnValue:
        """Take back that a thing was received."""
        reason = request.form.get("reason", "")[:500]
        with one_transaction() as session:
            take_back_receipt(session, case_of(sign), number, reason, act=current_act())
        flash(_("The receipt of the thing number %(number)s is taken back.", number=number))
        return redirect(url_for("FrontDesk.items", sign=sign, _anchor=f"item-{number}"))

    @expose("/<sign>/adnotacje", methods=["POST"])
    @has_access
    @permission_name("annotate")
    def annotate(self, sign: str) -> ResponseReturnValue:
        """Write down that the annotations which were ticked are made."""
        note = request.form.get("note", "")[:500]
        with one_transaction() as session:
            count = len(annotate_items(session, case_of(sign), seen_version(), picks_typed(), act=current_act(),
                                       equipment=equipment(), note=note))  # fmt: skip
        flash(ngettext("%(num)s annotation is written down.", "%(num)s annotations are written down.", count))
        if request.form.get("from") == "case":
            return back_to(sign, "things")
        return redirect(url_for("FrontDesk.items", sign=sign))

    @expose("/<sign>/skreslenie/<int:number>", methods=["POST"])
    @has_access
    @permission_name("annotate")
    def strike(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down that an annotation was an error and is struck out."""
        kind, reason = word("kind", AnnotationKind), request.form.get("reason", "")[:500]
        with one_transaction() as session:
            strike_annotation(session, case_of(sign), seen_version(), (number, kind), reason, act=current_act())
        flash(_("The annotation on the thing number %(number)s is struck out.", number=number))
        return redirect(url_for("FrontDesk.items", sign=sign, _anchor=f"item-{number}"))

    @expose("/<sign>/zniszczenie/<int:number>.pdf", methods=["GET"])
    @has_access
    @permission_name("read")
    def destruction(self, sign: str, number: int) -> ResponseReturnValue:
        """Print the record of the destruction of plates."""
        case = case_of(sign)
        if not 1 <= number <= len(destructions(case)):
            abort(404)
        pdf = print_destruction_record(case, number, equipment=equipment())
        return pdf_answer(pdf, f"zniszczenie-tablic-{sign}-{number}.pdf")


def _compared(sign: str, section: str = "") -> Response:
    """Lead back to the things; when all agree, say what comes next."""
    if _confirm_url(case_of(sign)):
        flash(_("Nothing is left to compare. Confirm in the case file that the originals are complete."), "success")
        section = "compared"
    return redirect(url_for("FrontDesk.items", sign=sign, _anchor=section or None))


def _confirm_url(case: Case) -> str:
    """Return where the clerk confirms that the originals are complete; nothing while that step is closed."""
    offers = case.table.offers(Stage(case.stage), case_facts(case, clock.today()), {Doer.CLERK})
    is_open = any(offer.step.name == "confirm_originals" and offer.is_open for offer in offers)
    return url_for("CaseFile.open", sign=case.sign, _anchor="acts") if is_open else ""


def _acts() -> dict[str, str]:
    return {
        Movement.STORED.value: _("Put on a shelf"),
        Movement.INVALIDATED.value: _("Invalidate"),
        Movement.DESTROYED.value: _("Destroy"),
        Movement.FILED.value: _("Put into the file"),
        Movement.FORWARDED.value: _("Forward to another authority"),
    }


def _shown(item: Item, going: Sequence[Item]) -> ShownItem:
    here = item.state is ItemState.IN_OFFICE
    return ShownItem(
        item=item,
        name=name_of(item),
        is_plate=is_plate(item),
        chain=tuple(map(_link, item.handovers)),
        holder=holder_in_words(item),
        fate=_fate(item),
        doubts=tuple((str(DISCREPANCIES[one.kind.value]), one.remark or "") for one in item.open_discrepancies),
        movements=tuple(movement.value for movement in MOVEMENTS if here and _may(item, movement)),
        to_compare=is_to_compare(item),
        may_be_mistaken=may_be_mistaken(item),
        goes_back=item in going and item.is_stray,
        annotations=standing(item),
    )


def _fate(item: Item) -> str:
    """Return what becomes of `item`; what is invalidated already is not said to be invalidated yet.

    What was lent, and came back, stays.
    """
    if item.case is not None and is_forwarded_next(item.case, item):
        return str(_("goes on to the competent authority"))
    fate = item.fate
    if fate is Fate.LENT and item.is_back:
        fate = Fate.INVALIDATED_AND_KEPT if is_cut_before_filing(item.kind, fate) else Fate.IN_FILE
    words = FATES[fate.value]
    return str(INVALIDATED.get(fate.value, words) if item.invalidated else words)


def _to_maker(case: Case) -> list[Consignment]:
    """Return by what plates of `case` went to their maker, each handing over once."""
    rows = (item.handovers[-1] for item in case.items if item.state is ItemState.WITH_MAKER)
    return list(dict.fromkeys(row.consignment for row in rows if row.consignment is not None))


def _may(item: Item, movement: Movement) -> bool:
    """Whether its fate and its case let `item` go this way now; the verb judges again."""
    if item.fate not in MOVEMENTS[movement] or (item.case is not None and is_too_early(item.case, movement)):
        return False
    if movement is Movement.FILED:
        cut = item.invalidated or not is_cut_before_filing(item.kind, item.fate)
        return cut and (item.fate is not Fate.LENT or item.is_back)
    return movement is not Movement.INVALIDATED or not item.invalidated


def _link(row: Handover) -> str:
    """Return one movement in words: what, with which consignment, where to, when, who."""
    parts = [handover_in_words(row) + annotation_words(row)]
    if row.movement is Movement.MISTAKEN:
        parts.append(f"({row.remark})")
    if row.consignment is not None:
        way = str(CARRIAGES[row.consignment.carriage.value])
        parts.append(f"({way}, {row.consignment.tracking or row.consignment.number})")
    if row.place and row.movement in {Movement.STORED, Movement.RECEIVED, Movement.CAME_BACK}:
        parts.append(row.place)
    return f"{' '.join(parts)} · {formats.day(row.at)} {row.actor_name}"
