"""Making and changing accounts of the office's staff. Nobody types another's password: there is a one-time link."""

from __future__ import annotations

from typing import ClassVar

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.domain.errors import BadInput
from app.extensions import db
from app.house import equipment
from app.models import StaffProfile
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.password_link import HOURS, password_token
from app.usecases.second_factor import forget_lost_factor
from app.usecases.staff import (
    add_staff,
    disable_staff,
    enable_staff,
    note_link_made,
    set_staff_position,
    set_staff_roles,
)
from app.views.acting import current_act
from app.views.office.forms import Form
from app.views.wording import refusal

_POSITION = _l("Stands under the name in letters, in Polish: “inspektor”, “starszy referent”.")
_ROLES = [SelectChoice(role.value) for role in Role]


class StaffForm(Form):
    """What somebody is in the office, and which roles they have."""

    position = StringField(_l("Position"), [Length(max=80)], description=_POSITION)
    roles = SelectMultipleField(_l("Roles"), [InputRequired(_l("Choose at least one role."))], choices=_ROLES)


class NewStaffForm(Form):
    """A new account."""

    user_name = StringField(_l("User name"), [InputRequired(_l("Give a user name.")), Length(max=64)])
    first_name = StringField(_l("First name"), [InputRequired(_l("Give the first name.")), Length(max=64)])
    last_name = StringField(_l("Surname"), [InputRequired(_l("Give the surname.")), Length(max=64)])
    email = EmailField(_l("E-mail"), [InputRequired(_l("Give the e-mail address.")), Length(max=254)])
    position = StringField(_l("Position"), [Length(max=80)], description=_POSITION)
    roles = SelectMultipleField(_l("Roles"), [InputRequired(_l("Choose at least one role."))], choices=_ROLES)


class StaffPages(BaseView):
    """The acts behind the register of users; they share its permissions."""

    route_base = "/uzytkownicy"
    class_permission_name = "UserRegister"
    default_view = "add"
    include_route_methods: ClassVar[set[str]] = {"add", "edit", "send_link", "disable", "forget_factor"}

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> ResponseReturnValue:
        """Make an account and show the link by which its owner sets a password."""
        form = NewStaffForm()
        if form.validate_on_submit():
            try:
                with one_transaction() as session:
                    user = add_staff(
                        session,
                        form.user_name.data,
                        (form.first_name.data, form.last_name.data),
                        form.email.data,
                        _chosen(form),
                        act=current_act(),
                        position=form.position.data or "",
                    )
                    user_id = user.id
            except BadInput as refused:
                form.form_errors.append(refusal(refused))
            else:
                return _link_page(user_id)
        back = url_for("UserRegister.list")
        return render_template("office/form.html", title=_("New user"), form=form, back_url=back)

    @expose("/<int:user_id>/edit", methods=["GET", "POST"])
    @has_access
    def edit(self, user_id: int) -> ResponseReturnValue:
        """Change the position and the roles of somebody."""
        user, profile = _user(user_id), db.session.get(StaffProfile, user_id)
        known = {"roles": [role.name for role in user.roles], "position": profile.position if profile else ""}
        form = StaffForm(data=known)
        title = _("Position and roles of %(name)s", name=f"{user.first_name} {user.last_name}")
        if form.validate_on_submit():
            with one_transaction() as session:
                set_staff_position(session, _user(user_id), form.position.data or "", act=current_act())
                set_staff_roles(session, _user(user_id), _chosen(form), act=current_act())
            flash(_("Saved. Whose roles have changed logs in again to use them."), "success")
            return redirect(url_for("UserRegister.show", pk=user_id))
        back = url_for("UserRegister.show", pk=user_id)
        return render_template("office/form.html", title=title, form=form, back_url=back)

    @expose("/<int:user_id>/link", methods=["POST"])
    @has_access
    def send_link(self, user_id: int) -> ResponseReturnValue:
        """Show a new link to set a password."""
        _user(user_id)
        return _link_page(user_id)

    @expose("/<int:user_id>/disable", methods=["POST"])
    @has_access
    def disable(self, user_id: int) -> ResponseReturnValue:
        """Close an account, or open it again."""
        with one_transaction() as session:
            user = _user(user_id)
            if user.active:
                disable_staff(session, user, act=current_act())
                flash(_("The account is closed; its sessions have ended."), "success")
            else:
                enable_staff(session, user, act=current_act())
                flash(_("The account is open again."), "success")
        return redirect(url_for("UserRegister.show", pk=user_id))

    @expose("/<int:user_id>/factor", methods=["POST"])
    @has_access
    def forget_factor(self, user_id: int) -> ResponseReturnValue:
        """Turn off the second factor of somebody who lost the telephone."""
        with one_transaction() as session:
            forget_lost_factor(session, _user(user_id).id, act=current_act())
        flash(_("The second factor is off. The person logs in by password alone until a new one is set up."), "success")
        return redirect(url_for("UserRegister.show", pk=user_id))


def _chosen(form: Form) -> list[Role]:
    return [Role(value) for value in form.roles.data or ()]


def _user(user_id: int) -> User:
    user: User | None = db.session.get(User, user_id)
    return user if user is not None else abort(404)


def _link_page(user_id: int) -> ResponseReturnValue:
    settings = equipment().settings
    with one_transaction() as session:
        user = _user(user_id)
        note_link_made(session, user, act=current_act())
        token = password_token(user, settings)
        name = f"{user.first_name} {user.last_name}"
    return render_template(
        "office/link.html",
        title=_("One-time link for %(name)s", name=name),
        lead=_(
            "Give this link to the person. It works once, within %(hours)s hours, and is not shown again.", hours=HOURS
        ),
        secret=f"{settings.public_url}/office/password/{token}",
        back_url=url_for("UserRegister.show", pk=user_id),
    )
