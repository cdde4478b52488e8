"""The outbox in a real browser: offline, reloaded, killed, full, in two tabs, with two owners."""

import re

import pytest
from playwright.sync_api import Page, expect

from bingen_strategy.worker import FILES
from measures.models import Idea, Measure, Rating
from measures.rating.rounds import move_phase
from tests.journeys.conftest import Held
from tests.journeys.test_rating import is_saved, state, stays, tap, words
from tests.journeys.test_typing import Board, offline, stored
from tests.people import open_door
from workshops.models import Workshop
from workshops.phases import Phase

KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open("outbox");
  asked.onsuccess = () => {
    const rows = asked.result.transaction("entries").objectStore("entries").getAll();
    rows.onsuccess = () => {
      asked.result.close();
      done(rows.result.sort((one, other) => one.at - other.at).map(({ label }) => label));
    };
  };
})"""
# A device on which nothing has room any more.
FULL = """
  IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
"""
# A browser that lets a page keep nothing at all.
PRIVATE = """
  IDBFactory.prototype.open = () => { throw new DOMException("private", "SecurityError"); };
"""


@pytest.fixture
def board(page, enter, at, facilitator, field, goal) -> Board:
    at("collecting")
    return Board(enter(page, facilitator), field, goal).open()


def mark(page: Page):
    return page.locator("[data-outbox-mark]")


def kept(page: Page) -> list[str]:
    return page.evaluate(KEPT)


def again(board: Board) -> Board:
    """Return the same board in another tab of the same browser."""
    page = board.page.context.new_page()
    other = Board(page, board.field)
    other.key = board.key
    other.title = page.locator(f"#title-{board.key}")
    other.lines = page.locator(f"#lines-{board.key} > li.line:not(.line--pending)")
    return other


# The board ---------------------------------------------------------------------------------------


def test_the_mark_says_what_waits_and_that_it_was_saved(board, witness, axe):
    expect(mark(board.page)).to_be_empty()
    offline(board, witness)
    board.type("Eins")
    expect(mark(board.page)).to_have_text("Ein Eintrag wartet auf die Verbindung")
    board.type("Zwei")
    expect(mark(board.page)).to_have_text("2 Einträge warten auf die Verbindung")
    assert axe(board.page) == []
    offline(board, witness, False)
    board.shows("Eins", "Zwei")
    expect(mark(board.page)).to_have_text("Gespeichert")
    assert kept(board.page) == []


def test_lines_survive_a_reload_while_they_wait(board, witness):
    witness.expect("ERR_FAILED")
    board.page.route("**/measures/add/", lambda route: route.abort())
    board.type("Eins", "Zwei")
    expect(mark(board.page)).to_have_text("2 Einträge warten auf die Verbindung")
    board.page.reload()
    expect(board.pending).to_have_count(2)
    assert (kept(board.page), stored(board.field)) == (["Eins", "Zwei"], [])
    board.page.unroute("**/measures/add/")
    board.page.evaluate("dispatchEvent(new Event('online'))")
    board.shows("Eins", "Zwei")
    assert stored(board.field) == ["Eins", "Zwei"]


def test_lines_survive_a_page_that_is_killed(board, witness):
    witness.expect("ERR_FAILED")
    board.page.context.route("**/measures/add/", lambda route: route.abort())
    board.type("Eins", "Zwei")
    expect(board.pending).to_have_count(2)
    with board.page.expect_event("crash"), pytest.raises(Exception, match="crash"):
        board.page.goto("chrome://crash")
    board.page.close()
    board.page.context.unroute("**/measures/add/")
    other = again(board)
    other.open().shows("Eins", "Zwei")
    assert stored(board.field) == ["Eins", "Zwei"]


def test_leaving_while_something_waits_is_asked_about_and_otherwise_not(board, witness):
    asked = []
    board.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    board.type("Vorher").shows("Vorher")
    board.page.reload()
    assert asked == []
    board.page.route("**/measures/add/", lambda route: route.abort())
    witness.expect("ERR_FAILED")
    board.type("Eins")
    expect(mark(board.page)).to_have_text("Ein Eintrag wartet auf die Verbindung")
    board.page.reload()
    assert asked == ["beforeunload"]


def test_what_was_typed_on_one_board_is_sent_from_any_page_of_the_same_person(board, witness):
    witness.expect("ERR_FAILED")
    board.page.route("**/measures/add/", lambda route: route.abort())
    board.type("Eins")
    expect(mark(board.page)).to_have_text("Ein Eintrag wartet auf die Verbindung")
    board.page.unroute("**/measures/add/")
    board.page.goto("/")
    expect(mark(board.page)).to_have_text("Gespeichert")
    assert (stored(board.field), kept(board.page)) == (["Eins"], [])


def test_two_tabs_send_each_line_once_and_both_show_them(board, witness):
    other = again(board).open()
    offline(board, witness)
    board.type("Eins")
    expect(board.pending).to_have_count(1)
    other.type("Zwei")
    expect(other.pending).to_have_count(1)
    expect(mark(other.page)).to_have_text("2 Einträge warten auf die Verbindung")
    offline(board, witness, False)
    board.shows("Eins", "Zwei")
    other.shows("Eins", "Zwei")
    assert stored(board.field) == ["Eins", "Zwei"]


def test_at_a_shared_laptop_nobody_sees_or_sends_what_another_person_left(
    board, enter, administrator, facilitator, witness
):
    offline(board, witness)
    board.type("Von Mona")
    expect(board.pending).to_have_count(1)
    board.page.close()
    offline(board, witness, False)
    board.page.context.clear_cookies()
    other = again(board)
    enter(other.page, administrator)
    other.open().type("Von Vera").shows("Von Vera")
    expect(mark(other.page)).to_have_text("Gespeichert")
    assert (stored(board.field), kept(other.page)) == (["Von Vera"], ["Von Mona"])
    other.page.context.clear_cookies()
    enter(other.page, facilitator)
    other.open().shows("Von Vera", "Von Mona")
    assert kept(other.page) == []


def test_a_tab_left_open_sends_nothing_in_the_name_of_who_signed_in_since(
    board, enter, administrator, witness
):
    witness.expect("status of 40[13]")
    board.page.context.clear_cookies()
    enter(board.page, administrator)
    board.type("Von Mona")
    expect(board.page.locator("#outbox-state a")).to_be_visible()
    expect(board.pending).to_have_count(1)
    assert (stored(board.field), kept(board.page)) == ([], ["Von Mona"])


@pytest.mark.parametrize("fault", [FULL, PRIVATE])
def test_where_nothing_can_be_kept_lines_are_sent_and_it_is_said_that_the_page_must_stay(
    fault, new_page, enter, at, facilitator, field, goal, witness
):
    at("collecting")
    page = enter(new_page(), facilitator)
    page.add_init_script(fault)
    board = Board(page, field, goal).open().type("Vorher").shows("Vorher")
    offline(board, witness)
    board.type("Eins")
    expect(mark(page)).to_contain_text("Lassen Sie diese Seite bitte offen")
    offline(board, witness, False)
    board.shows("Vorher", "Eins")
    expect(mark(page)).to_have_text("Gespeichert")
    assert stored(field) == ["Vorher", "Eins"]


def test_what_comes_after_the_collecting_is_kept_shown_and_sent_when_it_goes_on(
    board, at, witness, axe
):
    witness.expect("status of 403")
    Measure.objects.create(workshop=board.field.workshop, field=board.field, title="Da")
    offline(board, witness)
    board.type("Zu spät")
    expect(board.pending).to_have_count(1)
    at("rating")
    offline(board, witness, False)
    expect(board.pending.locator(".kern-error")).to_be_visible()
    expect(board.pending).to_contain_text("Zu spät")
    board.page.goto("/")
    expect(board.page.locator("[data-outbox-refused]")).to_contain_text("Zu spät")
    expect(board.page.locator("[data-outbox-refused] a")).to_have_attribute(
        "href", board.field.get_absolute_url()
    )
    assert axe(board.page) == []
    at("collecting")
    board.open()
    expect(board.pending).to_have_count(0)
    assert stored(board.field) == ["Da", "Zu spät"]


def test_a_change_of_a_line_waits_for_the_connection_like_a_new_one(board, witness, axe):
    board.type("Bus", "Bahn").shows("Bus", "Bahn")
    page, first = board.page, Measure.objects.get(title="Bus")
    page.locator(f"#edit-{first.number}").click()
    page.locator("#id_title").fill("Bürgerbus")
    witness.expect("htmx")
    offline(board, witness)
    page.keyboard.press("Enter")
    expect(board.pending.locator("p").first).to_have_text("Bürgerbus")
    expect(page.locator(".row--editing")).to_have_count(0)
    expect(mark(page)).to_have_text("Ein Eintrag wartet auf die Verbindung")
    expect(page.locator(".toast--danger")).to_have_count(0)
    assert axe(page) == []
    offline(board, witness, False)
    board.shows("Bürgerbus", "Bahn")
    assert (stored(board.field), kept(page)) == (["Bürgerbus", "Bahn"], [])


def test_a_change_that_waited_while_somebody_else_changed_the_line_shows_both(board, witness):
    board.type("Bus").shows("Bus")
    page, measure = board.page, Measure.objects.get()
    page.locator(f"#edit-{measure.number}").click()
    page.locator("#id_title").fill("Bürgerbus")
    witness.expect("htmx|status of 409")
    offline(board, witness)
    page.keyboard.press("Enter")
    expect(board.pending).to_have_count(1)
    measure.title = "Bus auf Zuruf"
    measure.save()
    offline(board, witness, False)
    both = page.locator(".row--editing .clash__two")
    expect(both).to_contain_text("Bus auf Zuruf")
    expect(both).to_contain_text("Bürgerbus")
    expect(board.pending).to_have_count(0)
    both.get_by_role("button", name="Diesen nehmen").click()
    board.shows("Bürgerbus")
    assert kept(page) == []


# Logging out --------------------------------------------------------------------------------------


def log_out(page: Page) -> None:
    if not page.locator("#log-out-form").is_visible():
        page.locator("[data-menu-button]").click()
    page.locator("#log-out-form button").click()


@pytest.fixture
def waiting(board, witness) -> Board:
    witness.expect("ERR_FAILED")
    board.page.route("**/measures/add/", lambda route: route.abort())
    board.type("Eins")
    expect(mark(board.page)).to_have_text("Ein Eintrag wartet auf die Verbindung")
    return board


def test_who_logs_out_while_something_waits_may_leave_it_at_this_device(
    waiting, enter, facilitator, axe
):
    page = waiting.page
    log_out(page)
    box = page.locator("[data-outbox-leave]")
    expect(box).to_contain_text("Ein Eintrag wartet auf die Verbindung")
    assert axe(page) == []
    box.locator("[value=stay]").click()
    expect(box).not_to_be_visible()
    log_out(page)
    box.locator("[value=leave]").click()
    expect(page).to_have_url(re.compile("/$"))
    expect(page.locator("#log-out-form")).to_have_count(0)
    assert (kept(page), stored(waiting.field)) == (["Eins"], [])
    page.unroute("**/measures/add/")
    enter(page, facilitator)
    waiting.open().shows("Eins")


def test_who_logs_out_may_send_first(waiting):
    page = waiting.page
    log_out(page)
    box = page.locator("[data-outbox-leave]")
    box.locator("[value=send]").click()
    expect(box).to_be_visible()  # still without a connection
    page.unroute("**/measures/add/")
    box.locator("[value=send]").click()
    expect(page.locator("#log-out-form")).to_have_count(0)
    assert (kept(page), stored(waiting.field)) == ([], ["Eins"])


# Rating ------------------------------------------------------------------------------------------

PHONE = {"viewport": {"width": 375, "height": 700}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(new_page, enter, participant, at, measure, measure_two) -> Page:
    return ballot(enter(new_page(**PHONE), participant), at("rating"))


def ballot(page: Page, workshop) -> Page:
    page.goto(f"/workshops/{workshop.pk}/rate/")
    stays(page)
    page.locator("main form button").tap()
    expect(page.locator("[data-go] span").first).to_have_text(words(page, "skipping"))  # it listens
    return page


def rate(page: Page, relevance: int, feasibility: int) -> None:
    tap(page, "relevance", relevance)
    tap(page, "feasibility", feasibility)


def waits(page: Page) -> None:
    expect(state(page)).to_have_text(words(page, "failed"))


def pairs() -> list[tuple]:
    rows = Rating.objects.order_by("measure__number")
    return list(rows.values_list("measure__number", "relevance", "feasibility"))


def number(page: Page) -> int:
    return int(re.search(r"/rate/(\d+)/", page.url)[1])


def test_a_choice_survives_a_reload_and_is_gone_from_the_device_once_it_is_stored(phone, witness):
    witness.expect("ERR_FAILED")
    phone.route("**/rate/*/", lambda r: r.abort() if r.request.method == "POST" else r.continue_())
    rate(phone, 4, 2)
    waits(phone)
    phone.reload()
    expect(phone.locator("input[name=relevance][value='4']")).to_be_checked()
    expect(phone.locator("input[name=feasibility][value='2']")).to_be_checked()
    assert (pairs(), len(kept(phone))) == ([], 1)
    phone.unroute("**/rate/*/")
    phone.evaluate("dispatchEvent(new Event('online'))")
    is_saved(phone)
    assert (pairs(), kept(phone)) == ([(number(phone), 4, 2)], [])


@pytest.fixture
def late(phone, at, witness):
    """Return a function that ends the rating while a choice waits, in a way that it is given."""

    def end(how) -> str:
        witness.expect("ERR_INTERNET_DISCONNECTED|status of 403")
        title = phone.locator("h1").inner_text()
        phone.context.set_offline(True)
        rate(phone, 5, 4)
        waits(phone)
        how()
        phone.context.set_offline(False)
        return title

    return end


def test_a_choice_that_comes_too_late_may_be_let_in_before_the_results_are_shown(
    phone, late, workshop, axe
):
    rated = number(phone)
    workshop.refresh_from_db()
    title = late(lambda: move_phase(workshop, Phase.DELIBERATING, by=None))
    lost = phone.locator("[data-outbox-refused]")
    expect(lost).to_contain_text(title)
    expect(lost).to_contain_text("Wird wieder geöffnet")
    assert (pairs(), len(kept(phone))) == ([], 1)
    assert axe(phone) == []
    move_phase(workshop, Phase.RATING, by=None)
    expect(phone.locator("form[data-rate]")).to_have_count(1)  # the page has turned by itself
    for _each in range(300):
        if pairs() and not kept(phone):
            break
        phone.wait_for_timeout(50)
    assert (pairs(), kept(phone)) == ([(rated, 5, 4)], [])
    expect(lost).not_to_be_visible()


def test_a_choice_that_comes_too_late_is_shown_to_its_person_and_then_gone(phone, at, late, axe):
    title = late(lambda: at("deliberating"))
    lost = phone.locator("[data-outbox-refused]")
    expect(lost).to_contain_text(title)
    expect(lost).to_contain_text("Relevanz: 5")
    expect(lost).to_contain_text("Realisierbarkeit: 4")
    expect(phone.locator("form[data-rate]")).to_have_count(0)
    assert (pairs(), kept(phone)) == ([], [])
    assert axe(phone) == []


def test_an_older_choice_never_arrives_after_a_newer_one_from_two_tabs(phone, witness):
    other = phone.context.new_page()
    other.goto(phone.url)
    held = Held(phone, "**/rate/*/", "POST")
    rate(phone, 1, 1)
    held.arrive()
    rate(other, 5, 5)
    expect(state(other)).to_have_text(words(other, "sending"))
    assert pairs() == []
    held.let_go()
    held.arrive(2)  # the tab that sends takes the other one's along
    held.let_go()
    is_saved(other)
    assert pairs() == [(number(phone), 5, 5)]


def ideas(page: Page, workshop: Workshop, at) -> Page:
    """Come in as a guest and open the page for ideas."""
    Workshop.objects.update(takes_ideas=True)
    code = open_door(workshop)
    at("collecting")
    page.goto(f"/j/{code}/")
    page.locator("main form button").first.tap()
    page.wait_for_url("**/workshops/**")
    page.goto(f"/workshops/{workshop.pk}/ideas/")
    return page


def test_an_idea_waits_for_the_connection_and_is_stored_once(
    new_page, workshop, at, field, witness, axe
):
    page = ideas(new_page(**PHONE), workshop, at)
    page.locator("#id_field").select_option(str(field.pk))
    witness.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    for text in ("Ein Bus", "Noch ein Bus"):
        page.locator("#id_text").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator("#id_text")).to_have_value("")
    expect(mark(page)).to_have_text("2 Einträge warten auf die Verbindung")
    expect(page.locator("[data-thanks]")).not_to_be_visible()
    assert axe(page) == []
    page.context.set_offline(False)
    expect(page.locator("[data-thanks]")).to_be_visible()
    expect(mark(page)).to_have_text("Gespeichert")
    assert sorted(Idea.objects.values_list("text", flat=True)) == ["Ein Bus", "Noch ein Bus"]
    assert kept(page) == []


def test_an_idea_that_comes_too_late_is_shown_and_goes_on_when_they_are_taken_again(
    new_page, workshop, at, field, witness
):
    page = ideas(new_page(**PHONE), workshop, at)
    Workshop.objects.update(takes_ideas=False)
    witness.expect("status of 403")
    page.locator("#id_field").select_option(str(field.pk))
    page.locator("#id_text").fill("Ein Bus")
    page.keyboard.press("Enter")
    expect(page.locator("[data-outbox-refused]")).to_contain_text("Ein Bus")
    assert (Idea.objects.count(), kept(page)) == (0, ["Ihre Idee: Ein Bus"])
    Workshop.objects.update(takes_ideas=True)
    page.reload()
    expect(mark(page)).to_have_text("Gespeichert")
    assert [idea.text for idea in Idea.objects.all()] == ["Ein Bus"]


# The service worker ------------------------------------------------------------------------------

CACHES = """async () => {
  const names = await caches.keys();
  const pages = names.filter((name) => name.startsWith("pages-"));
  const kept = await Promise.all(pages.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map(({ url }) => new URL(url).pathname + new URL(url).search).sort();
}"""
STALE = re.compile(r"^Stand \d\d:\d\d, ohne Verbindung$")


def working(page: Page) -> Page:
    """Wait until the worker of this page answers for it, and keeps it."""
    page.evaluate("navigator.serviceWorker.ready")
    expect_kept(page, page.evaluate("location.pathname"))
    return page


def expect_kept(page: Page, path: str) -> None:
    for _each in range(300):
        if path in page.evaluate(CACHES):
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(CACHES))


def test_without_a_connection_the_board_shows_its_last_state_and_takes_lines(
    new_page, enter, at, facilitator, field, goal, measure, witness, axe
):
    at("collecting")
    board = Board(enter(new_page(service_workers="allow"), facilitator), field, goal).open()
    working(board.page)
    expect(board.page.locator("[data-stale]")).not_to_be_visible()
    offline(board, witness)
    board.page.reload()
    expect(board.page.locator("[data-stale]")).to_have_text(STALE)
    expect(board.lines.locator(".line__title")).to_have_text([measure.title])
    board.type("Im Funkloch")
    expect(board.pending).to_have_count(1)
    assert axe(board.page) == []
    board.page.reload()
    expect(board.pending).to_have_count(1)
    offline(board, witness, False)
    board.shows(measure.title, "Im Funkloch")
    assert stored(field) == [measure.title, "Im Funkloch"]


def test_without_a_connection_one_rates_on_where_the_next_measure_is_kept(
    new_page, enter, participant, at, measure, measure_two, witness
):
    witness.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    third = Measure.objects.create(
        workshop=measure.workshop, field=measure.field, title="Rad", order=3
    )
    page = enter(new_page(service_workers="allow", **PHONE), participant)
    workshop = at("rating")
    working(ballot(page, workshop))
    first = number(page)
    rate(page, 3, 3)
    is_saved(page)
    [second] = {measure.number, measure_two.number, third.number} - {first} & {
        int(re.search(r"\d+/$", path)[0][:-1]) for path in _rating_pages(page, 2)
    }
    page.context.set_offline(True)
    page.locator("[data-go]").tap()
    expect(page).to_have_url(re.compile(f"/rate/{second}/$"))
    expect(page.locator("[data-stale]")).to_have_text(STALE)
    rate(page, 5, 1)
    waits(page)
    page.context.set_offline(False)
    is_saved(page)
    assert sorted(pairs()) == sorted([(first, 3, 3), (second, 5, 1)])


def _rating_pages(page: Page, count: int) -> list[str]:
    for _each in range(300):
        found = [path for path in page.evaluate(CACHES) if re.search(r"/rate/\d+/$", path)]
        if len(found) >= count:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(CACHES))


def test_after_the_log_out_nothing_of_a_person_is_left_to_be_shown(
    new_page, enter, at, facilitator, field, goal, witness
):
    witness.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    at("collecting")
    page = enter(new_page(service_workers="allow"), facilitator)
    page.goto(field.get_absolute_url())
    working(page)
    log_out(page)
    expect(page.locator("#log-out-form")).to_have_count(0)
    assert page.evaluate(CACHES) == []
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(field.get_absolute_url())


def test_of_two_people_at_one_browser_only_the_last_ones_pages_are_kept(
    new_page, enter, at, facilitator, administrator, field, goal
):
    at("collecting")
    other = field.workshop.fields.exclude(pk=field.pk).first()
    page = enter(new_page(service_workers="allow"), facilitator)
    page.goto(field.get_absolute_url())
    working(page)
    page.context.clear_cookies()
    enter(page, administrator)
    page.goto(other.get_absolute_url())
    expect_kept(page, other.get_absolute_url())
    assert page.evaluate(CACHES) == [other.get_absolute_url()]


def test_the_way_in_shows_its_last_state_and_a_tap_costs_nothing(
    new_page, workshop, at, measure, witness, axe
):
    witness.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    code = open_door(workshop)
    at("rating")
    page = new_page(service_workers="allow", **PHONE)
    page.goto(f"/j/{code}/")
    working(page)
    page.context.set_offline(True)
    page.locator("main form button").first.tap()
    expect(page.locator("[data-stale]")).to_have_text(STALE)
    assert axe(page) == []
    page.context.set_offline(False)
    page.locator("main form button").first.tap()
    expect(page).to_have_url(re.compile("/rate/"))


def test_a_new_release_takes_over_when_nothing_waits_and_strands_nothing(
    new_page, enter, at, facilitator, field, goal, witness, monkeypatch
):
    at("collecting")
    board = Board(enter(new_page(service_workers="allow"), facilitator), field, goal).open()
    page = working(board.page)
    witness.expect("ERR_FAILED")
    page.context.route("**/measures/add/", lambda route: route.abort())
    board.type("Eins")
    expect(mark(page)).to_have_text("Ein Eintrag wartet auf die Verbindung")
    monkeypatch.setattr("bingen_strategy.worker.FILES", FILES[:-1])
    page.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.update())")
    waiting = "navigator.serviceWorker.getRegistration().then(({ waiting }) => Boolean(waiting))"
    page.wait_for_function(waiting)
    page.reload()
    expect(board.pending).to_have_count(1)
    assert page.evaluate(waiting) is True
    page.context.unroute("**/measures/add/")
    page.evaluate("dispatchEvent(new Event('online'))")
    board.shows("Eins")
    page.wait_for_function(waiting.replace("Boolean(waiting)", "!waiting"))
    assert stored(field) == ["Eins"]
