"""Legal texts of the site and of each municipality; its coat of arms, colour and links."""



import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import workshops.models.presence


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0014_municipality_name_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalLegalText',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('imprint', 'Imprint'), ('privacy', 'Privacy'), ('accessibility', 'Accessibility statement')], max_length=20, verbose_name='kind')),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English')], default='de', max_length=2, verbose_name='language')),
                ('body', models.TextField(max_length=40000, verbose_name='text')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: the text of the whole site.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'historical legal text',
                'verbose_name_plural': 'historical legal texts',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalLook',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_own', models.BooleanField(default=False, help_text='Its name and look stand at the log-in as well. At most one is.', verbose_name='this installation is its own')),
                ('accent', models.CharField(blank=True, help_text='Like #00519e. Its contrast is checked in both appearances.', max_length=7, validators=[workshops.models.presence.legible_accent], verbose_name='accent colour')),
                ('logo_hash', models.CharField(blank=True, editable=False, max_length=16)),
                ('logo_alt', models.CharField(blank=True, help_text='Read out instead of the picture, e.g. “Coat of arms of Bingen am Rhein”.', max_length=120, verbose_name='what the picture shows')),
                ('plain_language', models.URLField(blank=True, help_text='Address of the page in plain language (Leichte Sprache).', max_length=300, validators=[django.core.validators.URLValidator(['https'], code='not_https', message='The address begins with https://.')], verbose_name='plain language')),
                ('sign_language', models.URLField(blank=True, help_text='Address of the page with films in sign language (Gebärdensprache).', max_length=300, validators=[django.core.validators.URLValidator(['https'], code='not_https', message='The address begins with https://.')], verbose_name='sign language')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'historical look of a municipality',
                'verbose_name_plural': 'historical looks of municipalities',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='LegalText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('imprint', 'Imprint'), ('privacy', 'Privacy'), ('accessibility', 'Accessibility statement')], max_length=20, verbose_name='kind')),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English')], default='de', max_length=2, verbose_name='language')),
                ('body', models.TextField(max_length=40000, verbose_name='text')),
                ('municipality', models.ForeignKey(blank=True, db_index=False, help_text='Empty: the text of the whole site.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='legal_texts', to='workshops.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'legal text',
                'verbose_name_plural': 'legal texts',
                'ordering': ['municipality__name', 'kind', 'language', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'kind', 'language'), name='legal_text_once', violation_error_message='There is such a text already.'), models.UniqueConstraint(condition=models.Q(('municipality', None)), fields=('kind', 'language'), name='legal_text_of_the_site_once', violation_error_message='There is such a text already.'), models.CheckConstraint(condition=models.Q(('kind__in', ['imprint', 'privacy', 'accessibility'])), name='legal_text_kind'), models.CheckConstraint(condition=models.Q(('language__in', ['de', 'en'])), name='legal_text_language'), models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='legal_text_has_words', violation_error_message='Please enter a text.')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_own', models.BooleanField(default=False, help_text='Its name and look stand at the log-in as well. At most one is.', verbose_name='this installation is its own')),
                ('accent', models.CharField(blank=True, help_text='Like #00519e. Its contrast is checked in both appearances.', max_length=7, validators=[workshops.models.presence.legible_accent], verbose_name='accent colour')),
                ('logo', models.BinaryField(null=True, verbose_name='coat of arms or logo')),
                ('logo_hash', models.CharField(blank=True, editable=False, max_length=16)),
                ('logo_width', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('logo_height', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('logo_alt', models.CharField(blank=True, help_text='Read out instead of the picture, e.g. “Coat of arms of Bingen am Rhein”.', max_length=120, verbose_name='what the picture shows')),
                ('plain_language', models.URLField(blank=True, help_text='Address of the page in plain language (Leichte Sprache).', max_length=300, validators=[django.core.validators.URLValidator(['https'], code='not_https', message='The address begins with https://.')], verbose_name='plain language')),
                ('sign_language', models.URLField(blank=True, help_text='Address of the page with films in sign language (Gebärdensprache).', max_length=300, validators=[django.core.validators.URLValidator(['https'], code='not_https', message='The address begins with https://.')], verbose_name='sign language')),
                ('municipality', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='look', to='workshops.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'look of a municipality',
                'verbose_name_plural': 'looks of municipalities',
                'ordering': ['municipality__name', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_own', True)), fields=('is_own',), name='look_one_is_own', violation_error_message="This installation is another municipality's already."), models.CheckConstraint(condition=models.Q(('accent', ''), ('accent__regex', '^#[0-9a-f]{6}$'), _connector='OR'), name='look_accent', violation_error_message='A colour looks like this: #00519e.'), models.CheckConstraint(condition=models.Q(models.Q(('logo', None), ('logo_hash', '')), models.Q(models.Q(('logo_hash', ''), _negated=True), models.Q(('logo_alt', ''), _negated=True)), _connector='OR'), name='look_logo_is_told', violation_error_message='Please say in words what the picture shows.'), models.CheckConstraint(condition=models.Q(('plain_language', ''), ('plain_language__regex', '^https://'), _connector='OR'), name='look_plain_language_on_the_web', violation_error_message='The address begins with https://.'), models.CheckConstraint(condition=models.Q(('sign_language', ''), ('sign_language__regex', '^https://'), _connector='OR'), name='look_sign_language_on_the_web', violation_error_message='The address begins with https://.')],
            },
        ),
    ]
