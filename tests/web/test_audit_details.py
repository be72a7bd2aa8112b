"""Whatever the program writes into the audit trail, an auditor reads it in words: keys, codes, days and people."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask_babel import force_locale

from app.domain.acts import ActorKind
from app.domain.annotations import AnnotationKind
from app.domain.appeals import AppealOutcome
from app.domain.custody import Discrepancy, Movement
from app.domain.delivery import Side
from app.domain.determinations import DeterminationCode
from app.domain.documents import DocumentKind
from app.domain.fees import fees
from app.domain.items import ItemKind
from app.domain.procedures.editions import EDITIONS, PROCEDURES
from app.domain.procedures.facts import Verdict
from app.domain.procedures.stages import ProcedureName, Stage
from app.domain.vehicles import PlateKind
from app.letters.kinds import LETTER_KINDS
from app.models import Carriage, Channel, Outcome, ParcelOutcome, Purpose
from app.outbox.deliver import HANDLERS
from app.views.office.audit_details import ACTORS, LABELS, details, named_in

pytestmark = pytest.mark.one_database
ROOT = Path(__file__).resolve().parents[2]
CODES = {
    "annotation": AnnotationKind,
    "by": {*ActorKind, *Side},
    "channel": Channel,
    "code": DeterminationCode,
    "differs": Discrepancy,
    "edition": EDITIONS,
    "event": {"first_notice", "second_notice", *ParcelOutcome},
    "fee": {fee.code for fee in fees()},
    "how": {"own", "link"},
    "kind": {*ItemKind, *DocumentKind, *LETTER_KINDS, *PlateKind, *HANDLERS, "csv", "xlsx"},
    "movement": Movement,
    "outcome": {*Outcome, *ParcelOutcome, *AppealOutcome},
    "personal": {"applicant_name", "pesel"},
    "procedure": ProcedureName,
    "purpose": Purpose,
    "step": {step.name for procedure in PROCEDURES.values() for step in procedure.steps},
    "to": Stage,
    "verdict": Verdict,
    "way": Carriage,
}
"""What may stand under a key whose values are codes."""

ELSEWHERE = {"reasons", "register", "why", "job"}
"""Codes of long lists: tests of their own ask words for each of them."""

PEOPLE = {"before", "citizen", "clerk", "item", "items", "party", "user"}
DAYS = {"day", "on", "served_on"}
TRUTHS = {"holds", "late", "off", "wished"}
AS_THEY_STAND = {
    "absent", "after", "certificate", "consignment", "count", "days", "document", "ended", "entries", "extra",
    "fingerprint", "first", "flagged", "found", "gained", "grosze", "instead", "instead_of", "issuer", "last",
    "length", "letter", "list", "lost", "make_and_model", "missing", "moved", "name", "new", "now", "number", "package",
    "permit", "place", "plate", "reason", "receipt", "remark", "roles", "serial", "sha256", "sign", "size", "subject",
    "tracking", "tries", "verification", "version", "vin", "was", "wording",
}  # fmt: skip
"""Numbers, names and what people wrote."""


def written_down() -> Iterator[tuple[str, str]]:
    """Every key of the details of an event that the program writes, with the place."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for verb in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(verb, ast.FunctionDef):
                for key in _keys(verb):
                    yield key, f"{path.relative_to(ROOT)}:{verb.name}"


def _keys(verb: ast.FunctionDef) -> Iterator[str]:
    calls = [
        node
        for node in ast.walk(verb)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record"
    ]
    named = {part.id for call in calls for part in call.args if isinstance(part, ast.Name)}
    tables = [part for call in calls for part in call.args]
    tables += [
        node.value
        for node in ast.walk(verb)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in named
    ]
    for table in tables:
        if isinstance(table, ast.Dict):
            yield from (key.value for key in table.keys if isinstance(key, ast.Constant))


@pytest.fixture
def polish(office_app):
    with office_app.test_request_context(), force_locale("pl"):
        yield


def test_every_key_that_is_written_down_has_words_and_is_known_to_this_test():
    keys = dict(written_down())

    assert len(keys) > 50
    assert {key: place for key, place in keys.items() if key not in LABELS} == {}
    assert {key: place for key, place in keys.items() if key not in known()} == {}
    assert set(ACTORS) == {*ActorKind, "visitor"}


def known() -> set[str]:
    return CODES.keys() | ELSEWHERE | PEOPLE | DAYS | TRUTHS | AS_THEY_STAND


@pytest.mark.parametrize("key", CODES)
def test_every_code_that_may_stand_in_a_detail_reads_in_words(polish, key):
    codes: Iterable[str] = CODES[key]

    raw = [code for code in codes if details("", {key: str(code)}, {}).endswith(f": {code}")]

    assert [code for code in raw if code != "system"] == []  # which is Polish, too


def test_days_truths_amounts_and_people_read_as_people_say_them(polish):
    said = details(
        "case-assigned",
        {"before": 3, "clerk": 4, "on": "2026-11-02", "holds": False, "grosze": 8050},
        {"staff:4": "Anna"},
    )

    assert said == "poprzedni referent: nr\xa03; referent: Anna; dnia: 02.11.2026; obowiązuje: nie; kwota: 80,50\xa0zł"
    assert named_in({"user": 7, "before": ["Referent"], "citizen": None, "items": [2, 3]}) == [
        "staff:7",
        "item:2",
        "item:3",
    ]


def test_what_an_act_has_just_named_is_not_named_again(polish):
    assert details("step-taken", {"step": "remind", "to": "awaiting_originals"}, {}).startswith("przypomnienie; etap: ")
    said = {"code": "withdrawal_signed", "holds": True}
    assert details("determined", said, {}) == "Cofnięcie wniosku jest podpisane"
    assert details("determined", said | {"holds": False}, {}) == "Cofnięcie wniosku jest podpisane; cofnięte"
    assert details("item-compared", {"item": 219}, {"item:219": "Tablica nr 219"}) == "rzecz: Tablica nr 219"


def test_a_job_and_a_refusal_in_a_detail_read_in_words(polish):
    assert details("job-retried", {"job": "send_letter:125"}, {}) == "zadanie: wysłanie pisma"
    assert "clerk-changed" not in details("letter-stopped", {"why": "clerk-changed"}, {})
    assert "hash-mismatch" not in details("package-judged", {"reasons": ["hash-mismatch"]}, {})
    assert "PlateRegister" not in details("register-exported", {"register": "PlateRegister"}, {})
