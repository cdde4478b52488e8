"""Which letters the bytes of a text file mean. Knows neither Django nor a database.

Nobody guesses in silence. A file that can only be read one way is read that way: UTF-8, UTF-16
with its mark, and Windows-1252 where its letters make words. Everything else gives several
readings to choose from, the likeliest first, or `Damage` where there is nothing to choose.

What no text can tell: a file of code page 850 whose only letters beyond ASCII are õ and Í holds
the same bytes as ä and Ö of Windows-1252, and is read as the latter.
"""

import codecs
import re
from dataclasses import dataclass

from measures.transfer.mending import (
    LEADS,
    MENDINGS,
    TWICE,
    is_common,
    lenient,
    mended,
    speaks_utf8,
)

# How a person names an encoding -> the codec. The likeliest first.
ONE_BYTE = {
    "cp1252": "cp1252",
    "cp850": "cp850",
    "iso-8859-15": "iso8859_15",
    "mac-roman": "mac_roman",
}
CODECS = {"utf-8": "utf-8-sig", "utf-16": "utf-16", **ONE_BYTE}
ENCODINGS = (*CODECS, *MENDINGS)

_MARK = codecs.BOM_UTF8
_JUDGED = 1_000_000  # bytes of different words that are enough to judge by, about a second

_GERMAN = "äöüÄÖÜß"
_LOWER = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšžß"
_UPPER = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŒŠŽŸ"
_LETTER = r"[^\W\d_]"

