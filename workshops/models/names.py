from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise

from workshops.plain_text import name_key, plain_name

LONGEST_LETTER = 3  # letters that one can become where capitals do not count


class NameField(models.CharField):
    """The name by which people know a row: stored, compared and looked up as it reads.

    So "once per workshop" holds in the database, whoever writes: a form, an import, the admin.
    """

    def to_python(self, value: Any) -> Any:
        return _plain(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        name = _plain(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, name)
        return name

    def get_prep_value(self, value: Any) -> Any:
        return _plain(super().get_prep_value(value))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        return _as_any_text(super().deconstruct())


class NameKeyField(models.CharField):
    """What a row's name reads like (``name_key``), so that PostgreSQL finds it by an index.

    Written with every name, whoever stores it.
    """

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = name_key(model_instance.name)
        setattr(model_instance, self.attname, key)
        return key

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        return _as_any_text(super().deconstruct())


def refuse_twin(row: Any, siblings: models.QuerySet, told: str | Promise) -> None:
    """Raise ValidationError where a sibling's name reads like that of the row. 1 query.

    The database checks it as well, but compares letter by letter; SQLite knows capitals of ASCII
    letters only.
    """
    taken = siblings.exclude(pk=row.pk).values_list("name", flat=True)
    if name_key(row.name) in map(name_key, taken):
        raise ValidationError({"name": told})


def _as_any_text(told: tuple) -> tuple[str, str, list[Any], dict[str, Any]]:
    """Let migrations know a column as any other text, so that they need no class of ours."""
    name, _path, arguments, options = told
    return name, "django.db.models.CharField", list(arguments), options


def _plain(value: Any) -> Any:
    return plain_name(value) if isinstance(value, str) else value
