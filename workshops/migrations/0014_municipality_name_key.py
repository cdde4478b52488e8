"""Store what the names of municipalities read like, so that one is found among thousands.

And keep no index twice.
"""

import django.db.models.deletion
from django.db import migrations, models

from workshops.plain_text import name_key


def fill(apps, schema_editor):
    model = apps.get_model("workshops", "Municipality")
    stored = model.objects.using(schema_editor.connection.alias)
    rows = list(stored.only("name"))
    for row in rows:
        row.name_key = name_key(row.name)
    stored.bulk_update(rows, ["name_key"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0013_former_ballots_go")]

    operations = [
        migrations.AddField(
            model_name="municipality",
            name="name_key",
            field=models.CharField(default="", editable=False, max_length=360),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="municipality",
            name="name_key",
            field=models.CharField(db_index=True, editable=False, max_length=360),
        ),
        # Each is the first column of a longer key, which finds the same.
        migrations.AlterField(
            model_name='edit',
            name='workshop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='edits', to='workshops.workshop'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='workshop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='workshops.workshop'),
        ),
        migrations.AlterField(
            model_name='participantgroup',
            name='workshop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='workshops.workshop'),
        ),
        migrations.AlterField(
            model_name='scalestep',
            name='workshop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='scale_steps', to='workshops.workshop'),
        ),
        migrations.AlterField(
            model_name='workshopmunicipality',
            name='workshop',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='workshops.workshop'),
        ),
    ]
