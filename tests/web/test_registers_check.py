"""The pages say whether and when a vehicle was checked in CEP and SIS, and what is done where something was found."""

from __future__ import annotations

import re

import pytest

from app.domain.determinations import DeterminationCode
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


def test_until_the_vehicle_was_checked_both_pages_warn_and_then_they_say_when(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "verification")
        page, day = f"/sprawa/{work.case.sign}", f"{work.act().today:%d.%m.%Y}"
    clerk = log_in_staff(ready, "clerk")
    for path in (page, f"{page}/weryfikacja"):
        assert "pojazdu nie sprawdzono w CEP i SIS" in text_of(clerk.get(path))

    with ready.app_context():
        work.determine(DeterminationCode.REGISTERS_CLEAR)

    for path in (page, f"{page}/weryfikacja"):
        assert f"pojazd bez zastrzeżeń w CEP i SIS, {day}" in text_of(clerk.get(path))


def test_where_a_register_says_something_the_next_act_is_to_refuse(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "originals_complete")
        work.determine(DeterminationCode.REGISTERS_REPORT, "SIS: poszukiwany jako skradziony.")
        page, day = f"/sprawa/{work.case.sign}", f"{work.act().today:%d.%m.%Y}"
    said = log_in_staff(ready, "clerk").get(page)

    primary = re.search(r'<a class="btn[^"]*btn-primary[^"]*"[^>]*href="([^"]+)"', said.text)
    assert primary
    assert primary[1].endswith("/pismo/refuse")
    assert f"CEP lub SIS przeciw pojazdowi, {day}" in text_of(said)
    assert "Odmów rejestracji albo, gdy wpis zniknie, odnotuj to w ustaleniach." in text_of(said)


def test_once_a_permit_is_out_a_report_still_leads_to_a_refusal(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "permanent_ready")
        sign = work.case.sign
    clerk = log_in_staff(ready, "clerk")
    assert f"/sprawa/{sign}/pismo/refuse" not in clerk.get(f"/sprawa/{sign}").text

    with ready.app_context():
        work.determine(DeterminationCode.REGISTERS_REPORT, "SIS: poszukiwany jako skradziony.")
    page = clerk.get(f"/sprawa/{sign}")

    assert "W rejestrze jest wpis przeciw pojazdowi. Odmów rejestracji" in text_of(page)
    assert f"/sprawa/{sign}/pismo/refuse" in page.text
    assert "SIS: poszukiwany jako skradziony." in text_of(clerk.get(f"/sprawa/{sign}/pismo/refuse"))
