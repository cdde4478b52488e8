"""Results that are made once per state of the data, and asked for often."""

import hashlib
from collections.abc import Callable
from threading import RLock

from django.core.cache import caches
from django.utils.translation import get_language

from workshops.models import Workshop

# What takes a second is made by one request at a time, or a few impatient clicks would hold up
# the hall. One such result may need another.
_heavy = RLock()


def once(kind: str, workshop: Workshop, chosen: dict, make: Callable[[], object]) -> object:
    """Return ``make()``, made once per state of the workshop's data, language and ``chosen``.

    The key carries the revision, so an outdated copy is never asked for.
    """
    return caches["pages"].get_or_set(_key(kind, workshop, chosen), make)


def heavy_once(kind: str, workshop: Workshop, chosen: dict, make: Callable[[], object]) -> object:
    """The same for what takes long: others who want it meanwhile wait and find it made."""
    return _found_or_made(_key(kind, workshop, chosen), make)


def heavy_from(kind: str, content: bytes, make: Callable[[], object]) -> object:
    """Return ``make()``, made once for the same ``content``, whatever else has changed since."""
    return _found_or_made(kind + hashlib.sha256(content).hexdigest(), make)


def _found_or_made(key: str, make: Callable[[], object]) -> object:
    found = caches["pages"].get(key)
    if found is not None:
        return found
    with _heavy:
        return caches["pages"].get_or_set(key, make)


def _key(kind: str, workshop: Workshop, chosen: dict) -> str:
    state = (workshop.pk, workshop.revision.number, get_language(), sorted(chosen.items()))
    return kind + hashlib.sha256(repr(state).encode()).hexdigest()
