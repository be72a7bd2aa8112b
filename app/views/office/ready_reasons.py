"""Which reasons stand ready for a rejected document or a delay? They go into letters, so they are Polish.

They follow what the letter says by itself of the verdict ("przesłany dokument jest nieczytelny"), and add to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.deadlines import ClockEventKind, StopReason
from app.domain.documents import DocumentKind
from app.domain.procedures.facts import Verdict
from app.models import Case
from app.usecases.case_clock import settling_term, stops_by_hand
from app.usecases.case_facts import plates_awaited
from app.usecases.keep_clock import waits_because

_K = DocumentKind

COMMON: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.ILLEGIBLE: (
        "proszę przesłać wyraźny skan albo zdjęcie całej strony",
        "obraz jest nieostry lub zbyt ciemny",
        "część dokumentu jest ucięta lub zasłonięta",
        "brakuje drugiej strony dokumentu",
    ),
    Verdict.WRONG: (
        "dokument dotyczy innego pojazdu",
        "dokument wystawiono na inną osobę",
        "brakuje podpisu",
        "plik zawiera inny dokument niż wskazany we wniosku",
    ),
    Verdict.MISSING: ("proszę przesłać skan albo zdjęcie dokumentu", "w podanym pliku nie ma tego dokumentu"),
    Verdict.OUTDATED: ("proszę przesłać aktualny dokument", "upłynął termin ważności"),
}

OWN: Mapping[tuple[DocumentKind, Verdict], tuple[str, ...]] = {
    (_K.OWNERSHIP, Verdict.WRONG): (
        "numer VIN w dokumencie jest inny niż we wniosku",
        "brakuje podpisu sprzedającego",
        "brakuje podpisu kupującego",
        "brakuje umowy z poprzednim właścicielem",
    ),
    (_K.REG_CERT, Verdict.WRONG): ("numer rejestracyjny w dowodzie jest inny niż we wniosku",),
    (_K.PLATES, Verdict.ILLEGIBLE): ("na zdjęciu nie widać całego numeru tablic",),
    (_K.PLATES, Verdict.MISSING): ("brakuje zdjęcia jednej z tablic",),
    (_K.INSPECTION, Verdict.OUTDATED): ("upłynął termin badania technicznego",),
    (_K.FEE_PROOF, Verdict.WRONG): ("kwota opłaty jest za niska", "przelew trafił na rachunek innego organu"),
    (_K.STAMP_DUTY, Verdict.WRONG): ("kwota opłaty skarbowej jest inna niż 17 zł",),
    (_K.PROXY, Verdict.WRONG): (
        "brakuje podpisu mocodawcy",
        "pełnomocnictwo nie obejmuje tej sprawy",
    ),
    (_K.TRANSLATION, Verdict.WRONG): ("tłumaczenia nie sporządził tłumacz przysięgły",),
}

WITHOUT_A_FILE = ("oryginał okazano w urzędzie", "dokument jest w aktach urzędu")
"""On what the acceptance of a document may rest of which no file came."""

PAID = "wpłata jest widoczna na rachunku urzędu"
"""What a fee may rest on of which no proof came."""
_PAYMENTS = frozenset({_K.FEE_PROOF, _K.STAMP_DUTY, _K.MUNICIPAL_FEE_PROOF})

NOT_NEEDED = ("dokument jest w aktach innej sprawy urzędu", "dane potwierdzono w centralnej ewidencji pojazdów")
"""Why a document may not be needed though the rules call for it."""

_OTHER_OFFICE = "Sprawa wymaga wyjaśnienia rozbieżności w dokumentach, a urząd czeka na odpowiedź innego organu."
_MADE_ELSEWHERE = "Urząd czeka na dokumenty lub tablice, które wytwarza podmiot zewnętrzny."
_PARTY = "Urząd czeka na czynność strony."
_MANY_CASES = (
    "Liczba spraw w ostatnim czasie przekroczyła możliwości wydziału, a sprawy są załatwiane w kolejności wpływu."
)
_COMPLICATED = "Sprawa jest szczególnie skomplikowana i wymaga dalszych wyjaśnień."
_DELAYED = (
    _OTHER_OFFICE,
    "Urząd czeka na potwierdzenie danych pojazdu w centralnej ewidencji pojazdów.",
    _MADE_ELSEWHERE,
    _PARTY,
    _COMPLICATED,
    _MANY_CASES,
    "Nieobecność prowadzącego sprawę wymagała przekazania jej innemu pracownikowi.",
)
_WAITED_FOR: Mapping[StopReason, str] = {
    StopReason.DELAY_ELSEWHERE: _OTHER_OFFICE,
    StopReason.DELAY_BY_PARTY: _PARTY,
    StopReason.SUSPENDED: "Postępowanie jest zawieszone.",
    StopReason.AWAITING_REMEDY: "Urząd czeka, aż strona usunie braki wniosku, do czego ją wezwano.",
    StopReason.AWAITING_ORIGINALS: "Urząd czeka na oryginały dokumentów i tablice, o które wezwano stronę.",
    StopReason.AWAITING_AGREEMENT: "Urząd czeka na wybór sposobu przekazania dokumentów i tablic przez stronę.",
    StopReason.AWAITING_PARTY: "Urząd czeka, aż strona dopełni tego, co potrzebne do wydania dowodu rejestracyjnego.",
    StopReason.OUTSIDE_THE_OFFICE: _MADE_ELSEWHERE,
}


def reason_of_delay(case: Case) -> str:
    """Return why `case` is late, as its state says: what it waits for, or else what the office has to answer for.

    What a clerk wrote of the delay when noting it comes after it.
    """
    term = settling_term(case)
    events, held = term.events if term else [], stops_by_hand(case)
    for event in reversed(events):
        if event.kind == ClockEventKind.STOPPED and event.reason in held:
            return " ".join(filter(None, (_WAITED_FOR[StopReason(event.reason)], event.words)))
    waits = waits_because(case)
    if waits is not None:
        return _WAITED_FOR[waits]
    if plates_awaited(case):
        return _MADE_ELSEWHERE
    complicated = [event for event in events if event.kind == ClockEventKind.COMPLICATED]
    return _COMPLICATED if complicated else _MANY_CASES


READY_FOR_LETTERS: Mapping[str, tuple[str, ...]] = {
    "suspend": (
        "Sprawa zależy od uprzedniego rozstrzygnięcia przez inny organ lub sąd (art. 97 § 1 pkt 4 k.p.a.).",
        "Strona zmarła, a jej spadkobierców nie można jeszcze wezwać (art. 97 § 1 pkt 1 k.p.a.).",
        "Zmarł przedstawiciel ustawowy strony (art. 97 § 1 pkt 2 k.p.a.).",
        "Strona utraciła zdolność do czynności prawnych (art. 97 § 1 pkt 3 k.p.a.).",
        "Wystąpiła o to strona, inne się nie sprzeciwiły, a interes społeczny na to pozwala (art. 98 § 1 k.p.a.).",
    ),
    "take_up": (
        "Ustąpiły przyczyny, które uzasadniały zawieszenie postępowania (art. 97 § 2 k.p.a.).",
        "Strona wystąpiła o podjęcie postępowania, które zawieszono na jej żądanie (art. 98 § 2 k.p.a.).",
    ),
    "notify_delay": _DELAYED,
}
"""What the letter of a step may give as its reasons."""


def ready_reasons(kind: DocumentKind, *, came: bool, if_issued: bool) -> Mapping[Verdict, tuple[str, ...]]:
    """Return the reasons that go with a verdict on `kind`, its own first.

    For an acceptance where no file `came`, too, and for saying that it does not apply where it is not asked for only
    `if_issued`.
    """
    found = {verdict: (*OWN.get((kind, verdict), ()), *common) for verdict, common in COMMON.items()}
    if not came:
        found[Verdict.ACCEPTED] = (PAID, *WITHOUT_A_FILE) if kind in _PAYMENTS else WITHOUT_A_FILE
    if not if_issued:
        found[Verdict.NOT_APPLICABLE] = NOT_NEEDED
    return found
