"""Does the key ring keep secrets, notice changes and survive a change of keys?"""

from __future__ import annotations

import base64

import pytest

from app.vault import BadKeys, CannotOpen, KeyRing, UnknownKey, new_key

OLD, NEW = new_key("2026a"), new_key("2026b")
TEST_PESEL = "44051401359"  # test data with a valid checksum


def test_a_sealed_text_opens_again_and_never_looks_the_same_twice() -> None:
    ring = KeyRing.from_text(OLD)

    first, second = ring.seal("Zażółć gęślą jaźń"), ring.seal("Zażółć gęślą jaźń")

    assert first != second
    assert ring.open(first) == ring.open(second) == "Zażółć gęślą jaźń"
    assert first.startswith("2026a.")
    assert "Zażółć" not in first


def test_sealed_bytes_open_again() -> None:
    ring = KeyRing.from_text(OLD)
    data = bytes(range(256)) * 40

    sealed = ring.seal_bytes(data, context="seal")

    assert ring.open_bytes(sealed, context="seal") == data
    assert data[:64] not in sealed


def test_a_new_first_key_encrypts_and_the_old_one_still_opens() -> None:
    before = KeyRing.from_text(OLD)
    token, blob = before.seal(TEST_PESEL), before.seal_bytes(b"key")

    after = KeyRing.from_text(f"{NEW}, {OLD}")

    assert after.open(token) == TEST_PESEL
    assert after.open_bytes(blob) == b"key"
    assert after.current == "2026b"
    assert not after.is_current(token)
    assert not after.is_current(blob)
    assert after.is_current(after.seal(TEST_PESEL))
    assert after.is_current(after.seal_bytes(b"key"))


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
    sealed = ring.seal_bytes(b"secret")

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            ring.open_bytes(bytes(changed))


@pytest.mark.parametrize("token", ["", "2026a", "2026a.", "2026a.!!!!", "2026a.AAAA", ".AAAA", "ż.AAAA"])
def test_what_is_not_a_token_is_refused(token: str) -> None:
    with pytest.raises(CannotOpen):
        KeyRing.from_text(OLD).open(token)


@pytest.mark.parametrize("length", [0, 3, 4, 5, 9, 20])
def test_sealed_bytes_cut_short_are_refused(length: int) -> None:
    ring = KeyRing.from_text(OLD)

    with pytest.raises(CannotOpen):
        ring.open_bytes(ring.seal_bytes(b"secret")[:length])


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


def test_while_a_key_is_replaced_both_digests_are_searched() -> None:
    stored = KeyRing.from_text(OLD).digest(TEST_PESEL)

    ring = KeyRing.from_text(f"{NEW},{OLD}")

    assert stored in ring.digests(TEST_PESEL)
    assert ring.digests(TEST_PESEL)[0] == ring.digest(TEST_PESEL)


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
