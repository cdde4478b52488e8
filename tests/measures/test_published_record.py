"""What is left of a workshop that is deleted after it has published something."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from measures.again.deleting import BESIDE, CONTENTS, COVER
from measures.again.four_eyes import ask, confirm
from measures.followup.links import make_link
from measures.hand_over.packing import pack
from measures.hand_over.readiness import Refused
from measures.models import (
    Attachment,
    AttachmentPart,
    Decision,
    Measure,
    PublicRecord,
    Reminder,
    Seal,
)
from measures.public.listing import public_counts
from tests.deciding import decide as decide_on
from tests.deciding import hold
from tests.files import PDF
from tests.measures.publishing import ROUTES, address, rate, read
from tests.workshops.test_admin import list_of
from workshops.models import Deletion, Membership, Role, User, Workshop, WorkshopRevision

pytestmark = pytest.mark.django_db

NOTE = re.compile(r'<p class="muted">\s*(?:So stand die|This is how the) .*?</p>', re.S)


@pytest.fixture
def second(workshop) -> User:
    user = User.objects.create_user("leitung@bingen.example", name="Lea")
    Membership.objects.create(workshop=workshop, user=user, role=Role.ADMINISTRATION)
    return user


@pytest.fixture
def go(workshop, administrator, second):
    """Return a function that archives the workshop and has it deleted by two people."""

    def away() -> None:
        Workshop.objects.filter(pk=workshop.pk).update(archived_at=timezone.now())
        row = Workshop.objects.get(pk=workshop.pk)
        asked = timezone.now() - timedelta(days=8)
        deletion = ask(row, by=administrator, reason="Frist ist um", now=asked)
        with transaction.atomic():
            confirm(deletion, by=second, now=timezone.now())

    return away


@pytest.fixture
def told(public, measure, measure_two, ballots, session, decide, report, remark) -> Workshop:
    """A public workshop with ratings, a decision, a report, an answer and a file."""
    rate(measure, ballots(6), *[(5, 4)] * 6)
    made = decide(
        session, measure, "amended", wording="WLAN am Rhein & <Nahe>", responsible="Bauamt",
        responsible_email="amt@bingen.example",
    )  # fmt: skip
    report(measure, "running", "Es läuft", 3)
    remark(measure, "Wozu?", answer="Für Gäste", is_released=True)
    attach(measure, "Plan.pdf", is_released=True)
    attach(measure, "intern.pdf", is_released=False)
    make_link(made, by=None, now=timezone.now())
    Reminder.objects.create(day=session.date, recipient="amt@bingen.example", workshop=public)
    return public


def attach(measure: Measure, name: str, **more) -> Attachment:
    row = Attachment.objects.create(
        workshop=measure.workshop, measure=measure, name=name, kind="pdf", size=len(PDF),
        digest="0" * 64, added_as=Role.ADMINISTRATION, client_id=f"{len(name):032d}", **more,
    )  # fmt: skip
    AttachmentPart.objects.create(attachment=row, place=0, content=PDF)
    return row


def pages(workshop: Workshop) -> dict[str, bytes]:
    """Return what anybody reads at each public address, but for the note that it is a record."""
    paths = [address(name, workshop) for name in ROUTES]
    paths += [f"{paths[0]}?all=1", f"{paths[0]}?q=WLAN", f"{paths[0]}?outcome=amended"]
    paths += [reverse("measures:public-measure", args=[workshop.pk, n]) for n in (1, 2)]
    found = {}
    for path in paths:
        for language in ("", "lang=en"):
            whole = path + (f"{'&' if '?' in path else '?'}{language}" if language else "")
            response = Client().get(whole)
            assert response.status_code == 200, whole
            found[whole] = NOTE.sub("", response.content.decode("latin-1"))
    return found


def without_space(told: dict[str, str]) -> dict[str, str]:
    return {path: re.sub(r"\s+", "", text) for path, text in told.items()}


# What stays -------------------------------------------------------------------------------------


def test_everybody_reads_what_they_read_before(told, go):
    before = pages(told)
    go()
    assert without_space(pages(told)) == without_space(before)


def test_the_page_says_that_it_is_a_record(told, go, client):
    path = address("public-page", told)
    note = "This is how the page read on"
    assert note not in read(client.get(f"{path}?lang=en"))
    go()
    for each in (path, reverse("measures:public-measure", args=[told.pk, 1])):
        assert note in read(client.get(f"{each}?lang=en"))


def test_released_files_are_still_handed_out_and_no_others(told, go, client):
    public, internal = Attachment.objects.order_by("pk")
    go()
    place = [
        reverse("measures:public-file", args=[told.pk, each.pk]) for each in (public, internal)
    ]
    assert client.get(place[0]).getvalue() == PDF
    assert client.get(place[1]).status_code == 404
    assert (Attachment.objects.count(), AttachmentPart.objects.count()) == (1, 1)


def test_what_was_merged_still_leads_on(told, measure, measure_two, go, client):
    Measure.objects.filter(pk=measure_two.pk).update(merged_into=measure)
    go()
    path = reverse("measures:public-measure", args=[told.pk, measure_two.number])
    aim = reverse("measures:public-measure", args=[told.pk, measure.number])
    assert client.get(path)["Location"] == aim
    gone = reverse("measures:public-measure", args=[told.pk, 99])
    assert client.get(gone).status_code == 404


def test_the_list_of_published_workshops_counts_as_before(told, go):
    before = public_counts([told.pk])
    go()
    assert public_counts([told.pk]) == before == {told.pk: (2, 1)}


def test_two_names_and_the_reason_stay_as_always(told, go, administrator, second):
    go()
    row = Deletion.objects.get()
    assert (row.workshop, row.title, row.asked_by, row.confirmed_by) == (
        None, told.title, administrator, second,
    )  # fmt: skip


# What goes --------------------------------------------------------------------------------------


def everywhere() -> str:
    """Return all that the database holds, but for accounts and what staff and sessions did."""
    left = {"user", "session", "logentry", "historicaluser"}
    models = [each for each in apps.get_models() if each._meta.model_name not in left]
    rows = (each._base_manager.values_list() for each in models)
    return repr([list(each) for each in rows])


def test_nothing_is_left_that_was_not_published(secrets, public, go):
    assert "GEHEIM" in everywhere()
    go()
    text = everywhere()
    assert [secret for secret in [*secrets, "GEHEIM"] if secret in text] == []


def test_no_row_and_no_history_is_left_but_for_the_cover(told, go):
    go()
    left = {
        model.__name__: model._base_manager.filter(**{way: told.pk}).count()
        for model, way in CONTENTS
    }
    assert {name: n for name, n in left.items() if n} == {
        "Attachment": 1, "AttachmentPart": 1, "Seal": 1,
    }  # fmt: skip
    with_history = [model for model, _way in (*CONTENTS, *COVER) if hasattr(model, "history")]
    assert {model.__name__: model.history.count() for model in with_history} == dict.fromkeys(
        (model.__name__ for model in with_history), 0
    )


def test_no_table_that_hangs_on_a_workshop_is_forgotten():
    gone = {model for model, _way in (*CONTENTS, *BESIDE)}
    stays = {PublicRecord, WorkshopRevision, *(model for model, _way in COVER)}
    histories = {model.history.model for model in gone | stays if hasattr(model, "history")}
    forgotten = [
        model.__name__
        for model in set(apps.get_models()) - gone - stays - histories
        for column in model._meta.concrete_fields
        if column.remote_field and column.remote_field.model in gone | {Workshop}
    ]
    assert forgotten == []


def test_the_cover_says_no_more_than_the_page(told, go):
    Workshop.objects.update(place="Rathaus", hosts="Frau Muster", budget_once=5)
    go()
    row = Workshop.objects.get()
    assert (row.title, row.date, row.place, row.hosts, row.budget_once) == (
        told.title, told.date, "", "", None,
    )  # fmt: skip
    assert (row.is_public, row.is_archived, row.reduced_at is not None) == (True, True, True)


def test_nobody_comes_in_any_more(told, go, administrator, facilitator, signed_in):
    go()
    for person in (administrator, facilitator):
        client = signed_in(person)
        assert client.get(told.get_absolute_url()).status_code == 404
        assert told.title not in client.get("/?archived=1").content.decode()


def test_without_anything_published_nothing_is_left(workshop, measure, at, go):
    at("deliberating")
    decide_on(hold(workshop, measure), measure, is_published=False, has_basis=False)
    go()
    assert (Workshop.objects.count(), PublicRecord.objects.count()) == (0, 0)
    assert WorkshopRevision.objects.count() == 0


# A page that was off ----------------------------------------------------------------------------


@pytest.fixture
def off(told) -> Workshop:
    """The same workshop after its page was switched off again."""
    told.is_public = False
    told.save(update_fields=["is_public"])
    return told


def test_a_page_that_was_off_stays_off(off, go, client):
    go()
    assert client.get(address("public-page", off)).status_code == 404
    assert PublicRecord.objects.count() == 2


def test_published_decisions_alone_leave_a_record(workshop, measure, at, go):
    at("deliberating")
    decide_on(hold(workshop, measure), measure, has_basis=False)
    go()
    assert {(each.measures, each.decided) for each in PublicRecord.objects.all()} == {(1, 1)}
    assert Decision.objects.count() == 0


def choose(client, action: str):
    rows = [row.pk for row in PublicRecord.objects.all()]
    return client.post(list_of(PublicRecord), {"action": action, "_selected_action": rows})


def test_the_sites_administration_reads_it_and_puts_it_on_and_off(off, go, admin_client, client):
    go()
    row = PublicRecord.objects.get(language="de")
    page = admin_client.get(reverse("admin:measures_publicrecord_change", args=[row.pk]))
    assert "WLAN am Rhein &amp; &lt;Nahe&gt;" in page.content.decode()
    for action, status in (("put_on", 200), ("take_off", 404)):
        choose(admin_client, action)
        assert client.get(address("public-page", off)).status_code == status


def test_who_may_only_look_switches_nothing(off, go, client):
    go()
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_publicrecord"))
    client.force_login(clerk)
    choose(client, "put_on")
    assert Workshop.objects.get().is_public is False


# Whether it is what was kept --------------------------------------------------------------------


def test_the_record_is_sealed_and_bound_to_the_chain_before(told, go):
    links = Seal.objects.count()
    go()
    [seal] = Seal.objects.all()
    assert (seal.position, seal.kind, seal.data["chain"]["links"]) == (1, "reduced", links)
    assert len(seal.data["chain"]["last"]) == 64
    call_command("verify_decisions")


@pytest.mark.parametrize("column", ["pages", "picture"])
def test_a_changed_record_is_found(told, go, column, capsys):
    go()
    value = {"pages": '{"page": {}}', "picture": b"x"}[column]
    PublicRecord.objects.filter(language="de").update(**{column: value})
    with pytest.raises(CommandError):
        call_command("verify_decisions")
    told = capsys.readouterr().out
    assert "Was von diesem Workshop veröffentlicht war, ist nicht mehr das" in told


def test_a_record_belongs_to_an_archived_workshop(workshop):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.filter(pk=workshop.pk).update(reduced_at=timezone.now())


def test_a_file_without_owner_is_a_released_one(told):
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(is_released=False).update(measure=None)


def test_a_record_is_read_in_as_many_queries_for_any_number(
    told, go, client, django_assert_num_queries
):
    go()
    with django_assert_num_queries(2):
        client.get(address("public-page", told))
    with django_assert_num_queries(1):
        client.get(address("public-page", told))


def test_the_page_says_what_stays_and_what_does_not(told, session, decide, measure_two, town_hall):
    decide(session, measure_two, "rejected", is_published=False)
    Workshop.objects.filter(pk=told.pk).update(archived_at=timezone.now())
    place = reverse("measures:workshop-deletion", args=[told.pk])
    said = read(town_hall.get(place))
    assert "What was published stays: the public page as it reads then" in said
    assert "1 decision is not part of it" in said
    Workshop.objects.filter(pk=told.pk).update(is_public=False)
    assert "The page is switched off" in read(town_hall.get(place))


def test_what_is_left_does_not_move_to_another_installation(told, go):
    go()
    with pytest.raises(Refused):
        pack(Workshop.objects.get())
