"""A new data key takes over: nothing needs the old one afterwards, and people are found as before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.folding import key_of_query
from app.extensions import db
from app.models import Base, Case, Citizen, Party, StaffProfile
from app.reports.search import find_cases
from app.transaction import one_transaction
from app.usecases.encrypt_anew import SEALED, encrypt_anew
from app.usecases.open_case import PESEL_CONTEXT
from app.usecases.seals import seal_in_use
from app.usecases.totp import open_secret, seal_secret
from app.usecases.verify_audit import verify_audit
from app.vault import KeyRing, UnknownKey
from tests.databases import KEYS
from tests.factories import PESEL, application_files, send
from tests.usecases.at_work import NEW_KEY, a_citizen, with_data_keys
from tests.web.conftest import system


def found(text: str, ring: KeyRing) -> list[str]:
    return [row.sign for row in find_cases(db.session(), text, key_of_query(text, unit="KM", pesel_digest=ring.digest))]


def test_after_a_change_of_the_data_key_the_old_one_is_not_needed(office, signers, desk):
    old = office.extensions["equipment"].ring
    sign = send(signers.sign(application_files())).case.sign
    citizen, clerk = a_citizen(), 1
    with one_transaction() as session:
        jan = session.get_one(Citizen, citizen)
        jan.pesel_sealed, jan.pesel_digest = old.seal(PESEL, context=PESEL_CONTEXT), old.digest(PESEL)
        session.add(StaffProfile(user_id=clerk, totp_sealed=seal_secret("SECRET", clerk, old)))
    with_data_keys(office, f"{NEW_KEY},{KEYS}")

    told = office.test_cli_runner().invoke(args=["office", "encrypt-anew"])
    again = office.test_cli_runner().invoke(args=["office", "encrypt-anew"])

    assert (told.exit_code, again.output) == (0, "Encrypted anew: 0\n"), told.output
    tools = with_data_keys(office, NEW_KEY)
    db.session.expire_all()
    party, jan = db.session.scalars(sa.select(Party)).first(), db.session.get_one(Citizen, citizen)
    assert tools.ring.open(party.pesel_sealed, context=PESEL_CONTEXT) == PESEL
    assert tools.ring.open(jan.pesel_sealed, context=PESEL_CONTEXT) == PESEL
    assert party.pesel_digest == jan.pesel_digest == tools.ring.digest(PESEL)
    assert open_secret(db.session.get_one(StaffProfile, clerk).totp_sealed, clerk, tools.ring) == "SECRET"
    assert seal_in_use(db.session(), equipment=tools, act=system())
    assert (found(PESEL, tools.ring), found(PESEL, old)) == ([sign], [])
    assert verify_audit(db.session()) == []


@pytest.mark.one_database
def test_a_person_who_is_known_under_both_keys_already_stays_found_once(office, signers):
    send(signers.sign(application_files()))
    tools = with_data_keys(office, f"{NEW_KEY},{KEYS}")
    with one_transaction() as session:
        case = session.scalars(sa.select(Case)).one()
        session.execute(
            sa.text("insert into search_key (kind, key, case_id) values ('pesel', :key, :id)"),
            {"key": tools.ring.digest(PESEL), "id": case.id},
        )

    with one_transaction() as session:
        assert encrypt_anew(session, Party, 0, ring=tools.ring)[0] > 0

    assert found(PESEL, tools.ring) == [case.sign]


@pytest.mark.one_database
def test_a_value_whose_key_is_gone_is_told_and_nothing_is_changed(office, signers):
    send(signers.sign(application_files()))
    before = db.session.scalars(sa.select(Party.pesel_sealed)).all()
    tools = with_data_keys(office, NEW_KEY)

    with pytest.raises(UnknownKey), one_transaction() as session:
        encrypt_anew(session, Party, 0, ring=tools.ring)

    assert db.session.scalars(sa.select(Party.pesel_sealed)).all() == before


def test_no_table_with_sealed_values_is_forgotten():
    sealed = {
        (mapper.class_, column.key)
        for mapper in Base.registry.mappers
        for column in mapper.columns
        if column.key.endswith("_sealed")
    }

    assert sealed == {(table, place.column) for table, place in SEALED.items()}
