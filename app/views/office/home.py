"""Where one lands at the office door: at the first page of the menu that the role opens."""

from __future__ import annotations

from flask import current_app, redirect, url_for
from flask_appbuilder.baseviews import BaseView, expose
from werkzeug.wrappers import Response


class Home(BaseView):
    """The address `/office/`."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> Response:
        """Send on to the first page that this person may open; to their own account if there is no other."""
        manager = current_app.appbuilder.sm  # type: ignore[attr-defined]
        if manager.has_access("can_write", "FrontDesk") and not manager.has_access("can_compare", "Custody"):
            return redirect(url_for("FrontDesk.start"))  # who stands at the counter and decides no case
        seen = current_app.appbuilder.sm.get_user_menu_access()  # type: ignore[attr-defined]
        for item in self.appbuilder.menu.get_list():
            for entry in [item, *item.childs]:
                if entry.name in seen and not entry.childs and entry.name != "-" and (url := entry.get_url()):
                    return redirect(url)
        return redirect(url_for("AccountView.account"))
