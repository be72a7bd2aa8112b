"""The case file: everything about one case on one page, and what can be done with it now."""

from __future__ import annotations

import io
from dataclasses import replace

import sqlalchemy as sa
from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.domain.errors import ConditionMissing
from app.domain.procedures.stages import Doer, ProcedureName
from app.epackages.previews import NoPreview, draw_page, kind_with_pages
from app.extensions import db
from app.house import equipment
from app.models import Case, Document, Package, Party
from app.transaction import one_transaction
from app.usecases.certify_printout import certified_printout, note_certified
from app.usecases.describe_case import Description, describe_case
from app.usecases.open_case import PESEL_CONTEXT
from app.usecases.package_content import package_content
from app.usecases.presence import note_presence
from app.usecases.print_receipt import receipt_pdf
from app.usecases.read_form import read_form
from app.usecases.record import record
from app.usecases.settle_signature import accept_signature
from app.usecases.take_case import give_back_case, take_case
from app.usecases.take_step import take_step
from app.usecases.waive_appeal import waive_appeal
from app.usecases.write_note import write_note
from app.views.acting import current_act
from app.views.office.at_case import find_case
from app.views.office.case_doers import verification_page
from app.views.office.case_forms import back_to, number, seen_version, short
from app.views.office.case_loading import whole_case
from app.views.office.case_page import case_page
from app.views.office.describing import errors_of, tidied
from app.views.office.desk import take_next
from app.views.office.form_print import form_as_pdf
from app.views.wording import refusal
from app.views.wording_cases import CLOCK_DONE, STAGES
from app.views.wording_form import attachments, sections

WIDTHS = {"320": 320, "800": 800, "1400": 1400}
LOOK_SECONDS = 8
"""A page that a clerk waits for; what takes longer is downloaded instead."""


