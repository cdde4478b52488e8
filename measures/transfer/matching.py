"""Words of a file that the workshop does not know, and what somebody says that they mean.

Plain data, no database. An action field may be one that is here under another name; what an
implementation time or a municipality means that nobody knows must be told, or nothing comes in.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from measures.transfer.plans import Existing, Unknown
from measures.transfer.texts import plain_word
from workshops.plain_text import name_key

# What is posted, or told by options: the name of a word -> what it means. The empty text says of a
# field that it is a new one, of other words nothing.
Meanings = Mapping[str, str]

NOWHERE = "-"  # the meaning of a municipality whose cells count as empty

_AND = frozenset({"und", "u", "and"})
_SIMILAR = 60  # of 100; among each other the nine fields stay below 45


def name_of_word(target: str, word: str) -> str:
    """Return the name of a word: equal for words that read the same."""
    return f"means-{target}-{hashlib.sha256(name_key(word).encode()).hexdigest()[:16]}"


def name_of_rest(target: str) -> str:
    """Return the name for all words of which nothing of their own is told."""
    return f"means-{target}-rest"


def meanings_in(posted: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says that words mean."""
    return {name: posted[name] for name in posted if name.startswith("means-")}


def same_but_for_and(word: str, names: Iterable[str]) -> str | None:
    """Return the name that has the same words: "Bildung & Jugend" is "Bildung und Jugend"."""
    bare = _bare(word)
    return next((name for name in names if bare and _bare(name) == bare), None)


def similar(word: str, names: Sequence[str]) -> list[str]:
    """Return the names that have words of ``word``, or nearly so, the likeliest first."""
    from rapidfuzz import fuzz, process  # loaded only when a file holds such a name

    found = process.extract(
        word, names, processor=_bare, scorer=fuzz.token_set_ratio, score_cutoff=_SIMILAR
    )
    return [name for name, _score, _place in found]


def meaning_of(target: str, word: str, existing: Existing, meanings: Meanings) -> str:
    """Return what an unknown word is taken for, spelled as ours is; "" for nothing.

    As long as nobody has told, a field is the one that has the same name but for "and".
    """
    told = meanings.get(name_of_word(target, word))
    if target == "field" and told is None:
        return same_but_for_and(word, existing.fields) or ""
    if target != "field":
        told = told or meanings.get(name_of_rest(target))
    key = name_key(told or "")
    return next((each for each in possible(target, existing) if name_key(each) == key), "")


def possible(target: str, existing: Existing) -> tuple[str, ...]:
    """Return what unknown words of a target may mean."""
    match target:
        case "field":
            return existing.fields
        case "horizon":
            return tuple(dict.fromkeys(existing.horizons.values()))
        case _:
            return (*dict.fromkeys(existing.municipalities.values()), NOWHERE)


def _bare(name: str) -> str:
    return " ".join(word for word in re.findall(r"\w+", name_key(name)) if word not in _AND)


class Words:
    """Reads cells that hold a word of the workshop's, and gathers those that it does not know."""

    def __init__(self, existing: Existing, meanings: Meanings):
        self._existing = existing
        self._meanings = meanings
        self._fields = frozenset(map(name_key, existing.fields))
        self._unknown: dict[str, Unknown] = {}

    def field(self, row: int, name: str) -> str:
        """Return the field that is meant. In a workshop without fields all are new."""
        if not name or not self._fields or name_key(name) in self._fields:
            return name
        return self._meaning("field", row, name) or name

    def horizon(self, row: int, word: str) -> str:
        """Return the key of an implementation time, "" for none or while nobody has told."""
        known = self._existing.horizons.get(plain_word(word)) if word else ""
        return self._meaning("horizon", row, word) if known is None else known

    def municipality(self, row: int, word: str) -> str:
        """Return a municipality's whole name, "" for none or while nobody has told."""
        known = self._existing.municipalities.get(name_key(word)) if word else ""
        meant = self._meaning("municipality", row, word) if known is None else known
        return "" if meant == NOWHERE else meant

    def unknown_place(self, word: str) -> str:
        """Return the word for a municipality if the workshop does not know it."""
        return "" if name_key(word) in self._existing.municipalities else word

    def unknown(self) -> tuple[Unknown, ...]:
        """Return the words that the workshop does not know, in the order of the file."""
        return tuple(self._unknown.values())

    def _meaning(self, target: str, row: int, text: str) -> str:
        name = name_of_word(target, text)
        known = self._unknown.get(name)
        if known is None:
            meant = meaning_of(target, text, self._existing, self._meanings)
            self._unknown[name] = Unknown(name, target, text, row, 1, meant)
            return meant
        self._unknown[name] = replace(known, count=known.count + 1)
        return known.meaning
