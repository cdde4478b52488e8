"""After every change the focus stays where the person was, with JavaScript and without."""

import pytest
from playwright.sync_api import Page, expect

from fields.models import Goal
from measures.models import Measure
from tests.rating import save_rating
from workshops.models import Ballot


@pytest.fixture(params=[True, False], ids=["with scripts", "without"])
def desk(request, new_page, enter, at, facilitator) -> Page:
    at("collecting")
    page = new_page(java_script_enabled=request.param, reduced_motion="reduce")
    return enter(page, facilitator)


@pytest.fixture
def full_field(workshop, field, goal):
    """Two goals with thirty measures each: nobody sees the board's top from its middle."""
    other = Goal.objects.create(field=field, text="Alle kommen an", order=2)
    for order in range(1, 31):
        for each in (goal, other):
            Measure.objects.create(
                workshop=workshop, field=field, goal=each, title=f"Idee {order}", order=order
            )
    return field


def here(page: Page, locator: str):
    """Wait until an element has the focus and is seen."""
    expect(page.locator(locator)).to_be_focused()
    expect(page.locator(locator)).to_be_in_viewport()


def test_a_removal_far_down_can_be_undone_where_it_happened(desk, full_field):
    desk.goto(full_field.get_absolute_url())
    number = Measure.objects.get(title="Idee 25", goal__text="Alle kommen an").number
    desk.locator(f"#measure-{number} form[action$='/remove/'] button").press("Enter")
    here(desk, "#undo")
    assert f"M{number} " in desk.locator("#undo-text").inner_text()
    desk.keyboard.press("Enter")
    here(desk, f"#edit-{number}")
    expect(desk.locator("#undo")).to_have_count(0)


def test_a_removed_goal_can_be_brought_back_where_it_stood(desk, full_field):
    desk.goto(full_field.get_absolute_url())
    goal = Goal.objects.get(text="Alle kommen an").pk
    desk.locator(f"form[action$='/goals/{goal}/remove/'] button").press("Enter")
    here(desk, "#undo")
    desk.keyboard.press("Enter")
    here(desk, f"#edit-goal-{goal}")


def test_moving_keeps_the_button_under_the_finger(desk, full_field):
    desk.goto(full_field.get_absolute_url())
    goal = Goal.objects.get(text="Alle kommen an").pk
    number = Measure.objects.get(title="Idee 20", goal=goal).number
    for button, place in ((f"#up-{number}", 18), (f"#down-{number}", 19)):
        desk.locator(button).press("Enter")
        line = desk.locator(f"#lines-{goal} > li").nth(place)
        expect(line).to_have_id(f"measure-{number}")
        here(desk, button)
    for button, place in ((f"#goal-up-{goal}", 0), (f"#goal-down-{goal}", 1)):
        desk.locator(button).press("Enter")
        section = desk.locator("section.goal").nth(place)
        expect(section).to_have_attribute("aria-labelledby", f"goal-{goal}")
        here(desk, button)


def test_keys_pressed_faster_than_answers_come_all_count(page, enter, at, facilitator, full_field):
    at("collecting")
    goal = Goal.objects.get(text="Alle kommen an")
    number = Measure.objects.get(title="Idee 20", goal=goal).number
    enter(page, facilitator).goto(full_field.get_absolute_url())
    page.locator(f"#up-{number}").focus()
    for _each in range(5):
        page.keyboard.press("Enter")
    above = page.locator(f"#lines-{goal.pk} li.line").nth(14)
    expect(above).to_have_id(f"measure-{number}")
    here(page, f"#up-{number}")


def test_parting_and_editing_lead_back_to_the_line(desk, full_field):
    first, second = Measure.objects.filter(goal__text="Alle kommen an").order_by("number")[:2]
    second.merge_into(first)
    desk.goto(full_field.get_absolute_url())
    desk.locator(f"#part-{second.number}").press("Enter")
    here(desk, f"#edit-{second.number}")
    desk.keyboard.press("Enter")
    desk.locator("#id_title").fill("Besser gesagt")
    desk.keyboard.press("Enter")
    here(desk, f"#edit-{second.number}")
    desk.locator(f"#edit-{second.number}").press("Enter")
    desk.locator("a[data-draft-drop]").press("Enter")
    here(desk, f"#edit-{second.number}")


