"""Sessions and decisions as the product itself stores them, for tests of what follows."""

from datetime import UTC, date, datetime

from django.test import Client
from django.urls import reverse

from measures.committee.basis import PARTS
from measures.committee.recording import basis_for, new_entry, publish, store
from measures.models import AgendaItem, Decision, Measure, Session
from workshops.models import Workshop

SESSION_DAY = date(2020, 10, 22)
PUBLISHED = datetime(2020, 10, 23, 9, 0, tzinfo=UTC)
TYPED = {"outcome": "accepted", "reason": "Der Bedarf ist groß."}


def hold(workshop: Workshop, *measures: Measure, **columns) -> Session:
    """Call a session with these measures on its agenda."""
    columns = {"committee": "Digitalausschuss", "date": SESSION_DAY} | columns
    session = Session.objects.create(workshop=workshop, **columns)
    for order, measure in enumerate(measures, start=1):
        AgendaItem.objects.create(session=session, measure=measure, order=order)
    return session


def decide(
    session: Session,
    measure: Measure,
    *,
    corrects: Decision | None = None,
    is_published: bool = True,
    at: datetime = PUBLISHED,
    has_basis: bool = True,
    **columns,
) -> Decision:
    """Record a decision, published at that time unless somebody says otherwise.

    What it was based upon takes longer than all the rest; tests of what follows do without.
    """
    decision = new_entry(session, measure, corrects)
    if has_basis:
        basis = basis_for(decision, Workshop.objects.get(pk=session.workshop_id))
    else:
        basis = dict.fromkeys(PARTS)
    for name, value in (TYPED | columns).items():
        setattr(decision, name, value)
    store(decision, basis)
    return release(decision, at) if is_published else decision


def release(decision: Decision, at: datetime = PUBLISHED) -> Decision:
    """Publish one decision and return it as it is stored then."""
    publish(decision.session, [decision], at=at)
    decision.refresh_from_db(fields=["published_at", "publication"])
    return decision


def in_english(client: Client) -> Client:
    """Let a person read English, so that sentences are compared with the source's own."""
    client.post(reverse("set-language"), {"language": "en"})
    return client
