"""What stands around the picture in a file: its signs by name, and what it shows."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from measures.matrix.colours import INK_MUTED, OUTCOMES, SERIES
from measures.matrix.layout import Mark, MatrixLayout
from measures.matrix.shapes import look
from measures.models import Outcome
from measures.numbers import number_writer
from measures.overview import Overview


class Sign(NamedTuple):
    """One entry of the key: a field's shape, or a round mark as it was decided."""

    name: str
    shape: str
    colour: str
    outcome: str = ""


def signs_of(
    matrix: MatrixLayout, overview: Overview, outcomes: Mapping[int, Outcome]
) -> list[Sign]:
    """Return the fields in reading order, then the outcomes, of those that are in the picture."""
    found = []
    for number in sorted({mark.series for mark in matrix.marks}):
        shape, colour = look(number)
        found.append(Sign(overview.fields[number].name, shape, SERIES[colour]))
    drawn = {outcomes.get(mark.measure) for mark in matrix.marks}
    for outcome in Outcome:
        if outcome in drawn:
            is_out = outcome.is_out
            colour_of = OUTCOMES["rejected"] if is_out else INK_MUTED
            found.append(Sign(str(outcome.label), "circle", colour_of, outcome.value))
    return found


def ink_of(mark: Mark, outcome: Outcome | None) -> str:
    """Return the colour of a mark and of the line to its title: grey where it was given up."""
    return OUTCOMES["rejected"] if outcome and outcome.is_out else SERIES[mark.colour]


def note_of(matrix: MatrixLayout, overview: Overview) -> str:
    """Say how many measures are in the picture, with which weight and thresholds."""
    write = number_writer()
    relevance, feasibility = overview.thresholds
    return _(
        "%(n)d of %(all)d measures · weight of relevance %(weight)s %% ·"
        " thresholds: relevance %(relevance)s, feasibility %(feasibility)s"
    ) % {
        "n": len(matrix.marks),
        "all": len(overview.rows),
        "weight": write(overview.weight * 100, 0),
        "relevance": write(relevance),
        "feasibility": write(feasibility),
    }
