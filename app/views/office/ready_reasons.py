"""Which reasons for rejecting a document stand ready to be picked? They go into the summons, so they are Polish.

They follow what the letter says by itself of the verdict ("przesłany dokument jest nieczytelny"), and add to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.documents import DocumentKind
from app.domain.procedures.facts import Verdict

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

READY_FOR_LETTERS: Mapping[str, tuple[str, ...]] = {
    "notify_delay": (
        "Sprawa wymaga wyjaśnienia rozbieżności w dokumentach, a urząd czeka na odpowiedź innego organu.",
        "Urząd czeka na potwierdzenie danych pojazdu w centralnej ewidencji pojazdów.",
        "Urząd czeka na dokumenty, które wytwarza podmiot zewnętrzny.",
        "Liczba spraw w ostatnim czasie przekroczyła możliwości wydziału, a sprawy są załatwiane w kolejności wpływu.",
        "Nieobecność prowadzącego sprawę wymagała przekazania jej innemu pracownikowi.",
    ),
}
"""What the letter of a step may give as its reasons."""


def ready_reasons(kind: DocumentKind, *, came: bool) -> Mapping[Verdict, tuple[str, ...]]:
    """Return the reasons that go with a verdict on `kind`, its own first; for an acceptance where no file came, too."""
    against = {verdict: (*OWN.get((kind, verdict), ()), *common) for verdict, common in COMMON.items()}
    return against if came else {Verdict.ACCEPTED: WITHOUT_A_FILE, **against}
