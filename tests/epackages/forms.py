"""Form documents as tests need them; people and numbers are invented (test data)."""

from __future__ import annotations

import datetime as dt

from app.epackages.application import (
    Acquisition,
    Address,
    Answer,
    AnswerKind,
    Application,
    Attachment,
    Authority,
    Contact,
    Declarations,
    FormVehicle,
    HandoverWish,
    Origin,
    OriginalsNotice,
    Party,
    PartyKind,
    PlateWishes,
    Request,
    RequestKind,
    Statement,
    Way,
)

DAY = dt.date(2026, 11, 2)
HOME = Address("Aleja Testowa", "1", "2", "42-200", "Częstochowa", "Polska")
OWNER = Party(PartyKind.PERSON, "Jan Przykładowy", pesel="44051401359", address=HOME)  # test data
DIGEST = "0123456789abcdef" * 4

FULL = Application(
    filed_on=DAY,
    place="Częstochowa",
    authority=Authority("Prezydent Miasta Częstochowy", "Częstochowa"),
    owner=OWNER,
    co_owners=(
        Party(PartyKind.PERSON, "Anna Testowa", pesel="02070803628", address=HOME),  # test data
        Party(PartyKind.ENTITY, "Transport Testowy sp. z o.o.", regon="123456785"),  # test data
    ),
    holder=Party(PartyKind.ENTITY, "Leasing & Spółka <Test>", regon="123456785"),  # test data
    proxy=Party(PartyKind.PERSON, "Ewa Pełnomocna", birth_date=dt.date(1980, 2, 29)),
    contact=Contact("jan@przyklad.test", "+48 600 000 000", "AE:PL-00000-00000-TESTA-00", HOME),
    request=Request(RequestKind.REGISTRATION, "", "", DAY),
    vehicle=FormVehicle(
        "samochód osobowy",
        "—",
        "Syrena",
        "105",
        "Lux",
        1978,
        "SYR105TEST0000001",
        "SC 12345",
        DAY,
        DAY,
        Acquisition.GIFT,
        Origin.USED_EU,
        "brak",
    ),
    plates=PlateWishes("JANEK", reduced=True, reduced_space_declared=True, keep_number=False),
    handover=HandoverWish(Way.POST, HOME, cost_accepted=True),
    originals=OriginalsNotice(Way.COURIER, "Kurier", "TEST0001", DAY),
    declarations=Declarations(
        accuracy=True,
        statements=(Statement("LOST_PLATES", "Tablice zgubiłem.\nW lesie.", under_liability=True),),
    ),
    attachments=(
        Attachment("01-dowód własności.pdf", "OWNERSHIP", DIGEST, "umowa"),
        Attachment("02-opłata.pdf", "FEE_PROOF", DIGEST),
    ),
    remarks="Proszę o pośpiech.\n\nDziękuję & pozdrawiam.",
)

SHORT = Application(
    filed_on=DAY,
    place="Częstochowa",
    owner=OWNER,
    request=Request(RequestKind.DEREGISTRATION, ground="KRADZIEZ"),
    vehicle=FormVehicle(plate="SC12345"),
    declarations=Declarations(accuracy=True),
)

LETTER = Application(
    filed_on=DAY,
    sender=OWNER,
    answers=Answer("KM.5410.17.2026", AnswerKind.SUPPLEMENT, "wezwanie 1"),
    attachments=(Attachment("01-polisa.pdf", "OC_POLICY", DIGEST),),
    remarks="W załączeniu brakujący dokument.",
)
