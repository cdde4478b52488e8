"""The phases of a workshop, and what each of them allows: the only place that says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    PREPARING = "preparing", _("Preparation")
    COLLECTING = "collecting", _("Collection")
    RATING = "rating", _("Rating")
    DELIBERATING = "deliberating", _("Deliberation")
    CLOSED = "closed", _("Closed")


class Activity(models.TextChoices):
    """What people do in a workshop; a view names the one that it needs."""

    SET_UP = "set_up", _("change settings, groups and people")
    LET_IN = "let_in", _("let people in without an account")
    CHOOSE_FIELDS = "choose_fields", _("choose the action fields")
    CAPTURE = "capture", _("collect goals and measures")
    SEND_IDEAS = "send_ideas", _("send ideas")
    DESCRIBE = "describe", _("write the profiles of the measures")
    PRINT_SHEETS = "print_sheets", _("print rating sheets")
    RATE = "rate", _("rate")
    ENTER_RATINGS = "enter_ratings", _("enter paper ratings and agreed values")
    SEE_RESULTS = "see_results", _("see the results")
    ASSESS = "assess", _("assess measures for the administration")
    DECIDE = "decide", _("discuss measures and decide on them")
    FOLLOW_UP = "follow_up", _("report how far a measure is")
    ESTIMATE = "estimate", _("enter costs and indicators")
    ARCHIVE = "archive", _("archive the workshop")


ALLOWED: dict[str, frozenset[Activity]] = {
    Phase.PREPARING: frozenset(
        {
            Activity.SET_UP,
            Activity.LET_IN,
            Activity.CHOOSE_FIELDS,
            Activity.CAPTURE,
            Activity.DESCRIBE,
            Activity.ESTIMATE,
            Activity.PRINT_SHEETS,
            Activity.ARCHIVE,
        }
    ),
    Phase.COLLECTING: frozenset(
        {
            Activity.SET_UP,
            Activity.LET_IN,
            Activity.CHOOSE_FIELDS,
            Activity.CAPTURE,
            Activity.SEND_IDEAS,
            Activity.DESCRIBE,
            Activity.ESTIMATE,
            Activity.PRINT_SHEETS,
            Activity.ARCHIVE,
        }
    ),
    # Nobody sees results while people rate: whoever watches them come in, vote by vote, can tell
    # who voted how.
    Phase.RATING: frozenset(
        {
            Activity.SET_UP,
            Activity.LET_IN,
            Activity.RATE,
            Activity.ENTER_RATINGS,
            Activity.PRINT_SHEETS,
        }
    ),
    Phase.DELIBERATING: frozenset(
        {
            Activity.SET_UP,
            Activity.DESCRIBE,
            Activity.ESTIMATE,
            Activity.SEE_RESULTS,
            Activity.ASSESS,
            Activity.DECIDE,
            Activity.FOLLOW_UP,
        }
    ),
    Phase.CLOSED: frozenset(
        {
            Activity.ESTIMATE,
            Activity.SEE_RESULTS,
            Activity.ASSESS,
            Activity.DECIDE,
            Activity.FOLLOW_UP,
            Activity.ARCHIVE,
        }
    ),
}


def allows(phase: str, activity: Activity) -> bool:
    return activity in ALLOWED[Phase(phase)]


def neighbours(phase: str) -> tuple[Phase | None, Phase | None]:
    """Return the phases before and after, ``None`` at either end."""
    order = list(Phase)
    here = order.index(Phase(phase))
    return (order[here - 1] if here else None, order[here + 1] if here + 1 < len(order) else None)
