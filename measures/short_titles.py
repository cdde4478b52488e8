"""A short title, suggested from a measure's title: a name that fits beside a point of the matrix.

German puts what a measure is in front and what it is for behind. So phrases are dropped from the
end, as far as needed and only where one ends: half a phrase ("for city" of "for city and region")
would say something else. Where a verb stands at the end, phrases are dropped before it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 30
_TELLING = 10  # a shorter name ("App", "Warnung") rarely says which measure is meant


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ARTICLES = _words("der die das ein eine einen the a")
_JOINING = _words("und oder sowie & / and or")
# What belongs to the noun right before it, be it the first one or the noun of a phrase.
_ATTACHED = _words("der des eines einer mit von vom of with")
_PREPOSITIONS = _words("""
    ab am an auf aus bei beim bis durch für gegen im in inkl. je nach ohne per pro seit statt trotz
    über um unter vor während wegen zu zum zur zwischen
    at by for from into on through to without
""")
_FUNCTION_WORDS = _ARTICLES | _JOINING | _ATTACHED | _PREPOSITIONS | _words("dem den jeden jedem")
_BEFORE_VERB = re.compile(
    # [und] in allen Schulen[, Kitas und Büchereien]
    rf" (?:(?:und|oder|sowie) )?(?:{'|'.join(sorted(map(re.escape, _PREPOSITIONS | _ATTACHED)))})"
    r" (?:[a-zäöü]\S* )*[A-ZÄÖÜ]\S*"
    r"(?:(?:,| und| oder) (?:[a-zäöü]\S* )*[A-ZÄÖÜ]\S*)*"
)
_VERB = re.compile(r" [a-zäöü]{2,}(?:en|ern|eln)$")
_CLAUSE = re.compile(
    r"(?:[:;]| –| -|,(?= (?:dass|damit|sodass|so|die|der|das|um|wo|wenn|wie|weil|was)\b)) .*"
)
_BRACKETS = re.compile(r" ?[(\[][^()\[\]]*[)\]]")
_HALF_WORDS = re.compile(r"(?:\S+-,? )+und (?=\S)")  # "Schulungs- und Beratungsangebote"
_ADJECTIVE = re.compile(r"[A-ZÄÖÜ]\S*[a-zäöüß](?:e|er|es)(?: und(?= [a-zäöü]))? (?=\S)")


@lru_cache(maxsize=4096)
def suggested(title: str) -> str:
    """Return at most 30 characters of a title, in whole words; "" only for an empty title."""
    text = " ".join(title.split())
    if len(text) <= LONGEST:
        return text
    for shorter in _shortened(text):
        if _TELLING <= len(shorter) <= LONGEST:
            return shorter
    bare = _without_article(text)
    return _words_that_fit(bare) or bare[: LONGEST - 1] + "…"


def _shortened(text: str) -> Iterator[str]:
    """Yield shorter and shorter texts, the best ones first."""
    text = _without_article(_BRACKETS.sub("", text).strip() or text)
    yield text
    yield _CLAUSE.sub("", text)
    if _VERB.search(text):
        yield from _without_phrases(text)
    yield _first_phrases(text)
    while (rest := _without_attribute(text)) != text:
        text = rest
        yield text
        yield _first_phrases(text)
    yield _last_of_nouns(text)
    yield _words_that_fit(text)


def _without_article(text: str) -> str:
    first, _space, rest = text.partition(" ")
    return _starting_large(rest) if rest and first.lower() in _ARTICLES else text


def _without_phrases(text: str) -> Iterator[str]:
    """Yield the text with one more phrase, then one more adverb left out before its verb."""
    for phrase in reversed(list(_BEFORE_VERB.finditer(text))):
        text = text[: phrase.start()] + text[phrase.end() :]
        yield text
    first, *adverbs, verb = text.split()
    while adverbs and adverbs[0].islower():
        del adverbs[0]
        yield " ".join((first, *adverbs, verb))


def _first_phrases(text: str) -> str:
    """Return as many phrases from the start as fit; "" where not even the first one does."""
    words, best, inside = text.split(), "", False
    for place, word in enumerate(words):
        before = " ".join(words[:place])
        if len(before) > LONGEST:
            break
        if place and _begins_phrase(words, place, inside=inside):
            best = before
        inside = inside or word in _PREPOSITIONS | _ATTACHED
    return best.rstrip(",;:")


def _begins_phrase(words: list[str], place: int, *, inside: bool) -> bool:
    """Say whether what stands before this word can stand without it.

    ``inside``: a phrase has begun before. What is joined or attached there belongs to its noun.
    """
    word, last = words[place], words[place - 1]
    if last.lower() in _FUNCTION_WORDS or last.endswith(("-", "-,")):
        return False
    if word in _JOINING or last.endswith(","):
        return not inside and not words[min(place + 1, len(words) - 1)][0].islower()
    return word in _PREPOSITIONS or (word in _ATTACHED and not inside)


def _without_attribute(text: str) -> str:
    """Return the text without the adjective, or the half words, before its first noun."""
    found = _HALF_WORDS.match(text) or _ADJECTIVE.match(text)
    rest = text[found.end() :] if found else ""
    # "Glasfaser bis …" begins with no adjective, whatever its end looks like.
    is_phrase = not rest or rest.split()[0].lower() in _FUNCTION_WORDS
    return text if is_phrase else _starting_large(rest)


def _last_of_nouns(text: str) -> str:
    """Return the last one of mere nouns in a row if it is a long compound, for it tells most."""
    words = text.split()
    are_nouns = all(word[0].isupper() for word in words)
    return words[-1] if are_nouns and len(words[-1]) > LONGEST // 2 else ""


def _words_that_fit(text: str) -> str:
    """Return whole words from the start, ending in one that can stand last; "" if none fits."""
    words = text.split()
    while words and len(" ".join(words)) > LONGEST:
        words.pop()
    whole = " ".join(words)
    while len(words) > 1 and _cannot_end(words[-1]):
        words.pop()
    return " ".join(words).rstrip(",;:–- ") or whole


def _cannot_end(word: str) -> bool:
    return word.lower() in _FUNCTION_WORDS or word.endswith(("-", "-,")) or word.islower()


def _starting_large(text: str) -> str:
    return text[:1].upper() + text[1:]
