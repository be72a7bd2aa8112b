"""What the page of verification shows: the documents a case needs, the current one, and what can be done at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, npgettext

from app import clock
from app.domain.determinations import MAY_HAVE_TEXT, NEEDS_TEXT, DeterminationCode
from app.domain.documents import DocumentKind, Requirement
from app.domain.procedures.facts import REJECTING, Verdict
from app.domain.procedures.machine import Offer
from app.domain.procedures.stages import Doer, ProcedureName, Stage
from app.epackages.application import Application
from app.epackages.previews import kind_with_pages
from app.house import equipment
from app.models import Case, Determination, Document, DocumentVerdict, Purpose
from app.usecases.case_facts import case_facts, determinations, latest_verdicts, renewed, requirements
from app.usecases.demands import demands_of_step
from app.usecases.give_verdict import is_decided, says_something
from app.usecases.other_office import last_county
from app.usecases.read_form import read_form
from app.views.numbers import whole_number
from app.views.office.at_case import acts_here, may
from app.views.office.ready_reasons import ready_reasons
from app.views.office.vehicle_check import vehicle_check
from app.views.wording_cases import CONDITIONS, STAGES, STEPS
from app.views.wording_findings import DOCUMENTS, FLAGS, ONLY_IF, ONLY_IF_ISSUED, finding
from app.views.wording_form import Section, sections
from app.views.wording_verdicts import DETERMINATIONS, VERDICTS, VerdictShown

ZOOMS = ((1, 800), (2, 1400), (3, 1400))
"""Steps of enlargement, and the width in which a page is drawn for each."""

_K, _C = DocumentKind, DeterminationCode
_WAYS_ON = (
    *("summon_originals", "skip_originals", "deregister_ex_officio", "notify_initiation"),
    *("summon_remedy", "transfer", "refuse", "discontinue"),
)
_ONLY_WHERE_OPEN = frozenset({"skip_originals", "notify_initiation"})
_DETERMINED_HERE = (
    *(_C.REGISTERS_CLEAR, _C.REGISTERS_REPORT, _C.REGISTERED_CONDITIONALLY),
    *(_C.FORMAL_DEFECT, _C.OTHER_AUTHORITY, _C.ADDRESS_MISSING, _C.REFUSAL_REASONS, _C.POINTLESS),
    *(_C.ELECTRONIC_INVOICE, _C.LAST_OFFICE),
    *(_C.NUMBER_KEPT, _C.OLD_CERTIFICATE_CONFIRMED, _C.ROOM_FOR_ANNOTATION),
)


@dataclass(frozen=True, slots=True)
class Point:
    """A required document in the strip: its place, name and law, what was found of it, and its address."""

    kind: str
    number: int
    name: str
    law: str
    if_issued: bool
    only: str
    """In which case alone it is required; empty where always."""
    verdict: VerdictShown
    reason: str
    judged: bool
    renewed: bool
    """Whether a file came for it after it had been rejected."""
    url: str


@dataclass(frozen=True, slots=True)
class Viewed:
    """The file that is looked at: its pages, the one shown, how large, and where the others are."""

    document: Document
    pages: int
    page: int
    zoom: int
    drawn: bool
    doubts: tuple[str, ...]
    before: str
    after: str
    smaller: str
    larger: str

    @property
    def width(self) -> int:
        """Return the width in pixels in which the page is drawn."""
        return dict(ZOOMS)[self.zoom]


@dataclass(frozen=True, slots=True)
class Way:
    """A step on from verification: open under `url`, or closed because of `reason`."""

    name: str
    words: str
    url: str
    reason: str


def verification_page(case: Case, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return all that `office/verification.html` needs. `asked`: which document, file, page and zoom."""
    today = clock.today()
    needed = requirements(case)
    latest = latest_verdicts(case)
    points = [_point(case, number, one, latest.get(one.kind)) for number, one in enumerate(needed, 1)]
    current = _current(points, asked.get("dokument", ""))
    judging = case.stage == Stage.VERIFICATION.value and case.clerk_id == g.user.id and may("can_verdict", _VIEW)
    ways = list(_ways(case, today))
    rejected = len(demands_of_step(case, "summon_remedy"))
    viewed = _viewed(case, current, asked) if current else None
    return {
        "title": _("Verification of %(sign)s", sign=case.sign),
        "case": case,
        "due": _due(case, today),
        "stage": str(STAGES[case.stage]),
        "points": points,
        "current": current,
        "judged": sum(point.judged for point in points),
        "judging": judging,
        "viewed": viewed,
        "files": [(document.public_id, _file_name(document)) for document in case.documents],
        "findings": list(_findings(case, current.kind if current else "")),
        "values": _values(case, current.kind) if current else [],
        "verdicts": [(verdict, shown) for verdict, shown in VERDICTS.items() if shown.key],
        # Where no file came, an acceptance has to say on what it rests; what the rules call for is waived for a reason.
        "reasoned": " ".join(
            (
                *sorted(REJECTING),
                *([] if viewed else [Verdict.ACCEPTED]),
                *([] if current is None or current.if_issued else [Verdict.NOT_APPLICABLE]),
            )
        ),
        "reasons": ready_reasons(DocumentKind(current.kind), came=viewed is not None, if_issued=current.if_issued)
        if current
        else {},
        "last": _last(case) if judging else None,
        "rejected": rejected,
        "ways": ways,
        "determined": list(_determined(case)),
        "vehicle_check": vehicle_check(case),
        "determining": acts_here(case) and may("can_determine", _VIEW),
        "may_write": may("can_compose", "LetterPages"),
        "may_take_next": may("can_take_next", "CaseFile"),
        "may_see": may("can_page", "CaseFile"),
    }


