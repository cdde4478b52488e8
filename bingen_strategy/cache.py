"""Django's cache in the database, which says so when it cannot be written."""

from django.core.cache.backends import db
from django.db import DatabaseError, connections, router

from bingen_strategy.faults import is_passing


class DatabaseCache(db.DatabaseCache):
    """Rate limits are counted in it.

    Django's own answers a failure like a key that is there already, and a log-in on a full disk
    would be told of too many attempts.
    """

    def _base_set(self, mode, key, value, *args, **kwargs) -> bool:
        failures: list[DatabaseError] = []

        def noting(execute, *statement):
            try:
                return execute(*statement)
            except DatabaseError as error:
                failures.append(error)
                raise

        connection = connections[router.db_for_write(self.cache_model_class)]
        with connection.execute_wrapper(noting):
            # Django's own, which the stubs leave out.
            is_stored = super()._base_set(mode, key, value, *args, **kwargs)  # type: ignore[misc]
        for failure in filter(is_passing, failures):
            raise failure
        return is_stored
