"""What may every page of the office use? Marks, formats, the menu of what the role may open, the person, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_translations, gettext
from flask_login import current_user
from markupsafe import Markup

from app.letters.words import day_in_words
from app.views.assets import version_static
from app.views.languages import LANGUAGES, page_language
from app.views.office import formats, marks
from app.views.redirects import here


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu that this person sees."""

    label: str
    url: str
    current: bool
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in, as the bar shows them."""

    initials: str
    short_name: str
    full_name: str
    login: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the menu before anybody looks at it: worked out once per language and place of the door."""

    name: str
    label: str
    url: str
    blueprint: str
    children: tuple[_Line, ...]
    item: Any


def person() -> Person | None:
    """Return who is logged in, or None."""
    if not current_user or not current_user.is_authenticated:
        return None
    first, last = current_user.first_name or "", current_user.last_name or ""
    full = f"{first} {last}".strip() or current_user.username
    short = f"{first[0]}. {last}" if first and last else full
    initials = "".join(part[0] for part in (first, last) if part).upper() or full[:2].upper()
    return Person(initials, short, full, current_user.username)


def menu() -> tuple[Entry, ...]:
    """Return the menu as this person may see it; a heading without a visible line is left out."""
    if not current_user or not current_user.is_authenticated:
        return ()
    may = _builder().sm.has_access
    here = request.blueprint or ""

    def seen(line: _Line) -> Entry | None:
        if not line.item.should_render() or not may("menu_access", line.name):
            return None
        children = tuple(entry for child in line.children if (entry := seen(child)) is not None)
        if not line.url and not children:
            return None
        current = (bool(here) and line.blueprint == here) or any(child.current for child in children)
        return Entry(line.label, line.url, current, children)

    return tuple(entry for line in _lines() if (entry := seen(line)) is not None)


def _builder() -> Any:
    return current_app.extensions["appbuilder"]


def _lines() -> tuple[_Line, ...]:
    kept: dict[tuple[str, str], tuple[_Line, ...]] = current_app.extensions.setdefault("office_menu", {})
    key = (page_language(), request.script_root)
    if key not in kept:
        kept[key] = tuple(map(_line, _builder().menu.get_list()))
    return kept[key]


def _line(item: Any) -> _Line:
    if item.baseview is not None:
        blueprint = item.baseview.endpoint
    else:
        blueprint = item.href.partition(".")[0] if item.href in current_app.view_functions else ""
    url = "" if item.childs else item.get_url()
    children = tuple(_line(child) for child in item.childs if child.name != "-")
    # Our own labels come translated; translating again would look up the Polish word.
    label = gettext(item.label) if isinstance(item.label, str) else str(item.label)
    return _Line(item.name, label, url, blueprint, children, item)


def address_of(endpoint: str, **values: str) -> str:
    """Return the address of `endpoint`, or an empty text where this door has none; worked out once.

    For addresses of which there are few: all are kept.
    """
    kept: dict[tuple[object, ...], str] = current_app.extensions.setdefault("office_addresses", {})
    key = (endpoint, request.script_root, *values.items())
    if key not in kept:
        kept[key] = (
            url_for(endpoint, **cast("dict[str, Any]", values)) if endpoint in current_app.view_functions else ""
        )
    return kept[key]


def foot(who: Person | None) -> Markup:
    """Return the foot of the page, drawn once per language for those who are logged in and once for visitors."""
    kept: dict[tuple[str, bool], Markup] = current_app.extensions.setdefault("office_foot", {})
    key = (page_language(), who is not None)
    if key not in kept:
        template = current_app.jinja_env.get_template("office/foot.html")
        office = current_app.config["SETTINGS"].office
        kept[key] = Markup(template.render(office=office, person=who is not None))  # noqa: S704  our own template
    return kept[key]


def _every_page() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    who = None if g.get("bare") else person()
    profile = g.get("staff_profile")
    may_search = who is not None and _builder().sm.has_access("can_search", "Desk")
    return {
        "lang": page_language(),
        "languages": LANGUAGES,
        "office": settings.office,
        "person": who,
        "keys_off": profile is not None and not profile.shortcuts_on,
        "home_url": request.script_root + "/",
        "here_url": here(),
        "mailbox_url": settings.public_url,
        "idle_minutes": settings.staff_idle // 60,
        "scan_url": address_of("Desk.search") if may_search else "",
        "account_url": address_of("AccountView.account"),
        "language_url": address_of("languages.choose"),
        "logout_url": address_of("AuthView.logout"),
    }


def remember_words(app: Flask) -> None:
    """Let templates look a sentence up in the catalogue once per language: a page has about forty of them."""
    kept: dict[str, dict[str, str]] = {}

    def words(sentence: str) -> str:
        known = kept.setdefault(page_language(), {})
        if sentence not in known:
            known[sentence] = get_translations().ugettext(sentence)
        return known[sentence]

    def counted(one: str, many: str, number: int) -> str:
        text: str = get_translations().ungettext(one, many, number)
        return text

    environment: Any = app.jinja_env  # its translating extension adds the method
    environment.install_gettext_callables(words, counted, newstyle=True)
    drawn: dict[str, dict[str, Markup]] = {}

    def underscore(sentence: str, **values: object) -> Markup:
        """Return what Jinja's own `_` returns; a sentence without values is made safe once."""
        if values:
            return Markup(words(sentence)) % values  # noqa: S704  the catalogue is ours, and `%` escapes the values
        known = drawn.setdefault(page_language(), {})
        if sentence not in known:
            known[sentence] = Markup(words(sentence)) % {}  # noqa: S704  as above
        return known[sentence]

    environment.globals["_"] = underscore


def init_look(app: Flask) -> None:
    """Give the templates of the office door `app` what this file offers."""
    app.jinja_env.globals.update(
        mark_icon=marks.icon,
        mark_chip=marks.chip,
        mark_plate=marks.plate,
        mark_sign=marks.sign,
        office_foot=foot,
        office_menu=menu,
    )
    for filter_ in (formats.day, formats.moment, formats.long_day, formats.weekday, formats.money, formats.size):
        app.jinja_env.filters[filter_.__name__] = filter_
    app.jinja_env.filters["polish_day"] = day_in_words
    app.context_processor(_every_page)
    remember_words(app)
    version_static(app)
