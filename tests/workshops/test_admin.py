"""The admin of workshops, people and accounts: usable, and no way around the rules."""

import datetime
import html

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.deciding import hold
from tests.rating import round_of, show
from workshops.models import (
    Ballot,
    Criterion,
    Membership,
    Municipality,
    Participant,
    ParticipantGroup,
    PhaseChange,
    Role,
    ScaleStep,
    User,
    Workshop,
    WorkshopMunicipality,
    WorkshopRevision,
)
from workshops.phases import Phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def bingen() -> Municipality:
    return Municipality.objects.create(name="Bingen am Rhein", official_key="07339005")


@pytest.fixture
def workshop(bingen) -> Workshop:
    day = Workshop.objects.create(title="Digital-Werkstatt", date=datetime.date(2026, 9, 8))
    WorkshopMunicipality.objects.create(workshop=day, municipality=bingen)
    return day


@pytest.fixture
def council(workshop) -> ParticipantGroup:
    return ParticipantGroup.objects.create(workshop=workshop, name="Rat", order=1)


def url(row, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def form_data(response) -> dict:
    """Return what a browser would send back if nothing was typed."""
    forms = [response.context["adminform"].form]
    for formset in response.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.initial_forms]
    data = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif isinstance(value, list):
                data[bound.html_name] = [getattr(each, "pk", each) for each in value]
            elif value is not None and value is not False:
                data[bound.html_name] = str(value)
    return data


def complaints(response) -> list[str]:
    """Return the errors of a refused form and of its inlines."""
    found = [e for errors in response.context["adminform"].form.errors.values() for e in errors]
    for formset in response.context["inline_admin_formsets"]:
        found += formset.formset.non_form_errors()
        found += [e for errs in formset.formset.errors for es in errs.values() for e in es]
    return found


# Who may -----------------------------------------------------------------------------------------


def test_somebody_without_staff_rights_is_sent_to_the_log_in(client, workshop):
    client.force_login(User.objects.create_user("moderation@example.org"))
    response = client.get(url(workshop))
    assert response.status_code == 302
    assert response.url == f"{reverse('admin:login')}?next={url(workshop)}"


def test_staff_with_the_right_to_view_sees_and_cannot_save(client, workshop):
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_workshop"))
    client.force_login(clerk)
    assert client.get(url(workshop)).status_code == 200
    assert client.post(url(workshop), {"title": "Anders"}).status_code == 403
    assert client.get(list_of(Municipality)).status_code == 403


# Accounts ----------------------------------------------------------------------------------------


def test_an_account_is_opened_with_e_mail_name_and_password(admin_client):
    add = reverse("admin:workshops_user_add")
    page = admin_client.get(add)
    assert [*page.context["adminform"].form.fields] == [
        "email", "name", "usable_password", "password1", "password2",
    ]  # fmt: skip
    assert "username" not in page.content.decode().lower()
    data = {
        "email": "erika@example.org",
        "name": "Erika Mustermann",
        "usable_password": "true",
        "password1": "korn-blume-27",
        "password2": "korn-blume-27",
    }
    response = admin_client.post(add, data)
    erika = User.objects.get(email="erika@example.org")
    assert (response.status_code, response.url) == (302, url(erika))
    assert (erika.name, erika.check_password("korn-blume-27")) == ("Erika Mustermann", True)
    again = admin_client.post(add, data | {"email": "ERIKA@example.org"})
    assert complaints(again) == [
        str(User._meta.constraints[0].violation_error_message)
    ]  # whatever case it is typed in


def test_the_page_of_an_account_knows_no_username_and_saves(admin_client):
    erika = User.objects.create_user("erika@example.org", name="Erika")
    page = admin_client.get(url(erika))
    assert "username" not in page.content.decode().lower()
    response = admin_client.post(url(erika), form_data(page) | {"name": "Erika M."})
    assert response.status_code == 302
    erika.refresh_from_db()
    assert erika.name == "Erika M."


@pytest.mark.parametrize("query", ["erika@", "muster"])
def test_an_account_is_found_by_address_and_name(admin_client, query):
    erika = User.objects.create_user("erika@example.org", name="Mustermann")
    page = admin_client.get(list_of(User), {"q": query})
    assert [*page.context["cl"].queryset] == [erika]


