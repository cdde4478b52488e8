"""What each of the projector's screens says: plain context for its template.

Whoever has the code may see it, so nothing here goes beyond what the whole room may know.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from measures.hall.collected import collected_in
from measures.hall.markup import columns_svg, matrix_svg, rail_svg
from measures.hall.screens import WAIT, Day, day_of, front_of, screen_of
from measures.hall.timer import clock_of
from measures.hall.wall import partings_of, reveal_of, single_of
from measures.models import Front, Measure, Screen
from measures.rating.outlook import ballots_in
from measures.rating.turnout import Turnout
from workshops.models import Workshop

NEWEST = 7  # measures of a field that fit below each other
MOST_DOTS = 60  # people drawn as dots; more would be too small to count

Context = dict[str, Any]


def screen_context(workshop: Workshop, turnout: Turnout) -> Context:
    """Return what the projector's page needs, the name of its screen among it."""
    day, front = day_of(workshop), front_of(workshop)
    screen = screen_of(day, front)
    timer = clock_of(front, day.open_round, timezone.now())
    return {
        "workshop": workshop,
        "day": day,
        "front": front,
        "screen": str(screen),
        "timer": timer,
        "due": timer.ends_in if timer else None,
        "count": turnout.room,
        **_OF.get(screen, _nothing)(day, front, turnout),
    }


def _nothing(day: Day, front: Front, turnout: Turnout) -> Context:
    return {}


def _join(day: Day, front: Front, turnout: Turnout) -> Context:
    expected = day.workshop.expected_guests or 0
    here = turnout.room.here
    return {"dots": [place < here for place in range(expected)] if expected <= MOST_DOTS else []}


def _collect(day: Day, front: Front, turnout: Turnout) -> Context:
    """Return the field that was chosen with its newest measures, else all with the newest each."""
    workshop = day.workshop
    standing = Measure.objects.in_workshop(workshop).standing()
    if front.field and front.field.is_worked_on and not front.field.is_removed:
        rows = standing.filter(field=front.field)
        return {
            "field": front.field,
            "goals": front.field.goals.standing(),
            "newest": rows.order_by("-pk")[:NEWEST],
            "measures": rows.count(),
        }
    fields = collected_in(workshop)
    last = dict(standing.order_by("pk").values_list("field", "title"))
    return {
        "fields": [(each, last.get(each.pk, "")) for each in fields],
        "measures": sum(each.measures for each in fields),
    }


def _rate(day: Day, front: Front, turnout: Turnout) -> Context:
    return {"rail": rail_svg(turnout.room), "round": day.open_round}


def _wait(day: Day, front: Front, turnout: Turnout) -> Context:
    return {"ballots": ballots_in(day.closed) if day.closed else 0}


def _result(day: Day, front: Front, turnout: Turnout) -> Context:
    reveal = reveal_of(day.workshop)
    return {"reveal": reveal, "matrix": matrix_svg(reveal) if reveal else ""}


def _part(day: Day, front: Front, turnout: Turnout) -> Context:
    partings = partings_of(day.workshop)
    return {
        "partings": [(each, columns_svg(each.columns) if each.columns else "") for each in partings]
    }


def _measure(day: Day, front: Front, turnout: Turnout) -> Context:
    return {"single": single_of(day.workshop, front.measure) if front.measure else None}


_OF: dict[str, Callable[[Day, Front, Turnout], Context]] = {
    Screen.JOIN: _join,
    Screen.COLLECT: _collect,
    Screen.RATE: _rate,
    WAIT: _wait,
    Screen.RESULT: _result,
    Screen.TEN: _result,
    Screen.PART: _part,
    Screen.MEASURE: _measure,
}
