"""The action fields: choose, rename, order, add, drop."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from fields.dropping import Content
from fields.models import ActionField, Goal
from measures.models import Measure
from tests.people import drop
from tests.rating import save_rating
from workshops import access
from workshops.models import Workshop, WorkshopRevision


def url(workshop, name: str, *arguments) -> str:
    return reverse(f"fields:{name}", args=[workshop.pk, *arguments])


def names(workshop) -> list[str]:
    return [field.name for field in workshop.fields.standing()]


def test_the_list_shows_the_fields_in_order_with_their_counts(workshop, editor, measure, goal):
    Measure.objects.create(workshop=workshop, field=measure.field, title="weg", is_removed=True)
    Measure.objects.create(
        workshop=workshop, field=measure.field, title="doppelt", merged_into=measure
    )
    Goal.objects.create(field=measure.field, text="weg", is_removed=True)
    fields = editor.get(url(workshop, "field-list")).context["fields"]
    assert [(f.name, f.goal_count, f.measure_count) for f in fields] == [
        ("Alltagsleben", 1, 1), ("Tourismus", 0, 0),
    ]  # fmt: skip


def test_the_list_takes_the_same_queries_for_one_field_and_for_three(
    workshop, editor, django_assert_num_queries
):
    for name in ("Eins", "Zwei", "Drei"):
        field = ActionField.objects.create(workshop=workshop, name=name)
        Goal.objects.create(field=field, text="Ziel")
        if name != "Zwei":
            with django_assert_num_queries(3):
                editor.get(url(workshop, "field-list"))


def test_outside_the_phases_of_choosing_the_list_is_read_only(workshop, editor, field, at):
    at("rating")
    response = editor.get(url(workshop, "field-list"))
    assert (response.status_code, response.context["may_change"]) == (200, False)
    assert url(workshop, "field-toggle", field.pk) not in response.content.decode()


def test_a_field_is_left_out_and_taken_in_again(workshop, editor, field):
    before = WorkshopRevision.objects.get(workshop=workshop).number
    for word, worked_on in [("no", False), ("yes", True), ("no", False)]:
        response = editor.post(url(workshop, "field-toggle", field.pk), {"worked_on": word})
        list_again = f"{url(workshop, 'field-list')}#toggle-{field.pk}"
        assert (response.status_code, response["Location"]) == (302, list_again)
        assert ActionField.objects.get(pk=field.pk).is_worked_on is worked_on
    assert WorkshopRevision.objects.get(workshop=workshop).number > before


def test_a_word_that_no_button_sends_is_a_bad_request(workshop, editor, field):
    for name, key in (("field-toggle", "worked_on"), ("field-move", "direction")):
        for word in ("nonsense", "", "a\0b", "YES"):
            assert editor.post(url(workshop, name, field.pk), {key: word}).status_code == 400
    assert names(workshop) == ["Alltagsleben", "Tourismus"]
    assert ActionField.objects.get(pk=field.pk).is_worked_on is True


def test_a_new_field_stands_behind_the_others(workshop, editor, field):
    response = editor.post(url(workshop, "field-add"), {"name": "Energie"})
    list_again = f"{url(workshop, 'field-list')}#id_name"
    assert (response.status_code, response["Location"]) == (302, list_again)
    assert names(workshop) == ["Alltagsleben", "Tourismus", "Energie"]


def test_a_field_needs_a_name_of_its_own(workshop, editor, field):
    for name in ("", "   ", "tourismus", "TOURISMUS ", "x" * 121, "\0"):
        response = editor.post(url(workshop, "field-add"), {"name": name})
        assert (response.status_code, response.context["form"].is_valid()) == (422, False)
        sent = {"name": name, "seen": field.version, "is_worked_on": "on"}
        assert editor.post(url(workshop, "field-edit", field.pk), sent).status_code == 422
    assert names(workshop) == ["Alltagsleben", "Tourismus"]


def test_a_field_is_renamed_and_its_history_kept(workshop, editor, field):
    page = url(workshop, "field-edit", field.pk)
    form = editor.get(page).context["form"]
    sent = {"name": "Alltag", "seen": form["seen"].value(), "is_worked_on": "on"}
    response = editor.post(page, sent)
    list_again = f"{url(workshop, 'field-list')}#rename-{field.pk}"
    assert (response.status_code, response["Location"]) == (302, list_again)
    assert names(workshop) == ["Alltag", "Tourismus"]
    assert [row.name for row in field.history.all()] == ["Alltag", "Alltagsleben"]


def test_a_late_change_is_answered_with_both_texts_and_can_be_sent_again(workshop, editor, field):
    page = url(workshop, "field-edit", field.pk)
    for_both = {"seen": field.version, "is_worked_on": "on"}
    editor.post(page, for_both | {"name": "Alltag A"})
    late = editor.post(page, for_both | {"name": "Alltag B"})
    [difference] = late.context["differences"]
    assert (late.status_code, difference["stored"], difference["typed"]) == (
        409, "Alltag A", "Alltag B",
    )  # fmt: skip
    assert names(workshop) == ["Alltag A", "Tourismus"]
    form = late.context["form"]
    again = {"name": form["name"].value(), "seen": form["seen"].value(), "is_worked_on": "on"}
    assert editor.post(page, again).status_code == 302
    assert names(workshop) == ["Alltag B", "Tourismus"]


def test_a_form_that_does_not_say_what_was_seen_is_shown_again(workshop, editor, field):
    for seen in ("", "0", "-1", "eins", "9" * 5000):
        sent = {"name": "Alltag", "seen": seen}
        assert editor.post(url(workshop, "field-edit", field.pk), sent).status_code == 409
    assert names(workshop) == ["Alltagsleben", "Tourismus"]


def test_fields_move_up_and_down_and_stop_at_the_ends(workshop, editor, field):
    ActionField.objects.create(workshop=workshop, name="Energie", order=3)
    steps = [
        ("up", ["Alltagsleben", "Tourismus", "Energie"]),
        ("down", ["Tourismus", "Alltagsleben", "Energie"]),
        ("down", ["Tourismus", "Energie", "Alltagsleben"]),
        ("down", ["Tourismus", "Energie", "Alltagsleben"]),
        ("up", ["Tourismus", "Alltagsleben", "Energie"]),
    ]
    for direction, order in steps:
        response = editor.post(url(workshop, "field-move", field.pk), {"direction": direction})
        assert response["Location"] == f"{url(workshop, 'field-list')}#{direction}-{field.pk}"
        assert names(workshop) == order
        shown = editor.get(url(workshop, "field-list")).context["fields"]
        assert [each.name for each in shown] == order


def test_fields_of_the_same_order_can_be_moved_apart(workshop, editor):
    rows = [ActionField.objects.create(workshop=workshop, name=n) for n in ("A", "B", "C")]
    editor.post(url(workshop, "field-move", rows[2].pk), {"direction": "up"})
    assert names(workshop) == ["A", "C", "B"]


def test_an_empty_field_is_dropped_and_comes_back_as_it_was(workshop, editor, field):
    field.is_worked_on = False
    field.save()
    response = editor.post(url(workshop, "field-drop", field.pk))
    offer = f"{url(workshop, 'field-list')}?dropped={field.pk}#undo"
    assert (response.status_code, response["Location"]) == (302, offer)
    assert names(workshop) == ["Tourismus"]
    context = editor.get(offer).context
    assert [each.name for each in context["fields"]] == ["Alltagsleben", "Tourismus"]
    assert context["undo"] == {
        "text": "„Alltagsleben“ ist gestrichen.",
        "url": url(workshop, "field-restore", field.pk),
    }
    for _click in range(2):
        response = editor.post(context["undo"]["url"])
        list_again = f"{url(workshop, 'field-list')}#drop-{field.pk}"
        assert (response.status_code, response["Location"]) == (302, list_again)
    assert names(workshop) == ["Alltagsleben", "Tourismus"]
    back = ActionField.objects.get(pk=field.pk)
    assert (back.order, back.is_worked_on) == (1, False)
    assert [row.history_type for row in back.history.all()] == ["~", "~", "~", "+"]
    assert editor.get(offer).context["undo"] is None


def test_a_dropped_field_whose_name_is_taken_stays_away(workshop, editor, field):
    editor.post(url(workshop, "field-drop", field.pk))
    editor.post(url(workshop, "field-add"), {"name": "ALLTAGSLEBEN"})
    response = editor.post(url(workshop, "field-restore", field.pk), follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Ein Handlungsfeld mit diesem Namen gibt es schon."
    ]
    assert names(workshop) == ["Tourismus", "ALLTAGSLEBEN"]


def test_a_made_up_dropped_field_offers_nothing(
    workshop, editor, field, other_workshop, stranger, signed_in
):
    foreign = ActionField.objects.create(workshop=other_workshop, name="Fremd")
    signed_in(stranger).post(url(other_workshop, "field-drop", foreign.pk))
    for raw in (str(foreign.pk), str(field.pk), "x", "-1", "9" * 30, "٣"):
        context = editor.get(url(workshop, "field-list"), {"dropped": raw}).context
        assert context["undo"] is None
    assert editor.post(url(workshop, "field-restore", foreign.pk)).status_code == 404


def test_once_the_choice_is_closed_nothing_is_offered(workshop, editor, field, at):
    response = editor.post(url(workshop, "field-drop", field.pk))
    at("rating")
    assert editor.get(response["Location"]).context["undo"] is None


# Asked before something goes ---------------------------------------------------------------------

KINDS = {"goal": (1, 0), "measure": (0, 1)}


def write_into(field: ActionField, kind: str) -> None:
    if kind == "goal":
        Goal.objects.create(field=field, text="Ziel")
    else:
        Measure.objects.create(workshop=field.workshop, field=field, title="x")


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_with_content_is_not_dropped_unasked(workshop, editor, field, kind):
    write_into(field, kind)
    question = url(workshop, "field-drop", field.pk)
    response = editor.post(question)
    assert (response.status_code, response["Location"]) == (302, question)
    page = editor.get(question)
    content = page.context["content"]
    assert (page.status_code, (content.goals, content.measures)) == (200, KINDS[kind])
    assert names(workshop) == ["Alltagsleben", "Tourismus"]


def test_the_question_counts_what_goes_with_the_field(
    workshop, editor, field, goal, measure, measure_two, ballots, at
):
    Goal.objects.create(field=field, text="weg", is_removed=True)
    for title, more in (("weg", {"is_removed": True}), ("doppelt", {"merged_into": measure})):
        Measure.objects.create(workshop=workshop, field=field, title=title, **more)
    at("rating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    at("collecting")
    content = editor.get(url(workshop, "field-drop", field.pk)).context["content"]
    assert content == Content(goals=1, measures=2, rated=1, seen=content.seen)


def test_the_question_takes_the_same_queries_for_one_measure_and_for_three(
    workshop, editor, field, measure, django_assert_num_queries
):
    for title in ("Zwei", "Drei", ""):
        with django_assert_num_queries(6):
            editor.get(url(workshop, "field-drop", field.pk))
        if title:
            Measure.objects.create(workshop=workshop, field=field, title=title)


def test_the_list_asks_for_a_field_with_content_and_offers_both_ways_out(
    workshop, editor, field, measure
):
    page = url(workshop, "field-drop", field.pk)
    assert f'href="{page}" id="drop-{field.pk}"' in " ".join(
        editor.get(url(workshop, "field-list")).content.decode().split()
    )
    asked = editor.get(page).content.decode()
    for name in ("field-toggle", "field-drop"):
        assert f'action="{url(workshop, name, field.pk)}"' in asked
    ActionField.objects.filter(pk=field.pk).update(is_worked_on=False)
    asked = editor.get(page).content.decode()
    assert f'action="{url(workshop, "field-toggle", field.pk)}"' not in asked


def test_what_was_written_since_the_question_is_asked_about_once_more(workshop, editor, field):
    page = url(workshop, "field-drop", field.pk)
    seen = editor.get(page).context["content"].seen
    write_into(field, "measure")
    late = editor.post(page, {"seen": seen})
    found = (late.status_code, late.context["content"].measures, late.context["has_moved"])
    assert found == (409, 1, True)
    assert (editor.get(page).status_code, editor.get(page).context["has_moved"]) == (200, False)
    assert names(workshop) == ["Alltagsleben", "Tourismus"]


def test_as_much_but_other_than_was_seen_is_asked_about_once_more(workshop, editor, field):
    write_into(field, "measure")
    page = url(workshop, "field-drop", field.pk)
    seen = editor.get(page).context["content"].seen
    Measure.objects.update(is_removed=True)
    write_into(field, "measure")
    assert editor.post(page, {"seen": seen}).status_code == 409


def test_what_was_emptied_since_the_question_is_dropped(workshop, editor, field):
    write_into(field, "measure")
    page = url(workshop, "field-drop", field.pk)
    seen = editor.get(page).context["content"].seen
    Measure.objects.all().delete()
    assert editor.post(page, {"seen": seen})["Location"].endswith(f"?dropped={field.pk}#undo")
    assert names(workshop) == ["Tourismus"]


def test_the_phase_that_moves_while_one_waits_keeps_the_field(workshop, editor, field, monkeypatch):
    line_up = access.line_up

    def move_on(workshop_id: int) -> None:
        Workshop.objects.filter(pk=workshop_id).update(phase="rating")
        line_up(workshop_id)

    monkeypatch.setattr(access, "line_up", move_on)
    assert editor.post(url(workshop, "field-drop", field.pk)).status_code == 403
    assert names(workshop) == ["Alltagsleben", "Tourismus"]


def test_a_dropped_field_takes_what_is_in_it_along_and_brings_it_back(
    workshop, editor, field, goal, measure
):
    gone = Measure.objects.create(workshop=workshop, field=field, title="weg", is_removed=True)
    drop(editor, field)
    for row in (goal, measure, gone):
        row.refresh_from_db()
    assert (goal.is_removed, measure.is_removed, gone.is_removed) == (True, True, True)
    assert Measure.objects.in_workshop(workshop).standing().count() == 0
    editor.post(url(workshop, "field-restore", field.pk))
    for row in (goal, measure, gone):
        row.refresh_from_db()
    assert (goal.is_removed, measure.is_removed, gone.is_removed) == (False, False, True)


def test_what_was_removed_before_its_field_stays_in_the_bin(
    workshop, editor, field, goal, measure, signed_in, facilitator
):
    gone = Measure.objects.create(workshop=workshop, field=field, title="weg", is_removed=True)
    drop(editor, field)
    another_browser = signed_in(facilitator)
    another_browser.post(url(workshop, "field-restore", field.pk))
    for row in (field, goal, measure, gone):
        row.refresh_from_db()
    assert [row.is_removed for row in (field, goal, measure, gone)] == [False, False, False, True]


def test_a_name_is_free_again_once_its_field_is_dropped(workshop, editor, field):
    drop(editor, field)
    ActionField.objects.create(workshop=workshop, name="Alltagsleben", order=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionField.objects.create(workshop=workshop, name="alltagsleben")
    assert names(workshop) == ["Tourismus", "Alltagsleben"]
