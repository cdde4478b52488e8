"""What an import would do: the file beside what exists, compared without touching anything.

A measure is known by its field and title, a goal by its field and text; case and white space do
not count. Several measures of one field and title are told apart by number and municipality. An
empty cell leaves alone what exists, so a file with fewer columns deletes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from measures.transfer.cells import name_of, read_rows
from measures.transfer.headings import Columns, check
from measures.transfer.matching import Meanings
from measures.transfer.plans import Existing, FileRow, Plan, PlannedChange, Problem, Value
from measures.transfer.repeats import alike, repeats
from measures.transfer.same import Key, by_field, by_goal, by_title, content, grouped
from measures.transfer.tables import Table, place
from measures.transfer.texts import tidy
from measures.transfer.twins import pair, peers, told_apart
from workshops.plain_text import name_key


def make_plan(
    table: Table, columns: Columns, existing: Existing, meanings: Meanings | None = None
) -> Plan:
    """Compare a table with what exists. Raises ColumnProblem when columns are missing.

    ``meanings`` tell what words mean that the workshop does not know.
    """
    check(columns)
    read = read_rows(table, columns, existing, meanings or {})
    rows, problems = read.rows, list(read.problems)
    indicators = _indicators_by_goal(existing)
    new_fields = _first_unknown(rows, by_field, {(name_key(name),) for name in existing.fields})
    new_goals = _first_unknown([row for row in rows if row.goal], by_goal, indicators)
    goal_changes = list(_goal_changes(rows, indicators))
    new_measures, measure_changes = _measures(rows, existing)
    contradictions = [
        *(("indicator", *both) for both in _unlike_indicators(rows, goal_changes)),
        *(("measure", *both) for both in _unlike_measures(rows, existing, measure_changes)),
    ]
    for target, row, first in contradictions:
        reason = _contradiction(target, columns) % {"place": place(first.row)}
        problems.append(Problem(row.row, name_of(target, table.headers, columns), reason))
    busy = {row.row for row in (*new_fields, *new_goals, *new_measures)}
    busy |= {each.row for each in (*goal_changes, *measure_changes)}
    repeated = repeats(rows, busy)
    done = busy | {each.row.row for each in repeated}
    untouched = tuple(row for row in rows if row.row not in done)
    is_decided = not any(word.is_undecided for word in read.unknown)
    return Plan(
        new_fields=tuple(row.field for row in new_fields),
        new_goals=tuple((row.field, row.goal) for row in new_goals),
        new_measures=tuple(new_measures),
        changes=(*goal_changes, *measure_changes),
        unchanged=len(untouched),
        problems=tuple(sorted(problems, key=_row)),
        unknown=read.unknown,
        skipped=read.skipped,
        repeats=tuple(repeated),
        alike=tuple(alike(rows, new_measures)) if is_decided else (),
        untouched=untouched,
    )


def _contradiction(target: str, columns: Columns) -> str:
    if target == "indicator":
        return _("The same goal stands in %(place)s with another indicator.")
    if "number" in columns:
        return _(
            "The same measure of the same field stands in %(place)s with another content. Are they"
            " two? Then give them different numbers."
        )
    return _(
        "The same measure of the same field stands in %(place)s with another content. Are they two?"
        " Then choose a column as “Number” that tells them apart."
    )


# Fields and goals -------------------------------------------------------------------------------
def _first_unknown(
    rows: Iterable[FileRow], by: Callable[[FileRow], Key], known: Collection[Key]
) -> list[FileRow]:
    """Return the first row of each thing that does not exist yet."""
    return [same[0] for each, same in grouped(rows, by).items() if each not in known]


def _indicators_by_goal(existing: Existing) -> dict[Key, list[str]]:
    """Return the indicators of all goals of one text."""
    found: defaultdict[Key, list[str]] = defaultdict(list)
    for field, text, indicator in existing.goals:
        found[name_key(field), name_key(text)].append(indicator)
    return dict(found)


def _goal_changes(
    rows: Iterable[FileRow], indicators: Mapping[Key, Sequence[str]]
) -> Iterator[PlannedChange]:
    """Yield what the indicator of each goal becomes, unless all rows name one that is there."""
    for goal, same in grouped((row for row in rows if row.indicator), by_goal).items():
        there = indicators.get(goal)
        known = set(map(_one_line, there or ()))
        if not all(_one_line(row.indicator) in known for row in same):
            first, before = same[0], there[0] if there else None
            yield PlannedChange(
                first.row, first.field, first.goal, "indicator", before, first.indicator
            )


def _unlike_indicators(
    rows: Iterable[FileRow], changes: Iterable[PlannedChange]
) -> Iterator[tuple[FileRow, FileRow]]:
    """Yield each row whose indicator is not that of the first row of its goal, and that row."""
    changed = {(name_key(each.field), name_key(each.name)) for each in changes}
    for goal, same in grouped((row for row in rows if row.indicator), by_goal).items():
        if goal in changed:
            yield from ((row, same[0]) for row in same if row.indicator != same[0].indicator)


# Measures ---------------------------------------------------------------------------------------
def _measures(
    rows: Iterable[FileRow], existing: Existing
) -> tuple[list[FileRow], list[PlannedChange]]:
    """Return the measures that are new and what changes in the others, in the file's order."""
    new: list[FileRow] = []
    changes: list[PlannedChange] = []
    titles = _measures_by_title(existing)
    for title, same in grouped((row for row in rows if row.measure), by_title).items():
        there = titles.get(title, {})
        standing = _standing(there, existing)
        meant, _others = told_apart(same)
        # A merged measure stays merged, whatever the file says about it: it takes a row that
        # would be a new measure otherwise.
        merged = len(there) - len(standing)
        swallowed = min(merged, max(0, len(meant) - len(standing)))
        if _are_there(meant, list(standing.values()), swallowed):
            continue
        pairs = pair(meant, standing)
        new += [row for row, pk in pairs if pk is None][swallowed:]
        for row, pk in pairs:
            if pk is not None:
                changes += _changes(row, pk, standing[pk], is_rated=pk in existing.rated)
    return sorted(new, key=_row), sorted(changes, key=_row)


