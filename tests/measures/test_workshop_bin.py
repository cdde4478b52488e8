"""What was removed waits in the bin, and a browser takes back its last steps."""

import json

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.models import Measure
from tests.measures.test_measure_import import confirm
from tests.people import FRAGMENT, drop
from workshops import access
from workshops.edits import BROWSER
from workshops.models import Edit, Workshop


@pytest.fixture
def editor(signed_in, facilitator, at):
    at("collecting")
    return signed_in(facilitator)


@pytest.fixture
def colleague(signed_in, facilitator):
    """The same account in another browser."""
    return signed_in(facilitator)


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"measures:{name}", args=[workshop.pk, *arguments])


def edits(client, *, is_undone: bool = False) -> list[Edit]:
    """Return the edits of this browser, in their order."""
    browser = client.session.get(BROWSER, "")
    return list(Edit.objects.filter(browser=browser, is_undone=is_undone).order_by("pk"))


def undo(client, workshop, to: object = "bin"):
    step = {"edit": edits(client)[-1].pk, "to": to}
    return client.post(url(workshop, "edit-undo"), step, headers=FRAGMENT)


def redo(client, workshop, to: object = "bin"):
    step = {"edit": edits(client, is_undone=True)[-1].pk, "to": to}
    return client.post(url(workshop, "edit-redo"), step, headers=FRAGMENT)


def add(client, workshop, field, title: str, goal: Goal | None = None) -> Measure:
    line = {
        "title": title,
        "goal": goal.pk if goal else "",
        "client_id": f"00000000-0000-4000-8000-{Measure.objects.count():012}",
    }
    client.post(url(workshop, "measure-add", field.pk), line)
    return workshop.measures.latest("number")


def titles(workshop) -> list[str]:
    standing = Measure.objects.in_workshop(workshop).standing()
    return list(standing.order_by("number").values_list("title", flat=True))


@pytest.fixture
def other_field(workshop) -> ActionField:
    return workshop.fields.get(name="Tourismus")


# The bin ------------------------------------------------------------------------------------------
def test_the_bin_shows_by_field_what_is_gone(workshop, editor, field, other_field, goal, measure):
    Measure.objects.filter(pk=measure.pk).update(is_removed=True)
    ActionField.objects.filter(pk=other_field.pk).update(is_removed=True)
    gone = editor.get(url(workshop, "workshop-bin")).context["gone"]
    assert gone == {field: [measure], other_field: []}


def test_the_second_removal_does_not_cost_the_first(workshop, editor, field, colleague):
    one, two = (add(editor, workshop, field, title) for title in ("Bus", "Bahn"))
    for each in (one, two):
        editor.post(url(workshop, "measure-remove", each.number))
    assert titles(workshop) == []
    for each in (one, two):
        page = {"to": "bin"}
        response = colleague.post(url(workshop, "measure-restore", each.number), page)
        assert response["Location"] == url(workshop, "workshop-bin")
    assert titles(workshop) == ["Bus", "Bahn"]


def test_a_measure_that_comes_back_brings_its_field_but_not_its_neighbours(
    workshop, editor, field, colleague
):
    one, _two = (add(editor, workshop, field, title) for title in ("Bus", "Bahn"))
    drop(editor, field)
    assert (titles(workshop), field in workshop.fields.standing()) == ([], False)
    colleague.post(url(workshop, "measure-restore", one.number))
    assert (titles(workshop), field in workshop.fields.standing()) == (["Bus"], True)


@pytest.mark.parametrize("to", ["bin", ""])
def test_what_would_come_back_into_a_field_whose_name_is_taken_stays(
    workshop, editor, field, colleague, to
):
    one = add(editor, workshop, field, "Bus")
    drop(editor, field)
    ActionField.objects.create(workshop=workshop, name=field.name.upper())
    response = colleague.post(url(workshop, "measure-restore", one.number), {"to": to})
    messages = [str(each) for each in get_messages(response.wsgi_request)]
    assert messages == ["Ein Handlungsfeld mit diesem Namen gibt es schon."]
    back = {"bin": url(workshop, "workshop-bin"), "": f"{field.get_absolute_url()}#edit-1"}
    assert response["Location"] == back[to]
    assert titles(workshop) == []


@pytest.mark.parametrize(
    ("phase", "status", "may_change"),
    [("collecting", 200, True), ("rating", 200, False), ("deliberating", 200, False)],
)
def test_the_bin_lasts_until_the_workshop_is_closed(
    workshop, editor, at, phase, status, may_change
):
    at(phase)
    response = editor.get(url(workshop, "workshop-bin"))
    assert (response.status_code, response.context["may_change"]) == (status, may_change)
    at("closed")
    assert editor.get(url(workshop, "workshop-bin")).status_code == 404