def test_a_goal_is_changed_where_it_stands(page, enter, at, facilitator, full_field, axe):
    at("collecting")
    goal = Goal.objects.get(text="Alle kommen an").pk
    enter(page, facilitator).goto(full_field.get_absolute_url())
    address = page.url
    page.locator(f"#edit-goal-{goal}").press("Enter")
    here(page, "#id_text")
    assert axe(page) == []
    page.locator("#id_text").fill("Das soll niemand lesen")
    page.keyboard.press("Escape")
    here(page, f"#edit-goal-{goal}")
    expect(page.locator(f"#goal-{goal}")).to_contain_text("Alle kommen an")
    page.keyboard.press("Enter")
    page.locator("#id_text").fill("Alle kommen ohne Auto an")
    page.locator("#id_indicator").fill("zwei Busse je Stunde")
    page.keyboard.press("Enter")
    here(page, f"#edit-goal-{goal}")
    expect(page.locator(f"#goal-{goal}")).to_contain_text("Alle kommen ohne Auto an")
    expect(page.locator(".goal__indicator")).to_contain_text("zwei Busse je Stunde")
    assert page.url == address


def test_of_a_goal_changed_by_two_both_texts_are_shown_where_it_stands(
    page, enter, at, facilitator, goal, witness
):
    witness.expect("status of (409|422)")
    at("collecting")
    enter(page, facilitator).goto(goal.field.get_absolute_url())
    page.locator(f"#edit-goal-{goal.pk}").press("Enter")
    page.locator("#id_text").fill("")
    page.locator("#id_indicator").press("Enter")
    here(page, ".row--editing [role=alert]")
    Goal.objects.filter(pk=goal.pk).update(text="Niemand bleibt zurück", version=goal.version + 1)
    page.locator("#id_text").fill("Alle lernen")
    page.locator("#id_indicator").press("Enter")
    here(page, ".row--editing .clash")
    clash = page.locator(".row--editing .clash")
    expect(clash.locator("mark")).to_have_text(["Alle lernen", "Niemand bleibt zurück"])
    clash.get_by_role("button", name="Diesen nehmen").press("Enter")
    here(page, f"#edit-goal-{goal.pk}")
    assert Goal.objects.get().text == "Alle lernen"


def test_an_open_form_keeps_its_text_while_other_lines_move(
    page, enter, at, facilitator, full_field
):
    at("collecting")
    goal = Goal.objects.get(text="Alle kommen an")
    first, _second, third = Measure.objects.filter(goal=goal).order_by("number")[:3]
    enter(page, facilitator).goto(full_field.get_absolute_url())
    page.locator(f"#edit-goal-{goal.pk}").click()
    page.locator("#id_text").fill("Ein besseres Ziel")
    page.locator(f"#edit-{first.number}").click()
    page.locator("#id_title").fill("Ein besserer Titel")
    page.locator(f"#up-{third.number}").click()
    line = page.locator(f"#lines-{goal.pk} > li").nth(1)
    expect(line).to_have_id(f"measure-{third.number}")
    expect(page.locator("#id_text")).to_have_value("Ein besseres Ziel")
    page.locator("#id_title").press("Enter")
    here(page, f"#edit-{first.number}")
    page.locator("#id_indicator").press("Enter")
    here(page, f"#edit-goal-{goal.pk}")
    first.refresh_from_db()
    goal.refresh_from_db()
    assert (first.title, goal.text) == ("Ein besserer Titel", "Ein besseres Ziel")


def test_choosing_and_moving_fields_keeps_the_focus(desk, field):
    desk.goto(f"/workshops/{field.workshop_id}/fields/")
    for button in (f"#toggle-{field.pk}", f"#down-{field.pk}", f"#down-{field.pk}"):
        with desk.expect_navigation():
            desk.locator(button).press("Enter")
        here(desk, button)
    assert [each.pk for each in field.workshop.fields.all()][-1] == field.pk


def test_a_dropped_field_can_be_brought_back_where_it_stood(desk, field):
    desk.goto(f"/workshops/{field.workshop_id}/fields/")
    desk.locator(f"#drop-{field.pk}").press("Enter")
    here(desk, "#undo")
    desk.keyboard.press("Enter")
    here(desk, f"#drop-{field.pk}")


def test_a_field_with_measures_asks_before_it_is_dropped(desk, measure):
    field = measure.field
    desk.goto(f"/workshops/{field.workshop_id}/fields/")
    desk.locator(f"#drop-{field.pk}").press("Enter")
    expect(desk.locator("#goes-with-it + ul > li")).to_have_text(["1 Ziel", "1 Maßnahme"])
    desk.locator("main .form-actions a").press("Enter")
    here(desk, f"#drop-{field.pk}")
    desk.keyboard.press("Enter")
    desk.locator("form[action$='/toggle/'] button").press("Enter")
    here(desk, f"#toggle-{field.pk}")
    field.refresh_from_db()
    assert (field.is_worked_on, field.measures.count()) == (False, 1)


