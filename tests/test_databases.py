"""What the tests themselves stand on: an empty database, a copied one, a random order."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection

from tests import databases, once, order
from workshops.models import User


def filled() -> set:
    return {model for model in apps.get_models() if model._base_manager.exists()}


@pytest.mark.django_db(transaction=True)
def test_emptying_leaves_what_migrating_stores_and_nothing_else(workshop, measure, participant):
    kept = [*Permission.objects.values_list("pk", "content_type")]
    cache.set("tries", 3)
    assert len(filled()) > 10
    databases.empty()
    assert filled() == {ContentType, Permission}
    assert (cache.get("tries"), [*Permission.objects.values_list("pk", "content_type")]) == (
        None, kept,
    )  # fmt: skip


@pytest.mark.django_db
def test_what_is_filled_a_second_time_has_the_rows_of_the_first():
    def build() -> int:
        return User.objects.create_user("mona@bingen.example", "geheim-geheim", name="Mona").pk

    first = databases.filled_by(build)
    rows = [*User.objects.values()]
    User.objects.all().delete()
    second = databases.filled_by(build)
    assert (second, [*User.objects.values()]) == (first, rows)
    assert User.objects.create_user("tom@bingen.example").pk != first
    connection.check_constraints()


def test_files_are_shuffled_and_stay_together():
    items = [SimpleNamespace(path=file, name=n) for file in "abcde" for n in range(5)]
    before = [*items]
    order.shuffle(items)
    assert (items != before, {*map(id, items)} == {*map(id, before)}) == (True, True)
    files = [item.path for item in items]
    assert files == sorted(files, key=files.index)


def test_the_same_seed_gives_the_same_order():
    one, two = [
        [SimpleNamespace(path=file, name=n) for file in "abcde" for n in range(5)]
        for _each in range(2)
    ]
    order.shuffle(one)
    order.shuffle(two)
    assert one == two


def test_what_runs_on_one_database_by_day_is_there_and_looks_at_nothing_that_databases_do():
    files = {name: (databases.ROOT / name).read_text("utf-8") for name in once.BY_DAY}
    words = ("transaction=True", "IntegrityError", "select_for_update", "Thread(", "MigrationExec")
    assert [(name, word) for name, text in files.items() for word in words if word in text] == []
