"""Tasks below a measure: who is to do what by when, ticked, counted, and never lost."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from measures.followup.mail import Occasion, message
from measures.followup.reminders import letters
from measures.followup.signs import strip
from measures.followup.timeline import Axis
from measures.followup.tracks import Followed, Report, Step, track
from measures.models import Measure, Task
from tests.deciding import decide, hold, in_english
from tests.measures.publishing import words
from tests.today import TODAY

pytestmark = pytest.mark.usefixtures("one_day")

DAY = timedelta(days=1)


@pytest.fixture
def desk(signed_in, facilitator, measure, at):
    at("deliberating")
    return signed_in(facilitator)


def sent(**changes) -> dict:
    told = {"text": "Angebote einholen", "office": "Hauptamt", "due_date": str(TODAY + DAY)}
    return told | {"client_id": str(uuid.uuid4())} | changes


def adding(measure: Measure) -> str:
    return reverse("measures:task-add", args=[measure.workshop_id, measure.number])


def of_task(task: Task, kind: str) -> str:
    return reverse(f"measures:task-{kind}", args=[task.measure.workshop_id, task.pk])


def task(measure: Measure, text: str = "Angebote", *, due=None, done=None) -> Task:
    return Task.objects.create(
        measure=measure, text=text, due_date=due, done_on=done, client_id=uuid.uuid4()
    )


# On the measure's page --------------------------------------------------------------------------


def facts(client, measure: Measure) -> str:
    """Return the words that the measure's page says of tasks among its facts."""
    page = client.get(measure.get_absolute_url()).content.decode()
    return words(page.split("<dt>Tasks</dt>")[1].split("</dd>")[0])


def test_the_measures_page_names_what_is_open_and_counts_what_is_done(
    workshop, measure, signed_in, facilitator, participant, at
):
    at("deliberating")
    editor, room = (in_english(signed_in(each)) for each in (facilitator, participant))
    assert "<dt>Tasks</dt>" not in editor.get(measure.get_absolute_url()).content.decode()
    task(measure, "Alt", done=TODAY)
    Task.objects.filter(pk=task(measure, due=TODAY - DAY).pk).update(office="Hauptamt")
    task(measure, "Vergabe")
    late = f"due {TODAY - DAY:%m/%d/%Y}"
    told = f"Angebote · {late} – overdue · Hauptamt Vergabe · no day set"
    assert facts(room, measure) == f"1 of 3 tasks done, 1 overdue {told}"
    assert facts(editor, measure) == f"1 of 3 tasks done, 1 overdue Edit tasks {told}"
    page = reverse("measures:status-add", args=[workshop.pk, 1])
    assert f'href="{page}#tasks"' in editor.get(measure.get_absolute_url()).content.decode()


def test_more_than_three_open_tasks_are_unfolded_below(measure, desk):
    for number in range(3):
        task(measure, f"Schritt {number}")
    assert 'id="tasks"' not in desk.get(measure.get_absolute_url()).content.decode()
    task(measure, "Schritt 3")
    page = desk.get(measure.get_absolute_url()).content.decode()
    assert [page.count(f"Schritt {number}") for number in range(4)] == [2, 2, 2, 1]


def test_tasks_cost_the_measures_page_no_query_each(measure, desk, django_assert_num_queries):
    task(measure)
    desk.get(measure.get_absolute_url())
    with django_assert_num_queries(16):
        desk.get(measure.get_absolute_url())
    task(measure, "Vergabe")
    task(measure, "Bau", done=TODAY)
    with django_assert_num_queries(16):
        desk.get(measure.get_absolute_url())


# Writing ----------------------------------------------------------------------------------------


def test_a_task_is_added_with_its_office_and_day(desk, measure, facilitator):
    answer = desk.post(adding(measure), sent())
    page = reverse("measures:status-add", args=[measure.workshop_id, measure.number])
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#tasks")
    row = Task.objects.get()
    assert (row.measure, row.text, row.office, row.due_date, row.done_on) == (
        measure, "Angebote einholen", "Hauptamt", TODAY + DAY, None,
    )  # fmt: skip
    assert row.history.get().history_user == facilitator


def test_sent_twice_it_is_stored_once(desk, measure):
    form = sent()
    for _time in range(2):
        assert desk.post(adding(measure), form).status_code == 302
    desk.post(adding(measure), form | {"text": "Etwas anderes"})  # "back" and another text
    assert {*Task.objects.values_list("text", flat=True)} == {"Angebote einholen", "Etwas anderes"}
    assert Task.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"text": " "}, "text"),
        ({"due_date": "3020-01-01"}, "due_date"),
        ({"text": "x" * 301}, "text"),
    ],
)
def test_what_makes_no_sense_is_not_stored(desk, measure, changes, wrong):
    answer = desk.post(adding(measure), sent(**changes))
    assert (answer.status_code, [*answer.context["form"].errors]) == (422, [wrong])
    assert Task.objects.count() == 0


def test_a_task_is_changed_and_its_history_keeps_what_it_read(desk, measure):
    row = task(measure)
    form = {"text": "Verträge", "office": "", "due_date": "", "done_on": str(TODAY), "seen": "1"}
    assert desk.post(of_task(row, "edit"), form).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.done_on, row.version) == ("Verträge", TODAY, 2)
    assert [each.text for each in row.history.order_by("history_id")] == ["Angebote", "Verträge"]


