"""The committee decides: typed once, frozen, published, corrected, and never lost."""

import pytest
from playwright.sync_api import Page, expect

from measures.models import Decision, Measure
from tests.deciding import decide, hold
from tests.rating import save_rating
from workshops.models import Ballot


@pytest.fixture
def session(at, workshop, measure, measure_two):
    """WLAN and Bus, rated by three, on the agenda of a committee of nine."""
    for relevance in (5, 4, 3):
        ballot = Ballot.objects.create(workshop=workshop, source="account")
        for each in (measure, measure_two):
            save_rating(ballot=ballot, measure=each, relevance=relevance, feasibility=2)
    at("deliberating")
    return hold(workshop, measure, measure_two, seats=9)


def form_of(session, measure) -> str:
    return f"{session.get_absolute_url()}measures/{measure.number}/decide/"


@pytest.fixture
def council(page, enter, committee_member) -> Page:
    return enter(page, committee_member)


@pytest.fixture
def administration(new_page, enter, administrator) -> Page:
    return enter(new_page(), administrator)


def choose(page: Page, outcome: str) -> None:
    page.locator(f"input[name=outcome][value={outcome}]").check()


def send(page: Page) -> None:
    """Send the form and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(".decision-form button[type=submit]").click()


def test_a_decision_goes_from_the_keyboard_to_the_public(
    council, administration, new_page, enter, participant, session, measure, axe
):
    council.goto(form_of(session, measure))
    expect(council.locator("#id_wording")).to_be_hidden()
    assert axe(council) == []
    council.locator("input[name=outcome][value=accepted]").focus()
    council.keyboard.press("ArrowDown")
    expect(council.locator("#id_wording")).to_be_visible()
    council.keyboard.press("Tab")
    council.keyboard.type("WLAN nur am Bahnhof")
    council.keyboard.press("Tab")  # a recommendation to another committee
    council.keyboard.press("Tab")
    council.keyboard.type("Zu teuer für überall.")
    for votes in ("9", "5", "3", "1"):
        council.keyboard.press("Tab")
        council.keyboard.type(votes)
    for _step in ("unanimous", "conflict of interest", "responsible"):
        council.keyboard.press("Tab")
    council.keyboard.type("Bauamt")
    council.keyboard.press("Enter")
    council.wait_for_url(f"**{session.get_absolute_url()}measures/{measure.number}/")
    decision = Decision.objects.get()
    assert (decision.wording, decision.votes_for) == ("WLAN nur am Bahnhof", 5)
    room = enter(new_page(), participant)
    assert room.goto(measure.get_absolute_url()).ok
    expect(room.get_by_text("WLAN nur am Bahnhof")).to_have_count(0)
    administration.goto(session.get_absolute_url())
    administration.locator(".publish summary").click()
    with administration.expect_navigation():
        administration.locator(".publish button").click()
    room.goto(measure.get_absolute_url())
    room.get_by_role("link", name=", 22.10.2020").click()
    room.wait_for_url(f"**{decision.get_absolute_url()}")
    expect(room.locator("main")).to_contain_text("WLAN nur am Bahnhof")
    seals = room.locator(".decision-seal .seal summary")
    expect(seals.first).to_contain_text(decision.seal.short)
    decision.refresh_from_db()
    expect(seals.last).to_contain_text(decision.publication.short)
    assert axe(room) == []


def test_one_key_says_unanimous_and_types_nothing(council, session, measure):
    council.goto(form_of(session, measure))
    box = council.locator("[name=is_unanimous]")
    council.locator("#id_reason").focus()
    council.keyboard.type("e")
    expect(box).not_to_be_checked()
    council.locator("#id_votes_for").focus()
    council.keyboard.press("e")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(council.locator("#id_votes_for")).to_have_value("")
    choose(council, "accepted")
    send(council)
    decision = Decision.objects.get()
    assert (decision.votes_for, decision.votes_against, decision.reason) == (9, 0, "e")


def test_the_text_is_there_again_when_one_has_left_by_a_link(council, session, measure):
    council.goto(form_of(session, measure))
    choose(council, "amended")
    council.fill("#id_wording", "WLAN nur am Bahnhof")
    council.fill("#id_reason", "Zu teuer.")
    council.fill("#id_present", "8")
    council.get_by_role("link", name=measure.code, exact=True).first.click()
    council.wait_for_url(f"**{measure.get_absolute_url()}")
    council.goto(form_of(session, measure))
    expect(council.locator("#id_wording")).to_have_value("WLAN nur am Bahnhof")
    expect(council.locator("#id_reason")).to_have_value("Zu teuer.")
    expect(council.locator("#id_present")).to_have_value("8")
    expect(council.locator("input[name=outcome][value=amended]")).to_be_checked()


def test_several_points_in_one_vote(council, session, axe, witness):
    witness.expect("status of 422")
    council.goto(session.get_absolute_url())
    council.get_by_role("link", name="Über mehrere Punkte zugleich abstimmen").click()
    council.wait_for_load_state()
    assert axe(council) == []
    choose(council, "noted")
    expect(council.locator("#id_referred_to")).to_be_hidden()
    council.fill("#id_reason", "Bericht der Verwaltung.")
    council.get_by_text("M2 Bus").click()
    send(council)
    expect(council.get_by_text("Bitte wählen Sie mindestens zwei Punkte.").first).to_be_visible()
    council.get_by_text("M2 Bus").click()
    send(council)
    assert {each.outcome for each in Decision.objects.all()} == {"noted"}
    assert Decision.objects.count() == 2


def test_two_who_decide_at_once_see_both_versions_and_lose_nothing(
    council, administration, session, measure, witness, axe
):
    witness.expect("status of 409")
    for page in (council, administration):
        page.goto(form_of(session, measure))
    choose(administration, "accepted")
    administration.locator("#id_reason").fill("Die Daten liegen vor.")
    send(administration)
    choose(council, "rejected")
    council.locator("#id_reason").fill("Kein Geld.\nKein Bedarf.")
    send(council)
    expect(council.get_by_role("alert")).to_be_focused()
    changed = council.locator(".side-by-side .is-changed")
    expect(changed).to_have_count(2)
    expect(changed.locator(".change-mark").first).to_contain_text("≠")
    expect(changed.last).to_contain_text("Die Daten liegen vor.")
    expect(changed.last).to_contain_text("Kein Geld.")
    expect(council.locator("#id_reason")).to_have_value("Kein Geld.\nKein Bedarf.")
    expect(council.locator("input[value=rejected]")).to_be_checked()
    assert axe(council) == []
    council.locator("#id_correction_reason").fill("Wir haben abgelehnt.")
    send(council)
    first, second = Decision.objects.order_by("pk")
    council.wait_for_url(f"**{second.get_absolute_url()}")
    assert (second.corrects, second.outcome) == (first, "rejected")
    expect(council.locator(".entries li")).to_have_count(2)


def test_what_changed_meanwhile_is_shown_before_it_is_decided_upon(
    council, session, measure, witness, axe
):
    witness.expect("status of 409")
    council.goto(form_of(session, measure))
    choose(council, "accepted")
    council.locator("#id_reason").fill("Der Bedarf ist groß.")
    council.goto(session.get_absolute_url())  # and back: the words have waited
    council.goto(form_of(session, measure))
    expect(council.locator("#id_reason")).to_have_value("Der Bedarf ist groß.")
    Measure.objects.filter(pk=measure.pk).update(title="Funknetz")
    send(council)
    [row] = council.locator(".side-by-side .is-changed").all()
    expect(row).to_contain_text("WLAN")
    expect(row).to_contain_text("Funknetz")
    expect(council.locator("#id_reason")).to_have_value("Der Bedarf ist groß.")
    assert axe(council) == []
    send(council)
    council.wait_for_url(f"**{session.get_absolute_url()}measures/{measure.number}/")
    assert Decision.objects.get().frozen["measure"]["title"] == "Funknetz"


def test_a_wording_typed_before_the_choice_changed_is_shown_again(
    council, session, measure, witness, axe
):
    witness.expect("status of 422")
    council.goto(form_of(session, measure))
    choose(council, "amended")
    council.locator("#id_wording").fill("WLAN nur am Bahnhof")
    choose(council, "accepted")
    expect(council.locator("#id_wording")).to_be_hidden()
    council.locator("#id_reason").fill("Ja.")
    send(council)
    expect(council.locator(".error-summary")).to_be_focused()
    expect(council.locator("#id_wording")).to_be_visible()
    expect(council.locator("#id_wording")).to_have_value("WLAN nur am Bahnhof")
    assert axe(council) == []
    choose(council, "amended")
    send(council)
    council.wait_for_url(f"**{session.get_absolute_url()}measures/{measure.number}/")


def test_without_scripts_and_on_a_phone_it_works_as_well(
    new_page, enter, committee_member, session, measure, measure_two
):
    phone = new_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
    enter(phone, committee_member)
    phone.goto(form_of(session, measure_two))
    choose(phone, "deferred")
    phone.locator("#id_deferred_until").fill("2020-12-01")
    phone.locator("#id_reason").fill("Zahlen fehlen.")
    send(phone)
    decision = Decision.objects.get()
    assert (decision.outcome, str(decision.deferred_until)) == ("deferred", "2020-12-01")
    phone.goto(decision.get_absolute_url())
    expect(phone.locator("main")).to_contain_text("Zahlen fehlen.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_dossier_fits_a_phone_and_marks_differences_by_shape_and_word(
    new_page, enter, committee_member, session, measure, axe, theme
):
    phone = new_page(viewport={"width": 320, "height": 640}, color_scheme=theme)
    enter(phone, committee_member)
    phone.goto(form_of(session, measure))
    choose(phone, "accepted")
    phone.locator("#id_reason").fill("Donaudampfschifffahrtsgesellschaftskapitänsamtsverordnung")
    send(phone)
    Measure.objects.filter(pk=measure.pk).update(title="Funknetz")
    phone.goto(Decision.objects.get().get_absolute_url())
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    row = phone.locator(".side-by-side .is-changed")
    expect(row.locator(".change-mark")).to_be_visible()
    assert row.evaluate("each => getComputedStyle(each).borderInlineStartStyle") == "double"
    assert axe(phone) == []


def test_on_paper_nothing_to_press_is_left(council, session, measure):
    council.goto(form_of(session, measure))
    choose(council, "accepted")
    council.locator("#id_reason").fill("Ja.")
    send(council)
    council.goto(Decision.objects.get().get_absolute_url())
    expect(council.locator(".fold dd").first).to_be_hidden()
    council.emulate_media(media="print")
    for what in (".kern-btn", ".way", ".site-footer"):
        expect(council.locator(what).first).to_be_hidden()
    expect(council.locator(".fold dd").first).to_be_visible()
    expect(council.locator(".seal__whole")).to_be_visible()
    expect(council.locator(".seal__more")).to_be_hidden()


@pytest.mark.parametrize("name", ["session", "decision"])
def test_on_paper_nothing_lies_upon_a_lists_end(administration, session, measure, name):
    """Over a page's end a grid lays its next part upon the last row of the one before."""
    decision = decide(session, measure)
    page = administration
    page.goto({"session": session, "decision": decision}[name].get_absolute_url())
    page.emulate_media(media="print")
    grids = page.evaluate(
        """() => [...document.querySelectorAll("main, main > section, main .stack")]
          .map((each) => getComputedStyle(each).display)
          .filter((display) => ["grid", "flex"].includes(display))"""
    )
    assert (page.locator("main > section").count() > 0, grids) == (True, [])


def test_the_note_for_paper_is_seen_on_paper_only(administration, session, measure):
    decide(session, measure, is_published=False)
    administration.goto(session.get_absolute_url())
    note = administration.locator(".print-only")
    expect(note).to_be_hidden()
    administration.emulate_media(media="print")
    expect(note).to_be_visible()
