"""The order in which German readers expect names, on every database and in Python alike.

DIN 5007: ä is sorted like a, ß like ss, capitals and punctuation do not count; numbers within a
text are sorted by their value. Databases do not agree about it: SQLite sorts by bytes ("Zoe" before
"anna", "Ärztin" last), PostgreSQL by the collation of its server, if that has one for German.

Lists that are short are sorted here; those that a database must sort because it cuts them into
pages, by ``workshops.sorting``.
"""

import re
import string
import unicodedata

DIGITS = 10  # longer numbers are sorted as text

# Letters that are no other letter with a sign above or below it.
LETTERS = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th",
    "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ł": "l", "Ł": "l", "ħ": "h",
    "Ħ": "h", "ı": "i", "ŋ": "n", "Ŋ": "n", "ŧ": "t", "Ŧ": "t",
}  # fmt: skip

Ranges = tuple[tuple[int, int], ...]

# Accents taken off their letters, soft hyphens and whatever else has no width.
INVISIBLE: Ranges = (
    (0xAD, 0xAD), (0x300, 0x36F), (0x200B, 0x200F), (0x2060, 0x2064), (0xFEFF, 0xFEFF),
)  # fmt: skip
# White space, punctuation and signs, of ASCII, Latin-1 and typography.
BETWEEN: Ranges = (
    (0x09, 0x0D), (0x20, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7F), (0xA0, 0xA9),
    (0xAB, 0xAC), (0xAE, 0xB1), (0xB4, 0xB4), (0xB6, 0xB8), (0xBB, 0xBB), (0xBF, 0xBF),
    (0xD7, 0xD7), (0xF7, 0xF7), (0x2000, 0x200A), (0x2010, 0x205F), (0x3000, 0x3000),
)  # fmt: skip


def _all(ranges: Ranges) -> list[int]:
    return [code for first, last in ranges for code in range(first, last + 1)]


_FOLDED = (
    str.maketrans(LETTERS)
    | str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
    | dict.fromkeys(_all(INVISIBLE), "")
    | dict.fromkeys(_all(BETWEEN), " ")
)
_NUMBER = re.compile("[0-9]+")
_SPACES = re.compile(" +")


def searched(text: str) -> str:
    """Return the words of ``text`` as they are searched: no capitals, accents and punctuation."""
    return _SPACES.sub(" ", unicodedata.normalize("NFD", text).translate(_FOLDED)).strip(" ")


def sort_key(text: str) -> str:
    """Return what ``text`` is sorted by; texts that differ only in accents stay apart by them."""
    return f"{_NUMBER.sub(lambda digits: digits[0].zfill(DIGITS), searched(text))}\t{text}"
