"""Reminding by hand: who would get which text, and the button that sends it."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_http_methods, require_POST

from measures.followup.mail import Occasion
from measures.followup.previewing import preview_of
from measures.followup.reminder_forms import RemindForm
from measures.followup.reminders import Failure, deliver, letters, undelivered, without_address
from workshops.access import administration, during, in_turn
from workshops.pages import site_address
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit

PATIENCE = 2  # somebody waits for the page, and a mail server that is away answers nobody


@require_http_methods(["GET", "HEAD", "POST"])
@administration
@during(Activity.FOLLOW_UP)
def remind(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET shows who would get which text, POST sends it, as far as nobody got it today.

    409 where it has changed since it was shown.
    """
    occasion = Occasion(timezone.localdate(), site_address(request))
    found = letters(occasion, [visit.workshop])
    left = undelivered(found, today=occasion.today)
    preview = preview_of(found, left, occasion)
    is_sent = request.method == "POST"
    if is_sent and not left:
        messages.info(request, _("Everybody has been reminded today already."))
        return redirect("measures:remind", visit.workshop.pk)
    if is_sent and has_seen(request, preview.seen):
        with override(settings.LANGUAGE_CODE):
            done = deliver(left, occasion, patience=PATIENCE)
        _tell(request, done, len(left))
        return redirect("measures:remind", visit.workshop.pk)
    context = {"workshop": visit.workshop, "visit": visit, "preview": preview}
    context |= {"form": RemindForm(instance=visit.workshop), "is_late": is_sent}
    context["without_address"] = without_address(visit.workshop, occasion)
    status = 409 if is_sent else 200
    return render(request, "measures/followup/remind.html", context, status=status)


def _tell(request: HttpRequest, done: Mapping[str, Failure | None], wanted: int) -> None:
    """Say how many mails went out, and which did not."""
    failed = [recipient for recipient, error in done.items() if error]
    sent = len(done) - len(failed)
    text = ngettext("%d mail was sent.", "%d mails were sent.", sent) % sent
    if not failed:
        messages.success(request, text)
        return
    messages.error(
        request,
        _("%(sent)s These addresses could not be reached: %(names)s.")
        % {"sent": text, "names": ", ".join(failed)},
    )
    if wanted > len(done):
        messages.warning(request, _("The mail server does not answer; please try again later."))


@require_POST
@administration
@during(Activity.FOLLOW_UP)
def remind_whom(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST: choose whom the mails of this workshop reach; 409 where somebody was faster."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.FOLLOW_UP)
        form = RemindForm(request.POST, instance=visit.workshop)
        is_stored = form.is_valid() and not form.conflict
        if is_stored:
            form.save()
    if is_stored:
        messages.success(request, _("The settings are saved."))
        return redirect("measures:remind", visit.workshop.pk)
    differences, form = form.differences(), form.redrawn()
    occasion = Occasion(timezone.localdate(), site_address(request))
    found = letters(occasion, [visit.workshop])
    left = undelivered(found, today=occasion.today)
    context = {"workshop": visit.workshop, "visit": visit, "differences": differences}
    context |= {"form": form, "preview": preview_of(found, left, occasion)}
    context["without_address"] = without_address(visit.workshop, occasion)
    return render(request, "measures/followup/remind.html", context, status=409)
