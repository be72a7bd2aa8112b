"""The kinds of letters the office sends, and which fields the text of each may and must have.

Law: KPA art. 36, 54, 64, 65, 97, 98, 101, 105, 107, 124, 127, 133; PRD art. 73, 74, 79; CZYNN annex 10.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


class Shape(enum.StrEnum):
    """How the value of a field is printed. All but TEXT and DAY stand alone on their line of the text."""

    TEXT = "text"
    DAY = "day"
    """A day, written in words."""
    LIST = "list"
    """A numbered list; each row a text, or a text and a remark."""
    FACTS = "facts"
    """Rows of label and value."""
    PROSE = "prose"
    """Free text of a clerk; an empty line parts paragraphs."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its Polish explanation for who edits the text, its shape, and what a preview shows in its place.

    `optional`: it may be empty; the paragraph or point in which it stands is left out then.
    """

    explanation: str
    sample: str
    shape: Shape = Shape.TEXT
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter. `must` are the fields without which its text does not say what the law asks.

    `needs_receipt`: a term or a right runs from its service, so it goes for a receipt. `is_decision`: KPA art. 107;
    `is_order`: KPA art. 124.
    """

    code: str
    needs_receipt: bool
    is_decision: bool
    is_order: bool
    fields: Mapping[str, Field]
    must: frozenset[str]


