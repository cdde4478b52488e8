"""Workshops of any size for measuring, written with few statements; the same on every run."""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import connection
from django.utils import timezone

from fields.models import ActionField, Goal
from measures.models import Consensus, Measure, Offer, PaperCount, Rating, Round
from measures.models.measure import TimeHorizon
from workshops.models import Ballot, Criterion, Participant, User, Workshop
from workshops.phases import Phase
from workshops.setup import start_workshop

FIELDS = 9
GROUPS = ("Rat", "Verwaltung")
WORDS = (
    "Breitband für alle Ortsteile", "Beratung & Hilfe am Gerät", "offene Daten", "Bürger-App",
    "Mitfahrbank", "WLAN im Dorfgemeinschaftshaus", "Online-Termine", "digitale Schule",
    "Leerstandskataster", "Gästekarte", "Telemedizin", "Sensoren im Wald",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """One workshop in the phase of deliberation, and the two people who ask for its pages."""

    workshop: Workshop
    facilitator: User
    participant: User
    measures: int
    raters: int


def build(measures: int, raters: int) -> Case:
    """Store a workshop in which everybody rated everything; one answer in 20 is "cannot judge".

    Every fifth measure has a group value, every twentieth some paper sheets of its own. A first
    round of rating lies behind the last one, so that every lens has something to show.
    """
    random = Random(f"{measures}-{raters}")
    mark = f"{measures}-{raters}"
    facilitator = User.objects.create_user(f"moderation-{mark}@bench.example", name="Mona")
    workshop = Workshop(title=f"Werkstatt {measures} × {raters}", date=date(2020, 9, 8))
    start_workshop(workshop, by=facilitator, municipalities=["Bingen"], groups=list(GROUPS))
    participant = User.objects.create_user(f"teilnahme-{mark}@bench.example", name="Tom")
    Participant.objects.create(workshop=workshop, user=participant, name="Tom")
    rows = _measures(workshop, measures, random)
    ballots = _ballots(workshop, raters, random)
    for number in (1, 2):
        last = _round(workshop, number, rows)
        _ratings(rows, ballots, last, random)
    _entries(rows, last, random)
    Workshop.objects.filter(pk=workshop.pk).update(phase=Phase.DELIBERATING)
    workshop.refresh_from_db()
    return Case(workshop, facilitator, participant, measures, raters)


def settle() -> None:
    """Let PostgreSQL know its new rows at once, as its own housekeeping would within minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _measures(workshop: Workshop, count: int, random: Random) -> list[Measure]:
    fields = ActionField.objects.bulk_create(
        ActionField(workshop=workshop, name=f"Handlungsfeld {place}", order=place)
        for place in range(1, FIELDS + 1)
    )
    goals = Goal.objects.bulk_create(
        Goal(field=field, text=f"Ziel im {field.name}", order=1) for field in fields
    )
    return Measure.objects.bulk_create(
        Measure(
            workshop=workshop,
            number=number,
            field=fields[number % FIELDS],
            goal=goals[number % FIELDS],
            title=f"{random.choice(WORDS)} und {random.choice(WORDS)}",
            description="Was genau gemeint ist, steht hier in zwei Sätzen. " * 4,
            time_horizon=random.choice(TimeHorizon.values),
            order=number,
        )
        for number in range(1, count + 1)
    )


def _ballots(workshop: Workshop, raters: int, random: Random) -> list[Ballot]:
    groups = list(workshop.groups.all())
    return Ballot.objects.bulk_create(
        Ballot(
            id=random.getrandbits(63),
            workshop=workshop,
            group=groups[rater % len(groups)],
            source=Ballot.Source.ACCOUNT,
        )
        for rater in range(raters)
    )


def _round(workshop: Workshop, number: int, measures: list[Measure]) -> Round:
    """Store a round that offers everything and whose results are shown."""
    shown = Round.objects.create(
        workshop=workshop,
        number=number,
        state=Round.State.SHOWN,
        smallest_room=3,
        settled_at=timezone.now(),
    )
    Offer.objects.bulk_create(
        Offer(round=shown, measure=measure, counts_for=measure) for measure in measures
    )
    return shown


def _ratings(
    measures: list[Measure], ballots: list[Ballot], rated_in: Round, random: Random
) -> None:
    opinions = [(random.uniform(1.5, 4.8), random.uniform(1.5, 4.8)) for _measure in measures]
    Rating.objects.bulk_create(
        (
            Rating(
                ballot=ballot,
                measure=measure,
                relevance=_step(opinion[0], random),
                feasibility=_step(opinion[1], random),
                round=rated_in,
            )
            for ballot in ballots
            for measure, opinion in zip(measures, opinions, strict=True)
        ),
        batch_size=5000,
    )


def _step(opinion: float, random: Random) -> int | None:
    if random.random() < 0.05:
        return None
    return min(max(round(random.gauss(opinion, 1)), 1), 5)


def _entries(measures: list[Measure], last: Round, random: Random) -> None:
    Consensus.objects.bulk_create(
        Consensus(
            measure=measure,
            round=last,
            relevance=random.randint(1, 5),
            feasibility=random.randint(1, 5),
        )
        for measure in measures[::5]
    )
    PaperCount.objects.bulk_create(
        PaperCount(
            measure=measure,
            round=last,
            criterion=criterion,
            step=step,
            count=random.randint(1, 4),
        )
        for measure in measures[::20]
        for criterion in Criterion.values
        for step in (2, 4)
    )
