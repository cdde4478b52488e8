"""The migration that seals what was decided before there were seals."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from measures.committee.verifying import verify
from measures.models import Decision, Measure
from measures.seals.text import canonical, fingerprint
from tests import databases
from tests.deciding import PUBLISHED, SESSION_DAY, decide, hold
from workshops.models import Workshop

BEFORE = [
    ("measures", "0008_rounds_by_row"),
    ("workshops", "0005_drop_round_number"),
]


def migrate(targets: list) -> None:
    MigrationExecutor(connection).migrate(targets)


def leaves() -> list:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


@pytest.fixture
def old(transactional_db):
    """Return the models as they were before, with a session and a measure in the database."""
    databases.take_back(BEFORE)
    apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps

    def make(model: str, **columns):
        return apps.get_model(model).objects.create(**columns)

    workshop = make(
        "workshops.Workshop", title="Digital-Werkstatt Bingen", date=date(2020, 9, 8),
        phase="deliberating",
    )  # fmt: skip
    make("workshops.WorkshopRevision", workshop=workshop)
    field = make("fields.ActionField", workshop=workshop, name="Alltagsleben")
    measure = make("measures.Measure", workshop=workshop, field=field, title="WLAN", number=1)
    session = make(
        "measures.Session", workshop=workshop, committee="Digitalausschuss", date=SESSION_DAY,
        seats=9,
    )  # fmt: skip
    make("measures.AgendaItem", session=session, measure=measure, order=1)
    yield SimpleNamespace(
        Decision=apps.get_model("measures", "Decision"),
        Session=apps.get_model("measures", "Session"),
        Measure=apps.get_model("measures", "Measure"),
        session=session.pk,
        measure=measure.pk,
    )
    migrate(leaves())


def decided(old, **columns):
    """Store an entry as the product did then: the decision in the snapshot, a hash beside it."""
    columns = {
        "session_id": old.session,
        "measure_id": old.measure,
        "outcome": "accepted",
        "reason": "Der Bedarf ist groß.",
        "decided_on": SESSION_DAY,
        "seats": 9,
    } | columns
    row = old.Decision(**columns)
    votes = [row.votes_for, row.votes_against, row.votes_abstained]
    told = {
        "measure": row.measure.number,
        "session": row.session_id,
        "date": row.decided_on.isoformat(),
        "outcome": row.outcome,
        "wording": row.wording,
        "deferred_until": None,
        "reason": row.reason,
        "votes": None if votes == [None] * 3 else votes,
        "seats": row.seats,
        "responsible": row.responsible,
        "due_date": row.due_date and row.due_date.isoformat(),
        "budget_note": row.budget_note,
        "corrects": row.corrects.sha256 if row.corrects else None,
    }
    row.snapshot = canonical({"version": 1, "committee": "Digitalausschuss", "decision": told})
    row.sha256 = fingerprint(row.snapshot)
    row.save()
    return row


def another_session(old) -> int:
    row = old.Session.objects.get(pk=old.session)
    row.pk = None
    row.save()
    return row.pk


def test_what_was_decided_before_is_sealed_in_its_order_and_says_that_it_is_late(old):
    votes = {"votes_for": 5, "votes_against": 3, "votes_abstained": 1}
    later = PUBLISHED.replace(month=12)
    first = decided(old, published_at=later, due_date=date(2021, 1, 31), **votes)
    other = decided(old, session_id=another_session(old), published_at=PUBLISHED)
    pending = decided(old, corrects=first, reason="Genauer.")
    kept = [first.snapshot, other.snapshot, pending.snapshot]
    migrate(leaves())
    workshop = Workshop.objects.get()
    with translation.override("en"):
        report = verify(workshop)
    assert [(seal.kind, seal.is_late) for seal in report.seals] == [
        ("recorded", True), ("recorded", True), ("recorded", True),
        ("published", True), ("published", True),
    ]  # fmt: skip
    rows = list(Decision.objects.order_by("pk"))
    assert [row.seal.position for row in rows] == [1, 2, 3]
    assert [row.publication and row.publication.position for row in rows] == [5, 4, None]
    assert [row.snapshot for row in rows] == kept
    place = {"title": "Digital-Werkstatt Bingen", "date": "2020-09-08"}
    assert [(seal.data["workshop"], seal.data.get("number")) for seal in report.seals] == [
        *[(place, 1)] * 3, *[(place, None)] * 2,
    ]  # fmt: skip
    assert (report.decisions, report.wrong, report.notes) == (3, [], [
        "Sealed when seals were introduced: links 1 to 5. That proves nothing about the time"
        " before."
    ])  # fmt: skip
    with pytest.raises(IrreversibleError, match="There are seals already"):
        migrate(BEFORE)
    migrate(leaves())  # what comes after the seals was taken back before they refused
    measure = Measure.objects.get()
    decide(hold(workshop, measure), measure, is_published=False)
    report = verify(workshop)
    assert ([seal.position for seal in report.seals], report.wrong) == ([1, 2, 3, 4, 5, 6], [])


def test_an_entry_that_had_been_changed_before_is_not_washed_clean(old):
    sound = decided(old)
    changes = ({"reason": "Anders."}, {"snapshot": "{}"}, {"sha256": "0" * 64}, {"number": 9})
    changed = []
    for change in changes:
        row = decided(old, session_id=another_session(old))
        if "number" in change:
            measure = old.Measure.objects.get(pk=old.measure)
            bus = old.Measure.objects.create(
                workshop=measure.workshop, field=measure.field, title="Bus", number=9
            )
            change = {"measure": bus}
        old.Decision.objects.filter(pk=row.pk).update(**change)
        changed.append(row.pk)
    migrate(leaves())
    with translation.override("en"):
        wrong = verify(Workshop.objects.get()).wrong
    told = "It had been changed before it was sealed: its hash did not fit any more."
    assert [line.partition("decision ")[2] for line in wrong] == [f"{pk}: {told}" for pk in changed]
    assert sound.pk not in changed
