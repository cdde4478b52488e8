import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workshops', '0006_workshop_uuid'),
    ]

    operations = [
        migrations.AlterField(
            model_name='workshop',
            name='uuid',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
