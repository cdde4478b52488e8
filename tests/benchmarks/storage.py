"""What a rating takes of PostgreSQL's disk, with its indexes: a copy of the table, filled at once.

Votes come in at random over all workshops, which fills pages of an index badly. When a rating has
closed, the table is written anew (``measures.rating.traces``), and that is how most of it lies.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import connection  # noqa: E402

from measures.models import Rating  # noqa: E402
from tests.benchmarks.pages import remove_sheet_database  # noqa: E402

TABLE = Rating._meta.db_table
COPY = "benchmark_rating"
MEASURES, RATERS = 50, 25
FILL = f"""
    INSERT INTO {COPY} (measure_id, round_id, ballot_id, relevance, feasibility, turn)
    SELECT (workshop - 1) * {MEASURES} + measure, workshop,
           hashint8extended(workshop * {RATERS} + rater, 0) & ~(1::bigint << 63),
           nullif(floor(random() * 6), 0), nullif(floor(random() * 6), 0), floor(random() * 3) + 1
    FROM generate_series(1, %s) workshop, generate_series(1, {MEASURES}) measure,
         generate_series(1, {RATERS}) rater
    ORDER BY random()
"""
SIZES = f"""
    SELECT 'rows', pg_relation_size('{COPY}'::regclass)
    UNION ALL
    SELECT pg_get_indexdef(indexrelid), pg_relation_size(indexrelid)
    FROM pg_index WHERE indrelid = '{COPY}'::regclass
    UNION ALL
    SELECT 'all', pg_total_relation_size('{COPY}'::regclass)
"""


def measure(workshops: int) -> list[dict]:
    """Return bytes a rating, by part of the table: as votes came in, and after closing."""
    ratings = workshops * MEASURES * RATERS
    with remove_sheet_database(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {COPY} (LIKE {TABLE} INCLUDING ALL)")
        cursor.execute(FILL, [workshops])
        came_in = _sizes(cursor)
        cursor.execute(f"UPDATE {COPY} SET turn = NULL")
        cursor.execute(f"VACUUM FULL {COPY}")
        closed = _sizes(cursor)
    return [
        {
            "part": part,
            "ratings": ratings,
            "came_in": came_in[part] / ratings,
            "closed": closed[part] / ratings,
        }
        for part in came_in
    ]


def _sizes(cursor) -> dict[str, int]:
    """Return bytes by part; an index is called by its columns."""
    cursor.execute(SIZES)
    return {name.partition(" USING ")[2] or name: size for name, size in cursor.fetchall()}


if __name__ == "__main__":
    json.dump(measure(80 if "--quick" in sys.argv else 800), sys.stdout)
