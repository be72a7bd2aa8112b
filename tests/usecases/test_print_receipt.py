"""The receipt on paper says what its sealed XML says, however late the package was settled."""

from __future__ import annotations

import datetime as dt

import pytest
from lxml import etree

from app.domain.acts import SYSTEM, Act
from app.epackages.receipt import Upp, read_receipt
from app.extensions import db
from app.house import equipment
from app.intake import acknowledge, keep, settle
from app.letters.words import moment_in_words
from app.models import Channel, Package, Receipt
from app.transaction import one_transaction
from app.usecases.print_receipt import receipt_pdf
from app.usecases.receive_package import Arrival, Sender
from app.usecases.seals import take_seal_into_use
from tests.factories import application_files, now
from tests.letters.reading import in_a_line, text_of

pytestmark = pytest.mark.one_database
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


def receipt_of(data: bytes, *, received: dt.datetime, settled: dt.datetime) -> Receipt:
    """The receipt of a package that came at `received` and was settled only at `settled`."""
    tools = equipment()
    kept = keep([data], equipment=tools)
    sender = Sender(Channel.IMPORT, "import:test", "Jan Testowy")
    package_id, _ = acknowledge(Arrival(kept, "paczka.asice"), sender, act=Act(SYSTEM, received))
    settle(db.session(), package_id, equipment=tools, clock=lambda: settled)
    receipt = db.session.get_one(Package, package_id).receipt
    assert receipt is not None
    return receipt


def paper_and_xml(receipt: Receipt) -> tuple[str, Upp, dt.datetime]:
    """The words of the printout, what the XML says, and the moment its signature names."""
    xml = equipment().store.read(receipt.xml_sha256)
    said = read_receipt(xml)
    assert isinstance(said, Upp)
    signed_at = dt.datetime.fromisoformat(etree.fromstring(xml).findtext(f".//{XADES}SigningTime"))
    return in_a_line(text_of(receipt_pdf(receipt, equipment=equipment()))), said, signed_at


def test_the_paper_of_a_package_settled_three_hours_later_names_the_moments_of_the_xml(office, signers):
    came = now()

    receipt = receipt_of(signers.sign(application_files()), received=came, settled=came + dt.timedelta(hours=3))
    words, said, signed_at = paper_and_xml(receipt)

    assert f"Data i godzina wpływu {in_a_line(moment_in_words(said.delivered_at))}" in words
    assert f"Data i godzina wytworzenia {in_a_line(moment_in_words(said.created_at))}" in words
    assert f"Opieczętowano {in_a_line(moment_in_words(signed_at))}" in words
    assert abs(said.created_at - came) < dt.timedelta(seconds=1)


def test_the_paper_of_a_package_older_than_the_seal_is_dated_by_the_beginning_of_the_seal(office, signers, authority):
    seal = authority.seal(at=now() - dt.timedelta(hours=1))
    with one_transaction() as session:
        take_seal_into_use(session, seal, equipment=equipment(), act=Act(SYSTEM, now()))
    came = now() - dt.timedelta(days=2)

    receipt = receipt_of(signers.sign(application_files()), received=came, settled=now())
    words, said, signed_at = paper_and_xml(receipt)

    begins = seal.certificate.not_valid_before_utc
    assert (said.created_at, signed_at) == (begins, begins)
    assert f"Data i godzina wytworzenia {in_a_line(moment_in_words(begins))}" in words
    assert f"Opieczętowano {in_a_line(moment_in_words(begins))}" in words
