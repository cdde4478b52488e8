"""Tables of the hall: how they are made, and how a laptop becomes one."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fields.models import ActionField
from workshops.guests import TABLE_LENGTH, new_code
from workshops.models import Table, Workshop, line_up
from workshops.order import next_order
from workshops.tables import sit_down
from workshops.visits import Visit

MOST_TABLES = 60


def join_table(request: HttpRequest, table: Table, visit: Visit | None) -> HttpResponse:
    """GET says which table it is and what that means, POST makes this browser the table.

    Whoever leads the workshop types under the own name; whoever has another account signs out
    first.
    """
    if visit and visit.is_editor:
        return redirect("fields:field-list", table.workshop_id)
    fields, account = list(fields_of(table)), visit.person if visit else None
    if request.method == "POST" and fields and not account:
        return sit_down(redirect(fields[0]), request, table)
    context = {
        "table": table,
        "fields": fields,
        "account": account,
        "no_field": no_field(),
        "workshop": table.workshop,
    }
    return render(request, "measures/hall/join_table.html", context)


def no_field() -> str:
    return _("This table has no field to work on yet. Please ask at the front.")


def fields_of(table: Table) -> QuerySet[ActionField]:
    """Return the fields on whose boards a table types."""
    return ActionField.objects.worked_on().filter(tables=table)


def tables_of(workshop: Workshop) -> QuerySet[Table]:
    """Return the tables with the ``boards`` of each, in order. 2 queries."""
    fields = ActionField.objects.worked_on()
    return workshop.tables.filter(is_removed=False).prefetch_related(
        Prefetch("fields", fields, to_attr="boards")
    )


def next_name(workshop: Workshop) -> str:
    """Return "Table 3" where that is the first number that no table has. 1 query."""
    taken = {*workshop.tables.filter(is_removed=False).values_list("name", flat=True)}
    names = (_("Table %(number)d") % {"number": number} for number in range(1, MOST_TABLES + 2))
    return next(name for name in names if name not in taken)


def add_table(table: Table, fields: Iterable[ActionField]) -> Table:
    """Store a new table behind the others, with a code and its fields. In the workshop's turn."""
    table.order = next_order(Table.objects.filter(workshop=table.workshop_id))
    table.code = new_code(TABLE_LENGTH)
    table.save()
    table.fields.set(fields)
    return table


@transaction.atomic
def one_for_each_field(workshop: Workshop) -> int:
    """Give each field that has no table one of its own; return how many were made."""
    line_up(workshop.pk)
    room = MOST_TABLES - workshop.tables.filter(is_removed=False).count()
    free = workshop.fields.worked_on().exclude(tables__is_removed=False)[: max(room, 0)]
    for field in free:
        add_table(Table(workshop=workshop, name=next_name(workshop)), [field])
    return len(free)


def renew_code(table: Table) -> None:
    """Give a table another code; whoever came in with the old one is out at once."""
    table.code = new_code(TABLE_LENGTH)
    table.save(update_fields=["code"])


def remove_table(table: Table) -> None:
    """Take a table away; the lines that it wrote keep its name."""
    table.is_removed, table.code = True, None
    table.save(update_fields=["is_removed", "code"])
