"""What comes next in a workshop, for the person who asks."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshops.phases import Phase
from workshops.visits import Visit


class NextStep(Enum):
    """One thing to do, with the words of its button and the page that it leads to."""

    CHOOSE_FIELDS = _("Choose the action fields"), "fields:field-list"
    COLLECT = _("Collect goals and measures"), "measures:measure-list"
    FOLLOW_RATING = _("See how far the rating is"), "measures:workshop-day"
    SHOW_RESULTS = _("Show results"), "measures:round-show"
    RATE = _("Rate the measures"), "measures:rate-start"
    LOOK = _("Look at matrix and ranking"), "measures:dashboard"
    SEE_MEASURES = _("See the measures"), "measures:measure-list"
    SEE_PHASE = _("See where the workshop stands"), "measures:workshop-day"

    def __init__(self, label: str | Promise, route: str):
        self.label = label
        self.route = route


def next_step(visit: Visit) -> NextStep:
    """Return the one thing that this visitor does next."""
    return _for_editors(visit) if visit.is_editor else _for_others(visit)


def _for_editors(visit: Visit) -> NextStep:
    match visit.workshop.phase:
        case Phase.PREPARING:
            return NextStep.CHOOSE_FIELDS
        case Phase.COLLECTING:
            return NextStep.COLLECT
        case Phase.RATING:
            return NextStep.FOLLOW_RATING
        case _:
            return _look(visit)


def _for_others(visit: Visit) -> NextStep:
    return NextStep.RATE if visit.may_rate else _look(visit)


def _look(visit: Visit) -> NextStep:
    """Lead to the results, or to the page that says why there are none yet."""
    return NextStep.LOOK if visit.workshop.has_results else NextStep.SEE_PHASE
