"""The page on which an archived workshop's deletion is asked for, confirmed and withdrawn."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from measures.again import four_eyes
from measures.public.left_out import untold_counts
from workshops.access import administration, in_turn, sender
from workshops.models import Deletion
from workshops.models.deletion import REASON_LENGTH
from workshops.pages import one_of
from workshops.visits import Visit


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stays stored together with the title, the date and the names."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administration(when_archived=True)
def workshop_deletion(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows what was asked for; POST asks, confirms or withdraws (``do``)."""
    form = ReasonForm(request.POST if request.POST.get("do") == "ask" else None)
    if request.method == "POST":
        act = one_of(request, "do", {"ask": _ask, "confirm": _confirm, "withdraw": _withdraw})
        with transaction.atomic():
            visit = in_turn(visit, when_archived=True)
            if answer := act(request, visit, form):
                return answer
    deletion = Deletion.objects.filter(workshop=visit.workshop).select_related("asked_by").first()
    person, now = sender(request), timezone.now()
    context = {
        "workshop": visit.workshop,
        "visit": visit,
        "form": form,
        "why_kept": four_eyes.why_kept(visit.workshop),
        "has_published": four_eyes.has_published(visit.workshop),
        "untold": sum(untold_counts(visit.workshop)),
        "deletion": deletion,
        "why_not": deletion and four_eyes.why_not_confirmed(deletion, by=person, now=now),
    }
    status = 422 if form.is_bound else 200
    return render(request, "measures/again/workshop_deletion.html", context, status=status)


def _ask(request: HttpRequest, visit: Visit, form: ReasonForm) -> HttpResponse | None:
    if reason := four_eyes.why_kept(visit.workshop):
        raise PermissionDenied(reason)
    if not form.is_valid():
        return None
    words = form.cleaned_data["reason"]
    four_eyes.ask(visit.workshop, by=sender(request), reason=words, now=timezone.now())
    return redirect("measures:workshop-deletion", visit.workshop.pk)


def _confirm(request: HttpRequest, visit: Visit, form: ReasonForm) -> HttpResponse:
    deletion = Deletion.objects.filter(workshop=visit.workshop).first()
    if deletion is None:
        raise PermissionDenied(_("Nobody has asked for this any more."))
    four_eyes.confirm(deletion, by=sender(request), now=timezone.now())
    text = _("The workshop “%(title)s” is deleted.")
    messages.success(request, text % {"title": deletion.title})
    return redirect("home")


def _withdraw(request: HttpRequest, visit: Visit, form: ReasonForm) -> HttpResponse:
    four_eyes.withdraw(visit.workshop)
    messages.success(request, _("The workshop stays."))
    return redirect(visit.workshop)
