from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise

from workshops.plain_text import name_key, plain_name


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
        # The column is that of any other text, so that migrations need not know this class.
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", list(arguments), options


def refuse_twin(row: Any, siblings: models.QuerySet, told: str | Promise) -> None:
    """Raise ValidationError where a sibling's name reads like that of the row. 1 query.

    The database checks it as well, but compares letter by letter; SQLite knows capitals of ASCII
    letters only.
    """
    taken = siblings.exclude(pk=row.pk).values_list("name", flat=True)
    if name_key(row.name) in map(name_key, taken):
        raise ValidationError({"name": told})


def _plain(value: Any) -> Any:
    return plain_name(value) if isinstance(value, str) else value
