from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Count, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workshops import roles
from workshops.access import during, editor, in_turn
from workshops.collation import sort_key
from workshops.forms import GroupForm, ParticipantForm, PersonForm
from workshops.holders import holders_of, why_not_changed, why_not_taken
from workshops.invitations import invite
from workshops.models import (
    Membership,
    Participant,
    ParticipantGroup,
    Role,
    User,
    Workshop,
    mark_changed,
)
from workshops.pages import one_of
from workshops.phases import Activity
from workshops.seen import has_seen
from workshops.visits import Visit

GROUP_IDS = "id_group_%s"  # a name is asked for twice on the page of the people


@require_safe
@editor
def people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: who runs the workshop, who takes part, in which groups."""
    return _people_page(request, visit)


def _people_page(
    request, visit: Visit, *, person=None, group=None, moved=None, status=200
) -> HttpResponse:
    """Draw the page; ``moved`` is a membership that is another one than somebody saw."""
    workshop = visit.workshop
    participants = workshop.participants.select_related("user", "group").order_by()
    context = {
        "workshop": workshop,
        "visit": visit,
        "memberships": holders_of(visit),
        "rules": roles.who_names_whom(workshop),
        "participants": sorted(participants, key=lambda each: (sort_key(str(each)), each.pk)),
        # A query that groups forgets the model's own ordering.
        "groups": workshop.groups.annotate(size=Count("participants")).order_by("order", "pk"),
        "person_form": person or _person_form(request, visit),
        "moved": moved,
        "group_form": group or GroupForm(auto_id=GROUP_IDS),
    }
    return render(request, "workshops/people.html", context, status=status)


def _person_form(request: HttpRequest, visit: Visit) -> PersonForm:
    """Return the form for one more person like the last one: the address says what that was."""
    chosen = {name: request.GET.get(name) for name in ("role", "group")}
    return PersonForm(visit=visit, initial=chosen)


@require_POST
@editor
@during(Activity.SET_UP)
def person_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST adds a person to a role or to the participants."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        form = PersonForm(request.POST, visit=visit)
        added = _add(form) if form.is_valid() else None
    if form.errors:
        form.begin_at_error()
        return _people_page(request, visit, person=form, status=422)
    if added:
        text = _(
            "%(email)s is added as: %(role)s. A person without a password sets one with “Forgot"
            " password”."
        )
        told = {"email": form.cleaned_data["email"], "role": form.role_name()}
        messages.success(request, text % told)
        invite(request, visit.workshop, [added], form.role_name())
    else:
        messages.info(request, _("%(email)s was there already.") % form.cleaned_data)
    group = form.cleaned_data["group"]
    like = {"role": form.cleaned_data["role"], "group": group.pk if group else ""}
    return _to_people(visit.workshop, at="id_email", like=like)


def _to_people(workshop: Workshop, *, at: str, like: dict | None = None) -> HttpResponse:
    """Go back to the page of the people; the element with the id ``at`` takes the focus.

    ``like`` is what the form for the next person begins with; no address tells of whom it was.
    """
    query = f"?{urlencode(like)}" if like else ""
    return redirect(f"{reverse('workshops:people', args=[workshop.pk])}{query}#{at}")


def _add(form: PersonForm) -> User | None:
    try:
        return form.save()
    except IntegrityError:  # another workshop opened the same account at the same moment
        return form.save()


@require_POST
@editor
@during(Activity.SET_UP)
def membership_change(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST gives another role in place of one: what may be taken and what may be given, at once.

    A role that is another one by now than the one that was seen stays (409).
    """
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        membership = _membership(visit.workshop, pk)
        to = one_of(request, "role", {role.value: role for role in Role})
        is_seen = has_seen(request, membership.role)
        if is_seen and not (reason := why_not_changed(visit, membership, to)):
            membership.role = to
            membership.save(update_fields=["role"])
    if not is_seen:
        return _people_page(request, visit, moved=membership, status=409)
    if reason:
        messages.error(request, reason)
    else:
        text = _("%(person)s has another role now: %(role)s.")
        messages.success(request, text % {"person": membership.user, "role": to.label})
    return _to_people(visit.workshop, at=f"membership-{pk}")


