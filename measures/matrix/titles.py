"""Titles beside marks: how wide a text is, and where ``matrix.labels`` has placed one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from measures.matrix.letter_widths import LETTERS
from measures.matrix.overlay import Spot

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
ALIKE = {"\N{NO-BREAK SPACE}": " ", "\N{NON-BREAKING HYPHEN}": "-"}  # as wide as
ELLIPSIS = "…"
LINE = 1.15  # height of a line in sizes of its letters
GAP = 3  # least room in pixels around a title

Anchor = Literal["start", "middle", "end"]
Width = Callable[[str, float], float]


@dataclass(frozen=True, slots=True)
class Label:
    """A title of one or two lines around (x, y), the middle of its box; `anchor` says which edge.

    The lines stand `LINE` sizes apart. A `leader` leads from the mark's edge to
    the box, straight or with a bend; it is empty where the title stands close enough.
    """

    measure: int
    x: float
    y: float
    anchor: Anchor
    lines: tuple[str, ...]
    leader: tuple[Spot, ...] = ()


@cache
def _advances() -> dict[str, int]:
    found = {letter: width for width, letters in LETTERS.items() for letter in letters}
    return found | {alike: found[letter] for alike, letter in ALIKE.items()}


def width_of(text: str, size: float) -> float:
    """Return how wide a text is in semi-bold Fira Sans, in pixels; unknown signs count as wide."""
    advances = _advances()
    return sum(advances.get(letter, 1000) for letter in text) * size / 1000


def shortened(text: str, size: float, width: float) -> str:
    """Return the text, ended by an ellipsis where it is wider than `width` pixels."""
    text = text.replace(SOFT_HYPHEN, "")
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + ELLIPSIS, size) > width:
        text = text[:-1].rstrip()
    return text + ELLIPSIS
