"""The admin of measures and ratings, and what holds for every page of the admin."""

import datetime
import re
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fields.models import ActionField, Goal
from measures.followup.links import make_link
from measures.models import (
    AgendaItem,
    Assessment,
    CarriedNote,
    Consensus,
    Cost,
    CostShare,
    DistinctPair,
    FormerWording,
    Indicator,
    IndicatorEntry,
    Measure,
    PaperCount,
    PublicRecord,
    Rating,
    Remark,
    Reminder,
    Round,
    SavedView,
    Session,
    StatusEntry,
    Task,
)
from tests.deciding import decide
from tests.files import attach
from tests.rating import agree_on, count_paper, round_of, save_rating
from tests.workshops.test_admin import complaints, form_data, list_of, url
from workshops.models import (
    Ballot,
    Criterion,
    Deletion,
    LegalText,
    Look,
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

ONLY_ON_ITS_PARENTS_PAGE = {"ScaleStep", "WorkshopMunicipality"}
DERIVED = {"WorkshopRevision"}
# Ratings would be seen here before they are shown, and a pile of one sheet is that sheet. Edits are
# for the browser that made them. What stands at the front is led from the cockpit. Bytes
# are handed out by their workshop's pages.
ON_NO_PAGE_OF_THE_ADMIN = {
    "Rating", "PaperCount", "Offer", "Edit", "JoinCode", "Table", "Idea", "Front", "Slot",
    "AttachmentPart",
    "CalendarAddress",
}  # fmt: skip
INLINE = re.compile(
    r"<style\b|<[^>]+\sstyle\s*=|<[^>]+\son[a-z]+\s*=|<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE
)


class World:
    """A workshop with one row of everything; ``rows`` has one object per model."""

    def __init__(self, number: int = 1):
        day = datetime.date(2026, 9, number)
        self.town = Municipality.objects.create(name=f"Stadt {number}")
        look = Look.objects.create(municipality=self.town, accent="#767676")
        text = LegalText.objects.create(municipality=self.town, kind="imprint", body="Stadt [… X]")
        self.workshop = Workshop.objects.create(title=f"Werkstatt {number}", date=day)
        seat = WorkshopMunicipality.objects.create(workshop=self.workshop, municipality=self.town)
        self.group = ParticipantGroup.objects.create(workshop=self.workshop, name="Gremium-X")
        self.step = ScaleStep.objects.create(
            workshop=self.workshop, criterion=Criterion.RELEVANCE, step=1, label="gering"
        )
        self.user = User.objects.create_user(f"gabi{number}@example.org", name="Gabi Gast")
        self.ballot = Ballot.objects.create(
            workshop=self.workshop, group=self.group, source="account"
        )
        self.field = ActionField.objects.create(workshop=self.workshop, name="Tourismus")
        self.goal = Goal.objects.create(field=self.field, text="Gäste finden sich zurecht")
        self.measure = Measure.objects.create(
            workshop=self.workshop, field=self.field, goal=self.goal, title="Freies WLAN",
            municipality=self.town,
        )  # fmt: skip
        self.rows = [
            look, text,
            self.town, self.workshop, seat, self.group, self.step, self.user, self.ballot,
            self.field, self.goal, self.measure,
            Membership.objects.create(
                workshop=self.workshop, user=self.user, role=Role.FACILITATOR
            ),
            Participant.objects.create(
                workshop=self.workshop, user=self.user, group=self.group, has_ballot=True,
                ballot=self.ballot,
            ),
            PhaseChange.objects.create(
                workshop=self.workshop, before="preparing", after="rating", by=self.user
            ),
            Group.objects.create(name=f"Amt {number}"),
            EmailAddress.objects.create(user=self.user, email=self.user.email),
            SavedView.objects.create(workshop=self.workshop, name="Schnell getan", place=1),
            *self.decide(number),
        ]  # fmt: skip

    def decide(self, number: int) -> list:
        day = datetime.date(2020, 10, 1)
        session = Session.objects.create(workshop=self.workshop, committee="Rat", date=day)
        decision = decide(session, self.measure, is_published=False)
        return [
            session,
            AgendaItem.objects.create(session=session, measure=self.measure),
            decision,
            decision.seal,
            Remark.objects.create(measure=self.measure, text="Wer zahlt?", client_id=uuid4()),
            FormerWording.objects.create(measure=self.measure, title="WLAN"),
            StatusEntry.objects.create(
                measure=self.measure, date=day, state="running", sentence="Läuft.",
                client_id=uuid4(),
            ),
            Reminder.objects.create(
                day=day, recipient=f"amt{number}@bingen.example", workshop=self.workshop
            ),
            make_link(decision, by=self.user, now=timezone.now()),
            attach(self.measure, workshop=self.workshop),
            Assessment.objects.create(
                measure=self.measure, relevance=4, feasibility=2, reason="Teuer.",
                office="Amt 1", day=self.workshop.date, client_id=uuid4(),
            ),
            *self.prove(day),
            Task.objects.create(measure=self.measure, text="Angebote", client_id=uuid4()),
            CarriedNote.objects.create(
                measure=self.measure, number=7, workshop_title="Vorher", workshop_date=day
            ),
            PublicRecord.objects.create(
                workshop=self.workshop, language="de", measures=0, decided=0,
                pages='{"page": {"cards": [], "choices": {}, "head": "", "tail": ""},'
                ' "matrix": {"body": ""}, "feed": {"author": "", "entries": []}, "merged": {}}',
            ),
            Deletion.objects.create(
                workshop=self.workshop, title="Werkstatt", date=day, reason="Vorbei",
                asked_by=self.user, asked_at=timezone.now(),
            ),
        ]  # fmt: skip

    def prove(self, day: datetime.date) -> list:
        cost = Cost.objects.create(
            measure=self.measure, purpose="Router", amount=9, client_id=uuid4()
        )
        indicator = Indicator.objects.create(
            measure=self.measure, name="Hotspots", client_id=uuid4()
        )
        return [
            cost,
            CostShare.objects.create(cost=cost, municipality=self.town, amount=5),
            indicator,
            IndicatorEntry.objects.create(indicator=indicator, day=day, value=7, client_id=uuid4()),
        ]

    def rate(self) -> "World":
        other = Measure.objects.create(
            workshop=self.workshop, field=self.field, title="Freies WLAN am Hafen"
        )
        self.rows += [
            DistinctPair.objects.create(first=self.measure, second=other),
            round_of(self.workshop),
            save_rating(self.ballot, self.measure, relevance=5, feasibility=None),
            agree_on(measure=self.measure, relevance=4, feasibility=2),
            count_paper(
                measure=self.measure, group=self.group, criterion=Criterion.RELEVANCE, step=5,
                count=2,
            ),
        ]  # fmt: skip
        return self

    def row_of(self, model):
        found = [row for row in self.rows if type(row) is model]
        assert found, f"Please add a {model.__name__} to World in {__file__}."
        return found[0]


REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = ("workshops", "fields", "measures")


@pytest.fixture
def world() -> World:
    return World()


# Every page --------------------------------------------------------------------------------------


def test_every_model_of_ours_is_in_the_admin():
    missing = {
        model.__name__
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if model not in admin.site._registry and not model.__name__.startswith("Historical")
    }
    assert missing == ONLY_ON_ITS_PARENTS_PAGE | DERIVED | ON_NO_PAGE_OF_THE_ADMIN


def asked_for(client, model) -> int:
    """Return how many queries a list takes."""
    client.get(list_of(model))  # content types and the like are remembered from here on
    with CaptureQueriesContext(connection) as queries:
        assert client.get(list_of(model)).status_code == 200
    return len(queries)


def test_every_list_with_three_rows_asks_as_many_queries_as_with_one(admin_client):
    world = World(1).rate()
    assert [model for model in REGISTERED if not world.row_of(model)] == []
    one = {model: asked_for(admin_client, model) for model in REGISTERED}
    World(2).rate()
    World(3).rate()
    assert {model: asked_for(admin_client, model) for model in REGISTERED} == one
    pages = {model: admin_client.get(list_of(model)) for model in REGISTERED}
    assert [m for m, page in pages.items() if page.context["cl"].result_count < 3] == []


def pages_of(row) -> list[str]:
    """Return the address of every page that the admin has for a row."""
    model = type(row)
    model_admin = admin.site._registry[model]
    pages = [list_of(model), url(row), url(row, "history")]
    request = type("Request", (), {"user": User(is_superuser=True, is_active=True)})()
    if model_admin.has_add_permission(request):
        pages.append(list_of(model) + "add/")
    if model_admin.has_delete_permission(request, row):
        pages.append(url(row, "delete"))
    if hasattr(row, "history"):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history"
        pages.append(reverse(name, args=[row.pk, row.history.latest().pk]))
    return pages


def test_every_page_opens_and_has_nothing_that_the_security_policy_blocks(admin_client):
    world = World().rate()
    for page in [page for model in REGISTERED for page in pages_of(world.row_of(model))]:
        response = admin_client.get(page)
        assert (page, response.status_code) == (page, 200)
        assert (page, INLINE.findall(response.content.decode())) == (page, [])


def test_staff_who_may_only_look_can_look_at_everything(client):
    world = World().rate()
    clerk = User.objects.create_user("amt@example.org", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(clerk)
    answers, wanted = {}, {}
    for row in map(world.row_of, REGISTERED):
        pages = (list_of(type(row)), url(row), url(row, "history"))
        answers[row] = [client.get(page).status_code for page in pages]
        answers[row].append(client.post(url(row), {}).status_code)
        answers[row].append(client.post(url(row, "delete"), {"post": "yes"}).status_code)
        wanted[row] = [200, 200, 200, 403, 403]
    assert answers == wanted
    client.force_login(User.objects.create_user("niemand@example.org", is_staff=True))
    assert {client.get(list_of(model)).status_code for model in REGISTERED} == {403}


def test_every_list_of_ours_can_be_searched(admin_client):
    World().rate()
    for model in [model for model in REGISTERED if model._meta.app_label in OURS]:
        assert admin.site._registry[model].search_fields
        for query in ("e", "M1", "12345678901234567890"):
            answer = admin_client.get(list_of(model), {"q": query})
            assert (model, query, answer.status_code) == (model, query, 200)


# The frozen scale --------------------------------------------------------------------------------


def rate_by_ballot(world: World) -> None:
    save_rating(world.ballot, world.measure, relevance=None, feasibility=None)


def rate_on_paper(world: World) -> None:
    count_paper(measure=world.measure, criterion=Criterion.RELEVANCE, count=1)


def rate_together(world: World) -> None:
    agree_on(measure=world.measure, relevance=3)


@pytest.mark.parametrize("rate", [rate_by_ballot, rate_on_paper, rate_together])
def test_with_the_first_rating_scale_and_anonymity_are_frozen(admin_client, world, rate):
    page = admin_client.get(url(world.workshop))
    opened = form_data(page) | {
        "steps": "7",
        "anonymity": "pseudonymous",
        "scale_steps-0-label": "niedrig",
        "scale_steps-0-DELETE": "on",
        "title": "Berichtigt",
    }
    assert not world.workshop.has_ratings()
    rate(world)
    assert world.workshop.has_ratings()
    assert admin_client.post(url(world.workshop), opened).status_code == 302
    stored = Workshop.objects.get(pk=world.workshop.pk)
    assert (stored.title, stored.steps, stored.anonymity) == ("Berichtigt", 5, "anonymous")
    assert [step.label for step in stored.scale_steps.all()] == ["gering"]
    page = admin_client.get(url(world.workshop))
    assert {"steps", "anonymity"} <= {*page.context["adminform"].readonly_fields}


def test_before_the_first_rating_the_scale_can_be_changed(admin_client, world):
    data = form_data(admin_client.get(url(world.workshop)))
    data |= {"steps": "7", "scale_steps-0-label": "niedrig"}
    assert admin_client.post(url(world.workshop), data).status_code == 302
    stored = Workshop.objects.get(pk=world.workshop.pk)
    assert (stored.steps, stored.scale_steps.get().label) == (7, "niedrig")


@pytest.mark.parametrize(
    ("name", "value"), [("steps", 4), ("anonymity", "pseudonymous"), ("smallest_group", 4)]
)
def test_the_model_refuses_what_is_frozen(world, name, value):
    setattr(world.workshop, name, value)
    Ballot.objects.all().delete()
    world.workshop.full_clean()
    Ballot.objects.create(workshop=world.workshop, source=Ballot.Source.ACCOUNT)
    save_rating(Ballot.objects.get(), world.measure, relevance=3, feasibility=None)
    with pytest.raises(ValidationError) as refused:
        world.workshop.full_clean()
    assert [*refused.value.message_dict] == [name]


def test_the_model_refuses_new_and_changed_words_of_a_frozen_scale(world):
    rate_by_ballot(world)
    world.step.clean()  # unchanged: nothing to refuse
    world.step.label = "niedrig"
    new = ScaleStep(workshop=world.workshop, criterion="feasibility", step=1, label="schwer")
    for step in (world.step, new):
        with pytest.raises(ValidationError):
            step.clean()


# Measures ----------------------------------------------------------------------------------------


@pytest.fixture
def decided(world) -> World:
    """The same in the phase in which measures are decided on."""
    Workshop.objects.filter(pk=world.workshop.pk).update(phase=Phase.DELIBERATING)
    return world


def test_a_measure_is_neither_added_nor_deleted_here(admin_client, decided):
    assert admin_client.get(reverse("admin:measures_measure_add")).status_code == 403
    assert admin_client.post(url(decided.measure, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [decided.measure.pk], "post": "yes"}
    admin_client.post(list_of(Measure), chosen)
    assert Measure.objects.count() == 1


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.COLLECTING, Phase.RATING])
def test_as_long_as_the_pages_lead_to_the_board_a_measure_is_only_read(admin_client, world, phase):
    Workshop.objects.filter(pk=world.workshop.pk).update(phase=phase)
    page = admin_client.get(url(world.measure))
    assert [*page.context["adminform"].form.fields] == []
    assert admin_client.post(url(world.measure), {"title": "App", "seen": 1}).status_code == 403


def test_wording_and_municipality_are_corrected_afterwards_and_nothing_else(
    admin_client, admin_user, decided
):
    measure, other = decided.measure, World(2)
    second = Municipality.objects.create(name="Stadt 1")
    WorkshopMunicipality.objects.create(workshop=decided.workshop, municipality=second, seat=2)
    data = form_data(admin_client.get(url(measure)))
    assert {*data} == {"title", "short_title", "description", "municipality", "seen"}
    data |= {
        "number": "9", "workshop": other.workshop.pk, "field": other.field.pk, "goal": "",
        "order": "5", "time_horizon": "short", "lead": "Amt", "is_removed": "on",
        "title": "Gäste-App", "short_title": "App", "description": "Für alle",
        "municipality": str(second.pk),
    }  # fmt: skip
    before = WorkshopRevision.objects.get(workshop=decided.workshop).number
    assert admin_client.post(url(measure), data).status_code == 302
    newest, first = measure.history.all()
    changed = {change.field for change in newest.diff_against(first).changes}
    assert changed == {"title", "short_title", "description", "municipality"}
    assert (newest.version, newest.history_user) == (2, admin_user)
    measure.refresh_from_db()
    assert (measure.title, measure.description, measure.municipality) == (
        "Gäste-App", "Für alle", second,
    )  # fmt: skip
    assert WorkshopRevision.objects.get(workshop=decided.workshop).number == before + 1


def test_a_municipality_of_another_workshop_cannot_be_chosen(admin_client, decided):
    data = form_data(admin_client.get(url(decided.measure))) | {"municipality": World(2).town.pk}
    page = admin_client.post(url(decided.measure), data)
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)


