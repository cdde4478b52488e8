"""Text that fits into a picture file: measured, folded into lines, cut short.

Sizes and widths are in pixels of the picture. Only `file` imports this: it loads matplotlib.
"""

from functools import cache
from unicodedata import category

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import TextToPath

ELLIPSIS = "…"


def font(size: float, weight: str = "normal") -> FontProperties:
    """Return the font that matplotlib brings along; it cannot read our woff2 files."""
    return FontProperties(family="DejaVu Sans", size=size, weight=weight)


def drawable(text: str) -> str:
    """Return the text on one line without what the font cannot draw, such as most emoji."""
    known = _letters()
    drawn = (each for each in text if ord(each) in known and category(each) != "Cf")
    return " ".join("".join(drawn).split())


@cache
def _letters() -> frozenset[int]:
    white_space = map(ord, " \t\n")
    return frozenset({*get_font(findfont(font(12))).get_charmap(), *white_space})


def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Return how wide a line of text is; no dollar sign starts a formula."""
    measured = TextToPath().get_text_width_height_descent(text, font(size, weight), ismath=False)
    return measured[0]


def cut(text: str, size: float, width: float, weight: str = "normal") -> str:
    """Return the text as one line, shortened with an ellipsis where it is too wide."""
    text = drawable(text)
    if width_of(text, size, weight) <= width:
        return text
    low, high = 0, len(text)  # so many characters fit, so many do not
    while high - low > 1:
        middle = (low + high) // 2
        if width_of(text[:middle].rstrip() + ELLIPSIS, size, weight) <= width:
            low = middle
        else:
            high = middle
    return text[:low].rstrip() + ELLIPSIS


def folded(text: str, size: float, width: float, most: int, weight: str = "bold") -> list[str]:
    """Return the text in at most `most` lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    words = drawable(text).split()
    while words and len(lines) < most - 1:
        count = 1
        while count < len(words) and width_of(" ".join(words[: count + 1]), size, weight) <= width:
            count += 1
        lines.append(cut(" ".join(words[:count]), size, width, weight))
        words = words[count:]
    return [*lines, cut(" ".join(words), size, width, weight)] if words else lines


def columns_of(names: list[str], size: float, width: float, extra: float) -> int:
    """Return how many columns, 4 at most, hold the widest name and `extra` beside it."""
    widest = max((width_of(name, size) for name in names), default=0) + extra
    return min(4, max(1, int(width // widest))) if names else 1
