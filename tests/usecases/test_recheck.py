"""What was undecided is judged again when the office trusts more than before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.intake import RECHECK_SECONDS, recheck_undecided
from app.models import Job, Outcome, Package
from app.outbox.leases import LEASE
from app.outbox.worker import Worker
from app.pki.trust_store import Anchor
from app.storage import Damaged
from app.transaction import one_transaction
from app.usecases.import_crl import RECHECK, RECHECK_REST, import_crl
from app.usecases.trust import add_anchor
from tests.authority import TestAuthority
from tests.factories import Signers, application_files, now, send


@pytest.fixture
def stranger() -> TestAuthority:
    return TestAuthority("CC nieznane")


@pytest.fixture
def undecided(office, stranger, tmp_path):
    """Three packages whose signer nobody vouches for."""
    signers = Signers(stranger, tmp_path)
    return [send(signers.sign(application_files(vin=f"TMBJJ7NE8J000000{number}"))) for number in range(3)]


def trust(authority: TestAuthority) -> None:
    act = Act(SYSTEM, now())
    with one_transaction() as session:
        for issuer in (authority.root, authority.issuing):
            add_anchor(session, Anchor.of(issuer.certificate, "certification-centre"), "test", act=act)
        for crl in (authority.crl(), authority.root_crl()):
            import_crl(session, crl.public_bytes(Encoding.DER), equipment=equipment(), act=act)


def test_a_signer_who_is_vouched_for_later_settles_the_case(office, undecided, stranger):
    assert {package.outcome for package in undecided} == {Outcome.UNDECIDED}
    trust(stranger)

    assert recheck_undecided(db.session(), equipment=equipment()) == 3

    db.session.expire_all()
    first = undecided[0]
    assert (first.outcome, first.case.signature_settled) == (Outcome.VALID, True)
    assert "signature-confirmed" in {finding.code for finding in first.case.findings}
    before, after = (set(verification.anchors) for verification in first.verifications)
    root = stranger.root.certificate.fingerprint(hashes.SHA256()).hex()
    assert (root in before, root in after) == (False, True)


def test_a_verification_says_which_revocation_lists_it_rested_on(office, undecided, stranger):
    trust(stranger)
    recheck_undecided(db.session(), equipment=equipment())

    db.session.expire_all()
    before, after = undecided[0].verifications
    assert before.revocation == []
    assert [said["revoked"] for said in after.revocation] == [False]
    assert all(said["source"] and said["this_update"] and said["serial"] for said in after.revocation)


def test_what_does_not_come_to_its_turn_in_time_is_left_to_a_job_of_its_own(
    house, office, undecided, stranger, monkeypatch
):
    trust(stranger)
    monkeypatch.setattr("app.intake.RECHECK_SECONDS", -1)

    assert recheck_undecided(db.session(), equipment=equipment()) == 1
    rest = db.session.scalars(sa.select(Job).where(Job.kind == RECHECK_REST)).one()
    assert rest.subject_id == undecided[0].id
    db.session.rollback()

    while Worker(house).run_once():
        pass
    assert set(db.session.scalars(sa.select(Package.outcome))) == {Outcome.VALID}
    assert db.session.scalars(sa.select(Job).where(Job.kind.in_([RECHECK, RECHECK_REST]))).all() == []


def test_the_time_for_judging_again_ends_well_before_the_lease():
    assert LEASE.total_seconds() * 0.8 > RECHECK_SECONDS


def test_nothing_new_is_written_when_the_answer_is_the_same(office, undecided):
    assert recheck_undecided(db.session(), equipment=equipment()) == 3

    db.session.expire_all()
    assert [len(package.verifications) for package in undecided] == [1, 1, 1]


def test_a_damaged_file_keeps_no_other_package_from_being_judged(office, undecided, stranger):
    damaged, *whole = undecided
    path = equipment().settings.data_dir / "store" / damaged.sha256[:2] / damaged.sha256
    path.write_bytes(path.read_bytes()[:-1])
    trust(stranger)

    with pytest.raises(Damaged):
        recheck_undecided(db.session(), equipment=equipment())

    db.session.expire_all()
    assert damaged.outcome is Outcome.UNDECIDED
    assert {package.outcome for package in whole} == {Outcome.VALID}
