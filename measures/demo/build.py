"""Write the invented example into the database; what is there already stays as it is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.utils import timezone

from fields.models import Goal, seed_fields
from measures.demo import content
from measures.demo.accounts import ensure_accounts
from measures.demo.days import Days
from measures.demo.decisions import deliberate
from measures.demo.fields_services import DUPLICATE, DUPLICATE_OF
from measures.demo.ratings import DrawnBallot, draw
from measures.demo.texts import FieldText, MeasureText, PaperText
from measures.models import Consensus, Measure, PaperCount, Rating
from measures.rating.rounds import move_phase, require_open_round, show
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

# The measures' client ids carry the example's mark: people may edit every text of it, and
# a second run still knows what is there.
_MARK = UUID("7f0c1a52-6f0b-4c55-9c39-2b7a4d1f8e60")

Written = list[tuple[Measure, MeasureText]]


@dataclass(frozen=True, slots=True)
class Demo:
    """What the example consists of now, and which of it this run has made."""

    workshops: tuple[Workshop, ...]
    created_workshops: int
    created_accounts: frozenset[str]


def build_demo(*, password: str | None, with_ratings: bool, today: date | None = None) -> Demo:
    """Make what is missing; ``password`` is set for all demo accounts, ``None`` changes none.

    The story is told as of ``today``, without one as of this very day.
    """
    days = Days(today or timezone.localdate())
    accounts = ensure_accounts(password)
    before = Workshop.objects.count()
    workshops = (
        _existing("full") or _full_day(with_ratings, days),
        _existing("try-out") or _try_out(with_ratings, days),
    )
    return Demo(workshops, Workshop.objects.count() - before, accounts)


# Workshops --------------------------------------------------------------------------------------
def _existing(key: str) -> Workshop | None:
    return Workshop.objects.filter(measures__client_id=uuid5(_MARK, f"{key}/1")).first()


def _full_day(with_ratings: bool, days: Days) -> Workshop:
    """The whole day; without ratings it stops where the room would begin to rate."""
    workshop = _start(days.told(content.FULL_DAY), content.FULL_DAY_RATED if with_ratings else "")
    _participants(workshop, content.PEOPLE, have_rated=with_ratings)
    _reach(workshop, Phase.COLLECTING)
    written = _write_down(workshop, "full", content.FIELDS, days)
    _merge_duplicate(workshop, written)
    _reach(workshop, Phase.RATING)
    if with_ratings:
        _rate(workshop, written, content.PEOPLE, seed="full", skipped=0.03)
        _count_paper(workshop, written)
        _agree(workshop, written)
        _reach(workshop, Phase.DELIBERATING)
        _deepen(written)
        deliberate(workshop, days)
    return workshop


def _try_out(with_ratings: bool, days: Days) -> Workshop:
    """A small workshop in which the demo's participant can rate at once."""
    people = {group: names[:2] for group, names in content.PEOPLE.items()}
    texts = content.TRY_OUT | {"date": days.last_working_day()}
    workshop = _start(texts, content.TRY_OUT_RATED if with_ratings else "")
    _participants(workshop, people, have_rated=with_ratings)
    _choose_fields(workshop, set(content.TRY_OUT_FIELDS))
    _reach(workshop, Phase.COLLECTING)
    written = _write_down(workshop, "try-out", content.TRY_OUT_FIELDS, days)
    _reach(workshop, Phase.RATING)
    if with_ratings:
        _rate(workshop, written, people, seed="try-out", skipped=0.35)
    return workshop


def _start(texts: dict, about_ratings: str) -> Workshop:
    """Set up a workshop with scale, groups, fields and the accounts' roles."""
    bingen, _is_new = Municipality.objects.get_or_create(
        official_key=content.MUNICIPALITY["official_key"], defaults=content.MUNICIPALITY
    )
    users = User.objects.in_bulk([row[0] for row in content.ACCOUNTS], field_name="email")
    workshop = Workshop(**texts)
    workshop.introduction += about_ratings
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


