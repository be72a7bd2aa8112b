"""Who works and who writes in the demonstration office: invented; every PESEL is test data with a valid checksum."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from stdnum.pl import pesel as pesels

from app.roles import Role

# fmt: off
_WORDS = (
    "agrest", "arbuz", "bagaz", "balkon", "bocian", "brzoza", "chmura", "cytryna", "dach", "deska", "drabina",
    "dzwonek", "fasola", "fiolet", "gitara", "gniazdo", "granit", "hamak", "iskra", "jagoda", "jesion", "kajak",
    "kalosz", "kamyk", "kasztan", "kierat", "klamka", "klon", "kogut", "kompas", "koral", "korek", "krokus",
    "latarnia", "lawenda", "leszcz", "lipa", "magnes", "malina", "marchew", "miedza", "migdal", "morela", "mostek",
    "motyl", "namiot", "obrus", "okruch", "olcha", "orzech", "osika", "paproc", "parasol", "piasek", "pieprz",
    "piernik", "plecak", "podkowa", "poziomka", "rower", "rumianek", "rynna", "sad", "sikora", "skarpa", "sosna",
    "sroka", "stodola", "studnia", "szron", "szyszka", "talerz", "topola", "trawa", "tunel", "wagon", "walizka",
    "wazon", "wiatrak", "wiklina", "wiosna", "wydma", "zagroda", "zamek", "zapalka", "zegar", "zielnik",
)
# fmt: on


def new_password() -> str:
    """Return a password that can be read out: four words, a capital and a number."""
    words = [secrets.choice(_WORDS) for _ in range(4)]
    return "-".join([words[0].capitalize(), *words[1:]]) + f"-{secrets.randbelow(90) + 10}"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in the office."""

    login: str
    first_name: str
    last_name: str
    role: Role
    position: str


COLLEAGUES = (
    Colleague("referent", "Marta", "Zielińska", Role.CLERK, "inspektor"),
    Colleague("referent2", "Piotr", "Wrona", Role.CLERK, "starszy referent"),
    Colleague("kancelaria", "Katarzyna", "Lis", Role.FRONT_DESK, "młodszy referent"),
    Colleague("inspektor", "Ewa", "Mazur", Role.INSPECTOR, "inspektor ds. rejestracji"),
    Colleague("kierownik", "Tomasz", "Sikora", Role.SUPERVISOR, "kierownik referatu"),
    Colleague("administrator", "Adam", "Górski", Role.ADMINISTRATOR, "informatyk"),
    Colleague("audytor", "Beata", "Krawczyk", Role.AUDITOR, "inspektor ochrony danych"),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a mailbox and a certificate of the demonstration centre."""

    login: str
    given_name: str
    surname: str
    pesel: str
    email: str
    street: str
    building: str
    entity: str = ""
    regon: str = ""

    @property
    def name(self) -> str:
        """The name that the mailbox bears."""
        return self.entity or f"{self.given_name} {self.surname}"


def pesel_of(born: dt.date, number: int) -> str:
    """Return a PESEL with a valid checksum for somebody `born` that day; `number` (0–9999) tells people apart."""
    month = born.month + (20 if born.year >= 2000 else 0)
    digits = f"{born.year % 100:02}{month:02}{born.day:02}{number:04}"
    return f"{digits}{pesels.calc_check_digit(digits)}"


HOLDERS = (
    Holder("jan.kowalski", "Jan", "Kowalski", pesel_of(dt.date(1984, 5, 12), 387), "jan.kowalski@example.com",
           "ul. Lipowa", "14"),
    Holder("anna.nowak", "Anna", "Nowak", pesel_of(dt.date(1991, 11, 3), 442), "anna.nowak@example.com",
           "al. Najświętszej Maryi Panny", "22"),
    Holder("firma.transport", "Grzegorz", "Kot", pesel_of(dt.date(1976, 2, 28), 519), "biuro@example.com",
           "ul. Magazynowa", "3", entity="Transport Jurajski sp. z o.o.", regon="243111100"),
)  # fmt: skip

OWNERS = (
    "Łucja Ślusarczyk", "Tomasz Kamiński", "Agnieszka Wójcik", "Michał Żurek", "Zofia Żak", "Natalia Bąk",
    "Krzysztof Śliwa", "Bogdan Ostrowski", "Ewelina Ćwik", "Roman Gołąb", "Iwona Łuczak", "Jakub Dąbrowski",
    "Małgorzata Wróbel", "Paweł Jaworski", "Halina Piątek", "Stanisław Głowacki", "Dorota Sobczak", "Marek Czech",
    "Joanna Rybak", "Wojciech Wilk",
)  # fmt: skip
"""People whose packages come by another platform."""
