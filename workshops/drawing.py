"""Pieces of pages that are drawn once for the same values: frames, menus, keys, panels.

Of a page that is drawn anew nearly all is as it was. A piece gets only what it names, like an
``{% include … only %}``, and is kept by just that, so that no piece can be an old one. What changes
each time, and is large, is put into a piece that only says where it belongs.
"""

import secrets
from collections.abc import Hashable, Mapping
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

PLAIN = (str, int, float, type(None))  # bool is an int
KEPT = 512  # pieces; the largest take 30 kB
_EDGE = secrets.token_hex(16)  # of a place; nobody can have typed it into a piece


def drawn(template: str, **values: Hashable) -> SafeString:
    """Return the template filled with these values, drawn once for the same ones in a language.

    The values are texts, numbers and tuples of them; a text is escaped, whatever it was marked as.
    Raises TypeError for others: a row of the database equals an older state of itself.
    """
    # Who works on templates wants to see each change.
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    named = tuple((name, _unmarked(value)) for name, value in values.items())
    return draw(template, get_language(), named)


def place(name: str) -> str:
    """Return a text that stands for the part of this name, see ``placed``."""
    return f"{_EDGE}{name}{_EDGE}"


def placed(piece: str, parts: Mapping[str, SafeString]) -> SafeString:
    """Return the piece with each part where its ``place`` stands in it."""
    texts = piece.split(_EDGE)
    texts[1::2] = [parts[name] for name in texts[1::2]]
    return SafeString("".join(texts))


def drawn_around(template: str, parts: Mapping[str, SafeString], **values: Hashable) -> SafeString:
    """Return the same as ``drawn`` with parts that are put in each time, under their own names.

    The template may ask of a part whether it is empty, and nothing else.
    """
    places = {name: place(name) if part else "" for name, part in parts.items()}
    return placed(drawn(template, **places, **values), parts)


@lru_cache(maxsize=KEPT)
def _drawn(
    template: str, _language: str | None, values: tuple[tuple[str, Hashable], ...]
) -> SafeString:
    for name, value in values:
        if not _is_plain(value):
            raise TypeError(f"{template} is kept by its values, but {name} is not a plain one.")
    return render_to_string(template, dict(values))


def _unmarked(value: Hashable) -> Hashable:
    """Return the text itself: what stands in a template as a text is marked as safe."""
    return "".join((value,)) if isinstance(value, SafeString) else value


def _is_plain(value: Hashable) -> bool:
    """Say whether equal values are drawn alike; a text marked as safe equals one that is not."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return isinstance(value, PLAIN) and not isinstance(value, SafeString)
