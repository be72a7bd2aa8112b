"""What administrators, supervisors and auditors do through the office door is done, and written down."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import Encoding
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User

from app.domain.acts import OFFICE_ZONE, SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.models import AuditEvent, Job, JobState, Outcome, Package, Platform, RevocationList, Seal, TrustAnchor
from app.outbox.deliver import HANDLERS
from app.outbox.worker import Worker
from app.roles import Role
from app.transaction import one_transaction
from app.usecases.seal_audit import seal_audit
from app.usecases.seals import seal_in_use
from app.views.office.security import builder_of, known_rights
from app.views.wording_jobs import JOBS
from app.views.wording_rights import has_words
from tests.authority import TestAuthority
from tests.factories import Signers, an_office, application_files, now, send
from tests.pki import test_trusted_list
from tests.web.conftest import log_in_staff, staff_at
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def ready(office):
    with office.app_context():
        an_office()
    return office


@pytest.fixture
def administrator(ready):
    return log_in_staff(ready, "administrator")


def actions(office) -> list[str]:
    with office.app_context():
        return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def upload(data: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(data), name


def test_a_new_colleague_gets_a_link_sets_a_password_and_comes_in(ready, administrator):
    form = {
        "user_name": "nowa.osoba", "first_name": "Nowa", "last_name": "Osoba", "email": "nowa@example.invalid",
        "roles": [Role.CLERK.value],
    }  # fmt: skip
    made = administrator.post("/uzytkownicy/add", form, see="/uzytkownicy/add")

    link = re.search(r"/office(/password/[^\"<]+)", made.text)
    assert made.status_code == 200, made.text
    assert link, made.text
    visitor = staff_at(ready)
    password = "siedem cichych latarni nad rzeka"
    path = link.group(1).replace("&amp;", "&")
    answer = visitor.post(path, {"new": password, "again": password}, see=path)
    assert answer.status_code == 302, answer.text
    clerk = log_in_staff(ready, "nowa.osoba", password)
    assert clerk.get("/praca/").status_code == 200


def test_a_taken_user_name_is_said_at_the_form_and_makes_nothing(ready, administrator):
    form = {
        "user_name": "clerk",
        "first_name": "X",
        "last_name": "Y",
        "email": "z@example.invalid",
        "roles": ["Referent"],
    }

    answer = administrator.post("/uzytkownicy/add", form, see="/uzytkownicy/add")

    assert 'role="alert"' in answer.text
    with ready.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == len(Role)


def test_the_position_of_a_colleague_is_written_down_and_their_session_goes_on(ready, administrator):
    clerk = log_in_staff(ready, "clerk")
    with ready.app_context():
        clerk_id = db.session.scalar(sa.select(User.id).where(User.username == "clerk"))
    form = {"position": " starszy referent ", "roles": [Role.CLERK.value]}

    saved = administrator.post(f"/uzytkownicy/{clerk_id}/edit", form, see=f"/uzytkownicy/{clerk_id}/edit")

    assert saved.status_code == 302, saved.text
    assert "starszy referent" in text_of(administrator.get(f"/uzytkownicy/show/{clerk_id}"))
    assert clerk.get("/praca/").status_code == 200
    assert actions(ready)[-1] == "position-set"


def test_a_closed_account_is_out_at_once(ready, administrator):
    clerk = log_in_staff(ready, "clerk")
    with ready.app_context():
        clerk_id = db.session.scalar(sa.select(User.id).where(User.username == "clerk"))

    administrator.post(f"/uzytkownicy/{clerk_id}/disable", see=f"/uzytkownicy/show/{clerk_id}")

    assert clerk.get("/praca/").status_code == 302
    assert "staff-disabled" in actions(ready)


def test_a_platform_is_named_its_token_shown_once_and_taken_away(ready, administrator):
    made = administrator.post("/platformy/add", {"name": "SEKAP"}, see="/platformy/add")
    with ready.app_context():
        platform = db.session.scalars(sa.select(Platform)).one()
        platform_id, digest = platform.id, platform.token_digest

    administrator.post(f"/platformy/{platform_id}/odbierz", see=f"/platformy/show/{platform_id}")

    token = re.search(r'id="secret"[^>]*value="([^"]+)"', made.text).group(1)
    import hashlib

    assert hashlib.sha256(token.encode()).hexdigest() == digest
    with ready.app_context():
        assert not db.session.scalars(sa.select(Platform)).one().active
    assert {"platform-added", "platform-revoked"} <= set(actions(ready))


def test_an_anchor_and_a_revocation_list_make_an_undecided_package_valid(ready, administrator, tmp_path):
    authority = TestAuthority("CC nieznane")
    with ready.app_context():
        package = send(Signers(authority, tmp_path).sign(application_files()))
        assert package.outcome is Outcome.UNDECIDED
        package_id = package.id
    pem = authority.root_pem() + authority.issuing.certificate.public_bytes(Encoding.PEM)
    anchor = {"file": upload(pem, "ca.pem"), "identity": "trusted", "purpose": "sign", "until": ""}
    more = {"content_type": "multipart/form-data"}

    added = administrator.post("/kotwice/add", anchor, see="/kotwice/add", **more)
    for crl in (authority.crl(now()), authority.root_crl(now())):
        data = crl.public_bytes(Encoding.DER)
        listed = administrator.post("/kotwice/crl", {"file": upload(data, "a.crl")}, see="/kotwice/crl", **more)
        assert listed.status_code == 302, listed.text
    worker = Worker(ready)
    while worker.run_once():
        pass

    assert added.status_code == 302, added.text
    with ready.app_context():
        assert db.session.get(Package, package_id).outcome is Outcome.VALID
        assert db.session.get(Package, package_id).case.signature_settled
        assert db.session.scalar(sa.select(sa.func.count()).select_from(RevocationList)) == 2


@pytest.mark.parametrize(("path", "name"), [("/kotwice/add", "ca.pem"), ("/kotwice/crl", "a.crl")])
def test_a_file_that_is_something_else_is_said_at_the_form(ready, administrator, path, name):
    data = {"file": upload(b"to nie to", name), "identity": "trusted", "purpose": "sign"}

    answer = administrator.post(path, data, see=path, content_type="multipart/form-data")

    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def test_a_national_trusted_list_becomes_anchors_and_a_forged_one_does_not(ready, administrator, tmp_path):
    good = test_trusted_list.signed(test_trusted_list.document(test_trusted_list.GRANTED), tmp_path)
    operator = test_trusted_list.OPERATOR.certificate.public_bytes(Encoding.PEM)

    def imported(xml: bytes):
        files = {"file": upload(xml, "PL_TSL.xml"), "operators": upload(operator, "operator.pem")}
        return administrator.post("/kotwice/lista", files, see="/kotwice/lista", content_type="multipart/form-data")

    forged = imported(good.replace(b"granted", b"granteD"))
    first, again = imported(good), imported(good)

    assert (forged.status_code, first.status_code, again.status_code) == (200, 302, 302)
    assert 'role="alert"' in forged.text
    with ready.app_context():
        anchors = db.session.scalars(sa.select(TrustAnchor).where(TrustAnchor.identity == "qualified")).all()
        assert [(anchor.name, anchor.purpose, anchor.source) for anchor in anchors] == [("Usługa", "sign", "PL 7")]
        events = sa.select(AuditEvent.details).where(AuditEvent.action == "trusted-list-imported")
        assert [details["new"] for details in db.session.scalars(events.order_by(AuditEvent.id))] == [1, 0]
        assert db.session.scalar(sa.select(Job.id).where(Job.kind == "recheck_undecided"))


def test_a_withdrawn_anchor_is_trusted_no_more(ready, administrator):
    with ready.app_context():
        anchor_id = db.session.scalar(sa.select(TrustAnchor.id))

    administrator.post(f"/kotwice/{anchor_id}/wycofaj", see=f"/kotwice/show/{anchor_id}")

    with ready.app_context():
        assert db.session.get(TrustAnchor, anchor_id).withdrawn_at is not None


def test_a_supervisor_looks_into_the_quarantine_and_a_clerk_does_not(ready, tmp_path):
    with ready.app_context():
        package_id = send(b"to nie jest paczka" * 50).id
    supervisor, clerk = log_in_staff(ready, "supervisor"), log_in_staff(ready, "clerk")

    listed = supervisor.get("/kwarantanna/list/")
    taken = supervisor.post(f"/kwarantanna/{package_id}/plik", see=f"/kwarantanna/show/{package_id}")

    assert "P-" in listed.text
    assert taken.data == b"to nie jest paczka" * 50
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert clerk.get("/kwarantanna/list/").status_code == 403
    assert "quarantine-downloaded" in actions(ready)


def test_a_refused_package_judged_again_by_hand_says_when_and_by_whom_though_the_answer_is_the_same(ready):
    with ready.app_context():
        package_id = send(b"to nie jest paczka" * 50).id
    supervisor = log_in_staff(ready, "supervisor")

    answer = supervisor.post(f"/kwarantanna/{package_id}/sprawdz", see=f"/kwarantanna/show/{package_id}")
    page = supervisor.get(answer.headers["Location"].removeprefix("/office"))

    with ready.app_context():
        package = db.session.get_one(Package, package_id)
        assert [one.outcome for one in package.verifications] == [Outcome.UNREADABLE] * 2
        events = sa.select(AuditEvent.actor_name).where(
            AuditEvent.action == "package-judged", AuditEvent.chain == f"package:{package_id}"
        )
        assert len(set(db.session.scalars(events))) == 2, "the office by itself, then the supervisor"
        last = package.verifications[-1].at
    assert "Oceniono ostatnio" in page.text
    assert f"{last.astimezone(OFFICE_ZONE):%d.%m.%Y}" in page.text


def test_a_given_up_job_runs_again(ready):
    supervisor = log_in_staff(ready, "supervisor")
    with ready.app_context(), one_transaction() as session:
        session.add(Job(kind="send_email", subject_id=1, key="email:1", state=JobState.DEAD, tries=16, due_at=now(),
                        created_at=now(), error="no server"))  # fmt: skip
    with ready.app_context():
        job_id = db.session.scalar(sa.select(Job.id).where(Job.key == "email:1"))

    supervisor.post(f"/zadania/{job_id}/ponow", see=f"/zadania/show/{job_id}")

    with ready.app_context():
        job = db.session.get(Job, job_id)
        assert (job.state, job.tries) == (JobState.READY, 0)


def test_a_job_says_in_words_what_it_does_and_leads_to_what_it_is_about(ready):
    with ready.app_context():
        send(b"no package at all")
    with ready.app_context(), one_transaction() as session:
        number, pk = session.execute(sa.select(Package.number, Package.id)).first()
        session.add_all(
            Job(kind=kind, subject_id=pk, key=f"{kind}:{pk}", state=JobState.DEAD, tries=16, due_at=now(),
                created_at=now())
            for kind in ("settle_package", "scan_package")
        )  # fmt: skip

    page = log_in_staff(ready, "supervisor").get("/zadania/list/?state=dead").text

    assert "ocena paczki" in page
    assert f"settle_package:{pk}" not in page
    assert len(re.findall(rf'<a class="sign" href="/paczki/show/{pk}">{number}</a>', page)) == 2


def test_the_print_of_a_receipt_is_a_job_that_leads_to_the_receipt(office, authority, tmp_path):
    with office.app_context():
        an_office(authority)
        number = send(Signers(authority, tmp_path).sign(application_files())).receipt.number

    page = log_in_staff(office, "supervisor").get("/zadania/list/").text

    assert "wydruk UPO paczki" in page
    assert re.search(rf'<a class="sign" href="/poswiadczenia/show/\d+">{number}</a>', page)


def test_every_kind_of_job_has_words():
    assert set(JOBS) == set(HANDLERS)


def test_the_auditor_sees_that_the_trail_is_whole_and_that_it_is_not(ready):
    auditor = log_in_staff(ready, "auditor")
    whole = auditor.get("/audyt/sprawdz").text

    with ready.app_context(), one_transaction() as session:
        session.execute(sa.text("DROP TRIGGER audit_event_no_update"))
        session.execute(sa.text("UPDATE audit_event SET actor_name = 'ktoś inny' WHERE id = 2"))
    broken = auditor.get("/audyt/sprawdz")

    assert "note-ok" in whole
    assert "note-late" in broken.text
    assert ", wiersz 2: Zdarzenie zmieniono po zapisaniu." in text_of(broken)
    assert "Broken" not in broken.text


def test_the_auditor_is_told_of_a_broken_seal(ready):
    act = Act(SYSTEM, now())
    with ready.app_context(), one_transaction() as session:
        seal_audit(session, seal_in_use(session, equipment=equipment(), act=act), act=act)
    with ready.app_context(), one_transaction() as session:
        session.execute(sa.text("DROP TRIGGER audit_seal_no_update"))
        session.execute(sa.text("UPDATE audit_seal SET events = events + 1"))

    page = text_of(log_in_staff(ready, "auditor").get("/audyt/sprawdz"))

    assert "pieczęć, wiersz 1: Nie podpisała tego pieczęć urzędu." in page


def test_every_right_has_words_and_the_page_of_a_role_says_them(ready, administrator):
    rights = {(view, permission) for permission, view in known_rights(builder_of(ready))}
    with ready.app_context():
        role_id = db.session.scalar(sa.select(RoleRow.id).where(RoleRow.name == Role.CLERK.value))

    page = text_of(administrator.get(f"/role/show/{role_id}"))

    assert [right for right in sorted(rights) if not has_words(right)] == []
    assert "bierze sprawy" in page
    assert "Czyta rejestry Sprawy Paczki Poświadczenia" in page
    assert "can_" not in page
    assert "nadaje i odbiera role" not in page


def test_the_page_of_a_seal_is_headed_by_its_years(ready, administrator):
    with ready.app_context():
        seal = db.session.scalars(sa.select(Seal)).one()
        seal_id, fingerprint = seal.id, seal.fingerprint

    page = administrator.get(f"/pieczecie/show/{seal_id}").text

    head = re.search(r"<h1>(.*?)</h1>", page).group(1)
    assert head.startswith("Pieczęć na okres")
    assert fingerprint not in head
    assert fingerprint in page
