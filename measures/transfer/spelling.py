"""What people are told about the letters of a text file: which words are in doubt, and where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from measures.transfer.delimited import csv_rows
from measures.transfer.letters import Damage, Reading, decoded, is_sure, readings
from measures.transfer.tables import UnreadableFile, place, quoted

SHOWN = 3  # words that are enough to judge by
_WORD = 40  # characters that are shown of one, around what is in doubt


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one encoding spells the words in doubt."""

    encoding: str
    words: tuple[str, ...]


class UnclearLetters(UnreadableFile):
    """A person must say which spelling is right; the likeliest comes first."""

    def __init__(self, row: int, spellings: Sequence[Spelling]):
        either = _(" or ").join(quoted(each.words[0]) for each in spellings[:2])
        super().__init__(
            _(
                "The file does not say for certain how its letters are meant. %(place)s: is"
                " %(words)s right?"
            )
            % {"place": capfirst(place(row)), "words": either}
        )
        self.spellings = tuple(spellings)


def text_of(data: bytes, encoding: str = "") -> str:
    """Return the text of a file, in ``encoding`` if somebody chose it.

    Raises UnclearLetters where a person must choose, UnreadableFile where there is no choice.
    """
    try:
        if encoding:
            return _without_nul(decoded(data, encoding))
        found = readings(data)
    except Damage as damage:
        raise UnreadableFile(_told(damage)) from damage
    if is_sure(found):
        return _without_nul(found[0].text)
    raise UnclearLetters(*_doubt(found))


def spellings(data: bytes) -> tuple[Spelling, ...]:
    """Return what a person can choose from, nothing where nobody is asked."""
    try:
        text_of(data)
    except UnclearLetters as unclear:
        return unclear.spellings
    except UnreadableFile:
        pass
    return ()


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise UnreadableFile(
            _("This is not a table: it contains NUL bytes. Choose a CSV file or an .xlsx file.")
        )
    return text


def _doubt(found: Sequence[Reading]) -> tuple[int, list[Spelling]]:
    """Return the first row with a word that the readings spell differently, and such words."""
    rows = []
    words: list[tuple[str, ...]] = []
    for row, word in _words_in_doubt(found):
        if word not in words:
            rows.append(row)
            words.append(word)
        if len(words) == SHOWN:
            break
    return rows[0], [
        Spelling(reading.encoding, tuple(word[index] for word in words))
        for index, reading in enumerate(found)
    ]


def _words_in_doubt(found: Sequence[Reading]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for same in zip(*(csv_rows(reading.text) for reading in found), strict=False):
        number = same[0][0]
        texts = [" ".join(cells) for _number, cells in same]
        for words in zip(*map(_words, texts), strict=False):
            if len(set(words)) > 1 or (len(found) == 1 and not words[0].isascii()):
                doubt = next(
                    index
                    for index, letters in enumerate(zip(*words, strict=False))
                    if len(set(letters)) > 1 or not letters[0].isascii()
                )
                yield number, tuple(_around(word, doubt) for word in words)


def _told(damage: Damage) -> str:
    found: dict[int, list[str]] = {}
    for row, word in islice(_lost_words(damage.text), SHOWN):
        found.setdefault(row, []).append(quoted(word))
    words = (f"{place(row)}: {', '.join(words)}" for row, words in found.items())
    where = "; ".join(words)
    match damage.kind:
        case "cut":
            return _(
                "The file ends in the middle of a letter (%(where)s). It was not saved or copied"
                " completely; save it once more."
            ) % {"where": where}
        case "lost":
            return _(
                "Letters were lost when the file was saved (%(where)s). Correct the words in your"
                " file and choose it again."
            ) % {"where": where}
        case "undefined":
            return _("Some letters do not exist in this encoding (%(where)s).") % {"where": where}
        case _:
            return _(
                "Some letters are stored in another way than the rest of the file (%(where)s)."
                " Correct the words in your file, save it as “CSV UTF-8” and choose it again."
            ) % {"where": where}


def _lost_words(text: str) -> Iterator[tuple[int, str]]:
    for number, cells in csv_rows(text):
        for word in _words(" ".join(cells)):
            if "\ufffd" in word:
                yield number, _around(word, word.index("\ufffd"))


def _words(text: str) -> list[str]:
    return re.split(r"[ \t\r\n]+", text)  # white space that is the same in every encoding


def _around(word: str, doubt: int) -> str:
    start = max(0, doubt - _WORD // 2) if len(word) > _WORD else 0
    return word[start : start + _WORD]