def test_the_bin_takes_the_same_queries_for_one_row_and_for_many(
    workshop, editor, field, goal, django_assert_num_queries
):
    Measure.objects.create(workshop=workshop, field=field, title="Bus", is_removed=True)
    editor.get(url(workshop, "workshop-bin"))
    with django_assert_num_queries(5):
        editor.get(url(workshop, "workshop-bin"))
    for title in ("Bahn", "Rad"):
        Measure.objects.create(workshop=workshop, field=field, title=title, is_removed=True)
        Goal.objects.create(field=field, text=title, is_removed=True)
    with django_assert_num_queries(5):
        editor.get(url(workshop, "workshop-bin"))


# The last steps -----------------------------------------------------------------------------------
def test_ten_steps_are_taken_back_one_after_the_other_and_done_again(workshop, editor, field):
    expected = []
    for place in range(12):
        add(editor, workshop, field, f"Maßnahme {place}")
        expected.append(titles(workshop))
    for place in range(10, 0, -1):
        undo(editor, workshop)
        assert titles(workshop) == expected[place]
    assert edits(editor) == []
    for place in range(2, 12):
        redo(editor, workshop)
        assert titles(workshop) == expected[place]


def test_every_kind_of_step_is_taken_back(workshop, editor, field, other_field, goal, measure_two):
    Measure.objects.filter(pk=measure_two.pk).update(goal=goal)
    measure = add(editor, workshop, field, "Bus", goal)
    fields_page = "fields:field-"

    def standing() -> list:
        shown = ("title", "field", "goal", "merged_into")
        return [
            *workshop.fields.standing().values_list("name", "is_worked_on"),
            *Goal.objects.standing().order_by("order", "pk").values_list("text", "indicator"),
            *Measure.objects.unremoved().in_reading_order().values_list("pk", *shown),
        ]

    measure.refresh_from_db()
    change = {"title": "Nachtbus", "time_horizon": "long", "field": other_field.pk, "seen": ""}
    steps = [
        (url(workshop, "measure-edit", measure.number), change),
        (url(workshop, "measure-move", measure.number), {"direction": "up"}),
        (url(workshop, "measure-remove", measure.number), {}),
        (url(workshop, "measure-merge", measure.number), {"target": measure_two.pk}),
        (url(workshop, "measure-to-goal", measure.number), {}),
        (url(workshop, "goal-edit", goal.pk), {"text": "Anders", "seen": ""}),
        (url(workshop, "goal-remove", goal.pk), {}),
        (url(workshop, "goal-add", field.pk), {"text": "Neues Ziel"}),
        (reverse(f"{fields_page}toggle", args=[workshop.pk, field.pk]), {"worked_on": "no"}),
        (reverse(f"{fields_page}move", args=[workshop.pk, field.pk]), {"direction": "down"}),
        (reverse(f"{fields_page}drop", args=[workshop.pk, field.pk]), {"seen": ""}),
        (
            reverse(f"{fields_page}edit", args=[workshop.pk, field.pk]),
            {"name": "Anders", "is_worked_on": "on", "seen": ""},
        ),
        (reverse(f"{fields_page}add", args=[workshop.pk]), {"name": "Neu"}),
    ]
    for address, data in steps:
        for row in (field, goal, measure):
            row.refresh_from_db()
        if "drop" in address:
            data = {"seen": editor.get(address).context["content"].seen}
        elif "seen" in data:
            row = measure if "measures" in address else goal if "goals" in address else field
            data["seen"] = str(row.version)
        before = standing()
        assert editor.post(address, data).status_code == 302, address
        assert standing() != before, address
        undo(editor, workshop)
        assert standing() == before, address


def test_what_somebody_has_changed_since_is_not_taken_back(workshop, editor, field, colleague):
    measure = add(editor, workshop, field, "Bus")
    colleague_says = {
        "title": "Nachtbus",
        "time_horizon": "unknown",
        "field": field.pk,
        "seen": measure.version,
    }
    colleague.post(url(workshop, "measure-edit", measure.number), colleague_says)
    response = undo(editor, workshop, to=field.pk)
    assert response.status_code == 409
    assert json.loads(response.headers["HX-Trigger"])["toast"]["text"] == (
        "„M1 Nachtbus“ wurde seitdem noch einmal geändert; deshalb lässt sich der Schritt nicht"
        " rückgängig machen."
    )
    assert titles(workshop) == ["Nachtbus"]
    assert edits(editor) == []  # nor is it in the way of the step before


