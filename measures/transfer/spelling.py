"""What people are told about the letters of a file: which words are in doubt, and where."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from measures.transfer.delimited import csv_rows
from measures.transfer.letters import Damage, decoded, is_sure, readings, readings_of_text
from measures.transfer.mending import MENDINGS, mended
from measures.transfer.tables import Sheet, SheetRow, Table, UnreadableFile, place, quoted

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
        raise UnreadableFile(_told(damage.kind, _lines(damage.text))) from damage
    if is_sure(found):
        return _without_nul(found[0].text)
    encodings = [reading.encoding for reading in found]
    lines = zip(*(_lines(reading.text) for reading in found), strict=False)
    raise UnclearLetters(
        *_doubt(encodings, ((same[0][0], [text for _row, text in same]) for same in lines))
    )


def sheets_of(sheets: Sequence[Sheet], encoding: str = "") -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, mended as ``encoding`` says; raises as `text_of` does.

    A workbook says how its letters are stored. But a file that was misread and saved as a workbook
    holds the wrong ones for good. Hidden sheets raise no question.
    """
    if encoding:
        if encoding not in ("utf-8", *MENDINGS):
            raise UnreadableFile(_("Only a text file has an encoding, not a workbook."))
        return tuple(_mended(sheet, encoding) for sheet in sheets)
    rows = [*_rows_in_sight(sheets)]
    found = readings_of_text("\n".join(text for _row, text in rows))
    if len(found) > 1:
        encodings = [reading.encoding for reading in found]
        same = ((row, [_before(text, each) for each in encodings]) for row, text in rows)
        raise UnclearLetters(*_doubt(encodings, same))
    return tuple(sheets)


def check_lost(table: Table) -> None:
    """Raise UnreadableFile for a table in which letters were lost before."""
    rows = [(row, " ".join(cells)) for row, cells in table.rows.items()]
    if any("\ufffd" in text for _row, text in rows):
        raise UnreadableFile(_told("lost", rows))


def spellings(data: bytes, sheets: Sequence[Sheet]) -> tuple[Spelling, ...]:
    """Return what a person can choose from, nothing where nobody is asked."""
    try:
        if sheets:
            sheets_of(sheets)
        else:
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


# Rows with their texts --------------------------------------------------------------------------
def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((row, " ".join(cells)) for row, cells in csv_rows(text))


def _rows_in_sight(sheets: Sequence[Sheet]) -> Iterator[tuple[int, str]]:
    shown = [sheet for sheet in sheets if not sheet.is_hidden and not sheet.is_empty]
    for sheet in shown:
        for number, cells in sheet.rows.items():
            row = SheetRow(number, sheet.name, number) if len(shown) > 1 else number
            yield row, " ".join(cells)


def _before(text: str, encoding: str) -> str:
    return mended(text, encoding) if encoding in MENDINGS else text


def _mended(sheet: Sheet, encoding: str) -> Sheet:
    rows = {
        row: tuple(_before(cell, encoding) for cell in cells) for row, cells in sheet.rows.items()
    }
    return replace(sheet, rows=rows)


# Words ------------------------------------------------------------------------------------------
def _doubt(
    encodings: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]
) -> tuple[int, list[Spelling]]:
    """Return the first row with a word that the encodings spell differently, and such words.

    ``rows`` hold their text once for each encoding.
    """
    found: dict[tuple[str, ...], int] = {}
    for row, texts in rows:
        for words in zip(*map(_words, texts), strict=False):
            if len(set(words)) > 1 or (len(words) == 1 and not words[0].isascii()):
                found.setdefault(_parts(words), row)
        if len(found) >= SHOWN:
            break
    shown = [*found][:SHOWN]
    return found[shown[0]], [
        Spelling(encoding, tuple(words[index] for words in shown))
        for index, encoding in enumerate(encodings)
    ]


def _parts(words: Sequence[str]) -> tuple[str, ...]:
    """Return of long words the parts around the first letter in doubt."""
    doubt = next(
        index
        for index, letters in enumerate(zip(*words, strict=False))
        if len(set(letters)) > 1 or not letters[0].isascii()
    )
    return tuple(_around(word, doubt) for word in words)


def _told(kind: str, rows: Iterable[tuple[int, str]]) -> str:
    found: dict[int, list[str]] = {}
    for row, word in islice(_lost_words(rows), SHOWN):
        found.setdefault(row, []).append(quoted(word))
    words = (f"{place(row)}: {', '.join(words)}" for row, words in found.items())
    where = "; ".join(words)
    match kind:
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


def _lost_words(rows: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for row, text in rows:
        for word in _words(text):
            if "\ufffd" in word:
                yield row, _around(word, word.index("\ufffd"))


def _words(text: str) -> list[str]:
    return re.split(r"[ \t\r\n]+", text)  # white space that is the same in every encoding


def _around(word: str, doubt: int) -> str:
    start = max(0, doubt - _WORD // 2) if len(word) > _WORD else 0
    return word[start : start + _WORD]
