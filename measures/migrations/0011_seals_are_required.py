import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError


def keep_seals(apps, schema_editor):
    """Going back would lose them, and what was printed of them would prove nothing any more."""
    if apps.get_model("measures", "Seal").objects.exists():
        raise IrreversibleError("There are seals already, so this migration stays applied.")


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0010_seal_what_is_there'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='decision',
            name='sha256',
        ),
        migrations.AlterField(
            model_name='session',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name='decision',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name='decision',
            name='at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='seal',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='measures.seal', verbose_name='seal'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('publication', None), ('published_at', None)), models.Q(('publication__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='decision_publication_is_sealed'),
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_seals),
    ]
