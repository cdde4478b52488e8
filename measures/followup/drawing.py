"""Lights and timeline as SVG. Every text passes through ``format_html``, which escapes it."""

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measures.followup.lights import LIGHTS, Light
from measures.followup.timeline import Mark, Strip, Tick, Timeline
from measures.followup.tracks import OVERDUE, UNREPORTED, Report, Track
from measures.markup import join_rows
from measures.matrix.shapes import shape_path

_ARROWS = {-1: "M4-6V6L-6 0Z", 1: "M-4-6V6L6 0Z"}
_MARKS = {
    "decided": Light("line", "M-1.5-9H1.5V9H-1.5Z"),
    "report": Light("line", shape_path("circle", 0, 0, 3)),
    "due": Light("line", shape_path("diamond", 0, 0, 8) + shape_path("diamond", 0, 0, 4.5)),
}


def light(key: str, words: str) -> SafeString:
    """Return a state as its shape in its colour with words beside it."""
    return _named(LIGHTS[key], words)


def _named(look: Light, words: str) -> SafeString:
    return format_html(
        '<span class="light light--{}"><svg class="light__shape" viewBox="-10 -10 20 20"'
        ' aria-hidden="true" focusable="false"><path d="{}"/></svg> <span>{}</span></span>',
        *look,
        words,
    )


def report_light(report: Report | None) -> SafeString:
    """Return what a report says; ``None`` stands for no report yet."""
    return light(report.state, report.words) if report else light(UNREPORTED, _("no report yet"))


def track_light(track: Track) -> SafeString:
    """Return where a measure stands; what is overdue says so and keeps its state's word."""
    if not track.overdue:
        return report_light(track.newest)
    words = track.newest.words if track.newest else _("no report yet")
    return light(OVERDUE, _("%(state)s, overdue") % {"state": words})


def axis(timeline: Timeline) -> SafeString:
    """Return the timeline's head: years and months, today, and the grid that strips repeat."""
    ticks = [(tick.x, _tick_words(tick)) for tick in timeline.ticks]
    return format_html(
        '<svg class="timeline__picture" aria-hidden="true" focusable="false">'
        '<symbol id="timeline-grid" overflow="visible">{}'
        '<line class="timeline__today" x1="{today}" x2="{today}" y1="0" y2="100%"/></symbol>'
        '{}<text class="timeline__now" x="{today}" y="95%" text-anchor="middle">{}</text></svg>',
        join_rows(
            "",
            '<line class="timeline__tick" x1="{0}" x2="{0}" y1="0" y2="100%"/>',
            ((tick.x,) for tick in timeline.ticks),
        ),
        join_rows("", '<text x="{}" y="40%" text-anchor="middle">{}</text>', ticks),
        _("today"),
        today=timeline.today,
    )


def _tick_words(tick: Tick) -> str:
    return date_format(tick.day, "Y" if tick.day.month == 1 else "M")


def strip(row: Strip) -> SafeString:
    """Return one measure's row of the picture."""
    line = '<line class="timeline__line" x1="{}" x2="{}" y1="50%" y2="50%"/>'
    marks = [(look.tone, mark.x, path) for mark in row.marks for look, path in [_look(row, mark)]]
    return format_html(
        '<svg class="timeline__picture" aria-hidden="true" focusable="false">'
        '<use href="#timeline-grid" width="100%" height="100%"/>{}{}</svg>',
        join_rows("", line, [row.line] if row.line else []),
        join_rows(
            "",
            '<svg class="timeline__mark light--{}" x="{}" y="50%" overflow="visible">'
            '<path d="{}"/></svg>',
            marks,
        ),
    )


def _look(row: Strip, mark: Mark) -> tuple[Light, str]:
    """Return a mark's look and its path; beyond the edge it becomes an arrow."""
    if mark.kind == "newest":
        look = LIGHTS[row.track.state]
    elif mark.kind == "due" and row.track.overdue:
        look = LIGHTS[OVERDUE]
    else:
        look = _MARKS[mark.kind]
    return look, _ARROWS.get(mark.beyond, look.path)


def legend() -> list[SafeString]:
    """Return the timeline's marks with what they mean; states are explained by their lights."""
    words = {"decided": _("decided"), "report": _("earlier report"), "due": _("due")}
    return [_named(_MARKS[kind], word) for kind, word in words.items()]