# What no word in a language of the European Union holds.
_ODD = re.compile(
    "|".join(
        [
            # controls, lost letters, box drawing, mathematics, ligatures, lone accents, þ and ð
            r"[\x80-\x9f\ufffdþÞðÐıƒ¤¦¨¸ˆ˜¯˙˚˝˛ˇ˘‗⁄‹›\u2200-\u22ff\u2500-\u259f\u25caﬁﬂΩπ]",
            # a sign in the middle of a word
            rf"(?<={_LETTER})[„‚“”«»€£¢¥§¶©®™°¹²³ªº¼½¾¿¡±×÷•†‡‰¬](?={_LETTER})",
            rf"(?<={_LETTER})(?:·(?!in)|´(?![nrst]\b))(?={_LETTER})",
            # what stands before a word or a figure, at the end of a word
            rf"(?<={_LETTER})[„‚¿¡°]",
            rf"[€™¢](?={_LETTER})",
            # a capital in the middle of a word, a small letter before it
            rf"(?<=[a-z{_LOWER}])[{_UPPER}]",
            rf"(?<=[A-Z])[{_UPPER}](?=[a-z])",
            rf"(?<![^\W_])[{_LOWER}](?=[A-Z{_UPPER}])",
            # one letter for itself, but "u. ä." and "Ü-Wagen"
            rf"(?<![^\W_])[{_GERMAN}](?![^\W_]|[.\-])",
            rf"(?<![^\W_])(?![{_GERMAN}àÀ])[{_LOWER}{_UPPER}](?![^\W_])",
            # figures, but "Ü60" and "Menü2"
            rf"(?<=\d)[{_LOWER}{_UPPER}]",
            rf"(?<![^\W_])(?![ÄÖÜ])[{_LOWER}{_UPPER}](?=\d)",
            # ß stands behind a vowel
            r"(?<![aeiouyäöüàáâéèêëíóôúøAEIOUYÄÖÜ])ß",
        ]
    )
)
# A quotation that nobody closes.
_OPEN = (
    re.compile(r"„(?![^„]{0,400}[“”\"«‘’'])"),
    re.compile(r"‚(?![^‚]{0,400}[‘’'])"),
)
# What German words hold beyond ASCII, where they hold it.
_FAMILIAR = re.compile(
    "|".join(
        [
            rf"[{_GERMAN}„‚]",
            r"(?<=[^\s„])“",
            r"»(?=\w)|(?<=\S)«",
            rf"(?<={_LETTER})’",
            r"(?<![^\s\d;,\"])[–—](?![^\s\d;,\"])",
            rf"(?<={_LETTER})–(?=[A-Z{_UPPER}])|(?<={_LETTER})·(?=in)",
            r"(?<=\d)[€°²³½¼¾×%‰]",
            r"(?<![^\s(/;,\"])[€§½¼¾×±©•°](?![^\W\d_])",
            r"(?<=[\s\d])°(?=[CF]\b)",
            r"(?<=\bm)[²³]|(?<=[kcdm]m)[²³]",
            r"µ(?=(?:m|g|l|s)\b)",
            rf"(?<={_LETTER})[®™]",
            r"(?<=[\d.,:§])\xa0|\xa0(?=\d)",
            r"(?<!\w)à(?!\w)",
        ]
    )
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


class Damage(ValueError):
    """There is nothing to choose: ``kind`` says why, ``text`` has U+FFFD where letters are lost."""

    def __init__(self, kind: str, text: str):
        super().__init__(kind)
        self.kind, self.text = kind, text


@dataclass(frozen=True, slots=True)
class Reading:
    """The text under one encoding; ``odd`` counts what no text holds, ``foreign`` tells whether
    it holds more than German texts do."""

    encoding: str
    text: str
    odd: int = 0
    foreign: bool = False


def readings(data: bytes) -> list[Reading]:
    """Return the texts that ``data`` may mean, the likeliest first.

    Raises Damage where it can only be mended: a byte that is no UTF-8 in a file of UTF-8
    ("foreign"), a file cut inside a letter ("cut"), letters that were lost before ("lost").
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [Reading("utf-16", decoded(data, "utf-16"))]
    try:
        text = data.decode("utf-8-sig").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if data.startswith(_MARK) or _speaks_utf8(data, error):
            raise _damage(data, error) from error
        return _one_byte_readings(data)
    if "\ufffd" in text:
        raise Damage("lost", text)
    found = readings_of_text(text)
    if len(found) > 1 or data.startswith(_MARK):
        return found
    return [*_hidden_in_utf8(data, text), *found]


def readings_of_text(text: str) -> list[Reading]:
    """Return what a text may mean that was perhaps misread before, the likeliest first."""
    here = Reading("utf-8", text)
    if text.isascii():
        return [here]
    if (whole := mended(text, TWICE)) != text:
        return [Reading(TWICE, whole), here]
    words = "\n".join(sorted(word for word in {*text.split()} if not word.isascii()))[:_JUDGED]
    if not _judged("", text, words).odd:
        return [here]
    before = [_judged(name, mended(text, name), mended(words, name)) for name in MENDINGS]
    likely = [each for each in before if each.text != text and not (each.odd or each.foreign)]
    return [*likely, here]


def is_sure(found: list[Reading]) -> bool:
    """Tell whether nobody needs to be asked."""
    return len(found) == 1 and found[0].encoding in ("utf-8", "utf-16", "cp1252")


def decoded(data: bytes, encoding: str) -> str:
    """Return the text under one of ENCODINGS, because somebody said so. Raises Damage."""
    codec = CODECS["utf-8" if encoding in MENDINGS else encoding]
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise Damage("cut", data.decode(codec, "replace")) from error
        if codec == "utf-8-sig":
            raise _damage(data, error) from error
        raise Damage("undefined", data.decode(codec, "replace")) from error
    return mended(text, encoding) if encoding in MENDINGS else text


# One byte per letter ----------------------------------------------------------------------------
def _one_byte_readings(data: bytes) -> list[Reading]:
    found: dict[str, Reading] = {}
    words = b"\n".join(sorted(word for word in {*data.split()} if not word.isascii()))
    if len(words) > _JUDGED:
        words = words[:_JUDGED].rpartition(b"\n")[0] or words[:_JUDGED]
    for name, codec in ONE_BYTE.items():
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if all(text != other.text for other in found.values()):
            found[name] = _judged(name, text, words.decode(codec))
    usual = found.get("cp1252")
    if usual and not usual.odd and not any(_rivals(other, usual) for other in found.values()):
        return [usual]
    best = sorted(found.values(), key=lambda each: (each.odd, each.foreign))
    # The two that Excel writes can always be chosen.
    return [each for each in best if not each.odd or each.encoding in ("cp1252", "cp850")]


def _hidden_in_utf8(data: bytes, text: str) -> list[Reading]:
    """Return the reading as Windows-1252 where only signs of other scripts speak for UTF-8: the
    bytes of "Spaß“" are a letter of West Africa, too."""
    letters = list(_BEYOND_ASCII.finditer(text))
    if not letters or not all(map(_is_hidden, letters)):
        return []
    usual = lenient(data, "cp1252")
    judged = _judged("cp1252", usual, usual)
    return [] if judged.odd else [judged]


def _is_hidden(letter: re.Match[str]) -> bool:
    """Tell whether a sign of another script stands in or behind a word of ours."""
    before = letter.string[letter.start() - 1 : letter.start()]
    return not is_common(letter[0]) and before.isascii() and before.isalpha()


def _rivals(other: Reading, usual: Reading) -> bool:
    return other is not usual and not other.odd and (usual.foreign or not other.foreign)


def _judged(name: str, text: str, words: str) -> Reading:
    """Judge a text by those of its words that are not ASCII; each is looked at once."""
    odd = sum(1 for _match in _ODD.finditer(words))
    odd += sum(len(pattern.findall(text)) for pattern in _OPEN)
    foreign = _BEYOND_ASCII.search(_FAMILIAR.sub("", words)) is not None
    return Reading(name, text, odd, foreign)


# UTF-8 that is damaged ---------------------------------------------------------------------------
def _speaks_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Tell whether a file that is no UTF-8 holds letters in UTF-8, or begins one at its end."""
    if speaks_utf8(data):
        return True
    text = lenient(data, "cp1252")
    begins_letter = data[error.start] in LEADS and text[error.start :] not in _GERMAN
    ends_early = error.reason == "unexpected end of data"
    return ends_early and text[: error.start].isascii() and begins_letter


def _damage(data: bytes, error: UnicodeDecodeError) -> Damage:
    kind = "cut" if error.reason == "unexpected end of data" else "foreign"
    return Damage(kind, data.decode("utf-8-sig", "replace"))
