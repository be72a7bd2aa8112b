"""An office with two registers over known rows, for tests of what every register promises."""

import datetime as dt
import re

from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import Role, User

from app.domain.folding import fold_words
from app.extensions import db
from app.models import Case, SearchKey, StaffProfile
from app.usecases.passwords import hash_password
from app.views.office import marks, saved_views
from app.views.office.register_filters import Choice, Days, Person, Words
from app.views.office.registers import Register
from tests.databases import everybody_writing

PASSWORD = "Zielony-rower-2026!"
NOON = dt.datetime(2026, 11, 3, 11, 0, tzinfo=dt.UTC)


class SampleCases(Register):
    datamodel = SQLAInterface(Case)
    route_base = "/sample-cases"
    list_title = "Cases"
    show_title = "Case"
    list_columns = ("sign", "opened_at", "due_on", "applicant_name", "plate", "stage", "clerk.last_name")
    show_columns = ("sign", "due_on", "applicant_name", "closed_at", "signature_settled")
    label_columns = {"sign": "Sign", "opened_at": "Opened", "due_on": "Due", "clerk.last_name": "Clerk"}
    order_columns = ("sign", "opened_at", "due_on", "stage")
    base_order = ("opened_at", "desc")
    eager = {"clerk": ("last_name",)}
    formatters_columns = {"plate": marks.plate}
    quick_filters = (
        Words("q", "Words", case_id=Case.id, exact=(Case.sign,)),
        Days("opened", "Opened from", "to", Case.opened_at),
        Days("due", "Due from", "to", Case.due_on),
        Choice(
            "stage",
            "Stage",
            {"received": "received", "verification": "verification", "late": "late"},
            Case.stage,
            meanings={"late": lambda: Case.due_on < dt.date(2026, 11, 20)},
        ),
        Person("clerk", "Clerk", Case.clerk_id),
    )
    standing_views = (("Just arrived", "stage=received"),)


class OwnCases(Register):
    """Only deregistrations may be seen here."""

    datamodel = SQLAInterface(Case)
    route_base = "/own-cases"
    list_title = "Deregistrations"
    list_columns = ("sign", "applicant_name")
    show_columns = ("sign", "applicant_name")
    base_filters = (("procedure", FilterEqual, "deregistration"),)


VIEWS = (SampleCases, OwnCases, saved_views.SavedViews)


def add_to(builder):
    builder.add_view(SampleCases, "Sample cases", category="Registers")
    builder.add_view(OwnCases, "Own cases", category="Registers")
    builder.add_view_no_menu(saved_views.SavedViews)


def fill(app, rows, more=()):
    """Write two users, their role with every permission of the sample and `more`, and `rows` cases."""
    with app.app_context(), everybody_writing(db.engine):
        security = app.extensions["appbuilder"].sm
        session = db.session
        session.add(Role(name="Admin"))  # Flask-AppBuilder gives it every permission that is made
        session.commit()
        permissions = [
            *((f"can_{method}", view.__name__) for view in VIEWS for method in view.include_route_methods),
            *(("menu_access", menu) for menu in ("Registers", "Sample cases", "Own cases")),
            *more,
        ]
        made = [security.add_permission_view_menu(permission, view) for permission, view in permissions]
        role = Role(name="Everything", permissions=made)
        session.add(role)
        for name in ("marta", "adam"):
            user = User(
                first_name=name.title(),
                last_name="Żak",
                username=name,
                email=f"{name}@example.org",
                active=True,
                roles=[role],
                password=hash_password(PASSWORD),
            )
            session.add(user)
            session.flush()
            session.add(StaffProfile(user_id=user.id, language="en"))
        session.add(User(first_name="N", last_name="O", username="nobody", email="n@example.org", active=True))
        session.commit()
        session.add_all(case for number in range(1, rows + 1) for case in _case(number))
        session.commit()


def _case(number):
    name = ("Łucja Ślusarczyk", "Jan Kowalczyk", "=1+2", "Auto-Handel sp.j.")[number % 4]
    opened = NOON + dt.timedelta(hours=number // 3)  # three share each moment
    yield Case(
        id=number,
        sign=f"KM.5410.{number}.2026",
        unit="KM",
        case_class="5410",
        year=2026,
        number=number,
        procedure="deregistration" if number % 2 else "registration",
        edition="sekap",
        stage="received" if number % 3 else "verification",
        opened_at=opened,
        received_on=opened.date(),
        due_on=None if number % 5 == 0 else dt.date(2026, 12, 1) + dt.timedelta(days=number // 7 - 15),
        applicant_name=name,
        plate=f"SC {number:05}",
        clerk_id=1 if number % 2 else None,
    )
    for word in fold_words(name):
        yield SearchKey(case_id=number, kind="name", key=word)
    yield SearchKey(case_id=number, kind="case_sign", key=f"KM.5410.{number}.2026")
    yield SearchKey(case_id=number, kind="plate", key=f"SC{number:05}")


def come_in(app, name="marta"):
    """Return a client that is logged in."""
    client = app.test_client()
    page = client.get("/login/").get_data(as_text=True)
    answer = client.post("/login/", data={"csrf_token": token(page), "username": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return client


def token(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)


def signs(page):
    """The signs of the rows that `page` shows, from top to bottom."""
    return re.findall(r'<th role="rowheader" scope="row">.*?(KM\.5410\.\d+\.2026)', page)


def link(page, rel):
    """The query of the link to the next or previous page, or None."""
    found = re.search(rf'href="(\?[^"]*)" rel="{rel}"', page)
    return found and found.group(1).replace("&amp;", "&")