def test_staff_without_all_rights_cannot_give_rights_nor_touch_who_has_them(client, admin_user):
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
    client.force_login(clerk)
    data = form_data(client.get(url(clerk)))
    client.post(url(clerk), data | {"is_superuser": "on", "name": "Amt"})
    clerk.refresh_from_db()
    assert (clerk.name, clerk.is_superuser) == ("Amt", False)
    password = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert client.get(password).status_code == 403
    assert client.get(url(admin_user, "delete")).status_code == 403


def test_deleting_an_account_leaves_the_workshop_and_says_who_is_missing(
    admin_client, workshop, council
):
    erika = User.objects.create_user("erika@example.org", name="Erika")
    Membership.objects.create(workshop=workshop, user=erika, role=Role.FACILITATOR)
    ballot = Ballot.objects.create(workshop=workshop, group=council, source="account")
    Participant.objects.create(workshop=workshop, user=erika, has_ballot=True, ballot=ballot)
    PhaseChange.objects.create(workshop=workshop, before="preparing", after="closed", by=erika)
    page = admin_client.post(url(erika, "delete"), {"post": "yes"}, follow=True)
    assert not User.objects.filter(pk=erika.pk).exists()
    assert [*workshop.ballots.all()] == [ballot]
    assert workshop.phase_changes.get().by is None
    assert any("Digital-Werkstatt" in str(message) for message in page.context["messages"])


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("state", ["open", "closed"])
def test_an_account_with_a_ballot_stays_until_the_round_is_settled(
    admin_client, workshop, state, bulk
):
    round = workshop.rounds.create(number=1, state=state)
    erika = User.objects.create_user("erika@example.org", name="Erika")
    Participant.objects.create(workshop=workshop, user=erika, has_ballot=True)
    if bulk:
        chosen = {"action": "delete_selected", "_selected_action": [erika.pk], "post": "yes"}
        page = admin_client.post(list_of(User), chosen)
    else:
        page = admin_client.post(url(erika, "delete"), {"post": "yes"})
    [sentence] = page.context["protected"]
    assert "Erika" in sentence
    assert sentence in html.unescape(page.content.decode())
    assert User.objects.filter(pk=erika.pk).exists()
    workshop.rounds.filter(pk=round.pk).update(state="shown", smallest_room=3)
    admin_client.post(url(erika, "delete"), {"post": "yes"})
    assert not User.objects.filter(pk=erika.pk).exists()


# Municipalities ----------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["bingen", "07339005"])
def test_a_municipality_is_found_by_name_and_key(admin_client, bingen, query):
    Municipality.objects.create(name="Mainz")
    page = admin_client.get(list_of(Municipality), {"q": query})
    assert [*page.context["cl"].queryset] == [bingen]


def test_a_municipality_with_a_workshop_stays_and_a_sentence_says_why(
    admin_client, bingen, workshop
):
    page = admin_client.get(url(bingen, "delete"))
    [sentence] = page.context["protected"]
    assert "Bingen am Rhein" in sentence
    assert "Digital-Werkstatt" in sentence
    admin_client.post(url(bingen, "delete"), {"post": "yes"})
    assert Municipality.objects.filter(pk=bingen.pk).exists()


# Workshops ---------------------------------------------------------------------------------------


def test_a_workshop_is_not_added_here(admin_client):
    assert admin_client.get(reverse("admin:workshops_workshop_add")).status_code == 403


def test_a_correction_is_in_the_history_with_its_author(admin_client, admin_user, workshop):
    revision = workshop.revision.number
    data = form_data(admin_client.get(url(workshop))) | {"title": "Werkstatt Bingen"}
    response = admin_client.post(url(workshop), data)
    assert response.status_code == 302
    record = workshop.history.latest()
    assert (record.title, record.history_user) == ("Werkstatt Bingen", admin_user)
    workshop.revision.refresh_from_db()
    assert workshop.revision.number > revision


def test_settings_that_somebody_changed_meanwhile_are_not_overwritten(admin_client, workshop):
    opened = form_data(admin_client.get(url(workshop)))
    workshop.title = "Digital-Werkstatt Bingen"
    workshop.save()
    page = admin_client.post(url(workshop), opened | {"place": "Rheinhalle"})
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    stored = Workshop.objects.get()
    assert (stored.title, stored.place, stored.version) == ("Digital-Werkstatt Bingen", "", 2)


