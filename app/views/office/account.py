"""One's own account: data, password, second factor, sessions, language, keyboard."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import AppBuilder
from flask_appbuilder.baseviews import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from app.domain.errors import BadInput
from app.domain.passwords import LONGEST
from app.extensions import db
from app.models import StaffProfile
from app.transaction import one_transaction
from app.usecases.change_staff_password import change_staff_password, refuse_weak
from app.usecases.passwords import hash_password, password_fits
from app.views.acting import current_act
from app.views.entrance import count_own_attempt, forgive_own_attempts
from app.views.languages import keep_language
from app.views.office.entrance import NewPasswordForm
from app.views.redirects import safe_next
from app.views.sessions import end_own, own_sessions, renew, this_session
from app.views.wording import refusal


class PasswordForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old = PasswordField(_l("Present password"), [InputRequired(_l("Type your present password.")), Length(max=LONGEST)])


class AccountView(BaseView):
    """My account."""

    route_base = "/account"
    default_view = "account"

    @expose("/")
    @has_access
    def account(self) -> str:
        """Show the person's own data and settings."""
        user = _me()
        profile = db.session.get(StaffProfile, user.id)
        return render_template(
            "office/account.html", title=_("My account"), user=user, profile=profile, sessions=own_sessions()
        )

    @expose("/settings", methods=["POST"])
    @has_access
    @permission_name("account")
    def settings(self) -> Response:
        """Keep whether keyboard shortcuts are on."""
        user = _me()
        with one_transaction() as database:
            profile = database.get(StaffProfile, user.id) or StaffProfile(user_id=user.id)
            profile.shortcuts_on = request.form.get("shortcuts_on") == "y"
            database.add(profile)
        flash(_("Your settings are saved."), "success")
        return redirect(url_for("AccountView.account"))

    @expose("/language", methods=["POST"])
    @has_access
    @permission_name("account")
    def language(self) -> Response:
        """Keep the person's language, and go back to the page where it was asked for."""
        keep_language(request.form.get("language", ""))
        return redirect(safe_next(url_for("AccountView.account")))

    @expose("/password", methods=["GET", "POST"])
    @has_access
    def password(self) -> str | Response | tuple[str, int]:
        """Change one's own password; the old one is needed, and every other session ends."""
        form = PasswordForm()
        status = 200
        if request.method == "POST":
            if form.validate() and form.same() and self._change(form):
                flash(_("Your password is changed. You are logged out everywhere else."), "success")
                return redirect(url_for("AccountView.account"))
            status = 422
        return render_template("office/password.html", title=_("Change the password"), form=form), status

    def _change(self, form: PasswordForm) -> bool:
        user, seat = _me(), this_session().seat
        stored = user.password
        keys = count_own_attempt(user.username)
        if not password_fits(stored, form.old.data):
            form.old.errors = [_("This is not your present password.")]
            return False
        try:
            refuse_weak(_me(), form.new.data)
        except BadInput as fault:
            form.new.errors = [refusal(fault)]
            return False
        hashed = hash_password(form.new.data)
        with one_transaction() as database:
            mine = database.get_one(User, seat.person_id if seat else -1)
            change_staff_password(
                database, mine, hashed, spare=seat.row_id if seat else None, how="own", act=current_act()
            )
            forgive_own_attempts(database, keys)
            renew(database)
        return True

    @expose("/sessions")
    @has_access
    def sessions(self) -> str:
        """Show where the person is logged in."""
        return render_template("office/sessions.html", title=_("My sessions"), sessions=own_sessions())

    @expose("/sessions/<int:session_id>/end", methods=["POST"])
    @has_access
    @permission_name("sessions")
    def end_session(self, session_id: int) -> Response:
        """End one of the person's own sessions."""
        if not end_own(session_id):
            abort(404)
        flash(_("The session is ended."), "success")
        return redirect(url_for("AccountView.sessions"))


def _me() -> User:
    person = this_session().person
    if not isinstance(person, User):
        abort(403)
    return person


def add_to(builder: AppBuilder) -> None:
    """Add these pages to the office."""
    builder.add_view_no_menu(AccountView)
