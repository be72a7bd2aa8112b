"""Two people, one case: what was typed is shown beside what the case says now, and can be sent again on top of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import sqlalchemy as sa
from flask import Flask, Response, g, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from app.domain.errors import Stale
from app.extensions import db
from app.models import AuditEvent, Case
from app.reports.office_papers import READING
from app.views.errors import answer, of_refusal, of_status
from app.views.office import formats
from app.views.office.at_case import acts_here
from app.views.wording_audit import action
from app.views.wording_cases import EVENTS, PROCEDURES, STAGES, STEPS
from app.views.wording_things import ANNOTATIONS, METHODS, THINGS
from app.views.wording_verdicts import DETERMINATIONS, VERDICTS

_UNSEEN = frozenset({"csrf_token", "version"})
_LOOKED = (*READING, "case-card-printed", "information-card-printed")
"""What people did in a case without a change of it."""


def register(app: Flask) -> None:
    """Let `app` answer a form of a case that came too late with both versions."""

    @app.errorhandler(Stale)
    def stale(error: Stale) -> Response:
        return _both_versions() or answer(of_refusal(error), error.code)

    @app.errorhandler(StaleDataError)
    def overtaken(error: StaleDataError) -> Response:
        del error
        return _both_versions() or answer(of_status(409), "stale")


def _both_versions() -> Response | None:
    """Return the page with both versions; nothing where the request is no form of a case with a version."""
    sign = (request.view_args or {}).get("sign")
    if request.method != "POST" or not sign or "version" not in request.form:
        return None
    db.session.rollback()
    case = db.session.scalars(sa.select(Case).where(Case.sign == sign)).one_or_none()
    if case is None:
        return None
    all_typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _UNSEEN]
    typed = dict(all_typed)
    page = render_template(
        "office/conflict.html",
        title=_("The case %(sign)s was changed meanwhile", sign=sign),
        explanation=_explanation(case),
        save_url=request.script_root + request.path,
        hidden=[*all_typed, ("version", case.version)],
        sent=list(_sent(all_typed)),
        differences=list(_differences(typed, case)),
        acting=acts_here(case),
        holder=f"{case.clerk.first_name} {case.clerk.last_name}" if case.clerk else "",
        back_url=url_for("CaseFile.open", sign=sign),
        number=g.get("request_id", ""),
    )
    return Response(page, 409, content_type="text/html; charset=utf-8")


def _explanation(case: Case) -> str:
    """Return where the case stands and what was done in it last; who only looked at it changed nothing."""
    last = db.session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.chain == f"case:{case.id}", AuditEvent.action.not_in(_LOOKED))
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    ).first()
    stage = STAGES[case.stage]
    if last is None:
        return str(_("The case stands at: %(stage)s.", stage=stage))
    return str(
        _("The case stands at: %(stage)s. Last of all %(name)s %(what)s, %(at)s.",
          stage=stage, name=last.actor_name, what=_done(last), at=formats.moment(last.at))
    )  # fmt: skip


def _done(event: AuditEvent) -> str:
    return str(EVENTS.get(event.details.get("step", ""), action(event.action)))


def _sent(typed: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield name and words of what was typed or chosen; what only the program reads is left out."""
    said = _names()
    for name, value in typed:
        called = said.get(name) or _of_one(name)
        if value and called:
            yield called, _in_words(name, value)


def _differences(typed: Mapping[str, str], case: Case) -> Iterator[tuple[str, str, str]]:
    """Yield name, what was sent and what the case says now, where both are known and differ."""
    judged = next((one for one in reversed(case.verdicts) if one.kind == typed.get("kind")), None)
    now = {
        "applicant_name": case.applicant_name,
        "plate": case.plate or "",
        "vin": case.vin or "",
        "make_and_model": case.vehicle_label or "",
        "procedure": str(PROCEDURES[case.procedure]),
        **({"verdict": str(VERDICTS[judged.verdict].words), "reason": judged.reason or ""} if judged else {}),
    }
    said = _names()
    for name, value in typed.items():
        mine = _in_words(name, value)
        if name in now and now[name] != mine:
            yield said[name], mine or "–", now[name] or "–"


def _of_one(name: str) -> str:
    """Return what a field of one thing or fee is called; nothing for what only the program reads."""
    part, _dash, code = name.partition("-")
    said = {"way": _("Way of handing over"), "proof": _("Proof"), "label": THINGS.get(code, "")}
    return str(said.get(part, ""))


def _names() -> dict[str, str]:
    """Return what the fields of the page are called."""
    return {
        "reason": _("Reason"),
        "step": _("Step"),
        "code": _("What"),
        "text": _("In words"),
        "proof": _("Proof"),
        "number": _("Number"),
        "days": _("Days"),
        "permit": _("Temporary permit"),
        "new_plate": _("Registration number and plates"),
        "kind": _("What"),
        "verdict": _("Verdict"),
        "label": _("Number"),
        "slot": _("Date of the visit"),
        "collector": _("Who comes instead of the owner"),
        "address": _("Address, for what goes by post"),
        "remark": _("Remark"),
        "pick": _("Annotations"),
        "note": _("Remark"),
        "proposal": _("Version of the agreement"),
        "procedure": _("What the party asks for"),
        "applicant_name": _("Applicant"),
        "pesel": "PESEL",
        "plate": _("Plate"),
        "vin": "VIN",
        "make_and_model": _("Make and model"),
    }


def _in_words(name: str, value: str) -> str:
    """Return a code that the form sent as words; anything else as it was typed."""
    determined = {code.value: shown.words for code, shown in DETERMINATIONS.items()}
    tables: Mapping[str, Mapping[str, object]] = {
        "step": STEPS, "code": determined, "kind": {**THINGS, **ANNOTATIONS}, "procedure": PROCEDURES,
        "verdict": {code.value: shown.words for code, shown in VERDICTS.items()},
    }  # fmt: skip
    if name == "pick":
        number, _colon, kind = value.partition(":")
        return f"{number}, {ANNOTATIONS.get(kind, kind)}"
    table = METHODS if name.startswith("way-") else tables.get(name, {})
    return str(table.get(value, value))