def test_the_phase_is_shown_and_not_taken(admin_client, workshop):
    page = admin_client.get(url(workshop))
    assert "phase" in page.context["adminform"].readonly_fields
    admin_client.post(url(workshop), form_data(page) | {"phase": Phase.CLOSED})
    workshop.refresh_from_db()
    assert workshop.phase == Phase.PREPARING


@pytest.mark.parametrize("has_record", [False, True])
def test_the_day_stays_once_something_rests_on_it_as_in_the_products_own_form(
    admin_client, workshop, has_record
):
    if has_record:
        round_of(workshop)
        show(workshop)
    page = admin_client.get(url(workshop))
    assert ("date" in page.context["adminform"].readonly_fields) is has_record


def test_a_step_beyond_the_scale_is_refused(admin_client, workshop):
    data = form_data(admin_client.get(url(workshop)))
    data |= {
        "scale_steps-TOTAL_FORMS": "1",
        "scale_steps-0-criterion": Criterion.RELEVANCE,
        "scale_steps-0-step": "6",
        "scale_steps-0-label": "noch höher",
    }
    page = admin_client.post(url(workshop), data)
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    assert admin_client.post(url(workshop), data | {"steps": "6"}).status_code == 302
    assert str(workshop.scale_steps.get()) == "6 – noch höher"


def test_the_last_municipality_keeps_its_seat(admin_client, workshop):
    data = form_data(admin_client.get(url(workshop))) | {"seats-0-DELETE": "on"}
    page = admin_client.post(url(workshop), data)
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    assert workshop.seats.count() == 1


def test_a_threshold_lies_on_the_scale(workshop):
    workshop.relevance_threshold = 6
    with pytest.raises(ValidationError) as refused:
        workshop.clean()
    assert [*refused.value.message_dict] == ["relevance_threshold"]
    workshop.relevance_threshold = 4
    workshop.save()
    workshop.steps = 3
    with pytest.raises(ValidationError) as refused:
        workshop.clean()
    assert [*refused.value.message_dict] == ["steps"]


def test_a_workshop_that_has_begun_cannot_be_deleted(admin_client, workshop):
    assert admin_client.get(url(workshop, "delete")).status_code == 200
    PhaseChange.objects.create(workshop=workshop, before="preparing", after="collecting")
    assert admin_client.post(url(workshop, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [workshop.pk], "post": "yes"}
    admin_client.post(list_of(Workshop), chosen)
    assert Workshop.objects.filter(pk=workshop.pk).exists()


def test_the_log_of_phases_is_only_read(admin_client, workshop):
    change = PhaseChange.objects.create(workshop=workshop, before="preparing", after="closed")
    assert admin_client.get(url(change)).status_code == 200
    assert admin_client.post(url(change), {"after": "rating"}).status_code == 403
    assert admin_client.get(url(change, "delete")).status_code == 403
    assert admin_client.get(reverse("admin:workshops_phasechange_add")).status_code == 403


# Groups and participants -------------------------------------------------------------------------


def test_a_used_group_stays_and_no_page_lists_its_ballots(admin_client, workshop, council):
    ballot = Ballot.objects.create(workshop=workshop, group=council, source="guest")
    assert admin_client.get(url(council, "delete")).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [council.pk]}
    page = admin_client.post(list_of(ParticipantGroup), chosen, follow=True)
    assert str(ballot) not in page.content.decode()
    data = form_data(admin_client.get(url(workshop))) | {"groups-0-DELETE": "on"}
    page = admin_client.post(url(workshop), data, follow=True)
    assert str(ballot) not in page.content.decode()
    assert ParticipantGroup.objects.filter(pk=council.pk).exists()


def test_an_unused_group_is_deleted_and_the_revision_follows(admin_client, workshop, council):
    before = WorkshopRevision.objects.get().number
    assert admin_client.post(url(council, "delete"), {"post": "yes"}).status_code == 302
    assert not ParticipantGroup.objects.exists()
    assert WorkshopRevision.objects.get().number == before + 1
    assert ParticipantGroup.history.latest().history_type == "-"


def test_several_participants_are_deleted_at_once(admin_client, workshop):
    guests = [Participant.objects.create(workshop=workshop, name=name) for name in "AB"]
    chosen = {"action": "delete_selected", "_selected_action": [g.pk for g in guests]}
    admin_client.post(list_of(Participant), chosen | {"post": "yes"})
    assert not Participant.objects.exists()


