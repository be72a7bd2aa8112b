"""What the law has the office write on papers follows from procedure, edition and the facts of the case."""

import datetime as dt

import pytest

from app.domain.annotations import RULES, WORDS, AnnotationKind, CaseSays, compose, rules_for
from app.domain.custody import MOVEMENTS, ItemState, Movement
from app.domain.items import ITEM_KINDS, Fate, ItemKind
from app.domain.procedures.editions import EDITIONS
from app.domain.procedures.stages import ProcedureName

A, F, K = AnnotationKind, Fate, ItemKind
REGISTRATION, DEREGISTRATION = ProcedureName.REGISTRATION, ProcedureName.DEREGISTRATION
SAYS = CaseSays(
    today=dt.date(2026, 11, 9), applied_on=dt.date(2026, 11, 2), office="Urząd Miasta Częstochowy",
    decided_on=dt.date(2026, 11, 6), number="SC 7A123", reason="demontaż pojazdu",
    permit_until=dt.date(2026, 12, 20),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (A.REGISTERED, "Pojazd zarejestrowany, nr rej. SC 7A123, data 06.11.2026"),
        (
            A.REGISTERED_PL_EN,
            """Pojazd zarejestrowany, nr rej. SC 7A123, data 06.11.2026
Vehicle registered with registration number SC 7A123, date 06.11.2026""",
        ),
        (A.COPY_CERTIFIED, "Stwierdzam zgodność z oryginałem, data 09.11.2026"),
        (
            A.NUMBER_KEPT,
            (
                "W dniu 02.11.2026 złożono wniosek o rejestrację pojazdu z zachowaniem dotychczasowego numeru "
                "rejestracyjnego w: Urząd Miasta Częstochowy"
            ),
        ),
        (A.DEREGISTERED, "Pojazd wyrejestrowany, przyczyna: demontaż pojazdu, data 06.11.2026"),
        (A.CONDITIONAL, "Zarejestrowano warunkowo"),
        (A.CERTIFICATE_RETURNED, "Dokonano zwrotu unieważnionego dowodu rejestracyjnego, data 09.11.2026"),
        (A.PERMIT_EXTENDED, "Ważność pozwolenia czasowego przedłużono do dnia 20.12.2026"),
    ],
)
def test_the_words_are_those_of_the_law_with_the_facts_of_the_case(kind, words):
    assert compose(kind, SAYS) == words


def test_no_annotation_has_words_before_the_request_is_granted_or_without_a_fact_that_it_names():
    undecided = CaseSays(today=SAYS.today, applied_on=SAYS.applied_on, office="Urząd", number="SC 7A123", reason="x")
    without_number = CaseSays(
        today=SAYS.today, applied_on=SAYS.applied_on, office="Urząd", decided_on=SAYS.decided_on, reason="x"
    )

    assert {compose(kind, undecided) for kind in A} == {""}
    assert compose(A.REGISTERED, without_number) == ""
    assert compose(A.DEREGISTERED, without_number)


def due(kind, procedure, edition, fate=None):
    """Which annotations a thing gets that goes the way the table of things says."""
    column = [(p, e) for p in (REGISTRATION, DEREGISTRATION) for e in EDITIONS].index((procedure, edition))
    return [rule.kind for rule in rules_for(kind, fate or ITEM_KINDS[kind][column], procedure, edition)]


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_goes_back_after_a_registration_is_annotated_and_its_copy_certified(edition):
    for kind in (K.OWNERSHIP, K.CUSTOMS, K.EXCISE):
        assert due(kind, REGISTRATION, edition) == [A.REGISTERED, A.COPY_CERTIFIED]
    assert due(K.CONFORMITY, REGISTRATION, edition) == [A.REGISTERED_PL_EN]
    assert due(K.REG_CERT, REGISTRATION, edition) == []  # it is invalidated: its corner is cut
    assert due(K.OWNERSHIP, DEREGISTRATION, edition) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_certificate_says_that_its_vehicle_is_deregistered_wherever_it_goes(edition):
    assert due(K.REG_CERT, DEREGISTRATION, edition, F.INVALIDATED_AND_KEPT) == [A.DEREGISTERED]
    assert due(K.REG_CERT, DEREGISTRATION, edition, F.RETURNED_ABROAD) == [A.DEREGISTERED, A.CERTIFICATE_RETURNED]


def test_only_the_law_of_2022_lets_the_old_certificate_go_annotated_with_the_number_kept():
    assert due(K.REG_CERT, REGISTRATION, "2022", F.LENT) == [A.NUMBER_KEPT]
    assert due(K.REG_CERT, REGISTRATION, "sekap", F.LENT) == []
    (rule,) = [rule for rule in RULES if rule.kind is A.NUMBER_KEPT]
    assert rule.law == "CZYNN zał. 1 § 2 ust. 3"


def test_every_annotation_has_words_and_a_rule_with_its_law():
    assert set(WORDS) == set(A) == {rule.kind for rule in RULES}
    assert all(rule.law and rule.on and set(rule.editions) <= set(EDITIONS) for rule in RULES)


def test_papers_are_written_on_in_the_office_or_when_they_are_shown_and_stay_where_they_are():
    assert MOVEMENTS[Movement.ANNOTATED] == ({ItemState.IN_OFFICE, ItemState.WITH_PARTY}, None)
    assert MOVEMENTS[Movement.STRUCK_OUT] == ({ItemState.IN_OFFICE, ItemState.WITH_PARTY}, None)
    assert [rule.kind for rule in RULES if rule.shown] == [A.PERMIT_EXTENDED]
