"""What the office finds in the registers of the procedure: each row, with a way to its case."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.transaction import one_transaction
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.procedure_rows import day, sign, write_rows
from tests.web.registers_office import link

# register -> how many rows there are, and how many each filter leaves
LISTS = {
    "wezwania": (2, {"q=SC7A123": 1, "q=slusarczyk": 1, "kind=originals_summons": 2, "kind=remedy_summons": 0,
                     "state=overdue": 1, "state=met": 1, "state=open": 0, "state=unserved": 0,
                     f"due_from={day(0):%d.%m.%Y}": 1}),
    "pisma": (5, {"q=SC+7A-124": 3, "kind=answer": 1, "way=mailbox": 2, "way=post": 2, "state=leaving": 1,
                  "served=waiting": 1, "served=delivered": 2, "served=deemed": 0, f"sent_from={day(1):%d.%m.%Y}": 0}),
    "uzgodnienia": (3, {"q=kowalczyk": 2, "state=proposed": 2, "state=proposed&by=office": 1, "by=party": 1}),
    "decyzje": (2, {"q=SC7A123": 1, "kind=refusal_decision": 1, "final=yes": 1, "final=no": 1}),
    "rzeczy": (8, {"q=103": 1, "q=SC7A123": 4, "q=99999999999999999999999": 0, "shelf=A-1": 3, "shelf=a-1": 3,
                   "state=in_office": 4, "kind=PLATE": 3, "state=in_office&shelf=B-2": 1}),
    "przesylki": (6, {"q=RPW/2/2026": 1, "q=00659007734200000031": 1, "q=slusarczyk": 3, "direction=out": 3,
                      "carriage=courier": 1, "state=unmatched": 1, "state=unproved": 1, "state=unclaimed": 1,
                      f"day_to={day(-1):%d.%m.%Y}": 0}),
    "tablice": (3, {"q=sc7a125": 1, "q=SC+7A125": 1, "q=slusarczyk": 1, "state=in_stock": 1, "state=retired": 1,
                    "kind=motorcycle": 0}),
    "pozwolenia": (2, {"q=pc+1234567": 1, "q=SC7A124": 1, "state=valid": 1, "state=expired": 1, "state=extended": 1}),
    "tablice-zwrocone": (2, {"q=105": 1, "q=sc7a124": 1, "q=SC+7A123": 1, "q=102": 0, "q=slusarczyk": 1,
                             "kind=EXTRA_PLATE": 1, "state=with_maker": 1, "state=destroyed": 1, "state=in_office": 0,
                             f"came_from={day(-8):%d.%m.%Y}": 1, f"came_to={day(-9):%d.%m.%Y}": 1}),
    "dokumenty-i-oznaczenia": (2, {"q=pc1234567": 1, "q=dr/baa+7654321": 1, "q=SC7A124": 1, "kind=TEMPORARY_PERMIT": 1,
                                   "kind=CONTROL_STICKER": 0, "state=with_party": 1,
                                   f"came_from={day(-6):%d.%m.%Y}": 1}),
}  # fmt: skip


@pytest.fixture
def full(office):
    """An office with something in every register."""
    with office.app_context(), one_transaction() as session:
        write_rows(session)
    return office


def heads(page: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', page, re.DOTALL)


@pytest.mark.parametrize("register", LISTS)
def test_each_filter_leaves_what_it_names(full, register):
    clerk = log_in_staff(full, "clerk")
    rows, filters = LISTS[register]

    found = {query: len(heads(clerk.get(f"/{register}/list/?{query}").text)) for query in ("", *filters)}

    assert found == {"": rows, **filters}


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["clerk", "front_desk", "supervisor"])
def test_every_row_leads_to_its_case_and_one_without_a_case_nowhere(full, role):
    person = log_in_staff(full, role)

    for register in LISTS:
        for head in heads(person.get(f"/{register}/list/").text):
            address = re.search(r'href="([^"]+)"', head)
            if address is None:
                assert any(free in head for free in ("104", "RPW/2/2026", "RPO/903/2026", "7A125", "7A126")), head
            else:
                assert address.group(1) in {f"/sprawa/{sign(1)}", f"/sprawa/{sign(2)}"}


@pytest.mark.parametrize("register", LISTS)
def test_all_pages_hold_every_row_once_in_each_order(full, register):
    with full.app_context(), one_transaction() as session:
        _multiply(session)
    clerk = log_in_staff(full, "clerk")
    first = clerk.get(f"/{register}/list/").text
    orders = ["", *re.findall(r'href="(\?sort=[a-z_]+&amp;dir=(?:asc|desc))"', first)]
    assert len(orders) > 1

    for order in orders:
        page = clerk.get(f"/{register}/list/{order.replace('&amp;', '&')}").text
        seen = heads(page)
        while following := link(page, "next"):
            page = clerk.get(f"/{register}/list/{following}").text
            seen += heads(page)
        assert len(seen) == _count(full, register), order


@pytest.mark.one_database
def test_what_is_shown_is_exported_whole(full):
    clerk = log_in_staff(full, "clerk")

    for register, (rows, _filters) in LISTS.items():
        lines = clerk.get(f"/{register}/export/csv").get_data(as_text=True).strip().splitlines()

        assert len(lines) == 1 + rows, register
        assert "<" not in "".join(lines)
        assert "None" not in "".join(lines)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "register", ["rzeczy", "przesylki", "tablice", "pozwolenia", "tablice-zwrocone", "dokumenty-i-oznaczenia"]
)
def test_the_sign_of_a_case_in_a_row_leads_to_its_file(full, register):
    page = log_in_staff(full, "clerk").get(f"/{register}/list/").text

    assert f'<a class="sign" href="/sprawa/{sign(1)}">{sign(1)}</a>' in page
    assert not re.search(rf">\s*{re.escape(sign(1))}\s*</td>", page)


@pytest.mark.one_database
@pytest.mark.parametrize(("way", "first"), [("asc", 1), ("desc", 1)])
def test_the_foot_of_a_list_says_from_the_lesser_to_the_greater(full, way, first):
    with full.app_context(), one_transaction() as session:
        _multiply(session)

    foot = text_of(log_in_staff(full, "clerk").get(f"/rzeczy/list/?sort=number&dir={way}"))
    low, high = map(int, re.search(r"Od (\d+) do (\d+)", foot).groups())

    assert first <= low < high


@pytest.mark.one_database
def test_the_state_of_a_permit_agrees_with_its_noun(full):
    page = text_of(log_in_staff(full, "clerk").get("/pozwolenia/list/"))

    assert "ważne nieważne przedłużone" in page


@pytest.mark.one_database
def test_late_and_unmatched_rows_say_so_in_words(full):
    clerk = log_in_staff(full, "clerk")

    assert "nie ma jeszcze sprawy" in clerk.get("/przesylki/list/").text
    assert "zgnieciona w transporcie" in clerk.get("/tablice/list/").text
    assert "chip-late" in clerk.get("/wezwania/list/?state=overdue").text
    assert "chip-warn" in clerk.get("/pozwolenia/list/?state=valid").text


@pytest.mark.one_database
def test_a_returned_plate_says_how_it_came_and_what_became_of_it_and_when(full):
    clerk = log_in_staff(full, "clerk")
    page = clerk.get("/tablice-zwrocone/list/?q=105")
    (protocol,) = re.findall(r'href="(/kancelaria/zuzyte-tablice/protokol/\d+\.pdf)"', page.text)

    assert f"osobiście, RPW/903/2026 {sign(1)} u producenta tablic" in text_of(page)
    assert f"przekazanie producentowi tablic, {day(-1):%d.%m.%Y} RPO/903/2026" in text_of(page)
    assert clerk.get(protocol).data.startswith(b"%PDF")
    destroyed = text_of(clerk.get("/tablice-zwrocone/list/?q=106"))
    assert f"zniszczenie, {day(-2):%d.%m.%Y}" in destroyed


@pytest.mark.one_database
def test_a_document_says_when_it_was_made_given_out_and_came_back_and_for_which_vehicle(full):
    clerk = log_in_staff(full, "clerk")
    permit = text_of(clerk.get("/dokumenty-i-oznaczenia/list/?q=107"))
    certificate = text_of(clerk.get("/dokumenty-i-oznaczenia/list/?q=108"))

    lived = " ".join(f"{day(offset):%d.%m.%Y}" for offset in (-7, -6, -3))
    assert f"PC 1234567 {sign(1)} SC 7A123 {lived} A-1" in permit
    assert f"DR/BAA 7654321 {sign(2)} SC 7A124 {day(-5):%d.%m.%Y} {day(-4):%d.%m.%Y} u strony" in certificate


@pytest.mark.one_database
def test_what_went_to_the_maker_of_plates_is_no_envelope_that_waits_for_its_case(full):
    unmatched = text_of(log_in_staff(full, "clerk").get("/przesylki/list/?state=unmatched"))

    assert "RPW/2/2026" in unmatched
    assert "RPO/903/2026" not in unmatched


@pytest.mark.one_database
def test_a_page_of_a_register_costs_as_many_statements_whatever_it_holds(full):
    clerk = log_in_staff(full, "clerk")
    clerk.get("/pisma/list/")
    few = {register: _statements(full, clerk, register) for register in LISTS}
    with full.app_context(), one_transaction() as session:
        _multiply(session)

    many = {register: _statements(full, clerk, register) for register in LISTS}

    assert many == few
    assert max(few.values()) <= 8


def _statements(app, clerk, register) -> int:
    seen = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_more):
        if statement.startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    clerk.get(f"/{register}/list/")
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(seen)


TABLES = {
    "wezwania": "summons", "pisma": "letter", "uzgodnienia": "proposal", "decyzje": "decision", "rzeczy": "item",
    "przesylki": "consignment", "tablice": "plate_number", "pozwolenia": "permit",
    "tablice-zwrocone": "item WHERE kind IN ('PLATE', 'EXTRA_PLATE') AND came_at IS NOT NULL",
    "dokumenty-i-oznaczenia": "item WHERE kind IN ('TEMPORARY_PERMIT', 'REGISTRATION_CERTIFICATE')",
}  # fmt: skip


def _count(app, register) -> int:
    with app.app_context():
        found: int = db.session.scalar(sa.text(f"SELECT count(*) FROM {TABLES[register]}"))
        return found


def _multiply(session) -> None:
    """Forty more of each, with many equal days and some without any."""
    from tests.web import procedure_rows as rows

    for number in range(3, 43):
        case = rows.a_case(number)
        session.add(case)
        session.flush()
        letter = rows._letter(case, 1, "remedy_summons", rows.LetterWay.MAILBOX, rows.LetterState.SENT)
        letter.sent_at = None if number % 4 == 0 else letter.sent_at
        session.add(letter)
        session.flush()
        session.add_all(
            [
                rows.Summons(letter_id=letter.id, case_id=case.id, kind="remedy_summons", days=7,
                             due_on=None if number % 3 == 0 else day(number % 5)),
                rows.Decision(case=case, letter=letter, kind="refusal_decision", issued_on=day(number % 4),
                              signed_by="A", final_on=None if number % 2 else day(0)),
                rows.Proposal(case=case, version=1, by_office=True, due_on=day(number % 3), **rows._AUTHOR),
                rows._item(1000 + number, case, rows.ItemKind.PLATE, rows.ItemState.EXPECTED,
                           None if number % 2 else f"C-{number % 7}", ""),
                rows._item(2000 + number, case, rows.ItemKind.PLATE, rows.ItemState.IN_OFFICE, "C-1", ""),
                rows._item(3000 + number, case, rows.ItemKind.TEMPORARY_PERMIT, rows.ItemState.IN_OFFICE, "C-1", ""),
                rows._consignment(f"RPW/{number}/2026", rows.Direction.IN, rows.Carriage.POST, case, "A", None),
                rows.PlateNumber(number=f"SC 8A{number:03}", kind="ordinary", plates=2, added_at=rows.NOW),
                rows.Permit(case=case, number=f"PD {number}", days=30,
                            valid_until=None if number % 2 else day(number % 6)),
            ]
        )  # fmt: skip
        for item in session.new:
            if isinstance(item, rows.Item) and item.number > 2000:
                item.came_at = rows.NOW - dt.timedelta(days=number % 6)
