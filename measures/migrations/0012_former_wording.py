import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('measures', '0011_seals_are_required'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('description', models.TextField(blank=True, max_length=2000, verbose_name='description')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='changed')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_wordings', to='measures.measure', verbose_name='measure')),
            ],
            options={
                'verbose_name': 'former wording',
                'verbose_name_plural': 'former wordings',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='former_wording_has_title')],
            },
        ),
    ]