def test_a_participant_gets_a_group_of_the_own_workshop_only(admin_client, workshop, council):
    other = Workshop.objects.create(title="Anderswo", date=workshop.date)
    strange = ParticipantGroup.objects.create(workshop=other, name="Rat")
    guest = Participant.objects.create(workshop=workshop, name="Gast")
    data = form_data(admin_client.get(url(guest)))
    page = admin_client.post(url(guest), data | {"group": strange.pk})
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    assert admin_client.post(url(guest), data | {"group": council.pk}).status_code == 302
    guest.refresh_from_db()
    assert guest.group == council


def test_a_new_participant_leads_to_the_page_with_the_groups(admin_client, workshop):
    data = {"workshop": workshop.pk, "name": "Gast"}
    response = admin_client.post(reverse("admin:workshops_participant_add"), data)
    assert response.url == url(Participant.objects.get())


@pytest.mark.parametrize("state", ["open", "closed"])
def test_whoever_has_a_ballot_keeps_account_and_group_and_stays_until_the_round_is_settled(
    admin_client, workshop, council, state
):
    workshop.rounds.create(number=1, state=state)
    guest = Participant.objects.create(workshop=workshop, name="Gast", has_ballot=True)
    erika = User.objects.create_user("erika@example.org")
    admin_client.post(url(guest), {"name": "Gast G.", "group": council.pk, "user": erika.pk})
    guest.refresh_from_db()
    assert (guest.name, guest.group, guest.user) == ("Gast G.", None, None)
    assert admin_client.post(url(guest, "delete"), {"post": "yes"}).status_code == 403


# Privacy -----------------------------------------------------------------------------------------


def test_no_page_links_a_participant_and_a_ballot(admin_client, workshop, council):
    ballot = Ballot.objects.create(
        workshop=workshop, group=council, source="account", secret_hash="s" * 64
    )
    guest = Participant.objects.create(
        workshop=workshop, name="Gabi Gast", group=council, has_ballot=True, ballot=ballot
    )
    for page in (list_of(Participant), url(guest), url(guest, "delete"), url(council)):
        shown = admin_client.get(page).content.decode()
        assert str(ballot) not in shown, page
    for page in (list_of(Ballot), url(ballot), url(ballot, "history")):
        shown = admin_client.get(page).content.decode()
        for secret in ("Gabi", "Rat</", "Rat<", ballot.get_source_display(), "s" * 64):
            assert secret not in shown, (page, secret)


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Ballot, "group"),
        (Ballot, "group__id"),
        (Ballot, "group__id__exact"),
        (Ballot, "group__isnull"),
        (Ballot, "group__name"),
        (Ballot, "source"),
        (Ballot, "secret_hash__startswith"),
        (Ballot, "participant"),
        (Ballot, "participant__name"),
        (Ballot, "workshop__participants__name"),
        (Ballot, "ratings__relevance"),
        (Participant, "ballot"),
        (Participant, "ballot__isnull"),
        (Participant, "ballot__ratings__relevance"),
        (Participant, "group__ballots__ratings__relevance"),
        (ParticipantGroup, "ballots__ratings__relevance"),
        (ParticipantGroup, "ballots"),
        (User, "participations__ballot__ratings__relevance"),
        (User, "participations"),
        (User, "groups__user__participations__ballot__ratings__relevance"),
        (User, "password__startswith"),
        (Workshop, "ballots__group"),
        (Workshop, "participants__ballot__ratings__relevance"),
        (Membership, "user__participations__ballot__ratings__relevance"),
        (PhaseChange, "by__participations__ballot__ratings__relevance"),
    ],
)
def test_a_query_string_opens_no_side_door(admin_client, workshop, model, lookup):
    response = admin_client.get(list_of(model), {lookup: "1"})
    assert response.status_code == 400


def test_ballots_are_found_by_workshop_only(admin_client, workshop, council):
    ballot = Ballot.objects.create(workshop=workshop, group=council, source="guest")
    Participant.objects.create(workshop=workshop, name="Gabi", has_ballot=True, ballot=ballot)

    def found(**query) -> list[Ballot]:
        return [*admin_client.get(list_of(Ballot), query).context["cl"].queryset]

    assert found(q="Werkstatt") == [ballot]
    assert found(workshop=workshop.pk) == [ballot]
    assert found(workshop__phase__exact=Phase.PREPARING) == [ballot]
    assert found(q="Gabi") == found(q="Rat") == found(q="guest") == []
    assert found(workshop=workshop.pk + 1) == found(workshop="Rat") == []


