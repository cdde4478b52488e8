import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [("open", "open"), ("closed", "closed"), ("shown", "shown"), ("set_aside", "set aside")]
RATED = {"rating": "ratings", "consensus": "group_values", "papercount": "paper_counts"}
HISTORIES = ("historicalconsensus", "historicalpapercount")


def row_of_round(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.RESTRICT,
        related_name=related_name,
        to="measures.round",
        verbose_name="round",
    )


def told_round() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        db_constraint=False,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="measures.round",
        verbose_name="round",
    )


class Migration(migrations.Migration):
    """Rows for rounds; the numbers that stood for them are kept until these are filled."""

    dependencies = [
        ("fields", "0002_initial"),
        ("measures", "0005_session_not_before_2000"),
        ("workshops", "0004_smallest_room"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(editable=False, verbose_name="round")),
                ("state", models.CharField(choices=STATES, default="closed", max_length=10, verbose_name="state")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("settled_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("open_fields", models.ManyToManyField(blank=True, related_name="+", to="fields.actionfield")),
                ("settled_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("workshop", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="rounds", to="workshops.workshop")),
            ],
            options={
                "verbose_name": "round of rating",
                "verbose_name_plural": "rounds of rating",
                "ordering": ["workshop", "number"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counts_for", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="measures.measure")),
                ("measure", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="measures.measure")),
                ("round", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="measures.round")),
            ],
            options={
                "verbose_name": "measure of a round",
                "verbose_name_plural": "measures of a round",
                "ordering": ["round", "measure"],
            },
        ),
        migrations.AddField(
            "round",
            "measures",
            models.ManyToManyField(
                related_name="rounds",
                through="measures.Offer",
                through_fields=("round", "measure"),
                to="measures.measure",
            ),
        ),
        migrations.AddConstraint(
            "offer", models.UniqueConstraint(fields=("round", "measure"), name="offer_once")
        ),
        migrations.AddConstraint(
            "round",
            models.UniqueConstraint(fields=("workshop", "number"), name="round_number_once"),
        ),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(condition=Q(("number__range", (1, 9))), name="round_1_to_9"),
        ),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=Q(("state__in", ["open", "closed", "shown", "set_aside"])),
                name="round_state",
            ),
        ),
        migrations.AddConstraint(
            "round",
            models.UniqueConstraint(
                condition=Q(("state__in", ["open", "closed"])),
                fields=("workshop",),
                name="round_one_unsettled",
                violation_error_message="The last round is neither shown nor set aside yet.",
            ),
        ),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=Q(Q(("state", "set_aside"), Q(("reason", ""), _negated=True)), Q(Q(("state", "set_aside"), _negated=True), ("reason", "")), _connector="OR"),
                name="round_set_aside_with_reason",
                violation_error_message="Please say why this round is set aside.",
            ),
        ),
        migrations.RemoveConstraint("rating", "rating_once"),
        migrations.RemoveConstraint("rating", "rating_round_from_1"),
        migrations.RemoveConstraint("consensus", "consensus_once_per_round"),
        migrations.RemoveConstraint("consensus", "consensus_round_from_1"),
        migrations.RemoveConstraint("papercount", "paper_count_once"),
        migrations.RemoveConstraint("papercount", "paper_count_round_from_1"),
        *(
            migrations.RenameField(name, "round", "round_number")
            for name in (*RATED, *HISTORIES)
        ),
        *(
            migrations.AddField(name, "round", row_of_round(related_name))
            for name, related_name in RATED.items()
        ),
        *(migrations.AddField(name, "round", told_round()) for name in HISTORIES),
    ]
