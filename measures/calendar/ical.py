"""iCalendar (RFC 5545) as far as whole days need it; pure.

Whole days have no time zone. Only ``DTSTAMP``, when the file was made, is a moment, and that is
told in UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # bytes of a line, its end left out (3.1)
MAKER = "-//Digital-Werkstatt//Termine//DE"


@dataclass(frozen=True, slots=True)
class Entry:
    """A day in a calendar. ``uid`` names it for ever; ``url`` is an address, "" for none."""

    uid: str
    day: date
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""


def calendar(name: str, entries: Iterable[Entry], *, made: datetime) -> bytes:
    """Return the file. ``made`` is an aware moment."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{MAKER}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",  # RFC 7986, 5.1; older programs know the next line
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(line for entry in entries for line in _event(entry, made)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _event(entry: Entry, made: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{made.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}"  # the first day after it
    yield f"SUMMARY:{escaped(entry.summary)}"
    if entry.location:
        yield f"LOCATION:{escaped(entry.location)}"
    if entry.description:
        yield f"DESCRIPTION:{escaped(entry.description)}"
    if entry.url:
        yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"  # nobody is busy all day
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Return a text as a value (3.3.11): what means something is escaped, controls are left out."""
    lines = "\n".join(text.splitlines())
    plain = "".join(each for each in lines if each == "\n" or each.isprintable())
    for sign in "\\;,":
        plain = plain.replace(sign, f"\\{sign}")
    return plain.replace("\n", "\\n")


def folded(line: str) -> bytes:
    """Return a line with its end, broken where it is too long (3.1), never within a letter."""
    parts, part = [], b""
    for letter in line:
        coded = letter.encode()
        if len(part) + len(coded) > LONGEST:
            parts.append(part)
            part = b" "
        part += coded
    return b"\r\n".join([*parts, part]) + b"\r\n"