def test_a_ballot_is_neither_added_nor_changed_nor_deleted(admin_client, workshop):
    ballot = Ballot.objects.create(workshop=workshop, source="guest")
    assert admin_client.get(reverse("admin:workshops_ballot_add")).status_code == 403
    assert admin_client.post(url(ballot), {"workshop": workshop.pk}).status_code == 403
    assert admin_client.post(url(ballot, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [ballot.pk], "post": "yes"}
    admin_client.post(list_of(Ballot), chosen)
    assert Ballot.objects.filter(pk=ballot.pk).exists()


# History -----------------------------------------------------------------------------------------


def test_the_history_page_says_who_changed_what_in_words(admin_client, admin_user, workshop):
    user = User.objects.create_user("gremium@bingen.example", name="Greta")
    member = Membership.objects.create(workshop=workshop, user=user, role=Role.COMMITTEE)
    data = form_data(admin_client.get(url(member))) | {"role": Role.FACILITATOR}
    assert admin_client.post(url(member), data).status_code == 302
    page = admin_client.get(url(member, "history"))
    newest = page.context["page_obj"][0]
    assert newest.history_user == admin_user
    [change] = newest.history_delta_changes
    assert (change["old"], change["new"]) == (
        str(Role.COMMITTEE.label),
        str(Role.FACILITATOR.label),
    )
    assert "style=" not in page.content.decode()


def test_a_long_history_asks_no_query_per_row(admin_client, admin_user, workshop):
    member = Membership.objects.create(workshop=workshop, user=admin_user, role=Role.COMMITTEE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert admin_client.get(url(member, "history")).status_code == 200
        return len(asked)

    member.save()
    admin_client.get(url(member, "history"))
    short = queries()
    for role in (*Role, *Role):
        member.role = role
        member.save()
    assert queries() == short


def test_an_old_state_is_shown_and_cannot_be_sent_back(admin_client, workshop):
    workshop.title = "Neuer Titel"
    workshop.save()
    first = workshop.history.earliest()
    old = reverse("admin:workshops_workshop_simple_history", args=[workshop.pk, first.pk])
    page = admin_client.get(old)
    assert page.status_code == 200
    assert [*page.context["adminform"].form.fields] == []
    assert admin_client.post(old, {"title": "Digital-Werkstatt"}).status_code == 403
    workshop.refresh_from_db()
    assert workshop.title == "Neuer Titel"


def test_the_page_of_a_workshop_asks_no_query_per_row(
    admin_client, workshop, django_assert_num_queries
):
    def add_rows(number: int) -> None:
        person = User.objects.create_user(f"p{number}@example.org")
        Membership.objects.create(workshop=workshop, user=person, role=Role.COMMITTEE)
        ParticipantGroup.objects.create(workshop=workshop, name=f"Gruppe {number}")
        ScaleStep.objects.create(
            workshop=workshop, criterion=Criterion.RELEVANCE, step=number, label="Wort"
        )

    add_rows(1)
    admin_client.get(url(workshop))
    with CaptureQueriesContext(connection) as one:
        admin_client.get(url(workshop))
    add_rows(2)
    add_rows(3)
    other = Municipality.objects.create(name="Mainz")
    WorkshopMunicipality.objects.create(workshop=workshop, municipality=other, seat=2)
    with django_assert_num_queries(len(one)):
        admin_client.get(url(workshop))


@pytest.mark.parametrize("page", ["user", "workshop"])
def test_a_typing_error_beside_it_does_not_let_the_last_administration_be_removed(
    admin_client, workshop, measure, administrator, page
):
    hold(workshop, measure)
    row = Membership.objects.get(user=administrator)
    shown = url(getattr(row, page))
    sent = form_data(admin_client.get(shown))
    [name] = [n for n in sent if n.endswith("-id") and n.startswith("memberships-")
              and sent[n] == str(row.pk)]  # fmt: skip
    prefix = name.removesuffix("-id")
    sent |= {f"{prefix}-DELETE": "on", f"{prefix}-role": "nonsense"}
    assert admin_client.post(shown, sent).status_code == 200
    assert Membership.objects.filter(pk=row.pk).exists()