def test_another_browser_has_steps_of_its_own(workshop, editor, field, colleague):
    add(editor, workshop, field, "Bus")
    add(colleague, workshop, field, "Bahn")
    undo(editor, workshop)
    assert titles(workshop) == ["Bahn"]
    assert edits(colleague)[-1].words == "M2 Bahn hinzugefügt"


def test_a_button_of_an_old_page_takes_back_nothing(workshop, editor, field):
    add(editor, workshop, field, "Bus")
    old = {"edit": edits(editor)[-1].pk, "to": "fields"}
    add(editor, workshop, field, "Bahn")
    response = editor.post(url(workshop, "edit-undo"), old, follow=True)
    assert [str(each) for each in response.context["messages"]] == [
        "Inzwischen gibt es einen anderen letzten Schritt. Bitte sehen Sie ihn an und drücken Sie"
        " noch einmal."
    ]
    assert titles(workshop) == ["Bus", "Bahn"]


def test_undo_beside_a_removal_takes_that_step_back(workshop, editor, field):
    measure = add(editor, workshop, field, "Bus")
    editor.post(url(workshop, "measure-remove", measure.number))
    editor.post(url(workshop, "measure-restore", measure.number))
    assert titles(workshop) == ["Bus"]
    assert [edit.words for edit in edits(editor)] == ["M1 Bus hinzugefügt"]


def test_parting_what_was_merged_is_taken_back_only_into_what_stands(
    workshop, editor, field, colleague
):
    one, two = (add(editor, workshop, field, title) for title in ("Bus", "Bahn"))
    editor.post(url(workshop, "measure-merge", one.number), {"target": two.pk})
    editor.post(url(workshop, "measure-restore", one.number))
    colleague.post(url(workshop, "measure-remove", two.number))
    assert undo(editor, workshop, to=field.pk).status_code == 409
    one.refresh_from_db()
    assert one.stands


def test_no_step_is_taken_back_once_people_rate(workshop, editor, field, at):
    add(editor, workshop, field, "Bus")
    at("rating")
    assert undo(editor, workshop).status_code == 403
    assert titles(workshop) == ["Bus"]


def test_steps_of_another_workshop_are_not_offered(workshop, other_workshop, editor, field):
    add(editor, workshop, field, "Bus")
    Edit.objects.update(workshop=other_workshop)
    undo(editor, workshop)
    assert titles(workshop) == ["Bus"]


def test_a_line_that_is_typed_says_how_to_take_it_back(workshop, editor, field):
    line = {"title": "Bus", "goal": "", "client_id": "00000000-0000-4000-8000-000000000000"}
    address = url(workshop, "measure-add", field.pk)
    response = editor.post(address, line, headers=FRAGMENT)
    assert 'id="undo-bar"' in response.content.decode()
    assert f'name="edit" value="{edits(editor)[-1].pk}"' in response.content.decode()


def test_the_same_line_sent_again_is_no_further_step(workshop, editor, field):
    line = {"title": "Bus", "goal": "", "client_id": "00000000-0000-4000-8000-000000000000"}
    for _time in range(2):
        editor.post(url(workshop, "measure-add", field.pk), line)
    assert len(edits(editor)) == 1


def test_a_dropped_field_with_its_measures_is_one_step(workshop, editor, field, goal):
    add(editor, workshop, field, "Bus", goal)
    drop(editor, field)
    undo(editor, workshop)
    goal.refresh_from_db()
    assert (titles(workshop), goal.is_removed) == (["Bus"], False)
    assert list(workshop.fields.standing()) == list(workshop.fields.all())


def test_an_import_is_one_step(workshop, editor, field):
    there = add(editor, workshop, field, "Bus")
    text = f"Handlungsfeld;Maßnahme;Beschreibung\n{field};Bus;Fährt\nNeuland;Bahn;\n"
    file = SimpleUploadedFile("liste.csv", text.encode())
    shown = editor.post(url(workshop, "measure-import"), {"file": file})
    confirm(editor, workshop, shown)
    assert titles(workshop) == ["Bus", "Bahn"]
    undo(editor, workshop)
    there.refresh_from_db()
    assert (titles(workshop), there.description) == (["Bus"], "")
    assert not workshop.fields.standing().filter(name="Neuland").exists()
    redo(editor, workshop)
    assert titles(workshop) == ["Bus", "Bahn"]


def test_a_merger_that_moved_duplicates_along_is_taken_back_and_done_again(workshop, editor, field):
    one, two, three = (add(editor, workshop, field, title) for title in ("Bus", "Bahn", "Rad"))
    merge = "measure-merge"
    editor.post(url(workshop, merge, one.number), {"target": two.pk})
    editor.post(url(workshop, merge, two.number), {"target": three.pk})

    def targets() -> list:
        return list(workshop.measures.order_by("number").values_list("merged_into", flat=True))

    after = targets()
    undo(editor, workshop)
    assert targets() == [two.pk, None, None]
    redo(editor, workshop)
    assert targets() == after == [three.pk, three.pk, None]
    editor.post(url(workshop, "measure-restore", two.number))
    assert targets() == [two.pk, None, None]


