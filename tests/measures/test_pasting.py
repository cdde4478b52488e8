"""What several pasted lines say: lists of documents and mails, columns of tables."""

import pytest

from measures.board.pasting import pasted_lines


def titles(text: str) -> list[str]:
    assert {more for _title, more in pasted_lines(text)} <= {""}
    return [title for title, _more in pasted_lines(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Bus\nBahn",
        "Bus\r\nBahn\r\n",
        "\n  Bus  \n\n\u00a0\n\tBahn\n",
        "- Bus\n- Bahn",
        "– Bus\n— Bahn",
        "* Bus\n+ Bahn",
        "> Bus\n> Bahn",
        "•Bus\n• Bahn",
        "•\tBus\no\tBahn",  # from Word
        "\uf0b7\tBus\n§\tBahn",  # Word's own letters
        "☐ Bus\n✓ Bahn",
        "- Bus\n-  - Bahn",
        "1. Bus\n2. Bahn",
        "1.\tBus\n2.\tBahn",
        "1) Bus\n(2) Bahn",
        "a) Bus\nb) Bahn",
        "1.1 Bus\n1.2. Bahn",
        "• 1. Bus\n• 2. Bahn",
        "1\tBus\n2\tBahn",  # a column of numbers
        "Bus\u2028Bahn",
        "Bus\x0bBahn",  # a line break within a paragraph
    ],
)
def test_bullets_and_numbers_do_not_belong_to_the_words(text):
    assert titles(text) == ["Bus", "Bahn"]


@pytest.mark.parametrize(
    "line",
    [
        "8. September: Tag der Mobilität",  # one number is no list
        "5G an der Burg",
        "24/7-Ausleihe",
        "60+ lernt digital",
        "3D-Druck",
        "z. B. WLAN",
        "B. Müller fährt",
        "-5 Grad",
        "E-Auto – für alle",
        "#binge",
        '"Smarte" Bank',
        "=1+1",
    ],
)
def test_what_looks_like_a_sign_and_is_none_stays(line):
    assert titles(f"{line}\nBus") == [line, "Bus"]


def test_a_list_in_which_some_lines_have_no_number_loses_the_others():
    assert titles("1. Bus\nBahn\n2. Rad") == ["Bus", "Bahn", "Rad"]


def test_further_columns_of_a_table_are_the_description():
    text = "WLAN\tam Rheinufer\r\nBus\t\tauf Zuruf\tkurzfristig\r\n\tBahn\r\n\t\t\r\nRad\t"
    assert pasted_lines(text) == [
        ("WLAN", "am Rheinufer"),
        ("Bus", "auf Zuruf – kurzfristig"),
        ("Bahn", ""),
        ("Rad", ""),
    ]


def test_a_line_break_in_a_cell_of_a_table_makes_no_second_measure():
    assert pasted_lines('"WLAN\nam ""Rhein"""\t"gratis\n\nund überall"\nBus') == [
        ('WLAN am "Rhein"', "gratis und überall"),
        ("Bus", ""),
    ]


def test_quotation_marks_within_a_line_break_up_nothing():
    assert titles('"Smarte" Bank\n"Kluge" Ampel') == ['"Smarte" Bank', '"Kluge" Ampel']


@pytest.mark.parametrize("text", ["", "  \n\t\n", "-\n", "• \n1. \n2. "])
def test_nothing_but_signs_says_nothing(text):
    assert pasted_lines(text) == []


def test_control_characters_become_spaces():
    assert titles("B\x00us\nBa\x1bhn") == ["B us", "Ba hn"]


def test_a_quotation_mark_that_is_never_closed_is_a_letter_in_a_table_of_any_length():
    rows = [f"Kurs {number}\tim Winter" for number in range(4500)]  # 90 KB
    assert pasted_lines("\n".join(['"Kluge Ampel', *rows])) == [
        ('"Kluge Ampel', ""), *(tuple(row.split("\t")) for row in rows),
    ]  # fmt: skip
