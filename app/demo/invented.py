"""Who and what do invented cases speak of? Persons, entities and vehicles that exist nowhere.

All of it is test data. Every PESEL is right by its check digit and that of somebody born before 1900: no living person
has such a number. Addresses are on no street map, e-mails in the domain `example.invalid`.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from itertools import starmap

from stdnum.pl import pesel as pesels
from stdnum.pl import regon as regons

from app.domain.vehicles import vin_check_digit

_WOMEN = (
    "Agnieszka", "Aleksandra", "Barbara", "Bożena", "Elżbieta", "Ewa", "Grażyna", "Halina", "Jadwiga", "Joanna",
    "Katarzyna", "Łucja", "Małgorzata", "Monika", "Róża", "Świętosława", "Teresa", "Urszula", "Zofia", "Żaneta",
)  # fmt: skip
_MEN = (
    "Adam", "Andrzej", "Bogusław", "Czesław", "Dariusz", "Grzegorz", "Jan", "Józef", "Krzysztof", "Łukasz", "Marek",
    "Michał", "Paweł", "Piotr", "Ryszard", "Sławomir", "Stanisław", "Tomasz", "Wojciech", "Zbigniew",
)  # fmt: skip
# Adjectives change with the sex of their bearer; the others do not.
_ADJECTIVES = (
    "Bielsk", "Brzozowsk", "Dąbrowsk", "Gęstwińsk", "Jankowsk", "Kamińsk", "Kozłowsk", "Lewandowsk", "Łączyńsk",
    "Malinowsk", "Olszewsk", "Piotrowsk", "Sikorsk", "Szymańsk", "Ścibiorsk", "Wiśniewsk", "Zawadzk", "Zielińsk",
    "Źrebińsk", "Żółkiewsk",
)  # fmt: skip
_NOUNS = (
    "Adamczyk", "Bąk", "Ciesielczyk", "Dudek", "Gąsior", "Kowalczyk", "Król", "Krawczyk", "Łoś", "Mazur", "Nowak",
    "Pająk", "Sęk", "Śledź", "Wąs", "Wójcik", "Woźniak", "Wróbel", "Zając", "Żuk",
)  # fmt: skip
_TRADES = ("Auto-Handel", "Transport", "Usługi Budowlane", "Hurtownia", "Gospodarstwo Rolne", "Piekarnia", "Meble")
_STREETS = ("Testowa", "Przykładowa", "Zmyślona", "Próbna", "Nieistniejąca")

# Make, model, kind, first characters of the VIN: world maker identifier and descriptor.
_MODELS = (
    ("Škoda", "Octavia", "samochód osobowy", "TMBJJ7NE"),
    ("Škoda", "Fabia", "samochód osobowy", "TMBEA6NJ"),
    ("Volkswagen", "Golf", "samochód osobowy", "WVWZZZAU"),
    ("Toyota", "Yaris", "samochód osobowy", "VNKKJ3D3"),
    ("Toyota", "Corolla", "samochód osobowy", "SB1K93BE"),
    ("Opel", "Astra", "samochód osobowy", "W0LPD6EX"),
    ("Ford", "Focus", "samochód osobowy", "WF05XXGC"),
    ("Fiat", "Tipo", "samochód osobowy", "ZFA35600"),
    ("Renault", "Master", "samochód ciężarowy", "VF1MA000"),
    ("Honda", "CB 500", "motocykl", "ZDCPC440"),
    ("Ursus", "C-382", "ciągnik rolniczy", "SUC38200"),
    ("Romet", "Ogar 125", "motocykl", "SWVR125K"),
)
_YEARS = "GHJKLMNPR"  # the tenth character of a VIN: 2016 to 2024
_COUNTY = ("SC",) * 8 + ("SCZ", "SKL", "SMY")
OTHER_OFFICES = {
    "SCZ": "Starosta Częstochowski\nul. Sobieskiego 9\n42-217 Częstochowa",
    "SKL": "Starosta Kłobucki\nRynek 13\n42-100 Kłobuck",
    "SMY": "Starosta Myszkowski\nul. Pułaskiego 6\n42-300 Myszków",
}
"""The other offices whose vehicles come, by the letters of their numbers."""
_LETTERS = "ACEFGHJKLMNPRSTUVWXY"  # those that plates have in their last places


@dataclass(frozen=True, slots=True)
class InventedParty:
    """Somebody who applies: a person with a PESEL, or an entity with a REGON."""

    name: str
    pesel: str
    regon: str
    street: str
    building: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class InventedVehicle:
    """A vehicle with a number that no maker gave."""

    make: str
    model: str
    kind: str
    year: int
    vin: str
    plate: str


def dice(words: str) -> random.Random:
    """Return a source of chance that `words` determine."""
    return random.Random(words)  # noqa: S311  invented data is no secret


def parties(count: int, rng: random.Random) -> tuple[InventedParty, ...]:
    """Return `count` parties, one in twelve an entity."""
    return tuple(starmap(_party, ((number, rng) for number in range(count))))


def _party(number: int, rng: random.Random) -> InventedParty:
    woman = rng.random() < 0.5
    name = f"{rng.choice(_WOMEN if woman else _MEN)} {_surname(rng, woman=woman)}"
    entity = number % 12 == 11
    if entity:
        name = f"{rng.choice(_TRADES)} {_surname(rng, woman=woman)} {rng.choice(('sp. z o.o.', 'sp.j.'))}"
    return InventedParty(
        name=name,
        pesel="" if entity else _pesel(rng, woman=woman),
        regon=_regon(rng) if entity else "",
        street=f"ul. {rng.choice(_STREETS)}",
        building=str(rng.randint(1, 180)),
        email=f"test-{number}@example.invalid",
        phone=f"000 {rng.randint(100, 999)} {rng.randint(100, 999)}",
    )


def _surname(rng: random.Random, *, woman: bool) -> str:
    name = f"{rng.choice(_ADJECTIVES)}{'a' if woman else 'i'}" if rng.random() < 0.6 else rng.choice(_NOUNS)
    if rng.random() < 0.08:
        name += f"-{rng.choice(_NOUNS)}"
    return name


def _pesel(rng: random.Random, *, woman: bool) -> str:
    born = dt.date(1880, 1, 1) + dt.timedelta(days=rng.randrange(20 * 365))
    # The month says the century: 80 is added for the years 1800 to 1899.
    digits = f"{born.year % 100:02}{born.month + 80}{born.day:02}{rng.randrange(1000):03}"
    digits += str(rng.randrange(5) * 2 + (0 if woman else 1))
    return digits + str(pesels.calc_check_digit(digits))


def _regon(rng: random.Random) -> str:
    digits = f"{rng.randrange(10**8):08}"
    return digits + str(regons.calc_check_digit(digits))


def vehicle(number: int, rng: random.Random) -> InventedVehicle:
    """Return a vehicle; `number` makes its VIN unlike any other's."""
    make, model, kind, beginning = _MODELS[rng.randrange(len(_MODELS))]
    year = rng.randrange(len(_YEARS))
    vin = f"{beginning}0{_YEARS[year]}T{number % 1_000_000:06}"
    if beginning[:3] == "WF0":  # makers who use the check digit get the right one
        vin = f"{vin[:8]}{vin_check_digit(vin)}{vin[9:]}"
    county = _COUNTY[rng.randrange(len(_COUNTY))]
    # Counties give their plates in a row: vehicles that come together have numbers that stand together.
    return InventedVehicle(
        make, model, kind, 2016 + year, vin, f"{county} {_plate(county, number + rng.randrange(999))}"
    )


def stock_number(number: int) -> str:
    """Return a registration number that the office has given: those of another layout than its stock begins with."""
    return f"SC{_plate('SC', 300_000 + number)}"


def _plate(county: str, number: int) -> str:
    """Return the plate that `county` gave as the one of that `number`: figures first, then ever more letters."""
    figures, letters = (2, 2) if len(county) == 3 else (5, 0)
    while letters < 2 and number >= (10**figures - 1) * len(_LETTERS) ** letters:
        number -= (10**figures - 1) * len(_LETTERS) ** letters
        figures, letters = figures - 1, letters + 1
    rest, low = divmod(number, 10**figures - 1)
    written = ""
    for _ in range(letters):
        rest, place = divmod(rest, len(_LETTERS))
        written = _LETTERS[place] + written
    return f"{low + 1:0{figures}}{written}"
