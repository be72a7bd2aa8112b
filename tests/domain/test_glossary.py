"""The glossary has every word of the tables, each once and in its place."""

from collections import Counter
from pathlib import Path

import pytest

from app.domain import annotations, deadlines, documents
from app.domain.documents import Answers, DocumentKind, grounds, required_documents
from app.domain.procedures import EDITIONS, PROCEDURES, Doer, ProcedureName, Stage

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
ALPHABET = "aąbcćdeęfghijklłmnńoóprsśtuvwxyzźż"


def groups():
    """The tables of the glossary: heading to rows of cells."""
    found, heading = {}, ""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
            found[heading] = []
        elif line.startswith("| ") and heading:
            found[heading].append([cell.strip() for cell in line.strip("|").split("|")])
    return {heading: rows[1:] for heading, rows in found.items()}


def identifiers(heading):
    return [row[1].strip("`") for row in groups()[heading]]


def cited():
    """Every law that the tables, the rules about documents and the explanations of dates cite."""
    laws = {step.law for procedure in PROCEDURES.values() for step in procedure.steps}
    laws |= {ground.law for ground in grounds().values()}
    laws |= {rule.law for rule in annotations.RULES}
    laws |= {rule.law for rule in (*documents._REGISTRATION, *documents._DEREGISTRATION)}
    for edition in EDITIONS:
        for ground in grounds():
            answers = Answers(ground=ground)
            laws |= {one.law for one in required_documents(ProcedureName.DEREGISTRATION, edition, answers)}
    clock = deadlines.Clock(
        (
            deadlines.started(deadlines.dt.date(2026, 9, 30)),
            deadlines.stopped(deadlines.dt.date(2026, 10, 1), deadlines.StopReason.AWAITING_PARTY),
            deadlines.restarted(deadlines.dt.date(2026, 10, 5)),
            deadlines.extended(deadlines.dt.date(2026, 10, 6), deadlines.dt.date(2026, 11, 1)),
        )
    )
    laws |= {line.law for line in clock.reckon(deadlines.dt.date(2026, 10, 7)).lines}
    return laws - {""}


def test_every_stage_has_a_word():
    assert sorted(identifiers("Stages")) == sorted(stage.value for stage in Stage)


def test_every_step_has_a_word():
    assert sorted(identifiers("Steps")) == sorted({s.name for table in PROCEDURES.values() for s in table.steps})


def test_every_kind_of_document_has_a_word():
    assert sorted(identifiers("Documents and plates")) == sorted(DocumentKind)


def test_every_doer_and_procedure_has_a_word():
    assert {doer.value for doer in Doer} - {"system"} <= set(identifiers("People and offices"))
    assert {procedure.value for procedure in ProcedureName} <= set(identifiers("Case and file"))


def test_every_law_that_the_tables_cite_is_explained_and_no_other():
    explained = {row[0] for row in groups()["Law that the tables cite"]}

    assert explained == cited()


@pytest.mark.parametrize("heading", [heading for heading in groups() if not heading.startswith("Law")])
def test_terms_stand_in_the_order_of_the_polish_alphabet(heading):
    terms = [row[0].lower() for row in groups()[heading]]
    keys = [[ALPHABET.find(char) for char in term if char.isalnum() or char == " "] for term in terms]

    assert keys == sorted(keys)


def test_no_term_and_no_identifier_stands_twice_in_a_group():
    for heading, rows in groups().items():
        for column in (0, 1):
            twice = [text for text, count in Counter(row[column] for row in rows).items() if count > 1]
            if not (heading.startswith("Law") and column == 1):
                assert twice == [], heading
