from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from workshops.access import during, editor, in_turn, sender
from workshops.people_list import PeopleListForm
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.SET_UP)
def people_paste(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET asks for a list, POST shows what it would do; POST ``confirmed`` adds all or nobody.

    What is confirmed is the plan that was seen; a list that means something else by now is shown
    again (409).
    """
    if request.method != "POST":
        return _page(request, visit, PeopleListForm(visit=visit, by=sender(request)))
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        form = PeopleListForm(request.POST, visit=visit, by=sender(request))
        status = _carry_out(request, form)
    if status != 302:
        return _page(request, visit, form, status=status)
    at = "participants" if form.chosen_role == form.PARTICIPANT else "roles"
    return redirect(f"{reverse('workshops:people', args=[visit.workshop.pk])}#{at}")


def _carry_out(request: HttpRequest, form: PeopleListForm) -> int:
    """Add everybody where that was confirmed; return the status of the answer."""
    if not form.is_valid() or form.plan is None:
        return 422
    if "confirmed" not in request.POST:
        return 200
    new = form.plan.new
    if new and not has_seen(request, form.plan.seen):
        return 409
    form.add(new)
    _tell(request, form, len(new))
    return 302


def _tell(request: HttpRequest, form: PeopleListForm, count: int) -> None:
    if not count:
        messages.info(request, _("All of these people are there already. Nobody was added."))
        return
    text = ngettext(
        "%(count)d person is added as: %(role)s. A person without a password sets one with “Forgot"
        " password”.",
        "%(count)d people are added as: %(role)s. A person without a password sets one with"
        " “Forgot password”.",
        count,
    )
    messages.success(request, text % {"count": count, "role": form.role_name()})


def _page(
    request: HttpRequest, visit: Visit, form: PeopleListForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "form": form,
        "plan": form.plan,
        "is_outdated": status == 409,
    }
    return render(request, "workshops/people_paste.html", context, status=status)
