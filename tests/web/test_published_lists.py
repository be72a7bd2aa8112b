"""The administrator sees where revocation lists are published, when they were fetched, and what failed."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from app.house import equipment
from app.models import DistributionPoint
from app.transaction import one_transaction
from tests.factories import an_office, now
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("address", "told", "words"),
    [
        ("", {}, "certyfikat nie podaje adresu"),
        ("http://other.test/a.crl", {}, "nie ma w CRL_HOSTS"),
        ("http://crl.test/a.crl", {}, "jeszcze nie pobrana"),
        ("http://crl.test/a.crl", {"failure": "no-answer"}, "brak odpowiedzi"),
        ("http://crl.test/a.crl", {"failure": "crl-stale"}, "już nieaktualna"),
        ("http://crl.test/a.crl", {"failure": "crl-forged"}, "nie jest podpisana przez swojego wystawcę"),
        ("http://crl.test/a.crl", {"fetched_at": dt.datetime(2026, 11, 2, 11, 30, tzinfo=dt.UTC)}, "02.11.2026 12:30"),
    ],
)
def test_how_fetching_went_is_said_in_the_list_and_on_the_page(office, address, told, words):
    with office.app_context():
        an_office()
        tools = equipment()
        settings = dataclasses.replace(tools.settings, crl_hosts=("crl.test",))
        office.extensions["equipment"] = dataclasses.replace(tools, settings=settings)
        with one_transaction() as session:
            point = DistributionPoint(
                issuer_key="k", issuer_name="CN=Urząd wydający", issuer=b"", address=address, added_at=now(),
                due_at=now(), **told,
            )  # fmt: skip
            session.add(point)
            session.flush()
            point_id = point.id
    administrator = log_in_staff(office, "administrator")

    for page in ("/listy-crl/list/", f"/listy-crl/show/{point_id}"):
        shown = text_of(administrator.get(page)).replace("\xa0", " ")
        assert "CN=Urząd wydający" in shown
        assert words in shown
