from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("waiting", "not opened yet"),
    ("open", "open"),
    ("closed", "closed"),
    ("shown", "shown"),
    ("set_aside", "set aside"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("fields", "0002_initial"),
        ("measures", "0013_frozen_when_shown"),
        ("workshops", "0008_no_names_in_the_admin_log"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("round", "round_state"),
        migrations.RemoveConstraint("round", "round_one_unsettled"),
        migrations.AlterField(
            "round",
            "state",
            models.CharField(
                choices=STATES, default="waiting", max_length=10, verbose_name="state"
            ),
        ),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "open", "closed", "shown", "set_aside"]),
                name="round_state",
            ),
        ),
        migrations.AddConstraint(
            "round",
            models.UniqueConstraint(
                condition=Q(state__in=["waiting", "open", "closed"]),
                fields=("workshop",),
                name="round_one_unsettled",
                violation_error_message="The last round is neither shown nor set aside yet.",
            ),
        ),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=~Q(state="shown") | Q(smallest_room__isnull=False),
                name="round_shown_with_its_minimum",
            ),
        ),
    ]
