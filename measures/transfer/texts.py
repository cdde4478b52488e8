"""Texts on their way into a spreadsheet and back: what is guarded, what is cleaned."""

import re
import unicodedata

# A cell with nothing but a dash says "nothing" (the Ulm catalogue does so).
DASHES = frozenset("-–—")

# What a spreadsheet takes for a formula, or for the way to one: = + - @, full width as well,
# also behind white space; a tab or a line break at the start. And what would come back as
# "nothing": a lone dash. The apostrophes before it are those that are there already, so that
# guarding twice can be taken back twice.
_DANGEROUS = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n]|[–—]\Z)")

_SPREADSHEET_ERROR = re.compile(
    r"#(?:REF!|BEZUG!|NAME\?|VALUE!|WERT!|DIV/0!|N/A|NV|NULL!|NUM!|ZAHL!)", re.IGNORECASE
)


def guard(text: str) -> str:
    """Return what a CSV file holds for ``text``, so that no spreadsheet evaluates it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def guard_ambiguous(text: str) -> str:
    """Return what an XLSX cell holds for ``text``; such a cell is text by its type already.

    Only what the import would read as something else gets an apostrophe: a text that looks
    guarded, and a lone dash.
    """
    ambiguous = text in DASHES or (text.startswith("'") and _DANGEROUS.match(text))
    return f"'{text}" if ambiguous else text


def read_cell(cell: str, *, lines: bool = False) -> str:
    """Return the text that a cell holds: stripped, without guard, "" for a lone dash.

    Line breaks become spaces unless ``lines`` are allowed. What was guarded came out of our own
    export and stays exactly as it was.
    """
    cell = cell.strip()
    if cell in DASHES:
        return ""
    if cell.startswith("'") and _DANGEROUS.match(cell, 1):
        return cell[1:]
    return tidy(cell) if lines else re.sub(r"\s*[\r\n]+\s*", " ", cell)


def tidy(text: str) -> str:
    """Return ``text`` as two texts are compared: no surrounding white space, plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def key(name: str) -> str:
    """Return what identifies a field, goal or title: case and white space do not count."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def has_control_characters(text: str) -> bool:
    """Tell whether ``text`` holds what neither a database nor a document can show."""
    return any(
        unicodedata.category(letter) in ("Cc", "Cs") or letter in "\ufffe\uffff"
        for letter in text
        if letter not in "\t\r\n"
    )


def is_spreadsheet_error(text: str) -> bool:
    """Tell whether ``text`` is what a spreadsheet shows for a formula that failed."""
    return _SPREADSHEET_ERROR.fullmatch(text) is not None
