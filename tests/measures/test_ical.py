"""iCalendar, compared letter by letter with what RFC 5545 says."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from measures.calendar.ical import Entry, calendar, escaped, folded

MADE = datetime(2026, 11, 30, 12, 5, 9, tzinfo=UTC)


def test_a_calendar_without_dates():
    assert calendar("Werkstatt", [], made=MADE) == (
        b"BEGIN:VCALENDAR\r\n"
        b"VERSION:2.0\r\n"
        b"PRODID:-//Digital-Werkstatt//Termine//DE\r\n"
        b"CALSCALE:GREGORIAN\r\n"
        b"METHOD:PUBLISH\r\n"
        b"NAME:Werkstatt\r\n"
        b"X-WR-CALNAME:Werkstatt\r\n"
        b"REFRESH-INTERVAL;VALUE=DURATION:P1D\r\n"
        b"END:VCALENDAR\r\n"
    )


def test_a_whole_day_ends_with_the_next_one_and_knows_no_time_zone():
    entry = Entry(
        uid="session-1",
        day=date(2026, 12, 31),
        summary="Rat, öffentlich",
        location="Rheinsaal; Bingen",
        description="Zeile eins\r\nZeile zwei",
        url="https://bingen.example/a,b;c",
    )
    text = calendar("W", [entry], made=MADE).decode()
    assert text.split("BEGIN:VEVENT\r\n")[1] == (
        "UID:session-1\r\n"
        "DTSTAMP:20261130T120509Z\r\n"
        "DTSTART;VALUE=DATE:20261231\r\n"
        "DTEND;VALUE=DATE:20270101\r\n"
        "SUMMARY:Rat\\, öffentlich\r\n"
        "LOCATION:Rheinsaal\\; Bingen\r\n"
        "DESCRIPTION:Zeile eins\\nZeile zwei\r\n"
        "URL:https://bingen.example/a,b;c\r\n"
        "TRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )


def test_what_is_empty_is_left_out():
    text = calendar("W", [Entry("u", date(2026, 1, 1), "S")], made=MADE).decode()
    names = [line.partition(":")[0].partition(";")[0] for line in text.split("\r\n")]
    assert {"LOCATION", "DESCRIPTION", "URL"} & {*names} == set()


def test_the_moment_is_told_in_utc_wherever_the_server_stands():
    berlin = timezone(timedelta(hours=1))
    made = datetime(2026, 12, 1, 0, 30, tzinfo=berlin)
    text = calendar("W", [Entry("u", date(2026, 12, 1), "S")], made=made).decode()
    assert "DTSTAMP:20261130T233000Z\r\n" in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("eins\nzwei\r\ndrei\rvier", "eins\\nzwei\\ndrei\\nvier"),
        ("a\u2028b", "a\\nb"),
        ("a\x00b\tc\x7f", "abc"),
        ("Öl: „ja“", "Öl: „ja“"),
        ("BEGIN:VEVENT", "BEGIN:VEVENT"),
        ("x\r\nEND:VCALENDAR", "x\\nEND:VCALENDAR"),
        ("", ""),
    ],
)
def test_what_means_something_is_escaped(text, value):
    assert escaped(text) == value


def test_a_line_of_75_bytes_stays_whole_and_a_longer_one_is_folded():
    assert folded("a" * 75) == b"a" * 75 + b"\r\n"
    assert folded("a" * 76) == b"a" * 75 + b"\r\n a\r\n"
    assert folded("a" * 150) == b"a" * 75 + b"\r\n " + b"a" * 74 + b"\r\n a\r\n"


@pytest.mark.parametrize("letter", ["ä", "€", "😀"])
def test_no_letter_is_cut_in_two(letter):
    line = f"SUMMARY:{letter * 200}"
    parts = folded(line).split(b"\r\n")
    assert parts.pop() == b""
    assert max(map(len, parts)) <= 75
    assert all(part.startswith(b" ") for part in parts[1:])
    assert parts[0].decode() + "".join(part[1:].decode() for part in parts[1:]) == line
