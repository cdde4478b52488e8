"""The typist at the table: as fast as the room talks, and no word is ever lost."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from fields.models import Goal
from measures.models import Measure, Rating
from tests.journeys.conftest import Held
from tests.rating import save_rating
from workshops.models import Ballot, Participant, Workshop

TITLES = [
    "WLAN am Rheinufer",
    "Glasfaser bis ins letzte Haus",
    "LoRaWAN-Netz für die Stadt",
    "Digitale Parkplatzanzeige",
    "Bürgerbus auf Zuruf",
    "Mängelmelder mit Karte",
    "Kita-Anmeldung im Netz",
    "Sprechstunde per Video",
    "Digitallotsen 60+",
    "Makerspace in der Bücherei",
    "Leihgeräte für Vereine",
    "Ratsinfo auf dem Telefon",
    "Offene Daten der Stadtwerke",
    "Schaufenster der Händler",
    "Hochwasserpegel per Kurznachricht",
    "Ehrenamtsbörse",
    "Baustellenkarte",
    "Termine im Bürgerbüro",
    "Rundgang durch die Burg Klopp",
    "Nachbarschaftshilfe & Fahrdienste <alle>",
]


class Board:
    """The board of one field as somebody sees it in a browser."""

    def __init__(self, page: Page, field, goal=None) -> None:
        self.page, self.field = page, field
        self.key = goal.pk if goal else "none"
        self.title = page.locator(f"#title-{self.key}")
        self.lines = page.locator(f"#lines-{self.key} > li.line:not(.line--pending)")
        self.pending = page.locator("li.line--pending")

    def open(self) -> "Board":
        self.page.goto(self.field.get_absolute_url())
        return self

    def type(self, *titles: str) -> "Board":
        """Type with real key events, each line ended with Enter."""
        if not self.title.evaluate("input => input === document.activeElement"):
            self.title.focus()
        for title in titles:
            self.page.keyboard.type(title, delay=2)
            self.page.keyboard.press("Enter")
        return self

    def shows(self, *titles: str) -> "Board":
        """Wait until exactly these lines are stored, in this order."""
        expect(self.lines.locator(".line__title")).to_have_text(list(titles))
        expect(self.pending).to_have_count(0)
        return self


@pytest.fixture
def board(page, enter, at, facilitator, field, goal) -> Board:
    at("collecting")
    return Board(enter(page, facilitator), field, goal).open()


def stored(field) -> list[str]:
    return list(
        Measure.objects.filter(field=field)
        .standing()
        .order_by("number")
        .values_list("title", flat=True)
    )


def offline(board: Board, witness, is_off: bool = True) -> None:
    witness.expect("ERR_INTERNET_DISCONNECTED")
    board.page.context.set_offline(is_off)


def test_twenty_measures_typed_in_a_stream_lose_no_key_and_no_measure(board, field, goal, axe):
    board.title.focus()
    for title in TITLES:
        board.page.keyboard.type(title, delay=15)
        board.page.keyboard.press("Enter")
    board.shows(*TITLES)
    assert stored(field) == TITLES
    orders = Measure.objects.filter(goal=goal).order_by("order").values_list("title", flat=True)
    assert list(orders) == TITLES
    board.open().shows(*TITLES)
    assert axe(board.page) == []


def test_keys_hit_without_any_pause_arrive_as_well(board, field):
    text = [f"Maßnahme Nummer {number}" for number in range(1, 21)]
    board.title.focus()
    for title in text:
        for key in title:
            board.page.keyboard.press(
                key if key != " " else "Space"
            ) if key.isascii() else board.page.keyboard.insert_text(key)
        board.page.keyboard.press("Enter")
    board.shows(*text)
    assert stored(field) == text


def test_tab_leads_on_to_implementation_time_and_description(board, goal):
    keyboard = board.page.keyboard
    board.title.focus()
    keyboard.type("Bürgerbus")
    keyboard.press("Tab")
    expect(board.page.locator(f"#horizon-{goal.pk}")).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("Tab")
    expect(board.page.locator(f"#description-{goal.pk}")).to_be_focused()
    keyboard.type("Fährt auf Zuruf")
    keyboard.press("Enter")
    expect(board.title).to_be_focused()
    expect(board.title).to_have_value("")
    expect(board.page.locator(f"#horizon-{goal.pk}")).to_have_value("unknown")
    board.shows("Bürgerbus")
    measure = Measure.objects.get()
    found = (measure.title, measure.time_horizon, measure.description, measure.goal)
    assert found == ("Bürgerbus", "long", "Fährt auf Zuruf", goal)


def test_a_line_is_changed_in_place_and_escape_leaves_it_as_it_was(board, axe):
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    page = board.page
    first, second = Measure.objects.order_by("number")
    page.locator(f"#edit-{first.number}").press("Enter")
    expect(page.locator(".row--editing #id_title")).to_be_focused()
    assert axe(page) == []
    page.locator("#id_title").fill("Das soll niemand lesen")
    page.keyboard.press("Escape")
    board.shows("Bus", "Bahn")
    expect(page.locator(f"#edit-{first.number}")).to_be_focused()
    page.locator(f"#edit-{second.number}").press("Enter")
    expect(page.locator(".row--editing #id_title")).to_be_focused()
    page.locator("#id_title").fill("Bahn im Halbstundentakt")
    page.keyboard.press("Enter")
    board.shows("Bus", "Bahn im Halbstundentakt")
    expect(page.locator(f"#edit-{second.number}")).to_be_focused()
    assert stored(board.field) == ["Bus", "Bahn im Halbstundentakt"]


def test_moving_keeps_the_focus_and_leads_across_goals(board, field, goal):
    other = Goal.objects.create(field=field, text="Alle kommen an", order=2)
    page = board.open().page
    Board(page, field, other).type("Bus", "Bahn", "Rad").shows("Bus", "Bahn", "Rad")
    rad = Measure.objects.get(title="Rad").number
    page.locator(f"#up-{rad}").press("Enter")
    Board(page, field, other).shows("Bus", "Rad", "Bahn")
    expect(page.locator(f"#up-{rad}")).to_be_focused()
    page.keyboard.press("Enter")
    Board(page, field, other).shows("Rad", "Bus", "Bahn")
    expect(page.locator(f"#up-{rad}")).to_be_focused()
    page.keyboard.press("Enter")
    Board(page, field, other).shows("Bus", "Bahn")
    board.shows("Rad")
    expect(page.locator(f"#up-{rad}")).to_be_focused()
    page.locator(f"#down-{rad}").press("Enter")
    Board(page, field, other).shows("Rad", "Bus", "Bahn")
    expect(page.locator(f"#down-{rad}")).to_be_focused()
    assert Measure.objects.get(number=rad).goal == other


def test_what_is_being_typed_survives_a_change_elsewhere_on_the_board(board):
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    board.title.focus()
    board.page.keyboard.type("Halb ge")
    bahn = Measure.objects.get(title="Bahn").number
    board.page.locator(f"#up-{bahn}").click()
    board.shows("Bahn", "Bus")
    expect(board.title).to_have_value("Halb ge")


def test_who_writes_elsewhere_while_a_form_opens_goes_on_writing_there(board):
    board.type("Bus").shows("Bus")
    held = Held(board.page, re.compile("/edit/"))
    board.page.locator(f"#edit-{Measure.objects.get().number}").click()
    held.arrive()
    board.title.focus()
    board.page.keyboard.type("Halb ge")
    held.let_go()
    expect(board.page.locator(".row--editing #id_title")).to_have_value("Bus")
    board.page.keyboard.type("schrieben")
    expect(board.title).to_have_value("Halb geschrieben")


def test_who_writes_in_a_form_goes_on_when_the_board_is_drawn_anew(board):
    board.type("Bus", "Bahn", "Rad").shows("Bus", "Bahn", "Rad")
    numbers = dict(Measure.objects.values_list("title", "number"))
    page = board.page
    page.locator(f"#edit-{numbers['Bus']}").click()
    expect(page.locator("#id_title")).to_be_focused()
    held = Held(page, "**/move/")
    page.locator(f"#up-{numbers['Rad']}").click()
    held.arrive()
    page.locator("#id_title").focus()
    page.keyboard.press("Home")
    page.keyboard.type("Ein ")
    held.let_go()
    expect(page.locator(f"#lines-{board.key} > li").nth(1)).to_have_id(f"measure-{numbers['Rad']}")
    page.keyboard.type("neuer ")
    expect(page.locator("#id_title")).to_have_value("Ein neuer Bus")


def test_who_corrects_a_refused_line_goes_on_when_the_board_is_drawn_anew(board, witness):
    witness.expect("status of 422")
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    board.title.fill("x" * 201)
    board.page.keyboard.press("Enter")
    expect(board.pending.locator("input")).to_be_visible()
    held = Held(board.page, "**/move/")
    board.page.locator(f"#up-{Measure.objects.get(title='Bahn').number}").click()
    held.arrive()
    board.pending.locator("input").fill("Bürger")
    held.let_go()
    expect(board.lines.locator(".line__title")).to_have_text(["Bahn", "Bus"])
    board.page.keyboard.type("bus")
    expect(board.pending.locator("input")).to_have_value("Bürgerbus")
    board.pending.locator("button").first.click()
    board.shows("Bahn", "Bus", "Bürgerbus")


def test_a_goal_that_could_not_be_sent_comes_back_before_what_was_typed_since(board, witness):
    witness.expect("ERR_FAILED")
    witness.expect("htmx")
    held = Held(board.page, "**/goals/add/")
    goal = board.page.locator("#new-goal")
    goal.fill("Jugend gestaltet mit")
    goal.press("Enter")
    held.arrive()
    board.page.keyboard.type("Alle sind on")
    held.routes[0].abort()
    expect(goal).to_have_value("Jugend gestaltet mit / Alle sind on")
    board.page.keyboard.type("line")
    expect(goal).to_have_value("Jugend gestaltet mit / Alle sind online")


def test_a_removed_line_comes_back(board):
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    bus = Measure.objects.get(title="Bus").number
    board.page.locator(f"#measure-{bus} form[action$='/remove/'] button").click()
    board.shows("Bahn")
    board.page.locator("#undo").click()
    board.shows("Bus", "Bahn")
    expect(board.page.locator("#undo")).to_have_count(0)


def test_a_removed_goal_comes_back_with_its_lines(board, goal):
    board.type("Bus").shows("Bus")
    board.page.locator(f"form[action$='/goals/{goal.pk}/remove/'] button").click()
    expect(board.page.locator(f"#goal-{goal.pk}")).to_have_count(0)
    board.page.locator("#undo").click()
    board.shows("Bus")


def test_a_goal_is_added_and_typed_under_at_once(board, field):
    board.page.locator("#new-goal").fill("Niemand bleibt zurück")
    board.page.keyboard.press("Enter")
    expect(board.page.locator("section.goal h2").nth(1)).to_contain_text("Niemand bleibt zurück")
    expect(board.page.locator("#new-goal")).to_have_value("")
    goal = Goal.objects.get(text="Niemand bleibt zurück")
    Board(board.page, field, goal).type("Leihgeräte").shows("Leihgeräte")
    assert Measure.objects.get().goal == goal


def test_two_browsers_one_line_both_texts_are_shown_and_the_person_chooses(
    board, new_page, enter, administrator, field, goal, witness, axe
):
    witness.expect("status of 409")
    board.type("Bus").shows("Bus")
    other = Board(enter(new_page(), administrator), field, goal).open()
    number = Measure.objects.get().number
    for each in (board, other):
        each.page.locator(f"#edit-{number}").click()
        expect(each.page.locator("#id_title")).to_be_focused()
    other.page.locator("#id_title").fill("Bürgerbus")
    other.page.keyboard.press("Enter")
    other.shows("Bürgerbus")
    board.page.locator("#id_title").fill("Bus auf Zuruf")
    board.page.keyboard.press("Enter")
    clash = board.page.locator(".row--editing .clash")
    expect(clash.locator("mark")).to_have_text(["Bus auf Zuruf", "Bürgerbus"])
    expect(board.page.locator(".row--editing [role=alert]")).to_be_focused()
    assert axe(board.page) == []
    assert stored(field) == ["Bürgerbus"]  # nothing is overwritten before the person has chosen
    clash.get_by_text("Beide zusammenführen").click()
    expect(board.page.locator("#id_title")).to_have_value("Bus auf Zuruf")
    board.page.locator("#id_title").fill("Bürgerbus auf Zuruf")
    board.page.keyboard.press("Enter")
    board.shows("Bürgerbus auf Zuruf")
    assert stored(field) == ["Bürgerbus auf Zuruf"]


def test_without_a_network_lines_wait_and_are_sent_later(board, witness, axe):
    board.type("Vorher").shows("Vorher")
    offline(board, witness)
    board.type("Im Funkloch", "Noch eine")
    expect(board.pending).to_have_count(2)
    expect(board.page.locator("#outbox-state")).to_be_visible()
    assert stored(board.field) == ["Vorher"]
    offline(board, witness, False)
    board.shows("Vorher", "Im Funkloch", "Noch eine")
    expect(board.page.locator("#outbox-state")).to_have_count(0)
    assert stored(board.field) == ["Vorher", "Im Funkloch", "Noch eine"]
    assert axe(board.page) == []


def test_answers_that_are_long_in_coming_cost_nothing(board):
    held = Held(board.page, "**/measures/add/")
    board.type("Eins", "Zwei", "Drei")
    expect(board.pending).to_have_count(3)
    expect(board.title).to_be_focused()
    for count in (1, 2, 3):  # one after another
        held.arrive(count)
        expect(board.pending).to_have_count(4 - count)
        held.let_go()
    board.shows("Eins", "Zwei", "Drei")
    assert stored(board.field) == ["Eins", "Zwei", "Drei"]


def test_a_line_whose_answer_never_came_is_stored_once(board, witness):
    # The server stores the line; the browser hears nothing of it.
    board.page.route("**/measures/add/", lambda route: (route.fetch(), route.abort()))
    witness.expect("ERR_FAILED")
    board.type("Eins", "Zwei")
    expect(board.page.locator("#outbox-state")).to_be_visible()
    assert stored(board.field) == ["Eins"]
    page = board.page.context.new_page()
    board.page.close()
    Board(page, board.field, Goal.objects.get()).open().shows("Eins", "Zwei")
    assert stored(board.field) == ["Eins", "Zwei"]


def test_text_typed_after_the_session_expired_survives_the_log_in(board, facilitator, witness):
    witness.expect("status of 401")
    EmailAddress.objects.create(
        user=facilitator, email=facilitator.email, verified=True, primary=True
    )
    board.type("Vorher").shows("Vorher")
    page = board.page
    Session.objects.all().delete()
    board.type("Nach Ablauf", "Und weiter")
    expect(board.pending).to_have_count(2)
    log_in_again(page, facilitator)
    expect(page).to_have_url(re.compile("/kept-input/$"))
    expect(page.locator("main")).to_contain_text("Nach Ablauf")
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(re.escape(board.field.get_absolute_url())))
    board.shows("Vorher", "Nach Ablauf", "Und weiter")
    assert stored(board.field) == ["Vorher", "Nach Ablauf", "Und weiter"]


def log_in_again(page: Page, user) -> None:
    page.locator("#outbox-state a").click()
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill("geheim-geheim")
    page.keyboard.press("Enter")


def test_lines_wait_for_the_board_where_the_browser_dropped_the_session_too(
    board, facilitator, witness
):
    witness.expect("status of 401")
    EmailAddress.objects.create(
        user=facilitator, email=facilitator.email, verified=True, primary=True
    )
    board.page.context.clear_cookies(name="sessionid")
    board.type("Nach Ablauf", "Und weiter")
    expect(board.pending).to_have_count(2)
    log_in_again(board.page, facilitator)
    expect(board.page.locator(".site-nav form[action$='/logout/']")).to_be_visible()
    board.open().shows("Nach Ablauf", "Und weiter")
    assert stored(board.field) == ["Nach Ablauf", "Und weiter"]


def test_a_double_click_on_add_stores_one_line(board):
    board.title.fill("Bus")
    board.page.locator(f"#new-{board.key} button[type=submit]").dblclick()
    board.shows("Bus")
    board.type("Bahn").shows("Bus", "Bahn")
    assert stored(board.field) == ["Bus", "Bahn"]


def test_an_empty_line_is_no_measure(board):
    board.type("", "   ")
    expect(board.pending).to_have_count(0)
    assert stored(board.field) == []


def test_a_title_of_201_characters_is_refused_where_it_stands_and_kept(board, witness, axe):
    witness.expect("status of 422")
    long = "x" * 201
    board.title.fill(long)
    board.page.keyboard.press("Enter")
    expect(board.pending.locator(".kern-error")).to_contain_text("200")
    expect(board.pending.locator("input")).to_have_value(long)
    board.type("Die nächste geht trotzdem")
    expect(board.lines).to_have_count(1)
    assert axe(board.page) == []
    board.open()
    expect(board.pending.locator("input")).to_have_value(long)  # still there after a reload
    board.pending.locator("input").fill(long[:200])
    board.pending.locator("button").first.press("Enter")
    board.shows("Die nächste geht trotzdem", long[:200])
    expect(board.title).to_be_focused()
    assert stored(board.field) == ["Die nächste geht trotzdem", long[:200]]


def test_a_refused_line_can_be_given_up(board, witness):
    witness.expect("status of 422")
    board.title.fill("x" * 201)
    board.page.keyboard.press("Enter")
    expect(board.pending.locator("input")).to_be_visible()
    board.pending.locator("button").last.press("Enter")
    expect(board.pending).to_have_count(0)
    expect(board.title).to_be_focused()
    board.open().shows()


def test_back_from_another_page_shows_every_line(board):
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    number = Measure.objects.get(title="Bus").number
    board.page.locator(f"#edit-{number}").click()
    expect(board.page.locator("#id_title")).to_be_focused()
    board.page.keyboard.press("Escape")
    board.shows("Bus", "Bahn")
    board.page.locator("a.brand").click()
    expect(board.page).to_have_url(re.compile("/$"))
    board.page.go_back()
    expect(board.page.locator(".site-header")).to_be_visible()
    board.shows("Bus", "Bahn").type("Rad").shows("Bus", "Bahn", "Rad")
    assert stored(board.field) == ["Bus", "Bahn", "Rad"]


def test_unsent_lines_outlive_the_closed_tab(board, witness, field, goal):
    offline(board, witness)
    board.type("Im Funkloch", "Noch eine")
    expect(board.pending).to_have_count(2)
    board.page.close()
    offline(board, witness, False)
    page = board.page.context.new_page()
    Board(page, field, goal).open().shows("Im Funkloch", "Noch eine")
    assert stored(field) == ["Im Funkloch", "Noch eine"]


def test_the_main_path_works_without_javascript(new_page, enter, facilitator, participant, witness):
    witness.expect("status of 422")
    facilitator.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    page = enter(new_page(java_script_enabled=False), facilitator)
    page.goto("/workshops/new/")
    page.locator("#id_title").fill("Werkstatt ohne Skript")
    page.locator("#id_municipality_1").fill("Bingen am Rhein")
    page.locator("main form button[type=submit]").click()
    made = Workshop.objects.get(title="Werkstatt ohne Skript")
    expect(page).to_have_url(re.compile(f"/workshops/{made.pk}/$"))
    assert made.fields.count() == 9
    to_phase(page, "collecting")
    field = made.fields.first()
    page.locator(f"main a[href='{field.get_absolute_url()}']").click()
    page.locator("#new-goal").fill("Alle kommen ins Netz")
    page.keyboard.press("Enter")
    expect(page.locator("section.goal h2").first).to_contain_text("Alle kommen ins Netz")
    board = Board(page, field, Goal.objects.get(field=field))
    for count, title in enumerate(("WLAN", "Glasfaser", "Bürgerbus"), start=1):
        board.title.fill(title)
        page.keyboard.press("Enter")
        expect(board.lines).to_have_count(count)
    board.shows("WLAN", "Glasfaser", "Bürgerbus")
    _a_refused_line_stands_in_its_own_goal(page, board)
    _one_rates_without_javascript(page, new_page, enter, made, participant)
    _two_more_rate_the_same(made)
    page.goto(f"/workshops/{made.pk}/")
    to_phase(page, "deliberating")
    page.locator(f"main a[href='/workshops/{made.pk}/rounds/1/show/']").first.click()
    page.locator(".form-actions button").click()
    page.goto(f"/workshops/{made.pk}/")
    page.locator(f"main a.kern-btn--primary[href='/workshops/{made.pk}/dashboard/']").click()
    expect(page.locator(".ranking tbody tr")).to_have_count(3)
    page.locator(".dash__filters summary").click()
    page.locator("#id_quadrant").select_option("start")
    page.locator(".filters__apply").click()
    expect(page).to_have_url(re.compile("quadrant=start"))
    expect(page.locator(".ranking tbody tr")).to_have_count(2)


def to_phase(page: Page, phase: str) -> None:
    """Press the button on the page of the day, or on the one that asks first, and wait."""
    if phase in ("rating", "deliberating"):
        page.locator("main a.kern-btn--primary").click()
    page.locator(f"button[name=to][value={phase}]").click()
    expect(page.locator(".toast--success")).to_be_visible()


def _a_refused_line_stands_in_its_own_goal(page, board) -> None:
    board.title.fill("x" * 201)
    page.keyboard.press("Enter")
    expect(page.locator(".line-errors .kern-error")).to_have_count(1)
    expect(board.title).to_have_value("x" * 201)
    expect(page.locator("#title-none")).to_have_value("")


def _one_rates_without_javascript(page, new_page, enter, made, participant) -> None:
    page.goto(f"/workshops/{made.pk}/")
    to_phase(page, "rating")
    rater = enter(new_page(java_script_enabled=False), participant)
    Participant.objects.create(workshop=made, user=participant)
    rater.goto(f"/workshops/{made.pk}/rate/")
    rater.locator("main form button").click()
    expect(rater).to_have_url(re.compile(r"/rate/\d+/$"))
    for _each in range(3):
        is_bus = "Bürgerbus" in rater.locator("h1").inner_text()
        rater.locator(f"input[name=relevance][value='{2 if is_bus else 5}']").check()
        rater.locator(f"input[name=feasibility][value='{1 if is_bus else 4}']").check()
        before = rater.url
        rater.locator("[data-go]").click()
        expect(rater).not_to_have_url(before)
    expect(rater).to_have_url(re.compile("/rate/$"))
    assert Rating.objects.count() == 3


def _two_more_rate_the_same(made) -> None:
    ratings = list(Rating.objects.select_related("measure"))
    for _each in range(2):
        ballot = Ballot.objects.create(workshop=made, source="account")
        for one in ratings:
            steps = {"relevance": one.relevance, "feasibility": one.feasibility}
            save_rating(ballot, one.measure, **steps)
