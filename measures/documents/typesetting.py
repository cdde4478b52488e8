"""Papers as PDF for everybody (PDF/UA-1): typst sets them, from data and never from joined source.

typst itself refuses a paper without title, language, alternative texts or headings in order. What
it cannot say yet from Python is that the first cell of a row is the head of it (its ``header-cell``
hides behind a switch that the package does not have), so that is said in the finished file.
"""

import io
import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pikepdf
import typst
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
TEMPLATES, FONTS = HERE / "typst", HERE / "fonts"
STANDARD: Literal["ua-1"] = "ua-1"
UNKNOWN = "\u25af"  # for a sign that our letters do not have: emoji, Arabic, Chinese
BREAKS = "\n"


def pdf_of(paper: str, data: Mapping[str, object]) -> bytes:
    """Return the paper of that name, the same bytes for the same data.

    A sign that our letters do not have is shown as one that is missing: a paper with it would not
    be made at all. Signs that are not seen, which could turn a text around, are left out.
    """
    made = typst.compile(
        TEMPLATES / f"{paper}.typ",
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_printable(data))},
        pdf_standards=STANDARD,
        format="pdf",
    )
    with pikepdf.open(io.BytesIO(made)) as paper_file:
        for row in _elements(paper_file.Root.StructTreeRoot, "/TR"):
            _head(paper_file, row)
        finished = io.BytesIO()
        paper_file.save(finished, deterministic_id=True)
    return finished.getvalue()


@cache
def _signs() -> frozenset[int]:
    """Return the code points that all our letters have."""
    files = sorted(FONTS.glob("*.ttf"))
    return frozenset.intersection(*(frozenset(TTFont(file).getBestCmap()) for file in files))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return "".join(map(_sign, unicodedata.normalize("NFC", value)))
    if isinstance(value, Mapping):
        return {key: _printable(each) for key, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _sign(letter: str) -> str:
    if letter in BREAKS:
        return letter
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and letter != "\u00ad":
        return " " if letter.isspace() else ""
    if ord(letter) in _signs():
        return letter
    # A mark that stands on another letter is no sign of its own.
    return "" if unicodedata.combining(letter) or letter == "\ufe0f" else UNKNOWN


def _elements(above: pikepdf.Object, kind: str) -> Iterator[pikepdf.Dictionary]:
    """Yield the elements of that kind below one, in reading order."""
    for each in _below(above):
        if each.get("/S") == kind:
            yield each
        yield from _elements(each, kind)


def _below(above: pikepdf.Object) -> list[pikepdf.Dictionary]:
    inside: Any = above.get("/K", [])
    some = list(inside) if isinstance(inside, pikepdf.Array) else [inside]
    return [each for each in some if isinstance(each, pikepdf.Dictionary)]


def _head(paper: pikepdf.Pdf, row: pikepdf.Dictionary) -> None:
    """Make the cell that names a row its head: the first one with words beside its number."""
    cells = _below(row)
    if any(cell.get("/S") == "/TH" for cell in cells):
        return
    cell = cells[1] if len(cells) > 2 else cells[0]
    cell.S = pikepdf.Name.TH
    cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name.Row)
