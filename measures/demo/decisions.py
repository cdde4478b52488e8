"""Write down what the invented committee decided and what became of it."""

from datetime import date, time
from uuid import UUID, uuid5

from measures.committee.recording import Recording, pending_of, publish, store
from measures.demo import content, decided
from measures.demo.days import Days
from measures.models import (
    AgendaItem,
    Decision,
    Measure,
    Remark,
    Session,
    StatusEntry,
)
from measures.overview import overview
from workshops.models import Role, User, Workshop

_MARK = UUID("3e2f8a90-5d57-4f0e-9f0b-51c5a2f7f6d1")
MORNING, NOON, EVENING = time(9, 15), time(12, 5), time(19, 40)


def deliberate(workshop: Workshop, days: Days) -> None:
    """Hold one session, call the next, report on what was decided, and open the public page."""
    measures = {measure.title: measure for measure in workshop.measures.standing()}
    people = {m.role: m.user for m in workshop.memberships.select_related("user")}
    past = _past_session(workshop, measures, days)
    for text in days.told(decided.DECISIONS):
        _decide(past, measures[text.title], text, people[Role.ADMINISTRATION])
    _publish(past, days.told(decided.PUBLISHED_ON))
    _correct(past, measures, people[Role.ADMINISTRATION], days)
    pending, day = days.told((decided.PENDING, decided.PENDING_RECORDED_ON))
    _decide(past, measures[pending.title], pending, people[Role.COMMITTEE], day=day)
    _call_session(workshop, measures, days)
    _remark(measures, people, days)
    _report(measures, people[Role.ADMINISTRATION], days)
    workshop.is_public = True
    workshop.save(update_fields=["is_public"])


# Sessions ---------------------------------------------------------------------------------------
def _past_session(workshop: Workshop, measures: dict[str, Measure], days: Days) -> Session:
    """Call the session whose agenda is the top of the ranking."""
    session = Session.objects.create(workshop=workshop, **days.told(decided.PAST))
    top = overview(workshop).rows[: decided.PAST_SIZE]
    for order, row in enumerate(top, start=1):
        AgendaItem.objects.create(session=session, measure=measures[row.measure.title], order=order)
    return session


def _call_session(workshop: Workshop, measures: dict[str, Measure], days: Days) -> None:
    """Call the session that is to come."""
    session = Session.objects.create(workshop=workshop, **days.told(decided.UPCOMING))
    field = workshop.fields.get(name=decided.UPCOMING_FIELD)
    AgendaItem.objects.create(session=session, field=field, order=1)
    for order, title in enumerate(decided.UPCOMING_MEASURES, start=2):
        AgendaItem.objects.create(session=session, measure=measures[title], order=order)


# Decisions --------------------------------------------------------------------------------------
def _decide(
    session: Session,
    measure: Measure,
    text: decided.DecisionText,
    by: User,
    *,
    corrects: Decision | None = None,
    day: date | None = None,
) -> Decision:
    """Record a decision as of ``day``, the session's unless it came later."""
    # Read anew: what is frozen is the state of the data, and figures are kept by its revision.
    workshop = Workshop.objects.select_related("revision").get(pk=session.workshop_id)
    entry = Recording(session, measure, corrects)
    decision = entry.blank()
    columns = text._asdict()
    del columns["title"]
    votes = columns.pop("votes")
    decision.votes_for, decision.votes_against, decision.votes_abstained = votes
    for name, value in columns.items():
        setattr(decision, name, value)
    decision.by = by
    decision.at = content.moment(day or session.date, EVENING)
    return store(decision, entry.basis(workshop))


def _publish(session: Session, day: date) -> None:
    publish(session, pending_of(session), at=content.moment(day, MORNING))


def _correct(session: Session, measures: dict[str, Measure], by: User, days: Days) -> None:
    text, day = days.told((decided.CORRECTION, decided.CORRECTED_ON))
    wrong = session.decisions.get(measure=measures[text.title])
    _decide(session, wrong.measure, text, by, corrects=wrong, day=day)
    _publish(session, days.told(decided.CORRECTION_PUBLISHED_ON))


# Around them ------------------------------------------------------------------------------------
def _remark(measures: dict[str, Measure], people: dict[str, User], days: Days) -> None:
    for place, text in enumerate(days.told(decided.REMARKS)):
        is_question = text.kind == Remark.Kind.QUESTION
        row = Remark.objects.create(
            measure=measures[text.title],
            kind=text.kind,
            text=text.text,
            by=people[Role.COMMITTEE if is_question else Role.ADMINISTRATION],
            answer=text.answer,
            answered_by=people[Role.ADMINISTRATION] if text.answered else None,
            answered_at=content.moment(text.answered, NOON) if text.answered else None,
            is_closed=text.is_closed,
            is_released=text.is_released,
            client_id=uuid5(_MARK, f"{measures[text.title].pk}/remark/{place}"),
        )
        _at(row, text.day, MORNING)


def _report(measures: dict[str, Measure], by: User, days: Days) -> None:
    for place, text in enumerate(days.told(decided.STATUS)):
        entry = StatusEntry.objects.create(
            measure=measures[text.title],
            date=text.day,
            state=text.state,
            sentence=text.sentence,
            percent=text.percent,
            next_due=text.next_due,
            by=by,
            client_id=uuid5(_MARK, f"{measures[text.title].pk}/status/{place}"),
        )
        _at(entry, text.day, NOON)


def _at(row: Remark | StatusEntry, day: date, clock: time) -> None:
    """Put the invented moment past save(), which would put the time of this run."""
    type(row).objects.filter(pk=row.pk).update(at=content.moment(day, clock))
