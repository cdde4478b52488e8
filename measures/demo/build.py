"""Write the invented example into the database; what is there already stays as it is."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid5

from django.utils import timezone

from fields.catalogue import NINE_FIELDS
from fields.models import seed_fields
from measures.demo import content
from measures.demo.days import as_of, last_working_day
from measures.demo.deliberation import deliberate
from measures.demo.logins import ensure_accounts
from measures.demo.ratings import DrawnBallot, draw_ballots
from measures.models import PROFILE_FIELDS, PaperCount, Rating
from measures.rating.rounds import move_phase, require_open_round, show
from measures.transfer.cells import STEPS
from measures.transfer.headings import guess
from measures.transfer.importing import import_table
from measures.transfer.summary import question
from measures.transfer.tables import Table
from workshops.models import (
    Ballot,
    Membership,
    Municipality,
    Participant,
    ParticipantGroup,
    PhaseChange,
    User,
    Workshop,
    mark_changed,
)
from workshops.phases import Phase
from workshops.setup import start_workshop

# The first measure's client id is made from this: people may edit every text of it, and
# a second run still knows what is there.
_NAMESPACE = UUID("7f0c1a52-6f0b-4c55-9c39-2b7a4d1f8e60")

People = dict[str, list[str]]  # by group


def build_demo(*, with_ratings: bool, today: date | None = None) -> tuple[Workshop, Workshop]:
    """Make what is missing, accounts too; return the workshop of the whole day and the try-out.

    The story is told as of ``today``, without one as of this very day.
    """
    today = today or timezone.localdate()
    ensure_accounts(password=None)
    return (
        _existing("full") or _full_day(with_ratings, today),
        _existing("try-out") or _until_rating("try-out", with_ratings, today),
    )


# Workshops --------------------------------------------------------------------------------------
def _first_id(key: str) -> UUID:
    return uuid5(_NAMESPACE, f"{key}/1")


def _existing(key: str) -> Workshop | None:
    return Workshop.objects.filter(measures__client_id=_first_id(key)).first()


def _full_day(with_ratings: bool, today: date) -> Workshop:
    """The whole day; without ratings it stops where the room would begin to rate."""
    workshop = _until_rating("full", with_ratings, today)
    if with_ratings:
        _count_paper(workshop)
        _import(workshop, content.measures(today, NINE_FIELDS))
        _reach(workshop, Phase.DELIBERATING)
        deliberate(workshop, today)
    return workshop


def _until_rating(key: str, with_ratings: bool, today: date) -> Workshop:
    """Hold a workshop until its room rates."""
    story = content.WORKSHOPS[key]
    fields = story.get("fields", NINE_FIELDS)
    people = {
        group: names[: story.get("people_per_group")] for group, names in content.PEOPLE.items()
    }
    workshop = _start(story, with_ratings, today)
    _participants(workshop, people, have_rated=with_ratings)
    _choose_fields(workshop, fields)
    _reach(workshop, Phase.COLLECTING)
    # What the room agrees on while it rates, and deepens later, nobody has written down yet.
    _import(workshop, content.measures(today, fields), without={*STEPS, *PROFILE_FIELDS})
    workshop.measures.filter(number=1).update(client_id=_first_id(key))
    for duplicate, target in story.get("duplicates", {}).items():
        workshop.measures.get(title=duplicate).merge_into(workshop.measures.get(title=target))
    _reach(workshop, Phase.RATING)
    if with_ratings:
        _rate(workshop, people, seed=key, skipped=story["skipped"])
    return workshop


def _start(story: dict, with_ratings: bool, today: date) -> Workshop:
    """Set up a workshop with scale, groups, fields and the accounts' roles."""
    bingen, _is_new = Municipality.objects.get_or_create(
        official_key=content.MUNICIPALITY["official_key"], defaults=content.MUNICIPALITY
    )
    users = User.objects.in_bulk([row[0] for row in content.ACCOUNTS], field_name="email")
    workshop = Workshop(**{"date": last_working_day(today)} | as_of(story["workshop"], today))
    if with_ratings:
        workshop.introduction += f" {story['about_ratings']}"
    start_workshop(
        workshop,
        by=users[content.FACILITATOR],
        municipalities=[str(bingen)],
        groups=list(content.PEOPLE),
    )
    seed_fields(workshop)
    for email, _name, role in content.ACCOUNTS:
        if role and email != content.FACILITATOR:
            Membership.objects.create(workshop=workshop, user=users[email], role=role)
    return workshop