def test_a_measure_that_somebody_changed_meanwhile_is_not_overwritten(admin_client, decided):
    opened = form_data(admin_client.get(url(decided.measure)))
    decided.measure.title = "Freies WLAN am Rhein"
    decided.measure.save()
    page = admin_client.post(url(decided.measure), opened | {"description": "Am Ufer"})
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    assert Measure.objects.values_list("title", "description").get() == (
        "Freies WLAN am Rhein", "",
    )  # fmt: skip


def test_removed_measures_are_restored_each_with_its_history(admin_client, admin_user, world):
    other = World(2)
    rows = [world.measure, other.measure]
    for row in rows:
        row.is_removed = True
        row.save()
    numbers = dict(WorkshopRevision.objects.values_list("pk", "number"))
    chosen = {"action": "restore", "_selected_action": [row.pk for row in rows]}
    assert admin_client.post(list_of(Measure), chosen).status_code == 302
    assert Measure.objects.standing().count() == 2
    for row in rows:
        newest, *_before = row.history.all()
        assert (newest.is_removed, newest.version, newest.history_user) == (False, 3, admin_user)
    after = {pk: number + 1 for pk, number in numbers.items()}
    assert dict(WorkshopRevision.objects.values_list("pk", "number")) == after


def test_a_municipality_that_measures_concern_keeps_its_seat(admin_client, world):
    second = Municipality.objects.create(name="Nachbarstadt")
    data = form_data(admin_client.get(url(world.workshop)))
    page = admin_client.post(url(world.workshop), data | {"seats-0-municipality": str(second.pk)})
    assert page.status_code == 200 and len(complaints(page)) == 1, complaints(page)
    assert world.workshop.seats.get().municipality == world.town


