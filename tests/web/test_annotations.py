"""What is still to be written on papers stands before the clerk with its words, and is recorded with one button."""

from __future__ import annotations

import pytest
from lxml import html

from app.domain.annotations import AnnotationKind
from app.domain.delivery import Method
from app.domain.items import ItemKind
from app.models import Case, Determination, authored
from app.transaction import one_transaction
from tests.usecases.test_printouts import words_of
from tests.web.at_the_counter import Counter
from tests.web.conftest import log_in_staff
from tests.web.mailbox_people import text_of
from tests.web.test_posting_room import held_by

pytestmark = pytest.mark.one_database
WORDS = "Pojazd zarejestrowany, nr rej. SC 7A123, data "


@pytest.fixture
def counter(office, authority) -> Counter:
    made = Counter(office, authority)
    made.decide()
    made.ask(lambda work: held_by(work, "clerk"))
    return made


@pytest.fixture
def clerk(office, counter):
    return log_in_staff(office, "clerk")


def annotations_of(counter: Counter) -> list[AnnotationKind]:
    return counter.ask(
        lambda work: [kind for item in work.case.items if item.kind is ItemKind.OWNERSHIP for kind in item.annotations]
    )


def form_of(page, address: str) -> dict[str, object]:
    """What the form that posts to `address` sends when nobody touches it."""
    (form,) = html.fromstring(page.text).xpath(f"//form[@action='{address}']")
    sent: dict[str, object] = {}
    for field in form.xpath(".//input[@name][not(@type='checkbox') or @checked]"):
        sent.setdefault(field.get("name"), []).append(field.get("value") or "")
    sent.pop("csrf_token")
    return sent


def test_the_case_file_has_all_due_annotations_ready_and_one_button_records_them(counter, clerk):
    file, act = f"/sprawa/{counter.sign}", f"/kancelaria/rzeczy/{counter.sign}/adnotacje"
    before = clerk.get(file)
    sent = form_of(before, act)

    done = clerk.post(act, sent, see=file)

    assert text_of(before).count(WORDS) == 1
    assert "2 adnotacje do naniesienia przed przekazaniem" in text_of(before)
    assert len(sent["pick"]) == 2
    assert done.location.endswith(f"{file}#things")
    after = text_of(clerk.get(file))
    assert annotations_of(counter) == [AnnotationKind.REGISTERED, AnnotationKind.COPY_CERTIFIED]
    assert "adnotacja o zarejestrowaniu pojazdu: Dowód własności „" + WORDS in after
    assert "do naniesienia" not in after


def test_what_was_sent_too_late_is_shown_and_sent_again_as_a_whole(counter, clerk):
    file, act = f"/sprawa/{counter.sign}", f"/kancelaria/rzeczy/{counter.sign}/adnotacje"
    sent = form_of(clerk.get(file), act)
    counter.ask(lambda work: (work.later(1), work.invalidate()))  # somebody else

    late = clerk.post(act, sent, see=file)
    again = clerk.post(act, form_of(late, act), see=file)

    assert late.status_code == 409
    assert ", adnotacja o zarejestrowaniu pojazdu" in text_of(late)
    assert again.status_code == 302
    assert annotations_of(counter) == [AnnotationKind.REGISTERED, AnnotationKind.COPY_CERTIFIED]


def test_the_page_of_things_shows_what_stands_and_lets_it_be_struck_out_with_a_reason(counter, clerk):
    page = f"/kancelaria/{counter.sign}/rzeczy"
    act = f"/kancelaria/rzeczy/{counter.sign}/adnotacje"
    nothing = clerk.post(act, form_of(clerk.get(page), act) | {"pick": []}, see=page)
    clerk.post(act, form_of(clerk.get(page), act) | {"note": "na odwrocie"}, see=page)
    number = counter.ask(lambda work: next(i.number for i in work.case.items if i.kind is ItemKind.OWNERSHIP))
    strike = f"/kancelaria/rzeczy/{counter.sign}/skreslenie/{number}"
    shown = clerk.get(page)
    version = counter.ask(lambda work: work.case.version)

    silent = clerk.post(strike, {"version": version, "kind": "registered", "reason": " "}, see=page)
    struck = clerk.post(strike, {"version": version, "kind": "registered", "reason": "zły dokument"}, see=page)

    assert nothing.status_code == 422
    assert "(na odwrocie)" in text_of(shown)
    choices = html.fromstring(shown.text).xpath(f"//form[@action='{strike}']//input[@name='kind']/@value")
    assert choices == ["registered", "copy_certified"]
    assert silent.status_code == 422
    assert struck.status_code == 302
    assert annotations_of(counter) == [AnnotationKind.COPY_CERTIFIED]
    after = text_of(clerk.get(page))
    assert "skreślono: adnotacja o zarejestrowaniu pojazdu (zły dokument)" in after
    assert "1 do naniesienia" in after


