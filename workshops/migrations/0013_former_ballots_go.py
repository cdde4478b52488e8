"""The former table of ballots goes, now that nothing leads to it; see ``0012_numbered_ballots``."""

from uuid import uuid4

from django.db import migrations

AT_ONCE = 500


def make_former_anew(apps, schema_editor):
    """The way back: ids are random and name nothing, so other ones in the same order do as well."""
    Ballot = apps.get_model("workshops", "Ballot")
    NumberedBallot = apps.get_model("workshops", "NumberedBallot")
    numbers = sorted(NumberedBallot.objects.order_by().values_list("pk", flat=True))
    formers = sorted(uuid4() for _number in numbers)
    numbered = list(zip(formers, numbers, strict=True))
    for first in range(0, len(numbered), AT_ONCE):
        part = numbered[first : first + AT_ONCE]
        rows = NumberedBallot.objects.in_bulk([number for _former, number in part])
        for former, number in part:
            rows[number].former = former
        NumberedBallot.objects.bulk_update(rows.values(), ["former"])
        Ballot.objects.bulk_create(
            Ballot(
                id=former,
                workshop_id=rows[number].workshop_id,
                group_id=rows[number].group_id,
                source=rows[number].source,
                secret_hash=rows[number].secret_hash,
            )
            for former, number in part
        )


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0018_dense_ratings"),
        ("workshops", "0012_numbered_ballots"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, make_former_anew),
        migrations.RemoveField("numberedballot", "former"),
        migrations.DeleteModel("Ballot"),
        migrations.RenameModel("NumberedBallot", "Ballot"),
    ]
