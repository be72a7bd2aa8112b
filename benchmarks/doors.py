"""Who shows the same table? Our register, stock Flask-AppBuilder, and a page by hand; Django stands in its own file."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from typing import ClassVar

import sqlalchemy as sa
from flask import Flask, request
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.engine import Engine

from app import create_office
from app.clock import now
from app.database import engine_options, prepare
from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.models import Case
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.passwords import hash_password
from app.usecases.staff import add_staff
from benchmarks.browser import Browser
from config import Settings
from tests.databases import everybody_writing

PASSWORD = "cztery zielone rowery w deszczu"
COLUMNS = (
    "sign", "received_on", "applicant_name", "plate", "vehicle_label", "procedure", "stage", "clerk", "due_on",
)  # fmt: skip
PAGE, CAP = 25, 1000


def ours(settings: Settings, username: str = "bench", *, clerk: bool = False) -> Browser:
    """Return somebody who is logged in at the office door, a clerk or a supervisor."""
    app = create_office(settings)
    with app.app_context(), one_transaction() as session:
        user = session.scalars(sa.select(User).where(User.username == username)).one_or_none()
        if user is None:
            act, name, role = Act(SYSTEM, now()), ("Ewa", "Miara"), Role.CLERK if clerk else Role.SUPERVISOR
            user = add_staff(session, username, name, f"{username}@example.invalid", [role], act=act)
        user.password = hash_password(PASSWORD)
    browser = Browser(app)
    browser.log_in("/login/", "csrf_token", {"username": username, "password": PASSWORD})
    return browser


def stock(settings: Settings) -> Browser:
    """Return somebody who is logged in at a plain Flask-AppBuilder 5.3, with a ModelView as its manual shows it."""
    from flask_appbuilder import AppBuilder, ModelView
    from flask_appbuilder.models.sqla.interface import SQLAInterface
    from flask_wtf import CSRFProtect

    warnings.simplefilter("ignore")
    app = Flask("benchmarks.stock")
    app.config.update(
        SECRET_KEY="for this benchmark only, thirty-two bytes",
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE="pl",
        LANGUAGES={"pl": {"flag": "pl", "name": "Polski"}, "en": {"flag": "gb", "name": "English"}},
        APP_NAME="Cases",
        FAB_API_SWAGGER_UI=False,
        RATELIMIT_ENABLED=False,
    )
    db.init_app(app)
    CSRFProtect(app)

    class StockCases(ModelView):  # a class of its own each time: its datamodel keeps the session of one application
        datamodel = SQLAInterface(Case)
        list_columns: ClassVar = list(COLUMNS)
        # As they come, they would load every package and every party into a select.
        search_columns: ClassVar = ["sign", "stage", "procedure", "plate", "vin", "applicant_name", "due_on", "clerk"]
        base_order = ("id", "desc")
        page_size = PAGE

    with app.app_context():
        prepare(engine := db.engine)
    browser = Browser(app)
    with everybody_writing(engine):
        with app.app_context():
            logging.getLogger("flask_appbuilder").setLevel(logging.ERROR)
            builder = AppBuilder(app, db.session)
            builder.add_view(StockCases, "Cases", category="Registers")
            if not builder.sm.find_user("stock"):
                admin = builder.sm.find_role("Admin")
                builder.sm.add_user("stock", "Ada", "Nowak", "stock@example.invalid", admin, PASSWORD)
        browser.log_in("/login/", "csrf_token", {"username": "stock", "password": PASSWORD})
    return browser


_FLOOR = """<!doctype html><html lang="pl"><title>Sprawy</title>
<form><input name="q"><input name="stage"><button>Szukaj</button></form><p>{{ count }}{{ "+" if count > cap }}</p>
<table><thead><tr>
{% for name in names %}<th><a href="?sort={{ name }}">{{ name }}</a></th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for name in names %}<td>{{ row[name] }}</td>{% endfor %}
<td><a href="/{{ row.id }}">Pokaż</a></td></tr>
{% endfor %}</tbody></table>{% if following %}<a href="?after={{ following }}">Dalej</a>{% endif %}"""
_SELECT = (
    "SELECT c.id, c.sign, c.received_on, c.applicant_name, c.plate, c.vehicle_label, c.procedure, c.stage,"
    " u.last_name AS clerk, c.due_on FROM case_file c LEFT JOIN ab_user u ON u.id = c.clerk_id"
)


def floor(settings: Settings) -> Browser:
    """Return a visitor of the least that could show such a page: hand-written SQL, a bare template, no log-in."""
    app = Flask("benchmarks.floor")
    engine = sa.create_engine(settings.database_url, **engine_options(settings.database_url))
    prepare(engine)
    app.add_url_rule("/", "list", _floor_view(app, engine))
    return Browser(app)


def _floor_view(app: Flask, engine: Engine) -> Callable[[], str]:
    template = app.jinja_env.from_string(_FLOOR)

    def view() -> str:
        where, values, order = [], dict(request.args), "c.id DESC"
        if "stage" in values:
            where.append("c.stage = :stage")
        conditions = list(where)
        if "after" in values:
            where.append("c.id < :after")
            values["after"] = int(values["after"])
        if values.get("sort") == "due_on":
            order = "c.due_on, c.id"
        rows_sql = f"{_SELECT} {_all(where)} ORDER BY {order} LIMIT {PAGE + 1}"
        count_sql = f"SELECT count(*) FROM (SELECT 1 FROM case_file c {_all(conditions)} LIMIT {CAP + 1}) AS capped"
        with engine.connect() as connection:
            rows = connection.execute(sa.text(rows_sql), values).mappings().all()
            count = connection.scalar(sa.text(count_sql), values)
        following = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
        return template.render(rows=rows[:PAGE], count=count, cap=CAP, names=COLUMNS, following=following)

    return view


def _all(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""