def test_words_that_somebody_makes_up_are_not_written_down(counter, clerk):
    page, act = f"/kancelaria/{counter.sign}/rzeczy", f"/kancelaria/rzeczy/{counter.sign}/adnotacje"
    sent = form_of(clerk.get(page), act)

    clerk.post(act, sent | {"wording": "Pojazd sprawny", "words": "Pojazd sprawny"}, see=page)
    strange = clerk.post(act, sent | {"pick": [f"{sent['pick'][0]}!"]}, see=page)

    assert "Pojazd sprawny" not in clerk.get(page).text
    assert strange.status_code == 404


def test_whoever_gives_papers_away_reads_what_is_missing_and_may_go_on(office, counter, clerk):
    desk = log_in_staff(office, "front_desk")
    giving = f"/kancelaria/{counter.sign}/wydanie"
    page, act = f"/kancelaria/{counter.sign}/rzeczy", f"/kancelaria/rzeczy/{counter.sign}/adnotacje"
    before = desk.get(giving)

    assert "2 adnotacji jeszcze nie naniesiono" in text_of(before)
    assert "Wydaj" in text_of(before)
    assert act not in desk.get(page).text  # it is the clerk who records them
    assert "2 adnotacji jeszcze nie naniesiono" in text_of(desk.get(page))
    clerk.post(act, form_of(clerk.get(page), act), see=page)
    assert "nie naniesiono" not in text_of(desk.get(giving))


def test_the_posting_room_reads_it_too(office, authority):
    counter = Counter(office, authority)
    counter.decide(method=Method.POST)
    desk = log_in_staff(office, "front_desk")

    before = text_of(desk.get("/kancelaria/poczta/"))
    counter.ask(lambda work: work.annotate())

    assert "brak adnotacji: 2" in before
    assert "brak adnotacji" not in text_of(desk.get("/kancelaria/poczta/"))


def test_before_the_decision_the_file_says_what_will_have_to_be_written(office, authority):
    counter = Counter(office, authority)
    counter.await_originals()
    counter.ask(lambda work: (work.receive_all(), held_by(work, "clerk")))
    clerk = log_in_staff(office, "clerk")

    page = text_of(clerk.get(f"/sprawa/{counter.sign}"))

    assert "po wysłaniu decyzji: Dowód własności – adnotacja o zarejestrowaniu pojazdu" in page
    assert WORDS not in page


def test_an_annotation_that_was_a_determination_once_stands_in_the_history(counter, clerk):
    def determined_once(work) -> None:
        with one_transaction() as session:
            row = Determination(code="annotation", holds=True, text="na odwrocie umowy", **authored(work.act()))
            case = session.get_one(Case, work.case_id)
            case.determinations.append(row)

    counter.ask(determined_once)

    assert "adnotacja na dokumencie: na odwrocie umowy" in text_of(clerk.get(f"/sprawa/{counter.sign}"))
    assert "adnotacja na dokumencie" not in text_of(clerk.get(f"/sprawa/{counter.sign}/weryfikacja"))


def test_the_case_card_names_each_annotation(counter, clerk):
    counter.ask(lambda work: held_by(work, "referent"))
    counter.ask(lambda work: work.annotate())

    card = words_of(clerk.get(f"/dokumenty/metryka/{counter.sign}.pdf").data)

    assert "adnotacja o zarejestrowaniu pojazdu: Dowód własności" in card
