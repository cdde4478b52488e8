"""Many rows in one statement: what the database refuses is told as everywhere."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from fields.models import ActionField
from workshops.bulk import Bulk
from workshops.models import Workshop

pytestmark = pytest.mark.database


def store(*rows: ActionField) -> None:
    with transaction.atomic():
        bulk = Bulk(None)
        bulk.add(rows)
        bulk.store()


def field(workshop: Workshop, name: str) -> ActionField:
    return ActionField(workshop=workshop, name=name, order=1)


def test_rows_and_their_history_are_there(workshop):
    store(field(workshop, "Hafen"), field(workshop, "Bahn"))
    rows = workshop.fields.filter(name__in=["Hafen", "Bahn"])
    assert [row.history.get().history_type for row in rows] == ["+", "+"]


def test_a_name_that_is_there_twice_is_refused_in_djangos_words(workshop):
    """Seen: past Django it was another error, and a full disk would have been a 500."""
    with pytest.raises(IntegrityError):
        store(field(workshop, "Hafen"), field(workshop, "Hafen"))
    assert workshop.fields.filter(name="Hafen").count() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite measures no texts")
def test_a_text_that_is_too_long_is_refused_in_djangos_words(workshop):
    with pytest.raises(DataError):
        store(field(workshop, "x" * 500))