# fmt: off
_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "case_sign": Field("znak sprawy", "KM.5410.128.2026"),
        "letter_day": Field("data pisma", "2026-03-02", Shape.DAY),
        "salutation": Field("zwrot do adresata, z przecinkiem", "Szanowna Pani,"),
        "party": Field("imię i nazwisko albo nazwa strony; gdy jest ich kilka, wszystkie", "Żaneta Gżegżółka"),
        "parties_label": Field("„Strona” albo, gdy jest ich kilka, „Strony”", "Strona"),
        "party_address": Field("adres strony w jednym wierszu", "ul. Łąkowa 7 m. 3, 42-200 Częstochowa"),
        "request": Field("o co strona wnosi, po słowach „wniosek o”", "rejestrację pojazdu"),
        "received_day": Field("dzień wpływu wniosku albo informacji", "2026-02-27", Shape.DAY),
        "matter": Field("czego dotyczy sprawa, po słowach „w sprawie”", "wniosku o rejestrację pojazdu"),
        "information": Field(
            "co jest podstawą działania z urzędu, w dopełniaczu",
            "informacji o demontażu pojazdu, pochodzącej od stacji demontażu",
        ),
        "vehicle": Field("pojazd w jednym wierszu", "Škoda Octavia, VIN TMBJJ7NE8L0123456"),
        "authority": Field("organ, który prowadzi sprawę", "Prezydent Miasta Częstochowy"),
        "office_name": Field("nazwa urzędu", "Urząd Miasta Częstochowy"),
        "office_unit": Field("wydział lub referat", "Wydział Komunikacji"),
        "office_address": Field("adres urzędu w jednym wierszu", "ul. Waszyngtona 5, 42-217 Częstochowa"),
        "office_hours": Field("godziny przyjmowania interesantów", "poniedziałek–piątek, godz. 7.30–15.30"),
        "office_contact": Field("telefon lub adres e-mail wydziału", "tel. 34 370 00 00"),
        "data_protection_officer": Field("kontakt do inspektora ochrony danych", "iod@urzad.test.invalid"),
        "capacity": Field("w jakim charakterze wzywa się adresata, w dopełniaczu", "strony – właścicielki pojazdu"),
        "demands": Field(
            "czego żąda urząd (lista)", "dowód rejestracyjny | oryginał\ntablice rejestracyjne | 2 sztuki", Shape.LIST
        ),
        "items": Field(
            "co urząd wydaje lub przesyła (lista)",
            "pozwolenie czasowe | seria AB nr 1234567\ntablice rejestracyjne | SC 12345, 2 sztuki",
            Shape.LIST,
        ),
        "originals_law": Field("przepis, z którego wynika, jakie oryginały trzeba złożyć", "art. 72 ust. 1"),
        "proposed": Field(
            "co urząd przekaże i jakim sposobem (lista)",
            "pozwolenie czasowe AB 1234567 | odbiór osobisty\ndowód własności pojazdu | przesyłka pocztowa",
            Shape.LIST,
        ),
        "particulars": Field(
            "wizyta, osoba odbierająca, adres przesyłki (lista)",
            "odbiór osobisty | czwartek, 5 marca 2026 r., godz. 10.00\nprzesyłka polecona za potwierdzeniem odbioru, "
            "na koszt właściciela | na adres: ul. Łąkowa 7 m. 3, 42-200 Częstochowa",
            Shape.LIST,
        ),
        "outcome": Field(
            "co ustalono, po słowie „zawiadamiamy:”",
            "urząd przyjął sposób przekazania, który 4 marca 2026 r. zaproponowała strona",
        ),
        "documents": Field(
            "dokumenty i oznaczenia, które tracą ważność (lista)",
            "dowód rejestracyjny | seria DR/BAA nr 1234567\ntablice rejestracyjne | SC 12345",
            Shape.LIST,
        ),
        "term": Field(
            "termin, np. „w terminie 7 dni od dnia doręczenia pisma”", "w terminie 14 dni od dnia doręczenia pisma"
        ),
        "earlier_day": Field("data wcześniejszego wezwania", "2026-02-10", Shape.DAY),
        "thanks_day": Field(
            "data wcześniejszego wezwania, gdy coś na nie przekazano, lecz z brakami lub niezgodnościami; w przeciwnym "
            "razie akapit z tym polem odpada",
            "2026-02-10",
            Shape.DAY,
            optional=True,
        ),
        "also_day": Field(
            "data wcześniejszego wezwania, gdy to, co na nie przekazano, jest w porządku, a urząd nie poprosił o "
            "wszystko; w przeciwnym razie akapit z tym polem odpada",
            "2026-02-10",
            Shape.DAY,
            optional=True,
        ),
        "vain_day": Field(
            "data wcześniejszego wezwania, gdy nic na nie nie przekazano; w przeciwnym razie akapit z tym polem odpada",
            "2026-02-10",
            Shape.DAY,
            optional=True,
        ),
        "served_day": Field("dzień doręczenia wezwania", "2026-02-12", Shape.DAY),
        "term_end": Field("ostatni dzień terminu", "2026-02-26", Shape.DAY),
        "reminder_day": Field(
            "data przypomnienia o wezwaniu; gdy go nie było, akapit z tym polem odpada",
            "2026-02-20",
            Shape.DAY,
            optional=True,
        ),
        "reminder_served_day": Field(
            "dzień doręczenia przypomnienia; gdy go nie było, akapit z tym polem odpada",
            "2026-02-22",
            Shape.DAY,
            optional=True,
        ),
        "things_back": Field(
            "co urząd zwróci stronie; gdy niczego nie złożono, akapit z tym polem odpada",
            "dowód rejestracyjny DR/BAA 1234567, tablice rejestracyjne SC 12345",
            optional=True,
        ),
        "brought_first": Field(
            "co trzeba oddać lub okazać przed wydaniem stałego dowodu; gdy niczego, akapit z tym polem odpada",
            "dotychczasowy dowód rejestracyjny",
            optional=True,
        ),
        "registration_number": Field("numer rejestracyjny", "SC 12345"),
        "permit_number": Field("seria i numer pozwolenia czasowego", "AB 1234567"),
        "permit_to_return": Field(
            "seria i numer pozwolenia czasowego do zwrotu; bez niego (utracone) akapit lub punkt z tym polem odpada",
            "AB 1234567",
            optional=True,
        ),
        "lent_certificate": Field(
            "dotychczasowy dowód do oddania przed wydaniem stałego; gdy takiego nie ma, akapit z tym polem odpada",
            "dotychczasowy dowód rejestracyjny",
            optional=True,
        ),
        "papers_to_bring": Field(
            "dokumenty, których brakuje przy rejestracji warunkowej; przy zwykłej akapit z tym polem odpada",
            "dowód odprawy celnej przywozowej",
            optional=True,
        ),
        "plates_kept": Field(
            "co może zrobić właściciel, zamiast zwracać tablice; po odmowie rejestracji akapit z tym polem odpada",
            "odbierze dowód rejestracyjny",
            optional=True,
        ),
        "things_along": Field(
            "oryginały i tablice przekazywane innemu organowi; gdy niczego nie złożono, akapit z tym polem odpada",
            "dowód rejestracyjny DR/BAA 1234567, tablice rejestracyjne SC 12345",
            optional=True,
        ),
        "comes_back": Field(
            "co wraca do urzędu po odmowie, gdy wydano pozwolenie czasowe; inaczej akapit z tym polem odpada",
            "tablice rejestracyjne SC 12345",
            optional=True,
        ),
        "permit_runs_until": Field(
            "ostatni dzień ważności pozwolenia czasowego; gdy już minął, akapit lub punkt z tym polem odpada",
            "2026-04-01",
            Shape.DAY,
            optional=True,
        ),
        "collect_by": Field(
            "ostatni dzień, w którym urząd jest czynny, a pozwolenie czasowe jeszcze ważne; gdy takiego dnia nie ma, "
            "akapit lub punkt z tym polem odpada",
            "2026-04-01",
            Shape.DAY,
            optional=True,
        ),
        "permit_ended": Field(
            "ostatni dzień ważności pozwolenia czasowego; dopóki nie minął, akapit lub punkt z tym polem odpada",
            "2026-04-01",
            Shape.DAY,
            optional=True,
        ),
        "permit_end": Field("ostatni dzień ważności pozwolenia czasowego", "2026-04-01", Shape.DAY),
        "new_end": Field("nowy ostatni dzień ważności pozwolenia", "2026-04-15", Shape.DAY),
        "certificate_number": Field("seria i numer dowodu rejestracyjnego", "DR/BAA 1234567"),
        "new_day": Field("nowy termin załatwienia sprawy", "2026-05-04", Shape.DAY),
        "other_authority": Field(
            "inny organ, z adresem, jeżeli go ustalono: właściwy, któremu przekazano wniosek, albo ten, który "
            "ostatnio zarejestrował pojazd",
            "Starosta Kłobucki, ul. Rynek 13, 42-100 Kłobuck",
        ),
        "certificate_fate": Field(
            "co dzieje się z dowodem rejestracyjnym", "Unieważniony dowód rejestracyjny zwraca się właścicielowi."
        ),
        "reasons": Field("przyczyny, zwykły tekst", "Oczekujemy na odpowiedź innego urzędu.", Shape.PROSE),
        "vehicle_data": Field(
            "dane pojazdu (wiersze: nazwa i wartość)",
            "Rodzaj pojazdu | samochód osobowy\nMarka, typ, model | Škoda Octavia\n"
            "Rok produkcji | 2020\nNumer VIN | TMBJJ7NE8L0123456",
            Shape.FACTS,
        ),
        "ground": Field("przyczyna wyrejestrowania, po słowie „przyczyna:”", "zbycie pojazdu za granicę"),
        "ground_law": Field("przepis, np. „art. 79 ust. 1 pkt 3”", "art. 79 ust. 1 pkt 3"),
        "refused": Field("czego się odmawia, w dopełniaczu", "rejestracji pojazdu"),
        "refusal_law": Field(
            "przepis, na którym oparto odmowę",
            "art. 73 ust. 1e ustawy z dnia 20 czerwca 1997 r. – Prawo o ruchu drogowym",
        ),
        "factual_reasons": Field(
            "uzasadnienie faktyczne, zwykły tekst",
            "Z Centralnej Ewidencji Pojazdów wynika, że pojazd został skradziony.",
            Shape.PROSE,
        ),
        "legal_reasons": Field(
            "uzasadnienie prawne, zwykły tekst", "Zgodnie z powołanym przepisem organ odmawia rejestracji.", Shape.PROSE
        ),
        "discontinuance_law": Field("przepis, na podstawie którego umarza się postępowanie", "art. 105 § 2"),
        "discontinuance_rule": Field(
            "co mówi ten przepis, pełnym zdaniem",
            "Zgodnie z art. 105 § 2 k.p.a. organ może umorzyć postępowanie na wniosek strony.",
        ),
        "tracking_number": Field("numer nadawczy przesyłki", "(00) 7 5900773 1 51200062 1"),
        "occasion": Field("z jakiego powodu urząd przesyła rzeczy", "zgodnie z uzgodnionym sposobem odbioru"),
        "enclosed": Field(
            "co przekazuje się z pismem (lista)",
            "wniosek złożony elektronicznie, wydruk | UPP/17/2026\ndowód rejestracyjny | oryginał, DR/BAA 1234567",
            Shape.LIST,
        ),
        "authority_address": Field(
            "adres organu, do którego idzie pismo", "ul. Rynek 13, 42-100 Kłobuck"
        ),
        "complete_day": Field("dzień skompletowania dokumentów", "2026-03-02", Shape.DAY),
        "previous_number": Field("dotychczasowy numer rejestracyjny", "SKL 12345"),
        "new_number": Field(
            "numer, pod którym urząd rejestruje pojazd; gdy go jeszcze nie nadano, akapit z tym polem odpada",
            "SC 12345",
            optional=True,
        ),
        "appellant": Field("kto wniósł odwołanie", "Żaneta Gżegżółka"),
        "appeal_day": Field("dzień wpływu odwołania", "2026-03-20", Shape.DAY),
        "appeal_kept": Field("czy odwołanie wniesiono w terminie, pełnym zdaniem", "Wniesiono je w terminie."),
        "decision": Field("nazwa zaskarżonej decyzji", "Decyzja odmowna"),
        "decision_day": Field("data zaskarżonej decyzji", "2026-03-02", Shape.DAY),
        "decision_number": Field("numer zaskarżonej decyzji", "KM.5410.128.2026/4"),
        "subject": Field("czego dotyczy odpowiedź", "Odpowiedź na pytanie o opłaty"),
        "answer": Field(
            "treść odpowiedzi, zwykły tekst", "Opłata wynosi 66,50 zł.\n\nMożna ją wnieść przelewem.", Shape.PROSE
        ),
    }
)
# fmt: on