_VIEW = "VerificationPages"


def next_to_judge(case: Case, kind: str) -> str:
    """Return the kind of the next required document to be judged after `kind`, from the front again at the end."""
    kinds = [one.kind.value for one in requirements(case)]
    latest = latest_verdicts(case)
    start = kinds.index(kind) + 1 if kind in kinds else 0
    open_kinds = [
        one
        for one in (*kinds[start:], *kinds[:start])
        if one not in latest or latest[one].verdict is Verdict.PENDING or renewed(case, one)
    ]
    return open_kinds[0] if open_kinds else ""


def document_for(case: Case, kind: str) -> Document | None:
    """Return the newest file that is said to be the document `kind`."""
    found = [document for document in case.documents if document.kind == kind]
    return found[-1] if found else None


def _due(case: Case, today: dt.date) -> dict[str, str] | None:
    """Return how long there is for the case, as a chip says it."""
    if case.due_on is None or case.closed_at is not None:
        return None
    left = (case.due_on - today).days
    if left < 0:
        words = ngettext("%(num)s day overdue", "%(num)s days overdue", -left)
        return {"words": words, "kind": "late", "icon": "clock-exclamation"}
    words = _("today") if left == 0 else npgettext("after a date", "%(num)s day left", "%(num)s days left", left)
    return {"words": words, "kind": "warn" if left < 7 else "", "icon": "clock"}


def _point(case: Case, number: int, one: Requirement, verdict: DocumentVerdict | None) -> Point:
    found = verdict.verdict if verdict else Verdict.PENDING
    came_anew = renewed(case, one.kind.value)
    return Point(
        kind=one.kind.value,
        number=number,
        name=str(DOCUMENTS[one.kind.value]),
        law=one.law,
        if_issued=one.if_issued,
        only=str(ONLY_IF.get(one.kind, ONLY_IF_ISSUED)) if one.if_issued else "",
        verdict=VERDICTS[found],
        reason=(verdict.reason or "") if verdict else "",
        judged=found is not Verdict.PENDING and not came_anew,
        renewed=came_anew,
        url=url_for("VerificationPages.verify", sign=case.sign, dokument=one.kind.value),
    )


def _current(points: list[Point], asked: str) -> Point | None:
    named = next((point for point in points if point.kind == asked), None)
    return named or next((point for point in points if not point.judged), None)


def _viewed(case: Case, current: Point, asked: Mapping[str, str]) -> Viewed | None:
    chosen = asked.get("plik", "")
    document = next((one for one in case.documents if one.public_id == chosen), None) or document_for(
        case, current.kind
    )
    if document is None:
        return None
    member = document.member
    pages = member.pages or 1
    page = min(whole_number(asked.get("strona", ""), 4) or 1, pages)
    zoom = min(whole_number(asked.get("zoom", ""), 4) or 1, len(ZOOMS))

    def at(page: int, zoom: int) -> str:
        return url_for(
            "VerificationPages.verify",
            sign=case.sign, dokument=current.kind, plik=document.public_id, strona=page, zoom=zoom,
        )  # fmt: skip

    return Viewed(
        document=document,
        pages=pages,
        page=page,
        zoom=zoom,
        drawn=kind_with_pages(member.media) is not None,
        doubts=tuple(str(FLAGS.get(flag, flag)) for flag in member.flags),
        before=at(page - 1, zoom) if page > 1 else "",
        after=at(page + 1, zoom) if page < pages else "",
        smaller=at(page, zoom - 1) if zoom > 1 else "",
        larger=at(page, zoom + 1) if zoom < len(ZOOMS) else "",
    )


