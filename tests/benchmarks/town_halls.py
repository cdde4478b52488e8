"""One workshop of each kind, stored as the product stores it; ``multiply`` copies them.

Ten thousand town halls are not alike: most have shown their results, a part has decided and
reports, some rate at this moment, and a few are much larger than the rest.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from django.utils import timezone

from fields.models import Goal, seed_fields
from measures.models import (
    AgendaItem,
    Consensus,
    Measure,
    PaperCount,
    Rating,
    Remark,
    Round,
    StatusEntry,
)
from measures.models.measure import TimeHorizon
from measures.rating.rounds import move_phase, open_round, show
from tests.benchmarks.data import GROUPS, WORDS
from tests.deciding import decide, hold
from workshops.models import Ballot, Criterion, Edit, Membership, Participant, Role, User, Workshop
from workshops.phases import Phase
from workshops.setup import start_workshop

PEOPLE = {
    "facilitator": Role.FACILITATOR,
    "committee": Role.COMMITTEE,
    "administration": Role.ADMINISTRATION,
    "participant": None,
}
HELD = date(2024, 3, 12)


@dataclass(frozen=True, slots=True)
class Kind:
    """How many of ten thousand workshops are like this one, and how large it is."""

    share: int
    measures: int
    raters: int
    build: Callable[["Hall"], None]


@dataclass(frozen=True, slots=True)
class Hall:
    """One stored workshop with its people by what they are there."""

    workshop: Workshop
    people: dict[str, User]
    kind: Kind
    random: Random

    def secret(self, round_number: int, rater: int) -> str:
        """Return what lies in the browser of who has a ballot; rater 0 is the participant."""
        return f"{self.workshop.uuid}-{round_number}-{rater}"

    @property
    def standing(self) -> list[Measure]:
        return list(self.workshop.measures.standing())


def build(name: str) -> Hall:
    """Store the workshop of a kind by the product's own ways."""
    people = {
        role: User.objects.create_user(f"{name}-{role}@bench.example", name=role.title())
        for role in PEOPLE
    }
    workshop = Workshop(title=f"Digital-Werkstatt {name}", date=date(2024, 2, 6), place="Rathaus")
    start_workshop(
        workshop,
        by=people["facilitator"],
        municipalities=[f"Musterstadt {name} (0000000{1 + [*KINDS].index(name)})"],
        groups=list(GROUPS),
    )
    for role in ("committee", "administration"):
        Membership.objects.create(workshop=workshop, user=people[role], role=PEOPLE[role])
    Participant.objects.create(
        workshop=workshop, user=people["participant"], name="Tom", has_ballot=True
    )
    seed_fields(workshop)
    hall = Hall(workshop, people, KINDS[name], Random(name))
    hall.kind.build(hall)
    return hall


# What each kind has gone through -----------------------------------------------------------------


def _prepared(hall: Hall) -> None:
    """Fields and people are there, and nothing else."""


def _collected(hall: Hall) -> None:
    """Goals and measures, a part of which was written anew, merged or removed."""
    workshop, random = hall.workshop, hall.random
    move_phase(workshop, Phase.COLLECTING, by=hall.people["facilitator"])
    fields = list(workshop.fields.all())
    goals = [
        Goal.objects.create(field=field, text=f"{field.name} für alle", order=order)
        for field in fields
        for order in (1, 2)
    ]
    for number in range(hall.kind.measures):
        goal = goals[number % len(goals)]
        Measure.objects.create(
            workshop=workshop,
            field_id=goal.field_id,
            goal=goal,
            title=f"{random.choice(WORDS)} und {random.choice(WORDS)} {number}",
            description="Was genau gemeint ist, steht hier in zwei Sätzen. " * 3,
            time_horizon=random.choice(TimeHorizon.values),
            lead="Bauamt" if number % 4 == 0 else "",
            order=number,
        )
    standing = hall.standing
    for measure in standing[::5]:
        measure.title = f"{measure.title}, neu gefasst"
        measure.save(update_fields=["title"])
    for duplicate, target in zip(standing[10:13], standing[20:23], strict=True):
        duplicate.merge_into(target)
    standing[15].is_removed = True
    standing[15].save(update_fields=["is_removed"])
    Edit.objects.bulk_create(
        Edit(workshop=workshop, browser=f"{number % 3:032}", words="Zeile geändert", records=[])
        for number in range(30)
    )