COMMON = (
    *("case_sign", "letter_day", "salutation", "party", "party_address", "parties_label"),
    *("request", "matter", "received_day", "vehicle"),
    *("authority", "office_name", "office_unit", "office_address", "office_hours", "office_contact"),
    "data_protection_officer",
)
"""Fields that the text of every kind may use."""

_SUMMONS = ("capacity", "demands", "term")
_PERMIT = ("permit_number", "permit_end", "registration_number")


def _kind(
    code: str,
    must: str,
    may: Iterable[str] = (),
    *,
    needs_receipt: bool = True,
    is_decision: bool = False,
    is_order: bool = False,
) -> LetterKind:
    names = dict.fromkeys((*must.split(), *may, *COMMON))
    fields = MappingProxyType({name: _FIELDS[name] for name in names})
    return LetterKind(code, needs_receipt, is_decision, is_order, fields, frozenset(must.split()))


# fmt: off
LETTER_KINDS: Mapping[str, LetterKind] = MappingProxyType({kind.code: kind for kind in (
    _kind("originals_summons",     "party demands term",  (*_SUMMONS, "items", "originals_law")),
    _kind("remedy_summons",        "party demands term",  _SUMMONS),
    _kind("withdrawal_summons",    "party demands term",  _SUMMONS),
    _kind("further_summons",       "party demands term",
          (*_SUMMONS, "earlier_day", "thanks_day", "also_day", "vain_day")),
    _kind("permit_return_summons", "items permit_end",
          ("capacity", "term", *_PERMIT, "certificate_number", "permit_to_return", "permit_runs_until", "permit_ended",
           "collect_by", "papers_to_bring")),
    _kind("plates_return_summons", "party term registration_number",
          ("capacity", *_PERMIT, "papers_to_bring", "plates_kept")),
    _kind("tax_office_notice",     "party party_address registration_number permit_end served_day",
          ("papers_to_bring", "authority_address", "permit_number", "earlier_day", "term_end", "vehicle_data")),
    _kind("reminder",              "demands term",        (*_SUMMONS, "earlier_day", "served_day", "term_end")),
    _kind("return_reminder",       "demands term",        (*_SUMMONS, "earlier_day", "served_day", "term_end")),
    _kind("left_unexamined",       "demands served_day term_end",
          ("earlier_day", "reasons", "reminder_day", "reminder_served_day", "things_back")),
    _kind("left_without_address",  "reasons",  needs_receipt=False),
    _kind("transfer_notice",       "other_authority reasons",  ("things_along",)),
    _kind("initiation_notice",     "information"),
    _kind("transfer_letter",       "request enclosed reasons",  ("other_authority", "authority_address")),
    _kind("office_notice",         "vehicle_data previous_number complete_day",
          ("other_authority", "authority_address", "new_number")),
    _kind("appeal_letter",         "appellant decision enclosed reasons",
          ("appeal_day", "appeal_kept", "decision_day", "decision_number")),
    _kind("delay_notice",          "reasons new_day"),
    _kind("suspension_order",      "party party_address matter reasons",  is_order=True),
    _kind("resumption_order",      "party party_address matter reasons",  is_order=True),
    _kind("summons_extension",     "reasons new_day",     ("demands", "earlier_day", "served_day", "term_end")),
    # It announces the permanent certificate where no permit is to be returned; how things go out is not proposed by it.
    _kind("handover_proposal",     "items",
          ("term", "registration_number", "lent_certificate", "papers_to_bring"),  needs_receipt=False),
    _kind("handover_agreement",    "proposed particulars term",  ("brought_first",), needs_receipt=False),
    _kind("handover_settled",      "outcome proposed particulars",  ("brought_first",), needs_receipt=False),
    _kind("handover_reminder",     "items term",  needs_receipt=False),
    _kind("temporary_registration_decision",  "party party_address vehicle_data registration_number permit_end",
          ("permit_number", "items", "papers_to_bring"),  is_decision=True),
    _kind("permit_extension_decision",        "party party_address permit_number permit_end new_end reasons",
          ("registration_number", "vehicle_data"),  is_decision=True),
    _kind("registration_decision",            "party party_address vehicle_data registration_number",
          ("certificate_number", "items"),  is_decision=True),
    _kind("deregistration_decision",          "party party_address vehicle_data ground ground_law",
          ("registration_number", "documents", "certificate_fate", "items"),  is_decision=True),
    _kind("deregistration_ex_officio_decision",  "party party_address vehicle_data ground ground_law information",
          ("registration_number", "documents", "factual_reasons"),  is_decision=True),
    _kind("refusal_decision",                 "party party_address refused refusal_law factual_reasons legal_reasons",
          ("comes_back", "permit_runs_until", "permit_ended"),  is_decision=True),
    _kind("discontinuance_decision",          "party party_address factual_reasons",
          ("discontinuance_law", "discontinuance_rule", "legal_reasons"),  is_decision=True),
    _kind("shipment_letter",       "items",
          ("tracking_number", "occasion", "papers_to_bring"), needs_receipt=False),
    _kind("answer",                "answer",              ("subject",), needs_receipt=False),
)})
# fmt: on
"""Every kind of letter, by its code."""
