"""A rating takes 107 bytes with its indexes instead of 180 (PostgreSQL, ``dev.py bench``).

Its key is what makes it unique, ballots are numbers, and the id of a round takes four bytes. A
table cannot be altered to such a key, so there is a new one. It is filled in the order of that key:
by measure, by round, and then by the random numbers of the ballots: no place tells who came when.
A rating without its ballot would be refused, not left out: hence the outer joins.
"""

import django.db.models.deletion
from django.db import migrations, models

STEPS = "relevance, feasibility"
NEW_UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def to_numbered_ballots(apps, schema_editor):
    schema_editor.execute(
        f"INSERT INTO measures_denserating (measure_id, ballot_id, round_id, {STEPS})"
        f" SELECT measure_id, ballot.id, round_id, {STEPS} FROM measures_rating"
        " LEFT JOIN workshops_numberedballot AS ballot ON ballot.former = ballot_id"
        " ORDER BY measure_id, round_id, ballot.id"
    )


def to_former_ballots(apps, schema_editor):
    new_uuid = NEW_UUID[schema_editor.connection.vendor]
    schema_editor.execute(
        f"INSERT INTO measures_rating (id, measure_id, ballot_id, round_id, {STEPS})"
        f" SELECT {new_uuid} AS new_id, measure_id, former, round_id, {STEPS}"
        " FROM measures_denserating"
        " LEFT JOIN workshops_numberedballot AS ballot ON ballot.id = ballot_id"
        " ORDER BY new_id"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0017_distinct_pair"),
        ("workshops", "0012_numbered_ballots"),
    ]

    operations = [
        # The former table is not written anew for the id of a round of which it is only read.
        migrations.RemoveConstraint("rating", "rating_once"),
        migrations.AlterField("rating", "round", models.BigIntegerField(db_column="round_id")),
        migrations.AlterField("round", "id", models.AutoField(primary_key=True, serialize=False)),
        migrations.CreateModel(
            name="DenseRating",
            fields=[
                ("pk", models.CompositePrimaryKey("measure", "round", "ballot", blank=True, editable=False, primary_key=True, serialize=False)),
                ("measure", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="ratings", to="measures.measure")),
                ("ballot", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="ratings", to="workshops.numberedballot")),
                ("round", models.ForeignKey(editable=False, on_delete=django.db.models.deletion.RESTRICT, related_name="ratings", to="measures.round", verbose_name="round")),
                ("relevance", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="relevance")),
                ("feasibility", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="feasibility")),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("relevance", None), ("relevance__range", (1, 10)), _connector="OR"), name="rating_relevance"),
                    models.CheckConstraint(condition=models.Q(("feasibility", None), ("feasibility__range", (1, 10)), _connector="OR"), name="rating_feasibility"),
                ],
            },
        ),
        migrations.RunPython(to_numbered_ballots, to_former_ballots),
        migrations.DeleteModel("Rating"),
        migrations.RenameModel("DenseRating", "Rating"),
    ]
