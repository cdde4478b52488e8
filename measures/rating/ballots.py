"""Ballots: handed out once per participant, found again by the secret in the own browser.

In the anonymous mode the database holds nothing that leads from a participant to a ballot: the
participant is marked as having one, the ballot knows the hash of a secret that only the browser
keeps. In the pseudonymous mode the link is stored, so that a second device finds it.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import attrgetter

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from measures.models import Rating, Round
from measures.rating.saving import Holder
from measures.rating.seating import seats_of
from measures.rating.sheets import drop_rare_groups
from measures.standing import lost_labels
from workshops.access import WrongPhase
from workshops.guests import hash_of, new_secret, secret_of
from workshops.models import (
    Ballot,
    JoinCode,
    Participant,
    Workshop,
    mark_changed,
    random_id,
)
from workshops.visits import Visit


class AlreadyHandedOut(Exception):
    """The participant has a ballot, but this browser does not hold its secret."""


class PromiseChanged(Exception):
    """The person agreed to another way of keeping ballots than the one that holds now."""


def own_row(visit: Visit) -> QuerySet[Participant]:
    """Return this person on the list of participants, nothing for whoever is not on it."""
    if visit.participant_id is None:
        return Participant.objects.none()
    return Participant.objects.filter(pk=visit.participant_id)


def holder_of(request: HttpRequest, visit: Visit) -> Holder:
    """Return what leads the person at this browser to a ballot. No query."""
    if visit.guest:
        return Holder(secret_hash=visit.guest, participant_id=None)
    secret = secret_of(request, visit.workshop.pk)
    is_linked = visit.workshop.anonymity == Workshop.Anonymity.PSEUDONYMOUS
    return Holder(
        secret_hash=hash_of(secret) if secret else None,
        participant_id=visit.participant_id if is_linked else None,
    )


def find_ballot(request: HttpRequest, visit: Visit) -> Ballot | None:
    """Return the ballot of the person at this browser. One query, two in the pseudonymous mode."""
    holder = holder_of(request, visit)
    if holder.secret_hash:
        held = Ballot.objects.filter(workshop=visit.workshop, secret_hash=holder.secret_hash)
        if ballot := held.first():
            return ballot
    if holder.participant_id:
        return Ballot.objects.filter(participant=holder.participant_id).first()
    return None


def note_held(visit: Visit) -> None:
    """Mark who is on the list and holds a ballot already, so that no other browser gets a second.

    Which one is not stored, also where the workshop links them: as a guest nobody agreed to that.
    1 query, none for who is on no list.
    """
    own_row(visit).filter(has_ballot=False).update(has_ballot=True)


@transaction.atomic
def hand_out(visit: Visit, *, promised: str) -> tuple[Ballot, str]:
    """Give the participant a ballot; return it with its secret, which is stored nowhere.

    Raises AlreadyHandedOut, also for the second of two clicks, PromiseChanged if the workshop keeps
    ballots otherwise by now than ``promised``, which is what the person read, and WrongPhase if the
    rating was closed meanwhile: what leads from person to ballot would lie there until the next.
    """
    workshop = visit.workshop
    mark_changed(workshop.pk)  # nothing can change between these checks and the ballot
    round = workshop.rounds.filter(state=Round.State.OPEN).first()
    if round is None or round.is_up(timezone.now()):
        raise WrongPhase(_("Rating was closed at this very moment."))
    workshop.refresh_from_db(fields=["anonymity"])
    if workshop.anonymity != promised:
        raise PromiseChanged
    participant = own_row(visit).select_for_update().first()
    if participant is None or participant.has_ballot:  # or taken off the list at this moment
        raise AlreadyHandedOut
    secret = new_secret()
    ballot = Ballot.objects.create(
        workshop=workshop,
        group_id=participant.group_id,
        source=Ballot.Source.ACCOUNT,
        secret_hash=hash_of(secret),
    )
    participant.has_ballot = True
    if workshop.anonymity == Workshop.Anonymity.PSEUDONYMOUS:
        participant.ballot = ballot
    participant.save(update_fields=["has_ballot", "ballot"])
    return ballot, secret


@transaction.atomic
def shuffle(workshop: Workshop, round: Round) -> None:
    """Write ballots, their ratings, participants and codes anew, in an order that tells nothing.

    A database remembers more than its tables say: which transaction wrote a row, and in which order
    rows came. In the anonymous mode that would lead from a participant, or from the code of a card,
    to the ballot handed out at the same moment, so it is wiped when a rating ends. So is the group
    of ballots and sheets where it would lead there, because too few who rated share it; see
    ``lost_labels``. How often somebody chose anew is nobody's business from here on.
    """
    mark_changed(workshop.pk)
    ballots = list(Ballot.objects.filter(workshop=workshop).exclude(_of_settled_rounds(workshop)))
    ratings = list(round.ratings.all())
    participants = list(Participant.objects.filter(workshop=workshop))
    for alike in _of_one_table(round, ballots, ratings):
        _drop_rare_labels(alike, workshop.smallest_group)
    drop_rare_groups(round, workshop.smallest_group)
    Ballot.objects.filter(pk__in=[ballot.pk for ballot in ballots]).delete()
    _rename(ballots, ratings, participants)
    for rating in ratings:
        rating.turn = None
    Ballot.objects.bulk_create(ballots)
    Rating.objects.bulk_create(ratings, batch_size=500)
    secrets.SystemRandom().shuffle(participants)
    for participant in participants:
        participant.save()
    _renew_codes(workshop)


def part(round: Round) -> None:
    """Lay the ratings of a settled round on ballots of their own, to which nobody has the secret.

    Nothing joins what a person rated in one round with what the same person rated in another. Who
    came later would otherwise be the one whose ballot has no ratings in the rounds before. Ballots
    of sheets of paper go with their ratings, for nobody rates on them in a further round. What too
    few share by now, because ratings went with their measure, is lost as when the rating ended.
    """
    ratings = list(round.ratings.select_related("ballot"))
    parted = {
        rating.ballot_id: Ballot(
            workshop_id=round.workshop_id,
            group_id=rating.ballot.group_id,
            source=rating.ballot.source,
        )
        for rating in ratings
    }
    for rating in ratings:
        rating.ballot = parted[rating.ballot_id]
    for alike in _of_one_table(round, parted.values(), ratings):
        _drop_rare_labels(alike, round.workshop.smallest_group)
    round.ratings.all().delete()
    Ballot.objects.filter(pk__in=parted, source=Ballot.Source.PAPER).delete()
    Ballot.objects.bulk_create(sorted(parted.values(), key=attrgetter("pk")))
    held = Ballot.objects.filter(workshop=round.workshop_id, recovery_hash__isnull=False)
    held.update(recovery_hash=None)  # codes on paper are good for the round that they were made in
    Rating.objects.bulk_create(sorted(ratings, key=attrgetter("pk")), batch_size=500)


def _of_one_table(
    round: Round, ballots: Iterable[Ballot], ratings: Iterable[Rating]
) -> Iterable[list[Ballot]]:
    """Sort the ballots by what tells where their people sat; those without ratings by themselves.

    Each of these few must share its group and source: the room knows who sat at which table, and
    who did not rate lends nobody a number.
    """
    seats = seats_of(round) if round.is_by_table else {}
    sat: dict[int, set[frozenset[int]]] = {}
    for rating in ratings:
        tables = seats.get(rating.measure_id)
        sat.setdefault(rating.ballot_id, set()).update([tables] if tables else [])
    alike: defaultdict[frozenset[frozenset[int]] | None, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        alike[frozenset(sat[ballot.pk]) if ballot.pk in sat else None].append(ballot)
    return alike.values()


def _of_settled_rounds(workshop: Workshop) -> Q:
    # By the ids of its rounds: whoever names only their state makes the database read all ratings.
    settled = workshop.rounds.exclude(state__in=Round.UNSETTLED).values_list("pk", flat=True)
    return Q(pk__in=Rating.objects.filter(round__in=list(settled)).values("ballot"))


def _rename(ballots: list[Ballot], ratings: list[Rating], participants: list[Participant]) -> None:
    """Give ballots new ids, and bring them and their ratings into the order of these.

    Whoever watched an id appear when somebody took a ballot does not find it afterwards. The hash
    of the secret stays until the round is settled, so that its person can go on in a round that is
    opened again; see ``part``.
    """
    new = {ballot.pk: random_id() for ballot in ballots}
    for ballot in ballots:
        ballot.pk, ballot.table_id = new[ballot.pk], None
    for rating in ratings:
        rating.ballot_id = new[rating.ballot_id]
    for participant in participants:
        participant.ballot_id = participant.ballot_id and new[participant.ballot_id]
    ballots.sort(key=attrgetter("pk"))
    ratings.sort(key=attrgetter("pk"))


def _renew_codes(workshop: Workshop) -> None:
    """Give the personal codes new ids, and bring them into the order of these."""
    codes = list(workshop.join_codes.all())
    workshop.join_codes.all().delete()
    for code in codes:
        code.pk = random_id()
    JoinCode.objects.bulk_create(sorted(codes, key=attrgetter("pk")))


def _drop_rare_labels(ballots: list[Ballot], smallest: int) -> None:
    """Take away groups that too few share, then within each group sources that too few share.

    Sheets of paper by themselves, and never as such: every minimum counts them apart, so as one of
    the others a sheet would make a few people look like enough. Neither hides the other.
    """
    sheets = [ballot for ballot in ballots if ballot.source == Ballot.Source.PAPER]
    by_people = [ballot for ballot in ballots if ballot.source != Ballot.Source.PAPER]
    _drop_rare_groups(sheets, smallest)
    _drop_rare_groups(by_people, smallest)
    by_group: defaultdict[int | None, list[Ballot]] = defaultdict(list)
    for ballot in by_people:
        by_group[ballot.group_id].append(ballot)
    for alike in by_group.values():
        sources = Counter(_told_source(ballot) for ballot in alike)
        lost_sources = lost_labels(sources, smallest)
        for ballot in alike:
            if ballot.source in lost_sources:
                ballot.source = Ballot.Source.UNTOLD


def _drop_rare_groups(ballots: list[Ballot], smallest: int) -> None:
    lost = lost_labels(Counter(ballot.group_id for ballot in ballots), smallest)
    for ballot in ballots:
        if ballot.group_id in lost:
            ballot.group_id = None


def _told_source(ballot: Ballot) -> str | None:
    return None if ballot.source == Ballot.Source.UNTOLD else ballot.source
