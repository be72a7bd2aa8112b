"""The annotations of a case in words: which are still due, which stand on its things, and what a form picked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request

from app import clock
from app.domain.annotations import AnnotationKind
from app.domain.custody import Movement
from app.house import equipment
from app.models import Case, Handover, Item
from app.usecases.after_refusal import annotations_standing, may_be_struck_out
from app.usecases.annotate_items import DueAnnotation, Pick, due_annotations
from app.views.numbers import whole_number
from app.views.office.reception import name_of
from app.views.wording_things import ANNOTATIONS


@dataclass(frozen=True, slots=True)
class DueShown:
    """An annotation that is still to be made: `pick` is what its box sends, `lines` its words."""

    item: Item
    pick: str
    thing: str
    words: str
    lines: tuple[str, ...]
    law: str


def due_shown(case: Case) -> list[DueShown]:
    """Return what is still to be written on the things of `case`, in words."""
    return [_shown(one) for one in due_annotations(case, clock.today(), equipment=equipment())]


def standing(item: Item) -> tuple[tuple[str, str], ...]:
    """Return (code, words) of the annotations of `item` that can be struck out."""
    if not may_be_struck_out(item):
        return ()
    return tuple((kind.value, str(ANNOTATIONS[kind])) for kind in item.annotations)


def to_strike_out(case: Case, *, shown: bool = False) -> list[tuple[Item, str, str]]:
    """Return (thing, its name, words) of the annotations that stand, though what they say was refused in the end.

    `shown`: those on what the owner has, and is asked to show.
    """
    return [(item, name_of(item), str(ANNOTATIONS[kind])) for item, kind in annotations_standing(case, shown=shown)]


def picks_typed() -> set[Pick]:
    """Return what the form ticked; what no form of ours sends answers 404."""
    return {_pick(value) for value in request.form.getlist("pick")}


def annotation_words(row: Handover) -> str:
    """Return what an annotation says and what the clerk added to it, to stand after its name; nothing of other rows."""
    if row.annotation is None:
        return ""
    quoted = f" „{' / '.join((row.wording or '').splitlines())}”" if row.movement is Movement.ANNOTATED else ""
    return f"{quoted} ({row.remark})" if row.remark else quoted


def _shown(due: DueAnnotation) -> DueShown:
    number, kind = due.pick
    lines = tuple(due.wording.splitlines())
    return DueShown(due.item, f"{number}:{kind.value}", name_of(due.item), str(ANNOTATIONS[kind]), lines, due.law)


def _pick(value: str) -> Pick:
    number, _colon, kind = value.partition(":")
    found = whole_number(number)
    if found is None or kind not in set(AnnotationKind):
        abort(404)
    return found, AnnotationKind(kind)
