"""What a clerk may rely on in every register: all rows, once, in order, at a flat price; no error for junk."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from app import create_office
from app.extensions import db
from app.models import Case, SavedView
from app.transaction import one_transaction
from app.views import office
from app.views.office.registers import Register
from tests.web.registers_office import OwnCases, SampleCases, add_to, come_in, fill, link, signs, token

LIST = "/sample-cases/list/"
ROWS = 83


@pytest.fixture
def open_desk(settings, monkeypatch):
    """Open an office with so many cases; it is closed after the test."""
    monkeypatch.setattr(office, "SCREENS", (office.account.add_to, add_to))
    app = create_office(settings)

    def filled(rows):
        fill(app, rows)
        return app

    yield filled
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(open_desk):
    return open_desk(ROWS)


def get(client, query="", path=LIST):
    answer = client.get(path + query)
    assert answer.status_code == 200, query
    return answer.get_data(as_text=True)


def walk(client, query, rel):
    """Follow the links of the pager from `query` on; return the pages."""
    pages = [get(client, query)]
    while following := link(pages[-1], rel):
        pages.append(get(client, following))
        assert len(pages) < 20
    return pages


ORDERS = ["", "?sort=opened_at&dir=asc", "?sort=due_on&dir=asc", "?sort=due_on&dir=desc", "?sort=stage&dir=desc"]


def test_walking_older_shows_every_row_once_and_walking_back_shows_the_same_pages(desk):
    client = come_in(desk)

    for order in ORDERS:
        down = walk(client, order, "next")
        up = walk(client, link(down[-1], "prev"), "prev")

        seen = [sign for page in down for sign in signs(page)]
        assert len(seen) == len(set(seen)) == ROWS, order
        assert [signs(page) for page in reversed(up)] == [signs(page) for page in down[:-1]], order


def test_the_newest_case_stands_first_and_equal_moments_are_ordered_by_number(desk):
    shown = signs(get(come_in(desk)))

    assert shown == [f"KM.5410.{number}.2026" for number in range(ROWS, ROWS - 25, -1)]


def test_rows_stand_in_the_order_that_is_asked_for(desk):
    client = come_in(desk)

    seen = [sign for page in walk(client, "?sort=due_on&dir=asc&size=50", "next") for sign in signs(page)]

    with desk.app_context():
        due = {row.sign: row.due_on for row in db.session.execute(sa.select(Case.sign, Case.due_on))}
    dated = [due[sign] for sign in seen if due[sign]]
    assert dated == sorted(dated)
    assert len(seen) == ROWS


JUNK = (
    "?after=x",
    "?after=~",
    "?after=2026-11-03T11:00:00~5",
    "?after=2026-13-45T99:00:00%2B00:00~5",
    "?after=0001-01-01T00:00:00%2B14:00~5",
    "?after=2026-11-03T11:00:00%2B00:00~99999999999999999999",
    "?before=%00~1",
    "?before=-~7",
    "?sort=password&dir=up",
    "?sort=clerk.last_name",
    "?sort=due_on&after=-~7",
    "?sort=due_on&dir=asc&before=-~7",
    "?sort=due_on&after=0000-00-00~1",
    "?sort=stage&after=%00~1",
    "?size=100000",
    "?size=-5",
    "?size=abc",
    "?q=%00%27%22%25_\\",
    "?q=" + "%C4%84" * 2000,
    "?q=...",
    "?opened_from=31.02.2026&opened_to=99999999",
    "?opened_from=01.01.0001&opened_to=31.12.9999",
    "?stage=nosuch",
    "?clerk=99999999999999999999",
    "?clerk=1;drop",
    "?page_SampleCases=abc&_oc_SampleCases=nosuch&psize_SampleCases=-1&_flt_0_id=x",
    "?sort=sign&sort=due_on&dir=desc&dir=asc",
)


def test_a_senseless_address_is_answered_with_a_list(desk):
    client = come_in(desk)

    answers = {query: client.get(LIST + query) for query in JUNK}

    assert {query: answer.status_code for query, answer in answers.items() if answer.status_code != 200} == {}
    assert all("<h1>Cases</h1>" in answer.get_data(as_text=True) for answer in answers.values())


def test_a_page_never_holds_more_rows_than_the_largest_declared_size(desk):
    client = come_in(desk)

    assert len(signs(get(client, "?size=100000"))) == 25
    assert len(signs(get(client, "?size=50"))) == 50


def test_a_page_costs_at_most_six_statements_and_no_more_with_more_rows(desk):
    client = come_in(desk)
    get(client)
    statements = []
    with desk.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    get(client)
    few = len(statements)
    statements.clear()
    get(client, "?size=100&clerk=me&q=kowal&opened_from=01.11.2026")

    assert few <= 6
    assert len(statements) <= 6


def test_rows_are_counted_up_to_a_cap(open_desk):
    page = get(come_in(open_desk(1030)))

    assert "more than 1000" in page
    assert len(signs(page)) == 25


FINDS = (
    ("q=slusarczyk", lambda n: n % 4 == 0),
    ("q=Łucja Śl", lambda n: n % 4 == 0),
    ("q=KM.5410.12.2026", lambda n: n == 12),
    ("q=sc 00012", lambda n: n == 12),
    ("q=nosuchname", lambda _n: False),
    ("stage=verification", lambda n: n % 3 == 0),
    ("stage=late", lambda n: n % 5 and n // 7 < 4),
    ("clerk=me", lambda n: n % 2),
    ("clerk=nobody", lambda n: n % 2 == 0),
    ("clerk=1&stage=verification", lambda n: n % 2 and n % 3 == 0),
    # 3 November ends in Częstochowa when it is 23:00 in UTC: 11:00 + 12 hours.
    ("opened_to=03.11.2026", lambda n: n // 3 < 12),
    ("opened_from=2026-11-04", lambda n: n // 3 >= 12),
    ("due_from=18.11.2026&due_to=18.11.2026", lambda n: n % 5 and n // 7 == 2),
)


def test_a_filter_finds_exactly_what_it_says(desk):
    client = come_in(desk)

    for query, wanted in FINDS:
        page = get(client, f"?size=100&{query}")

        assert {int(sign.split(".")[2]) for sign in signs(page)} == {n for n in range(1, ROWS + 1) if wanted(n)}, query
        assert "in the filter" in page


def test_a_day_that_does_not_exist_is_said_at_its_field_and_not_obeyed(desk):
    page = get(come_in(desk), "?opened_from=32.13.2026")

    assert 'aria-invalid="true" aria-describedby="e-opened_from"' in page
    assert "Write the day like this" in page
    assert len(signs(page)) == 25


def test_a_filter_of_one_request_is_not_there_in_the_next(desk):
    marta, adam = come_in(desk), come_in(desk, "adam")

    assert len(signs(get(marta, "?clerk=nobody&q=kowalczyk"))) == 0
    assert len(signs(get(adam))) == 25


def test_a_filter_survives_sorting_and_paging(desk):
    client = come_in(desk)

    page = get(client, link(get(client, "?clerk=me&sort=sign&dir=asc"), "next"))

    numbers = [int(sign.split(".")[2]) for sign in signs(page)]
    assert all(number % 2 for number in numbers)
    assert "clerk=me" in link(page, "prev")


def test_row_filters_hold_in_list_detail_and_export(desk):
    client = come_in(desk)

    listed = signs(get(client, "?size=100", "/own-cases/list/"))

    assert listed
    assert all(int(sign.split(".")[2]) % 2 for sign in listed)
    assert client.get("/own-cases/show/1").status_code == 200
    assert client.get("/own-cases/show/2").status_code == 404
    assert "KM.5410.2.2026" not in client.get("/own-cases/export/csv").get_data(as_text=True)


def test_a_row_that_is_not_there_is_not_found(desk):
    client = come_in(desk)

    keys = ("0", "abc", "-1", "99999999999999999999", "1%00", "%C2%B2", "1e3")

    assert {client.get(f"/sample-cases/show/{key}").status_code for key in keys} == {404}


def test_the_detail_page_shows_what_is_declared_and_nothing_as_none(desk):
    page = get(come_in(desk), path="/sample-cases/show/5")

    assert "KM.5410.5.2026" in page
    assert "None" not in page
    assert page.count("<h1") == 1


def test_a_register_has_no_route_that_changes_anything(desk):
    rules = {
        (rule.endpoint, method)
        for rule in desk.url_map.iter_rules()
        if rule.endpoint.startswith(("SampleCases.", "OwnCases."))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert rules == {
        (f"{view}.{what}", "GET") for view in ("SampleCases", "OwnCases") for what in ("list", "show", "export")
    }


def test_csv_holds_all_rows_of_the_filter_and_no_formula(desk):
    answer = come_in(desk).get("/sample-cases/export/csv?stage=verification")
    text = answer.get_data().decode("utf-8-sig")
    lines = text.split("\r\n")

    assert answer.mimetype == "text/csv"
    assert lines[0].startswith("Sign;Opened;Due;")
    assert len(lines) - 2 == ROWS // 3
    assert "'=1+2" in text
    assert not any(cell.startswith("=") for line in lines for cell in line.split(";"))


def test_xlsx_holds_texts_as_texts_and_days_as_days(desk):
    answer = come_in(desk).get("/sample-cases/export/xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as book:
        sheet, strings = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()

    assert sheet.count("<row ") == ROWS + 1
    assert "<f>" not in sheet
    assert "=1+2" in sheet
    assert "Cases" in strings


def test_the_export_stops_at_its_cap(desk, monkeypatch):
    monkeypatch.setattr("app.views.office.registers.EXPORT_LIMIT", 10)

    text = come_in(desk).get("/sample-cases/export/csv").get_data(as_text=True)

    assert text.count("\r\n") == 11


def test_an_unknown_kind_of_export_is_not_found(desk):
    assert come_in(desk).get("/sample-cases/export/exe").status_code == 404


def test_a_saved_view_is_there_for_its_owner_only_and_goes_when_removed(desk):
    marta, adam = come_in(desk), come_in(desk, "adam")
    page = get(marta, "?clerk=me")
    form = {"csrf_token": token(page), "register": "SampleCases", "query": "clerk=me&after=2~1", "name": "  My   desk "}

    saved = marta.post("/views/save", data=form)

    assert saved.headers["Location"] == f"{LIST}?clerk=me"
    assert '<a href="/sample-cases/list/?clerk=me" aria-current="page">My desk</a>' in get(marta, "?clerk=me")
    assert "My desk" not in get(adam, "?clerk=me")
    with desk.app_context():
        number = db.session.scalar(sa.select(SavedView.id))
    drop = {"view": str(number)}
    assert adam.post("/views/remove", data={**drop, "csrf_token": token(get(adam))}).status_code == 404
    assert marta.post("/views/remove", data={**drop, "csrf_token": token(get(marta))}).status_code == 302
    assert "My desk" not in get(marta, "?clerk=me")


def test_a_view_that_makes_no_sense_is_refused_in_words(desk):
    client = come_in(desk)
    whole = {"csrf_token": token(get(client)), "register": "SampleCases", "query": "clerk=me", "name": "Fine"}
    broken = ({"name": ""}, {"name": "x" * 61}, {"query": ""}, {"query": "a=" + "b" * 1001}, {"name": "a\x07b"})

    for part in broken:
        answer = client.post("/views/save", data=whole | part, follow_redirects=True)

        assert "Give the view a name" in answer.get_data(as_text=True), part
    with desk.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SavedView)) == 0


def test_a_view_of_a_register_that_does_not_exist_is_not_found(desk):
    client = come_in(desk)
    form = {"csrf_token": token(get(client)), "register": "//evil.example", "query": "clerk=me", "name": "Fine"}

    assert client.post("/views/save", data=form).status_code == 404


def test_a_visitor_is_asked_to_log_in_and_a_person_without_the_right_gets_nothing(desk):
    assert "/login/" in desk.test_client().get(LIST).headers["Location"]
    with desk.app_context(), one_transaction() as session:
        session.execute(sa.text("DELETE FROM ab_user_role WHERE user_id = 2"))

    answer = come_in(desk, "adam").get(LIST)

    assert answer.status_code == 403
    assert "KM.5410" not in answer.get_data(as_text=True)


def test_a_page_brings_no_inline_style_or_script_and_asks_no_other_host(desk):
    page = get(come_in(desk))

    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert page.count("<h1") == 1


def test_an_empty_register_explains_itself_and_an_empty_filter_can_be_cleared(open_desk):
    client = come_in(open_desk(0))

    assert "Nothing here yet" in get(client)
    assert "Clear the filter" in get(client, "?clerk=me")


@pytest.mark.one_database
def test_sorting_by_a_column_that_no_index_leads_is_refused_when_the_door_is_built(house):
    class Careless(SampleCases):
        order_columns = ("applicant_name",)

    with house.app_context(), pytest.raises(LookupError, match="applicant_name"):
        Careless()


@pytest.mark.one_database
def test_the_base_class_lists_shows_and_exports_only(house):
    assert Register.include_route_methods == {"list", "show", "export"}
    assert OwnCases.include_route_methods == {"list", "show", "export"}
