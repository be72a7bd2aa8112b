"""Which revocation lists that came speak of a signer, and what they say: as the office's rows know them."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import sqlalchemy as sa
from cryptography import x509

from app.domain.acts import SYSTEM, Act
from app.extensions import db
from app.house import equipment
from app.models import Channel, RevocationList, RevokedSerial
from app.pki.trust_store import Anchor
from app.transaction import one_transaction
from app.usecases.import_crl import import_crl
from app.usecases.receive_package import Sender
from app.usecases.trust import add_anchor
from tests.authority import ADDRESSES, TestAuthority
from tests.factories import Signers, an_office, application_files, now, send
from tests.pki.own_pki import Party, crl

_SENDERS = itertools.count()
HOUR = dt.timedelta(hours=1)
OWN_POINT, OTHER_POINT = ADDRESSES.crl, "http://cc.test.invalid/cc/2.crl"
HOLD, COMPROMISE = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.key_compromise


def scope(*addresses: str, only_users: bool = False, only_authorities: bool = False):
    """The critical extension by which a list says of whom it speaks."""
    names = [x509.UniformResourceIdentifier(address) for address in addresses] or None
    return x509.IssuingDistributionPoint(names, None, only_users, only_authorities, None, False, False), True


class Centre:
    """A centre whose authorities the office trusts, a signed package, and the lists that it publishes."""

    def __init__(self, folder) -> None:
        self.authority = TestAuthority("CC z listami")
        self.data = Signers(self.authority, folder).sign(application_files())
        self.made = now().replace(microsecond=0)
        (self.signer,) = x509.load_pem_x509_certificates(next(folder.rglob("cert.pem")).read_bytes())

    def publishes(self, number: int, *, age=HOUR, reason=None, scope=None) -> tuple[RevocationList, bool]:
        """The office takes in a list made `age` ago, which names the signer if there is a `reason`."""
        issuer, at = self.authority.issuing, self.made - age
        data = crl(
            Party(issuer.certificate, issuer.private_key),
            [(self.signer, at - HOUR, reason)] if reason else (),
            this_update=at,
            next_update=at + dt.timedelta(days=7),
            extensions=[scope] if scope else (),
            number=number,
        )
        with one_transaction() as session:
            return import_crl(session, data, equipment=equipment(), act=Act(SYSTEM, now()))

    def judged(self) -> tuple[str, list[str]]:
        """What the office makes of the package, which each time somebody else sends."""
        package = send(self.data, sender=Sender(Channel.IMPORT, f"import:{next(_SENDERS)}", "Jan Testowy"))
        return package.outcome.value, package.reasons


VALID, REVOKED = ("valid", []), ("invalid", ["revoked"])
UNKNOWN, SUSPENDED = ("undecided", ["revocation-unknown"]), ("undecided", ["suspended"])


@pytest.fixture
def centre(house, tmp_path):
    with house.app_context():
        an_office()
        centre = Centre(tmp_path)
        with one_transaction() as session:
            for issuer in (centre.authority.root, centre.authority.issuing):
                anchor = Anchor.of(issuer.certificate, "certification-centre")
                add_anchor(session, anchor, "test", act=Act(SYSTEM, now()))
        yield centre


@pytest.mark.parametrize(
    ("of_whom", "said"),
    [
        (None, VALID),
        (scope(only_users=True), VALID),
        (scope(OWN_POINT), VALID),
        (scope(OTHER_POINT, OWN_POINT), VALID),
        (scope(only_authorities=True), UNKNOWN),
        (scope(OTHER_POINT), UNKNOWN),
        (scope(OWN_POINT.upper()), UNKNOWN),
    ],
)
def test_the_silence_of_a_list_speaks_only_of_those_it_is_about(centre, of_whom, said):
    centre.publishes(1, scope=of_whom)

    assert centre.judged() == said


def test_a_newer_list_of_another_point_does_not_hide_a_withdrawal(centre):
    centre.publishes(1, age=2 * HOUR, scope=scope(OWN_POINT), reason=COMPROMISE)
    centre.publishes(2, scope=scope(OTHER_POINT))

    assert centre.judged() == REVOKED


@pytest.mark.parametrize("late", [False, True])
def test_a_withdrawal_is_final_whichever_list_said_it_and_whenever_that_came(centre, late):
    def older():
        centre.publishes(1, age=2 * HOUR, reason=COMPROMISE)

    if not late:
        older()
    centre.publishes(2)
    if late:
        older()

    assert centre.judged() == REVOKED


def test_a_suspension_lasts_until_the_next_list_of_the_same_scope(centre):
    centre.publishes(1, age=3 * HOUR, reason=HOLD, scope=scope(OWN_POINT))
    centre.publishes(2, age=2 * HOUR, scope=scope(OTHER_POINT))

    assert centre.judged() == SUSPENDED

    centre.publishes(3, scope=scope(OWN_POINT))
    assert centre.judged() == VALID


def test_lists_of_an_equal_number_are_different_lists_and_the_same_bytes_are_one(centre):
    first, new = centre.publishes(7, scope=scope(OTHER_POINT))
    second, also_new = centre.publishes(7, age=2 * HOUR, scope=scope(OWN_POINT), reason=COMPROMISE)

    assert (new, also_new, first.id != second.id) == (True, True, True)
    assert centre.judged() == REVOKED


def test_what_the_next_list_says_again_is_kept_once(centre):
    for number in (1, 2, 3):
        last, _new = centre.publishes(number, age=HOUR * (9 - number), reason=COMPROMISE)
    other, _new = centre.publishes(4, reason=COMPROMISE, scope=scope(OTHER_POINT))

    kept = set(db.session.scalars(sa.select(RevokedSerial.list_id)))
    assert kept == {last.id, other.id}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RevocationList)) == 4
    assert centre.judged() == REVOKED


def test_a_list_whose_scope_was_never_kept_withdraws_and_otherwise_proves_nothing_until_it_comes_again(centre):
    def forget_scope():
        with one_transaction() as session:
            session.execute(sa.update(RevocationList).values(users=False, authorities=False))

    kept, _new = centre.publishes(1)
    forget_scope()
    assert centre.judged() == UNKNOWN

    again, new = centre.publishes(1)
    assert (again.id, new) == (kept.id, True)
    assert centre.judged() == VALID
    assert centre.publishes(1)[1] is False

    centre.publishes(2, reason=COMPROMISE)
    forget_scope()
    assert centre.judged() == REVOKED
