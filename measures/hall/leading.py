"""What comes next, as the cockpit's lower edge says it: the step, what speaks against it, the undo.

Every step goes through a page that says first what it means; scripts open it as a dialog.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.day.moment import Moment, waits
from measures.rating.leading import may_lead_back
from measures.rating.turnout import Turnout
from workshops import roles
from workshops.models import Workshop
from workshops.phases import Phase, neighbours
from workshops.visits import Visit


@dataclass(frozen=True, slots=True)
class Step:
    """A button of the lower edge. ``is_check``: its page says first what the step means."""

    label: str
    url: str
    is_check: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """The step that can be taken back, to which phase, and since when it stands."""

    text: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Next:
    """The one step that is next, perhaps another, and in short what speaks against it."""

    step: Step
    other: Step | None
    why: tuple[str, ...]


def next_of(visit: Visit, moment: Moment, turnout: Turnout, empty: int, aimless: int) -> Next:
    """Return what comes next. ``empty`` fields have no measure, ``aimless`` no goal. 1 query."""
    workshop = visit.workshop
    match workshop.phase:
        case Phase.PREPARING:
            return _preparing(workshop, moment)
        case Phase.COLLECTING:
            return _collecting(visit, moment, empty, aimless)
        case Phase.RATING:
            step = _check(_("Close the rating …"), "rating-close", workshop)
            return Next(step, None, _not_ready(turnout))
        case _:
            return _over(visit, moment)


def _preparing(workshop: Workshop, moment: Moment) -> Next:
    choose = Step(_("Choose the action fields"), reverse("fields:field-list", args=[workshop.pk]))
    if not moment.has_fields:
        return Next(choose, None, (_("No field is worked on yet"),))
    return Next(_check(_("Start collecting …"), "cockpit-step", workshop, "collecting"), None, ())


def _collecting(visit: Visit, moment: Moment, empty: int, aimless: int) -> Next:
    workshop = visit.workshop
    if moment.may_choose:
        if not roles.may_open_further(visit):
            return Next(_look(workshop), None, (_("The administration opens the next round"),))
        return Next(_further(workshop), None, ())
    why = []
    if empty:
        text = ngettext("%(n)d field without a measure", "%(n)d fields without a measure", empty)
        why.append(text % {"n": empty})
    if aimless:
        text = ngettext("%(n)d field without a goal", "%(n)d fields without a goal", aimless)
        why.append(text % {"n": aimless})
    return Next(_check(_("Start rating …"), "rating-check", workshop), None, tuple(why))


def _not_ready(turnout: Turnout) -> tuple[str, ...]:
    room = turnout.room
    if not room.is_told:
        return ()
    found = []
    if room.waiting:
        text = ngettext("%(n)d has not begun", "%(n)d have not begun", room.waiting)
        found.append(text % {"n": room.waiting})
    if room.rating:
        text = ngettext("%(n)d is rating", "%(n)d are rating", room.rating)
        found.append(text % {"n": room.rating})
    return tuple(found)


def _over(visit: Visit, moment: Moment) -> Next:
    workshop, last = visit.workshop, moment.last_round
    may_open = moment.may_choose and roles.may_open_further(visit)
    other = _further(workshop) if may_open else None
    if other is None and workshop.phase == Phase.DELIBERATING:
        other = _check(_("Close the workshop …"), "cockpit-step", workshop, "closed")
    if last is not None and waits(workshop, last) and visit.is_facilitator:
        show = _check(_("Show the results …"), "round-show", workshop, last.number)
        return Next(show, None, (_("The rating is closed"),))
    if not visit.is_facilitator:
        return Next(_look(workshop), other, ())
    return Next(Step(_("Hand over …"), _url("hand-over", workshop)), other, ())


def _look(workshop: Workshop) -> Step:
    name = "dashboard" if workshop.has_results else "measure-list"
    return Step(_("Look at matrix and ranking"), _url(name, workshop))


def _further(workshop: Workshop) -> Step:
    return Step(_("Further round …"), f"{_url('round-add', workshop)}?then=cockpit")


def _check(label: str, name: str, workshop: Workshop, *args: int | str) -> Step:
    return Step(label, f"{_url(name, workshop, *args)}?then=cockpit", is_check=True)


def _url(name: str, workshop: Workshop, *args: int | str) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *args])


def undo_of(visit: Visit, moment: Moment) -> Undo | None:
    """Return the last step, if it can be taken back by this person; never a showing. 3 queries.

    A further round opened by mistake is closed again, and so dropped, as long as nobody rated.
    """
    workshop, last = visit.workshop, moment.last_round
    change = workshop.phase_changes.first()
    if change is None or change.after != workshop.phase:
        return None
    if last and last.settled_at and last.settled_at > change.at:
        return None
    back, _after = neighbours(workshop.phase)
    if change.before == back and may_lead_back(visit):
        return Undo(_done(workshop.phase), to=change.before, at=change.at)
    is_further = change.before == Phase.DELIBERATING and last is not None and last.number > 1
    if is_further and last and last.is_open and not last.has_ratings():
        return Undo(_done(workshop.phase), to=change.before, at=change.at)
    return None


def _done(phase: str) -> str:
    """Say which step led into a phase."""
    return {
        Phase.PREPARING: "",
        Phase.COLLECTING: _("Collecting was started"),
        Phase.RATING: _("The rating was opened"),
        Phase.DELIBERATING: _("The rating was closed"),
        Phase.CLOSED: _("The workshop was closed"),
    }[Phase(phase)]
