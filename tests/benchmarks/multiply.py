"""Copy a few workshops ten thousand times, straight into the product's tables (PostgreSQL).

What is copied is read from the models: every table of our apps, their histories and the tables
between. A counting id moves by a stride for each copy, a random one is drawn anew, and references
move with what they refer to; copy 0 is the original itself. Every table is written in an order that
is random over all workshops, as after years of use and worse: no index profits from neighbours.
"""

from collections.abc import Iterator, Mapping

from django.apps import apps
from django.db import connection, models

APPS = ("workshops", "fields", "measures")
# What exists once in a whole installation, or is to differ as it does in life.
VARIED = {
    ("workshops.user", "email"): "n || '-' || {0}",
    ("workshops.municipality", "official_key"): "lpad(({0}::int + 10 * n)::text, 8, '0')",
    ("workshops.municipality", "name"): "{0} || ' ' || n",
    ("workshops.municipality", "name_key"): "{0} || ' ' || n",
    ("workshops.ballot", "secret_hash"): "md5({0} || n)",
    ("workshops.workshop", "title"): "{0} || ' ' || n",
    ("workshops.workshop", "date"): "{0} - n % 1500",
}
MEMORY = "SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'"
KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
    FROM pg_constraint
    WHERE contype = ANY(%s) AND connamespace = 'public'::regnamespace
"""
INDEXES = """
    SELECT format('DROP INDEX %%I', indexname), indexdef
    FROM pg_indexes WHERE schemaname = 'public' AND indexname <> ALL(%s)
"""


def tables() -> dict[str, type[models.Model]]:
    """Return our models by the names of their tables."""
    ours = [apps.get_app_config(app).get_models(include_auto_created=True) for app in APPS]
    return {each._meta.db_table: each for some in ours for each in some}


def put_aside(schema: str) -> None:
    """Move all rows of our tables into a schema of their own; the next workshop is built alone."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{schema}"')
        for name in tables():
            cursor.execute(f'CREATE TABLE "{schema}"."{name}" AS TABLE public."{name}"')
        _empty(cursor)


def fill(copies: Mapping[str, int]) -> None:
    """Fill our tables from the schemas alone, each with so many copies of its rows."""
    strides = _strides()
    with connection.cursor() as cursor:
        _empty(cursor)
        cursor.execute(MEMORY)
        again = [statement for kind in _without_keys(cursor) for statement in kind]
        for name, model in tables().items():
            cursor.execute(_copying(name, model, copies, strides))
        for statement in again:
            cursor.execute(statement)
        for name, model in tables().items():
            if column := _counted(model):
                places = f"pg_get_serial_sequence('{name}', '{column}'), max({column})"
                cursor.execute(f'SELECT setval({places}) FROM "{name}" HAVING max({column}) > 0')


def _empty(cursor) -> None:
    """Delete all rows; counting goes on, so that no id comes twice."""
    names = ", ".join(f'"{name}"' for name in tables())
    cursor.execute(f"TRUNCATE {names} CASCADE")


def settle() -> None:
    """Do what PostgreSQL's own housekeeping would do within the hour."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _without_keys(cursor) -> Iterator[list[str]]:
    """Drop all keys and indexes; yield what makes them again, those that others need first."""
    found = []
    for query, kinds in ((KEYS, ["f"]), (KEYS, ["p", "u", "x"]), (INDEXES, [])):
        cursor.execute(query, [kinds])
        rows = cursor.fetchall()
        for drop, _add in rows:
            cursor.execute(drop)
        found.append([add for _drop, add in rows])
    yield from reversed(found)


def _strides() -> dict[type[models.Model], int]:
    """Return by model how far a counting id moves from one copy to the next."""
    found = {}
    with connection.cursor() as cursor:
        for name, model in tables().items():
            if column := _counted(model):
                cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{name}', '{column}'))")
                found[model] = cursor.fetchone()[0]
    return found


def _counted(model: type[models.Model]) -> str | None:
    """Return the column that counts, if there is one."""
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.AutoField | models.BigAutoField):
            return field.column
    return None


def _copying(name: str, model, copies: Mapping[str, int], strides: Mapping) -> str:
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, strides) for field in fields)
    originals = " UNION ALL ".join(
        f'SELECT n, {columns} FROM "{schema}"."{name}", generate_series(0, {count - 1}) n'
        for schema, count in copies.items()
    )
    return (
        f'INSERT INTO "{name}" ({columns}) SELECT {values} FROM ({originals}) rows'
        " ORDER BY random()"
    )


def _value(model, field: models.Field, strides: Mapping) -> str:
    """Return what stands in a column of copy ``n``."""
    column = f'"{field.column}"'
    told = getattr(model, "instance_type", model)  # a history names its model so
    if varied := VARIED.get((told._meta.label_lower, field.name)):
        return f"CASE n WHEN 0 THEN {column} ELSE {varied.format(column)} END"
    target = field.remote_field and field.remote_field.model
    if target and target._meta.app_label in APPS:
        return _moved(column, target, target._meta.pk, strides)
    if field.primary_key:
        return _moved(column, model, field, strides)
    if field.name == told._meta.pk.name or isinstance(field, models.UUIDField):
        return _moved(column, told, field, strides)
    return column


def _moved(column: str, model, key: models.Field, strides: Mapping) -> str:
    """Return an id of copy ``n``: of a row of the model, whoever refers to it."""
    if key.remote_field:  # one to one: the id is that of the other row
        return _moved(column, key.remote_field.model, key.remote_field.model._meta.pk, strides)
    if isinstance(key, models.UUIDField):
        return f"CASE n WHEN 0 THEN {column} ELSE md5({column} || '-' || n)::uuid END"
    if model in strides:
        return f"{column} + n * {strides[model]}::bigint"
    return (
        f"CASE n WHEN 0 THEN {column} ELSE hashint8extended({column}, n) & ~(1::bigint << 63) END"
    )
