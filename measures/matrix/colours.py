"""The light theme's colours for picture files, which cannot read style sheets.

From static/css/tokens.css; KERN writes them in OKLCH. A test computes them anew.
"""

# --series-1 to --series-12, and what is written on each.
SERIES = (
    "#092797", "#c67600", "#00654c", "#740000", "#007598", "#b36bd6",
    "#566b00", "#5e4a00", "#3c9a52", "#363636", "#cc2f23", "#8a22b5",
)  # fmt: skip
ON_SERIES = tuple("black" if number in (2, 6, 9) else "white" for number in range(1, 13))
QUADRANTS = {
    "start": "#e5f8f0",
    "prepare": "#ddf8ff",
    "optional": "#fff3dc",
    "park": "#f3f3f3",
}
OUTCOMES = {
    "accepted": "#004f3c",
    "amended": "#006885",
    "deferred": "#895100",
    "rejected": "#6c6c6c",
    "noted": "#51577a",
    "referred": "#895100",
    "withdrawn": "#6c6c6c",
}
# The pattern of an outcome's line: strokes and gaps in pixels, none for a whole one.
PATTERNS = {
    "accepted": (),
    "amended": (6, 3),
    "deferred": (2, 2.5),
    "noted": (1, 4),
    "referred": (8, 2),
}
INK = "#131525"
INK_MUTED = "#51577a"
LINE = "#6e7597"  # --line-strong
