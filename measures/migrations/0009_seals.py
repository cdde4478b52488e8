import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0008_rounds_by_row'),
        ('workshops', '0007_workshop_uuid_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='place in the chain')),
                ('kind', models.CharField(choices=[('recorded', 'decision recorded'), ('published', 'decisions published'), ('session', 'session changed')], max_length=20, verbose_name='kind')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sealed')),
                ('content', models.TextField(verbose_name='what is sealed')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='mark of the link before')),
                ('key_id', models.CharField(max_length=32, verbose_name='key')),
                ('value', models.CharField(max_length=64, verbose_name='seal')),
                ('is_foreign', models.BooleanField(default=False, verbose_name='sealed elsewhere')),
                ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seals', to='workshops.workshop')),
            ],
            options={
                'verbose_name': 'seal',
                'verbose_name_plural': 'seals',
                'ordering': ['workshop', 'position'],
            },
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.UniqueConstraint(fields=('workshop', 'position'), name='seal_position_once'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('position', 1), ('previous', '')), models.Q(('position__gt', 1), models.Q(('previous', ''), _negated=True)), _connector='OR'), name='seal_continues_the_one_before'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['recorded', 'published', 'session'])), name='seal_kind'),
        ),
        migrations.AddConstraint(
            model_name='seal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('key_id', ''), _negated=True), ('value__regex', '^[0-9a-f]{64}$')), name='seal_has_value'),
        ),
        migrations.AddField(
            model_name='session',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='seal',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='measures.seal', verbose_name='seal'),
        ),
        migrations.AddField(
            model_name='decision',
            name='publication',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='published', to='measures.seal'),
        ),
    ]
