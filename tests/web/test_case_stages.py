"""The case file at every stage: what can be done, in how many statements, and what each panel says."""

from __future__ import annotations

import dataclasses
import re

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.house import equipment
from app.usecases.free_slots import free_slots
from tests.web.case_office import STAGES
from tests.web.conftest import log_in_staff, system
from tests.web.mailbox_people import text_of

_NEXT = {
    "verification": ("Sprawdź dokumenty", "weryfikacja"),
    "awaiting_originals": ("Odnotuj cofnięcie wniosku", None),
    "originals_complete": ("Przygotuj decyzję", "#preparing"),
    "agreeing_handover": ("Zaproponuj sposób przekazania", "#agreement"),
    "permanent_ready": ("Unieważnij dotychczasowy dowód", "/kancelaria/{sign}/rzeczy?ruch=invalidated"),
}


def primary(page: str) -> list[str]:
    return re.findall(r'class="btn[^"]* btn-primary[^"]*"[^>]*>(?:<svg.*?</svg>)?([^<]*)<', page)


@pytest.mark.parametrize("stage", STAGES)
def test_a_case_file_takes_at_most_twelve_statements_at_every_stage(ready, case_at, stage):
    sign = case_at(stage)
    clerk = log_in_staff(ready, "clerk")
    clerk.get(f"/sprawa/{sign}")
    statements = []
    with ready.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

    answer = clerk.get(f"/sprawa/{sign}")

    assert answer.status_code == 200
    assert f"{len(primary(answer.text))} primary" in {"0 primary", "1 primary"}
    # All of the request: session, rights, the case, and the event that somebody read it.
    assert len(statements) <= 12, "\n".join(statement[:160] for statement in statements)


@pytest.mark.one_database
@pytest.mark.parametrize("stage", ["verification", "originals_complete", "agreeing_handover", "permanent_ready"])
def test_one_act_is_the_next_one_and_leads_where_it_is_done(ready, case_at, stage):
    sign = case_at(stage)
    label, place = _NEXT[stage]

    page = log_in_staff(ready, "clerk").get(f"/sprawa/{sign}").text

    assert primary(page) == [label]
    href = place.format(sign=sign) if place.startswith(("#", "/")) else f"/sprawa/{sign}/{place}"
    assert f'btn-primary" href="{href}"' in page


@pytest.mark.one_database
def test_what_is_not_open_stays_visible_and_says_why(ready, case_at):
    sign = case_at("originals_complete")

    page = log_in_staff(ready, "clerk").get(f"/sprawa/{sign}")

    closed = re.findall(r'aria-disabled="true" aria-describedby="step-(\w+)-why"', page.text)
    assert {"register_temporarily", "summon_further", "refuse"} <= set(closed)
    assert "Brak potwierdzenia opłat." in text_of(page)
    assert f"/sprawa/{sign}/pismo/notify_delay" in page.text


@pytest.mark.one_database
def test_a_clock_that_stands_is_said_in_words(ready, case_at):
    standing, running = case_at("awaiting_originals"), None
    clerk = log_in_staff(ready, "clerk")

    text = text_of(clerk.get(f"/sprawa/{standing}"))

    assert running is None
    assert re.search(r"Termin nie biegnie od \d\d\.\d\d\.\d{4}, bo sprawa czeka na oryginały i tablice\.", text)


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["clerk", "supervisor", "front_desk"])
def test_a_case_with_letters_shows_no_link_that_is_closed_to_whoever_reads_it(ready, case_at, role):
    sign, reader = case_at("permanent_ready"), log_in_staff(ready, role)

    page = reader.get(f"/sprawa/{sign}").text

    links = set(re.findall(rf'href="(/sprawa/{re.escape(sign)}/pismo/[^"]+)"', page))
    assert {link: reader.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    assert bool(links) == (role != "front_desk")
    assert re.search(r"czasowej\srejestracji", page)


@pytest.mark.one_database
def test_the_section_that_waits_comes_first(ready, case_at):
    sign = case_at("agreeing_handover")

    page = log_in_staff(ready, "clerk").get(f"/sprawa/{sign}").text

    assert re.findall(r'<section class="panel" id="(\w+)"', page)[0] == "agreement"
    assert re.findall(r'<li><a href="#(\w+)" aria-current="true"', page) == ["agreement"]


@pytest.mark.one_database
def test_visits_are_offered_day_by_day_the_same_as_in_the_mailbox(ready, case_at):
    sign = case_at("agreeing_handover")
    with ready.app_context():
        offered = [slot.begins.isoformat() for slot in free_slots(db.session(), equipment=equipment(), act=system())]

    page = log_in_staff(ready, "clerk").get(f"/sprawa/{sign}").text

    select = re.search(r'<select[^>]* name="slot">(.*?)</select>', page)[1]
    assert re.findall(r'value="([^"]+)"', select) == offered
    days = re.findall(r'<optgroup label="(\w+), [^"]+">', select)
    assert len(days) >= 8
    assert not {"sobota", "niedziela"} & set(days)
    halves = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', select)
    assert {label.rpartition(", ")[2] for label, _ in halves} == {"przed południem", "po południu"}
    hours = [(label, re.findall(r" (\d\d):\d\d<", options)) for label, options in halves]
    assert all((hour >= "12") is label.endswith("po południu") for label, found in hours for hour in found)


@pytest.mark.one_database
def test_an_office_that_offers_no_visits_has_none_to_choose(ready, case_at):
    sign = case_at("agreeing_handover")
    tools = ready.extensions["equipment"]
    none = dataclasses.replace(tools.settings, office=dataclasses.replace(tools.office, slots=""))
    ready.extensions["equipment"] = dataclasses.replace(tools, settings=none)

    page = log_in_staff(ready, "clerk").get(f"/sprawa/{sign}")

    assert page.status_code == 200
    assert 'name="slot"' in page.text
    assert "<optgroup" not in re.search(r'<select[^>]* name="slot">(.*?)</select>', page.text)[1]


@pytest.mark.one_database
def test_at_the_end_what_is_given_stands_beside_what_comes_back_first(ready, case_at):
    sign = case_at("permanent_ready")

    text = text_of(log_in_staff(ready, "clerk").get(f"/sprawa/{sign}"))

    assert "Wydajemy" in text
    assert "Stały dowód rejestracyjny DR/BAA 1234567" in text
    assert "Najpierw odbieramy Pozwolenie czasowe PC 1234567" in text
    assert "jeszcze nieokazana" in text


@pytest.mark.one_database
def test_the_history_holds_steps_things_letters_and_verdicts(ready, case_at):
    sign = case_at("agreeing_handover")

    text = text_of(log_in_staff(ready, "clerk").get(f"/sprawa/{sign}"))

    for said in (
        "przyjęcie (RPW/1/",
        "porównanie: ",
        "założenie sprawy",
        "Dowód własności: przyjęty",
        "rejestracja czasowa",
    ):
        assert said in text, said


@pytest.mark.one_database
def test_the_front_desk_sees_its_own_acts_and_a_colleague_none(ready, case_at):
    sign = case_at("agreeing_handover")

    desk = log_in_staff(ready, "front_desk").get(f"/sprawa/{sign}")
    boss = log_in_staff(ready, "supervisor").get(f"/sprawa/{sign}")

    assert "step-hand_out-why" in desk.text
    assert "notify_delay" not in desk.text
    assert f"/sprawa/{sign}/pismo/notify_delay" in boss.text
    assert "step-hand_out-why" not in boss.text
    assert "Otwarta też przez: T. Front_Desk" in text_of(boss)
