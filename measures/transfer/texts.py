"""Texts on their way into a spreadsheet and back: what is guarded, what is cleaned."""

import re
import unicodedata

from workshops.plain_text import name_key, plain_text

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

# What stands in a workbook for a character that its texts cannot hold: "_x0007_" for a bell. What
# was typed like that has its underscore written so.
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_TO_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|[\0-\x08\x0b-\x1f\ufffe\uffff]")


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
    """Return the text that a cell holds, as we store texts: without guard, "" for a lone dash.

    Line breaks become spaces unless ``lines`` are allowed. What was guarded came out of our own
    export and keeps its white space.
    """
    cell = plain_text(cell).strip()
    if cell in DASHES:
        return ""
    if cell.startswith("'") and _DANGEROUS.match(cell, 1):
        return cell[1:]
    return cell if lines else re.sub(r"\s*\n\s*", " ", cell)


def escaped(text: str) -> str:
    """Return what stands in a workbook for ``text``."""
    return _TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def unescaped(text: str) -> str:
    """Return the text for which ``text`` stands in a workbook."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
    # An escaped emoji is two halves, which are a character only together.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def tidy(text: str) -> str:
    """Return ``text`` as two texts are compared: nothing invisible in it, no space around it."""
    return plain_text(text).strip()


def plain_word(text: str) -> str:
    """Return a word as lists of words hold it: "Kurz-fristig " = "kurzfristig"."""
    return "".join(letter for letter in name_key(text) if letter.isalnum())


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
