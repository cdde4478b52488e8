"""Give every workshop an id that holds in every installation; the next one makes it a rule."""

import uuid

from django.db import migrations, models


def give_ids(apps, schema_editor):
    Workshop = apps.get_model("workshops", "Workshop")
    for pk in Workshop.objects.values_list("pk", flat=True):
        Workshop.objects.filter(pk=pk).update(uuid=uuid.uuid4())


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0005_drop_round_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='workshop',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
    ]
