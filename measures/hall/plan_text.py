"""The day's plan as people write it: a line for each part, "09:00–09:20 Begrüßen". Pure.

The end may be missing: then a part lasts until the next one begins, and the last one half an hour,
at most until midnight.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from typing import NamedTuple

LAST = 30  # minutes of a last part without an end
DAY = 24 * 60
_CLOCK = r"(\d{1,2})[:.h](\d{2})"
_LINE = re.compile(
    rf"{_CLOCK}(?:\s*Uhr)?(?:\s*(?:-|–|—|bis|to)\s*{_CLOCK})?(?:\s*Uhr)?[\s,:]+(\S.*)"
)


class Part(NamedTuple):
    start: time
    minutes: int
    text: str


class Unreadable(ValueError):
    """A line that is no part of a plan; ``line`` is what stands there."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def parts_of(text: str) -> list[Part]:
    """Return the parts of a plan by their beginning. Raises Unreadable."""
    lines = (" ".join(line.split()) for line in text.splitlines() if line.strip())
    read = sorted(map(_read, lines), key=lambda each: each[0])
    parts = []
    for place, (start, end, words) in enumerate(read):
        if end is None:
            later = read[place + 1][0] if place + 1 < len(read) else start + LAST
            end = min(later if later > start else start + LAST, DAY)
        parts.append(Part(time(*divmod(start, 60)), end - start, words))
    return parts


def _read(line: str) -> tuple[int, int | None, str]:
    """Return beginning and end in minutes of the day, and what happens then."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise Unreadable(line)
    hour, minute, end_hour, end_minute, words = found.groups()
    start = 60 * int(hour) + int(minute)
    end = 60 * int(end_hour) + int(end_minute) if end_hour else None
    is_on_the_clock = int(minute) < 60 and int(end_minute or 0) < 60 and start < DAY
    if not is_on_the_clock or (end is not None and not start < end <= DAY):
        raise Unreadable(line)
    return start, end, words


def text_of(parts: Iterable[Part]) -> str:
    """Return the plan as it can be typed."""
    return "\n".join(f"{each.start:%H:%M}–{_end(each)} {each.text}" for each in parts)


def _end(part: Part) -> str:
    hours, minutes = divmod(60 * part.start.hour + part.start.minute + part.minutes, 60)
    return f"{hours:02}:{minutes:02}"


def longest(parts: Sequence[Part]) -> int:
    """Return how many characters the longest line's words have."""
    return max((len(each.text) for each in parts), default=0)