def _participants(workshop: Workshop, people: dict, *, have_rated: bool) -> None:
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
    moment = content.moment(workshop.date, content.PHASE_TIMES[phase])
    newest = workshop.phase_changes.order_by("-pk").values("pk")[:1]
    PhaseChange.objects.filter(pk__in=newest).update(at=moment)
    if phase == Phase.DELIBERATING:
        show(workshop.rounds.unsettled().get(), by=facilitator)
        workshop.rounds.update(settled_at=moment)


# What the tables write down ---------------------------------------------------------------------
def _choose_fields(workshop: Workshop, names: set[str]) -> None:
    for field in workshop.fields.exclude(name__in=names):
        field.is_worked_on = False
        field.save(update_fields=["is_worked_on"])


def _write_down(workshop: Workshop, key: str, texts: dict[str, FieldText], days: Days) -> Written:
    fields = {field.name: field for field in workshop.fields.all()}
    written: Written = []
    for name, field_text in texts.items():
        goals = {
            goal.text: Goal.objects.create(
                field=fields[name],
                text=days.told(goal.text),
                indicator=goal.indicator,
                order=order,
            )
            for order, goal in enumerate(field_text.goals, start=1)
        }
        for order, (goal, text) in enumerate(field_text.measures(), start=1):
            measure = Measure.objects.create(
                workshop=workshop,
                field=fields[name],
                goal=goals[goal.text] if goal else None,
                title=text.title,
                description=text.description,
                time_horizon=text.time_horizon,
                order=order,
                client_id=uuid5(_MARK, f"{key}/{len(written) + 1}"),
            )
            written.append((measure, text))
    return written


def _merge_duplicate(workshop: Workshop, written: Written) -> None:
    target = next(measure for measure, text in written if text is DUPLICATE_OF)
    duplicate = Measure.objects.create(
        workshop=workshop,
        field=target.field,
        title=DUPLICATE.title,
        description=DUPLICATE.description,
        time_horizon=DUPLICATE.time_horizon,
        order=target.field.measures.count() + 1,
        client_id=uuid5(_MARK, "full/duplicate"),
    )
    duplicate.merge_into(target)


def _deepen(written: Written) -> None:
    for measure, text in written:
        if text.profile:
            for name, answer in text.profile.items():
                setattr(measure, name, answer)
            measure.save(update_fields=[*text.profile])


# What the room thinks of it ---------------------------------------------------------------------
def _rate(workshop: Workshop, written: Written, people: dict, *, seed: str, skipped: float) -> None:
    drawn = draw(
        [text.opinion for _measure, text in written],
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
            measure=written[index][0],
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


def _count_paper(workshop: Workshop, written: Written) -> None:
    groups, round = _groups(workshop), require_open_round(workshop)
    for measure, text in written:
        if text.paper:
            for criterion, step, count in _piles(text.paper):
                PaperCount.objects.create(
                    measure=measure,
                    round=round,
                    group=groups.get(text.paper.group),
                    criterion=criterion,
                    step=step,
                    count=count,
                )


def _piles(paper: PaperText) -> list[tuple[str, int | None, int]]:
    """Return criterion, step (``None``: cannot judge) and count of every pile with sheets."""
    counts = {
        "relevance": (*paper.relevance, paper.cannot_judge[0]),
        "feasibility": (*paper.feasibility, paper.cannot_judge[1]),
    }
    return [
        (criterion, step, count)
        for criterion, piles in counts.items()
        for step, count in zip((1, 2, 3, 4, 5, None), piles, strict=True)
        if count
    ]


def _agree(workshop: Workshop, written: Written) -> None:
    round = require_open_round(workshop)
    for measure, text in written:
        if text.agreed:
            relevance, feasibility = text.agreed
            Consensus.objects.create(
                measure=measure, round=round, relevance=relevance, feasibility=feasibility
            )