def test_nobody_overwrites_what_somebody_else_has_changed(desk, measure):
    row = task(measure)
    form = {"text": "Meins", "seen": "1"}
    row.text = "Deins"
    row.save()
    late = desk.post(of_task(row, "edit"), form)
    assert (late.status_code, late.context["form"]["text"].value()) == (409, "Meins")
    again = desk.post(of_task(row, "edit"), form | {"seen": "2"})
    assert (again.status_code, Task.objects.get().text) == (302, "Meins")


def test_nothing_is_done_on_a_day_to_come(desk, measure):
    form = {"text": "A", "done_on": str(TODAY + DAY), "seen": "1"}
    answer = desk.post(of_task(task(measure), "edit"), form)
    assert (answer.status_code, [*answer.context["form"].errors]) == (422, ["done_on"])


def test_a_task_is_ticked_as_of_today_and_opened_again(desk, measure):
    row = task(measure)
    desk.post(of_task(row, "tick"), {"do": "done"})
    assert Task.objects.get().done_on == TODAY
    Task.objects.update(done_on=TODAY - DAY)
    desk.post(of_task(row, "tick"), {"do": "done"})  # a second click leaves the day as it is
    assert Task.objects.get().done_on == TODAY - DAY
    desk.post(of_task(row, "tick"), {"do": "open"})
    assert Task.objects.get().done_on is None
    assert desk.post(of_task(row, "tick"), {"do": "perhaps"}).status_code == 400


def test_a_task_is_removed_and_the_history_keeps_it(desk, measure):
    row = task(measure)
    assert desk.post(of_task(row, "remove")).status_code == 302
    assert (Task.objects.count(), Task.history.latest().text) == (0, "Angebote")


def test_tasks_of_a_duplicate_are_those_of_the_measure_it_is_part_of(desk, measure, measure_two):
    row = task(measure_two, "Fahrplan")
    measure_two.merge_into(measure)
    page = reverse("measures:status-add", args=[measure.workshop_id, measure.number])
    assert [*desk.get(page).context["tasks"]] == [row]
    assert desk.post(of_task(row, "tick"), {"do": "done"})["Location"] == f"{page}#tasks"


# Reading ----------------------------------------------------------------------------------------


def test_members_read_the_tasks_on_the_measures_page_what_is_due_next_first(
    desk, measure, committee_member, signed_in
):
    done = task(measure, "Fertig", done=TODAY)
    some_time, soon = task(measure, "Irgendwann"), task(measure, "Bald", due=TODAY + DAY)
    page = signed_in(committee_member).get(measure.get_absolute_url())
    assert [*page.context["tasks"]] == [soon, some_time, done]
    assert of_task(soon, "tick") not in page.content.decode()


def test_the_progress_counts_the_tasks_and_how_many_are_overdue(desk, measure, workshop):
    decide(hold(workshop, measure), measure, has_basis=False)
    for due, done in ((TODAY - DAY, None), (TODAY, None), (TODAY - DAY, TODAY), (None, TODAY)):
        task(measure, due=due, done=done)
    page = in_english(desk).get(reverse("measures:progress", args=[workshop.pk]))
    [(_field, found)] = page.context["by_field"]
    [one] = found
    assert (one.done_tasks, len(one.tasks), one.late_tasks) == (2, 4, 1)
    assert page.context["late_tasks"] == 1
    text = " ".join(page.content.decode().split())
    assert ("2 of 4 tasks done, 1 overdue" in text, "Also overdue: 1 task." in text) == (True, True)


def test_a_task_alone_lists_no_measure(desk, measure, workshop):
    task(measure, due=TODAY - DAY)
    page = desk.get(reverse("measures:progress", args=[workshop.pk]))
    assert (page.context["is_empty"], page.context["late_tasks"]) == (True, 0)


def test_the_mail_says_how_many_tasks_are_overdue_and_not_which(desk, measure, workshop):
    session = hold(workshop, measure, date=TODAY - 9 * DAY)
    decide(session, measure, due_date=TODAY - DAY, at=timezone.now(), has_basis=False)
    task(measure, "Geheimes Angebot", due=TODAY - DAY)
    occasion = Occasion(TODAY, "")
    digest = letters(occasion)["moderation@bingen.example"].digest(occasion)
    body = message("mona@bingen.example", digest, occasion, {}).body
    assert ("1 Aufgabe überfällig" in body, "Geheimes Angebot" in body) == (True, False)


# Reckoning --------------------------------------------------------------------------------------

FOLLOWED = Followed(1, 1, "WLAN", "short", "Netz", 1, "Werkstatt")


@pytest.mark.parametrize(("state", "late"), [("running", 1), ("done", 0), ("stopped", 0)])
def test_where_nothing_more_is_awaited_no_task_is_overdue(state, late):
    steps = [Step(TODAY - DAY, None), Step(TODAY, None), Step(TODAY - DAY, TODAY)]
    found = track(FOLLOWED, None, [Report(TODAY, state, "Satz.")], steps, today=TODAY)
    assert (found.late_tasks, found.done_tasks, len(found.tasks)) == (late, 1, 3)


def test_the_timeline_shows_a_task_on_the_day_that_counts():
    due, done = TODAY + 10 * DAY, TODAY - 10 * DAY
    steps = [Step(due, None), Step(TODAY + DAY, done), Step(None, None)]
    found = track(FOLLOWED, None, [Report(TODAY, "running", "Satz.")], steps, today=TODAY)
    assert sorted(found.days) == [done, TODAY, TODAY, due]
    axis = Axis(TODAY - 20 * DAY, TODAY + 20 * DAY, TODAY)
    drawn = strip(found, axis)
    assert ('x="25.00%"' in drawn, 'x="75.00%"' in drawn) == (True, True)
