"""The texts of letters: which kinds there are, what each says, and how the office changes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app import clock
from app.domain.errors import Stale
from app.domain.procedures.editions import EDITIONS
from app.extensions import db
from app.house import equipment
from app.letters.kinds import LETTER_KINDS, Field, LetterKind, Shape
from app.letters.official import OfficialLetter, Signer, print_letter
from app.letters.texts import Composed, TextRefused, compose, default_text, parse_text, sample_fields
from app.letters.words import day_in_words
from app.models import LetterText
from app.transaction import one_transaction
from app.usecases.edit_text import edit_text, edition_of_text, versions_of_text
from app.usecases.letter_head import letter_head
from app.views.acting import current_act
from app.views.office.case_forms import seen_version
from app.views.wording import refusal
from app.views.wording_cases import EDITIONS as EDITION_WORDS
from app.views.wording_letters import LETTERS


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of letter in one edition, as the list shows it."""

    kind: str
    edition: str
    name: str
    edition_words: str
    newest: LetterText | None

    @property
    def is_own(self) -> bool:
        """Whether the office has a text of its own in use."""
        return self.newest is not None and bool(self.newest.source)


class LetterTextPages(BaseView):
    """What the letters of the office say, in the markup of `app/letters/texts.py`."""

    route_base = "/teksty"
    default_view = "texts"

    @expose("/", methods=["GET"])
    @has_access
    def texts(self) -> ResponseReturnValue:
        """List the kinds of letters, and whose text each uses."""
        lines = [
            _line(kind, edition)
            for kind in LETTER_KINDS
            for edition in dict.fromkeys(edition_of_text(kind, edition) for edition in EDITIONS)
        ]
        return render_template("office/letter_texts.html", title=_("Texts of letters"), lines=lines)

    @expose("/<kind>", methods=["GET", "POST"])
    @has_access
    def edit(self, kind: str) -> ResponseReturnValue:
        """Show the text of a kind and keep a new version of it."""
        line = _asked(kind)
        if request.method == "GET":
            return render_template("office/letter_text.html", **_page(line, _source(line)))
        source = _typed()
        back = "default" in request.form
        try:
            with one_transaction() as session:
                edit_text(session, kind, line.edition, "" if back else source, seen_version(), act=current_act())
        except TextRefused as refused:
            return render_template("office/letter_text.html", **_page(line, source, refused=refused)), 422
        except Stale as stale:
            page = _page(_line(kind, line.edition), source)
            return render_template("office/letter_text.html", **page, stale=refusal(stale)), 409
        flash(_("The program's own text is in use again.") if back else _("The text is in use from now on."), "success")
        return redirect(url_for("LetterTextPages.edit", kind=kind, wydanie=line.edition or None), 303)

    @expose("/<kind>/podglad", methods=["POST"])
    @has_access
    def preview(self, kind: str) -> ResponseReturnValue:
        """Print the text as it stands in the form, filled with invented values."""
        line = _asked(kind)
        source = _typed()
        try:
            text = parse_text(kind, source)
        except TextRefused as refused:
            return render_template("office/letter_text.html", **_page(line, source, refused=refused)), 422
        letter = _sample_letter(compose(text, sample_fields(kind)))
        answer = Response(print_letter(letter, clock.now()), mimetype="application/pdf")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{kind}.pdf")
        return answer


def _line(kind: str, edition: str) -> Line:
    versions = versions_of_text(db.session(), kind, edition)
    words = str(EDITION_WORDS[edition]) if edition else ""
    return Line(kind, edition, str(LETTERS[kind]), words, versions[0] if versions else None)


def _asked(kind: str) -> Line:
    """Return the kind and edition that the address names, or answer that there is none."""
    if kind not in LETTER_KINDS:
        abort(404)
    editions = list(dict.fromkeys(edition_of_text(kind, edition) for edition in EDITIONS))
    edition = request.values.get("wydanie", editions[0])
    return _line(kind, edition) if edition in editions else abort(404)


def _source(line: Line) -> str:
    if line.newest is not None and line.newest.source:
        return line.newest.source
    return _default(line)


def _default(line: Line) -> str:
    return default_text(line.kind, line.edition or EDITIONS[0])


def _typed() -> str:
    return request.form.get("source", "").replace("\r\n", "\n")


def _page(line: Line, source: str, *, refused: TextRefused | None = None) -> dict[str, Any]:
    kind = LETTER_KINDS[line.kind]
    wrong = refusal(refused) if refused else ""
    number = refused.details.get("line") if refused else None
    lines = source.splitlines()
    return {
        "title": line.name,
        "line": line,
        "source": source,
        "wrong": wrong,
        "wrong_line": number,
        "wrong_text": lines[number - 1] if isinstance(number, int) and 0 < number <= len(lines) else "",
        "fields": _fields(kind),
        "versions": versions_of_text(db.session(), line.kind, line.edition),
        "default": _default(line),
        "version": line.newest.version if line.newest else 0,
    }


def _fields(kind: LetterKind) -> list[tuple[str, str, str, bool]]:
    """Return (name, explanation, example, whether it must occur), what must occur first."""
    rows = [(name, field.explanation, _example(field), name in kind.must) for name, field in kind.fields.items()]
    return sorted(rows, key=lambda row: not row[3])


def _example(field: Field) -> str:
    if field.shape is Shape.DAY:
        return day_in_words(dt.date.fromisoformat(field.sample))
    return field.sample.replace("\n", "; ").replace(" | ", " – ")


def _sample_letter(text: Composed) -> OfficialLetter:
    tools = equipment()
    party = sample_fields("refusal_decision")
    return OfficialLetter(
        office=letter_head(tools),
        place=tools.office.city,
        day=clock.today(),
        sign=str(party["case_sign"]),
        addressee=(str(party["party"]), *str(party["party_address"]).split(", ")),
        text=text,
        signer=Signer(current_act().actor.name, "inspektor"),
        draft=True,
    )
