"""What a letter says: texts that the office edits, read into blocks, with the fields of a case put in.

The markup: an empty line parts paragraphs; `## ` heading, `- ` bullet, `1. ` numbered; `{case_sign}` a field; a field
of several rows stands alone on its line. In front stand `Tytuł: …` and `Podstawa: …` (a line that begins with a blank
goes on with the one before). Values of fields are printed as they are: markup in them means nothing.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.domain.errors import BadInput
from app.letters.kinds import LETTER_KINDS, LetterKind, Shape
from app.letters.render import LetterDataMissing
from app.letters.words import day_in_words, typeset

LONGEST_TEXT: Final = 20_000
"""How many characters a text may have."""

FOLDER: Final = Path(__file__).parent / "texts"

Row = str | tuple[str, str]
FieldValue = str | dt.date | Sequence[Row]
"""TEXT and PROSE: a text. DAY: a date. LIST and FACTS: rows of (text, remark) or (label, value), or texts."""

_FIELD = re.compile(r"\{([^{}\n]*)\}")
_NUMBERED = re.compile(r"\d{1,2}\. +")
_TITLE: Final = "Tytuł"
_BASIS: Final = "Podstawa"


class TextRefused(BadInput):
    """A text that the office wrote makes no letter; `details` name the line or the field.

    Codes: text-unknown-kind, text-too-long, text-no-title, text-header-unknown (name), text-empty,
    text-field-unknown (field, line), text-field-not-alone (field, line), text-brace (line), text-field-missing (field).
    """


class BlockKind(enum.StrEnum):
    """What a block of a letter is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading has `text`; the others have `rows` of (text, remark) or (label, value)."""

    kind: BlockKind
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A block as it was written, fields not filled; `field` is set where a field of several rows stands."""

    kind: BlockKind
    lines: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class LetterText:
    """A text that was read and found to be complete. Made by `parse_text`."""

    kind: LetterKind
    title: str
    legal_basis: str
    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter's words with everything filled in; `legal_basis` may be empty."""

    title: str
    legal_basis: str
    blocks: tuple[Block, ...]

    def as_data(self) -> dict[str, object]:
        """Return it as the templates read it."""
        return {
            "title": self.title,
            "legal_basis": self.legal_basis or None,
            "blocks": [
                {"kind": block.kind.value, "text": block.text, "rows": [list(row) for row in block.rows]}
                for block in self.blocks
            ],
        }


def default_text(kind: str, edition: str) -> str:
    """Return the text that comes with the program: the one of `edition` where there is one, else the common one.

    Raises:
        LookupError: there is no such kind.
    """
    if kind not in LETTER_KINDS:
        raise LookupError(f"there is no kind of letter {kind!r}")
    own = FOLDER / f"{kind}.{edition}.txt"
    path = own if own in _files() else FOLDER / f"{kind}.txt"
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(_shared(line[1:]) if line.startswith("@") else line for line in lines) + "\n"


def parse_text(kind: str, source: str) -> LetterText:
    """Read the text of a letter of `kind`.

    Raises:
        TextRefused: its code says why, its details name the line or the field.
    """
    known = LETTER_KINDS.get(kind)
    if known is None:
        raise TextRefused("text-unknown-kind", kind=kind)
    if len(source) > LONGEST_TEXT:
        raise TextRefused("text-too-long", longest=LONGEST_TEXT)
    lines = [line.rstrip() for line in source.removeprefix("\ufeff").expandtabs(1).splitlines()]
    headers, first = _headers(lines)
    if not headers.get(_TITLE):
        raise TextRefused("text-no-title")
    for number, line in enumerate(lines, 1):
        _check_line(known, number, line, in_header=number <= first)
    missing = known.must - set(_FIELD.findall(source))
    if missing:
        raise TextRefused("text-field-missing", field=min(missing))
    parts = _parts(known, lines[first:])
    if not parts:
        raise TextRefused("text-empty")
    return LetterText(known, headers[_TITLE], headers.get(_BASIS, ""), parts)


def compose(text: LetterText, fields: Mapping[str, FieldValue]) -> Composed:
    """Return the words of a letter: `text` with the values of `fields` put in. Fields that no place asks for are left.

    Raises:
        LetterDataMissing: the text uses a field that `fields` lacks, or whose value is empty.
        TypeError: a value has not the shape of its field.
    """
    blocks: list[Block] = []
    for part in text.parts:
        lines = [line for line in part.lines if not _falls_away(text.kind, line, fields)]
        if part.field:
            blocks += _filled_block(text.kind, part.field, fields)
        elif lines and part.kind in {BlockKind.BULLETS, BlockKind.NUMBERS}:
            lines[-1] = re.sub(r"[;,]$", ".", lines[-1])  # the points after it may have fallen away
            blocks.append(Block(part.kind, rows=tuple((_filled(text.kind, line, fields), "") for line in lines)))
        elif lines:
            blocks.append(Block(part.kind, _filled(text.kind, lines[0], fields)))
    return Composed(_filled(text.kind, text.title, fields), _filled(text.kind, text.legal_basis, fields), tuple(blocks))


def compose_passage(name: str, kind: str, fields: Mapping[str, FieldValue]) -> tuple[Block, ...]:
    """Return the passage `shared/name.txt`, of common fields only, as the end of a letter of `kind`.

    Raises what `compose` raises.
    """
    known = LETTER_KINDS[kind]
    return compose(LetterText(known, "", "", _parts(known, _shared(name).splitlines())), fields).blocks


def sample_fields(kind: str) -> dict[str, FieldValue]:
    """Return invented values for every field of `kind`, for a preview.

    Raises:
        KeyError: there is no such kind.
    """
    return {name: _sample(field.sample, field.shape) for name, field in LETTER_KINDS[kind].fields.items()}


