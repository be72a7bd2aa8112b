"""Whatever a case has come to: "Moja praca" names the act that the case file proposes, and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.clock import now, today
from app.domain.custody import Discrepancy
from app.domain.delivery import Arrangement, Method
from app.domain.determinations import DeterminationCode
from app.domain.items import ItemKind
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import Doer
from app.extensions import db
from app.house import equipment
from app.models import Case, Letter, ParcelOutcome
from app.transaction import one_transaction
from app.usecases.agreements import propose_handover
from app.usecases.compare_item import compare_item
from app.usecases.prepare_letter import new_draft
from app.usecases.serve_letter import post_letter
from app.usecases.summons_in_force import newest_summons
from app.usecases.withdrawal import withdraw_by_party
from tests.usecases.at_work import Work
from tests.web.case_office import at
from tests.web.clerk_desk import Desk

YESTERDAY = today() - dt.timedelta(days=1)


@pytest.fixture
def desk(ready, authority):
    return Desk(ready, authority)


def summoned(work: Work, *left_out: str) -> None:
    """Originals are asked for, but for the kinds `left_out`."""
    at(work, "verification")
    work.accept_all()
    with one_transaction() as session:
        demands = new_draft(session, session.get_one(Case, work.case_id), "summon_originals", work.act()).demands
    work.write("summon_originals", demands=tuple(one for one in demands if one.subject not in left_out))
    work.open_letter()


def over(work: Work) -> None:
    """The term of what was asked, or proposed, last has passed."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        (case.proposals or [letter.summons for letter in case.letters if letter.summons])[-1].due_on = YESTERDAY


def proposed(work: Work) -> None:
    """The office has proposed how things are handed over."""
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        methods = {item.number: Method.IN_PERSON for item in case.items if item.is_owed}
        propose_handover(session, case, case.version, Arrangement(methods=methods), equipment=equipment(),
                         act=work.act(), doer=Doer.CLERK)  # fmt: skip


def a_part_was_asked_for(work: Work) -> None:
    summoned(work, "OWNERSHIP")
    work.receive()
    work.compare_all()


def a_plate_is_missing(work: Work) -> None:
    at(work, "awaiting_originals")
    work.receive(missing=[next(one.number for one in work.awaited() if one.kind is ItemKind.PLATE)])
    work.compare_all()


def one_differs(work: Work) -> None:
    at(work, "awaiting_originals")
    work.receive()
    with one_transaction() as session:
        case = session.get_one(Case, work.case_id)
        compare_item(session, case, case.version, case.items[0].number, act=work.act(), remark="x",
                     differs=Discrepancy.DIFFERENT)  # fmt: skip
    work.compare_all()


def determined(code: DeterminationCode, words: str) -> Callable[..., Callable[[Work], None]]:
    def by(stage: str, *, brought: bool = False) -> Callable[[Work], None]:
        def done(work: Work) -> None:
            at(work, stage)
            if brought:
                work.receive()
                work.compare_all()
            work.determine(code, words)

        return done

    return by


refusal_is_reasoned = determined(DeterminationCode.REFUSAL_REASONS, "powody odmowy")
another_authority = determined(DeterminationCode.OTHER_AUTHORITY, "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck")


def there_is_no_point(work: Work) -> None:
    at(work, "originals_complete")
    work.determine(DeterminationCode.POINTLESS, "pojazd zniszczony")


def transferred(work: Work) -> None:
    another_authority("verification")(work)
    work.write("transfer", reasons="właściwość")
    work.open_letter()


def passed_on(work: Work) -> None:
    transferred(work)
    with one_transaction() as session:
        letter = next(one for one in work.case.letters if one.kind == "transfer_letter")
        post_letter(session, session.get_one(Letter, letter.id), "RR473124829PL", act=work.act(work.desk))


def a_document_is_rejected(work: Work) -> None:
    at(work, "verification")
    work.accept_all(INSPECTION=Verdict.ILLEGIBLE)


def to_be_remedied_in_vain(work: Work) -> None:
    a_document_is_rejected(work)
    work.write("summon_remedy")
    work.open_letter()
    over(work)


def originals_did_not_come(work: Work) -> None:
    at(work, "awaiting_originals")
    over(work)


