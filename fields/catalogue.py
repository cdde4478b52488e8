"""The nine action fields of the Digital-Werkstatt, in the agency's order and its own words.

They are content, not interface: a German town gets them in German whatever language the
facilitator reads. A workshop may rename, reorder, add and drop them.
"""

NINE_FIELDS = (
    "Digitale Infrastruktur",
    "Bildung und Jugend",
    "Kommunale Wirtschaft",
    "Tourismus",
    "Silberne Gesellschaft",
    "Arbeit und Soziales",
    "Kommunale Verwaltung",
    "Dorf- und Stadtentwicklung",
    "Alltagsleben",
)