def _sample(sample: str, shape: Shape) -> FieldValue:
    if shape is Shape.DAY:
        return dt.date.fromisoformat(sample)
    if shape in {Shape.LIST, Shape.FACTS}:
        return tuple((row.partition(" | ")[0], row.partition(" | ")[2]) for row in sample.splitlines())
    return sample


@cache
def _files() -> frozenset[Path]:
    return frozenset(FOLDER.glob("*.txt"))


@cache
def _shared(name: str) -> str:
    """A passage that several letters have in common."""
    return (FOLDER / "shared" / f"{name}.txt").read_text("utf-8").rstrip("\n")


def _headers(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """Return the headers, and how many lines they take; they end at the first empty line."""
    headers: dict[str, str] = {}
    name = ""
    for number, line in enumerate(lines):
        if not line.strip():
            return headers, number
        if line.startswith(" ") and name:
            headers[name] += f" {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if not colon or name not in {_TITLE, _BASIS}:
            raise TextRefused("text-header-unknown", name=name[:40], line=number + 1)
        headers[name] = value.strip()
    return headers, len(lines)


def _check_line(kind: LetterKind, number: int, line: str, *, in_header: bool) -> None:
    for name in _FIELD.findall(line):
        if name not in kind.fields:
            raise TextRefused("text-field-unknown", field=name[:40], line=number)
        alone = not in_header and _FIELD.fullmatch(line.strip()) is not None
        if kind.fields[name].shape not in {Shape.TEXT, Shape.DAY} and not alone:
            raise TextRefused("text-field-not-alone", field=name, line=number)
    if re.search(r"[{}]", _FIELD.sub("", line)):
        raise TextRefused("text-brace", line=number)


def _parts(kind: LetterKind, lines: Sequence[str]) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    fresh = True
    for line in map(str.strip, lines):
        if not line:
            fresh = True
            continue
        alone = _FIELD.fullmatch(line)
        if alone and kind.fields[alone[1]].shape not in {Shape.TEXT, Shape.DAY}:
            parts.append(_Part(BlockKind.NUMBERS, (), alone[1]))
            fresh = True
            continue
        what, words = _read_line(line)
        last = parts[-1] if parts and not fresh else None
        if last is None or what is BlockKind.HEADING:
            parts.append(_Part(what, (words,)))
        elif what is BlockKind.PARAGRAPH:  # goes on with the paragraph or point before
            parts[-1] = _Part(last.kind, (*last.lines[:-1], f"{last.lines[-1]} {words}"))
        elif what is last.kind:
            parts[-1] = _Part(what, (*last.lines, words))
        else:
            parts.append(_Part(what, (words,)))
        fresh = what is BlockKind.HEADING
    return tuple(parts)


def _read_line(line: str) -> tuple[BlockKind, str]:
    if line.startswith("## "):
        return BlockKind.HEADING, line[3:].strip()
    if line.startswith("- "):
        return BlockKind.BULLETS, line[2:].strip()
    numbered = _NUMBERED.match(line)
    if numbered:
        return BlockKind.NUMBERS, line[numbered.end() :]
    return BlockKind.PARAGRAPH, line


def _falls_away(kind: LetterKind, words: str, fields: Mapping[str, FieldValue]) -> bool:
    """Whether a paragraph or point speaks of something that this case has not."""
    return any(kind.fields[name].optional and not fields.get(name) for name in _FIELD.findall(words))


def _filled(kind: LetterKind, words: str, fields: Mapping[str, FieldValue]) -> str:
    """Fill the fields of a line, and hold together what a line must not part."""
    pieces = _FIELD.split(words)
    pieces[1::2] = [_in_line(kind, name, fields) for name in pieces[1::2]]
    for place in range(1, len(pieces), 2):  # "2 marca 2026 r." ends its sentence too
        if pieces[place].endswith(".") and pieces[place + 1].startswith("."):
            pieces[place + 1] = pieces[place + 1][1:]
    return typeset("".join(pieces))


def _in_line(kind: LetterKind, name: str, fields: Mapping[str, FieldValue]) -> str:
    value = _value(kind, name, fields)
    if kind.fields[name].shape is Shape.DAY:
        if not isinstance(value, dt.date):
            raise TypeError(f"the field {name!r} is a day")
        return day_in_words(value)
    if not isinstance(value, str):
        raise TypeError(f"the field {name!r} is a text")
    return " ".join(value.split())


def _filled_block(kind: LetterKind, name: str, fields: Mapping[str, FieldValue]) -> list[Block]:
    value = _value(kind, name, fields)
    shape = kind.fields[name].shape
    if shape is Shape.PROSE:
        if not isinstance(value, str):
            raise TypeError(f"the field {name!r} is a text")
        paragraphs = re.split(r"\n[ \t]*\n", value.replace("\r\n", "\n").strip())
        return [Block(BlockKind.PARAGRAPH, typeset(words.strip())) for words in paragraphs if words.strip()]
    if isinstance(value, str | dt.date):
        raise TypeError(f"the field {name!r} is a list of rows")
    rows = tuple((typeset(row), "") if isinstance(row, str) else (typeset(row[0]), typeset(row[1])) for row in value)
    return [Block(BlockKind.FACTS if shape is Shape.FACTS else BlockKind.NUMBERS, rows=rows)]


def _value(kind: LetterKind, name: str, fields: Mapping[str, FieldValue]) -> FieldValue:
    value = fields.get(name)
    if value is None or (not isinstance(value, dt.date) and not (value.strip() if isinstance(value, str) else value)):
        raise LetterDataMissing(kind.code, name)
    return value
