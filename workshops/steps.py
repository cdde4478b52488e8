"""What comes next in a workshop, for the person who asks."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from workshops.models import Workshop
from workshops.phases import Phase


@dataclass(frozen=True)
class Step:
    label: str
    url: str


def next_step(workshop: Workshop) -> Step:
    """Return the one thing to do next; ``workshop`` carries the person's roles (see access)."""
    label, route = _for_editors(workshop) if workshop.is_editor else _for_guests(workshop)
    return Step(label, reverse(route, args=[workshop.pk]))


def _for_editors(workshop: Workshop) -> tuple[str, str]:
    match workshop.phase:
        case Phase.PREPARING:
            return _("Choose the action fields"), "fields:field-list"
        case Phase.COLLECTING:
            return _("Collect goals and measures"), "measures:measure-list"
        case Phase.RATING:
            return _("See how far the rating is"), "measures:workshop-day"
        case _:
            return _("Look at matrix and ranking"), "measures:dashboard"


def _for_guests(workshop: Workshop) -> tuple[str, str]:
    if workshop.may_rate:
        return _("Rate the measures"), "measures:rate-start"
    if workshop.shows_results:
        return _("Look at matrix and ranking"), "measures:dashboard"
    return _("See where the workshop stands"), "measures:workshop-day"
