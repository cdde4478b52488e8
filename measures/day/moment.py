"""Where workshops stand, as far as it decides what comes next: asked at once for many."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, prefetch_related_objects

from fields.models import ActionField
from measures.models import Measure, Round, Session
from measures.rating.rounds import may_choose
from workshops.models import Workshop
from workshops.phases import Phase


@dataclass(frozen=True, slots=True)
class Moment:
    """What a workshop has: a last round, anything worked on, anything to be rated.

    ``may_choose``: measures can be chosen for a further round now.
    """

    last_round: Round | None
    has_fields: bool
    has_rateable: bool
    may_choose: bool


def moments_of(workshops: Iterable[Workshop]) -> list[Moment]:
    """Return the moment of each workshop, in their order. 2 queries, however many there are.

    The workshops know their rounds then, and whether there is an agenda.
    """
    found = list(workshops)
    prefetch_related_objects(found, "rounds")
    at = {"workshop": OuterRef("pk")}
    rows = Workshop.objects.filter(pk__in=[each.pk for each in found]).values_list(
        "pk",
        Exists(ActionField.objects.filter(**at).worked_on()),
        Exists(Measure.objects.filter(**at).rateable()),
        Exists(Session.objects.filter(**at).used()),
    )
    told = {pk: answers for pk, *answers in rows}
    return [_moment(each, *told[each.pk]) for each in found]


def waits(workshop: Workshop, last_round: Round | None) -> bool:
    """Say whether rating is over and nobody has seen what the last round brought."""
    is_over = workshop.phase in (Phase.DELIBERATING, Phase.CLOSED)
    return is_over and last_round is not None and last_round.is_closed


def _moment(workshop: Workshop, has_fields: bool, has_rateable: bool, has_agenda: bool) -> Moment:
    vars(workshop)["has_agenda"] = has_agenda
    rounds = list(workshop.rounds.all())
    return Moment(
        last_round=rounds[-1] if rounds else None,
        has_fields=has_fields,
        has_rateable=has_rateable,
        may_choose=may_choose(workshop),
    )
