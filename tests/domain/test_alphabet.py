"""Names stand in the order of the Polish alphabet."""

from app.domain.alphabet import polish_key


def test_letters_with_marks_stand_behind_their_plain_ones_and_not_behind_z():
    names = ["Żak", "Zając", "Łuczak", "Lis", "Mazur", "Ćwik", "Czech", "Dąbrowski", "Dab", "Źródło"]

    assert sorted(names, key=polish_key) == [
        "Czech", "Ćwik", "Dab", "Dąbrowski", "Lis", "Łuczak", "Mazur", "Zając", "Źródło", "Żak",
    ]  # fmt: skip


def test_case_does_not_matter_and_a_shorter_name_comes_first():
    assert sorted(["nowak-lis", "Nowakowska", "NOWAK"], key=polish_key) == ["NOWAK", "nowak-lis", "Nowakowska"]
