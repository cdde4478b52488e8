from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workshops import roles
from workshops.access import during, editor, in_turn, sender
from workshops.collation import sort_key
from workshops.forms import GroupForm, ParticipantForm, PersonForm
from workshops.models import (
    Membership,
    Participant,
    ParticipantGroup,
    Role,
    mark_changed,
)
from workshops.phases import Activity
from workshops.visits import Visit

GROUP_IDS = "id_group_%s"  # a name is asked for twice on the page of the people


@require_safe
@editor
def people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET: who runs the workshop, who takes part, in which groups."""
    return _people_page(request, visit)


def _people_page(request, visit: Visit, *, person=None, group=None, status=200) -> HttpResponse:
    workshop = visit.workshop
    participants = workshop.participants.select_related("user", "group").order_by()
    context = {
        "workshop": workshop,
        "visit": visit,
        "memberships": _memberships(visit),
        "rules": roles.who_names_whom(workshop),
        "participants": sorted(participants, key=lambda each: (sort_key(str(each)), each.pk)),
        # A query that groups forgets the model's own ordering.
        "groups": workshop.groups.annotate(size=Count("participants")).order_by("order", "pk"),
        "person_form": person or PersonForm(visit=visit, by=sender(request)),
        "group_form": group or GroupForm(auto_id=GROUP_IDS),
    }
    return render(request, "workshops/people.html", context, status=status)


def _memberships(visit: Visit) -> list[tuple[Membership, bool]]:
    """Return who has which role, and whether this person may take it from them now."""
    workshop = visit.workshop
    rows = sorted(workshop.memberships.select_related("user"), key=_by_role_and_name)
    given = roles.given(visit) if visit.may_set_up else ()
    holders = Counter(row.role for row in rows)

    def may_go(row: Membership) -> bool:
        stays = roles.must_stay(workshop, row.role, holders=holders[row.role])
        return row.role in given and not stays

    return [(row, may_go(row)) for row in rows]


def _by_role_and_name(membership: Membership) -> tuple:
    return Role.values.index(membership.role), sort_key(str(membership.user)), membership.pk


@require_POST
@editor
@during(Activity.SET_UP)
def person_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST adds a person to a role or to the participants."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        form = PersonForm(request.POST, visit=visit, by=sender(request))
        added = _add(form) if form.is_valid() else None
    if added is None:
        return _people_page(request, visit, person=form, status=422)
    if added:
        text = _(
            "%(email)s is added as: %(role)s. A person without a password sets one with “Forgot"
            " password”."
        )
        told = {"email": form.cleaned_data["email"], "role": form.role_name()}
        messages.success(request, text % told)
    else:
        messages.info(request, _("%(email)s was there already.") % form.cleaned_data)
    return redirect("workshops:people", visit.workshop.pk)


def _add(form: PersonForm) -> bool:
    try:
        return form.save()
    except IntegrityError:  # another workshop opened the same account at the same moment
        return form.save()


@require_POST
@editor
@during(Activity.SET_UP)
def membership_remove(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """POST takes a role away; the last facilitator stays, or nobody could lead on."""
    with transaction.atomic():
        visit = in_turn(visit, Activity.SET_UP)
        membership = get_object_or_404(Membership, workshop=visit.workshop, pk=pk)
        role = Role(membership.role)
        if role not in roles.given(visit):
            raise PermissionDenied(roles.who_names(role))
        holders = visit.workshop.memberships.filter(role=role).count()
        reason = roles.must_stay(visit.workshop, role, holders=holders)
        if not reason:
            membership.delete()
    if reason:
        messages.error(request, reason)
    else:
        messages.success(request, _("%(person)s is removed.") % {"person": membership.user})
    return redirect("workshops:people", visit.workshop.pk)


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
            return redirect(f"{reverse('workshops:people', args=[workshop.pk])}#group-of-{pk}")
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
    return redirect("workshops:people", workshop.pk)


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
            return redirect("workshops:people", workshop.pk)
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
    return redirect("workshops:people", workshop.pk)


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
    return redirect("workshops:people", workshop.pk)
