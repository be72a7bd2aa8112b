"""How does a register leave as a table for a spreadsheet? In batches, within a cap, with nothing that runs there."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any
from urllib.parse import quote

import sqlalchemy as sa
import xlsxwriter
from flask import Response, stream_with_context
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.domain.acts import OFFICE_ZONE
from app.views.office import formats
from app.views.office.register_query import Order, Place, Sketch, read_page

BATCH = 1000
CHUNK = 64 * 1024
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet takes a text that begins so for a formula (OWASP: CSV injection).
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")

Cell = str | int | float | dt.date | dt.datetime
CellOf = Callable[[Any], object]


def as_exported(value: CellOf, cell: CellOf) -> CellOf:
    """Return how a cell leaves: days and numbers as they are, all else as it is shown."""

    def exported(row: Any) -> object:
        found = value(row)
        return found if isinstance(found, (dt.date, int, float)) else cell(row)

    return exported


def download(title: str, kind: str, heads: Sequence[str], cells: Sequence[CellOf], rows: Iterable[Any]) -> Response:
    """Return the table as a download, streamed, under the name of its list."""
    body = as_csv(heads, cells, rows) if kind == "csv" else in_pieces(as_xlsx(title, heads, cells, rows))
    answer = Response(stream_with_context(body), content_type=MEDIA[kind])
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.{kind}"
    return answer


def every_row(
    session: Session, rows: sa.Select[Any], order: Order, *, limit: int, sketch: Sketch | None = None
) -> Iterator[Any]:
    """Yield at most `limit` rows of `rows` in `order`, a batch in memory at a time."""
    after: Place | None = None
    left = limit
    while left > 0:
        page = read_page(session, rows, order, size=min(BATCH, left), after=after, sketch=sketch)
        for row in page.rows:
            yield row
            if sketch is None:
                session.expunge(row)
        left -= len(page.rows)
        after = page.after
        if after is None:
            return


def plain(value: object) -> Cell:
    """Return what a cell holds: numbers and days stay what they are, marks become their words."""
    if value is None:
        return ""
    if isinstance(value, Markup):
        return " ".join(value.striptags().split())
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, dt.datetime):
        return (value.astimezone(OFFICE_ZONE) if value.tzinfo else value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, dt.date):
        return value
    return " ".join(str(value).split("\x00"))


def harmless(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: a formula's beginning is quoted."""
    return f"'{text}" if text.startswith(_RUNS) else text


def as_csv(heads: Sequence[str], cells: Sequence[CellOf], rows: Iterable[Any]) -> Iterator[bytes]:
    """Yield the table as CSV in UTF-8 with a byte order mark and semicolons, as Polish spreadsheets expect it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    writer.writerow([harmless(head) for head in heads])
    for row in rows:
        writer.writerow([_written(plain(cell(row))) for cell in cells])
        if buffer.tell() >= CHUNK:
            yield _drained(buffer)
    yield _drained(buffer)


def _written(value: Cell) -> str | int | float:
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return formats.day(value)
    return harmless(value) if isinstance(value, str) else value


def _drained(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data


def as_xlsx(title: str, heads: Sequence[str], cells: Sequence[CellOf], rows: Iterable[Any]) -> IO[bytes]:
    """Return an open temporary file with the table as one sheet; texts are texts, never formulas or links."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer reads it and closes it
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd.mm.yyyy hh:mm",
        },
    )
    sheet = book.add_worksheet("".join(c for c in title if c not in r"[]:*?/\'")[:31] or None)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(heads) - 1, 0), 20)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            value = plain(cell(row))
            if isinstance(value, dt.datetime):
                sheet.write_datetime(number, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value[:32767])
            else:
                sheet.write_number(number, column, value)
    book.close()
    file.seek(0)
    return file


def in_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of `file` in pieces, and close it."""
    with file:
        while piece := file.read(CHUNK):
            yield piece
