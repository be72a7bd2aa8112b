"""The Polish of both doors: complete, up to date, typeset, and a sentence for every code that a person meets."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import polib
import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel

from app.domain.documents import DocumentKind
from app.domain.errors import BadInput, ConditionMissing, StepNotOpen
from app.domain.procedures import EDITIONS, PROCEDURES, ProcedureName, Stage, conditions, conditions_of_vehicle
from app.domain.procedures.condition import Condition
from app.epackages import application as form
from app.models import Channel, Outcome, Purpose
from app.views import wording, wording_audit, wording_cases, wording_findings, wording_packages, wording_reasons
from app.views.mailbox import words

ROOT = Path(__file__).resolve().parents[2]
POLISH = ROOT / "translations/pl/LC_MESSAGES/messages.po"
LIBRARIES = ("flask_appbuilder", "wtforms", "flask_wtf")
HARD = "\N{NO-BREAK SPACE}"
PLACE = re.compile(r"%\(\w+\)[sd]|%s|%%|(?<!%)\{\w+\}")
TAG = re.compile(r"</?[a-z]\w*")
# A word of one letter, before a space where a line could break. Not in a tag, nor in a picture or VIN.
LONELY = re.compile(r"(?<![\w<&/.(-])[aiouwzAIOUWZ] (?=\S)")

# A number, or the place of one, before a space and its unit.
LOOSE_UNIT = re.compile(
    r"(?:\d|%\((?:num|seconds|hours|days|min|max)\)[sd]) "
    r"(?:MB|kB|zł|dpi|dni|dzień|znak|sekund|minut|spraw|godz)"
)


def home(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def in_polish(spoken: gettext.GNUTranslations, entry: polib.POEntry) -> str:
    if entry.msgid_plural:
        return spoken.ngettext(entry.msgid, entry.msgid_plural, 1)
    return spoken.gettext(entry.msgid)


def extract(target: Path, *places: Path) -> polib.POFile:
    """Take the sentences of `places` as `make catalogues` does, with its keywords and its map."""
    found = re.search(r"^KEYWORDS := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert found
    command = ["pybabel", "-q", "extract", "-F", str(ROOT / "translations/babel.cfg"), "-o", str(target)]
    for keyword in found.group(1).split():
        command += ["-k", keyword]
    CommandLineInterface().run([*command, *map(str, places)])
    return polib.pofile(str(target))


@pytest.fixture(scope="module")
def polish() -> polib.POFile:
    return polib.pofile(str(POLISH))


@pytest.fixture(scope="module")
def entries(polish) -> list[polib.POEntry]:
    return [entry for entry in polish if not entry.obsolete]


@pytest.fixture(scope="module")
def spoken() -> gettext.GNUTranslations:
    """The catalogue as the program reads it."""
    with POLISH.open("rb") as source:
        catalogue = read_po(source, locale="pl")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def test_the_catalogue_has_the_sentences_of_the_program_and_no_others(entries, tmp_path):
    sources = extract(tmp_path / "all.pot", ROOT, *map(home, LIBRARIES))

    ours, theirs = {key(entry) for entry in entries}, {key(entry) for entry in sources}

    assert len(ours) == len(entries)
    assert sorted(theirs - ours, key=str) == [], "run `make catalogues` and translate these"
    assert sorted(ours - theirs, key=str) == [], "run `make catalogues`"


def test_everything_is_translated_and_nothing_is_left_over(polish, entries):
    assert [entry.msgid for entry in entries if not all(said(entry))] == []
    assert [entry.msgid for entry in polish if entry.fuzzy] == []
    assert [entry.msgid for entry in polish.obsolete_entries()] == []
    assert [entry.msgid for entry in entries if entry.msgid_plural and len(said(entry)) != 3] == []


def test_what_is_filled_in_and_what_is_marked_up_is_the_same(entries):
    wrong = []
    for entry in entries:
        meant = entry.msgid_plural or entry.msgid
        for text in said(entry):
            if sorted(PLACE.findall(text)) != sorted(PLACE.findall(meant)):
                wrong.append(text)
            if sorted(TAG.findall(text)) != sorted(TAG.findall(meant)):
                wrong.append(text)
    assert wrong == []


def test_spaces_at_the_ends_and_the_last_sign_are_the_same(entries):
    def ends(text: str) -> tuple[bool, bool, str]:
        last = text.rstrip()[-1:]
        return text[:1].isspace(), text[-1:].isspace(), last if last in ".:?!,…" else ""

    assert [text for entry in entries for text in said(entry) if ends(text) != ends(entry.msgid)] == []


def test_no_line_ends_with_a_word_of_one_letter_or_begins_with_a_dash(entries):
    texts = [text for entry in entries for text in said(entry)]

    assert [text for text in texts if LONELY.search(text)] == []
    assert [text for text in texts if " – " in text] == []
    assert [text for text in texts if LOOSE_UNIT.search(text)] == []


def test_quotation_marks_and_ellipses_are_polish(entries):
    texts = [re.sub(r"<[^>]*>", "", text) for entry in entries for text in said(entry)]

    assert [text for text in texts if '"' in text or "“" in text or "..." in text or "'" in text] == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 spraw"),
        (1, "1 sprawa"),
        (2, "2 sprawy"),
        (4, "4 sprawy"),
        *((many, f"{many} spraw") for many in range(5, 22)),
        (22, "22 sprawy"),
        (25, "25 spraw"),
        (112, "112 spraw"),
        (122, "122 sprawy"),
    ],
)
def test_numbers_take_the_polish_plural(spoken, number, words):
    text = spoken.ngettext("%(num)s case", "%(num)s cases", number) % {"num": number}

    assert text.replace(HARD, " ") == words


def test_the_compiled_catalogue_is_fresh(spoken):
    path = POLISH.with_suffix(".mo")

    assert path.exists(), "run `make install`"
    with path.open("rb") as compiled:
        assert gettext.GNUTranslations(compiled)._catalog == spoken._catalog, "run `make install`"


def test_the_libraries_speak_our_polish(spoken, tmp_path):
    for library in LIBRARIES:
        sentences = extract(tmp_path / f"{library}.pot", home(library))
        assert len(sentences) > 1, library
        unsaid = [entry.msgid for entry in sentences if in_polish(spoken, entry) == entry.msgid]
        assert unsaid == [], library
    # The library's own says "Register".
    assert spoken.gettext("Sign In") == "Zaloguj się"


def test_english_is_its_own_source_and_holds_no_polish_word(entries):
    polish_letters = re.compile(r"[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]")

    assert not (ROOT / "translations/en").exists()
    assert [entry.msgid for entry in entries if polish_letters.search(entry.msgid)] == []


def _steps() -> set[str]:
    return {step.name for procedure in PROCEDURES.values() for step in procedure.steps}


def _problems_of_the_trail() -> set[str]:
    source = (ROOT / "app/usecases/verify_audit.py").read_text("utf-8")
    promise = re.search(r"`problem` is a code: (.+?)\n    \"\"\"", source, re.DOTALL)
    assert promise
    return set(re.findall(r"`([a-z-]+)`", promise.group(1)))


def _codes_of_checks() -> Iterator[str]:
    """Yield every code of a warning: what the checks give, and what reading an identifier promises."""
    checks = (ROOT / "app/domain/checks.py").read_text("utf-8")
    yield from re.findall(r'yield "([a-z-]+)"', checks)
    yield from re.findall(r'code = "([a-z-]+)" if \w+ else "[a-z-]+"', checks)
    yield from re.findall(r'code = "[a-z-]+" if \w+ else "([a-z-]+)"', checks)
    for path in sorted((ROOT / "app/domain").glob("*.py")):
        for promise in re.findall(r"Warnings?: (`.+?)\n    (?:\"\"\"|\n)", path.read_text("utf-8"), re.DOTALL):
            yield from re.findall(r"`([a-z]+-[a-z-]+)`", promise)
    for path in sorted((ROOT / "app/usecases").glob("*.py")):
        source = path.read_text("utf-8")
        yield from re.findall(r'(?:Doubt\(|Finding\(\s*code=)"([a-z-]+)"', source)


def _codes_of_packages(*headings: str) -> set[str]:
    text = (ROOT / "docs/reason-codes.md").read_text("utf-8")
    parts = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    chosen = [body for title, body in parts.items() if title.startswith(headings)]
    assert len(chosen) == len(headings)
    return set(re.findall(r"^\| `([a-z0-9-]+)`", "\n".join(chosen), re.MULTILINE))


_UNUSABLE = ("The file cannot be read", "Who signed what", "What a clerk settles")


@pytest.mark.parametrize(
    ("said_of", "codes"),
    [
        (wording_cases.PROCEDURES, set(ProcedureName)),
        (wording_cases.SHORT_PROCEDURES, set(ProcedureName)),
        (wording_cases.EDITIONS, set(EDITIONS)),
        (wording_cases.STAGES, set(Stage)),
        (wording_cases.STEPS, _steps()),
        (wording_cases.EVENTS, {*_steps(), "open"}),
        (
            wording_cases.CONDITIONS,
            {
                one.code
                for of in (conditions, conditions_of_vehicle)
                for one in vars(of).values()
                if isinstance(one, Condition)
            },
        ),
        (wording_cases.OUTCOMES, set(Outcome)),
        (wording_cases.CHANNELS, set(Channel)),
        (wording_cases.PURPOSES, set(Purpose)),
        (wording_findings.DOCUMENTS, set(DocumentKind)),
        (wording_audit.PROBLEMS, _problems_of_the_trail()),
        (words.PROCEDURES, set(ProcedureName)),
        (words.STAGES, set(Stage)),
    ],
    ids=[
        "procedures",
        "short procedures",
        "editions",
        "stages",
        "steps",
        "events",
        "conditions",
        "outcomes",
        "channels",
        "purposes",
        "documents",
        "problems of the trail",
        "procedures for citizens",
        "stages for citizens",
    ],
)
def test_every_code_has_words_and_no_words_are_left_without_a_code(said_of: Mapping[str, object], codes: set[str]):
    assert set(map(str, said_of)) == set(map(str, codes))


def test_every_code_of_a_package_has_words_for_staff_and_citizens():
    unusable = _codes_of_packages(*_UNUSABLE)
    noticed = _codes_of_packages("Warnings about a package", "The form") | unusable
    looked_into = {code for code in _codes_of_packages("Attachments looked into") if not code.startswith("preview-")}

    assert len(unusable) > 40
    assert unusable - set(wording_packages.REASONS) == set()
    assert noticed - {*wording_reasons.REASONS, *wording_findings.FINDINGS, *wording_findings.FLAGS} == set()
    assert looked_into - set(wording_findings.FLAGS) == set()


def test_every_doubt_about_an_application_has_a_sentence():
    codes = set(_codes_of_checks())

    # Nothing in an application is a NIP; a plate, a PESEL and a VIN are.
    assert {"vin-letters", "pesel-date", "registration-overdue", "signer-of-entity", "signature-failed"} <= codes
    assert {code for code in codes if not code.startswith("nip-")} - set(wording_findings.FINDINGS) == set()


def test_every_refusal_of_a_rule_has_a_sentence():
    """What a rule raises with its code written out."""
    raised = re.compile(r'(?:BadInput|ConditionMissing|super\(\)\.__init__)\(\s*"([a-z-]+)"')
    sources = [path.read_text("utf-8") for path in (ROOT / "app/domain").glob("*.py")]
    codes = {code for source in sources for code in raised.findall(source)}

    assert {"movement-not-open", "term-too-short"} <= codes
    assert codes - {*wording.REFUSALS, *wording_cases.CONDITIONS} == set()


def test_every_event_of_the_audit_trail_has_words():
    recorded = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id == "record" and len(call.args) > 2:
                recorded.add(ast.literal_eval(call.args[2]))

    assert recorded == set(wording_audit.ACTIONS)


def test_every_word_of_the_form_reads_in_polish(spoken):
    for kind in (form.RequestKind, form.Origin, form.Acquisition, form.Way):
        assert len(set(kind)) > 1
    assert spoken.pgettext("vehicle", "new") == "nowy"
    assert spoken.pgettext("stage", "Received") == "Wpłynęła"
    assert spoken.gettext("Received") == "Odebrane"


def test_a_refused_step_says_what_is_missing_and_other_refusals_say_something(mailbox_words):
    assert mailbox_words(ConditionMissing("fees-paid", step="register")) == "Brak potwierdzenia opłat."
    assert mailbox_words(StepNotOpen("step-not-open")).startswith("Sprawa jest już na innym etapie")
    assert mailbox_words(BadInput("something-new")) == "Zasady urzędu teraz na to nie pozwalają."


def test_what_a_machine_noticed_reads_in_polish_to_its_last_word(polish_request):
    with polish_request:
        day = wording_findings.finding("date-in-future", {"date": "2027-01-31"})
        missing = wording_findings.finding("document-missing", {"kind": "OWNERSHIP", "law": "PRD art. 72"})
        doubt = wording_findings.finding("signature-undecided", {"reasons": "chain-unknown, suspended"})

    assert day.endswith("31.01.2027.")
    assert "Dowód własności" in missing
    assert "wystawca nieznany urzędowi, zawieszony certyfikat" in doubt


@pytest.fixture
def polish_request():
    """A request of a small application of its own that speaks our Polish."""
    app = Flask(__name__)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app, default_locale="pl")
    return app.test_request_context()


@pytest.fixture
def mailbox_words(polish_request):
    def words_of(error) -> str:
        with polish_request:
            return wording.refusal(error)

    return words_of