def agreed(method: Method) -> Callable[[Work], None]:
    def done(work: Work) -> None:
        at(work, "agreeing_handover")
        work.annotate()
        work.agree(method)

    return done


def nobody_answered(work: Work) -> None:
    at(work, "agreeing_handover")
    proposed(work)
    over(work)


def reminded_in_vain(work: Work) -> None:
    nobody_answered(work)
    with one_transaction() as session:
        session.get_one(Case, work.case_id).proposals[-1].reminded_at = now() - dt.timedelta(days=9)


def a_counter_proposal(work: Work) -> None:
    at(work, "agreeing_handover")
    proposed(work)
    work.counter(Method.POST)


def a_parcel(outcome: ParcelOutcome) -> Callable[[Work], None]:
    def done(work: Work) -> None:
        agreed(Method.POST)(work)
        work.later(1)
        work.post()
        work.later(1)
        work.parcel_ends(outcome)

    return done


def the_certificate_came(work: Work) -> None:
    at(work, "handed_over")
    work.certificate_comes()


def all_is_back(work: Work) -> None:
    at(work, "permanent_ready")
    work.receive()


def registered(work: Work) -> None:
    all_is_back(work)
    work.register()


def posted_at_the_end(work: Work) -> None:
    registered(work)
    work.agree(Method.POST)
    work.post()
    work.put_away()


def put_away(work: Work) -> None:
    at(work, "closed")
    work.put_away()
    work.open_letter(next(one for one in work.case.letters if one.kind == "registration_decision"))


def withdrawn(*, signed: bool) -> Callable[[Work], None]:
    def done(work: Work) -> None:
        at(work, "verification")
        work.later(1)
        with one_transaction() as session:
            withdraw_by_party(session, session.get_one(Case, work.case_id), "sprzedany", act=work.citizen())
        if signed:
            work.determine(DeterminationCode.WITHDRAWAL_SIGNED, "pismo z podpisem")

    return done


def refusal_once(come_to: Callable[[Work], object]) -> Callable[[Work], None]:
    def done(work: Work) -> None:
        come_to(work)
        work.determine(DeterminationCode.REFUSAL_REASONS, "powody odmowy")

    return done


def the_permit_is_over(work: Work) -> None:
    at(work, "handed_over")
    with one_transaction() as session:
        session.get_one(Case, work.case_id).permit.valid_until = YESTERDAY


def plates_asked_back_in_vain(work: Work) -> None:
    the_permit_is_over(work)
    summons = work.write("summon_plates")
    work.open_letter(summons)
    with one_transaction() as session:
        newest_summons(session.get_one(Case, work.case_id)).due_on = YESTERDAY


def refused(work: Work) -> None:
    refusal_is_reasoned("verification")(work)
    work.write("refuse", reasons="powody odmowy")


