"""Several lines copied from a document, a mail or a table: what each of them says.

Plain text in, plain texts out. People see what became of it and correct it before it is stored, so
a guess that is right for most lists is enough.
"""

import re

from workshops.plain_text import plain_text

MOST_LINES = 100
# Bullets of documents and of texts that look like lists. Word copies some of its own as letters.
_BULLETS = re.compile(
    r"\s*(?:[-–—*+>](?:\s+|\Z)|[o§]\t|[•·▪▫◦●○■□➢➤►▸✓✔☐☑→‣⁃\uf0a7\uf0b7\uf0d8]\s*)+"
)
# "1." "2)" "(3)" "1.2" "a)", and a column of numbers.
_NUMBER = re.compile(
    r"\s*(?:(?:\(?\d{1,3}[.)]|\d{1,3}(?:\.\d{1,3})+\.?|\(?[a-zA-Z]\))(?:\s+|\Z)|\d{1,3}\.?\t)"
)
# A cell in quotation marks. What is taken is never given back: an open one costs one look.
_QUOTED = re.compile(r'(?:\A|(?<=[\t\n]))"([^"]*+(?:""[^"]*+)*+)"(?=[\t\n]|\Z)')


def pasted_lines(text: str) -> list[tuple[str, str]]:
    """Return of each line its text and what stood in further columns beside it.

    Without bullets and numbers; an empty line is none. A number alone may belong to the words ("8.
    September"), so only a list of them is cut off.
    """
    rows = [_without(_BULLETS, row) for row in _unquoted(plain_text(text)).split("\n")]
    if sum(_NUMBER.match(row) is not None for row in rows) > 1:
        rows = [_without(_NUMBER, row) for row in rows]
    return [(title, " – ".join(others)) for title, *others in filter(None, map(_cells, rows))]


def _unquoted(text: str) -> str:
    """Return the text with each quoted cell in one line.

    A spreadsheet quotes a cell that holds a line break or a tab; others are quoted by their writer.
    """

    def in_one_line(cell: re.Match) -> str:
        if not {"\t", "\n"} & {*cell[1]}:
            return cell[0]
        return " ".join(cell[1].replace('""', '"').split())

    return _QUOTED.sub(in_one_line, text)


def _without(sign: re.Pattern, row: str) -> str:
    """Return a row without the sign at its beginning."""
    return row[found.end() :] if (found := sign.match(row)) else row


def _cells(row: str) -> list[str]:
    return [words for cell in row.split("\t") if (words := " ".join(cell.split()))]
