"""How staff come in and go out: log-in, log-out, and setting a password by a one-time link."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.domain.errors import BadInput, Refused
from app.domain.passwords import LONGEST
from app.extensions import db
from app.house import equipment
from app.transaction import one_transaction
from app.usecases.change_staff_password import change_staff_password, refuse_weak
from app.usecases.password_link import user_of_token
from app.usecases.passwords import hash_password
from app.views.acting import act_of, staff_actor
from app.views.entrance import enter_office, leave
from app.views.office.forms import Form
from app.views.redirects import safe_next
from app.views.sessions import this_session
from app.views.wording import refusal


class LoginForm(Form):
    """Name, password and, where the account has a second factor, its code."""

    username = StringField(_l("User name"), [InputRequired(_l("Type your user name.")), Length(max=128)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password.")), Length(max=LONGEST)])
    code = StringField(_l("One-time code"), [Length(max=16)])


class NewPasswordForm(Form):
    """A new password, twice."""

    new = PasswordField(_l("New password"), [InputRequired(_l("Type the new password.")), Length(max=LONGEST)])
    again = PasswordField(_l("New password again"), [InputRequired(_l("Type the new password again."))])

    def same(self) -> bool:
        """Return whether both are equal; says so at the second field where not."""
        if self.new.data == self.again.data:
            return True
        self.again.errors = [_("The two passwords differ.")]
        return False


class AuthView(BaseView):
    """The log-in page of the office. Flask-AppBuilder finds it by its name."""

    route_base = ""
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Response | tuple[str, int, dict[str, str]]:
        """Show the form; let in whoever fits it. Wrong in any way: one answer for all."""
        home = url_for("Home.index")
        if this_session().seat is not None:
            return redirect(safe_next(home))
        form = LoginForm()
        status, headers = 200, dict[str, str]()
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    if enter_office(form.username.data, form.password.data, form.code.data or "") is not None:
                        return redirect(safe_next(home))
                    form.form_errors.append(_("The user name, the password or the code is wrong."))
                except Refused as refused:
                    if refused.code != "too-many-attempts":
                        raise
                    form.form_errors.append(refusal(refused))
                    status, headers["Retry-After"] = 429, str(refused.details["seconds"])
        return render_template("office/login.html", title=_("Staff log-in"), form=form), status, headers

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End this session."""
        leave()
        return redirect(url_for("AuthView.login"))


class PasswordLink(BaseView):
    """The page behind a one-time link."""

    route_base = "/password"
    default_view = "set_password"

    @expose("/<string:token>", methods=["GET", "POST"])
    def set_password(self, token: str) -> str | Response | tuple[str, int]:
        """Ask for a new password and keep it; the link is spent, and a log-in follows."""
        settings = equipment().settings
        user = user_of_token(db.session(), token, settings)
        if user is None:
            raise Refused("link-spent")
        form = NewPasswordForm()
        status = 200
        if request.method == "POST":
            if form.validate() and form.same():
                try:
                    refuse_weak(user, form.new.data)
                except BadInput as fault:
                    form.new.errors = [refusal(fault)]
                else:
                    hashed = hash_password(form.new.data)
                    with one_transaction() as database:
                        # Read again under the lock: the same link may be used twice at the same time.
                        user = user_of_token(database, token, settings)
                        if user is None:
                            raise Refused("link-spent")
                        change_staff_password(
                            database, user, hashed, spare=None, how="link", act=act_of(staff_actor(user))
                        )
                    return redirect(url_for("AuthView.login"))
            status = 422
        title = _("Set your password")
        return render_template("office/set_password.html", title=title, form=form, user=user), status
