"""Pieces of pages that are drawn once for the same values: frames, menus, keys, panels.

Of a page that is drawn anew nearly all is as it was. A piece gets only what it names, like an
``{% include … only %}``, and is kept by just that, so that no piece can be an old one.
"""

from collections.abc import Hashable
from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

PLAIN = (str, int, float, type(None))  # bool is an int
KEPT = 512  # pieces; the largest take 10 kB


def drawn(template: str, **values: Hashable) -> SafeString:
    """Return the template filled with these values, drawn once for the same ones in a language.

    The values are texts, numbers and tuples of them; a text is escaped, whatever it was marked as.
    Raises TypeError for others: a row of the database equals an older state of itself.
    """
    # Who works on templates wants to see each change.
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    named = tuple((name, _unmarked(value)) for name, value in values.items())
    return draw(template, get_language(), named)


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
