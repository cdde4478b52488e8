"""Every index costs each write and much room; none is kept twice."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

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
