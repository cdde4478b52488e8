"""Rounds of rating from opening to showing: the only place that changes a round's state.

Every round starts empty. Carried over, a rating that nobody changed would tell, by subtraction from
the round before, what the one person chose who did change something. Every function that changes
something expects that the caller has lined up at the workshop (``line_up``).
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from measures.groups import shown_groups
from measures.models import MAX_ROUNDS, Measure, Offer, Round
from measures.rating.ballots import part, shuffle
from measures.rating.traces.pending import erase_at_once
from measures.tallies import group_piles_of
from workshops.access import WrongPhase
from workshops.audiences import Audience, call
from workshops.models import PhaseChange, User, Workshop, hold_votes
from workshops.phases import Phase


def open_round_of(workshop: Workshop) -> Round | None:
    """Return the round that takes ratings now. 1 query."""
    return workshop.rounds.filter(state=Round.State.OPEN).first()


def require_open_round(workshop: Workshop) -> Round:
    """Return the same, or raise WrongPhase: it was closed since the request was let in.

    As closed counts one that is due: nobody has looked since, see ``closing``.
    """
    round = open_round_of(workshop)
    if round and not round.is_due(timezone.now()):
        return round
    raise WrongPhase(_("Rating was closed at this very moment."))


def unsettled_round(workshop: Workshop) -> Round:
    """Return the round of which nobody has seen anything, a new one if the last is settled.

    Not saved where it is new: values that the tables agree on while they collect wait for it.
    """
    found = workshop.rounds.unsettled().first()
    return found or Round(workshop=workshop, number=workshop.rounds.count() + 1)


def unseen_round(workshop: Workshop) -> Round | None:
    """Return the closed round of which nobody has seen anything yet. 1 query."""
    return workshop.rounds.filter(state=Round.State.CLOSED).first()


def offers_all(workshop: Workshop) -> bool:
    """Say whether the next round offers everything without being asked: nothing was settled yet."""
    return not workshop.rounds.exclude(state__in=Round.UNSETTLED).exists()


def may_choose(workshop: Workshop) -> bool:
    """Say whether measures can be chosen for a further round now. 1 query."""
    rounds = list(workshop.rounds.all())
    unsettled = [each for each in rounds if each.state in Round.UNSETTLED]
    return (
        workshop.phase in (Phase.COLLECTING, Phase.DELIBERATING)
        and len(unsettled) < len(rounds) < MAX_ROUNDS + len(unsettled)
        and all(each.is_waiting for each in unsettled)
    )


def may_rate(workshop: Workshop) -> bool:
    """Say whether a round waits to be opened or one more is possible. 2 queries."""
    return workshop.rounds.unsettled().exists() or workshop.rounds.count() < MAX_ROUNDS


def no_more_rounds() -> str:
    return _("There have been %(n)d rounds of rating; more are not possible.") % {"n": MAX_ROUNDS}


def open_round(
    workshop: Workshop,
    *,
    by: User | None,
    measures: Iterable[Measure] | None = None,
    is_by_table: bool | None = None,
) -> Round:
    """Open the round that waits, or a new one, and move the workshop into the phase of rating.

    ``measures`` are what it offers; None leaves its choice, and offers everything in a first round,
    also what was collected since it was closed. ``is_by_table`` likewise: None does as the workshop
    does in a new round.
    """
    round = unsettled_round(workshop)
    is_new = round.pk is None or round.is_waiting
    round.state, round.erased_at, round.closes_at = Round.State.OPEN, None, None
    has_begun = round.pk is not None and round.has_ratings()
    if is_by_table is not None:
        round.is_by_table = is_by_table
    elif is_new:
        round.is_by_table = workshop.is_rated_by_table
    round.save()
    rateable = Measure.objects.in_workshop(workshop).rateable()
    if measures is None and offers_all(workshop):
        measures = rateable
    _offer(round, rateable if measures is None else measures, is_chosen=measures is None)
    if not has_begun:
        seat_offers(round)
    round.open_fields.set(workshop.fields.worked_on())
    _move(workshop, Phase.RATING, by)
    return round


def will_offer(workshop: Workshop) -> QuerySet[Measure]:
    """Return what people could rate if the rating started now; a round that waits has chosen."""
    if offers_all(workshop):
        return Measure.objects.in_workshop(workshop).rateable()
    return unsettled_round(workshop).rateable()


def _offer(round: Round, measures: Iterable[Measure], *, is_chosen: bool) -> None:
    """Offer exactly ``measures``; what has ratings already stays. ``is_chosen``: add nothing new.

    What was merged since into a measure that stands is rated as that one.
    """
    wanted = {measure.pk for measure in measures}
    there = dict(round.offers.values_list("measure", "measure__merged_into"))
    if is_chosen:
        wanted &= {target or pk for pk, target in there.items()}
    rows = (round.ratings, round.paper_counts, round.group_values)
    rated = {pk for each in rows for pk in each.values_list("measure", flat=True).distinct()}
    round.offers.exclude(measure__in=wanted | rated).delete()
    Offer.objects.bulk_create(Offer(round=round, measure_id=pk) for pk in wanted - {*there})


def seat_offers(round: Round) -> None:
    """Write down for each measure of a round by table which tables rate it: those of its field.

    From then on it holds for the round, whichever fields a table gets later. What lies in a field
    without a table is for everybody.
    """
    through = Offer.tables.through
    through.objects.filter(offer__round=round).delete()
    if round.is_by_table:
        standing = round.offers.filter(measure__field__tables__is_removed=False)
        pairs = standing.values_list("pk", "measure__field__tables")
        seats = [through(offer_id=offer, table_id=table) for offer, table in pairs]
        through.objects.bulk_create(seats)
        round.is_by_table = bool(seats)
        round.save(update_fields=["is_by_table"])


def close(workshop: Workshop, round: Round) -> bool:
    """End the taking of ratings; return False where a further round was opened by mistake.

    That one is given up if nobody rated. What leads from a person to a ballot is wiped in any case,
    see ``shuffle``.
    """
    hold_votes(workshop.pk)  # what is on its way is counted, what comes later is refused
    shuffle(workshop, round)
    transaction.on_commit(erase_at_once, robust=True)
    before = workshop.rounds.filter(number=round.number - 1)
    if before.exists() and not round.has_ratings():
        round.delete()
        before.update(erased_at=None)  # ballots were handed out meanwhile
        return False
    round.state, round.closes_at = Round.State.CLOSED, None
    round.save(update_fields=["state", "closes_at"])
    return True


def show(round: Round, *, by: User | None) -> None:
    """Let everybody see the results, for good.

    Frozen with it is whatever could change them later: what duplicates count for, which groups may
    be shown beside each other, and how many judgements make a result.
    """
    workshop = round.workshop
    round.smallest_room = workshop.smallest_room
    _settle(round, Round.State.SHOWN, by)
    offers = list(round.offers.select_related("measure__merged_into"))
    for offer in offers:
        measure = offer.measure
        is_dropped = measure.merged_into_id and measure.is_removed
        offer.counts_for_id = None if is_dropped else measure.target_id
    Offer.objects.bulk_update(offers, ["counts_for"], batch_size=500)
    freeze_groups(round, offers)


def freeze_groups(round: Round, offers: Iterable[Offer]) -> None:
    """Store for each measure the groups that may be shown beside each other now."""
    workshop, through = round.workshop, Offer.groups.through
    piles = group_piles_of([round], workshop.steps)
    through.objects.bulk_create(
        through(offer=offer, participantgroup_id=group)
        for offer in offers
        for group in shown_groups(
            *piles.get((round.pk, offer.measure_id), ({}, {})), smallest=workshop.smallest_group
        )
    )


def set_aside(round: Round, *, by: User | None, reason: str) -> None:
    """Leave the ratings stored and never show them."""
    round.reason = reason
    _settle(round, Round.State.SET_ASIDE, by)


def _settle(round: Round, state: Round.State, by: User | None) -> None:
    round.state, round.settled_by, round.settled_at = state, by, timezone.now()
    call(round.workshop_id, Audience.PHONES)
    part(round)
    round.erased_at = None  # old versions of its ratings name the ballots that they lay on
    round.save()
    transaction.on_commit(erase_at_once, robust=True)


def move_phase(workshop: Workshop, wanted: Phase, *, by: User | None) -> None:
    """Move the workshop; whoever leaves the rating closes its round."""
    if workshop.phase == Phase.RATING and (round := open_round_of(workshop)):
        close(workshop, round)
    if wanted == Phase.RATING:
        open_round(workshop, by=by)
    else:
        _move(workshop, wanted, by)


def _move(workshop: Workshop, wanted: Phase, by: User | None) -> None:
    before = workshop.phase
    call(workshop.pk, Audience.PHONES)
    workshop.phase = wanted
    workshop.save(update_fields=["phase"])
    PhaseChange.objects.create(workshop=workshop, before=before, after=wanted, by=by)
