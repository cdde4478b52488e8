"""A plan, and how a file was read, in words: for the page, the command and the message after."""

from collections.abc import Sequence

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measures.transfer.headings import Columns
from measures.transfer.plans import Plan, Repeat, Unknown
from measures.transfer.tables import Sheet, Table, place, quoted

FEW = 10  # rows that are named


def plan_summary(plan: Plan) -> list[str]:
    """Return one short text per kind of change, and one for what stays."""
    new_fields, new_goals = len(plan.new_fields), len(plan.new_goals)
    new, changed = len(plan.new_measures), plan.changed_measures
    counted = [
        (new_fields, ngettext("%(n)d new action field", "%(n)d new action fields", new_fields)),
        (new_goals, ngettext("%(n)d new goal", "%(n)d new goals", new_goals)),
        (
            plan.changed_goals,
            ngettext("%(n)d changed goal", "%(n)d changed goals", plan.changed_goals),
        ),
        (new, ngettext("%(n)d new measure", "%(n)d new measures", new)),
        (
            len(plan.alike),
            ngettext(
                "%(n)d of them differs from others only by the municipality that is left empty",
                "%(n)d of them differ from others only by the municipality that is left empty",
                len(plan.alike),
            ),
        ),
        (changed, ngettext("%(n)d changed measure", "%(n)d changed measures", changed)),
        (
            plan.reworded,
            ngettext(
                "%(n)d rated measure with another description; the former one stays readable",
                "%(n)d rated measures with other descriptions; the former ones stay readable",
                plan.reworded,
            ),
        ),
        (
            plan.skipped,
            ngettext(
                "%(n)d row without an entry in these columns",
                "%(n)d rows without an entry in these columns",
                plan.skipped,
            ),
        ),
        (
            len(plan.repeats),
            ngettext(
                "%(n)d row that repeats another row of the file",
                "%(n)d rows that repeat other rows of the file",
                len(plan.repeats),
            ),
        ),
        (
            plan.unchanged,
            ngettext(
                "%(n)d row that changes nothing", "%(n)d rows that change nothing", plan.unchanged
            ),
        ),
    ]
    return [words % {"n": n} for n, words in counted if n] or [_("nothing to import")]


def question(word: Unknown) -> str:
    """Return what must be told of a word, as a sentence."""
    if word.target == "horizon":
        words = ngettext(
            "“%(text)s” is no implementation time (%(place)s).",
            "“%(text)s” is no implementation time (%(n)d rows, the first is %(place)s).",
            word.count,
        )
    else:
        words = ngettext(
            "“%(text)s” is no municipality of the workshop (%(place)s).",
            "“%(text)s” is no municipality of the workshop (%(n)d rows, the first is %(place)s).",
            word.count,
        )
    text = Truncator(word.text).chars(140)
    return words % {"text": text, "n": word.count, "place": place(word.row)}


def taken_for(plan: Plan) -> list[str]:
    """Return one sentence for each action field of the file that is taken for one that is here."""
    return [
        _("The action field “%(name)s” of the file is taken for “%(field)s”.")
        % {"name": word.text, "field": word.meaning}
        for word in plan.unknown
        if word.target == "field" and word.meaning
    ]


def field_facts(table: Table, columns: Columns) -> list[str]:
    """Return the sentence that is needed where no column of the file holds the action fields."""
    if table.sheet_column is None or columns.get("field") != table.sheet_column:
        return []
    return [_("The names of the sheets are taken as action fields.")]


def repeat_lines(plan: Plan) -> list[str]:
    """Return a sentence for each row that repeats another, or is like it but for a municipality."""
    told = [_("%(row)s repeats %(place)s: “%(name)s”") % _named(each) for each in plan.repeats]
    told += [
        _("%(row)s is like %(place)s but for the municipality “%(town)s”: “%(name)s”")
        % _named(each)
        for each in plan.alike
    ]
    return told


def _named(repeat: Repeat) -> dict[str, str]:
    return {
        "row": capfirst(place(repeat.row.row)),
        "place": repeat.place,
        "town": repeat.row.unknown_place,
        "name": repeat.name,
    }


def reading_facts(sheets: Sequence[Sheet], table: Table) -> list[str]:
    """Return a sentence for each thing that somebody who looks at the file would not expect."""
    filled = [sheet for sheet in sheets if not sheet.is_empty]
    hidden = [each.name for each in filled if each.is_hidden and each.name not in table.sheets]
    facts = []
    if len(filled) > 1:
        told = ngettext("Sheet read: %(names)s.", "Sheets read: %(names)s.", len(table.sheets))
        facts.append(told % {"names": _listed(table.sheets)})
    if hidden:
        told = ngettext(
            "Hidden and therefore not read: the sheet %(names)s.",
            "Hidden and therefore not read: the sheets %(names)s.",
            len(hidden),
        )
        facts.append(told % {"names": _listed(hidden)})
    read = [sheet for sheet in filled if sheet.name in table.sheets]
    rows = zip(read, table.heading_rows, strict=True)
    later = {place(row) for sheet, row in rows if row != next(iter(sheet.rows))}
    facts += [
        _("The headings stand in %(place)s; what is above them is left out.") % {"place": where}
        for where in sorted(later)
    ]
    if table.left_out:
        places = [place(row) for row in table.left_out]
        more = ["…"] if len(places) > FEW else []
        told = ngettext(
            "Left out by choice: %(places)s.",
            "Left out by choice are %(n)d rows: %(places)s.",
            len(places),
        )
        facts.append(told % {"n": len(places), "places": "; ".join([*places[:FEW], *more])})
    return facts


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))
