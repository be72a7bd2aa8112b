"""What letters call documents, things, procedures and grounds, in Polish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

SUBJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "APPLICATION": "wniosek",
        "OWNERSHIP": "dowód własności pojazdu",
        "REG_CERT": "dowód rejestracyjny",
        "VEHICLE_CARD": "karta pojazdu",
        "PLATES": "tablice rejestracyjne",
        "PLATE": "tablica rejestracyjna",
        "EXTRA_PLATE": "dodatkowa tablica rejestracyjna",
        "PLATES_STATEMENT": "oświadczenie o tablicach rejestracyjnych",
        "LOSS_STATEMENT": "oświadczenie o utracie dokumentu lub tablic",
        "TEMPORARY_WITHDRAWAL": "decyzja o czasowym wycofaniu pojazdu z ruchu",
        "CONFORMITY": "świadectwo zgodności WE albo inny dokument dopuszczenia",
        "INSPECTION": "zaświadczenie o badaniu technicznym",
        "CUSTOMS": "dowód odprawy celnej przywozowej",
        "EXCISE": "dokument potwierdzający zapłatę akcyzy albo zwolnienie z niej",
        "EU_DATE": "oświadczenie o dacie sprowadzenia pojazdu",
        "TRANSLATION": "tłumaczenie przysięgłe",
        "HISTORIC": "dokumenty pojazdu zabytkowego",
        "SAM": "dokumenty pojazdu marki „SAM”",
        "ID_NUMBER": "dokument o nadaniu cech identyfikacyjnych",
        "PROXY": "pełnomocnictwo",
        "STAMP_DUTY": "dowód zapłaty opłaty skarbowej",
        "FEE_PROOF": "dowód zapłaty opłat",
        "OC_POLICY": "dowód zawarcia umowy ubezpieczenia OC",
        "TEMPORARY_PERMIT": "pozwolenie czasowe",
        "DISMANTLING_CERTIFICATE": "zaświadczenie o demontażu pojazdu",
        "THEFT_STATEMENT": "oświadczenie o kradzieży pojazdu",
        "FOREIGN_SALE_PROOF": "dokument potwierdzający zbycie pojazdu za granicę",
        "FOREIGN_SALE_STATEMENT": "oświadczenie o zbyciu pojazdu za granicę",
        "FOREIGN_REGISTRATION_COPY": "kopia dokumentu rejestracji pojazdu za granicą",
        "FOREIGN_SCRAPPING_PROOF": "dokument potwierdzający kasację pojazdu za granicą",
        "LOSS_PROOF": "dokument potwierdzający trwałą i zupełną utratę pojazdu",
        "MUNICIPAL_FEE_PROOF": "dowód wniesienia opłaty na rzecz gminy",
        "INCOMPLETE_VEHICLE_CERTIFICATE": "zaświadczenie o przyjęciu niekompletnego pojazdu",
        "MARKET_WITHDRAWAL_PROOF": "dokument potwierdzający wycofanie pojazdu z obrotu",
        "OFFICE_INFORMATION": "informacja, na podstawie której urząd działa z urzędu",
        "NEW_PLATE": "zalegalizowana tablica rejestracyjna",
        "NEW_EXTRA_PLATE": "zalegalizowana dodatkowa tablica rejestracyjna",
        "CONTROL_STICKER": "nalepka kontrolna",
        "LEGALISATION_STICKERS": "nalepki legalizacyjne",
        "REGISTRATION_CERTIFICATE": "stały dowód rejestracyjny",
        "NEW_VEHICLE_CARD": "karta pojazdu",
        "DECISION": "decyzja",
        "OTHER": "inny dokument",
    }
)
"""Kinds of documents and things, in the nominative."""

FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "illegible": "przesłany dokument jest nieczytelny",
        "wrong": "przesłano niewłaściwy dokument",
        "missing": "dokumentu nie przesłano",
        "outdated": "dokument stracił ważność",
    }
)
"""What is wrong with a document that was rejected."""

DISCREPANCIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "brakuje w przesyłce",
        "different": "różni się od przesłanej kopii",
        "damaged": "uszkodzony egzemplarz",
        "not_asked_for": "przesłano bez wezwania",
    }
)
"""What is not as it should be with a thing."""

REQUESTS: Final[Mapping[str, str]] = MappingProxyType(
    {"registration": "rejestrację pojazdu", "deregistration": "wyrejestrowanie pojazdu"}
)
"""What was asked for, after "wniosek o"."""

REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {"registration": "rejestracji pojazdu", "deregistration": "wyrejestrowania pojazdu"}
)
"""What is refused, in the genitive."""

GROUNDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DEMONTAZ": "demontaż pojazdu",
        "KRADZIEZ": "kradzież pojazdu",
        "WYWOZ_ZBYCIE": "zbycie pojazdu za granicę",
        "WYWOZ_REJESTRACJA": "zarejestrowanie pojazdu za granicą",
        "KASACJA_ZAGRANICA": "kasacja pojazdu za granicą",
        "UTRATA": "udokumentowana trwała i zupełna utrata posiadania pojazdu bez zmiany w zakresie prawa własności",
        "NIEKOMPLETNY": "przekazanie niekompletnego pojazdu do stacji demontażu",
        "WYCOFANIE_Z_OBROTU": "wycofanie pojazdu z obrotu",
        "Z_URZEDU_DEMONTAZ": "demontaż pojazdu (z urzędu)",
        "Z_URZEDU_UE": "zarejestrowanie pojazdu w innym państwie Unii Europejskiej (z urzędu)",
        "Z_URZEDU_WYWOZ": "wywóz pojazdu za granicę (z urzędu)",
    }
)
"""Grounds of a deregistration, after "przyczyna:"."""
INFORMATION: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Z_URZEDU_DEMONTAZ": "informacji o demontażu pojazdu, pochodzącej od stacji demontażu",
        "Z_URZEDU_UE": "informacji organu innego państwa członkowskiego o zarejestrowaniu w nim pojazdu",
        "Z_URZEDU_WYWOZ": "informacji o wywozie za granicę pojazdu, który w tym celu czasowo zarejestrowano",
    }
)
"""What the office acts upon by itself, by ground, after "na podstawie"."""


_ONLY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "electronic": "przez skrzynkę",
        "in_person": "osobiście",
        "designated_operator": "pocztą",
        "courier": "przesyłką kurierską",
    }
)


def only_in_words(ways: Iterable[str]) -> str:
    """Return to which ways of handing over a demand is narrowed; nothing where it is not."""
    named = [_ONLY[way] for way in ways]
    return f"tylko {' albo '.join(named)}" if named else ""


def subject_in_words(code: str) -> str:
    """Return what a letter calls the document or thing `code`; an unknown one is "inny dokument"."""
    return SUBJECTS.get(code, SUBJECTS["OTHER"])


def counted_in_words(code: str, label: str, count: int) -> tuple[str, str]:
    """Return `count` things of a kind as a row of a list: what, and which or how many. Plates are named together."""
    name = subject_in_words("PLATES" if code == "PLATE" and count > 1 else code)
    return name, ", ".join(part for part in (label, f"{count} szt." if count > 1 else "") if part)


def named_together(things: Iterable[tuple[str, str]]) -> str:
    """Return things, each a kind and a label, as a sentence has them: those alike once, with their number."""
    alike = Counter(things)
    return ", ".join(" ".join(filter(None, counted_in_words(*thing, count))) for thing, count in alike.items())
