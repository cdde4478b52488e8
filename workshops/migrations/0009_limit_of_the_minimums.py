"""A minimum is at most 20: typed by mistake, a thousand hid every result for good.

Stored larger ones are lowered where no ballot is handed out, for there nobody relies on them yet.
Where there are ballots they stay: people rated on the word that nothing is shown below that number.
"""

import django.core.validators
from django.db import migrations, models

LIMIT = 20
MINIMUMS = ("smallest_room", "smallest_group")
TOO_LARGE = (
    "At most 20: a higher minimum would hide nearly every result, and once ballots are handed out"
    " it can never be lowered again."
)
HELP = {
    "smallest_room": "A measure with fewer ratings has no figures and no rank; from 3 to 20.",
    "smallest_group": (
        "Ratings of a group are only shown from this many ballots on; from 3 to 20."
    ),
}
LABELS = {
    "smallest_room": "smallest number of ratings shown",
    "smallest_group": "smallest group shown",
}
DEFAULTS = {"smallest_room": 3, "smallest_group": 5}


def lower(apps, schema_editor):
    workshops = apps.get_model("workshops", "Workshop").objects.all()
    for minimum in MINIMUMS:
        large = workshops.filter(**{f"{minimum}__gt": LIMIT})
        large.filter(ballots=None).update(**{minimum: LIMIT})
        large.update(keeps_old_minimum=True)


def described(minimum: str):
    return models.PositiveSmallIntegerField(
        default=DEFAULTS[minimum],
        help_text=HELP[minimum],
        validators=[django.core.validators.MinValueValidator(3)],
        verbose_name=LABELS[minimum],
    )


class Migration(migrations.Migration):
    dependencies = [("workshops", "0008_no_names_in_the_admin_log")]

    operations = [
        migrations.AddField(
            "workshop", "keeps_old_minimum", models.BooleanField(default=False, editable=False)
        ),
        *(
            migrations.AlterField(model, minimum, described(minimum))
            for model in ("workshop", "historicalworkshop")
            for minimum in MINIMUMS
        ),
        migrations.RunPython(lower, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(
                "workshop",
                models.CheckConstraint(
                    condition=models.Q(
                        (f"{minimum}__lte", LIMIT), ("keeps_old_minimum", True), _connector="OR"
                    ),
                    name=f"workshop_{minimum}_20",
                    violation_error_message=TOO_LARGE,
                ),
            )
            for minimum in MINIMUMS
        ),
    ]
