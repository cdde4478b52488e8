"""What holds of all that committees decided on a measure, and the wording that they gave it.

The last decision holds, be it on the measure or on what was merged into it. A wording stands as
long as its decision holds: what is accepted as it is, deferred or rejected afterwards reads as it
was proposed, and the wording stays readable in the history. It takes the place of the description,
never of the title. Pages and files quote it once it is published; before that it stands in its
decision alone, which deciders see.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from measures.models import TARGET, Decision, Measure
from measures.models.decision import DecisionQuerySet
from workshops.models import Workshop


class Dated(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def decided_on(self) -> date: ...


class Deciding(Dated, Protocol):
    @property
    def is_recommendation(self) -> bool: ...
    @property
    def rules(self) -> bool: ...


D = TypeVar("D", bound=Dated)
E = TypeVar("E", bound=Deciding)


class DecidedWording(NamedTuple):
    """How a measure reads since it was amended: when, by whom, and in which decision (its id).

    ``number`` is that of the measure decided on, which may have been merged into this one since.
    """

    text: str
    decided_on: date
    committee: str
    number: int
    decision: int


def oldest_first(decisions: Iterable[D]) -> list[D]:
    """Sort decisions: the last one holds, of two on one day the one recorded later."""
    return sorted(decisions, key=lambda each: (each.decided_on, each.pk))


def target_of(decision: Decision) -> int:
    """Return the id of the measure that a decision counts for. It was loaded with its measure."""
    return decision.measure.target_id


def by_weight(decisions: Iterable[E]) -> list[E]:
    """Sort what was decided so that the last one of a measure holds; recommendations are left out.

    The last one that rules outweighs all that was noted, referred or withdrawn, before or since.
    """
    deciding = (each for each in decisions if not each.is_recommendation)
    return sorted(deciding, key=lambda each: (each.rules, each.decided_on, each.pk))


def holding(
    decisions: Iterable[Decision], target: Callable[[Decision], int] = target_of
) -> dict[int, Decision]:
    """Return by the measure's id the one of these decisions that holds. No query.

    ``decisions`` are the standing ones that the reader may know of, in any order.
    """
    return {target(each): each for each in by_weight(decisions)}


def recommended(
    decisions: Iterable[Decision], target: Callable[[Decision], int] = target_of
) -> dict[int, Decision]:
    """Return by the measure's id what was recommended last and nobody has ruled upon since."""
    found: dict[int, Decision] = {}
    for each in oldest_first(decisions):
        if each.is_recommendation:
            found[target(each)] = each
        elif each.rules:
            found.pop(target(each), None)
    return found


def wording_of(decision: Decision | None) -> DecidedWording | None:
    """Return the wording of the decision that holds; None where it has none or is pending."""
    if decision is None or decision.publication_id is None or not decision.wording:
        return None
    return DecidedWording(
        text=decision.wording,
        decided_on=decision.decided_on,
        committee=decision.session.committee,
        number=decision.measure.number,
        decision=decision.pk,
    )


def decided_wordings(workshop: Workshop) -> dict[int, DecidedWording]:
    """Return by the measure's id the wordings that stand, as all members may know them. 1 query."""
    return wordings_in(Decision.objects.in_workshop(workshop).known_to_all())


def decided_wording(measure: Measure) -> DecidedWording | None:
    """Return the wording that stands of one measure, as all members may know it. 1 query."""
    found = wordings_in(Decision.objects.about(measure).known_to_all())
    return found.get(measure.target_id)


def wordings_in(decisions: DecisionQuerySet) -> dict[int, DecidedWording]:
    """Return the same for the published decisions of any query. 1 query."""
    rows = decisions.ruling().annotate(target=TARGET).order_by("decided_on", "pk")
    told = "wording", "decided_on", "session__committee", "measure__number", "pk"
    last = {row[0]: DecidedWording._make(row[1:]) for row in rows.values_list("target", *told)}
    return {target: wording for target, wording in last.items() if wording.text}
