"""Every index costs each write and much room; none is kept twice."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

APPS = ("workshops", "fields", "measures")


def first_columns(model: type[models.Model]) -> Iterator[str]:
    """Yield the first column of each key and index of several columns over all rows."""
    for each in (*model._meta.constraints, *model._meta.indexes):
        if isinstance(each, models.UniqueConstraint | models.Index) and each.condition is None:
            names = each.fields or [getattr(one, "name", "") for one in each.expressions]
            if len(names) > 1:
                yield names[0].lstrip("-")


def test_no_column_has_an_index_of_its_own_that_begins_another_one():
    """The longer one finds it as fast; Django gives one to every foreign key unless told not to."""
    doubled = {
        f"{model.__name__}.{field.name}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.local_concrete_fields
        if field.db_index and field.name in {*first_columns(model)}
    }
    assert doubled == set()


@pytest.mark.database
@pytest.mark.django_db
def test_every_constraint_and_index_of_a_model_is_in_the_database():
    """Seen: taking a foreign key's index away took a constraint's of the same column along."""
    missing = {}
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            with connection.cursor() as cursor:
                table = model._meta.db_table
                there = connection.introspection.get_constraints(cursor, table).keys()
            named = {each.name for each in (*model._meta.constraints, *model._meta.indexes)}
            missing[model.__name__] = named - there
    assert {name: gone for name, gone in missing.items() if gone} == {}
