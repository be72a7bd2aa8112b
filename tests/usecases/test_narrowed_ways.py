"""A summons that narrows how a thing may come: the letter says it, the sheet for the envelope leaves the thing out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.deadlines import Way
from app.domain.procedures.facts import Verdict
from app.house import equipment
from app.models import Letter
from app.usecases.demands import demands_of_step
from app.usecases.prepare_letter import printable_letter
from tests.factories import application_files, send
from tests.usecases.at_work import Work, a_citizen, by_mailbox
from tests.usecases.test_co_owners import words_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def work(office, signers) -> Work:
    work = Work(send(signers.sign(application_files()), sender=by_mailbox(a_citizen())).case_id)
    work.take()
    return work


def narrowed(work: Work, step: str, **ways: Way) -> Letter:
    demands = [
        replace(one, ways=frozenset({ways[one.subject]})) if one.subject in ways else one
        for one in demands_of_step(work.case, step)
    ]
    return work.write(step, demands=tuple(demands))


def enclosed(letter: Letter) -> tuple[str, ...]:
    cover = printable_letter(letter, equipment=equipment()).cover
    assert cover is not None
    return cover.enclose


def test_a_thing_that_comes_only_in_person_says_so_and_is_not_put_into_the_envelope(work):
    work.accept_all()

    letter = narrowed(work, "summon_originals", REG_CERT=Way.IN_PERSON)

    assert "dowód rejestracyjny – tylko osobiście" in words_of(letter)
    assert words_of(letter).count("tylko osobiście") == 1
    assert "tablica rejestracyjna – SC 12345, 1 z 2" in enclosed(letter)
    assert not [words for words in enclosed(letter) if "dowód rejestracyjny" in words]
    assert {d.subject: d.ways for d in letter.summons.demands}["REG_CERT"] == ["in_person"]


def test_the_reminder_repeats_the_way(work):
    work.accept_all()
    narrowed(work, "summon_originals", REG_CERT=Way.IN_PERSON)
    work.open_letter()
    work.later(40)

    letter = work.write("remind")

    assert "dowód rejestracyjny – tylko osobiście" in words_of(letter)


@pytest.mark.parametrize("step", ["summon_remedy", "remind"])
def test_what_invites_post_brings_the_sheet_for_the_envelope(work, step):
    work.accept_all(**({"REG_CERT": Verdict.ILLEGIBLE} if step == "summon_remedy" else {}))
    letter = work.write("summon_remedy" if step == "summon_remedy" else "summon_originals")
    if step == "remind":
        work.open_letter()
        work.later(40)
        letter = work.write("remind")

    assert "Karta do przesyłki" in words_of(letter)
    assert [words for words in enclosed(letter) if "dowód rejestracyjny" in words]


def test_what_comes_only_through_the_mailbox_needs_no_sheet(work):
    work.accept_all(REG_CERT=Verdict.ILLEGIBLE)

    letter = narrowed(work, "summon_remedy", REG_CERT=Way.ELECTRONIC)

    assert "tylko przez skrzynkę" in words_of(letter)
    assert "Karta do przesyłki" not in words_of(letter)