def _membership(workshop: Workshop, pk: int) -> Membership:
    rows = Membership.objects.select_related("user")
    return get_object_or_404(rows, workshop=workshop, pk=pk)


@require_POST
@editor
@during(Activity.SET_UP)
def membership_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes a role away; the last facilitator stays, or nobody could lead on.

    A role that is another one by now than the one that was seen stays (409).
    """
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        membership = _membership(visit.workshop, pk)
        is_seen = has_seen(request, membership.role)
        if is_seen and not (reason := why_not_taken(visit, membership)):
            membership.delete()
    if not is_seen:
        return _people_page(request, visit, moved=membership, status=409)
    if reason:
        messages.error(request, reason)
        return _to_people(visit.workshop, at=f"membership-{pk}")
    messages.success(request, _("%(person)s is removed.") % {"person": membership})
    return _to_people(visit.workshop, at="roles")


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.SET_UP)
def participant_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a participant's group, POST changes it; once a ballot carries it, never (409)."""
    workshop = visit.workshop
    person = get_object_or_404(Participant, workshop=workshop, pk=pk)
    form = ParticipantForm(request.POST or None, instance=person)
    is_late = person.has_ballot
    if request.method == "POST" and not is_late and form.is_valid():
        if form.save():
            return _to_people(workshop, at=f"group-of-{pk}")
        is_late = True
    context = {"workshop": workshop, "person": person, "form": form, "is_late": is_late}
    status = (409 if is_late else 422) if form.is_bound else 200
    return render(request, "workshops/participant_edit.html", context, status=status)


@require_POST
@editor
@during(Activity.SET_UP)
def participant_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes a participant off the list; nobody knows the ballot, so its ratings stay."""
    workshop = visit.workshop
    participant = get_object_or_404(Participant, workshop=workshop, pk=pk)
    # In one statement: between a look and the deletion a ballot could be handed out.
    if Participant.objects.filter(pk=pk, has_ballot=False).delete()[0]:
        messages.success(request, _("%(person)s is removed.") % {"person": participant})
    else:
        text = _("%(person)s has a ballot already and stays on the list.")
        messages.error(request, text % {"person": participant})
    return _to_people(workshop, at="participants")


@require_http_methods(["GET", "HEAD", "POST"])
@editor
@during(Activity.SET_UP)
def group_edit(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """GET shows a group's name, POST changes it."""
    workshop = visit.workshop
    with transaction.atomic():
        if request.method == "POST":
            mark_changed(workshop.pk)  # two groups are not given one name at the same moment
        group = get_object_or_404(ParticipantGroup, workshop=workshop, pk=pk)
        form = GroupForm(request.POST or None, instance=group)
        if request.method == "POST" and form.is_valid():
            form.save()
            return _to_people(workshop, at=f"rename-{pk}")
    context = {"workshop": workshop, "form": form, "group": group}
    status = 422 if form.is_bound else 200
    return render(request, "workshops/group_edit.html", context, status=status)


@require_POST
@editor
@during(Activity.SET_UP)
def group_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST adds a group behind the others."""
    workshop = visit.workshop
    group = ParticipantGroup(workshop=workshop, order=workshop.groups.count() + 1)
    form = GroupForm(request.POST, instance=group, auto_id=GROUP_IDS)
    if not form.is_valid():
        return _people_page(request, visit, group=form, status=422)
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:  # the same name, added twice at the same moment
        messages.info(request, _("There is a group of this name already."))
    return _to_people(workshop, at="id_group_name")


@require_POST
@editor
@during(Activity.SET_UP)
def group_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST removes a group to which neither a person nor a ballot belongs."""
    workshop = visit.workshop
    group = get_object_or_404(ParticipantGroup, workshop=workshop, pk=pk)
    try:
        group.delete()
        messages.success(request, _("The group “%(name)s” is removed.") % {"name": group.name})
    except ProtectedError:
        messages.error(request, _("People or ratings belong to this group, so it stays."))
    return _to_people(workshop, at="groups")
