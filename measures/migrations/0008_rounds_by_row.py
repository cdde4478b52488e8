import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

RATED = {"rating": "ratings", "consensus": "group_values", "papercount": "paper_counts"}
HISTORIES = ("historicalconsensus", "historicalpapercount")


class Migration(migrations.Migration):
    dependencies = [("measures", "0007_fill_rounds")]

    operations = [
        *(migrations.RemoveField(name, "round_number") for name in (*RATED, *HISTORIES)),
        *(
            migrations.AlterField(
                name,
                "round",
                models.ForeignKey(
                    editable=False,
                    on_delete=django.db.models.deletion.RESTRICT,
                    related_name=related_name,
                    to="measures.round",
                    verbose_name="round",
                ),
            )
            for name, related_name in RATED.items()
        ),
        migrations.AddConstraint(
            "rating",
            models.UniqueConstraint(fields=("ballot", "measure", "round"), name="rating_once"),
        ),
        migrations.AddConstraint(
            "consensus",
            models.UniqueConstraint(fields=("measure", "round"), name="consensus_once_per_round"),
        ),
        migrations.AddConstraint(
            "papercount",
            models.UniqueConstraint(
                models.F("measure"),
                django.db.models.functions.comparison.Coalesce("group", 0),
                models.F("criterion"),
                django.db.models.functions.comparison.Coalesce("step", 0),
                models.F("round"),
                name="paper_count_once",
            ),
        ),
    ]
