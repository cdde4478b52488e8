"""The columns of the ranking, and which of them a page shows."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

# Key for sorting, heading, number or not.
COLUMNS = (
    ("rank", gettext_lazy("Rank"), True),
    ("title", gettext_lazy("Measure"), False),
    ("field", gettext_lazy("Action field"), False),
    ("quadrant", gettext_lazy("Quadrant"), False),
    ("n", gettext_lazy("Rated by"), True),
    ("relevance", gettext_lazy("Relevance: mean"), True),
    ("relevance_median", gettext_lazy("Relevance: median"), True),
    ("relevance_agreement", gettext_lazy("Relevance: agreement"), True),
    ("feasibility", gettext_lazy("Feasibility: mean"), True),
    ("feasibility_median", gettext_lazy("Feasibility: median"), True),
    ("feasibility_agreement", gettext_lazy("Feasibility: agreement"), True),
    ("score", gettext_lazy("Score"), True),
    ("gap", gettext_lazy("Group value (gap)"), True),
    ("horizon", gettext_lazy("Time"), False),
)
# What is there unless others are chosen; rank and measure always are.
USUAL = ("field", "quadrant", "n", "relevance", "feasibility", "score", "horizon")
ALWAYS = ("rank", "title")


def shown_columns(chosen: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of the columns in their order; the usual ones where none was chosen."""
    wanted = {*ALWAYS, *(set(chosen) or USUAL)}
    return tuple(key for key, _heading, _is_number in COLUMNS if key in wanted)
