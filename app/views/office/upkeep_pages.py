"""Jobs that get another chance, refused packages that get another look, and the audit trail proved whole."""

from __future__ import annotations

from typing import ClassVar

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.extensions import db
from app.house import equipment
from app.intake import recheck
from app.models import Job, Package, PackageState
from app.transaction import one_transaction
from app.usecases.record import record
from app.usecases.retry_job import retry_job
from app.usecases.verify_audit import verify_audit
from app.views.acting import current_act
from app.views.wording_audit import PROBLEMS
from app.views.wording_cases import OUTCOMES


class JobPages(BaseView):
    """Retrying; shares the permissions of the register of jobs."""

    route_base = "/zadania"
    class_permission_name = "JobRegister"
    default_view = "retry"
    include_route_methods: ClassVar[set[str]] = {"retry"}

    @expose("/<int:job_id>/ponow", methods=["POST"])
    @has_access
    def retry(self, job_id: int) -> ResponseReturnValue:
        """Let a given-up job run again."""
        with one_transaction() as session:
            job: Job = session.get(Job, job_id) or abort(404)
            retry_job(session, job, act=current_act())
        flash(_("The job runs again in a moment."), "success")
        return redirect(url_for("JobRegister.list"))


class QuarantinePages(BaseView):
    """A supervisor's look at what was refused; shares the permissions of the quarantine."""

    route_base = "/kwarantanna"
    class_permission_name = "QuarantineRegister"
    default_view = "download"
    include_route_methods: ClassVar[set[str]] = {"download", "recheck"}

    @expose("/<int:package_id>/plik", methods=["POST"])
    @has_access
    def download(self, package_id: int) -> ResponseReturnValue:
        """Hand out the refused bytes, as a download that nothing opens by itself. Who took them is written down."""
        with one_transaction() as session:
            package = _refused(package_id)
            record(
                session, f"package:{package.id}", "quarantine-downloaded", {"number": package.number}, act=current_act()
            )
            sha256, number = package.sha256, package.number
        answer = Response(equipment().store.read(sha256), mimetype="application/octet-stream")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{number}.kwarantanna")
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer

    @expose("/<int:package_id>/sprawdz", methods=["POST"])
    @has_access
    def recheck(self, package_id: int) -> ResponseReturnValue:
        """Judge a refused package again, by what is trusted today. The refusal stands; the sender sends again."""
        _refused(package_id)
        outcome = recheck(db.session(), package_id, equipment=equipment(), act=current_act())
        flash(_("Judged again: %(outcome)s.", outcome=str(OUTCOMES[outcome.value])), "info")
        return redirect(url_for("QuarantineRegister.show", pk=package_id))


class AuditPages(BaseView):
    """The proof that the audit trail is whole; shares the permissions of its register."""

    route_base = "/audyt"
    class_permission_name = "AuditRegister"
    default_view = "verify"
    include_route_methods: ClassVar[set[str]] = {"verify"}

    @expose("/sprawdz", methods=["GET"])
    @has_access
    def verify(self) -> ResponseReturnValue:
        """Recompute every chain and seal and say what is broken."""
        return render_template(
            "office/audit.html",
            title=_("Is the audit trail whole?"),
            broken=verify_audit(db.session()),
            problems=PROBLEMS,
        )


def _refused(package_id: int) -> Package:
    package: Package | None = db.session.get(Package, package_id)
    if package is None or package.state is not PackageState.REFUSED:
        abort(404)
    return package