OPEN = "Otwórz"
SITUATIONS: dict[str, tuple[Callable[[Work], None], str]] = {
    "taken": (lambda work: at(work, "verification"), "Sprawdź dokumenty"),
    "all accepted": (lambda work: (at(work, "verification"), work.accept_all()),
                     "Wezwij do przekazania oryginałów i tablic"),
    "a document is rejected": (a_document_is_rejected, "Wezwij do usunięcia braków"),
    "a summons expired": (to_be_remedied_in_vain, "Pozostaw bez rozpoznania"),
    "summoned": (lambda work: at(work, "awaiting_originals"), OPEN),
    "originals did not come": (originals_did_not_come, "Przypomnij"),
    "a part was asked for, and is here": (a_part_was_asked_for, "Wezwij o resztę"),
    "a plate is missing": (a_plate_is_missing, "Wezwij o resztę"),
    "one differs": (one_differs, "Wezwij o resztę"),
    "complete": (lambda work: at(work, "originals_complete"), "Przygotuj decyzję"),
    "another authority, at first": (another_authority("verification"), "Przekaż według właściwości"),
    "another authority, all is here": (another_authority("awaiting_originals", brought=True),
                                       "Przekaż według właściwości"),
    "another authority, at last": (another_authority("originals_complete"), "Przekaż według właściwości"),
    "transferred": (transferred, OPEN),
    "passed on to another authority": (passed_on, "Zakończ sprawę"),
    "refusal, at first": (refusal_is_reasoned("verification"), "Odmów"),
    "refusal, all is here": (refusal_is_reasoned("awaiting_originals", brought=True), "Odmów"),
    "refusal, before the decision": (refusal_is_reasoned("originals_complete"), "Odmów"),
    "refusal, at the end": (refusal_is_reasoned("permanent_ready", brought=True), "Odmów"),
    "refusal, once the handing over is agreed": (refusal_once(agreed(Method.IN_PERSON)), "Odmów"),
    "refusal, once the permit is over": (refusal_once(the_permit_is_over), "Odmów"),
    "refusal, once the certificate came": (refusal_once(the_certificate_came), "Odmów"),
    "the permit is over": (the_permit_is_over, "Wezwij do zwrotu tablic"),
    "plates were asked back in vain": (plates_asked_back_in_vain, "Przypomnij"),
    "refused": (refused, OPEN),
    "pointless": (there_is_no_point, "Umórz postępowanie"),
    "withdrawn": (withdrawn(signed=True), "Umórz postępowanie"),
    "withdrawn without a signature": (withdrawn(signed=False), "Wezwij do podpisania cofnięcia"),
    "decided": (lambda work: at(work, "agreeing_handover"), "Zaproponuj sposób przekazania"),
    "proposed": (lambda work: (at(work, "agreeing_handover"), proposed(work)), OPEN),
    "nobody answered": (nobody_answered, "Przypomnij"),
    "reminded, and nobody answered": (reminded_in_vain, "Ustal odbiór osobisty"),
    "answered otherwise": (a_counter_proposal, "Odpowiedz na propozycję strony"),
    "agreed by post": (agreed(Method.POST), "Wyślij pocztą"),
    "agreed in person": (agreed(Method.IN_PERSON), "Wydaj osobiście"),
    "posted": (lambda work: (agreed(Method.POST)(work), work.post()), OPEN),
    "a parcel came back": (a_parcel(ParcelOutcome.UNCLAIMED), "Zaproponuj sposób przekazania"),
    "a parcel was lost": (a_parcel(ParcelOutcome.LOST), "Rozstrzygnij, co w zamian"),
    "handed over": (lambda work: at(work, "handed_over"), OPEN),
    "the certificate came": (the_certificate_came, "Ogłoś dowód stały"),
    "announced": (lambda work: at(work, "permanent_ready"), "Unieważnij dotychczasowy dowód"),
    "invalidated": (lambda work: (at(work, "permanent_ready"), work.invalidate()), "Zarejestruj pojazd"),
    "all is back": (all_is_back, "Unieważnij dotychczasowy dowód"),
    "registered": (registered, "Wydaj dowód stały"),
    "closed": (lambda work: at(work, "closed"), "Zniszcz tablice"),
    "put away": (put_away, "Przekaż do archiwum"),
    "its return card is missing": (posted_at_the_end, OPEN),
}  # fmt: skip


@pytest.mark.one_database
@pytest.mark.parametrize("name", SITUATIONS)
def test_both_pages_name_the_same_act(desk, name):
    come_to, expected = SITUATIONS[name]

    desk.do(lambda: come_to(desk.work))

    assert (desk.line()[1], desk.primary() or [OPEN]) == (expected, [expected])


@pytest.mark.one_database
def test_a_closed_case_says_that_its_return_card_is_missing(desk):
    desk.do(lambda: posted_at_the_end(desk.work))

    assert "Brakuje jeszcze zwrotnego potwierdzenia odbioru." in " ".join(desk.row().text_content().split())


def test_a_list_takes_at_most_eleven_statements_whatever_has_come_to_its_cases(desk, authority):
    work = desk.at("verification")
    for stage in ("awaiting_originals", "originals_complete", "closed"):
        Desk(desk.office, authority).at(stage)
    desk.do(lambda: another_authority("verification")(work))
    desk.clerk.get("/praca/")
    statements: list[str] = []
    with desk.office.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    shown = desk.clerk.get("/praca/").text.count("data-row")

    assert shown == 4
    assert len(statements) <= 11, "\n".join(statement[:160] for statement in statements)
