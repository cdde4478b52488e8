"""Fira Sans in parts: a page loads the one with its letters, and another only where it has others.

The parts together hold every sign of the vendored files, with their hints, so that nothing looks
different; ``unicode-range`` tells the browser which part it needs.
"""

import io
import logging
from functools import cache

from fontTools import subset
from fontTools.ttLib import TTFont

from assets import KERN

# The accents that no letter of its own has (Lithuanian and Bulgarian stress): beside any alphabet,
# for a browser takes a letter and its accent from one file.
ACCENTS = (*range(0x300, 0x305), *range(0x306, 0x30D), 0x323, 0x326, 0x327, 0x328)
# The Latin letters of Europe beyond the first 256 characters, and the signs between words.
LATIN = (
    *range(0x000, 0x180),  # Basic Latin, Latin-1, Latin Extended-A: from Maltese to Sámi
    *range(0x1C4, 0x1CD),  # Croatian digraphs
    *(0x1CE, 0x1E5, 0x1E7, 0x1E9, 0x1EF, 0x292),  # Sámi and romanised
    *range(0x1FA, 0x200),  # Danish
    *range(0x218, 0x21C),  # Romanian, with a comma below
    *(0x1E02, 0x1E03, 0x1E0A, 0x1E0B, 0x1E1E, 0x1E1F, 0x1E40, 0x1E41),  # Irish, with a dot above
    *(0x1E56, 0x1E57, 0x1E60, 0x1E61, 0x1E6A, 0x1E6B),
    *range(0x1E80, 0x1E86), 0x1E9E, 0x1EF2, 0x1EF3,  # Welsh, and the German capital ß
    *(0x2C6, 0x2C7, *range(0x2D8, 0x2DE)),
    *range(0x2000, 0x2070),  # dashes, quotation marks, ellipsis
    *(0x20AC, 0x2116, 0x2122),  # € № ™
    *range(0x2190, 0x219A),  # arrows
    *(0x2202, 0x2206, 0x220F, 0x2211, 0x2212, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265),
    *(0xFB01, 0xFB02),
    *ACCENTS,
)  # fmt: skip
PARTS: dict[str, tuple[int, ...]] = {
    "latin": LATIN,
    "greek": (*range(0x370, 0x400), *ACCENTS),
    "cyrillic": (*range(0x400, 0x460), 0x490, 0x491, *ACCENTS),
    # "other" is whatever remains: phonetic, polytonic and ancient letters, Vietnamese, fractions.
}
# By style sheet: which file serves which weights. KERN asks for 500 in large headings and 600 in
# labels; Django's admin asks for 700 where we would ask for 600.
FACES = {
    "fonts.css": (
        ("Regular", "normal", "400"),
        ("Italic", "italic", "400"),
        ("SemiBold", "normal", "500 600"),
        ("Bold", "normal", "700"),
    ),
    "admin-fonts.css": (("Regular", "normal", "400"), ("SemiBold", "normal", "500 700")),
}
IN_DOCUMENTS = ("Regular", "SemiBold", "Italic")
FACE = """\
@font-face {{
  font-family: "Fira Sans";
  src: url("../made/fonts/FiraSans-{style}-{part}.woff2") format("woff2");
  font-weight: {weight};
  font-style: {slope};
  font-display: swap;
  unicode-range: {ranges};
}}
"""
# All that browsers use by themselves, and figures of one width; small capitals and the like go.
FEATURES = [*subset.Options().layout_features, "tnum"]


def font_files() -> dict[str, bytes]:
    """Return every made file by its name within static/made."""
    fonts = {name: font_file(name) for name in font_names()}
    return fonts | {name: sheet(name) for name in FACES}


def font_names() -> list[str]:
    styles = sorted({style for faces in FACES.values() for style, _slope, _weight in faces})
    return [f"fonts/FiraSans-{style}-{part}.woff2" for style in styles for part in parts_of(style)]


@cache
def signs_of(style: str) -> frozenset[int]:
    """Return the code points that a vendored file has."""
    return frozenset(TTFont(source(style)).getBestCmap())


def parts_of(style: str) -> dict[str, list[int]]:
    """Return the code points of each part of a vendored file, which together are all of it."""
    every = signs_of(style)
    found = {part: sorted(every & {*signs}) for part, signs in PARTS.items()}
    return found | {"other": sorted(every.difference(*found.values()))}


def ranges(signs: list[int]) -> str:
    """Write code points as CSS does: ``U+20-7E,U+A0``."""
    spans: list[list[int]] = []
    for sign in signs:
        if spans and sign == spans[-1][1] + 1:
            spans[-1][1] = sign
        else:
            spans.append([sign, sign])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def source(style: str) -> str:
    return str(KERN / "fonts" / f"FiraSans-{style}.woff2")


def font_file(name: str) -> bytes:
    """Return one part of a vendored file: the same bytes every time."""
    _family, style, part = name.removesuffix(".woff2").split("-")
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"])  # the licence is a name
    # The widest glyph of the whole file still says how wide a browser draws an empty input.
    font = TTFont(source(style), recalcBBoxes=False, recalcTimestamp=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=parts_of(style)[part])
    maker.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def document_fonts() -> dict[str, bytes]:
    """Return the files that papers are set with: every sign, no hints; typst reads no WOFF2."""
    return {f"FiraSans-{style}.ttf": _for_documents(style) for style in IN_DOCUMENTS}


def _for_documents(style: str) -> bytes:
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], hinting=False)
    font = TTFont(source(style), recalcBBoxes=False, recalcTimestamp=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=signs_of(style))
    maker.subset(font)
    font.flavor = None
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def sheet(name: str) -> bytes:
    """Return a style sheet that says which file has what."""
    faces = [
        FACE.format(style=style, part=part, weight=weight, slope=slope, ranges=ranges(signs))
        for style, slope, weight in FACES[name]
        for part, signs in parts_of(style).items()
    ]
    return ("/* Made by python3 dev.py assets. */\n\n" + "\n".join(faces)).encode()
