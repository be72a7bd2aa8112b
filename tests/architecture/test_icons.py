"""Every icon that a page asks for is in the sprite, and the sprite holds what the build can find."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = r"""["']([a-z0-9-]+)["']"""
KIND = r"""["'](?:ok|warn|late|info|)["']"""
IN_CALLS = re.compile(rf"""\bicon\(\s*{NAME}|icon_name=\s*{NAME}|\bchip\([^\n]*?,\s*{KIND},\s*{NAME}""")
IN_TABLES = re.compile(rf"""\({KIND},\s*{NAME}\)""")


def asked_by(place):
    text = place.read_text("utf-8")
    found = [name for names in IN_CALLS.findall(text) for name in names if name]
    return found + (IN_TABLES.findall(text) if place.suffix == ".py" else [])


def test_every_icon_of_the_office_is_in_the_sprite():
    drawn = set((ROOT / "assets/office/icons.txt").read_text("utf-8").split())
    places = [*(ROOT / "app/templates/office").rglob("*.html"), *(ROOT / "app/views/office").glob("*.py")]

    asked = {(name, place.name) for place in places for name in asked_by(place)}

    assert len(asked) > 20
    assert sorted((name, place) for name, place in asked if name not in drawn) == []


def test_the_list_of_icons_is_sorted_and_names_each_once():
    names = (ROOT / "assets/office/icons.txt").read_text("utf-8").split()

    assert names == sorted(set(names))
