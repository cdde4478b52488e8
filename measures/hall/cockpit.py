"""What the cockpit says: where the day is, how many are how far, and what the projector shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.day.moment import Moment, moments_of
from measures.day.steps import steps_of
from measures.hall.collected import Collected, collected_in
from measures.hall.leading import next_of, undo_of
from measures.hall.markup import rail_svg, tenths_svg
from measures.hall.notes import NotesForm
from measures.hall.plan import lines_of, next_change
from measures.hall.screens import WAIT, WELCOME, Day, can_show, day_of, front_of, screen_of
from measures.hall.timer import timer_of
from measures.models import Front, Measure, Screen
from measures.overview import overview_of
from measures.rating.closing import closing_of
from measures.rating.outlook import ballots_in
from measures.rating.turnout import Turnout
from measures.results.picture import best_of, by_rank
from measures.results.talk import reasons_of
from workshops.guests import spaced
from workshops.models import Workshop
from workshops.phases import Phase
from workshops.visits import Visit

Context = dict[str, Any]
TALKED = 5  # measures about which opinions part


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its word; ``is_care``: worth a look."""

    word: str
    number: int | str
    is_care: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A screen to choose for the projector."""

    value: str
    label: str | Promise
    is_shown: bool
    can_be: bool


def cockpit_context(visit: Visit, turnout: Turnout) -> Context:
    """Return what the cockpit shows beside its forms."""
    workshop = visit.workshop
    [moment] = moments_of([workshop])
    day, front = day_of(workshop), front_of(workshop)
    now = timezone.localtime()
    fields = collected_in(workshop)
    empty = sum(not each.measures for each in fields)
    aimless = sum(not each.goals for each in fields)
    lines, timer = lines_of(workshop, now), timer_of(front, now)
    closing = closing_of(day.open_round) if day.open_round else None
    changes = [
        closing.due if closing else None,
        timer.ends_in if timer else None,
        next_change(lines, workshop.date, now),
    ]
    return {
        "workshop": workshop,
        "visit": visit,
        "day": day,
        "front": front,
        "steps": steps_of(visit),
        "lines": lines,
        "timer": timer,
        "closing": closing,
        "due": min((each for each in changes if each is not None), default=None),
        "turnout": turnout,
        "next": next_of(visit, moment, turnout, empty, aimless),
        "undo": undo_of(visit, moment),
        "room_code": spaced(workshop.room_code) if workshop.room_code else "",
        "notes": NotesForm(instance=front) if visit.is_facilitator else None,
        **_projector(day, front, turnout),
        **_phase(visit, moment, day, fields, turnout),
    }


def _projector(day: Day, front: Front, turnout: Turnout) -> Context:
    """Return what the projector shows now, in words, and what it could show."""
    screen = screen_of(day, front)
    is_chosen = screen == front.screen and front.state == day.state
    is_measure = is_chosen and screen == Screen.MEASURE
    choices = [
        Choice(each.value, each.label, is_chosen and each == screen, can_show(day, each))
        for each in Screen
        if each != Screen.MEASURE
    ]
    return {
        "screen": screen,
        "screen_word": _word(screen),
        "screen_told": _told(screen, front, turnout),
        "choices": choices,
        "wall_field": front.field_id if screen == Screen.COLLECT and is_chosen else None,
        "wall_measure": front.measure.number if front.measure and is_measure else None,
        "follows": not is_chosen,
    }


def _word(screen: str) -> str:
    own = {WELCOME: _("Welcome"), WAIT: _("The rating is closed")}
    return own[screen] if screen in own else str(Screen(screen).label)


def _told(screen: str, front: Front, turnout: Turnout) -> str:
    room = turnout.room
    if screen == Screen.RATE and room.is_told:
        done = room.finished or 0
        text = ngettext("%(n)d of %(here)d has finished", "%(n)d of %(here)d have finished", done)
        return text % {"n": done, "here": room.here}
    if screen in (Screen.JOIN, Screen.RATE):
        return ngettext("%(n)d is here", "%(n)d are here", room.here) % {"n": room.here}
    if screen == Screen.COLLECT and front.field:
        return front.field.name
    if screen == Screen.MEASURE and front.measure:
        return str(front.measure)
    return ""


# The phase in hand ------------------------------------------------------------------------------


def _phase(
    visit: Visit, moment: Moment, day: Day, fields: list[Collected], turnout: Turnout
) -> Context:
    draw: Callable[..., Context] = {
        Phase.PREPARING: _preparing,
        Phase.COLLECTING: _collecting,
        Phase.RATING: _rating,
    }.get(Phase(visit.workshop.phase), _over)
    return draw(visit.workshop, day, fields, turnout)


def _here(workshop: Workshop, turnout: Turnout) -> Fact:
    here = turnout.room.here
    if not workshop.expected_guests:
        return Fact(_("here"), here)
    return Fact(_("here, of about %(n)d") % {"n": workshop.expected_guests}, here)


def _preparing(workshop: Workshop, day: Day, fields: list[Collected], turnout: Turnout) -> Context:
    facts = [
        _here(workshop, turnout),
        Fact(_("fields"), len(fields), is_care=not fields),
        Fact(_("groups"), workshop.groups.count()),
    ]
    return {"title": _("Preparing"), "facts": facts}


def _collecting(workshop: Workshop, day: Day, fields: list[Collected], turnout: Turnout) -> Context:
    aimless = sum(not each.goals for each in fields)
    facts = [
        _here(workshop, turnout),
        Fact(_("fields"), len(fields)),
        Fact(_("measures"), sum(each.measures for each in fields)),
        Fact(_("fields without a goal"), aimless, is_care=aimless > 0),
    ]
    return {"title": _("Collecting"), "facts": facts, "collected": fields}


def _rating(workshop: Workshop, day: Day, fields: list[Collected], turnout: Turnout) -> Context:
    room = turnout.room
    facts = [_here(workshop, turnout)]
    if room.is_told:
        facts += [
            Fact(_("finished"), room.finished or 0),
            Fact(_("at it"), room.rating),
            Fact(_("not begun"), room.waiting, is_care=room.waiting > 0),
        ]
    groups = [(name, count, rail_svg(count)) for name, count in turnout.groups]
    if turnout.rest:
        groups.append((_("all others"), turnout.rest, rail_svg(turnout.rest)))
    rated = [
        (each, None if each.tenths is None else tenths_svg(each.tenths)) for each in turnout.fields
    ]
    return {"title": _("Rating now"), "facts": facts, "group_counts": groups, "rated": rated}


def _over(workshop: Workshop, day: Day, fields: list[Collected], turnout: Turnout) -> Context:
    if day.closed:
        facts = [Fact(_("ballots with ratings"), ballots_in(day.closed))]
        return {"title": _("The rating is closed"), "facts": facts}
    if not day.shown:
        return {"title": workshop.get_phase_display(), "facts": [_here(workshop, turnout)]}
    overview = overview_of(workshop)
    ranked = by_rank(overview.rows)
    reasons = reasons_of(overview, limit=TALKED)
    facts = [
        Fact(_("measures with a result"), len(ranked)),
        Fact(_("to talk about"), len(reasons)),
    ]
    return {
        "title": _("Result"),
        "facts": facts,
        "talked": reasons,
        "first": [(overview.place_of(row), row.measure) for row in best_of(ranked)],
        "is_split": overview.is_split,
    }


def put_on_screen(
    front: Front, day: Day, screen: str, field: int | None, number: int | None
) -> None:
    """Choose a screen for the projector, "" for whatever the day shows; it holds for this step.

    A field or measure of another workshop is none. Not saved.
    """
    workshop = day.workshop
    front.screen, front.state = screen, day.state if screen else ""
    front.field = workshop.fields.worked_on().filter(pk=field).first() if field else None
    standing = Measure.objects.in_workshop(workshop).standing()
    front.measure = standing.filter(number=number).first() if number else None
