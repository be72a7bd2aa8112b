"""How do the values of a form stand in XML? The declaration of each value says it; this only follows.

A field annotated with `Element` is an element of that name in the namespace of its parent. Empty values are not
written, absent elements are read as the field's default.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import re
import types
import typing
from collections.abc import Hashable
from functools import cache
from typing import Any, Self, TypeVar, cast

from lxml import etree

T = TypeVar("T")

XML_SPACE = " \t\r\n"


class Word(enum.StrEnum):
    """A closed list whose members have a code (their value) and the word that stands in the document."""

    written: str

    def __new__(cls, code: str, written: str) -> Self:
        """Keep the code as the value and the word beside it."""
        word = str.__new__(cls, code)
        word._value_ = code
        word.written = written
        return word


@dataclasses.dataclass(frozen=True, slots=True)
class Element:
    """Stands in the annotation of a field: the local name of its element; `lines` where line breaks mean something."""

    name: str
    lines: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    attribute: str
    element: str
    type: Any
    many: bool
    lines: bool


@cache
def _places(kind: Hashable) -> tuple[_Place, ...]:
    places = []
    for attribute, annotated in typing.get_type_hints(kind, include_extras=True).items():
        hint, element = typing.get_args(annotated)
        many = typing.get_origin(hint) is tuple
        if many or isinstance(hint, types.UnionType):
            hint = typing.get_args(hint)[0]
        places.append(_Place(attribute, element.name, hint, many, element.lines))
    return tuple(places)


def read_element(kind: type[T], element: etree._Element) -> T:
    """Read a value of `kind` from an element that its schema has already found good.

    Raises:
        ValueError: a date or number that Python cannot hold.
    """
    namespace = etree.QName(element).namespace
    values: dict[str, Any] = {}
    for place in _places(cast("Hashable", kind)):
        found = [_read(place, child) for child in element.findall(f"{{{namespace}}}{place.element}")]
        if place.many:
            values[place.attribute] = tuple(found)
        elif found:
            values[place.attribute] = found[0]
    return kind(**values)


def _read(place: _Place, element: etree._Element) -> Any:
    if dataclasses.is_dataclass(place.type):
        return read_element(cast("type[Any]", place.type), element)
    text = "".join(element.itertext())
    if place.lines:
        return text.strip(XML_SPACE)
    text = " ".join(filter(None, re.split(f"[{XML_SPACE}]+", text)))
    if place.type is bool:
        return text in {"true", "1"}
    if place.type is dt.date:
        return dt.date.fromisoformat(text)
    if issubclass(place.type, Word):
        return next(word for word in place.type if word.written == text)
    return place.type(text)


def fill_element(element: etree._Element, value: Any) -> None:
    """Write the fields of `value` as children of `element`, in the order of their declaration.

    Raises:
        ValueError: a text with characters that XML cannot hold.
    """
    namespace = etree.QName(element).namespace
    for place in _places(cast("Hashable", type(value))):
        held = getattr(value, place.attribute)
        for one in held if place.many else (held,):
            if one is None or one == "":
                continue
            child = etree.SubElement(element, f"{{{namespace}}}{place.element}")
            if dataclasses.is_dataclass(one):
                fill_element(child, one)
            else:
                child.text = _written(one)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Word):
        return value.written
    return value.isoformat() if isinstance(value, dt.date) else str(value)