def _groups(workshop: Workshop) -> dict[str, ParticipantGroup]:
    return {group.name: group for group in workshop.groups.all()}


def _participants(workshop: Workshop, people: People, *, have_rated: bool) -> None:
    """Everybody got a ballot but the demo's participant, who is to try it."""
    groups = _groups(workshop)
    for group, names in people.items():
        for name in names:
            Participant.objects.create(
                workshop=workshop, name=name, group=groups[group], has_ballot=have_rated
            )
    Participant.objects.create(
        workshop=workshop,
        user=User.objects.get(email=content.PARTICIPANT),
        group=groups[content.CITIZENS],
    )


def _reach(workshop: Workshop, phase: Phase) -> None:
    """Move on as the facilitator's button does, and show the results where they can be."""
    facilitator = User.objects.get(email=content.FACILITATOR)
    move_phase(workshop, phase, by=facilitator)
    # Past save(), which would put the time of this run: the invented day has its own.
    moment = content.local_time(workshop.date, content.PRESSED[phase])
    newest = workshop.phase_changes.order_by("-pk").values("pk")[:1]
    PhaseChange.objects.filter(pk__in=newest).update(at=moment)
    if phase == Phase.DELIBERATING:
        show(workshop.rounds.unsettled().get(), by=facilitator)
        workshop.rounds.update(settled_at=moment)


# What the tables write down ---------------------------------------------------------------------
def _choose_fields(workshop: Workshop, names: Collection[str]) -> None:
    for field in workshop.fields.exclude(name__in=names):
        field.is_worked_on = False
        field.save(update_fields=["is_worked_on"])


def _import(workshop: Workshop, table: Table, *, without: Collection[str] = ()) -> None:
    """Take the table as the import page does; raises ValueError that names all it refuses."""
    columns = guess(table.headers)
    wanted = {target: place for target, place in columns.items() if target not in without}
    plan = import_table(table, wanted, workshop, user=None)
    if not plan.is_applied:
        raise ValueError("\n".join([*map(str, plan.problems), *map(question, plan.undecided)]))


# What the room thinks of it ---------------------------------------------------------------------
def _rate(workshop: Workshop, people: People, *, seed: str, skipped: float) -> None:
    opinions = content.opinions()
    measures = list(workshop.measures.standing().order_by("number"))
    drawn = draw_ballots(
        [opinions[measure.title] for measure in measures],
        {group: len(names) for group, names in people.items()},
        seed=seed,
        skipped=skipped,
    )
    groups, round = _groups(workshop), require_open_round(workshop)
    Ballot.objects.bulk_create(
        Ballot(id=each.id, workshop=workshop, group=groups[each.group], source=_source(each))
        for each in drawn
    )
    Rating.objects.bulk_create(
        Rating(
            ballot_id=each.id,
            measure=measures[index],
            round=round,
            relevance=relevance,
            feasibility=feasibility,
        )
        for each in drawn
        for index, (relevance, feasibility) in each.answers.items()
    )
    mark_changed(workshop.pk)


def _source(ballot: DrawnBallot) -> str:
    """The town hall's people sign in, everybody else scans the code on the wall."""
    is_staff = ballot.group == content.ADMINISTRATION
    return Ballot.Source.ACCOUNT if is_staff else Ballot.Source.GUEST


def _count_paper(workshop: Workshop) -> None:
    groups, round = _groups(workshop), require_open_round(workshop)
    measures = {measure.title: measure for measure in workshop.measures.standing()}
    piles = {**{str(step): step for step in range(1, workshop.steps + 1)}, "cannot judge": None}
    for row in content.PAPER:
        for pile, step in piles.items():
            if count := int(row[pile]):
                PaperCount.objects.create(
                    measure=measures[row["measure"]],
                    round=round,
                    group=groups.get(row["group"]),
                    criterion=row["criterion"],
                    step=step,
                    count=count,
                )
