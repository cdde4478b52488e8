"""Minimums above the limit are lowered where nobody relies on them, and stay where people do."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import databases

BEFORE = [("workshops", "0008_no_names_in_the_admin_log")]
AFTER = [("workshops", "0009_limit_of_the_minimums")]


def migrate(targets: list[tuple]):
    """Bring the tables to a state and return the models as they were then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old(transactional_db):
    """Return the models of before, with their tables; at the end today's tables are back."""
    databases.take_back(BEFORE)
    yield MigrationExecutor(connection).loader.project_state(BEFORE).apps
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def test_where_ballots_are_out_the_old_number_stays_and_elsewhere_it_is_lowered(old):
    def make(title: str, **minimums) -> int:
        workshops = old.get_model("workshops", "Workshop").objects
        return workshops.create(title=title, date=date(2020, 9, 8), **minimums).pk

    fresh = make("Neu", smallest_room=1000, smallest_group=30)
    relied_on = make("Ausgeteilt", smallest_room=1000, smallest_group=20)
    usual = make("Wie immer", smallest_room=20, smallest_group=5)
    old.get_model("workshops", "Ballot").objects.create(workshop_id=relied_on, source="account")
    rows = migrate(AFTER).get_model("workshops", "Workshop").objects
    found = rows.values_list("pk", "smallest_room", "smallest_group", "keeps_old_minimum")
    assert {*found} == {
        (fresh, 20, 20, False), (relied_on, 1000, 20, True), (usual, 20, 5, False),
    }  # fmt: skip
