from django.db import migrations


class Migration(migrations.Migration):
    """The number has become rows of ``measures.Round``."""

    dependencies = [
        ("workshops", "0004_smallest_room"),
        ("measures", "0007_fill_rounds"),
    ]

    operations = [
        migrations.RemoveConstraint("workshop", "workshop_round_1_to_9"),
        migrations.RemoveField("workshop", "round"),
        migrations.RemoveField("historicalworkshop", "round"),
    ]
