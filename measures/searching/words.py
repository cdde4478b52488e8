"""What somebody searches for, and how well texts fit it. Pure: texts in, ranks and marks out.

Every word must fit, in any order: from the beginning of a word on ("glas" in "Glasfaser"), or
inside of one ("netz" in "Funknetz"). Capitals and accents do not count, ß is ss, and ä is a as well
as ae, whichever of the two somebody typed.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, Self

from rapidfuzz import fuzz

from workshops.collation import searched

MOST = 200  # letters of a search that are read
MOST_WORDS = 12  # of a search; more only take time
INSIDE = 3  # letters from which a word is also looked for inside of others
BEST = 0  # the rank of what was named: its code, or its whole title
MISSPELT = 82.0  # percent from which a title fits a search that does not stand in it
TELLING = 5  # letters from which a search may be misspelt
BEFORE, SHOWN = 50, 160  # letters of an excerpt: before the first hit, and in all

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces; True: this piece was searched for."""

_CODE = re.compile("m? ?0*([1-9][0-9]{0,8})")
_UMLAUT = re.compile("([aou])e?")


class Word(NamedTuple):
    """One word of a search, as patterns for texts as ``folded`` returns them."""

    begins: re.Pattern[str]
    inside: re.Pattern[str]

    @classmethod
    def of(cls, word: str) -> Self:
        pattern = _UMLAUT.sub(r"\1e?", re.escape(word))
        pattern = f"m?{pattern}" if word.isdigit() else pattern  # "12" is a code, too
        begins = re.compile(rf"(?<!\w){pattern}")
        return cls(begins, re.compile(pattern) if len(word) >= INSIDE else begins)

    def place(self, texts: Sequence[str]) -> int | None:
        """Return where it stands: 0 begins a word of the first text, 1 is inside of one, 2 …"""
        for level, text in enumerate(texts):
            if self.inside.search(text):
                return 2 * level + (not self.begins.search(text))
        return None


class Sought(NamedTuple):
    """A search. ``words`` are empty where nothing but signs was typed, which fits nothing."""

    text: str
    words: tuple[Word, ...]
    number: int | None

    @classmethod
    def of(cls, typed: str) -> Self:
        text = folded(typed[:MOST])
        code = _CODE.fullmatch(text)
        words = tuple(Word.of(word) for word in islice(dict.fromkeys(text.split()), MOST_WORDS))
        return cls(text, words, int(code[1]) if code else None)

    def rank(self, numbers: Sequence[int], texts: Sequence[str]) -> int | None:
        """Return how well texts fit, ``BEST`` for best, None for not at all.

        ``texts``: first the titles, one a line, then what counts less and less. ``numbers`` are
        those of the codes by which it is known.
        """
        titles = texts[0].split("\n")
        if self.words and (self.number in numbers or self.text in titles):
            return BEST
        places = []
        for word in self.words:
            place = word.place(texts)
            if place is None:
                return None
            places.append(place)
        if not places:
            return None
        is_beginning = any(self.words[0].begins.match(title) for title in titles)
        return max(places) + 2 if max(places) or not is_beginning else 1

    def missing(self, text: str) -> list[Word]:
        """Return the words that a text has not."""
        texts = [folded(text)]
        return [word for word in self.words if word.place(texts) is None]

    def nearness(self, title: str) -> float:
        """Return in percent how well a part of a title (``folded``) fits what may be misspelt."""
        if len(self.text) < TELLING:
            return 0.0
        is_part = len(self.text) <= len(title)
        return (fuzz.partial_ratio if is_part else fuzz.ratio)(self.text, title)

    def marked(self, text: str) -> Marked:
        """Return the text in pieces, those marked for which was searched."""
        pieces = []
        at = 0
        for begin, end in _hits(self, text):
            pieces += [(text[at:begin], False), (text[max(at, begin) : end], True)]
            at = max(at, end)
        return tuple(piece for piece in [*pieces, (text[at:], False)] if piece[0])

    def excerpt(self, text: str) -> Marked:
        """Return what stands around the first word found in a text, () where none is."""
        hits = _hits(self, text)
        if not hits:
            return ()
        first, last = hits[0]
        begin = text.find(" ", first - BEFORE, first) + 1 or first if first > BEFORE else 0
        end = max(begin + SHOWN, last)
        if end < len(text) and (space := text.rfind(" ", last, end)) > 0:
            end = space
        dots = ("… " if begin else "", " …" if end < len(text) else "")
        return self.marked(f"{dots[0]}{text[begin:end].strip()}{dots[1]}")


def folded(text: str) -> str:
    """Return a text as it is compared with a search."""
    return searched(text.lower())


def _hits(sought: Sought, text: str) -> list[tuple[int, int]]:
    """Return where a text has the words, from left to right and the longer first."""
    letters = [(letter, at) for at, each in enumerate(text) for letter in _letters(each)]
    plain = "".join(letter for letter, _at in letters)
    found = []
    for word in sought.words:
        pattern = word.begins if word.begins.search(plain) else word.inside
        for hit in pattern.finditer(plain):
            found.append((letters[hit.start()][1], letters[hit.end() - 1][1] + 1))
    return sorted(found, key=lambda hit: (hit[0], -hit[1]))


@lru_cache(2000)
def _letters(character: str) -> str:
    """Return what a character is as searched: "ss", a space, nothing …"""
    return folded(f"a{character}a")[1:-1]
