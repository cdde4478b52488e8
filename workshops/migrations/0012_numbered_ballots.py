"""Ballots get numbers of eight bytes for ids of sixteen, which every rating holds three times.

A table cannot be altered to another key, so there is a new one. The numbers are random and stand in
the order of the former ids, which were random too: draws among the ballots find the same ones at
the same places, so that the rank ranges of decisions do not differ from today's. In that order the
table is filled, and neither numbers nor places tell anything. The former table stays until
``measures`` has its ratings on the new ballots, see ``0013_former_ballots_go``.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import workshops.models.people

AT_ONCE = 500


def number_ballots(apps, schema_editor):
    Ballot = apps.get_model("workshops", "Ballot")
    NumberedBallot = apps.get_model("workshops", "NumberedBallot")
    formers = sorted(Ballot.objects.order_by().values_list("pk", flat=True))
    numbers = sorted(workshops.models.people.random_id() for _former in formers)
    numbered = list(zip(numbers, formers, strict=True))
    for first in range(0, len(numbered), AT_ONCE):
        part = numbered[first : first + AT_ONCE]
        rows = Ballot.objects.in_bulk([former for _number, former in part])
        NumberedBallot.objects.bulk_create(
            NumberedBallot(
                id=number,
                former=former,
                workshop_id=rows[former].workshop_id,
                group_id=rows[former].group_id,
                source=rows[former].source,
                secret_hash=rows[former].secret_hash,
            )
            for number, former in part
        )
    same = NumberedBallot.objects.filter(former=OuterRef("ballot")).order_by()
    holders = apps.get_model("workshops", "Participant").objects.exclude(ballot=None)
    holders.update(numbered_ballot=Subquery(same.values("pk")[:1]))


def hand_former_back(apps, schema_editor):
    same = apps.get_model("workshops", "NumberedBallot").objects.order_by()
    same = same.filter(pk=OuterRef("numbered_ballot"))
    holders = apps.get_model("workshops", "Participant").objects.exclude(numbered_ballot=None)
    holders.update(ballot=Subquery(same.values("former")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0017_distinct_pair"),  # 0015 there lays ratings on new ballots
        ("workshops", "0011_phones"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberedBallot",
            fields=[
                ("id", models.BigIntegerField(default=workshops.models.people.random_id, editable=False, primary_key=True, serialize=False)),
                ("former", models.UUIDField(null=True, unique=True)),
                ("source", models.CharField(choices=[("account", "own device, signed in"), ("guest", "own device, without an account"), ("import", "imported"), ("untold", "not told, because too few share it")], max_length=20, verbose_name="source")),
                ("secret_hash", models.CharField(editable=False, max_length=64, null=True, unique=True)),
                ("group", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="workshops.participantgroup")),
                ("workshop", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to="workshops.workshop")),
            ],
            options={
                "verbose_name": "ballot",
                "verbose_name_plural": "ballots",
                "ordering": ["id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("source__in", ["account", "guest", "import", "untold"])), name="ballot_source")],
            },
        ),
        migrations.AddField(
            "participant",
            "numbered_ballot",
            models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to="workshops.numberedballot"),
        ),
        migrations.RunPython(number_ballots, hand_former_back),
        migrations.RemoveConstraint("participant", "participant_ballot_handed_out"),
        migrations.RemoveField("participant", "ballot"),
        migrations.RenameField("participant", "numbered_ballot", "ballot"),
        migrations.AddConstraint(
            "participant",
            models.CheckConstraint(
                condition=models.Q(("ballot", None), ("has_ballot", True), _connector="OR"),
                name="participant_ballot_handed_out",
            ),
        ),
    ]
