"""Whether the database fits the program: nobody is served from a half-migrated one."""

from contextlib import closing

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ConnectionHandler

OURS = ("workshops", "fields", "measures")


def misfit() -> str:
    """Say in one sentence what is missing in the database or in the program; "" if nothing is.

    Looks through a connection of its own: a pool would not survive that a server forks afterwards.
    Raises django.db.DatabaseError where the database cannot be reached.
    """
    settings = connections.settings["default"]
    options = {name: value for name, value in settings["OPTIONS"].items() if name != "pool"}
    with closing(
        ConnectionHandler({"default": {**settings, "OPTIONS": options}})["default"]
    ) as own:
        executor = MigrationExecutor(own)
        return _newer(executor.loader) or _older(executor)


def _newer(loader: MigrationLoader) -> str:
    """Only our own: others may have dropped old migrations that were squashed."""
    applied = (each for each in loader.applied_migrations if each[0] in OURS)
    unknown = sorted(".".join(each) for each in applied if each not in loader.disk_migrations)
    if not unknown:
        return ""
    return (
        f"The database is newer than this program, which does not know {', '.join(unknown)}:"
        " run the program that made it, or restore the backup."
    )


def _older(executor: MigrationExecutor) -> str:
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return ""
    first, *others = [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
    names = f"{first} and {len(others)} more" if others else first
    return f"The database lacks {names}: run python manage.py migrate before the server."
