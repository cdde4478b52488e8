"""A workshop put away: readable, unchangeable, in no list, and back again by the same people."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from fields.models import ActionField
from measures.again.deleting import delete
from measures.followup.mail import Occasion
from measures.followup.reminders import letters
from measures.models import Measure
from tests.deciding import decide, hold, in_english
from tests.people import open_door, visiting
from tests.test_access import ROWS, address, objects
from tests.today import TODAY
from workshops.access import Archived, in_turn
from workshops.models import Membership, Municipality, Participant, Role, Workshop
from workshops.phases import Activity, Phase

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_day")]
__all__ = ["objects"]

SENTENCE = (
    "This workshop is archived: everything in it can be read and nothing changed. Its"
    " administration, or without one the facilitator, can bring it back."
)
ALLOWED = (
    "workshops:workshop-unarchive", "measures:workshop-copy", "measures:workshop-delete",
    "measures:workshop-deletion",
)  # fmt: skip


def archive(client, workshop):
    return client.post(reverse("workshops:workshop-archive", args=[workshop.pk]))


def bring_back(client, workshop):
    return client.post(reverse("workshops:workshop-unarchive", args=[workshop.pk]))


def is_archived(workshop: Workshop) -> bool:
    return Workshop.objects.get(pk=workshop.pk).is_archived


def put_away(workshop: Workshop) -> Workshop:
    Workshop.objects.filter(pk=workshop.pk).update(archived_at=timezone.now(), is_door_open=False)
    workshop.refresh_from_db()
    return workshop


# Who --------------------------------------------------------------------------------------------


def test_the_administration_archives_and_brings_back(workshop, administrator, signed_in, at):
    at("closed")
    client = signed_in(administrator)
    assert archive(client, workshop)["Location"] == workshop.get_absolute_url()
    assert is_archived(workshop)
    assert bring_back(client, workshop)["Location"] == workshop.get_absolute_url()
    assert not is_archived(workshop)


def test_the_facilitator_does_it_only_where_there_is_no_administration(
    workshop, editor, administrator, at
):
    at("closed")
    page = reverse("workshops:workshop-archive", args=[workshop.pk])
    assert (editor.get(page).status_code, archive(editor, workshop).status_code) == (403, 403)
    put_away(workshop)
    assert bring_back(editor, workshop).status_code == 403
    administrator.memberships.all().delete()
    assert bring_back(editor, workshop).status_code == 302
    assert (editor.get(page).status_code, archive(editor, workshop).status_code) == (200, 302)
    assert is_archived(workshop)


def test_a_second_click_finds_it_done(workshop, editor, at):
    at("closed")
    archive(editor, workshop)
    since = Workshop.objects.get().archived_at
    assert archive(editor, workshop).status_code == 403
    assert Workshop.objects.get().archived_at == since
    assert [bring_back(editor, workshop).status_code for _time in range(2)] == [302, 302]
    assert Workshop.objects.get().history.filter(archived_at=None).count() >= 2


def test_the_history_says_who(workshop, editor, facilitator, at):
    at("closed")
    archive(editor, workshop)
    assert workshop.history.latest().history_user == facilitator


def test_nobody_archives_while_people_rate(workshop, editor, measure, at):
    at("rating")
    assert archive(editor, workshop).status_code == 403
    assert not is_archived(workshop)
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.update(archived_at=timezone.now())


def test_the_door_is_closed_with_it(workshop, editor, client, at):
    at("collecting")
    code = open_door(workshop)
    archive(editor, workshop)
    assert Workshop.objects.get().is_door_open is False
    assert client.get(reverse("measures:join", args=[code])).status_code == 403
    with pytest.raises(ValidationError):
        Workshop(title="A", date=TODAY, archived_at=timezone.now(), is_door_open=True).full_clean()


# Read only --------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [Phase.COLLECTING, Phase.CLOSED])
def test_whatever_is_sent_is_refused_with_one_sentence(
    workshop, objects, everybody, signed_in, at, phase
):
    at(phase)
    put_away(workshop)
    before = revision(workshop)
    client = in_english(signed_in(everybody))
    found = {}
    for name, row in ROWS:
        if row.method == "POST" and name not in ALLOWED and not name.startswith("measures:guest"):
            answer = client.post(address(name, row, workshop, objects), row.data)
            found[name] = (answer.status_code, SENTENCE in answer.content.decode())
    wrong = {name: each for name, each in found.items() if each != (403, True)}
    assert (wrong, len(found) > 80) == ({}, True)
    assert revision(workshop) == before


def revision(workshop: Workshop) -> int:
    return Workshop.objects.select_related("revision").get(pk=workshop.pk).revision.number


@pytest.fixture
def everybody(workshop, facilitator, administrator):
    """A person with every role, and an administration besides."""
    for role in (Role.ADMINISTRATION, Role.COMMITTEE):
        Membership.objects.create(workshop=workshop, user=facilitator, role=role)
    Participant.objects.create(workshop=workshop, user=facilitator, name="Mona")
    return facilitator


def test_a_guest_and_a_table_change_nothing_either(workshop, field, guest, table, at):
    at("collecting")
    phone, laptop = guest("Rat"), table("Tisch 7", field)
    put_away(workshop)
    line = reverse("measures:measure-add", args=[workshop.pk, field.pk])
    group = reverse("measures:guest-group", args=[workshop.pk])
    assert laptop.post(line, {"title": "Rad"}).status_code == 403
    assert phone.post(group, {"group": ""}).status_code == 403
    assert Measure.objects.count() == 0


def test_who_waited_for_the_turn_while_it_was_archived_is_refused(workshop, facilitator, at):
    at("collecting")
    visit = visiting(workshop, facilitator)
    put_away(workshop)
    for activity in (None, Activity.CAPTURE):
        with pytest.raises(Archived), transaction.atomic():
            in_turn(visit, activity)
    with transaction.atomic():
        assert in_turn(visit, when_archived=True).workshop.is_archived


def test_who_waited_for_the_turn_while_it_was_deleted_finds_nothing(workshop, facilitator):
    visit = visiting(workshop, facilitator)
    delete(workshop)
    with pytest.raises(Http404), transaction.atomic():
        in_turn(visit, when_archived=True)


@pytest.mark.parametrize("phase", [each for each in Phase if each != Phase.RATING])
def test_only_results_are_allowed_as_before(workshop, measure, ballots, phase, at):
    at(phase)
    before = workshop.allows(Activity.SEE_RESULTS)
    put_away(workshop)
    allowed = {each for each in Activity if workshop.allows(each)}
    assert allowed == ({Activity.SEE_RESULTS} if before else set())


def test_everything_can_still_be_read_and_the_pages_say_so(
    workshop, measure, administrator, signed_in, at
):
    at("closed")
    put_away(workshop)
    client = in_english(signed_in(administrator))
    for name in ("workshop-day", "measure-list", "dashboard", "session-list", "progress"):
        page = client.get(reverse(f"measures:{name}", args=[workshop.pk]), {"view": "all"})
        said = "Archived: everything can be read, nothing changed." in page.content.decode()
        assert (name, page.status_code, said) == (name, 200, True)


def test_the_day_offers_the_way_back_and_no_step(workshop, measure, administrator, signed_in, at):
    at("deliberating")
    put_away(workshop)
    page = signed_in(administrator).get(workshop.get_absolute_url())
    assert [each.to for each in page.context["actions"]] == [""]
    assert (page.context["back"], page.context["again"].may_archive) == (None, True)
    assert reverse("workshops:workshop-unarchive", args=[workshop.pk]) in page.content.decode()


def test_in_the_admin_it_is_only_read(workshop, admin_client, at):
    at("closed")
    put_away(workshop)
    page = admin_client.get(reverse("admin:workshops_workshop_change", args=[workshop.pk]))
    assert (page.status_code, page.context["has_change_permission"]) == (200, False)
    sent = admin_client.post(
        reverse("admin:workshops_workshop_change", args=[workshop.pk]), {"title": "Neu"}
    )
    assert sent.status_code == 403


def test_published_pages_stay(workshop, measure, client, at):
    at("closed")
    Workshop.objects.filter(pk=workshop.pk).update(is_public=True)
    put_away(workshop)
    assert client.get(reverse("measures:public-page", args=[workshop.pk])).status_code == 200
    assert [each.workshop for each in client.get("/").context["published"]] == [workshop]


# Lists ------------------------------------------------------------------------------------------


def listed(client, query: str = "") -> list[str]:
    return [visit.workshop.title for visit, _action in client.get(f"/{query}").context["visits"]]


def test_it_leaves_my_workshops_and_a_link_leads_to_it(workshop, facilitator, signed_in):
    Workshop.objects.filter(pk=workshop.pk).update(title="Alt", archived_at=timezone.now())
    client = signed_in(facilitator)
    assert (listed(client), listed(client, "?archived=1")) == ([], ["Alt"])
    assert client.get("/").context["has_archived"]
    bring_back(client, workshop)
    assert (listed(client), listed(client, "?archived=1")) == (["Alt"], [])
    assert not client.get("/").context["has_archived"]


def test_it_leaves_the_progress_of_its_municipality(workshop, measure, facilitator, signed_in, at):
    at("closed")
    page = reverse("measures:municipality-progress", args=[Municipality.objects.get().pk])
    client = signed_in(facilitator)
    assert client.get(page).status_code == 200
    put_away(workshop)
    assert client.get(page).status_code == 404


def test_nobody_is_reminded_of_it(workshop, field, measure, at):
    at("deliberating")
    due = TODAY - timedelta(days=1)
    session = hold(workshop, measure, date=TODAY - timedelta(days=9))
    decide(session, measure, due_date=due, at=timezone.now(), has_basis=False)
    assert "moderation@bingen.example" in letters(Occasion(TODAY, ""))
    put_away(workshop)
    assert letters(Occasion(TODAY, "")) == {}


def test_a_stranger_learns_nothing_of_it(workshop, stranger, signed_in, at):
    ActionField.objects.create(workshop=workshop, name="Energie")
    put_away(workshop)
    assert archive(signed_in(stranger), workshop).status_code == 404
    assert bring_back(signed_in(stranger), workshop).status_code == 404


def test_the_admin_changes_nothing_in_it(workshop, field, measure, admin_client, at):
    at("deliberating")
    pages = [
        reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        for row in (field, measure)
    ]

    def may_change() -> list[bool]:
        return [admin_client.get(page).context["has_change_permission"] for page in pages]

    assert may_change() == [True, True]
    put_away(workshop)
    assert may_change() == [False, False]
    assert [admin_client.post(page, {"title": "Rad"}).status_code for page in pages] == [403, 403]
    added = admin_client.get(reverse("admin:workshops_membership_add"))
    offered = added.context["adminform"].form.fields["workshop"].queryset
    assert not offered.filter(pk=workshop.pk).exists()
