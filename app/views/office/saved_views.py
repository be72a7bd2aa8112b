"""Where does a person keep and drop the views of registers that they like?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import sqlalchemy as sa
from flask import abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, BaseView, expose, has_access
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.errors import BadInput
from app.models import SavedView
from app.transaction import one_transaction
from app.usecases.remove_view import remove_view
from app.usecases.save_view import save_view
from app.views.numbers import whole_number

_VIEWS = SavedView.__table__.c
_OWN = (
    sa.select(_VIEWS.name, _VIEWS.query, _VIEWS.id)
    .where(_VIEWS.user_id == sa.bindparam("person"), _VIEWS.register == sa.bindparam("list"))
    .order_by(_VIEWS.name)
    .limit(30)
)


def own_views(session: Session, register: str) -> Sequence[sa.Row[str, str, int]]:
    """Return (name, query string, id) of the views of `register` that the person of this request keeps."""
    return session.connection().execute(_OWN, {"person": g.user.id, "list": register}).all()


class SavedViews(BaseView):
    """Saving and removing one's own views; their tabs stand above each register."""

    include_route_methods: ClassVar[set[str]] = {"save", "remove"}
    route_base = "/views"
    default_view = "save"

    @expose("/save", methods=["POST"])
    @has_access
    def save(self) -> ResponseReturnValue:
        """Keep the view that the form names and go back to it."""
        form, user_id = request.form, g.user.id
        list_url = _list_of(form.get("register", ""))
        query = form.get("query", "")
        try:
            with one_transaction() as session:
                query = save_view(
                    session, user_id=user_id, register=form["register"], name=form.get("name", ""), query=query
                ).query
        except BadInput as refusal:
            flash(
                _("You have as many views as fit. Remove one first.")
                if refusal.code == "views-full"
                else _("Give the view a name of up to 60 characters, and filter or sort the list first."),
                "warning",
            )
        else:
            flash(_("The view is saved."), "success")
        return redirect(f"{list_url}?{query}")

    @expose("/remove", methods=["POST"])
    @has_access
    def remove(self) -> ResponseReturnValue:
        """Drop one of the person's own views and go back to the whole list."""
        number, user_id = whole_number(request.form.get("view", ""), 18), g.user.id
        if number is None:
            abort(404)
        with one_transaction() as session:
            register = remove_view(session, user_id=user_id, view_id=number)
        if register is None:
            abort(404)
        flash(_("The view is removed."), "success")
        return redirect(_list_of(register))


def _list_of(register: str) -> str:
    """Return the address of the list `register`; 404 where this door has none of that name."""
    endpoint = f"{register}.list"
    if endpoint not in current_app.view_functions:
        abort(404)
    return url_for(endpoint)


def add_to(builder: AppBuilder) -> None:
    """Add the saving and removing of views; their tabs stand above each register."""
    builder.add_view_no_menu(SavedViews)
