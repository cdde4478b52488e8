from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    """Make the table of the rate limits here, so that ``migrate`` alone sets up a database."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0001_initial")]
    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