@pytest.mark.parametrize("query", ["M1", "m1", "wlan"])
def test_a_measure_is_found_by_its_number_and_title(admin_client, world, query):
    Measure.objects.create(workshop=world.workshop, field=world.field, title="App")
    page = admin_client.get(list_of(Measure), {"q": query, "workshop": world.workshop.pk})
    assert [*page.context["cl"].queryset] == [world.measure]


# Group values, ratings, paper --------------------------------------------------------------------


@pytest.mark.parametrize("model", [Consensus, Session])
def test_what_has_pages_of_its_own_is_only_read(admin_client, world, model):
    row = world.rate().row_of(model)
    page = admin_client.get(url(row))
    assert [*page.context["adminform"].form.fields] == []
    sent = {"relevance": "1", "committee": "Ausschuss"}
    for place in (url(row), url(row, "delete"), list_of(model) + "add/"):
        assert admin_client.post(place, sent | {"post": "yes"}).status_code == 403
    assert row.history.count() == 1


@pytest.mark.parametrize("model", [Rating, PaperCount])
def test_ratings_and_paper_have_no_page_in_the_admin(admin_client, world, model):
    row = world.rate().row_of(model)
    place = f"/admin/measures/{model._meta.model_name}/"
    for page in ("", "add/", f"{row.pk}/change/", f"{row.pk}/history/", f"{row.pk}/delete/"):
        assert admin_client.get(place + page).status_code == 404, page
        assert admin_client.post(place + page, {"post": "yes"}).status_code == 404, page
    assert model.objects.filter(pk=row.pk).exists()


