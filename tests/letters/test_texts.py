"""Can the office write its own letters, and does the program refuse what would be no letter?"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.correspondence import APPEALABLE as APPEALABLE_KINDS
from app.domain.procedures.editions import EDITIONS
from app.letters.kinds import COMMON, LETTER_KINDS, Shape
from app.letters.render import LetterDataMissing
from app.letters.texts import (
    LONGEST_TEXT,
    Block,
    BlockKind,
    TextRefused,
    compose,
    default_text,
    parse_text,
    sample_fields,
)
from app.models import LONGEST_HEAD
from tests.letters.reading import in_a_line

ALL = [(kind, edition) for kind in LETTER_KINDS for edition in EDITIONS]


def words_of(kind: str, edition: str) -> str:
    composed = compose(parse_text(kind, default_text(kind, edition)), sample_fields(kind))
    pieces = [composed.title, composed.legal_basis]
    for block in composed.blocks:
        pieces += [block.text, *(words for row in block.rows for words in row)]
    return in_a_line(" ".join(pieces))


def blocks(source: str, **fields: object) -> tuple[Block, ...]:
    text = parse_text("answer", f"Tytuł: Odpowiedź\n\n{source}\n\n{{answer}}")
    return compose(text, {"answer": "koniec", **fields}).blocks[:-1]


SUMMONS = (
    "art. 54",
    "Urząd Miasta Częstochowy",
    "ul. Waszyngtona 5, 42-217 Częstochowa",
    "Adresat wezwania: Żaneta Gżegżółka, w charakterze strony – właścicielki pojazdu",
    "KM.5410.128.2026",
    "osobiście lub przez pełnomocnika",
    "w terminie 14 dni od dnia doręczenia pisma",
    "Skutki niezastosowania się do wezwania",
    "Administratorem danych osobowych jest",
    "iod@urzad.test.invalid",
    "RODO",
    "Prezesa Urzędu Ochrony Danych Osobowych",
)
DECISION = (
    "Prezydent Miasta Częstochowy orzeka",
    "Strona: Żaneta Gżegżółka, ul. Łąkowa 7 m. 3, 42-200 Częstochowa",
    "art. 104",
    "art. 107",
    "Rozstrzygnięcie",
    "Uzasadnienie",
    "Pouczenie",
)
GRANTING = (
    "art. 107 § 4",
    "Decyzja jest ostateczna na podstawie art. 127 § 1a k.p.a.",
    "Wojewódzkiego Sądu Administracyjnego w Gliwicach",
    "30 dni",
    "200 zł",
    "prawa pomocy",
)
APPEALABLE = (
    "odwołanie do Samorządowego Kolegium Odwoławczego w Częstochowie",
    "za pośrednictwem Prezydenta Miasta Częstochowy w terminie 14 dni od dnia doręczenia decyzji",
    "zrzec się prawa do wniesienia odwołania",
    "ostateczna i prawomocna",
)
URGING = ("ponaglenie do Samorządowego Kolegium Odwoławczego w Częstochowie", "art. 37")
COURIER = ("przesyłką kurierską, za zwrotnym pokwitowaniem odbioru", "na koszt właściciela pojazdu", "pocztą")

BY_LAW = {
    "originals_summons": (*SUMMONS, *COURIER, "pozostawiony bez rozpoznania", "dowód rejestracyjny", "do odbioru będą"),
    "remedy_summons": (*SUMMONS, "art. 64 § 2", "pozostawienie wniosku bez rozpoznania", "skrzynkę"),
    "further_summons": (*SUMMONS, *COURIER, "pozostawienie wniosku bez rozpoznania", "10 lutego 2026 r."),
    "permit_return_summons": ("stałego dowodu rejestracyjnego", "1 kwietnia 2026 r.", "na koszt właściciela"),
    "plates_return_summons": (*SUMMONS, *COURIER, "SC 12345", "Tablic nie trzeba zwracać, jeżeli", "art. 74 ust. 5"),
    "reminder": ("przypominamy o wezwaniu z dnia 10 lutego 2026 r.", "pozostawiony bez rozpoznania"),
    "return_reminder": ("przypominamy o wezwaniu z dnia 10 lutego 2026 r.", "o których w nim mowa"),
    "left_unexamined": ("art. 64 § 2", "26 lutego 2026 r.", "nie jest decyzją", *URGING),
    "left_without_address": ("art. 64 § 1", "nie wskazano adresu", "nie jest decyzją", *URGING),
    "transfer_notice": ("art. 65 § 1", "Starosta Kłobucki", "Uzasadnienie", "art. 65 § 2", "Administratorem danych"),
    "initiation_notice": ("art. 61 § 1 i § 4", "z urzędu wszczęto", "informacji o demontażu", "art. 10 § 1", "RODO"),
    "suspension_order": ("art. 101 § 1", "Zawiesza się postępowanie", "zażalenie", "w terminie 7 dni"),
    "resumption_order": ("art. 101 § 1", "Podejmuje się zawieszone postępowanie", "zażalenie nie przysługuje"),
    "transfer_letter": (
        "art. 65 § 1",
        "Przekazuję według właściwości",
        "UPP/17/2026",
        "na nośniku",
        "zawiadomiono stronę",
    ),
    "office_notice": ("nr 10", "2 marca 2026 r.", "SKL 12345", "SC 12345", "5 dni roboczych", "TMBJJ7NE8L0123456"),
    "tax_office_notice": (
        "1 § 1 ust. 8",
        "nie został dopełniony",
        "dowód odprawy celnej przywozowej",
        "SC 12345",
        "doręczono 12 lutego 2026 r.",
        "Tablic nie zwrócono",
    ),
    "appeal_letter": ("art. 133", "Wniesiono je w terminie.", "Stanowisko organu", "wraz z aktami sprawy"),
    "delay_notice": ("art. 36", "Przyczyny zwłoki", "4 maja 2026 r.", *URGING),
    "summons_extension": ("art. 64 § 2", "Wezwanie proszę wykonać do 4 maja 2026", "bez rozpoznania", "RODO"),
    "handover_proposal": ("osobiście", "pocztą, za potwierdzeniem odbioru, na koszt właściciela", "ul. Łąkowa 7"),
    "withdrawal_summons": (*SUMMONS, "nie zastępuje podpisu", "cofnięcie wniosku pozostanie bez rozpoznania"),
    "handover_agreement": ("odbiór osobisty", "przesyłka pocztowa", "Prosimy o odpowiedź w terminie", "ul. Łąkowa 7"),
    "handover_settled": ("zawiadamiamy: urząd przyjął", "odbiór osobisty", "na adres: ul. Łąkowa 7"),
    "handover_reminder": ("nie otrzymał odpowiedzi", "Prosimy o odpowiedź w terminie", "osobiście", "pocztą"),
    "temporary_registration_decision": (
        *DECISION,
        *GRANTING,
        "art. 74 ust. 1 i ust. 2 pkt 1",
        "SC 12345",
        "do 1 kwietnia 2026 r.",
        "TMBJJ7NE8L0123456",
    ),
    "permit_extension_decision": (
        *DECISION,
        *APPEALABLE,
        "art. 74 ust. 3",
        "pozwolenia czasowego AB 1234567, wydanego na czas do 1 kwietnia 2026 r.",
        "o 14 dni, do 15 kwietnia 2026 r.",
        "TMBJJ7NE8L0123456",
        "tylko raz, o 14 dni",
        "art. 130 § 4",
    ),
    "registration_decision": (*DECISION, *GRANTING, "art. 73 ust. 1", "SC 12345", "Wydaje się lub zwraca"),
    "deregistration_decision": (
        *DECISION,
        *GRANTING,
        "art. 79 ust. 1 pkt 3",
        "zbycie pojazdu",
        "te, które przekazano urzędowi",
    ),
    "deregistration_ex_officio_decision": (
        *DECISION,
        *APPEALABLE,
        "art. 79 ust. 1 pkt 3",
        "W postępowaniu wszczętym z urzędu",
        "informacji o demontażu",
    ),
    "refusal_decision": (*DECISION, *APPEALABLE, "Odmawia się rejestracji pojazdu", "Uzasadnienie prawne"),
    "discontinuance_decision": (*DECISION, *APPEALABLE, "art. 105 § 2", "Umarza się postępowanie"),
    "shipment_letter": ("przesyłamy", "51200062", "pozwolenie czasowe"),
    "answer": ("Odpowiedź na pytanie o opłaty", "66,50 zł"),
}


@pytest.mark.parametrize("kind", LETTER_KINDS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_letter_says_what_the_law_asks_of_it(kind, edition):
    words = words_of(kind, edition)

    assert [phrase for phrase in BY_LAW[kind] if phrase not in words] == []
    assert "r.." not in words
    assert "{" not in words


def test_a_decision_that_grants_everything_has_no_appeal_and_one_that_does_not_is_not_final():
    for kind in ("temporary_registration_decision", "registration_decision", "deregistration_decision"):
        assert "w terminie 14 dni" not in words_of(kind, "2022")
    for kind in APPEALABLE_KINDS:
        assert "127 § 1a" not in words_of(kind, "2022")


@pytest.mark.parametrize("kind", [one.code for one in LETTER_KINDS.values() if one.is_decision or one.is_order])
def test_what_decides_names_several_parties_as_several(kind):
    assert "{parties_label}: {party}, {party_address}." in default_text(kind, "sekap")


def test_the_permit_comes_back_and_the_policy_is_shown_only_in_the_older_edition():
    older, newer = (words_of("permit_return_summons", edition) for edition in ("sekap", "2022"))

    assert all(phrase in older for phrase in SUMMONS)
    assert "zwrot pozwolenia czasowego" in older
    assert "przedstawienie polisy" in older
    assert "wzywa" not in newer
    assert "Pozwolenia czasowego nie trzeba zwracać" in newer


def test_cards_and_stickers_are_named_only_in_the_older_edition():
    for kind in LETTER_KINDS:
        assert "kartę pojazdu" not in words_of(kind, "2022")
        assert "nalepk" not in words_of(kind, "2022")
    assert "kartę pojazdu" in words_of("permit_return_summons", "sekap")


@pytest.mark.parametrize(("kind", "edition"), ALL)
def test_no_title_and_no_legal_basis_is_longer_than_a_letter_holds(kind, edition):
    composed = compose(parse_text(kind, default_text(kind, edition)), sample_fields(kind))

    assert max(len(composed.title), len(composed.legal_basis)) <= LONGEST_HEAD


def test_decisions_and_letters_from_which_a_term_runs_need_a_receipt():
    for kind in LETTER_KINDS.values():
        assert kind.needs_receipt or not kind.is_decision
        assert kind.needs_receipt or not kind.code.endswith("_summons")
    assert sum(kind.is_decision for kind in LETTER_KINDS.values()) == 7


def test_each_field_has_an_explanation_and_each_must_field_exists():
    for kind in LETTER_KINDS.values():
        assert set(COMMON) <= set(kind.fields)
        assert kind.must <= set(kind.fields)
        assert all(field.explanation and field.sample for field in kind.fields.values())


@pytest.mark.parametrize(("kind", "edition"), ALL)
def test_each_must_field_of_a_text_that_is_struck_out_is_named(kind, edition):
    source = default_text(kind, edition)
    for name in LETTER_KINDS[kind].must:
        with pytest.raises(TextRefused) as refusal:
            parse_text(kind, source.replace(f"{{{name}}}", "x"))

        assert (refusal.value.code, refusal.value.details["field"]) == ("text-field-missing", name)


@pytest.mark.parametrize("field", ["served_day", "term_end"])
def test_an_edited_notice_that_leaves_a_case_unexamined_says_that_the_term_was_served_and_has_passed(field):
    source = default_text("left_unexamined", "sekap").replace(f"{{{field}}}", "dawno temu")

    with pytest.raises(TextRefused) as refusal:
        parse_text("left_unexamined", source)

    assert refusal.value.details["field"] == field


@pytest.mark.parametrize(
    ("source", "code", "details"),
    [
        ("Tytuł: a\n\n{answer}\n{nothing}", "text-field-unknown", {"field": "nothing", "line": 4}),
        ("Tytuł: a\n\n{answer}\n{ case_sign }", "text-field-unknown", {"field": " case_sign ", "line": 4}),
        ("Tytuł: {demands}\n\n{answer}", "text-field-unknown", {"field": "demands", "line": 1}),
        ("Tytuł: a\n\nOto: {answer}", "text-field-not-alone", {"field": "answer", "line": 3}),
        ("Tytuł: {answer}\n\nb", "text-field-not-alone", {"field": "answer", "line": 1}),
        ("Tytuł: a\n\n{answer}\nb } c", "text-brace", {"line": 4}),
        ("Tytuł: a\n\n{answer}\n{{case_sign}}", "text-brace", {"line": 4}),
        ("Podstawa: a\n\n{answer}", "text-no-title", {}),
        ("Tytuł:\n\n{answer}", "text-no-title", {}),
        ("", "text-no-title", {}),
        ("Tytuł: a\nTresc: b\n\n{answer}", "text-header-unknown", {"name": "Tresc", "line": 2}),
        ("Szanowni Państwo,\n\n{answer}", "text-header-unknown", {"name": "Szanowni Państwo,", "line": 1}),
        ("Tytuł: a\n\nb", "text-field-missing", {"field": "answer"}),
        ("Tytuł: a\n\n{answer}" + "b" * LONGEST_TEXT, "text-too-long", {"longest": LONGEST_TEXT}),
    ],
)
def test_a_text_that_makes_no_letter_is_refused_with_the_place(source, code, details):
    with pytest.raises(TextRefused) as refusal:
        parse_text("answer", source)

    assert refusal.value.code == code
    assert dict(refusal.value.details) == details


def test_a_text_without_a_body_is_refused():
    with pytest.raises(TextRefused) as refusal:
        parse_text("plates_return_summons", "Tytuł: {party} {term} {registration_number}\n\n")

    assert refusal.value.code == "text-empty"


@given(st.text(alphabet=st.sampled_from("{}#-1. \n\t@aż:\\answer_\x0b\u2028"), max_size=60))
def test_whatever_is_typed_is_a_letter_or_is_refused(typed):
    try:
        text = parse_text("answer", f"Tytuł: a\n\n{{answer}}\n{typed}")
    except TextRefused:
        return

    assert compose(text, sample_fields("answer")).blocks


def test_an_unknown_kind_is_refused():
    with pytest.raises(TextRefused):
        parse_text("nothing", "Tytuł: a\n\nb")
    with pytest.raises(LookupError):
        default_text("../kinds", "sekap")


def test_the_markup_is_read_into_blocks():
    source = "## Głowa\nJeden\ndwa.\n\nTrzy.\n- a\n- b\n  dalej\n1. c\n2. d\nPo {case_sign}."

    assert blocks(source, case_sign="KM.1") == (
        Block(BlockKind.HEADING, "Głowa"),
        Block(BlockKind.PARAGRAPH, "Jeden dwa."),
        Block(BlockKind.PARAGRAPH, "Trzy."),
        Block(BlockKind.BULLETS, rows=(("a", ""), ("b dalej", ""))),
        Block(BlockKind.NUMBERS, rows=(("c", ""), ("d Po KM.1.", ""))),
    )


def test_a_text_from_another_system_reads_the_same():
    source = default_text("reminder", "sekap")

    assert parse_text("reminder", "\ufeff" + source.replace("\n", "\r\n")) == parse_text("reminder", source)


def test_a_list_a_table_and_free_words_fill_their_places():
    text = parse_text("temporary_registration_decision", default_text("temporary_registration_decision", "2022"))
    fields = sample_fields(text.kind.code) | {"items": ["pozwolenie", ("tablice", "2 sztuki")]}

    composed = compose(text, fields)

    assert Block(BlockKind.NUMBERS, rows=(("pozwolenie", ""), ("tablice", "2 sztuki"))) in composed.blocks
    assert any(block.kind is BlockKind.FACTS and len(block.rows) == 4 for block in composed.blocks)
    answer = compose(parse_text("answer", "Tytuł: a\n\n{answer}"), {"answer": "Raz\ndwa.\r\n\r\n\n## trzy {x}"})
    assert [block.text for block in answer.blocks] == ["Raz\ndwa.", "## trzy {x}"]


@pytest.mark.parametrize(("kind", "edition"), ALL)
def test_a_field_that_the_text_uses_and_the_data_lacks_is_named(kind, edition):
    text = parse_text(kind, default_text(kind, edition))
    whole = sample_fields(kind)
    for name in LETTER_KINDS[kind].must:
        for nothing in (None, "", "  ", ()):
            with pytest.raises(LetterDataMissing) as complaint:
                compose(text, {**whole, name: nothing})
            assert complaint.value.field == name


@pytest.mark.parametrize("nothing", [{}, {"permit_to_return": ""}])
def test_a_point_that_speaks_of_what_is_not_there_is_left_out(nothing):
    points = (
        "- oddać {permit_to_return};\n- okazać polisę.\n\nOddane {permit_to_return} zostaje.\n\n- {permit_to_return}"
    )
    text = parse_text("permit_return_summons", f"Tytuł: a\n\n{points}\n\n{{items}}\n\n{{permit_end}}")
    fields = sample_fields("permit_return_summons")
    del fields["permit_to_return"]

    found = compose(text, fields | nothing).blocks
    whole = compose(text, fields | {"permit_to_return": "PC 1"}).blocks

    assert [block.rows for block in found if block.kind is BlockKind.BULLETS] == [(("okazać polisę.", ""),)]
    assert (len(found), len(whole)) == (3, 5)


@pytest.mark.parametrize(
    ("field", "value"),
    [("permit_end", "1 kwietnia"), ("party", dt.date(2026, 3, 2)), ("items", "tablice"), ("party", ("a", "b"))],
)
def test_a_value_of_another_shape_is_a_fault(field, value):
    text = parse_text("temporary_registration_decision", default_text("temporary_registration_decision", "2022"))

    with pytest.raises(TypeError, match=field):
        compose(text, sample_fields(text.kind.code) | {field: value})


def test_fields_of_several_rows_have_rows_in_their_samples():
    for kind in LETTER_KINDS:
        for name, value in sample_fields(kind).items():
            rows = LETTER_KINDS[kind].fields[name].shape in {Shape.LIST, Shape.FACTS}
            assert isinstance(value, tuple) is rows
