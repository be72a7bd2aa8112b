"""The information card of the vehicle of a case, from its rows: the vehicle, its new marks, the people."""

from __future__ import annotations

from app.equipment import Equipment
from app.letters.information_card import CardSection, InformationCard
from app.models import Case, Party, PartyRole
from app.usecases.addressees import address_lines, parties_of
from app.usecases.letter_head import letter_head
from app.usecases.open_case import PESEL_CONTEXT

_ROLES = {
    PartyRole.OWNER: "Właściciel",
    PartyRole.CO_OWNER: "Współwłaściciel",
    PartyRole.PROXY: "Pełnomocnik",
}


def has_information_card(case: Case) -> bool:
    """Whether enough is known of `case` for a card: its vehicle, and whose it is."""
    return case.vehicle is not None and bool(case.parties)


def information_card(case: Case, *, equipment: Equipment) -> InformationCard:
    """Return the card for check and signature; PESELs stand in full, for their holder is to check them.

    Raises:
        ValueError: `has_information_card` says no.
    """
    if not has_information_card(case):
        raise ValueError("the vehicle or its owner is not known")
    people = [CardSection(_ROLES[party.role], _person(party, equipment)) for party in case.parties]
    owners = tuple(party.name for party in parties_of(case))
    return InformationCard(letter_head(equipment), case.sign, owners, (*_vehicle(case), *people))


def _vehicle(case: Case) -> tuple[CardSection, CardSection]:
    vehicle, permit, order = case.vehicle, case.permit, case.certificate_order
    assert vehicle is not None  # noqa: S101 - `has_information_card` was asked
    new = case.plate_numbers[-1].number if case.plate_numbers else ""
    year = str(vehicle.production_year) if vehicle.production_year else ""
    described = (
        ("Rodzaj pojazdu", vehicle.kind or ""),
        ("Przeznaczenie", vehicle.purpose or ""),
        ("Marka", vehicle.make or ""),
        ("Typ", vehicle.type or ""),
        ("Model", vehicle.model or ""),
        ("Rok produkcji", year),
        ("Numer VIN (nadwozia, podwozia, ramy)", vehicle.vin or ""),
        ("Dotychczasowy numer rejestracyjny", vehicle.plate or ""),
    )
    until = f" (ważne do {permit.valid_until:%d.%m.%Y})" if permit and permit.valid_until else ""
    made = (
        ("Nowy numer rejestracyjny", new if new != vehicle.plate else ""),
        ("Pozwolenie czasowe", f"{permit.number}{until}" if permit else ""),
        ("Dowód rejestracyjny", (order.number or "") if order else ""),
    )
    return CardSection("Pojazd", described), CardSection("Oznaczenia i dokumenty", tuple(r for r in made if r[1]))


def _person(party: Party, equipment: Equipment) -> tuple[tuple[str, str], ...]:
    pesel = equipment.ring.open(party.pesel_sealed, context=PESEL_CONTEXT) if party.pesel_sealed else ""
    identified = ("REGON", party.regon) if party.regon and not pesel else ("PESEL", pesel)
    return (
        ("Imię i nazwisko lub nazwa", party.name),
        identified,
        ("Adres", ", ".join(address_lines(party))),
        ("Adres e-mail", party.email or ""),
        ("Telefon", party.phone or ""),
    )
