"""Text that was misread once and saved like that, and how it is mended. Knows no Django.

Somebody opened "Mobilität" in the wrong encoding, saw "MobilitÃ¤t" or "Mobilit„t", and saved.
"""

import codecs
import re
from collections.abc import Callable
from functools import cache

TWICE = "utf-8-twice"  # UTF-8 that was taken for something else and saved as UTF-8 once more
# Name -> what the text was, and what it was taken for.
_MISREAD = {
    "cp850-as-cp1252": ("cp850", "cp1252"),
    "mac-roman-as-cp1252": ("mac_roman", "cp1252"),
    "cp1252-as-cp850": ("cp1252", "cp850"),
}
MENDINGS = (TWICE, *_MISREAD)
# With which bytes the letters that `is_common` knows begin in UTF-8.
LEADS = b"\xc2\xc3\xc4\xc5\xc8\xcd\xce\xcf\xd0\xd1\xe2\xef\xf0"

_TIMES = 3  # that a text can have been saved in the wrong way before we give up
_MISTAKEN = ("cp1252", "cp850", "mac_roman")  # what UTF-8 is taken for


def mended(text: str, name: str) -> str:
    """Return ``text`` as it was before; ``name`` is one of MENDINGS."""
    if name in _MISREAD:
        was, taken = map(_table, _MISREAD[name])
        return text.translate(dict(zip(map(ord, taken), was, strict=True)))
    for _time in range(_TIMES):
        before = text
        for codec in _MISTAKEN:
            disguised, mend = _disguise(codec)
            text = disguised.sub(mend, text)
        if text == before:
            break
    return text.removeprefix("\ufeff")


def speaks_utf8(data: bytes) -> bool:
    """Tell whether there are letters in UTF-8 among the bytes."""
    disguised, mend = _disguise("cp1252")
    return any(mend(match) != match[0] for match in disguised.finditer(lenient(data, "cp1252")))


def is_common(letter: str) -> bool:
    """Tell whether European texts hold it: Latin, Greek, Cyrillic, punctuation, a pictogram."""
    place = ord(letter)
    return (
        0xA0 <= place <= 0x17F
        or place in range(0x218, 0x21C)
        or place in range(0x386, 0x3CF)
        or place in range(0x400, 0x460)
        or place in range(0x2010, 0x2040)
        or place in (0x20AC, 0x2122, 0xFEFF)
        or place >= 0x1F300
    )


def lenient(data: bytes, codec: str) -> str:
    """Return a text in which a byte without a meaning stands for the control of its number."""
    return codecs.charmap_decode(data, "strict", _table(codec))[0]


@cache
def _disguise(codec: str) -> tuple[re.Pattern[str], Callable[[re.Match[str]], str]]:
    """Return how the bytes of a letter in UTF-8 look under a codec, and what turns them back."""
    table = _table(codec)
    back = {letter: byte for byte, letter in enumerate(table)}

    def some(low: int, high: int) -> str:
        return f"[{re.escape(table[low : high + 1])}]"

    rest = some(0x80, 0xBF)
    pattern = re.compile(
        f"{some(0xC2, 0xDF)}{rest}|{some(0xE0, 0xEF)}{rest}{{2}}|{some(0xF0, 0xF4)}{rest}{{3}}"
    )

    def mend(match: re.Match[str]) -> str:
        try:
            letter = bytes(back[each] for each in match[0]).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]
        return letter if is_common(letter) and _is_disguise(match) else match[0]

    return pattern, mend


def _is_disguise(match: re.Match[str]) -> bool:
    """Tell a disguise from a word that ends on a capital and a quotation mark: “BLÅ”."""
    text, (start, end) = match.string, match.span()
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return match[0][0] not in "ÄÅÈÎÏÐÑ" or after.isalpha() or before.islower()


@cache
def _table(codec: str) -> str:
    letters = (bytes([byte]).decode(codec, "replace") for byte in range(256))
    return "".join(chr(byte) if each == "\ufffd" else each for byte, each in enumerate(letters))
