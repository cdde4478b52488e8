"""The tables of the hall: who has one's code types into its fields, without an account."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from measures.hall.signs import sign_of
from measures.hall.table_forms import TableForm
from measures.hall.tables import (
    MOST_TABLES,
    add_table,
    fields_of,
    next_name,
    no_field,
    one_for_each_field,
    remove_table,
    renew_code,
    tables_of,
)
from workshops.access import during, editor, scribe, turn
from workshops.guests import spaced
from workshops.models import Table
from workshops.phases import Activity
from workshops.visits import Visit


@require_safe
@editor
@never_cache
def table_list(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: the tables with their fields and codes."""
    return _page(request, visit)


def _page(
    request: HttpRequest, visit: Visit, *, form: TableForm | None = None, status: int = 200
) -> HttpResponse:
    workshop = visit.workshop
    new = Table(workshop=workshop, name=next_name(workshop))
    context = {
        "workshop": workshop,
        "visit": visit,
        "tables": [(table, spaced(table.code or "")) for table in tables_of(workshop)],
        "form": form or TableForm(instance=new),
        "free": workshop.fields.worked_on().exclude(tables__is_removed=False).count(),
    }
    return render(request, "measures/hall/table_list.html", context, status=status)


@require_safe
@scribe
def table_start(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: on to the first field of a table; who leads the workshop chooses one."""
    if visit.table is None:
        return redirect("fields:field-list", visit.workshop.pk)
    if (first := fields_of(visit.table).first()) is None:
        raise PermissionDenied(no_field())
    return redirect(first)


@require_POST
@editor
@during(Activity.CAPTURE)
def table_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST adds a table with its fields; it gets a code at once."""
    with turn(visit, Activity.CAPTURE) as visit:
        form = TableForm(request.POST, instance=Table(workshop=visit.workshop))
        if visit.workshop.tables.filter(is_removed=False).count() >= MOST_TABLES:
            form.add_error(None, _("At most %(most)d tables.") % {"most": MOST_TABLES})
        if form.is_valid():
            table = add_table(form.instance, form.cleaned_data["boards"])
            return _back(visit, at=f"table-{table.pk}")
    return _page(request, visit, form=form, status=422)


@require_POST
@editor
@during(Activity.CAPTURE)
def table_spread(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST gives each field without a table one of its own."""
    with turn(visit, Activity.CAPTURE) as visit:
        count = one_for_each_field(visit.workshop)
    said = ngettext("%(count)d table is added.", "%(count)d tables are added.", count)
    messages.success(request, said % {"count": count})
    return _back(visit, at="tables")


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.CAPTURE)
@never_cache
def table_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a table's name and fields, POST changes them."""
    if request.method != "POST":
        form = TableForm(instance=_table(visit, pk))
    else:
        with turn(visit, Activity.CAPTURE) as visit:
            form = TableForm(request.POST, instance=_table(visit, pk))
            if form.is_valid():
                form.save().fields.set(form.cleaned_data["boards"])
                return _back(visit, at=f"table-{pk}")
    context = {"workshop": visit.workshop, "visit": visit, "form": form, "table": form.instance}
    status = 422 if form.is_bound else 200
    return render(request, "measures/hall/table_edit.html", context, status=status)


@require_POST
@editor
@during(Activity.CAPTURE)
def table_code(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST gives a table another code; the one before ends at once."""
    with turn(visit, Activity.CAPTURE) as visit:
        table = _table(visit, pk)
        renew_code(table)
    said = _("“%(table)s” has a new code; the one before does not hold any more.")
    messages.success(request, said % {"table": table})
    return _back(visit, at=f"table-{pk}")


@require_POST
@editor
@during(Activity.CAPTURE)
def table_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes a table away and ends its code; its lines stay, with its name."""
    with turn(visit, Activity.CAPTURE) as visit:
        table = _table(visit, pk)
        remove_table(table)
    said = _("“%(table)s” is removed. What it wrote stays.")
    messages.success(request, said % {"table": table})
    return _back(visit, at="tables")


@require_safe
@editor
@during(Activity.CAPTURE)
@never_cache
def table_cards(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: a card for each table, to be printed and cut: its name, its fields, QR and code."""
    tables = tables_of(visit.workshop)
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "cards": [(table, sign_of(request, table.code)) for table in tables if table.code],
    }
    return render(request, "measures/hall/table_cards.html", context)


def _table(visit: Visit, pk: int) -> Table:
    return get_object_or_404(visit.workshop.tables.filter(is_removed=False), pk=pk)


def _back(visit: Visit, *, at: str) -> HttpResponse:
    return redirect(f"{reverse('measures:table-list', args=[visit.workshop.pk])}#{at}")