def _rating(hall: Hall) -> None:
    """The hall is at it: three of five have rated, and tables have agreed on values."""
    _collected(hall)
    opened = open_round(hall.workshop, by=hall.people["facilitator"])
    _rate(hall, opened, hall.standing, hall.kind.raters * 3 // 5)
    _by_hand(hall, opened)


def _closed(hall: Hall) -> None:
    """Rating is over, and nobody has seen anything yet."""
    _collected(hall)
    opened = open_round(hall.workshop, by=hall.people["facilitator"])
    _rate(hall, opened, hall.standing, hall.kind.raters)
    _by_hand(hall, opened)
    *_others, duplicate, target = hall.standing
    duplicate.merge_into(target)  # both were rated, by the same people
    move_phase(hall.workshop, Phase.DELIBERATING, by=hall.people["facilitator"])


def _shown(hall: Hall) -> None:
    _closed(hall)
    show(hall.workshop.rounds.get(), by=hall.people["facilitator"])


def _decided(hall: Hall) -> None:
    """Two rounds were shown, the committee has met, and the administration reports."""
    _shown(hall)
    standing, staff = hall.standing, hall.people["administration"]
    disputed = standing[: len(standing) // 2]
    again = open_round(hall.workshop, by=hall.people["facilitator"], measures=disputed)
    _rate(hall, again, disputed, hall.kind.raters)
    move_phase(hall.workshop, Phase.DELIBERATING, by=hall.people["facilitator"])
    again.refresh_from_db()
    show(again, by=hall.people["facilitator"])
    session = hold(hall.workshop, *standing[:12], date=HELD, seats=30)
    decisions = [decide(session, measure, has_basis=True) for measure in standing[:9]]
    decide(session, standing[0], corrects=decisions[0], reason="Die Summe war falsch.")
    decide(session, standing[9], is_published=False)
    planned = hold(hall.workshop, *standing[12:16], date=HELD + timedelta(days=70))
    AgendaItem.objects.create(session=planned, field=hall.workshop.fields.first(), order=9)
    for number, measure in enumerate(standing[:9] * 3):
        StatusEntry.objects.create(
            measure=measure,
            date=HELD + timedelta(days=1 + 30 * (number // 9)),
            state="running",
            sentence="Der Auftrag ist vergeben.",
            by=staff,
            client_id=_uuid(hall.random),
        )
    for measure in standing[:12:2]:
        Remark.objects.create(
            measure=measure,
            text="Wer zahlt?",
            by=staff,
            answer="Das Land.",
            answered_by=staff,
            answered_at=timezone.now(),
            client_id=_uuid(hall.random),
        )
    standing[30].title = "Nach der Bewertung neu gefasst"  # so it has a former wording
    standing[30].save(update_fields=["title"])
    hall.workshop.is_public = True
    hall.workshop.save(update_fields=["is_public"])


KINDS = {
    "decided": Kind(3000, 50, 25, _decided),
    "shown": Kind(3600, 50, 25, _shown),
    "closed": Kind(400, 50, 25, _closed),
    "rating": Kind(1000, 50, 25, _rating),
    "collecting": Kind(1200, 50, 25, _collected),
    "preparing": Kind(700, 50, 25, _prepared),
    "large": Kind(100, 300, 80, _shown),
}


# How it is rated ---------------------------------------------------------------------------------


def _rate(hall: Hall, opened: Round, measures: Iterable[Measure], raters: int) -> None:
    """Let people take ballots and rate everything; one answer in 20 is "cannot judge"."""
    groups, random = list(hall.workshop.groups.all()), hall.random
    is_first = opened.number == 1
    ballots = Ballot.objects.bulk_create(
        Ballot(
            workshop=hall.workshop,
            group=groups[number % len(groups)],
            source=Ballot.Source.ACCOUNT,
            secret_hash=hashlib.sha256(hall.secret(opened.number, number).encode()).hexdigest(),
        )
        for number in range(raters)
    )
    if is_first:
        Participant.objects.bulk_create(
            Participant(
                workshop=hall.workshop, name=f"Gast {n}", group=ballot.group, has_ballot=True
            )
            for n, ballot in enumerate(ballots)
        )
    Rating.objects.bulk_create(
        Rating(
            ballot=ballot,
            measure=measure,
            round=opened,
            relevance=_step(random),
            feasibility=_step(random),
        )
        for rater, ballot in enumerate(ballots)
        for place, measure in enumerate(measures)
        if rater or place % 2 == 0  # the participant whose pages are asked for has some left
    )


def _by_hand(hall: Hall, opened: Round) -> None:
    """Store agreed values and paper sheets."""
    for measure in hall.standing[::5]:
        Consensus.objects.create(measure=measure, round=opened, relevance=4, feasibility=3)
    for measure in hall.standing[::20]:
        for criterion in Criterion.values:
            PaperCount.objects.create(
                measure=measure, round=opened, criterion=criterion, step=4, count=3
            )


def _step(random: Random) -> int | None:
    return None if random.random() < 0.05 else random.randint(1, 5)


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
