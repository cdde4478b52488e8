"""Much markup at once, for the pages that show hundreds of measures.

A room's module ``markup`` holds its pieces of markup, laid out like a template with names for what
varies, and beside each the function that fills it. Templates proper take several times as long.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

# Of a page that is drawn anew most rows are as they were: after a change one of them is another.
# They are kept by everything that they show, so that none can be an old one. A row takes 1.5 kB.
KEPT = 4096

_HARMLESS = {int, float, SafeString}


def piece(text: str) -> str:
    """Return one line of what is laid out over several.

    A line break and the indentation behind it vanish before and after a tag; within one they are
    the space between two attributes.
    """
    return re.sub(r"\n\s*", " ", re.sub(r"(?<=>)\n\s*|\n\s*(?=<)", "", text.strip()))


def fill(piece: str, /, **parts: object) -> SafeString:
    """Put the parts where the piece of markup names them; like ``format_html``, but much faster.

    Safe because it is as strict: a plain string is always escaped, a number or a string marked as
    safe never needs it, and whatever else comes (lazy strings, enums, our own classes) is left to
    Django. Only the order of asking differs, plain types first: Django's ``conditional_escape``
    takes several times as long to find out that a part is no lazy string. Floats are written with
    a dot. ``piece`` is ours and never holds what people typed.
    """
    for name, part in parts.items():
        kind = type(part)
        if kind is str:
            parts[name] = _text(part)
        elif kind not in _HARMLESS:
            parts[name] = conditional_escape(part)  # type: ignore[arg-type]  # any object's str()
    return SafeString(piece.format_map(parts))


def join(pieces: Iterable[SafeString], by: str = "") -> SafeString:
    """Return the pieces behind each other; ``by`` is ours, too."""
    return SafeString(by.join(pieces))


def join_rows(separator: str, template: str, rows: Iterable[tuple[object, ...]]) -> SafeString:
    """Fill ``template`` with the cells of each row by their places, as strictly as ``fill``."""
    return SafeString(separator.join(template.format(*map(_escaped, row)) for row in rows))


@lru_cache(maxsize=16_384)
def _text(text: str) -> str:
    """Escape, once for what stands in a page again and again: titles, names, numbers."""
    return escape(text)


def _escaped(part: object) -> object:
    if type(part) is str:
        return _text(part)
    if type(part) in _HARMLESS:
        return part
    return conditional_escape(part)  # type: ignore[arg-type]  # escapes the str() of any object
