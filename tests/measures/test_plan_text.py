"""The plan of the day as people type it."""

from datetime import time

import pytest

from measures.hall.plan_text import Part, Unreadable, parts_of, text_of

PLAN = """
09:00–09:20 Begrüßen
9.20 - 9.40 Uhr Felder auswählen
9:40 Sammeln
14:15 Uhr  Bewerten: am Telefon
"""


def test_a_plan_is_read_as_people_write_it():
    assert parts_of(PLAN) == [
        Part(time(9, 0), 20, "Begrüßen"),
        Part(time(9, 20), 20, "Felder auswählen"),
        Part(time(9, 40), 275, "Sammeln"),  # until the next one
        Part(time(14, 15), 30, "Bewerten: am Telefon"),  # the last one: half an hour
    ]


def test_a_plan_comes_back_as_it_was_stored_and_by_its_times():
    text = "14:15–15:00 Bewerten\n09:00–09:20 Begrüßen"
    assert text_of(parts_of(text)) == "09:00–09:20 Begrüßen\n14:15–15:00 Bewerten"
    assert parts_of(text_of(parts_of(PLAN))) == parts_of(PLAN)


def test_two_parts_at_one_time_last_half_an_hour_each():
    assert [each.minutes for each in parts_of("9:00 Rat\n9:00 Amt")] == [30, 30]


def test_a_part_may_end_at_midnight():
    text = "23:00–24:00 Ausklang"
    assert parts_of(text) == [Part(time(23), 60, "Ausklang")]
    assert text_of(parts_of(text)) == text


def test_a_last_part_without_an_end_lasts_until_midnight_at_most():
    text = text_of(parts_of("23:50 Ausklang"))
    assert text == "23:50–24:00 Ausklang"
    assert parts_of(text) == [Part(time(23, 50), 10, "Ausklang")]


def test_parts_at_one_time_may_have_an_end_or_none():
    told = [(each.minutes, each.text) for each in parts_of("9:00–9:20 Rat\n9:00 Amt")]
    assert told == [(20, "Rat"), (30, "Amt")]


@pytest.mark.parametrize(
    "line",
    ["Begrüßen", "9 Uhr Begrüßen", "25:00 Nacht", "09:60 Pause", "09:00–09:75 Pause",
     "10:00–09:00 Zurück",
     "09:00–09:00 Nichts", "09:00"],
)  # fmt: skip
def test_a_line_without_a_time_is_named(line):
    with pytest.raises(Unreadable) as caught:
        parts_of(f"08:00 Aufbau\n{line}")
    assert caught.value.line == line
