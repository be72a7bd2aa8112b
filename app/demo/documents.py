"""What the scans of the demonstration office look like: pages of text drawn on paper, marked as specimens."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from app.demo.invented import InventedVehicle

_FONTS = Path(__file__).resolve().parents[1] / "letters" / "fonts"
_PAPER, _INK, _STAMP = "#fbfaf5", "#23262b", "#a33b32"
_SIZE = (1000, 1414)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / name), size)


def scan(title: str, lines: list[str]) -> bytes:
    """Return a page with `title` and `lines` as a JPEG, as a scanner makes one."""
    page = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(page)
    draw.rectangle((40, 40, _SIZE[0] - 40, _SIZE[1] - 40), outline="#d9d5c9", width=2)
    draw.text((90, 110), title, font=_font("IBMPlexSerif-SemiBold.ttf", 40), fill=_INK)
    for number, line in enumerate(lines):
        draw.text((90, 220 + number * 46), line, font=_font("IBMPlexSerif-Regular.ttf", 26), fill=_INK)
    draw.text((90, _SIZE[1] - 120), "WZÓR – dane testowe", font=_font("IBMPlexSans-SemiBold.ttf", 30), fill=_STAMP)
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=72)
    return stream.getvalue()


def registration_documents(owner: str, vehicle: InventedVehicle) -> dict[str, tuple[str, bytes]]:
    """Return name -> (kind, bytes) of what comes with an application for registration."""
    name = f"{vehicle.make} {vehicle.model}, {vehicle.year}"
    return {
        "01-umowa-sprzedazy.jpg": ("OWNERSHIP", scan("Umowa sprzedaży pojazdu", [
            "Zawarta w Częstochowie", "Sprzedający: Jerzy Przykładowy", f"Kupujący: {owner}", f"Pojazd: {name}",
            f"VIN: {vehicle.vin}", f"Nr rejestracyjny: {vehicle.plate}", "Cena: 31 500,00 zł",
        ])),
        "02-dowod-rejestracyjny.jpg": ("REG_CERT", scan("Dowód rejestracyjny", [
            f"A    {vehicle.plate}", f"D.1  {vehicle.make}", f"D.3  {vehicle.model}", f"E    {vehicle.vin}",
            "P.1  1498", "S.1  5",
        ])),
        "03-tablice.jpg": ("PLATES", scan("Fotografia tablic rejestracyjnych", [vehicle.plate, vehicle.plate])),
        "04-potwierdzenie-oplaty.jpg": ("FEE_PROOF", scan("Potwierdzenie przelewu", [
            "Odbiorca: Urząd Miasta Częstochowy", "Tytuł: opłata komunikacyjna", "Kwota: 160,00 zł",
        ])),
        "05-badanie-techniczne.jpg": ("INSPECTION", scan("Zaświadczenie o badaniu technicznym", [
            f"VIN: {vehicle.vin}", "Wynik: pozytywny",
        ])),
    }  # fmt: skip


def deregistration_documents(owner: str, vehicle: InventedVehicle) -> dict[str, tuple[str, bytes]]:
    """Return name -> (kind, bytes) of what comes with an application for deregistration after dismantling."""
    return {
        "01-zaswiadczenie-o-demontazu.jpg": ("DISMANTLING_CERTIFICATE", scan("Zaświadczenie o demontażu pojazdu", [
            f"Właściciel: {owner}", f"Pojazd: {vehicle.make} {vehicle.model}", f"VIN: {vehicle.vin}",
        ])),
        "02-dowod-rejestracyjny.jpg": ("REG_CERT", scan("Dowód rejestracyjny", [
            f"A    {vehicle.plate}", f"D.1  {vehicle.make}", f"E    {vehicle.vin}",
        ])),
        "03-tablice.jpg": ("PLATES", scan("Fotografia tablic rejestracyjnych", [vehicle.plate])),
    }  # fmt: skip
