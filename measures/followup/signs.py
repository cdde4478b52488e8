"""Lights and the timeline's signs as SVG. Every text passes through ``format_html``."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measures.followup.lights import LIGHTS, Light
from measures.followup.timeline import Axis
from measures.followup.tracks import OVERDUE, UNREPORTED, Track, count_by_state
from measures.markup import join_rows
from measures.matrix.shapes import shape_path
from measures.models import State

_WORDS = {
    OVERDUE: gettext_lazy("overdue"),
    UNREPORTED: gettext_lazy("no report yet"),
    **{state.value: state.label for state in State},
}
_ARROWS = {-1: "M4-6V6L-6 0Z", 1: "M-4-6V6L6 0Z"}
_SIGNS = {
    "decided": Light("line", "M-1.5-9H1.5V9H-1.5Z"),
    "report": Light("line", shape_path("circle", 0, 0, 3)),
    "due": Light("line", shape_path("diamond", 0, 0, 8) + shape_path("diamond", 0, 0, 4.5)),
    "task": Light("line", shape_path("square", 0, 0, 5) + shape_path("square", 0, 0, 2.5)),
    "task_done": Light("line", shape_path("square", 0, 0, 5)),
}


def words_of_state(state: str) -> str:
    """Say one of ``tracks.STATES`` in the reader's language."""
    return str(_WORDS[state])


def light(state: str) -> SafeString:
    """Return one of ``tracks.STATES`` as its shape in its colour with its words beside it."""
    return _named(LIGHTS[state], words_of_state(state))


def state_counts(tracks: Sequence[Track]) -> SafeString:
    """Return in how many states these are, as a light with a number for each that occurs."""
    counted = count_by_state(tracks)
    return format_html_join(
        " ", "{} {}", ((light(state), number) for state, number in counted.items() if number)
    )


def _named(look: Light, words: str) -> SafeString:
    return format_html(
        '<span class="light light--{}"><svg class="light__shape" viewBox="-10 -10 20 20"'
        ' aria-hidden="true" focusable="false"><path d="{}"/></svg> <span>{}</span></span>',
        *look,
        words,
    )


def track_light(track: Track) -> SafeString:
    """Return where a measure stands; what is overdue says so and keeps its state's word."""
    if not track.overdue:
        return light(track.state)
    words = _("%(state)s, overdue") % {"state": words_of_state(track.state)}
    return _named(LIGHTS[OVERDUE], words)


def axis_head(axis: Axis) -> SafeString:
    """Return the timeline's head: years and months, today, and the grid that strips repeat."""
    ticks = [(axis.x(day), _tick_words(day)) for day in axis.ticks]
    return format_html(
        '<svg class="timeline__picture" aria-hidden="true" focusable="false">'
        '<symbol id="timeline-grid" overflow="visible">{}'
        '<line class="timeline__today" x1="{today}" x2="{today}" y1="0" y2="100%"/></symbol>'
        '{}<text class="timeline__now" x="{today}" y="95%" text-anchor="middle">{}</text></svg>',
        join_rows("", '<line class="timeline__tick" x1="{0}" x2="{0}" y1="0" y2="100%"/>', ticks),
        join_rows("", '<text x="{}" y="40%" text-anchor="middle">{}</text>', ticks),
        _("today"),
        today=axis.x(axis.today),
    )


def _tick_words(day: date) -> str:
    return date_format(day, "Y" if day.month == 1 else "M")


def strip(track: Track, axis: Axis) -> SafeString:
    """Return a measure's row of the timeline: its signs on a line from first to last."""
    days = track.days
    line = '<line class="timeline__line" x1="{}" x2="{}" y1="50%" y2="50%"/>'
    return format_html(
        '<svg class="timeline__picture" aria-hidden="true" focusable="false">'
        '<use href="#timeline-grid" width="100%" height="100%"/>{}{}</svg>',
        join_rows("", line, [(axis.x(min(days)), axis.x(max(days)))] if days else []),
        join_rows(
            "",
            '<svg class="timeline__mark light--{}" x="{}" y="50%" overflow="visible">'
            '<path d="{}"/></svg>',
            (
                (look.tone, axis.x(day), _ARROWS.get(axis.side(day), look.path))
                for look, day in _signs(track)
            ),
        ),
    )


def _signs(track: Track) -> Iterator[tuple[Light, date]]:
    """Yield what stands on a strip and when, the newest report and the due date on top."""
    if track.decision:
        yield _SIGNS["decided"], track.decision.decided_on
    for task in track.tasks:
        if day := task.done_on or task.due:
            yield _SIGNS["task_done" if task.done_on else "task"], day
    for report in track.reports[:0:-1]:
        yield _SIGNS["report"], report.day
    if track.newest:
        yield LIGHTS[track.state], track.newest.day
    if track.due:
        yield LIGHTS[OVERDUE] if track.overdue else _SIGNS["due"], track.due


def explained_signs() -> list[SafeString]:
    """Return the timeline's signs with what they mean; states are explained by their lights."""
    words = {
        "decided": _("decided"),
        "report": _("earlier report"),
        "due": _("deadline or next date"),
        "task": _("open task"),
        "task_done": _("task done"),
    }
    return [_named(_SIGNS[kind], word) for kind, word in words.items()]