class CaseFile(BaseView):
    """One case. Addresses carry its sign, which is no secret; who may open it is a question of the role."""

    route_base = "/sprawa"
    default_view = "open"

    @expose("/<sign>", methods=["GET"])
    @has_access
    def open(self, sign: str) -> ResponseReturnValue:
        """Show the case file. Reading it is an event of its own, written before anybody sees the page."""
        case, act = whole_case(sign), current_act()
        case_id = case.id
        page = render_template("office/case.html", **case_page(case, self.appbuilder.sm.has_access))
        with one_transaction() as session:
            record(session, f"case:{case_id}", "case-read", {"sign": sign}, act=act)
            note_presence(session, case_id, act=act)
        return page

    @expose("/<sign>/wez", methods=["POST"])
    @has_access
    def take(self, sign: str) -> ResponseReturnValue:
        """Give the case to the clerk who asks."""
        with one_transaction() as session:
            case = take_case(session, find_case(sign), act=current_act())
        flash(_("The case %(sign)s is yours.", sign=case.sign))
        return redirect(url_for("CaseFile.open", sign=sign))

    @expose("/nastepna", methods=["POST"])
    @has_access
    def take_next(self) -> ResponseReturnValue:
        """Give the most urgent free case to the clerk who asks, and open it where its next act is done."""
        sign = take_next()
        flash(_("The case %(sign)s is yours.", sign=sign))
        case = find_case(sign)
        if case.signature_settled and case.procedure != ProcedureName.UNDESCRIBED:
            return redirect(verification_page(sign))
        return redirect(url_for("CaseFile.open", sign=sign))

    @expose("/<sign>/oddaj", methods=["POST"])
    @has_access
    def give_back(self, sign: str) -> ResponseReturnValue:
        """Put the case back into the queue."""
        reason = short("reason")
        with one_transaction() as session:
            give_back_case(session, find_case(sign), seen_version(), reason, act=current_act(), doer=Doer.CLERK)
        flash(_("The case %(sign)s is back in the queue.", sign=sign))
        return redirect(url_for("Desk.work"))

    @expose("/<sign>/odbierz", methods=["POST"])
    @has_access
    def take_away(self, sign: str) -> ResponseReturnValue:
        """Put the case of any clerk back into the queue: a supervisor's act."""
        with one_transaction() as session:
            give_back_case(
                session, find_case(sign), seen_version(), short("reason"), act=current_act(), doer=Doer.SUPERVISOR
            )
        flash(_("The case %(sign)s is back in the queue.", sign=sign))
        return back_to(sign)

    @expose("/<sign>/krok", methods=["POST"])
    @has_access
    def step(self, sign: str) -> ResponseReturnValue:
        """Take a step that needs neither a letter nor a thing, as the clerk of the case."""
        return _step(sign, Doer.CLERK)

    @expose("/<sign>/krok-kancelarii", methods=["POST"])
    @has_access
    def desk_step(self, sign: str) -> ResponseReturnValue:
        """Take such a step as the front desk."""
        return _step(sign, Doer.FRONT_DESK)

    @expose("/<sign>/notatka", methods=["POST"])
    @has_access
    def note(self, sign: str) -> ResponseReturnValue:
        """Add a note for colleagues."""
        with one_transaction() as session:
            write_note(session, find_case(sign), request.form.get("text", "")[:10_000], act=current_act())
        flash(_("The note is added."))
        return back_to(sign, "notes")

    @expose("/<sign>/podpis", methods=["POST"])
    @has_access
    def settle(self, sign: str) -> ResponseReturnValue:
        """Accept a signature that the machine could not confirm."""
        reason = short("reason")
        with one_transaction() as session:
            # Whoever takes cases settles in their own; a supervisor, who takes none, settles in any.
            doer = Doer.CLERK if self.appbuilder.sm.has_access("can_take", "CaseFile") else Doer.SUPERVISOR
            accept_signature(session, find_case(sign), seen_version(), reason, act=current_act(), doer=doer)
        flash(_("The signature is accepted."))
        return redirect(url_for("CaseFile.open", sign=sign))

    @expose("/<sign>/opis", methods=["POST"])
    @has_access
    def describe(self, sign: str) -> ResponseReturnValue:
        """Say what the party asks for."""
        typed = {name: request.form.get(name, "")[:200] for name in Description.__slots__}
        if wrong := errors_of(typed):
            page = case_page(whole_case(sign), self.appbuilder.sm.has_access)
            return render_template("office/case.html", **page, typed=typed, wrong=wrong), 422
        described = Description(**tidied(typed))
        with one_transaction() as session:
            act = current_act()
            case = describe_case(session, find_case(sign), seen_version(), described, equipment=equipment(), act=act)
            doubts = [found for found in case.findings if found.at == act.at]
        flash(_("The case is described."))
        if doubts:
            flash(_("The checks found something in the description. Compare it with the papers."), "warning")
        return redirect(url_for("CaseFile.open", sign=sign))

    @expose("/<sign>/pesel/<int:party_id>", methods=["POST"])
    @has_access
    def show_pesel(self, sign: str, party_id: int) -> ResponseReturnValue:
        """Show the PESEL of one party; who looked is written down."""
        with one_transaction() as session:
            case = find_case(sign)
            party = session.scalars(
                sa.select(Party).where(Party.id == party_id, Party.case_id == case.id)
            ).one_or_none()
            if party is None or party.pesel_sealed is None:
                abort(404)
            record(session, f"case:{case.id}", "pesel-shown", {"party": party.id}, act=current_act())
            pesel = equipment().ring.open(party.pesel_sealed, context=PESEL_CONTEXT)
        page = case_page(whole_case(sign), self.appbuilder.sm.has_access, shown={party_id: pesel})
        return render_template("office/case.html", **page)

    @expose("/<sign>/dokument/<public_id>/<int:page>", methods=["GET"])
    @has_access
    def page(self, sign: str, public_id: str, page: int) -> ResponseReturnValue:
        """Draw one page of a document. The file itself is never served from our origin."""
        document = _document(sign, public_id)
        kind = kind_with_pages(document.member.media)
        width = WIDTHS.get(request.args.get("w", "800"))
        if kind is None or width is None or not 1 <= page <= 2000:
            abort(404)
        limits = replace(equipment().preview_limits, seconds=LOOK_SECONDS)
        with package_content(document.member.package, equipment=equipment()) as content:
            drawn = draw_page(content.chunks(document.member.name), kind, page=page, width=width, limits=limits)
        if isinstance(drawn, NoPreview):
            abort(404)
        answer = Response(drawn.image, mimetype=drawn.media)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @expose("/<sign>/zrzeczenie/<int:number>", methods=["POST"])
    @has_access
    @permission_name("step")
    def waive(self, sign: str, number: int) -> ResponseReturnValue:
        """Write down that the parties waived their appeal against a decision."""
        with one_transaction() as session:
            waive_appeal(session, find_case(sign), seen_version(), number, act=current_act(), doer=Doer.CLERK)
        flash(_("The waiver is written down. The decision is final."))
        return back_to(sign, "decisions")

    @expose("/<sign>/plik/<public_id>", methods=["GET"])
    @has_access
    def document(self, sign: str, public_id: str) -> ResponseReturnValue:
        """Hand out the file of a document, always as a download; who took it away is written down."""
        with one_transaction() as session:
            document = _document(sign, public_id)
            details = {"document": document.position, "package": document.member.package.number}
            record(session, f"case:{document.case_id}", "document-downloaded", details, act=current_act())
        document = _document(sign, public_id)
        with package_content(document.member.package, equipment=equipment()) as content:
            data = content.read(document.member.name, document.member.size)
        # The sender named it, in any letters; `send_file` writes a header that every server can send.
        name = document.title.rsplit("/", 1)[-1]
        answer = send_file(io.BytesIO(data), "application/octet-stream", as_attachment=True, download_name=name)
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer

    @expose("/<sign>/wydruk/<public_id>.pdf", methods=["GET"])
    @has_access
    @permission_name("document")
    def certified(self, sign: str, public_id: str) -> ResponseReturnValue:
        """Print a document for the paper file, with the sheet that certifies it; who did so is written down."""
        document, act = _document(sign, public_id), current_act()
        try:
            pdf = certified_printout(db.session(), document, equipment=equipment(), act=act)
        except ConditionMissing as missing:
            flash(refusal(missing), "warning")
            return back_to(sign, "documents")
        with one_transaction() as session:
            note_certified(session, _document(sign, public_id), act=act)
        answer = Response(pdf, mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{sign.replace('.', '-')}-wydruk.pdf")
        return answer

    @expose("/<sign>/paczka/<public_id>", methods=["GET"])
    @has_access
    def report(self, sign: str, public_id: str) -> ResponseReturnValue:
        """Show the technical report about the signatures of a package."""
        package = _package(sign, public_id)
        return render_template("office/report.html", title=package.number, case=package.case, package=package)

    @expose("/<sign>/formularz/<public_id>", methods=["GET"])
    @has_access
    @permission_name("report")
    def form(self, sign: str, public_id: str) -> ResponseReturnValue:
        """Show the form of a package, readable."""
        package = _package(sign, public_id)
        found = read_form(package, equipment=equipment()).application or abort(404)
        return render_template(
            "office/form_document.html",
            title=_("Form of %(number)s", number=package.number),
            package=package,
            sections=sections(found, hide_numbers=True),
            attachments=attachments(found),
            may_print=self.appbuilder.sm.has_access("can_document", "CaseFile"),
        )

    @expose("/<sign>/formularz/<public_id>.pdf", methods=["GET"])
    @has_access
    @permission_name("document")
    def form_pdf(self, sign: str, public_id: str) -> ResponseReturnValue:
        """Print the form of a package, whole; it names people by their numbers, so who printed it is written down."""
        with one_transaction() as session:
            package = _package(sign, public_id)
            record(session, f"case:{package.case_id}", "form-printed", {"package": package.number}, act=current_act())
        package = _package(sign, public_id)
        found = read_form(package, equipment=equipment()).application or abort(404)
        answer = Response(form_as_pdf(found, package, equipment().office), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{package.number}-formularz.pdf")
        return answer

    @expose("/<sign>/upo/<public_id>/<kind>", methods=["GET"])
    @has_access
    def receipt(self, sign: str, public_id: str, kind: str) -> ResponseReturnValue:
        """Hand out the receipt of a package, `xml` or `pdf`, the same bytes each time."""
        package = _package(sign, public_id)
        if package.receipt is None or kind not in {"xml", "pdf"}:
            abort(404)
        tools, receipt = equipment(), package.receipt
        content = tools.store.read(receipt.xml_sha256) if kind == "xml" else receipt_pdf(receipt, equipment=tools)
        answer = Response(content, mimetype=f"application/{kind}")
        name = f"{receipt.number.replace('/', '-')}.{kind}"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer


def _step(sign: str, doer: Doer) -> ResponseReturnValue:
    name = request.form.get("step", "")
    with one_transaction() as session:
        case = find_case(sign)
        letter = number("letter") if request.form.get("letter") else None
        take_step(
            session, case, seen_version(), name, act=current_act(), doer=doer, reason=short("reason"), letter=letter
        )
        stage = case.stage
    flash(CLOCK_DONE.get(name) or _("Done. Stage of the case: %(stage)s.", stage=STAGES[stage]))
    return back_to(sign)


def _document(sign: str, public_id: str) -> Document:
    document: Document | None = db.session.scalars(
        sa.select(Document)
        .join(Case, Case.id == Document.case_id)
        .where(Case.sign == sign, Document.public_id == public_id)
    ).one_or_none()
    return document if document is not None else abort(404)


def _package(sign: str, public_id: str) -> Package:
    package: Package | None = db.session.scalars(
        sa.select(Package)
        .join(Case, Case.id == Package.case_id)
        .where(Case.sign == sign, Package.public_id == public_id)
    ).one_or_none()
    return package if package is not None else abort(404)
