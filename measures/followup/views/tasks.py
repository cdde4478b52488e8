"""The tasks of a measure: added, changed, ticked and removed by who may report on it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from measures.followup.entries import reported_on
from measures.followup.task_forms import TaskAddForm, TaskForm
from measures.models import Measure, Task
from workshops.access import during, editor, in_turn, turn
from workshops.pages import edit_page, one_of
from workshops.phases import Activity
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.FOLLOW_UP)
def task_add(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """GET shows the form of a new task, POST stores it; sent twice, it is stored once."""
    measure = reported_on(visit.workshop, number)
    form = TaskAddForm(
        request.POST if request.method == "POST" else None,
        instance=Task(measure=measure),
        today=timezone.localdate(),
    )
    if request.method == "POST":
        with turn(visit, Activity.FOLLOW_UP):
            if is_valid := form.is_valid():
                form.save()
        if is_valid:
            return _to_tasks(measure)
    context = {"workshop": visit.workshop, "visit": visit, "measure": measure, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "measures/followup/task_add.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.FOLLOW_UP)
def task_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a task's form, POST changes it; somebody else's change is not overwritten (409)."""
    with transaction.atomic():
        if request.method == "POST":
            visit = in_turn(visit, Activity.FOLLOW_UP)
        task = _task(visit, pk)
        data = request.POST if request.method == "POST" else None
        form = TaskForm(data, instance=task, today=timezone.localdate())
        if form.is_bound and form.is_valid() and not form.conflict:
            form.save()
            return _to_tasks(task.measure.target)
    template = "measures/followup/task_edit.html"
    return edit_page(request, visit, form, template, task=task, measure=task.measure.target)


@require_POST
@editor
@during(Activity.FOLLOW_UP)
def task_tick(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST says that a task is done (``do=done``), as of today, or open again (``do=open``)."""
    is_done = one_of(request, "do", {"done": True, "open": False})
    with turn(visit, Activity.FOLLOW_UP):
        task = _task(visit, pk)
        if is_done != (task.done_on is not None):  # a second click leaves the day as it is
            task.done_on = timezone.localdate() if is_done else None
            task.save(update_fields=["done_on"])
    return _to_tasks(task.measure.target)


@require_POST
@editor
@during(Activity.FOLLOW_UP)
def task_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST removes a task; the history keeps what it read."""
    with turn(visit, Activity.FOLLOW_UP):
        task = _task(visit, pk)
        task.delete()
    return _to_tasks(task.measure.target)


def _task(visit: Visit, pk: int) -> Task:
    rows = Task.objects.in_workshop(visit.workshop).select_related("measure__merged_into")
    return get_object_or_404(rows, pk=pk)


def _to_tasks(measure: Measure) -> HttpResponse:
    page = reverse("measures:status-add", args=[measure.workshop_id, measure.number])
    return redirect(f"{page}#tasks")
