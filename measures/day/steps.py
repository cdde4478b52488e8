"""The steps of the day, one for each phase."""

from django.urls import reverse
from django.utils.translation import gettext as _

from workshops.phases import Phase
from workshops.visits import Visit


def steps_of(visit: Visit) -> list[dict[str, str]]:
    """Return the steps of the day for ``_steps.html``; linked is what this visitor may take."""
    results = "measures:dashboard" if visit.shows_results else ""
    entry = "measures:entry-list" if visit.may_enter else ""
    routes = {
        Phase.PREPARING: (_("Choose fields"), "fields:field-list" if visit.is_editor else ""),
        Phase.COLLECTING: (_("Collect goals and measures"), "measures:measure-list"),
        Phase.RATING: (_("Rate"), "measures:rate-start" if visit.may_rate else entry),
        Phase.DELIBERATING: (_("Look at matrix and ranking"), results),
        Phase.CLOSED: (_("Decide and follow up"), results and "measures:session-list"),
    }
    here = list(Phase).index(Phase(visit.workshop.phase))
    return [
        {
            "label": label,
            "state": "current" if place == here else "done" if place < here else "todo",
            "url": reverse(route, args=[visit.workshop.pk]) if route else "",
        }
        for place, (label, route) in enumerate(routes[phase] for phase in Phase)
    ]
