import django.core.validators
from django.db import migrations, models

SOURCES = [
    ("account", "own device, signed in"),
    ("guest", "own device, without an account"),
    ("import", "imported"),
    ("untold", "not told, because too few share it"),
]


def smallest_room():
    return models.PositiveSmallIntegerField(
        default=3,
        help_text="A measure with fewer ratings has no figures and no rank; at least 3.",
        validators=[django.core.validators.MinValueValidator(3)],
        verbose_name="smallest number of ratings shown",
    )


class Migration(migrations.Migration):
    dependencies = [("workshops", "0003_rounds_and_public_page")]

    operations = [
        migrations.AddField("workshop", "smallest_room", smallest_room()),
        migrations.AddField("historicalworkshop", "smallest_room", smallest_room()),
        migrations.AddConstraint(
            "workshop",
            models.CheckConstraint(
                condition=models.Q(("smallest_room__gte", 3)),
                name="workshop_smallest_room_3",
                violation_error_message="Results are shown from at least 3 ratings on.",
            ),
        ),
        migrations.RemoveConstraint("ballot", "ballot_source"),
        migrations.AlterField(
            "ballot",
            "source",
            models.CharField(choices=SOURCES, max_length=20, verbose_name="source"),
        ),
        migrations.AddConstraint(
            "ballot",
            models.CheckConstraint(
                condition=models.Q(("source__in", ["account", "guest", "import", "untold"])),
                name="ballot_source",
            ),
        ),
    ]