def test_the_bin_brings_back_a_row_alone_and_undo_the_whole_step(workshop, editor, field):
    one = add(editor, workshop, field, "Bus")
    editor.post(url(workshop, "measure-to-goal", one.number))
    editor.post(url(workshop, "measure-restore", one.number), {"to": "bin"})
    assert (titles(workshop), field.goals.standing().count()) == (["Bus"], 1)
    editor.post(url(workshop, "measure-remove", one.number))
    editor.post(url(workshop, "measure-restore", one.number))
    assert titles(workshop) == ["Bus"]


def test_dropping_and_taking_back_need_the_same_queries_for_one_measure_and_for_thirty(
    workshop, editor, field, goal, django_assert_num_queries
):
    Measure.objects.create(workshop=workshop, field=field, goal=goal, title="Bus")
    for _time in range(2):
        with django_assert_num_queries(43):
            drop(editor, field)
        with django_assert_num_queries(41):
            undo(editor, workshop)
        for place in range(29):
            Measure.objects.create(workshop=workshop, field=field, goal=goal, title=str(place))
    assert len(titles(workshop)) == 59


def test_what_stood_before_the_history_was_cleared_is_not_taken_for_new(workshop, editor, field):
    measure = add(editor, workshop, field, "Bus")
    change = {"title": "Nachtbus", "time_horizon": "long", "field": field.pk}
    change["seen"] = measure.version
    editor.post(url(workshop, "measure-edit", measure.number), change)
    measure.history.order_by("history_id").first().delete()
    assert undo(editor, workshop, to=field.pk).status_code == 409
    assert titles(workshop) == ["Nachtbus"]


def test_the_phase_that_moves_while_one_waits_keeps_the_step(workshop, editor, field, monkeypatch):
    add(editor, workshop, field, "Bus")
    line_up = access.line_up

    def move_on(workshop_id: int) -> None:
        Workshop.objects.filter(pk=workshop_id).update(phase="rating")
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", move_on)
    assert undo(editor, workshop).status_code == 403
    assert titles(workshop) == ["Bus"]


def test_no_field_goes_from_under_what_a_colleague_has_typed(workshop, editor, field, colleague):
    editor.post(reverse("fields:field-add", args=[workshop.pk]), {"name": "Neuland"})
    new = workshop.fields.get(name="Neuland")
    add(colleague, workshop, new, "Bus")
    assert undo(editor, workshop, to=field.pk).status_code == 409
    assert new in workshop.fields.standing()
    drop(editor, field)
    undo(editor, workshop)
    add(colleague, workshop, field, "Bahn")
    assert redo(editor, workshop, to=field.pk).status_code == 409
    assert (titles(workshop), field in workshop.fields.standing()) == (["Bus", "Bahn"], True)


def test_an_older_edit_says_nothing_about_what_a_field_holds_now(
    workshop, editor, field, colleague
):
    add(editor, workshop, field, "Bus")
    drop(editor, field)
    restore = reverse("fields:field-restore", args=[workshop.pk, field.pk])
    colleague.post(restore)
    add(colleague, workshop, field, "Bahn")
    drop(colleague, field)
    editor.post(restore)
    assert titles(workshop) == ["Bus", "Bahn"]


def test_what_was_left_in_the_bin_does_not_come_back_with_a_later_drop(
    workshop, editor, field, colleague
):
    one, _two = (add(editor, workshop, field, title) for title in ("Bus", "Bahn"))
    drop(editor, field)
    colleague.post(url(workshop, "measure-restore", one.number), {"to": "bin"})
    assert titles(workshop) == ["Bus"]
    assert colleague.get(url(workshop, "workshop-bin")).context["with_field"] == {field.pk}
    drop(colleague, field)
    colleague.post(reverse("fields:field-restore", args=[workshop.pk, field.pk]), {"to": "bin"})
    assert titles(workshop) == ["Bus"]


def test_a_name_that_only_the_database_finds_taken_is_refused_in_words(
    workshop, editor, field, colleague
):
    field.name = "İphone"
    field.save()
    drop(editor, field)
    ActionField.objects.create(workshop=workshop, name="iphone")
    restore = reverse("fields:field-restore", args=[workshop.pk, field.pk])
    assert colleague.post(restore).status_code == 302
    names = workshop.fields.standing().values_list("name", flat=True)
    assert "iphone" in names
