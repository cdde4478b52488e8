"""What people rate, stored past the pages: in the round that is going on, else in a shown one."""

from measures import shown
from measures.models import Consensus, Measure, Offer, PaperCount, Rating, Round
from measures.rating import rounds
from workshops.models import Ballot, User, Workshop, mark_changed

SHOWING = ("deliberating", "closed")  # phases in which tests expect to see what was rated


def round_of(workshop: Workshop, number: int | None = None) -> Round:
    """Return a round by its number, the last one without; the first one is made where needed."""
    made = workshop.rounds.all() if number is None else workshop.rounds.filter(number=number)
    if found := made.last():
        return found
    phase = Workshop.objects.values_list("phase", flat=True).get(pk=workshop.pk)
    state = "open" if phase == "rating" else "shown" if phase in SHOWING else "closed"
    least = workshop.smallest_room if state == "shown" else None
    round = Round.objects.create(
        workshop=workshop, number=number or 1, state=state, smallest_room=least
    )
    round.open_fields.set(workshop.fields.all())
    return round


def offer(round: Round, measure: Measure) -> None:
    """Let the round offer the measure, also one that was shown: tests write into it what follows.

    The product never does, and relies upon it.
    """
    shown._known.clear()
    target = measure.merged_into or measure if round.is_shown else None
    Offer.objects.get_or_create(round=round, measure=measure, defaults={"counts_for": target})


def save_rating(
    ballot: Ballot,
    measure: Measure,
    *,
    relevance: int | None,
    feasibility: int | None,
    round: int | None = None,
) -> Rating:
    """Let one ballot choose its steps for a measure, again if it has."""
    row = round_of(measure.workshop, round)
    offer(row, measure)
    steps = {"relevance": relevance, "feasibility": feasibility}
    key = {"ballot": ballot, "measure": measure, "round": row}
    rating, _is_new = Rating.objects.update_or_create(**key, defaults=steps)
    if row.is_shown and ballot.group_id:
        freeze_anew(row, measure)
    if row.is_shown:  # a vote raises no revision
        mark_changed(measure.workshop_id)
    return rating


def freeze_anew(round: Round, measure: Measure) -> None:
    """Freeze the groups as if the round had been shown after what was stored into it."""
    offers = round.offers.filter(measure=measure.merged_into or measure)
    Offer.groups.through.objects.filter(offer__in=offers).delete()
    rounds.freeze_groups(round, offers)


def agree_on(measure: Measure, *, round: int | None = None, **steps: int | None) -> Consensus:
    row = round_of(measure.workshop, round)
    offer(row, measure)
    return _stored(Consensus(measure=measure, round=row, **steps))


def count_paper(measure: Measure, *, round: int | None = None, **columns) -> PaperCount:
    row = round_of(measure.workshop, round)
    offer(row, measure)
    return _stored(PaperCount(measure=measure, round=row, **columns))


def _stored(row):
    """Store a row as the product does, or past it into a round that is shown already."""
    if not row.round.is_shown:
        row.save()
        return row
    type(row).objects.bulk_create([row])
    mark_changed(row.measure.workshop_id)
    return row


def close(workshop: Workshop) -> None:
    """End the rating as the facilitator's button does."""
    if round := rounds.open_round_of(workshop):
        rounds.close(workshop, round)


def show(workshop: Workshop) -> None:
    """Show what was rated, if nobody has seen it yet."""
    if round := workshop.rounds.unsettled().first():
        rounds.show(round, by=User.objects.order_by("pk").first())
