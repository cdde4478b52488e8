"""Accounts, memberships, groups, participants, and ballots without any of them."""

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.access import sender
from workshops.admin.base import (
    HistoryAdmin,
    ReadOnlyAdmin,
    StrictAdmin,
    limit_choices,
    person_key,
    workshop_filter,
)
from workshops.admin.log import NamelessLog
from workshops.admin.roles import MembershipForm, MembershipsInline, why_not_deleted
from workshops.models import (
    Ballot,
    Membership,
    Participant,
    ParticipantGroup,
    Role,
    User,
    Workshop,
    line_up,
)
from workshops.sorting import SortKey

SETTLED = ("shown", "set_aside")  # rounds of rating that take no more


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class AccountChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class WorkshopsOfAccountInline(MembershipsInline):
    fields = ("workshop", "role")
    raw_id_fields = ("workshop",)


@admin.register(User)
class UserAdmin(NamelessLog, StrictAdmin, DjangoUserAdmin):
    form = AccountChangeForm
    add_form = AccountCreationForm
    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "name")
    search_help_text = _("E-mail address or name")
    ordering = order_of_many = ("email",)
    inlines = (WorkshopsOfAccountInline,)
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            _("Permissions"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_readonly_fields(self, request, obj=None):
        """Rights in the admin are given by those who have them all."""
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        return (*self.readonly_fields, *(() if request.user.is_superuser else rights))

    def has_change_permission(self, request, obj=None) -> bool:
        return self._may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._may_touch(request, obj) and super().has_delete_permission(request, obj)

    def _may_touch(self, request: HttpRequest, obj: User | None) -> bool:
        return obj is None or not obj.is_superuser or request.user.is_superuser

    def get_deleted_objects(self, objs, request):
        """Say in a sentence why somebody who may be voting right now stays for the moment."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        for part in Participant.objects.filter(user__in=objs).select_related("workshop", "user"):
            if may_still_vote(part):
                needed.discard(Participant._meta.verbose_name)
                told = gettext(
                    "“%(account)s” has a ballot, and in “%(workshop)s” the rating may go on."
                )
                protected.append(told % {"account": part.user, "workshop": part.workshop})
        return deleted, counts, needed, protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete the account; what it contributed stays. Tell which workshop nobody leads now."""
        rows = Workshop.objects.filter(memberships__user=obj, memberships__role=Role.FACILITATOR)
        led = list(rows.distinct())
        super().delete_model(request, obj)
        for workshop in led:
            if not workshop.memberships.filter(role=Role.FACILITATOR).exists():
                told = gettext("The workshop “%(workshop)s” has no facilitator any more.")
                self.message_user(request, told % {"workshop": workshop}, messages.WARNING)


admin.site.unregister(EmailAddress)


@admin.register(EmailAddress)
class AddressAdmin(NamelessLog, EmailAddressAdmin):
    """What allauth offers; only its log is ours."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER


@admin.register(Membership)
class MembershipAdmin(NamelessLog, HistoryAdmin):
    """Who may be named and removed here says ``workshops.roles``."""

    form = MembershipForm
    list_display = ("user", "workshop", "role")
    list_filter = (workshop_filter("workshop"), "role")
    list_select_related = ("user", "workshop")
    search_fields = ("user__email", "user__name", "workshop__title")
    lookups_of_many = ("user__email",)
    ordering = ("role", person_key("user__"))
    fields = ("workshop", "user", "role")
    raw_id_fields = ("workshop", "user")

    def get_readonly_fields(self, request, obj=None):
        fixed = ("workshop", "user") if obj else ()
        if obj and why_not_deleted([obj]):
            fixed = (*fixed, "role")
        return (*fixed, *super().get_readonly_fields(request, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if issubclass(form, MembershipForm):
            form.by = sender(request)
        return form

    def get_deleted_objects(self, objs, request):
        """Say in a sentence which of them stay. Deleting an account asks nobody here."""
        *rest, protected = super().get_deleted_objects(objs, request)
        return *rest, [*protected, *why_not_deleted(objs)]

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        line_up(obj.workshop_id)
        row = Membership.objects.filter(pk=obj.pk).select_related("workshop")
        if reasons := why_not_deleted(row):
            raise PermissionDenied(reasons[0])  # a record came into being since the page was drawn
        super().delete_model(request, obj)


@admin.register(ParticipantGroup)
class ParticipantGroupAdmin(HistoryAdmin):
    actions = None  # the page before a refused deletion would list the ballots of the groups
    list_display = ("name", "workshop", "order", "people")
    list_filter = (workshop_filter("workshop"),)
    list_select_related = ("workshop",)
    search_fields = ("name", "workshop__title")
    fields = ("workshop", "name", "order")
    raw_id_fields = ("workshop",)
    numbers = {"people": Count("participants")}

    @admin.display(description=_("participants"))
    def people(self, group: ParticipantGroup) -> int:
        return vars(group)["people"]

    def get_readonly_fields(self, request, obj=None):
        return (*(("workshop",) if obj else ()), *super().get_readonly_fields(request, obj))

    def has_delete_permission(self, request, obj=None) -> bool:
        """Only a group that nobody and no ballot or paper sheet belongs to."""
        used = Q(participants__isnull=False) | Q(ballots__isnull=False)
        used |= Q(paper_counts__isnull=False)
        if obj is not None and ParticipantGroup.objects.filter(used, pk=obj.pk).exists():
            return False
        return super().has_delete_permission(request, obj)


def may_still_vote(participant: Participant) -> bool:
    """Whoever has a ballot in a round that is not settled could join again and vote twice."""
    return participant.has_ballot and participant.workshop.rounds.unsettled().exists()


@admin.register(Participant)
class ParticipantAdmin(NamelessLog, StrictAdmin):
    """Says that somebody has a ballot, never which."""

    list_display = ("__str__", "workshop", "group", "has_ballot")
    list_filter = (workshop_filter("workshop"), "has_ballot")
    list_select_related = ("workshop", "user", "group")
    search_fields = ("name", "user__email", "user__name", "workshop__title")
    lookups_of_many = ("user__email",)
    ordering = (
        SortKey(
            Coalesce(
                NullIf("name", Value("")),
                NullIf("user__name", Value("")),
                "user__email",
                output_field=TextField(),
            )
        ),
    )
    raw_id_fields = ("workshop", "user")

    def response_add(self, request: HttpRequest, obj: Participant, post_url_continue=None):
        """Go on to the participant's own page: only that one offers the workshop's groups."""
        if not {"_addanother", IS_POPUP_VAR} & {*request.POST}:
            sent = request.POST.copy()
            sent["_continue"] = "1"
            request.POST = sent  # type: ignore[assignment]  # as Django's own admin of users does
        return super().response_add(request, obj, post_url_continue)

    def save_model(self, request, obj, form, change):
        """Write only what was changed here: a ballot may be handed out at the same moment."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            super().save_model(request, obj, form, change)

    def get_fields(self, request, obj=None):
        later = ("group", "has_ballot") if obj else ()  # the groups are those of the workshop
        return ("workshop", "user", "name", *later)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        # The ballot was handed out to this account with this group; they must not part.
        return ("workshop", "has_ballot", *(("user", "group") if obj.has_ballot else ()))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            limit_choices(form, "group", obj.workshop.groups.all())
        return form

    def has_delete_permission(self, request, obj=None) -> bool:
        if obj is not None and may_still_vote(obj):
            return False
        return super().has_delete_permission(request, obj)


@admin.register(Ballot)
class BallotAdmin(ReadOnlyAdmin):
    """That ballots exist and are filled in; no group, no source, nobody's name, no order of time.

    The source is left out because the only signed-in participant would be found by it. Ratings are
    counted once their round is settled: before, one would see them come, and find a ballot again by
    a rare number of them after it was written anew.
    """

    list_display = ("__str__", "workshop", "number_of_ratings")
    list_filter = (workshop_filter("workshop"), "workshop__phase")
    list_select_related = ("workshop",)
    search_fields = ("workshop__title",)
    fields = ("workshop", "number_of_ratings")
    numbers = {"filled_in": Count("ratings__ballot", filter=Q(ratings__round__state__in=SETTLED))}
    order_of_many = ("-workshop_id", "pk")  # also for the filter by phase

    @admin.display(description=_("number of ratings"))
    def number_of_ratings(self, ballot: Ballot) -> str:
        return str(vars(ballot)["filled_in"] or "–")
