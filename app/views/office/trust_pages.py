"""Bringing anchors, trusted lists and revocation lists into the trust store; platforms and their tokens."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.domain.acts import OFFICE_ZONE
from app.domain.errors import BadInput
from app.house import equipment
from app.models import Platform, TrustAnchor
from app.transaction import one_transaction
from app.usecases.import_crl import import_crl
from app.usecases.platforms import add_platform, revoke_platform
from app.usecases.trust_imports import import_trusted_list, trust_certificate, withdraw_anchor
from app.views.acting import current_act
from app.views.office.forms import Form
from app.views.office.register_filters import read_day
from app.views.wording import refusal
from app.views.wording_cases import IDENTITIES

_LARGEST = 32 * 2**20
_IDENTITIES = [SelectChoice(code, words) for code, words in IDENTITIES.items()]
_PURPOSES = [SelectChoice("sign", _l("signatures")), SelectChoice("timestamp", _l("timestamps"))]


class AnchorForm(Form):
    """A certificate to trust."""

    file = FileField(_l("Certificate (PEM)"), [FileRequired(_l("Choose the file."))])
    identity = SelectField(_l("How well it knows people"), choices=_IDENTITIES)
    purpose = SelectField(_l("Purpose"), choices=_PURPOSES)
    until = StringField(_l("Trusted until"), description=_l("dd.mm.yyyy; empty: as long as the certificate is valid"))


class ListForm(Form):
    """A national trusted list."""

    file = FileField(_l("Trusted list (XML)"), [FileRequired(_l("Choose the file."))])
    operators = FileField(_l("Certificates of the scheme operator (PEM)"), [FileRequired(_l("Choose the file."))])


class CrlForm(Form):
    """A revocation list."""

    file = FileField(_l("Revocation list (DER or PEM)"), [FileRequired(_l("Choose the file."))])


class PlatformForm(Form):
    """A platform that may push packages."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the platform a name.")), Length(max=100)])


class TrustPages(BaseView):
    """The acts behind the register of trust anchors; they share its permissions."""

    route_base = "/kotwice"
    class_permission_name = "TrustAnchorRegister"
    default_view = "add"
    include_route_methods: ClassVar[set[str]] = {"add", "import_list", "import_crl", "withdraw"}

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> ResponseReturnValue:
        """Trust a certificate."""
        form = AnchorForm()
        if form.validate_on_submit():
            until = read_day(form.until.data or "")
            if form.until.data and until is None:
                form.until.errors = [_("Write the day like this: 02.11.2026.")]
                return _page(_("New trust anchor"), form)
            end = dt.datetime.combine(until, dt.time(23, 59, 59), OFFICE_ZONE) if until else None
            try:
                with one_transaction() as session:
                    count = trust_certificate(
                        session,
                        form.file.data.read(_LARGEST),
                        identity=form.identity.data,
                        purpose=form.purpose.data,
                        until=end,
                        act=current_act(),
                    )
            except BadInput as refused:
                form.form_errors.append(refusal(refused))
            else:
                flash(ngettext("%(num)s anchor added.", "%(num)s anchors added.", count), "success")
                return redirect(url_for("TrustAnchorRegister.list"))
        return _page(_("New trust anchor"), form)

    @expose("/lista", methods=["GET", "POST"])
    @has_access
    def import_list(self) -> ResponseReturnValue:
        """Import a national trusted list from a file."""
        form = ListForm()
        if form.validate_on_submit():
            xml, pem = form.file.data.read(_LARGEST), form.operators.data.read(_LARGEST)
            try:
                with one_transaction() as session:
                    new, known = import_trusted_list(session, xml, pem, act=current_act())
            except BadInput as refused:
                form.form_errors.append(refusal(refused))
            else:
                flash(
                    _("The list is imported: %(new)s new anchors, %(known)s were there.", new=new, known=known),
                    "success",
                )
                return redirect(url_for("TrustAnchorRegister.list"))
        return _page(_("Import a trusted list"), form)

    @expose("/crl", methods=["GET", "POST"])
    @has_access
    def import_crl(self) -> ResponseReturnValue:
        """Import a revocation list from a file."""
        form = CrlForm()
        if form.validate_on_submit():
            data = form.file.data.read(_LARGEST)
            try:
                with one_transaction() as session:
                    _found, new = import_crl(session, data, equipment=equipment(), act=current_act())
                    said = _("The list is imported; packages that waited for it are judged again.")
                    if not new:
                        said = _("This list was imported before.")
            except BadInput as refused:
                form.form_errors.append(refusal(refused))
            else:
                flash(said, "success")
                return redirect(url_for("TrustAnchorRegister.list"))
        return _page(_("Import a revocation list"), form)

    @expose("/<int:anchor_id>/wycofaj", methods=["POST"])
    @has_access
    def withdraw(self, anchor_id: int) -> ResponseReturnValue:
        """Stop trusting an anchor."""
        with one_transaction() as session:
            anchor: TrustAnchor = session.get(TrustAnchor, anchor_id) or abort(404)
            withdraw_anchor(session, anchor, act=current_act())
        flash(_("The anchor is withdrawn."), "success")
        return redirect(url_for("TrustAnchorRegister.show", pk=anchor_id))


class PlatformPages(BaseView):
    """The acts behind the register of platforms; they share its permissions."""

    route_base = "/platformy"
    class_permission_name = "PlatformRegister"
    default_view = "add"
    include_route_methods: ClassVar[set[str]] = {"add", "revoke"}

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> ResponseReturnValue:
        """Let a platform in and show its token once."""
        form = PlatformForm()
        if form.validate_on_submit():
            try:
                with one_transaction() as session:
                    token = add_platform(session, form.name.data, act=current_act())
            except BadInput as refused:
                form.form_errors.append(refusal(refused))
            else:
                return render_template(
                    "office/link.html",
                    title=_("Token of %(name)s", name=form.name.data),
                    lead=_("Give this token to the platform. It is kept nowhere and not shown again."),
                    secret=token,
                    back_url=url_for("PlatformRegister.list"),
                )
        back = url_for("PlatformRegister.list")
        return render_template("office/form.html", title=_("New platform"), form=form, back_url=back)

    @expose("/<int:platform_id>/odbierz", methods=["POST"])
    @has_access
    def revoke(self, platform_id: int) -> ResponseReturnValue:
        """Take the right to push packages away."""
        with one_transaction() as session:
            platform: Platform = session.get(Platform, platform_id) or abort(404)
            revoke_platform(session, platform, act=current_act())
        flash(_("The platform may send no more packages."), "success")
        return redirect(url_for("PlatformRegister.show", pk=platform_id))


def _page(title: str, form: Form) -> str:
    back = url_for("TrustAnchorRegister.list")
    return render_template("office/form.html", title=title, form=form, back_url=back, submit_label=_("Import"))
