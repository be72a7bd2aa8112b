"""What stands around a case: other cases of the same vehicle, person and company, whoever wrote their number how."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.domain.folding import KeyKind, fold
from app.extensions import db
from app.models import Case, Party, PartyRole, SearchKey
from app.reports.around_case import around_case
from app.transaction import one_transaction
from tests.factories import now
from tests.usecases.clerks import a_case

ANNA, JAN = "a" * 64, "b" * 64


@pytest.fixture
def cases(house):
    """Cases of Anna, of her company and of others."""
    parties = {
        1: [("Anna", ANNA, None), ("Testowa sp. z o.o.", None, "123456785")],
        2: [("Anna Nowa", ANNA, None)],
        3: [("Testowa", None, "123-456-785")],
        4: [("Jan", JAN, "000000000")],
        5: [("Testowa sp. z o.o.", None, None)],
    }
    with house.app_context():
        with one_transaction() as session:
            for number, people in parties.items():
                case = a_case(number)
                session.add(case)
                for name, digest, regon in people:
                    case.parties.append(Party(role=PartyRole.OWNER, name=name, pesel_digest=digest, regon=regon))
                session.flush()
                session.add_all(
                    SearchKey(kind=KeyKind.REGON.value, key=fold(regon), case_id=case.id)
                    for _name, _digest, regon in people
                    if regon
                )
        yield


def linked(number: int) -> list[str]:
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    found = around_case(db.session(), case, user_id=0, today=now().date(), since=now() - dt.timedelta(1), tab=None)
    return [one.sign.split(".")[2] for one in found.of_person]


def test_cases_of_one_person_and_of_one_company_are_linked_and_no_others(cases):
    assert linked(1) == ["3", "2"]
    assert linked(2) == ["1"]
    assert linked(3) == ["1"]
    assert linked(4) == []
    assert linked(5) == []
