"""What fields, goals and measures are known by, in a file as in a workshop. Plain data."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from measures.transfer.plans import FileRow, Value
from workshops.plain_text import name_key

Key = tuple[str, ...]  # what a field, or a goal or measure of one, is known by


def by_field(row: FileRow) -> Key:
    return (name_key(row.field),)


def by_goal(row: FileRow) -> Key:
    return name_key(row.field), name_key(row.goal)


def by_title(row: FileRow) -> Key:
    return name_key(row.field), name_key(row.measure)


def content(row: FileRow) -> tuple[str, Mapping[str, Value]]:
    """Return what a row says of its measure."""
    return name_key(row.goal), row.values


def grouped(rows: Iterable[FileRow], by: Callable[[FileRow], Key]) -> dict[Key, list[FileRow]]:
    found: defaultdict[Key, list[FileRow]] = defaultdict(list)
    for row in rows:
        found[by(row)].append(row)
    return dict(found)
