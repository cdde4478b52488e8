"""What people type, as we store it: lines end with one character, and every character can be seen.

Browsers send two characters per line's end, files have one; both are the same text. A control
character comes along when somebody copies from a document, and no table of figures or XML can
carry it. So do soft hyphens and spaces without width, and an "ü" in two pieces: nobody sees them,
but they make two names of one.
"""

import re
import unicodedata

_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Soft hyphen, spaces and joiners of words without width, byte order mark.
_WIDTHLESS = re.compile("[\xad\u200b\u2060-\u2064\ufeff]")
# What joins or parts letters and turns the direction of writing. Emoji, Arabic and Indic scripts
# need it, so it stays in texts; beside Latin, Greek and Cyrillic letters it changes no word. Many
# in a row are looked at from the first one only, or they would take the square of their number.
_JOINER = re.compile(
    "(?<=[\0-\u052f])[\u200c\u200d]+|(?<![\u200c\u200d])[\u200c\u200d]+(?=[\0-\u052f])"
)
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_COMPARED = re.compile(f"{_WIDTHLESS.pattern}|{_TURNS.pattern}|[\u200c\u200d\ufe00-\ufe0f]")
_HYPHENS = re.compile("[\u2010\u2011]")  # Word's hyphen that does not break looks like any other


def plain_text(text: str) -> str:
    """Return the text with simple ends of lines, and a space for each control character."""
    return visible(_UNSEEN.sub(" ", _LINE_END.sub("\n", text)))


def visible(text: str) -> str:
    """Return the text without what has no width, each letter with its accents as one (NFC)."""
    return unicodedata.normalize("NFC", _WIDTHLESS.sub("", text))


def plain_name(text: str) -> str:
    """Return a name as we store it: nothing in it that only a program would see."""
    return _JOINER.sub("", _TURNS.sub("", plain_text(text)))


def name_key(name: str) -> str:
    """Return what identifies whatever has the name: equal for names that read the same.

    Case, white space and invisible letters do not count, nor how accents are stored.
    """
    seen = _HYPHENS.sub("-", _NOT_COMPARED.sub("", unicodedata.normalize("NFC", name)))
    return " ".join(unicodedata.normalize("NFC", seen.casefold()).split())
