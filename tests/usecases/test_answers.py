"""Who may add a letter to a case: whoever is known in it, and never a stranger by way of a common road."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.domain.acts import SYSTEM, Act
from app.epackages.application import Answer, AnswerKind
from app.extensions import db
from app.models import Channel, Outcome, Platform
from app.transaction import one_transaction
from app.usecases.platforms import add_platform
from app.usecases.receive_package import Sender
from tests.authority import TestAuthority
from tests.databases import KEYS
from tests.factories import Signers, a_form, application_files, now, send
from tests.usecases.at_work import NEW_KEY, with_data_keys

pytestmark = pytest.mark.one_database

STRANGER = "90010100006"  # invented, test data


@pytest.fixture
def platform(office) -> Sender:
    with one_transaction() as session:
        add_platform(session, "SEKAP", act=Act(SYSTEM, now()))
    platform_id = db.session.scalar(sa.select(Platform.id))
    return Sender(Channel.API, f"platform:{platform_id}", "SEKAP", platform_id=platform_id)


def answer_to(case) -> dict[str, bytes]:
    return {"wniosek.xml": a_form(answers=Answer(case.sign, AnswerKind.SUPPLEMENT))}


def test_another_person_on_the_same_platform_opens_a_case_of_their_own(platform, signers):
    case = send(signers.sign(application_files()), sender=platform).case
    stranger = signers.sign(answer_to(case), name="Ewa Obca", pesel=STRANGER)

    package = send(stranger, sender=platform)

    assert package.outcome is Outcome.VALID
    assert package.case_id != case.id
    assert "answers-unknown-case" in {finding.code for finding in package.case.findings}


def test_the_same_person_on_the_same_platform_joins_their_case(platform, signers):
    case = send(signers.sign(application_files()), sender=platform).case

    package = send(signers.sign(answer_to(case)), sender=platform)

    assert package.case_id == case.id


def test_the_same_person_is_known_after_the_data_key_was_replaced(office, platform, signers):
    case = send(signers.sign(application_files()), sender=platform).case
    with_data_keys(office, f"{NEW_KEY},{KEYS}")

    package = send(signers.sign(answer_to(case)), sender=platform)

    assert package.case_id == case.id


def test_somebodys_number_in_a_certificate_that_nobody_vouches_for_opens_no_case(platform, signers, tmp_path):
    case = send(signers.sign(application_files()), sender=platform).case
    forger = Signers(TestAuthority("Nieznane CC"), tmp_path / "forged")
    forger.workdir.mkdir()

    package = send(forger.sign(answer_to(case)), sender=platform)

    assert package.outcome is Outcome.UNDECIDED
    assert package.case_id != case.id


def test_an_answer_with_an_unconfirmed_signature_leaves_the_case_to_be_settled(office, signers, tmp_path):
    case = send(signers.sign(application_files())).case
    assert case.signature_settled
    unknown = Signers(TestAuthority("Nieznane CC"), tmp_path / "unknown")
    unknown.workdir.mkdir()

    package = send(unknown.sign(answer_to(case)))

    assert package.case_id == case.id
    assert not package.case.signature_settled
    assert "signature-undecided" in {finding.code for finding in package.case.findings}
