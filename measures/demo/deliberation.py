"""Write down what the invented committee decided and what became of it."""

from datetime import date, time
from hashlib import sha256
from io import BytesIO
from uuid import UUID, uuid5

from measures.attachments.content import kind_of
from measures.committee.recording import basis_for, new_entry, pending_of, publish, store
from measures.demo import content
from measures.demo.days import as_of
from measures.demo.paper import one_page
from measures.demo.proof import budget, follow
from measures.models import (
    AgendaItem,
    Assessment,
    Attachment,
    AttachmentPart,
    Decision,
    Measure,
    Remark,
    Session,
    StatusEntry,
)
from measures.overview import overview_of
from workshops.models import Role, User, Workshop

_NAMESPACE = UUID("3e2f8a90-5d57-4f0e-9f0b-51c5a2f7f6d1")
MORNING, NOON, EVENING = time(9, 15), time(12, 5), time(19, 40)

Measures = dict[str, Measure]  # by title
People = dict[str, User]  # by role


def deliberate(workshop: Workshop, today: date) -> None:
    """Hold one session, call the next, report on what was decided, and open the public page."""
    story = as_of(content.COMMITTEE, today)
    measures = {measure.title: measure for measure in workshop.measures.standing()}
    people = {m.role: m.user for m in workshop.memberships.select_related("user")}
    _assess(story["assessments"], measures)
    budget(workshop, story["budget"], story["costs"], measures)
    _hold_session(workshop, story, measures, people)
    _call_session(workshop, story["upcoming"], measures)
    _attach(workshop, story["attachments"], measures)
    _remark(story["remarks"], measures, people)
    _report(story["reports"], measures, people[Role.ADMINISTRATION])
    follow(workshop, story, measures, people[Role.ADMINISTRATION])
    workshop.is_public = True
    workshop.save(update_fields=["is_public"])


# Sessions ---------------------------------------------------------------------------------------
def _hold_session(workshop: Workshop, story: dict, measures: Measures, people: People) -> None:
    """Decide on the top of the ranking; correct one entry later, and leave one unpublished."""
    text, correction, pending = dict(story["past"]), story["correction"], story["pending"]
    top, published = text.pop("top"), text.pop("published")
    session = Session.objects.create(workshop=workshop, **text)
    for order, row in enumerate(overview_of(workshop).rows[:top], start=1):
        AgendaItem.objects.create(session=session, measure=measures[row.measure.title], order=order)
    by = people[Role.ADMINISTRATION]
    for each in story["decisions"]:
        _decide(new_entry(session, measures[each["measure"]]), each, by)
    _publish(session, published)
    wrong = session.decisions.get(measure=measures[correction["measure"]])
    _decide(new_entry(session, wrong.measure, corrects=wrong), correction, by)
    _publish(session, correction["published"])
    _decide(new_entry(session, measures[pending["measure"]]), pending, people[Role.COMMITTEE])


def _call_session(workshop: Workshop, text: dict, measures: Measures) -> None:
    """Call the session that is to come."""
    text = dict(text)
    field, titles = text.pop("field"), text.pop("measures")
    session = Session.objects.create(workshop=workshop, **text)
    AgendaItem.objects.create(session=session, field=workshop.fields.get(name=field), order=1)
    for order, title in enumerate(titles, start=2):
        AgendaItem.objects.create(session=session, measure=measures[title], order=order)


# Decisions --------------------------------------------------------------------------------------
def _decide(entry: Decision, text: dict, by: User) -> Decision:
    """Record a decision on the day of the session, unless it says that it came later."""
    # Read anew: what is frozen is the state of the data, and figures are kept by its revision.
    workshop = Workshop.objects.select_related("revision").get(pk=entry.session.workshop_id)
    basis = basis_for(entry, workshop)
    entry.votes_for, entry.votes_against, entry.votes_abstained = text["votes"]
    for name in text.keys() - {"measure", "votes", "recorded", "published"}:
        setattr(entry, name, text[name])
    entry.by = by
    entry.at = content.local_time(text.get("recorded", entry.session.date), EVENING)
    return store(entry, basis)


def _publish(session: Session, day: date) -> None:
    publish(session, pending_of(session), at=content.local_time(day, MORNING))


# Around them ------------------------------------------------------------------------------------
def _remark(texts: list[dict], measures: Measures, people: People) -> None:
    for place, text in enumerate(texts):
        columns = dict(text)
        measure, day = measures[columns.pop("measure")], columns.pop("day")
        if answered := columns.pop("answered", None):
            columns["answered_by"] = people[Role.ADMINISTRATION]
            columns["answered_at"] = content.local_time(answered, NOON)
        is_question = text["kind"] == Remark.Kind.QUESTION
        row = Remark.objects.create(
            measure=measure,
            by=people[Role.COMMITTEE if is_question else Role.ADMINISTRATION],
            client_id=uuid5(_NAMESPACE, f"{measure.pk}/remark/{place}"),
            **columns,
        )
        _at(row, day, MORNING)


def _attach(workshop: Workshop, texts: list[dict], measures: Measures) -> None:
    """Attach a page to measures, and to the session that is to come where none is named."""
    for place, text in enumerate(texts):
        page = one_page(text["words"])
        owner = (
            {"measure": measures[text["measure"]]}
            if "measure" in text
            else {"session": workshop.sessions.latest("date")}
        )
        row = Attachment.objects.create(
            **owner,
            workshop=workshop,
            name=text["name"],
            kind=kind_of(BytesIO(page)),
            size=len(page),
            digest=sha256(page).hexdigest(),
            added_as=Role.ADMINISTRATION,
            is_released=text["is_released"],
            client_id=uuid5(_NAMESPACE, f"{workshop.pk}/attachment/{place}"),
        )
        AttachmentPart.objects.create(attachment=row, place=0, content=page)
        _at(row, text["day"], NOON)


def _assess(text: dict, measures: Measures) -> None:
    """Enter what the administration itself held before the session."""
    for place, each in enumerate(text["measures"]):
        measure = measures[each["measure"]]
        entry = Assessment.objects.create(
            measure=measure,
            relevance=each["steps"][0],
            feasibility=each["steps"][1],
            reason=each["reason"],
            office=text["office"],
            day=text["day"],
            client_id=uuid5(_NAMESPACE, f"{measure.pk}/assessment/{place}"),
        )
        _at(entry, entry.day, NOON)


def _report(texts: list[dict], measures: Measures, by: User) -> None:
    for place, text in enumerate(texts):
        columns = dict(text)
        measure = measures[columns.pop("measure")]
        client_id = uuid5(_NAMESPACE, f"{measure.pk}/status/{place}")
        entry = StatusEntry.objects.create(measure=measure, by=by, client_id=client_id, **columns)
        _at(entry, entry.date, NOON)


def _at(row: Remark | StatusEntry | Assessment | Attachment, day: date, clock: time) -> None:
    """Put the invented moment past save(), which would put the time of this run."""
    type(row).objects.filter(pk=row.pk).update(at=content.local_time(day, clock))
