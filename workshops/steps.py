"""What comes next in a workshop, for the person who asks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from workshops.phases import Phase
from workshops.visits import Visit


@dataclass(frozen=True)
class Step:
    label: str
    url: str


def next_step(visit: Visit) -> Step:
    """Return the one thing that this visitor does next."""
    label, route = _for_editors(visit) if visit.is_editor else _for_others(visit)
    return Step(label, reverse(route, args=[visit.workshop.pk]))


def _for_editors(visit: Visit) -> tuple[str, str]:
    match visit.workshop.phase:
        case Phase.PREPARING:
            return _("Choose the action fields"), "fields:field-list"
        case Phase.COLLECTING:
            return _("Collect goals and measures"), "measures:measure-list"
        case Phase.RATING:
            return _("See how far the rating is"), "measures:workshop-day"
        case _:
            return _("Look at matrix and ranking"), "measures:dashboard"


def _for_others(visit: Visit) -> tuple[str, str]:
    if visit.may_rate:
        return _("Rate the measures"), "measures:rate-start"
    if visit.shows_results:
        return _("Look at matrix and ranking"), "measures:dashboard"
    return _("See where the workshop stands"), "measures:workshop-day"
