from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from workshops.access import during, editor, in_turn
from workshops.invitations import invite
from workshops.models import User
from workshops.people_list import PeopleListForm, add, seen_of
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
        return _page(request, visit, PeopleListForm(visit=visit))
    if "confirmed" not in request.POST:
        form = PeopleListForm(request.POST, visit=visit)
        return _page(request, visit, form, status=200 if form.is_valid() else 422)
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        form = PeopleListForm(request.POST, visit=visit)
        status, added = _carry_out(request, form)
    if status != 302:
        return _page(request, visit, form, status=status)
    invite(request, visit.workshop, added, form.role_name())
    at = "participants" if form.cleaned_data["role"] == form.PARTICIPANT else "roles"
    return redirect(f"{reverse('workshops:people', args=[visit.workshop.pk])}#{at}")


def _carry_out(request: HttpRequest, form: PeopleListForm) -> tuple[int, list[User]]:
    """Add everybody if that is what was seen; return the status of the answer, and whom."""
    if not form.is_valid():
        return 422, []
    role, new = form.cleaned_data["role"], [each for each in form.people if each.is_new]
    if new and not has_seen(request, seen_of(form.people, role)):
        return 409, []
    added = add(new, form.visit.workshop, role)
    _tell(request, form, len(new))
    return 302, added


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
    people = [each for each in form.people if not each.problem]
    new = sum(each.is_new for each in people)
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "form": form,
        "people": people,
        "problems": [each for each in form.people if each.problem],
        "new": new,
        "seen": seen_of(form.people, form.cleaned_data["role"]) if people else "",
        "unchanged": len(people) - new,
        "is_outdated": status == 409,
    }
    return render(request, "workshops/people_paste.html", context, status=status)