def _unlike_measures(
    rows: Iterable[FileRow], existing: Existing, changes: Iterable[PlannedChange]
) -> Iterator[tuple[FileRow, FileRow]]:
    """Yield each row that says neither what a measure is nor what the row that means it says."""
    changed = {each.measure for each in changes}
    titles = _measures_by_title(existing)
    for title, same in grouped((row for row in rows if row.measure), by_title).items():
        there = titles.get(title, {})
        standing = _standing(there, existing)
        unchanged = [measure for pk, measure in standing.items() if pk not in changed]
        meant, others = told_apart(same)
        for row in others:
            if (there and not standing) or any(_fits(measure, row) for measure in unchanged):
                continue
            others_like_it = peers(row, meant)
            if content(row) not in map(content, others_like_it):
                yield row, others_like_it[0]


def _measures_by_title(existing: Existing) -> dict[Key, dict[int, FileRow]]:
    found: defaultdict[Key, dict[int, FileRow]] = defaultdict(dict)
    for pk, measure in existing.measures.items():
        found[by_title(measure)][pk] = measure
    return dict(found)


def _standing(there: Mapping[int, FileRow], existing: Existing) -> dict[int, FileRow]:
    return {pk: measure for pk, measure in there.items() if pk not in existing.merged}


def _are_there(rows: Iterable[FileRow], standing: Sequence[FileRow], swallowed: int) -> bool:
    """Tell whether all rows are measures already, one each, whatever their numbers.

    Another workshop gives numbers of its own, so the same file again must not go by them. Rows that
    say most choose first: one that says little fits many measures, and finds one among the rest.
    """
    left = list(standing)
    for row in sorted(rows, key=_says, reverse=True):
        place = next((i for i, measure in enumerate(left) if _fits(measure, row)), None)
        if place is not None:
            del left[place]
        elif swallowed:
            swallowed -= 1
        else:
            return False
    return True


def _fits(measure: FileRow, row: FileRow) -> bool:
    return not _differences(measure, row)


def _changes(row: FileRow, pk: int, measure: FileRow, *, is_rated: bool) -> list[PlannedChange]:
    return [
        PlannedChange(
            row=row.row,
            field=row.field,
            name=measure.measure,
            target=target,
            before=before,
            after=after,
            measure=pk,
            stays_readable=is_rated and target == "description",
        )
        for target, (before, after) in _differences(measure, row).items()
    ]


def _differences(measure: FileRow, row: FileRow) -> dict[str, tuple[Value, Value]]:
    """Return by target what a measure says and what the row says instead."""
    found = {
        target: (measure.values.get(target), value)
        for target, value in row.values.items()
        if _comparable(value) != _comparable(measure.values.get(target))
    }
    if row.goal and name_key(row.goal) != name_key(measure.goal):
        found["goal"] = (measure.goal, row.goal)
    return found


# What rows are compared by ----------------------------------------------------------------------
def _row(item: FileRow | PlannedChange | Problem) -> int:
    return item.row


def _says(row: FileRow) -> int:
    return len(row.values) + bool(row.goal)


def _comparable(value: Value) -> Value:
    return tidy(value) if isinstance(value, str) else value


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())
