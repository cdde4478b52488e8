"""Take the names of people out of the log of Django's admin; from now on none get in.

See ``workshops.admin.log``. A name that was written cannot be brought back, so there is no way
back to undo.
"""

import json

from django.db import migrations
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat

PERSONAL = (
    ("workshops", "user"),
    ("workshops", "membership"),
    ("workshops", "participant"),
    ("account", "emailaddress"),
)
IN_MESSAGES = {"account", "membership", "participant"}  # as Django writes it: in English


def forget_names(apps, schema_editor):
    entries = apps.get_model("admin", "LogEntry").objects.using(schema_editor.connection.alias)
    is_personal = Q()
    for app, model in PERSONAL:
        is_personal |= Q(content_type__app_label=app, content_type__model=model)
    numbered = Concat(Value("#"), F("object_id"), output_field=CharField())
    entries.filter(is_personal).update(object_repr=numbered)
    for entry in entries.filter(change_message__contains='"object"').iterator():
        message = _unnamed(entry.change_message)
        if message != entry.change_message:
            entries.filter(pk=entry.pk).update(change_message=message)


def _unnamed(text: str) -> str:
    try:
        changes = json.loads(text)
        for change in changes:
            for told in change.values():
                if told.get("name") in IN_MESSAGES:
                    told["object"] = "…"
    except (AttributeError, TypeError, ValueError):  # a message of somebody else's making
        return text
    return json.dumps(changes)


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("workshops", "0007_workshop_uuid_once"),
    ]

    operations = [migrations.RunPython(forget_names, migrations.RunPython.noop, elidable=True)]
