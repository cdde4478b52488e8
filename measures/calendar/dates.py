"""The dates of a workshop that all of its members may know.

Whoever has the address may be anybody by now. So nothing is told that only some members know:
decisions count once they are published, sessions from the moment when members see them.
"""

from datetime import date

from django.utils.translation import gettext as _

from measures.calendar.ical import Entry
from measures.followup.loading import follow
from measures.followup.tracks import Track
from measures.models import Decision, Session, Task
from workshops.models import Workshop
from workshops.phases import Activity


def dates_of(workshop: Workshop, site: str, *, today: date) -> list[Entry]:
    """Return the entries by day; ``site`` is where the site is found. At most 7 queries."""
    entries = _due(workshop, site, today) + _tasks(workshop, site)
    if workshop.allows(Activity.SEE_RESULTS):
        entries += _sessions(workshop, site)
    return sorted(entries, key=lambda entry: (entry.day, entry.uid))


def _sessions(workshop: Workshop, site: str) -> list[Entry]:
    return [
        Entry(
            uid=f"session-{session.uuid}",
            day=session.date,
            summary=session.committee,
            location=session.place,
            description=workshop.title,
            url=f"{site}{session.get_absolute_url()}",
        )
        for session in Session.objects.in_workshop(workshop)
    ]


def _due(workshop: Workshop, site: str, today: date) -> list[Entry]:
    known = Decision.objects.in_workshop(workshop).known_to_all()
    decisions = known.told_in_public().defer("snapshot", "reason")
    tracks = follow([workshop], decisions, today=today)
    return [
        Entry(
            uid=f"due-{workshop.uuid}-{track.measure.number}",
            day=track.due,
            summary=_due_words(track),
            description=workshop.title,
            url=f"{site}{workshop.get_absolute_url()}measures/{track.measure.number}/",
        )
        for track in tracks
        if track.due and not track.is_final
    ]


def _due_words(track: Track) -> str:
    names = {"code": track.measure.code, "title": track.measure.title}
    text = _("Next due: %(code)s %(title)s") if track.next_due else _("Due: %(code)s %(title)s")
    return text % names


def _tasks(workshop: Workshop, site: str) -> list[Entry]:
    rows = Task.objects.in_workshop(workshop).filter(done_on=None, due_date__isnull=False)
    rows = rows.filter(measure__is_removed=False).exclude(measure__merged_into__is_removed=True)
    return [
        Entry(
            uid=f"task-{task.client_id}",
            day=task.due_date,
            summary=_task_words(task),
            description=workshop.title,
            url=f"{site}{task.measure.target.get_absolute_url()}",
        )
        for task in rows.select_related("measure__merged_into")
        if task.due_date
    ]


def _task_words(task: Task) -> str:
    words = _("Task (%(code)s): %(text)s") % {"code": task.measure.target.code, "text": task.text}
    return f"{words} – {task.office}" if task.office else words
