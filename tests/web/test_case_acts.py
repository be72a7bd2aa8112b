"""What a clerk does from the case file: each form calls its verb, and nothing typed is lost when it came too late."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa
from lxml import html

from app.domain.custody import ItemState
from app.domain.determinations import DeterminationCode
from app.domain.items import ItemKind
from app.extensions import db
from app.models import AuditEvent, Case, PlateNumber, PlateState, ProposalState
from app.transaction import one_transaction
from tests.web.case_office import at, work_of
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of

pytestmark = pytest.mark.one_database


class Page:
    """One person at the page of one case."""

    def __init__(self, office, sign: str, name: str = "clerk") -> None:
        self.office, self.path = office, f"/sprawa/{sign}"
        self.person = log_in_staff(office, name)

    def case(self) -> Case:
        return db.session.scalars(sa.select(Case).where(Case.sign == self.path.rsplit("/", 1)[-1])).one()

    def version(self) -> int:
        with self.office.app_context():
            return self.case().version

    def post(self, act: str, version: int | None = None, **data: object):
        data["version"] = self.version() if version is None else version
        return self.person.post(f"{self.path}/{act}", data, see="/account/")

    def text(self) -> str:
        return text_of(self.person.get(self.path))


def test_a_decision_is_prepared_from_the_page(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    with ready.app_context():
        codes = [fee.code for fee in page.case().fees]

    assert page.person.get(f"{page.path}/numery?q=112").json == ["SC 8A112"]
    proofs = {f"proof-{code}": "" for code in codes} | {f"proof-{codes[0]}": "przelew osobny"}
    paid = {f"paid-{code}": 1 for code in codes}
    assert page.post("przygotowanie", proof="przelew 7/2026", **paid, **proofs).status_code == 302
    page.post("przygotowanie", new_plate="sc8a111")
    page.post("przygotowanie", new_plate="")
    done = {"new_plate": "SC 8A112", "permit": "pc 7654321", "days": 30, "label-CONTROL_STICKER": "nk 17"}
    page.post("przygotowanie", **done)

    with ready.app_context():
        case = page.case()
        assert [fee.proof for fee in case.fees] == ["przelew osobny", *["przelew 7/2026"] * (len(codes) - 1)]
        assert case.permit.number == "PC 7654321"
        assert [plate.number for plate in case.plate_numbers] == ["SC 8A112"]
        assert (
            db.session.scalar(sa.select(PlateNumber.state).where(PlateNumber.number == "SC 8A111"))
            is PlateState.IN_STOCK
        )
        assert {ItemKind.CONTROL_STICKER, ItemKind.NEW_PLATE} <= {item.kind for item in case.items}
    assert "Zarejestruj czasowo" in page.text()
    assert f'href="{page.path}/pismo/register_temporarily"' in page.person.get(page.path).text


ALL = {
    "new_plate": "SC 8A111", "permit": "PC 7654321", "days": 30,
    "label-CONTROL_STICKER": "NK 17", "label-LEGALISATION_STICKERS": "NL 17",
}  # fmt: skip


def prepared(page: Page) -> dict[str, object]:
    """What is prepared: the number, the permit with its days, and the labels of what is here."""
    with page.office.app_context():
        case = page.case()
        made = (ItemKind.TEMPORARY_PERMIT, ItemKind.CONTROL_STICKER, ItemKind.LEGALISATION_STICKERS)
        return {
            "plates": [one.number for one in case.plate_numbers],
            "permit": case.permit and (case.permit.number, case.permit.days),
            "labels": sorted(one.label for one in case.items if one.kind in made and one.state is ItemState.IN_OFFICE),
            "proofs": {fee.proof for fee in case.fees},
        }


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"permit": "abc"}, "permit", "Pozwolenie ma serię z liter i siedem cyfr"),
        ({"days": 31}, "permit", "Pozwolenie czasowe jest ważne od 1 do 30 dni."),
        ({"new_plate": "SC 99999"}, "new_plate", "W magazynie nie ma takiego numeru."),
        (
            {"label-LEGALISATION_STICKERS": "NK 17"},
            "label-LEGALISATION_STICKERS",
            "Ten numer ma już inny dokument",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved_and_nothing_lost(
    ready, case_at, wrong, field, sentence
):
    page = Page(ready, case_at("originals_complete"))

    answer = page.post("przygotowanie", **{**ALL, **wrong})

    assert answer.status_code == 422
    said = html.fromstring(answer.text)
    assert sentence in said.get_element_by_id(f"{field}-error").text_content().replace("\u00a0", " ")
    assert said.get_element_by_id(field).get("aria-invalid") == "true"
    values = {one.get("name"): one.get("value") for one in said.xpath("//*[@id='preparing']//input")}
    typed = {**ALL, **wrong}
    assert {name: values[name] for name in typed} == {name: str(value) for name, value in typed.items()}
    assert prepared(page) == {"plates": [], "permit": None, "labels": [], "proofs": {None}}


def test_what_is_prepared_is_changed_and_taken_back_until_the_decision_leaves(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    with ready.app_context():
        proofs = {f"proof-{fee.code}": "przelew 1" for fee in page.case().fees}
    page.post("przygotowanie", **ALL, **proofs)
    assert prepared(page)["labels"] == ["NK 17", "NL 17", "PC 7654321"]

    exchanged = {"label-CONTROL_STICKER": "NL 17", "label-LEGALISATION_STICKERS": "NK 17"}
    assert page.post("przygotowanie", permit="PC/A 7654322", days=20, **exchanged).status_code == 302
    changed = prepared(page)
    page.post("przygotowanie", **dict.fromkeys((*ALL, *proofs), ""))

    assert changed["permit"] == ("PC/A 7654322", 20)
    assert changed["labels"] == ["NK 17", "NL 17", "PC/A 7654322"]
    assert prepared(page) == {"plates": [], "permit": None, "labels": [], "proofs": {None}}
    with ready.app_context():
        chain = f"case:{page.case().id}"
        actions = set(db.session.scalars(sa.select(AuditEvent.action).where(AuditEvent.chain == chain)))
    assert {"proof-withdrawn", "permit-withdrawn", "item-withdrawn", "plates-released"} <= actions


def test_after_the_decision_what_it_rests_on_is_not_changed(ready, case_at):
    page = Page(ready, case_at("agreeing_handover"))
    before = prepared(page)

    answer = page.post("przygotowanie", permit="", days=30)

    assert answer.status_code == 422
    assert prepared(page) == before


def test_a_certificate_that_came_is_registered_by_the_clerk_of_the_case_only(ready, case_at):
    sign = case_at("handed_over")
    page = Page(ready, sign)

    page.post("dowod", number="DR/BAB 1")

    with ready.app_context():
        assert page.case().certificate_order.number == "DR/BAB 1"


def test_a_proposal_is_made_answered_on_behalf_and_countered(ready, case_at):
    page = Page(ready, case_at("agreeing_handover"))
    with ready.app_context():
        numbers = [item.number for item in page.case().items if item.is_owed]
    first, rest = numbers[0], "-".join(map(str, numbers[1:]))

    page.post("uzgodnienie", **{f"way-{first}": "post", f"way-{rest}": "in_person", "address": "ul. Nowa 2\n42-200 X"})
    answered = page.post(
        "uzgodnienie/odpowiedz", proposal=1, counter=1, how="phone", remark="woli osobiście",
        **{f"way-{first}-{rest}": "in_person"},
    )  # fmt: skip
    page.post("uzgodnienie/odpowiedz", proposal=2)

    assert answered.status_code == 302
    with ready.app_context():
        states = [(row.by_office, row.state) for row in page.case().proposals]
    assert states == [(True, ProposalState.COUNTERED), (False, ProposalState.ACCEPTED)]
    text = page.text()
    assert "odpowiedź na propozycję: telefonicznie, woli osobiście" in text
    assert "wersja 2 uzgodniona" in text


def test_the_front_desk_writes_down_what_the_party_says_at_the_counter(ready, case_at):
    sign = case_at("agreeing_handover")
    page = Page(ready, sign)
    with ready.app_context():
        numbers = "-".join(str(item.number) for item in page.case().items if item.is_owed)
    page.post("uzgodnienie", **{f"way-{numbers}": "in_person"})

    Page(ready, sign, "front_desk").post("uzgodnienie/odpowiedz", proposal=1, how="counter")

    with ready.app_context():
        assert page.case().proposals[-1].state is ProposalState.ACCEPTED
        assert page.case().steps[-1].reason == "przy stanowisku"


def test_a_form_that_came_too_late_shows_both_versions_and_can_be_sent_again(ready, case_at):
    page = Page(ready, case_at("originals_complete"))

    late = page.post("przygotowanie", version=1, permit="PC 7654321", days=20)

    assert late.status_code == 409
    assert "PC 7654321" in text_of(late)
    assert 'name="permit" value="PC 7654321"' in late.text
    assert 'name="days" value="20"' in late.text
    assert f'name="version" value="{page.version()}"' in late.text
    assert "Test Clerk, potwierdzenie kompletu oryginałów" in text_of(late)
    page.post("przygotowanie", permit="PC 7654321", days=20)
    with ready.app_context():
        assert page.case().permit.days == 20


def test_notes_and_determinations_stay_in_the_case(ready, case_at):
    page = Page(ready, case_at("verification"))

    page.post("notatka", text="Strona prosi o telefon.")
    page.post("ustalenie", code="other_authority", holds=1, text="Starosta Kłobucki")
    empty = page.post("notatka", text="  ")

    text = page.text()
    assert empty.status_code == 422
    assert "Strona prosi o telefon. Test Clerk" in text
    assert "Właściwy jest inny organ" in text
    assert f'href="{page.path}/pismo/transfer"' in page.person.get(page.path).text
    page.post("ustalenie", code="other_authority", holds=0)
    assert "cofnięto: Właściwy jest inny organ" in page.text()


@pytest.mark.parametrize("stage", ["awaiting_originals", "originals_complete"])
@pytest.mark.parametrize(("code", "step"), [("other_authority", "transfer"), ("pointless", "discontinue")])
def test_after_verification_a_way_out_is_shown_once_it_is_determined_and_then_it_is_the_next_act(
    ready, case_at, stage, code, step
):
    page = Page(ready, case_at(stage))
    assert not {"transfer", "discontinue"} & set(re.findall(r"step-(\w+)-why", page.person.get(page.path).text))

    page.post("ustalenie", code=code, holds=1, text="Starosta Kłobucki, Rynek 13, 42-100 Kłobuck")

    shown = page.person.get(page.path).text
    assert re.search(rf'btn-primary[^>]*href="{page.path}/pismo/{step}"', shown)
    assert page.person.get(f"{page.path}/pismo/{step}").status_code == 200


def test_a_waiver_of_the_appeal_is_written_down_by_the_clerk_of_the_case(ready, authority):
    with ready.app_context():
        work = at(work_of(authority), "verification")
        work.determine(DeterminationCode.REFUSAL_REASONS, "Pojazd figuruje jako skradziony.")
        work.write("refuse", reasons="art. 73 ust. 1e ustawy")
        letter, sign = work.open_letter().seq, work.case.sign
    page = Page(ready, sign)
    assert "Wszystkie strony zrzekły się odwołania" in page.text()
    assert "Wszystkie strony zrzekły się odwołania" not in Page(ready, sign, "supervisor").text()

    page.post(f"zrzeczenie/{letter}")

    with ready.app_context():
        assert page.case().decisions[0].waived_at is not None
    assert "Wszystkie strony zrzekły się odwołania" not in page.text()


def test_a_plain_step_needs_its_reason_and_is_written_down(ready, case_at):
    page = Page(ready, case_at("verification"))

    bare = page.post("krok", step="withdraw")
    page.post("krok", step="withdraw", reason="pismo z 2 listopada")

    assert bare.status_code == 422
    with ready.app_context():
        assert (page.case().stage, page.case().steps[-1].reason) == ("withdrawn", "pismo z 2 listopada")


def test_a_visit_at_a_time_that_is_not_offered_is_refused_at_its_field_and_what_was_typed_stays(ready, case_at):
    page = Page(ready, case_at("agreeing_handover"))
    way = html.fromstring(page.person.get(page.path).data).xpath("//input[starts-with(@name, 'way-')]/@name")[0]
    sunday = dt.datetime(2028, 1, 2, 2, tzinfo=dt.UTC).isoformat()

    answer = page.post("uzgodnienie", **{way: "in_person", "slot": sunday, "collector": "Ewa Odbiorcza"})

    again = html.fromstring(answer.data)
    assert answer.status_code == 422
    assert "W tym czasie urząd nie przyjmuje interesantów." in text_of(answer)
    assert again.xpath("//select[@name='slot'][@id='again']")
    assert again.xpath("//form[@action=$to]//*[@name='collector']/@value", to=f"{page.path}/uzgodnienie") == [
        "Ewa Odbiorcza"
    ]
    with ready.app_context():
        assert page.case().proposals == []


def test_the_front_desk_notes_a_withdrawal_in_any_case_and_a_supervisor_takes_a_case_away(ready, case_at):
    first, second = case_at("verification"), case_at("verification")
    desk, boss = Page(ready, first, "front_desk"), Page(ready, second, "supervisor")

    desk.post("krok-kancelarii", step="withdraw", reason="przyszła do stanowiska")
    boss.post("odbierz", reason="urlop")

    with ready.app_context():
        assert desk.case().stage == "withdrawn"
        assert (boss.case().stage, boss.case().clerk_id) == ("received", None)


def test_the_next_case_of_the_list_is_one_click_away_and_the_other_one_of_the_vehicle(ready, case_at):
    first, second = case_at("verification"), case_at("verification")

    page = Page(ready, first)
    text = page.person.get(f"{page.path}?z=verification").text

    assert f'href="/sprawa/{second}?z=verification"' in text
    assert "Ten sam pojazd" in text
    assert f'href="/sprawa/{second}"' in text


def test_a_letter_that_leaves_can_be_taken_back_from_the_page(ready, case_at, authority):
    from app.domain.procedures.stages import Doer
    from app.house import equipment
    from app.transaction import one_transaction
    from app.usecases.prepare_letter import new_draft, prepare_letter
    from app.views.acting import Actor, ActorKind
    from tests.factories import now
    from tests.usecases.at_work import Act

    page = Page(ready, case_at("handed_over"))
    with ready.app_context(), one_transaction() as session:
        case = page.case()
        act = Act(Actor(ActorKind.STAFF, case.clerk_id, "Test Clerk"), now())
        from dataclasses import replace

        draft = replace(new_draft(session, case, "notify_delay", act), reasons="Czekamy na producenta.")
        prepare_letter(session, case, case.version, draft, equipment=equipment(), act=act, doer=Doer.CLERK)

    answer = page.person.get(page.path)

    assert f'action="{page.path}/pismo/3/cofnij"' in answer.text
    assert "data-leaving" in answer.text
    assert "wyjdzie za" in text_of(answer)


def test_a_form_that_came_too_late_in_a_case_that_another_clerk_holds_invites_nobody_to_send_it_again(ready, case_at):
    page = Page(ready, case_at("originals_complete"))
    with ready.app_context(), one_transaction() as session:
        session.get_one(Case, page.case().id).clerk_id = None

    late = page.post("przygotowanie", version=1, permit="PC 7654321", days=20, document="dZABl")

    said = text_of(late)
    assert "nikt nie prowadzi teraz tej sprawy" in said
    assert "Wyślij ponownie" not in said
    assert "dZABl" not in said
    assert "bez różnic" not in said


def test_a_decision_that_nobody_has_collected_is_sent_by_post_from_its_page(ready, case_at):
    page = Page(ready, case_at("agreeing_handover"))
    with ready.app_context():
        seq = page.case().decisions[-1].letter.seq
    letter = f"{page.path}/pismo/{seq}"
    assert "Decyzja czeka na odbiór w urzędzie." in text_of(page.person.get(letter))

    sent = page.post(f"pismo/{seq}/ponownie", address="ul. Testowa 1\n42-200 Częstochowa")

    assert sent.status_code == 303
    with ready.app_context():
        copy = page.case().letters[-1]
        assert (copy.way, copy.copy_of, copy.address) == ("post", seq, ["ul. Testowa 1", "42-200 Częstochowa"])
    assert "Decyzja czeka na odbiór w urzędzie." not in text_of(page.person.get(letter))
    assert "czeka na nadanie" in page.text()