def test_one_person_after_the_other_is_typed_without_a_mouse(desk, workshop, witness):
    witness.expect("status of 422")
    office = workshop.groups.get(name="Verwaltung")
    desk.goto(f"/workshops/{workshop.pk}/people/")
    desk.locator("#id_group").select_option(str(office.pk))
    desk.locator("#id_email").focus()
    for address in ("a@bingen.example", "b@bingen", "b@bingen.example", "c@bingen.example"):
        with desk.expect_navigation():
            desk.keyboard.press("ControlOrMeta+A")
            desk.keyboard.type(address)
            desk.keyboard.press("Enter")
        here(desk, "#id_email")
        expect(desk.locator("#id_group")).to_have_value(str(office.pk))
    assert sorted(workshop.participants.values_list("user__email", "group__name")) == [
        (f"{letter}@bingen.example", "Verwaltung") for letter in "abc"
    ]


def test_a_role_is_changed_where_it_stands(desk, workshop, committee_member):
    desk.goto(f"/workshops/{workshop.pk}/people/")
    row = workshop.memberships.get(user=committee_member)
    desk.locator(f"#role-of-{row.pk}").select_option("facilitator")
    desk.locator(f"#membership-{row.pk} form[action$='/change/'] button").press("Enter")
    here(desk, f"#membership-{row.pk}")
    expect(desk.locator(f"#membership-{row.pk} strong")).to_have_text("Greta")
    expect(desk.locator(f"#role-of-{row.pk}")).to_have_value("facilitator")


def test_a_pasted_list_is_corrected_where_it_was_typed_and_then_added(desk, workshop, witness):
    witness.expect("status of 422")
    desk.goto(f"/workshops/{workshop.pk}/people/")
    desk.locator("a[href$='/paste/']").press("Enter")
    text = "Müller, Anna <anna@bingen.example>; Bert <bert@bingen.example>\nCarla"
    desk.locator("#id_text").fill(text)
    desk.locator("main form .form-actions button").first.press("Enter")
    here(desk, ".error-summary")
    expect(desk.locator("#to-correct ~ .table-scroll td").nth(1)).to_have_text("Carla")
    desk.locator(".error-summary a").press("Enter")
    expect(desk.locator("#id_text")).to_be_focused()
    expect(desk.locator("#id_text")).to_have_value(text)
    desk.locator("#id_text").fill(f"{text}; carla@bingen.example")
    desk.locator("main form .form-actions button").first.press("Enter")
    here(desk, "#preview")
    desk.keyboard.press("Tab")
    expect(desk.locator("[name=confirmed]")).to_be_focused()
    desk.keyboard.press("Enter")
    here(desk, "#participants")
    assert sorted(workshop.participants.values_list("name", flat=True)) == [
        "Anna Müller", "Bert", "Carla",
    ]  # fmt: skip


def test_sorting_keeps_the_focus_on_the_heading(page, enter, at, measure, committee_member):
    for _each in range(3):
        ballot = Ballot.objects.create(workshop=measure.workshop, source="account")
        save_rating(ballot, measure, relevance=4, feasibility=2)
    at("deliberating")
    enter(page, committee_member).goto(f"/workshops/{measure.workshop_id}/dashboard/")
    page.locator("#table > summary").click()
    for direction in ("ascending", "descending"):
        page.locator("th a.sort").nth(1).press("Enter")
        expect(page.locator("th").nth(1)).to_have_attribute("aria-sort", direction)
        expect(page.locator("th a.sort").nth(1)).to_be_focused()


def test_a_measure_goes_to_another_field_and_the_typist_stays(desk, workshop, measure):
    tourism = workshop.fields.get(name="Tourismus")
    desk.goto(measure.field.get_absolute_url())
    desk.locator(f"#edit-{measure.number}").press("Enter")
    desk.locator("#id_field").select_option(str(tourism.pk))
    desk.locator("#id_title").press("Enter")
    here(desk, f"#title-{measure.goal_id}")
    expect(desk.locator(".toast--success")).to_contain_text("Tourismus")
    expect(desk.locator(f"#measure-{measure.number}")).to_have_count(0)
    desk.goto(tourism.get_absolute_url())
    expect(desk.locator(f"#lines-none #measure-{measure.number}")).to_be_visible()
