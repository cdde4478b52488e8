from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def freeze(apps, schema_editor):
    """Rounds that were shown keep the minimum of today. Their groups stay closed: what could be
    shown beside each other then cannot be told any more.
    """
    Round = apps.get_model("measures", "Round")
    workshop = apps.get_model("workshops", "Workshop").objects.filter(pk=OuterRef("workshop"))
    shown = Round.objects.filter(state="shown")
    shown.update(smallest_room=Subquery(workshop.values("smallest_room")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("measures", "0012_former_wording"),
        ("workshops", "0008_no_names_in_the_admin_log"),
    ]

    operations = [
        migrations.AddField(
            "round", "smallest_room", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "offer",
            "groups",
            models.ManyToManyField(related_name="+", to="workshops.participantgroup"),
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
