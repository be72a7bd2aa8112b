"""Turning one's own second factor on and off, and who must have one before anything else opens."""

from __future__ import annotations

import io

import segno
from flask import Flask, abort, flash, redirect, render_template, request, session, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.domain.passwords import LONGEST
from app.extensions import db
from app.house import equipment
from app.models import StaffProfile
from app.transaction import one_transaction
from app.usecases.passwords import password_fits
from app.usecases.second_factor import DEMANDING, turn_off_second_factor, turn_on_second_factor
from app.usecases.totp import address_for_app, matching_step, new_secret, open_secret, seal_secret
from app.views.acting import current_act
from app.views.entrance import count_own_attempt, forgive_own_attempts
from app.views.office.forms import Form
from app.views.sessions import renew, this_session

_OFFER = "second_factor_offer"
# Where somebody may go who still has to set a password or a second factor.
_WAY_OUT = frozenset({"static", "AuthView.logout", "AuthView.login", "AccountView.language", "languages.choose"})


class SecondFactorForm(Form):
    """The present password, and a code of the app."""

    old = PasswordField(_l("Present password"), [InputRequired(_l("Type your present password.")), Length(max=LONGEST)])
    code = StringField(_l("One-time code"), [InputRequired(_l("Type the six digits.")), Length(max=16)])


class SecondFactor(BaseView):
    """The second factor of one's own account."""

    route_base = "/account/second-factor"
    default_view = "second_factor"
    class_permission_name = "AccountView"

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("password")
    def second_factor(self) -> str | Response | tuple[str, int]:
        """Show the secret as a picture, and keep it once a code of it is shown; or, where there is one, forget it."""
        user = self._me()
        profile = db.session.get(StaffProfile, user.id)
        kept, used = (profile.totp_sealed, profile.totp_last_step) if profile is not None else (None, None)
        sealed = kept or self._offer(user.id)
        form = SecondFactorForm()
        status = 200
        if request.method == "POST":
            if form.validate() and self._settle(form, sealed, on=kept is None, used=used):
                text = _("The second factor is on.") if kept is None else _("The second factor is off.")
                flash(text, "success")
                return redirect(url_for("AccountView.account"))
            status = 422
        user = self._me()
        secret = "" if kept else open_secret(sealed, user.id, equipment().ring)
        picture = _picture(address_for_app(secret, user.username, "Okienko")) if secret else Markup()
        title = _("Second factor")
        return (
            render_template("office/second_factor.html", title=title, form=form, secret=secret, picture=picture),
            status,
        )

    def _settle(self, form: SecondFactorForm, sealed: str, *, on: bool, used: int | None) -> bool:
        """Turn it on or off. The code of a log-in (`used`) is spent: who saw it typed cannot turn anything off."""
        user, seat = self._me(), this_session().seat
        user_id, stored, name = user.id, user.password, user.username
        spare = seat.row_id if seat is not None else None
        keys = count_own_attempt(name)
        act = current_act()
        fits = password_fits(stored, form.old.data)
        step = matching_step(
            open_secret(sealed, user_id, equipment().ring), form.code.data, act.at, None if on else used
        )
        if not fits or step is None:
            form.form_errors.append(_("The password or the code is wrong."))
            return False
        with one_transaction() as database:
            if on:
                turn_on_second_factor(database, user_id, sealed, step, spare=spare, act=act)
            else:
                turn_off_second_factor(database, user_id, spare=spare, act=act)
            forgive_own_attempts(database, keys)
            renew(database)
        session.pop(_OFFER, None)
        return True

    @staticmethod
    def _offer(user_id: int) -> str:
        """Return the secret that is offered in this session, sealed; it counts for nothing until a code confirms it."""
        if _OFFER not in session:
            session[_OFFER] = seal_secret(new_secret(), user_id, equipment().ring)
        sealed: str = session[_OFFER]
        return sealed

    @staticmethod
    def _me() -> User:
        person = this_session().person
        if not isinstance(person, User):
            abort(403)
        return person


def _picture(address: str) -> Markup:
    """Return the QR code of `address` as SVG, drawn without styles of its own."""
    out = io.BytesIO()
    # A white ground of its own: the dark look must not swallow the picture.
    segno.make(address, error="m").save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
    return Markup(out.getvalue().decode())  # noqa: S704  drawn by the library from digits and letters of ours


def guard(app: Flask) -> None:
    """Send people who must change their password, or set up a second factor, there before anything else."""

    @app.before_request
    def first_things_first() -> Response | None:
        web = this_session()
        if web.seat is None or request.endpoint is None or request.endpoint in _WAY_OUT:
            return None
        if web.profile is not None and web.profile.must_change_password:
            return None if request.endpoint == "AccountView.password" else redirect(url_for("AccountView.password"))
        if not app.config["SETTINGS"].require_totp or request.endpoint == "SecondFactor.second_factor":
            return None
        has_one = web.profile is not None and web.profile.totp_sealed is not None
        if has_one or not isinstance(web.person, User) or not {role.name for role in web.person.roles} & DEMANDING:
            return None
        return redirect(url_for("SecondFactor.second_factor"))


def add_to(builder: AppBuilder) -> None:
    """Add this page to the office."""
    builder.add_view_no_menu(SecondFactor)
