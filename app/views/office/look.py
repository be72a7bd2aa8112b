"""What may every page of the office use? Marks, formats, the menu of what the role may open, the person, addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g, request, url_for
from flask_appbuilder.security.sqla.models import User
from flask_babel import get_translations, gettext
from markupsafe import Markup

from app.letters.words import day_in_words
from app.views.assets import version_static
from app.views.languages import page_language
from app.views.office import formats, marks
from app.views.redirects import here
from app.views.sessions import this_session


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


def person() -> Person | None:
    """Return who is logged in, or None."""
    user = this_session().person
    if not isinstance(user, User):
        return None
    first, last = user.first_name or "", user.last_name or ""
    full = f"{first} {last}".strip() or user.username
    short = f"{first[0]}. {last}" if first and last else full
    initials = "".join(part[0] for part in (first, last) if part).upper() or full[:2].upper()
    return Person(initials, short, full, user.username)


def menu() -> Markup:
    """Return the menu as this person may see it, empty for a visitor.

    It is drawn once for all who see the same lines, on each page that it leads to.
    """
    kept: dict[tuple[object, ...], Markup] = current_app.extensions.setdefault("office_menus", {})
    here, names = request.blueprint or "", frozenset(_builder().sm.get_user_menu_access())
    here = _PART_OF.get(here, here)
    key = (page_language(), request.script_root, here, names)
    if key not in kept:
        entries = _entries(_builder().menu.get_list(), here, names)
        template = current_app.jinja_env.get_template("office/menu.html")
        kept[key] = Markup(template.render(entries=entries) if entries else "")  # noqa: S704  our own template
    return kept[key]


_PART_OF = {"Shelves": "FrontDesk", "Custody": "FrontDesk", "WornPlates": "FrontDesk"}
"""Pages without a line of their own, and the line under which people look for them."""


def _entries(items: Iterable[Any], here: str, names: Collection[str]) -> tuple[Entry, ...]:
    """Return those of `items` that have one of `names`; a heading without a visible line is left out."""
    entries = []
    for item in items:
        children, url = _entries(item.childs, here, names), "" if item.childs else item.get_url()
        if item.name in names and (url or children):
            current = (bool(here) and _blueprint(item) == here) or any(child.current for child in children)
            # Our own labels come translated; translating again would look up the Polish word.
            label = gettext(item.label) if isinstance(item.label, str) else str(item.label)
            entries.append(Entry(label, url, current, children))
    return tuple(entries)


def _blueprint(item: Any) -> str:
    if item.baseview is not None:
        return str(item.baseview.endpoint)
    return str(item.href).partition(".")[0] if item.href in current_app.view_functions else ""


def _builder() -> Any:
    return current_app.extensions["appbuilder"]


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
        mark_options=marks.options,
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
