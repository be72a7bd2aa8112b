"""Does the key ring keep secrets, notice changes and survive a change of keys?"""

from __future__ import annotations

import base64
import os

import pytest

from app.vault import BadKeys, CannotOpen, KeyRing, UnknownKey


def new_key(key_id: str) -> str:
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


OLD, NEW = new_key("2026a"), new_key("2026b")
TEST_PESEL = "44051401359"  # test data with a valid checksum


def test_a_sealed_text_opens_again_and_never_looks_the_same_twice() -> None:
    ring = KeyRing.from_text(OLD)

    first, second = ring.seal("Zażółć gęślą jaźń"), ring.seal("Zażółć gęślą jaźń")

    assert first != second
    assert ring.open(first) == ring.open(second) == "Zażółć gęślą jaźń"
    assert first.startswith("2026a.")
    assert "Zażółć" not in first


def test_a_new_first_key_encrypts_and_the_old_one_still_opens() -> None:
    before = KeyRing.from_text(OLD)
    token = before.seal(TEST_PESEL)

    after = KeyRing.from_text(f"{NEW}, {OLD}")

    assert after.open(token) == TEST_PESEL
    assert after.seal(TEST_PESEL).startswith("2026b.")


def test_a_value_of_a_removed_key_says_that_the_key_is_gone() -> None:
    token = KeyRing.from_text(OLD).seal(TEST_PESEL)

    with pytest.raises(UnknownKey, match="2026a"):
        KeyRing.from_text(NEW).open(token)


def test_another_key_under_the_same_id_does_not_open() -> None:
    token = KeyRing.from_text(OLD).seal(TEST_PESEL)

    with pytest.raises(CannotOpen):
        KeyRing.from_text(new_key("2026a")).open(token)


def test_every_changed_byte_is_noticed() -> None:
    ring = KeyRing.from_text(OLD)
    name, _, encoded = ring.seal("secret").partition(".")
    sealed = base64.urlsafe_b64decode(encoded)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            ring.open(f"{name}.{base64.urlsafe_b64encode(changed).decode()}")


@pytest.mark.parametrize("token", ["", "2026a", "2026a.", "2026a.!!!!", "2026a.AAAA", ".AAAA", "ż.AAAA"])
def test_what_is_not_a_token_is_refused(token: str) -> None:
    with pytest.raises(CannotOpen):
        KeyRing.from_text(OLD).open(token)


def test_a_value_moved_to_another_column_does_not_open() -> None:
    ring = KeyRing.from_text(OLD)
    token = ring.seal(TEST_PESEL, context="person.pesel")

    assert ring.open(token, context="person.pesel") == TEST_PESEL
    with pytest.raises(CannotOpen):
        ring.open(token, context="person.document")


def test_digests_find_equal_texts_only_and_depend_on_the_key() -> None:
    old, new = KeyRing.from_text(OLD), KeyRing.from_text(NEW)

    assert old.digest(TEST_PESEL) == old.digest(TEST_PESEL)
    assert old.digest(TEST_PESEL) != old.digest("44051401458")
    assert old.digest(TEST_PESEL) != new.digest(TEST_PESEL)
    assert len(old.digest(TEST_PESEL)) == 64


def test_what_was_noted_under_an_earlier_key_is_known_by_a_ring_that_still_has_it() -> None:
    old, new, both = (KeyRing.from_text(keys) for keys in (OLD, NEW, f"{NEW},{OLD}"))

    assert both.digests(TEST_PESEL) == (new.digest(TEST_PESEL), old.digest(TEST_PESEL))
    assert both.is_current(new.seal(TEST_PESEL))
    assert not both.is_current(old.seal(TEST_PESEL))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        "2026a",
        "2026a:",
        "2026a:not base64",
        "2026a:" + base64.b64encode(b"short").decode(),
        "bad id:" + base64.b64encode(bytes(32)).decode(),
        f"{OLD},{OLD}",
    ],
)
def test_bad_settings_are_refused(text: str) -> None:
    with pytest.raises(BadKeys):
        KeyRing.from_text(text)


def test_neither_the_ring_nor_its_complaints_show_key_material() -> None:
    secret = OLD.partition(":")[2]

    assert secret not in repr(KeyRing.from_text(OLD))
    with pytest.raises(BadKeys) as complaint:
        KeyRing.from_text(OLD + "!")
    assert secret not in str(complaint.value)
