"""What clerks and others read on the desk and in a case file: what is done no longer asks to be done."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.domain.delivery import Method
from app.epackages.application import RequestKind
from app.extensions import db
from app.models import Case, Document, Package, PackageMember, Receipt
from app.transaction import one_transaction
from tests.authority import TestAuthority
from tests.factories import a_photo, an_office, application_files, send
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import changed, signed, text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def ready(office, authority):
    """An office that trusts `authority`."""
    with office.app_context():
        an_office(authority)
    return office


def came(office, package: bytes) -> tuple[str, str]:
    """Send `package`; returns its number and the sign of its case, if it has one."""
    with office.app_context():
        kept = send(package)
        return kept.number, kept.case.sign if kept.case else ""


def clerk_with(office, sign: str):
    """A clerk who reads Polish and has taken the case `sign`."""
    clerk = log_in_staff(office, "clerk")
    assert clerk.post(f"/sprawa/{sign}/wez", see="/account/").status_code == 302
    return clerk


def version(office, sign: str) -> int:
    with office.app_context():
        return db.session.scalar(sa.select(Case.version).where(Case.sign == sign))


def test_an_accepted_signature_is_no_longer_to_be_settled(ready):
    _, sign = came(ready, signed(TestAuthority("Somebody else")))
    clerk = clerk_with(ready, sign)
    page = f"/sprawa/{sign}"
    assert "Rozstrzygnij to" in text_of(clerk.get(page))

    clerk.post(f"{page}/podpis", {"reason": "okazano dowód", "version": version(ready, sign)}, see="/account/")

    text = text_of(clerk.get(page))
    assert "Urząd uznał podpis." in text
    assert "Powód: okazano dowód" in text
    assert "Rozstrzygnij to" not in text
    assert "nie udało się potwierdzić" not in text


def test_a_mistyped_pesel_is_pointed_out_and_nothing_typed_is_lost(ready, authority):
    _, sign = came(ready, signed(authority, {"umowa.jpg": a_photo()}))
    clerk = clerk_with(ready, sign)
    typed = {
        "procedure": "deregistration",
        "applicant_name": "Anna Testowa",
        "pesel": "44051401358",
        "plate": "SC 1",
        "vin": "XX",
        "make_and_model": "Fiat 126p",
        "version": version(ready, sign),
    }

    refused = clerk.post(f"/sprawa/{sign}/opis", typed, see="/account/")

    assert refused.status_code == 422
    assert 'aria-invalid="true" aria-describedby="pesel-error"' in refused.text
    assert "PESEL ma błędną cyfrę kontrolną." in text_of(refused)
    for value in ("44051401358", "SC 1", "XX", "Fiat 126p", "Anna Testowa"):
        assert f'value="{value}"' in refused.text
    assert '<option value="deregistration" selected>' in refused.text

    kept = clerk.post(f"/sprawa/{sign}/opis", typed | {"pesel": "440514 01359"}, see="/account/")
    page = text_of(clerk.get(kept.location))
    assert "Sprawa jest opisana." in page
    assert "VIN XX nie ma 17 znaków." in page
    assert "Opisz sprawę" not in page
    assert "Popraw opis" in page
    found = clerk.post("/praca/szukaj", {"q": "44051401359"}, see="/account/")
    assert found.location.endswith(f"/sprawa/{sign}")


def test_a_wrong_description_is_corrected_while_the_case_is_verified(ready, authority):
    _, sign = came(ready, signed(authority, {"umowa.jpg": a_photo()}))
    clerk = clerk_with(ready, sign)
    typed = {"procedure": "registration", "applicant_name": "Anna Testowa", "pesel": "44051401359", "vin": "XX"}
    clerk.post(f"/sprawa/{sign}/opis", typed | {"version": version(ready, sign)}, see="/account/")
    page = clerk.get(f"/sprawa/{sign}").text
    for kept in ('value="Anna Testowa"', 'value="XX"', '<option value="registration" selected>'):
        assert kept in page
    assert "44051401359" not in page

    right = {"procedure": "deregistration", "applicant_name": "Anna Testowa", "vin": "TMBJJ7NE8J0123456"}
    answer = clerk.post(f"/sprawa/{sign}/opis", right | {"version": version(ready, sign)}, see="/account/")

    page = text_of(clerk.get(answer.location))
    assert "Wyrejestrowanie pojazdu" in page
    assert "VIN XX" not in page
    assert "Nie podano numeru rejestracyjnego, choć pojazd był zarejestrowany." in page
    assert "Marka i model –" in page


def test_a_case_that_the_office_began_is_shown_as_one(ready, authority):
    _, sign = came(ready, signed(authority, {"umowa.jpg": a_photo()}))
    clerk = clerk_with(ready, sign)
    typed = {"procedure": "deregistration", "applicant_name": "Anna Testowa", "ground": "Z_URZEDU_WYWOZ",
             "street": "ul. Testowa 1", "postal_code": "42200", "locality": "Częstochowa"}  # fmt: skip

    answer = clerk.post(f"/sprawa/{sign}/opis", typed | {"version": version(ready, sign)}, see="/account/")

    page = text_of(clerk.get(answer.location))
    assert "42-200 Częstochowa" in page
    assert "Wpłynęło to, na czym urząd opiera się z urzędu, miesiąc" in page
    assert "Wniosek wpłynął" not in page
    assert "Odnotuj cofnięcie wniosku" not in page
    notice = text_of(clerk.get(f"/sprawa/{sign}/pismo/notify_initiation"))
    assert "listem poleconym, bo sprawa nie wpłynęła ze skrzynki adresata" in notice


def test_a_case_that_a_form_describes_offers_no_description(ready, authority):
    _, sign = came(ready, signed(authority))

    page = text_of(clerk_with(ready, sign).get(f"/sprawa/{sign}"))

    assert "Popraw opis" not in page
    assert "Zapisz opis" not in page


def test_why_a_vehicle_is_deregistered_stands_beside_what_the_case_is(ready, authority):
    files = application_files(kind=RequestKind.DEREGISTRATION, ground="KRADZIEZ")
    _, sign = came(ready, signed(authority, files))

    assert "Wyrejestrowanie pojazdu, kradzież pojazdu" in text_of(clerk_with(ready, sign).get(f"/sprawa/{sign}"))


@pytest.mark.parametrize("posted", [False, True], ids=["in person", "by post"])
def test_a_decision_says_whether_it_was_handed_over_or_came_with_the_parcel(ready, authority, posted):
    with ready.app_context():
        work = at(work_of(authority), "agreeing_handover")
        sign = work.case.sign
        work.agree(Method.POST if posted else Method.IN_PERSON)
        if posted:
            work.post()
            work.parcel_ends()
        else:
            work.give()

    page = text_of(log_in_staff(ready, "clerk").get(f"/sprawa/{sign}"))

    assert ("doręczono w przesyłce" in page) is posted
    assert ("wydane razem z rzeczami" in page) is not posted


def test_the_scan_field_finds_receipts_refused_packages_and_the_end_of_a_vin(ready, authority):
    _, sign = came(ready, signed(authority))
    refused, none = came(ready, changed(signed(authority)))
    assert none == ""
    with ready.app_context():
        receipt, vin = db.session.execute(
            sa.select(Receipt.number, Case.vin).select_from(Case).join(Package).join(Receipt)
        ).one()
        package_id = db.session.scalar(sa.select(Package.id).where(Package.number == refused))
    clerk = log_in_staff(ready, "clerk")

    def leads(text: str) -> str | None:
        return clerk.get("/praca/szukaj", query_string={"q": text}).location

    assert leads(receipt.lower()) == f"/sprawa/{sign}"
    assert leads(refused) == f"/paczki/show/{package_id}"
    assert leads(vin[-9:]) == leads(vin[-6:]) == f"/sprawa/{sign}"
    assert leads("/" + receipt) == leads(f"/{vin[-8:]}") == leads(f"{sign};") == f"/sprawa/{sign}"
    assert leads("/" + refused) == f"/paczki/show/{package_id}"
    assert leads("ZZZ" + vin[-6:]) is None


def test_a_change_that_came_too_late_leads_back_to_the_case(ready, authority):
    _, sign = came(ready, signed(authority))
    clerk = clerk_with(ready, sign)

    answer = clerk.post(f"/sprawa/{sign}/oddaj", {"version": 0}, see="/account/")

    assert answer.status_code == 409
    assert f'href="/sprawa/{sign}"' in answer.text


@pytest.mark.parametrize("role", ["supervisor", "front_desk"])
def test_who_takes_no_cases_sees_those_that_wait_and_is_not_told_to_take_them(ready, authority, role):
    _, sign = came(ready, signed(authority))

    page = text_of(log_in_staff(ready, role).get("/praca/"))

    assert sign in page
    assert "Moje " not in page.replace("Moje konto", "")
    assert "Weź następną" not in page
    assert "Otwórz i weź" not in page


def test_a_supervisor_settles_a_signature_in_anybodys_case_and_is_then_told_whose_it_is(ready):
    _, sign = came(ready, signed(TestAuthority("CC obce")))
    clerk_with(ready, sign)
    supervisor = log_in_staff(ready, "supervisor")
    assert "Dlaczego podpis" in text_of(supervisor.get(f"/sprawa/{sign}"))

    supervisor.post(
        f"/sprawa/{sign}/podpis", {"reason": "okazano dowód", "version": version(ready, sign)}, see="/account/"
    )

    text = text_of(supervisor.get(f"/sprawa/{sign}"))
    assert "Urząd uznał podpis." in text
    assert "Sprawę prowadzi Test Clerk." in text


@pytest.mark.parametrize("role", ["clerk", "supervisor", "front_desk"])
def test_a_case_shows_no_link_that_is_closed_to_whoever_reads_it(ready, authority, role):
    _, sign = came(ready, signed(authority, {"umowa.jpg": a_photo()}))
    reader = log_in_staff(ready, role)

    page = reader.get(f"/sprawa/{sign}").text

    links = set(re.findall(rf'(?:href|src)="(/sprawa/{re.escape(sign)}/(?!pismo/|weryfikacja)[^"]+)"', page))
    assert {link: reader.get(link.replace("&amp;", "&")).status_code for link in links} == dict.fromkeys(links, 200)
    assert bool(links) == (role != "front_desk")
    assert "UPO/" in page


@pytest.mark.parametrize("width", ["²", "٨٠٠", "801", "-800", "", "9" * 5000])
def test_a_page_is_drawn_in_known_widths_only(ready, authority, width):
    _, sign = came(ready, signed(authority, {"umowa.jpg": a_photo()}))
    with ready.app_context():
        document = db.session.scalar(sa.select(Document.public_id))
    clerk = log_in_staff(ready, "clerk")

    def drawn(asked: str) -> int:
        return clerk.get(f"/sprawa/{sign}/dokument/{document}/1", query_string={"w": asked}).status_code

    assert drawn("320") == 200
    assert drawn(width) == 404


def test_a_long_document_says_which_of_its_pages_are_shown(ready, authority):
    _, sign = came(ready, signed(authority, {"umowa.jpg": a_photo()}))
    clerk = log_in_staff(ready, "clerk")
    assert "Pokazano" not in text_of(clerk.get(f"/sprawa/{sign}"))
    with ready.app_context(), one_transaction() as session:
        session.scalars(sa.select(PackageMember).where(PackageMember.name == "umowa.jpg")).one().pages = 41

    page = clerk.get(f"/sprawa/{sign}")

    assert page.text.count('class="scan-page"') == 40
    assert "Pokazano 40 pierwszych stron z 41. Resztę ma plik do pobrania." in text_of(page)


def test_an_empty_list_says_what_will_come_there(ready):
    clerk = log_in_staff(ready, "clerk")

    said = {tab: text_of(clerk.get(f"/praca/?tab={tab}")) for tab in ("mine", "new", "signature", "late", "done")}

    assert "Nie masz teraz żadnej sprawy" in said["mine"]
    assert "Nowy wniosek pojawi się tu" in said["new"]
    assert "Żaden podpis nie czeka na rozstrzygnięcie" in said["signature"]
    assert "Nic nie jest po terminie" in said["late"]
    assert "Weź następną, gdy możesz" not in said["done"]


def test_what_is_finished_is_neither_overdue_nor_urgent(ready, authority):
    _, sign = came(ready, signed(authority))
    clerk = clerk_with(ready, sign)
    with ready.app_context(), one_transaction() as session:
        session.execute(sa.update(Case).values(stage="closed", due_on=dt.date(2020, 1, 1)))

    listed, page = clerk.get("/praca/?tab=done"), clerk.get(f"/sprawa/{sign}")

    assert '<h2 class="work-h">Załatwione, do domknięcia · 1</h2>' in listed.text
    assert "Zakończona" in text_of(listed)
    for answer in (listed, page):
        assert sign in answer.text
        assert "po terminie" not in text_of(answer)


def test_archived_cases_stand_under_their_own_heading_after_those_still_to_close(ready, authority):
    _, sign = came(ready, signed(authority))
    clerk = clerk_with(ready, sign)
    _, other = came(ready, signed(authority, application_files(plate="SC 99999", vin="TMBJJ7NE8J0999999")))
    clerk_with(ready, other)
    with ready.app_context(), one_transaction() as session:
        session.execute(sa.update(Case).values(stage="closed", due_on=dt.date(2020, 1, 2)))
        archived = {"stage": "archived", "due_on": dt.date(2020, 1, 1)}
        session.execute(sa.update(Case).where(Case.sign == sign).values(archived))

    listed = clerk.get("/praca/?tab=done").text

    order = [listed.index(one) for one in ("do domknięcia · 1", f"/sprawa/{other}", "archiwum · 1", f"/sprawa/{sign}")]
    assert order == sorted(order)


def test_a_role_without_lists_is_told_so(ready):
    assert "nie otwiera jeszcze żadnych list" in text_of(log_in_staff(ready, "inspector").get("/account/"))
    assert "nie otwiera jeszcze żadnych list" not in text_of(log_in_staff(ready, "clerk").get("/account/"))


def test_the_menu_is_translated_once(ready):
    page = log_in_staff(ready, "administrator").get("/account/").text

    assert '<a href="/role/list/">Role</a>' in page


def test_a_package_names_the_case_that_it_opened(ready, authority):
    number, sign = came(ready, signed(authority))
    clerk = log_in_staff(ready, "clerk")

    assert f'href="/sprawa/{sign}"' in clerk.get("/paczki/list/").text
    assert number in text_of(clerk.get("/poswiadczenia/list/"))
    assert f";{sign};" in clerk.get("/paczki/export/csv").get_data(as_text=True)


def test_of_many_cases_of_one_person_the_newest_are_named_and_the_others_counted(ready, authority):
    signs = [came(ready, signed(authority))[1] for _ in range(8)]
    clerk = clerk_with(ready, signs[0])

    page = clerk.get(f"/sprawa/{signs[0]}")

    line = re.search(r"Ta sama osoba: (.*?) i.2 inne", text_of(page))[1]
    assert [sign for sign in signs if sign in line] == signs[3:]
    links = re.findall(r'href="([^"]+)">i.2 inne<', page.text)
    assert len(links) == 2
    for link in links:
        assert all(sign in clerk.get(link).text for sign in signs)


def test_a_case_on_which_the_office_acts_by_itself_goes_from_its_description_to_the_decision(ready, authority):
    _, sign = came(ready, signed(authority, {"informacja.jpg": a_photo()}))
    clerk = clerk_with(ready, sign)
    typed = {
        "procedure": "deregistration", "applicant_name": "Anna Testowa", "plate": "SC 12345", "street": "Polna 1",
        "postal_code": "42-200", "locality": "Częstochowa", "ground": "Z_URZEDU_DEMONTAZ",
    }  # fmt: skip
    clerk.post(f"/sprawa/{sign}/opis", typed | {"version": version(ready, sign)}, see="/account/")

    page = text_of(clerk.get(f"/sprawa/{sign}"))
    assert "demontaż pojazdu (z urzędu)" in page
    assert "Zawiadom o wszczęciu z urzędu" in page
    verdict = {"kind": "OFFICE_INFORMATION", "verdict": "accepted", "version": version(ready, sign),
               "reason": "wpis stacji demontażu w CEP"}  # fmt: skip
    assert clerk.post(f"/sprawa/{sign}/weryfikacja", verdict, see="/account/").status_code == 303
    assert f"/sprawa/{sign}/pismo/deregister_ex_officio" in clerk.get(f"/sprawa/{sign}/weryfikacja").text
    draft = {"reasons": "Stacja Demontażu powiadomiła 3 marca 2026 r."}
    shown = clerk.post(f"/sprawa/{sign}/pismo/deregister_ex_officio",
                       draft | {"do": "show", "version": version(ready, sign)}, see="/account/")  # fmt: skip
    assert "Decyzja o wyrejestrowaniu pojazdu z urzędu" in text_of(shown)
    assert "w postępowaniu wszczętym z urzędu" in text_of(shown).lower()