def test_no_name_no_group_and_no_ballot_stands_beside_a_rating(admin_client, world):
    world.rate()
    agreed, round = world.row_of(Consensus), world.row_of(Round)
    pages = [
        list_of(Round), url(round), url(round, "history"), list_of(Consensus), url(agreed),
        url(agreed, "history"), url(world.measure), list_of(Ballot), url(world.ballot),
    ]  # fmt: skip
    for page in pages:
        shown = admin_client.get(page).content.decode()
        for secret in ("Gabi", "gabi1@", "Gremium-X"):
            assert secret not in shown, (page, secret)
        if "ballot" not in page:
            assert str(world.ballot) not in shown, page


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Round, "ratings__ballot"),
        (Round, "ratings__ballot__id"),
        (Round, "ratings__ballot__group"),
        (Round, "ratings__ballot__group__id__exact"),
        (Round, "ratings__ballot__group__name"),
        (Round, "ratings__ballot__source"),
        (Round, "ratings__ballot__participant__name"),
        (Round, "ratings__ballot__participant__user__email"),
        (Round, "ratings__relevance"),
        (Round, "ratings__feasibility__gt"),
        (Round, "paper_counts__group"),
        (Round, "paper_counts__group__isnull"),
        (Round, "paper_counts__count__gt"),
        (Round, "group_values__relevance"),
        (Ballot, "ratings__relevance"),
        (Ballot, "ratings__measure"),
        (Participant, "ballot__ratings__relevance"),
        (Measure, "ratings__ballot__group"),
        (Measure, "ratings__ballot__participant__name"),
        (Measure, "ratings__relevance"),
        (Measure, "paper_counts__group"),
        (Measure, "paper_counts__count"),
        (Measure, "rounds__ratings__relevance"),
        (Measure, "offers__round__ratings__ballot"),
        (Measure, "merged_into__ratings__ballot__group"),
        (Consensus, "measure__ratings__ballot__group"),
        (Consensus, "round__ratings__ballot__group"),
        (Consensus, "round__ratings__relevance"),
        (Workshop, "ballots__ratings__relevance"),
        (Workshop, "rounds__ratings__relevance"),
    ],
)
def test_a_query_string_opens_no_side_door(admin_client, world, model, lookup):
    world.rate()
    assert admin_client.get(list_of(model), {lookup: "1"}).status_code == 400


@pytest.mark.parametrize(("model", "about"), [(Round, "Werkstatt"), (Consensus, "WLAN")])
def test_a_search_finds_neither_people_nor_groups(admin_client, world, model, about):
    world.rate()

    def found(query: str) -> int:
        return admin_client.get(list_of(model), {"q": query}).context["cl"].result_count

    assert found(about) == found("Werkstatt") == 1
    assert found("Gabi") == found("gabi1@example.org") == found("Gremium-X") == 0
    assert found(str(world.ballot)) == 0


def test_no_count_of_paper_sheets_stands_on_any_page_of_the_admin(admin_client, world):
    world.rate()
    shared = {"measure": world.measure, "criterion": Criterion.RELEVANCE}
    count_paper(**shared, step=4, group=world.group, count=431)
    count_paper(**shared, step=None, count=431)
    for row in (world.workshop, world.measure, world.group, world.row_of(Round)):
        for page in (list_of(type(row)), url(row), url(row, "history")):
            assert "431" not in admin_client.get(page).content.decode(), page
