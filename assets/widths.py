"""How wide Fira Sans is: titles in the matrix are placed on the server, which opens no font.

Kerning is left out: it makes a title narrower, hardly ever wider.
"""

from collections import defaultdict

from fontTools.ttLib import TTFont

from assets.fonts import LATIN, PARTS, source

STYLE = "SemiBold"
HEAD = '''\
"""How wide the letters of a title are; made by python3 dev.py assets from the shipped font.

In thousandths of the letters' size: each width with the letters that have it.
"""

'''


def widths_module() -> bytes:
    """Return ``measures/matrix/letter_widths.py``: Latin, Greek and Cyrillic letters and signs."""
    font = TTFont(source(STYLE))
    unit, advances = font["head"].unitsPerEm, font["hmtx"].metrics
    signs = {*LATIN, *PARTS["greek"], *PARTS["cyrillic"]}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for sign, glyph in sorted(font.getBestCmap().items()):
        if sign in signs and chr(sign).isprintable():
            found[round(advances[glyph][0] * 1000 / unit)].append(chr(sign))
    rows = (f"    {width}: {''.join(found[width])!a},\n" for width in sorted(found))
    return f"{HEAD}LETTERS = {{\n{''.join(rows)}}}\n".encode()