def _file_name(document: Document) -> str:
    return f"{document.title} ({DOCUMENTS.get(document.kind, DOCUMENTS['OTHER'])})"


def _findings(case: Case, kind: str) -> Iterator[str]:
    """Yield what the checks found, but for what is settled, and what is about another document than `kind`."""
    for row in case.findings:
        if not _is_past(case, row.code) and row.details.get("kind", kind) == kind:
            yield finding(row.code, row.details)


def _is_past(case: Case, code: str) -> bool:
    described = case.procedure != ProcedureName.UNDESCRIBED
    return (code == "signature-undecided" and case.signature_settled) or (code == "form-unreadable" and described)


def _values(case: Case, kind: str) -> list[Section]:
    """Return what the application says, what belongs to the document `kind` first."""
    about = parts_about(kind)
    return sorted(said(case), key=lambda part: about.index(part.heading) if part.heading in about else len(about))


def said(case: Case) -> list[Section]:
    """Return what the application says; where no form can be read, what a clerk described."""
    form = _form_of(case)
    return list(_from_rows(case) if form is None else sections(form, hide_numbers=True))


def parts_about(kind: str) -> list[str]:
    """Return the headings of the parts of the form that belong to the document `kind`."""
    people = [_("Proxy"), _("Owner"), _("Co-owner"), _("Sender")]
    return {
        _K.PROXY.value: people,
        _K.STAMP_DUTY.value: people,
        _K.PLATES.value: [_("Vehicle"), _("Plates")],
        _K.OWNERSHIP.value: [_("Vehicle"), _("Owner"), _("Co-owner")],
    }.get(kind, [_("Vehicle"), _("Owner")])


def _form_of(case: Case) -> Application | None:
    package = next((one for one in case.packages if one.purpose is Purpose.APPLICATION), None)
    return read_form(package, equipment=equipment()).application if package else None


def _from_rows(case: Case) -> Iterator[Section]:
    """Yield what a clerk described, where the package holds no form that can be read."""
    rows = [("VIN", case.vin or ""), (_("Plate"), case.plate or ""), (_("Make and model"), case.vehicle_label or "")]
    yield Section(_("Vehicle"), tuple((label, value) for label, value in rows if value))
    yield Section(_("Owner"), ((_("Applicant"), case.applicant_name),))


def _last(case: Case) -> dict[str, str] | None:
    """Return the last verdict, and what stood before it: what taking it back writes down anew."""
    if not case.verdicts or case.verdicts[-1].verdict is Verdict.PENDING:
        return None
    last = case.verdicts[-1]
    before = next((row for row in reversed(case.verdicts[:-1]) if row.kind == last.kind), None)
    return {
        "kind": last.kind,
        "name": str(DOCUMENTS.get(last.kind, DOCUMENTS["OTHER"])),
        "words": str(VERDICTS[last.verdict].words),
        "verdict": (before.verdict if before else Verdict.PENDING).value,
        "reason": (before.reason or "") if before else "",
        "document": before.document.public_id if before and before.document else "",
    }


def _ways(case: Case, today: dt.date) -> Iterator[Way]:
    if not acts_here(case):
        return
    offers: dict[str, Offer] = {
        offer.step.name: offer for offer in case.table.offers(Stage(case.stage), case_facts(case, today), {Doer.CLERK})
    }
    for name in _WAYS_ON:
        if name not in offers:
            continue
        offer = offers[name]
        if not offer.is_open and (name in _ONLY_WHERE_OPEN or "acts-ex-officio" in {one.code for one in offer.missing}):
            continue
        if name == "skip_originals":
            url = url_for("VerificationPages.skip_originals", sign=case.sign)
        else:
            url = url_for("LetterPages.compose", sign=case.sign, step=name)
        reason = "" if offer.is_open else str(CONDITIONS[offer.missing[0].code])
        yield Way(name, str(STEPS[name]), url, reason)


def _determined(case: Case) -> Iterator[dict[str, Any]]:
    holding: dict[DeterminationCode, Determination] = determinations(case)
    for code in _DETERMINED_HERE:
        row = holding.get(code)
        county = last_county(case, equipment().office.plate_prefixes) if code is _C.LAST_OFFICE else None
        if code is _C.LAST_OFFICE and row is None and county is None:
            continue
        if row is not None or says_something(case, code):
            shown = DETERMINATIONS[code]
            yield {
                "code": code.value,
                "words": str(shown.words),
                "hint": " ".join((str(shown.hint), *([f"{county[0]}: {county[1]}."] if county else []))),
                "needs_text": code in NEEDS_TEXT,
                "may_have_text": code in MAY_HAVE_TEXT,
                "row": row,
                "may_end": not is_decided(case, code),
            }
