"""How moments, sizes, numbers and digests are written on the mailbox's pages."""

from __future__ import annotations

import datetime as dt
import re

from babel.dates import format_date, format_datetime
from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup, escape

from app.domain.acts import OFFICE_ZONE
from app.views.mailbox.say import say as _

HARD = "\u00a0"
# After a one-letter word, before a year's or a number's unit, and inside plates and addresses nothing breaks.
_LOOSE = re.compile(r"(?<=\d) (?=[^\W\d])|(?<=[^\W\d]) (?=\d)|(?<=\.) (?=\d)|(?<=ul\.) ")


def hard(text: str) -> str:
    """Return `text` with hard spaces between a number and what belongs to it, and after `ul.`."""
    return _LOOSE.sub(HARD, text)


def _time(value: dt.datetime | dt.date, text: str) -> Markup:
    machine = value.isoformat(timespec="seconds") if isinstance(value, dt.datetime) else value.isoformat()
    return Markup('<time datetime="{}">{}</time>').format(machine, text)


def _local(value: dt.datetime) -> dt.datetime:
    return value.astimezone(OFFICE_ZONE)


def _words(value: dt.datetime | dt.date) -> str:
    day = _local(value).date() if isinstance(value, dt.datetime) else value
    return format_date(day, f"d'{HARD}'MMMM y", locale=get_locale())


def day(value: dt.datetime | dt.date) -> Markup:
    """Return a day for running text: `27 listopada 2026`."""
    return _time(value, _words(value))


def polish_day(value: dt.date) -> Markup:
    """Return a day as a letter of the office writes it, whatever the reader's language."""
    return _time(value, format_date(value, f"d'{HARD}'MMMM y", locale="pl"))


def date(value: dt.date) -> Markup:
    """Return a day for lists: `12.11.2026`."""
    return _time(value, f"{value:%d.%m.%Y}")


def weekday(value: dt.date) -> Markup:
    """Return the day of a deadline, with the day of the week: `piątek, 27 listopada 2026`."""
    name = format_date(value, "EEEE", locale=get_locale())
    return _time(value, f"{name}, {_words(value)}")


def minute(value: dt.datetime) -> Markup:
    """Return a moment for running text: `12 listopada 2026, 10:40`."""
    return _time(value, f"{_words(value)}, {_local(value):%H:%M}")


def second(value: dt.datetime) -> Markup:
    """Return the moment of an official act, to the second: `9 listopada 2026, godz. 14:12:36`."""
    text = _("%(day)s, %(clock)s", day=_words(value), clock=f"{_local(value):%H:%M:%S}")
    return _time(value, text)


def moment(value: dt.datetime) -> Markup:
    """Return a moment for lists: `12.11.2026 10:40`."""
    return _time(value, format_datetime(_local(value), f"dd.MM.y'{HARD}'HH:mm", locale=get_locale()))


def plain_day(value: dt.datetime | dt.date) -> str:
    """Return a day without a `time` element, for places that bring their own."""
    return _words(value)


def size(value: int) -> str:
    """Return a size in bytes as a person says it: `86 kB`, `16,4 MB` (powers of 1024)."""
    if value < 1024:
        return f"{value}{HARD}B"
    if value < 1024 * 1024:
        return f"{round(value / 1024)}{HARD}kB"
    text = f"{value / 1024 / 1024:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',') if str(get_locale()) == 'pl' else text}{HARD}MB"


def number(value: object) -> Markup:
    """Return a sign or number that does not break over lines."""
    return Markup('<span class="mb-number">{}</span>').format(value)


def digest(value: str) -> Markup:
    """Return a hexadecimal digest in groups of four, as people compare them aloud."""
    groups = " ".join(value[at : at + 4] for at in range(0, len(value), 4))
    return Markup('<span class="mb-mono">{}</span>').format(escape(groups))


def register(app: Flask) -> None:
    """Give the templates of `app` these formats as filters."""
    for filter_ in (hard, day, polish_day, date, weekday, minute, second, moment, plain_day, size, number, digest):
        app.jinja_env.filters[filter_.__name__] = filter_
