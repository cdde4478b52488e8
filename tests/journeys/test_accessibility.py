"""Every page of the product for everybody: axe, narrow screens, keyboard, people's settings.

A page that is missing from ``PAGES`` in tests/pages.py fails. By day each page and each of its
states is judged in one look, half of them narrow and dark, half wide and light, and none may scroll
sideways on a phone; at night all are judged in all four. Run with ``-s`` for the table of results.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver, reverse
from playwright.sync_api import Page, expect

from measures.demo import content
from measures.models import Measure, Remark, Round
from tests.nightly import NIGHTLY
from tests.pages import (
    ADMIN,
    COMMITTEE,
    FACILITATOR,
    NOBODY,
    PAGES,
    PARTICIPANT,
    STAFF,
    House,
    closed_round,
    on_the_wall,
    published,
    with_presence,
)
from tests.people import open_door
from workshops.models import LegalText, Workshop
from workshops.models import Table as HallTable

PHONE, LAPTOP = 320, 1280  # pixels
LOOKS = [(PHONE, "dark"), (LAPTOP, "light"), (PHONE, "light"), (LAPTOP, "dark")]

# Routes without a page of their own: the answer is a redirect or a fragment of a listed page.
POSTED = {
    "fields:field-add", "fields:field-move", "fields:field-restore", "fields:field-toggle",
    "measures:ballot-take", "measures:rate-table", "measures:goal-add", "measures:goal-move",
    "measures:goal-remove", "measures:goal-restore", "measures:goal-to-measure",
    "measures:measure-add", "measures:idea-sort", "measures:idea-switch",
    "measures:table-add", "measures:table-code", "measures:table-remove", "measures:table-spread",
    "measures:measure-distinct", "measures:measure-import-confirm", "measures:measure-move",
    "measures:measure-remove", "measures:measure-restore", "measures:measure-to-goal",
    "workshops:group-add", "workshops:group-remove", "workshops:membership-change",
    "workshops:membership-remove", "workshops:participant-remove", "workshops:person-add",
    "measures:phase-move", "measures:rating-end", "measures:round-fields",
    "measures:round-set-aside", "measures:sheet-remove",
    "measures:agenda-add", "measures:agenda-fill", "measures:agenda-move",
    "measures:agenda-take-over",
    "measures:agenda-order", "measures:agenda-public", "measures:agenda-remove",
    "measures:remark-add",
    "measures:remind-whom", "measures:report-link-revoke",
    "measures:remark-close", "measures:remark-release", "measures:remark-reopen",
    "measures:remark-withdraw", "measures:session-publish",
    "measures:view-add", "measures:view-remove",
    "measures:front-screen", "measures:front-timer", "measures:front-code",
    "measures:attachment-release",
    "set-language", "measures:public-frame", "measures:public-switch", "measures:public-assessment",
    "measures:edit-redo", "measures:edit-undo", "measures:door-switch", "measures:door-code",
    "measures:door-expect", "measures:door-clear",
    "measures:card-add", "measures:card-withdraw",
    "measures:cost-remove", "measures:indicator-remove",
    "measures:task-remove", "measures:task-tick", "workshops:workshop-unarchive",
}  # fmt: skip
FILES = {
    "measures:matrix-png", "measures:matrix-svg",
    "measures:measure-export-csv", "measures:measure-export-xlsx",
    "measures:public-feed", "measures:public-picture",
    "measures:attachment-download", "measures:public-file",
    "measures:session-minutes", "measures:decision-extract",
    "measures:year-compare-csv", "measures:calendar-file",
    "workshops:look-logo", "workshops:look-sheet",
    "service-worker",
}  # fmt: skip
REDIRECTS = {"measures:rate-next", "measures:table-start"}
# Found by the browser alone that typed the sheet in: judged with what is typed.
OWN = {"measures:sheet-edit"}
FRAGMENTS = {
    "measures:rank-list", "measures:front-moment", "workshops:moment",
    "workshops:municipality-list",
}  # fmt: skip
OF_GUESTS = {  # see in_the_hall
    "measures:guest-device", "measures:guest-group", "measures:join", "measures:join-code",
}  # fmt: skip
# Switched off: log-in by code needs a mail in every log-in. Django's admin is Django's own product.
NOT_IN_USE = {"account_confirm_login_code"}


def routes() -> set[str]:
    """Return every named route of the product."""
    found: set[str] = set()

    def collect(resolver, prefix=""):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                namespace = f"{entry.namespace}:" if entry.namespace else ""
                if entry.namespace != "admin":
                    collect(entry, prefix + namespace)
            elif entry.name:
                found.add(prefix + entry.name)

    collect(get_resolver())
    return found


def test_no_page_is_missing_from_the_table():
    assert routes() == {
        *PAGES, *POSTED, *FILES, *REDIRECTS, *OWN, *FRAGMENTS, *OF_GUESTS, *NOT_IN_USE,
    }  # fmt: skip


def test_what_is_said_to_be_posted_shows_nothing(house):
    client = Client()
    client.force_login(house.user(FACILITATOR))
    workshop, measure = house.try_out, house.try_out.measures.first()
    wanted = {
        "workshop_id": workshop.pk, "number": measure.number, "pk": measure.field_id,
    }  # fmt: skip
    for name in POSTED:
        url = next(
            reverse(name, kwargs={key: wanted[key] for key in keys})
            for keys in ([], ["workshop_id"], ["workshop_id", "number"], ["workshop_id", "pk"])
            if _fits(name, {key: wanted[key] for key in keys})
        )
        assert (name, client.get(url).status_code) == (name, 405)


def _fits(name: str, arguments: dict) -> bool:
    try:
        reverse(name, kwargs=arguments)
    except Exception:
        return False
    return True


class Table:
    """Results per page, printed compactly."""

    def __init__(self, width: int, theme: str) -> None:
        self.head, self.rows = f"{width} px, {theme}", {}

    def note(self, name: str, faults: list[str]) -> None:
        self.rows[name] = faults

    def print(self) -> None:
        faulty = {name: faults for name, faults in self.rows.items() if faults}
        print(f"\n{self.head}: {len(self.rows)} pages, {len(faulty)} with faults")
        for name, faults in sorted(self.rows.items()):
            print(f"  {len(faults):3}  {name}")

    def faults(self) -> list[str]:
        return [f"{name}: {fault}" for name, faults in self.rows.items() for fault in faults]


def look_at(page: Page, axe, width: int) -> list[str]:
    """Return everything that is wrong with a page as it stands."""
    faults = axe(page) + sideways(page)
    if width != PHONE:
        page.set_viewport_size({"width": PHONE, "height": 800})
        faults += sideways(page)
        page.set_viewport_size({"width": width, "height": 800})
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} headings of level 1")
    return faults


def sideways(page: Page) -> list[str]:
    scroll, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"scrolls sideways: {scroll} px at {width} px"] if scroll > width else []


@pytest.fixture
def browsers(new_page, enter, house):
    """Return a function that gives a persona's page in one look."""
    opened: dict[tuple, Page] = {}

    def get(email: str, width=1280, theme="light") -> Page:
        key = (email, width, theme)
        if key not in opened:
            page = new_page(viewport={"width": width, "height": 800}, color_scheme=theme)
            opened[key] = enter(page, house.user(email)) if email else page
        return opened[key]

    return get


PARTS = 6  # so that they run beside each other
LATER = {"kept-input", "measures:round-show"}  # need an expired session, a closed round; see below


def pages_of(part: int) -> Callable:
    """Return what opens every page whose turn it is in this part."""
    names = [name for name in PAGES if name not in LATER][part::PARTS]

    def pages(opened, house: House) -> Iterator[tuple[str, Page, list[str]]]:
        for name in names:
            email, arguments = PAGES[name]
            page = opened(email)
            if name == "measures:rate-measure":
                page.goto(reverse("measures:rate-start", args=arguments(house)[:1]))
                page.locator("main form button").first.click()  # the ballot
                page.wait_for_url("**/rate/*/")
            answer = page.goto(reverse(name, args=arguments(house)))
            yield name, page, [] if answer.status == 200 else [f"status {answer.status}"]
            if name == "measures:rate-measure":
                page.goto(reverse("measures:rate-start", args=[house.try_out.pk]) + "?list=1")
                yield "measures:rate-start (with a ballot)", page, []

    return pages


def states_of(states: Callable) -> Callable:
    """Return the same for what the same routes look like to others or at other times."""

    def pages(opened, house: House) -> Iterator[tuple[str, Page, list[str]]]:
        for name, page in states(opened, house):
            yield name, page, []

    return pages


def to_others(opened, house: House):
    """Yield what the same routes look like to others, empty, filtered or read only."""
    mona, participant = opened(FACILITATOR), opened(PARTICIPANT)
    full, try_out, collecting = house.full.pk, house.try_out.pk, house.collecting.pk

    def at(page: Page, path: str) -> Page:
        page.goto(path)
        return page

    yield "help-guide (administration)", at(mona, reverse("help-guide", args=["administration"]))

    yield "home (nobody signed in)", at(opened(NOBODY), "/")
    yield "home (no workshop)", at(opened(ADMIN), "/")
    for phase, pk in (("rating", try_out), ("collecting", collecting)):
        yield f"workshop-day ({phase})", at(mona, f"/workshops/{pk}/")
    yield "workshop-day (participant)", at(participant, f"/workshops/{full}/")
    yield "field-capture (read only)", at(mona, house.described.field.get_absolute_url())
    yield "workshop-scale (frozen)", at(mona, f"/workshops/{full}/scale/")
    yield (
        "dashboard (filtered)",
        at(mona, f"/workshops/{full}/dashboard/?weight=70&quadrant=park"),
    )
    yield "dashboard (nothing fits)", at(mona, f"/workshops/{full}/dashboard/?n=500")
    yield "403 (wrong phase)", at(mona, f"/workshops/{try_out}/dashboard/")
    yield "measure-detail (not rated)", at(mona, house.line.get_absolute_url())
    for typed in ("netz", "glasfasr", "xyz"):
        yield f"search ({typed})", at(participant, f"/workshops/{full}/search/?q={typed}")
    yield "measure-list (searched)", at(mona, f"/workshops/{full}/measures/?q=netz")
    yield "session-detail (participant)", at(participant, house.next_session.get_absolute_url())
    yield "round-show", at(mona, reverse("measures:round-show", args=closed_round(house)))


def at_the_office(opened, house: House):
    """Yield an agenda that is being composed, and a point with its remarks unfolded."""
    page = opened(STAFF)
    page.goto(house.next_session.get_absolute_url())
    page.locator("#id_count").fill("0")
    page.locator("[name=by][value=ranking]").first.click()
    expect(page.locator(".kern-alert--danger")).to_be_visible()
    page.evaluate("document.querySelectorAll('main details').forEach((each) => each.open = true)")
    yield "session-detail (errors)", page
    number = Remark.objects.in_workshop(house.full).open().first().measure.number
    page.goto(f"{house.full.sessions.last().get_absolute_url()}measures/{number}/")
    page.locator(".item__remarks summary").click()
    yield "agenda-item (remarks)", page
    page.locator(".item__remarks textarea").fill(" ")
    page.locator(".item__remarks form[action$='/add/'] button").click()
    expect(page.locator(".kern-error").first).to_be_visible()
    yield "remark-add (errors)", page


def in_place(opened, house: House):
    """Yield the board with an open form and with the offer to undo."""
    page = opened(FACILITATOR)
    page.goto(house.line.field.get_absolute_url())
    page.locator(f"#edit-{house.line.number}").click()
    expect(page.locator(".row--editing #id_title")).to_be_focused()
    yield "field-capture (editing)", page
    page.goto(house.line.field.get_absolute_url())
    last = house.collecting.measures.last().number
    page.locator(f"#measure-{last} form[action$='/remove/'] button").click()
    expect(page.locator("#undo")).to_be_visible()
    yield "field-capture (removed)", page


def with_errors(opened, house: House):
    """Yield forms with errors and a conflict."""
    page, nobody = opened(FACILITATOR), opened(NOBODY)
    collecting, line = house.collecting.pk, house.line
    empty = {
        "workshop-create": ("/workshops/new/", "#id_title", "main form button[type=submit]"),
        "workshop-edit": (f"/workshops/{collecting}/edit/", "#id_title", "main form button"),
        "person-add": (
            f"/workshops/{collecting}/people/",
            "#id_email",
            "form[action$='/add/'] button",
        ),
        "measure-edit": (f"{line.get_absolute_url()}edit/", "#id_title", "main form button"),
    }
    for name, (path, field, button) in empty.items():
        page.goto(path)
        page.locator(field).fill("")
        page.locator(button).first.click()
        expect(page.locator(".kern-error").first).to_be_visible()
        yield f"{name} (errors)", page
    page.goto(f"/workshops/{collecting}/people/paste/")
    pasted = {"#to-correct": "Bert", "[name=confirmed]": "bert@demo.example"}
    for place, text in pasted.items():
        page.locator("#id_text").fill(f"Anna <anna@demo.example>\n{text}")
        page.locator("main form button").first.click()
        expect(page.locator(place)).to_be_visible()
        yield f"people-paste ({place})", page
    page.goto(f"/workshops/{house.try_out.pk}/entry/{house.try_out.measures.first().number}/")
    page.locator("#id_relevance_4").fill("3")
    page.locator("button[name=then][value=stay]").click()
    expect(page.locator(".kern-error, .error-summary").first).to_be_visible()
    yield "measure-entry (errors)", page
    page.goto(f"/workshops/{house.try_out.pk}/entry/sheets/")
    page.locator("[name=group]").select_option("none")
    page.locator("[data-cell]").first.fill("45")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-sheets] li")).to_have_count(1)
    page.keyboard.type("49")
    expect(page.locator("[data-said]")).to_be_visible()
    yield "sheet-add (errors)", page
    page.keyboard.press("Backspace")
    page.locator("[data-sheets] li a").click()
    expect(page.locator("form[action$='/remove/']")).to_be_visible()
    yield "sheet-edit", page
    page.goto(f"{line.get_absolute_url()}edit/")
    Measure.objects.filter(pk=line.pk).update(version=line.version + 1, title="Schneller")
    page.locator("#id_title").fill("Langsamer")  # in place of the empty one, which has waited
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator(".clash")).to_be_visible()
    yield "measure-edit (conflict)", page
    nobody.goto("/accounts/login/")
    nobody.locator("#id_login").fill("niemand@demo.example")
    nobody.locator("#id_password").fill("falsch-falsch")
    nobody.keyboard.press("Enter")
    expect(nobody.locator(".kern-error, .error-summary, .kern-alert").first).to_be_visible()
    yield "account_login (errors)", nobody


def at_the_door(opened, house: House):
    """Yield the open door, cards to print, and codes that let nobody in."""
    page, nobody = opened(FACILITATOR), opened(NOBODY)
    door = reverse("measures:door", args=[house.try_out.pk])
    page.goto(door)
    page.locator("[name=open][value=yes]").click()
    expect(page.locator(".sign__code")).to_be_visible()
    for question in page.locator("details.quiet summary").all():
        question.click()
    yield "door (open)", page
    make = "form[action$='/cards/'] button"
    page.locator(make).click()
    expect(page.locator(".error-summary")).to_be_visible()
    yield "card-add (errors)", page
    page.locator("#id_cards_none").fill("3")
    page.locator(make).click()
    expect(page.locator(".join-card")).to_have_count(3)
    code = page.locator(".join-card .sign__code").first.inner_text()
    yield "card-add", page
    page.goto(door)
    page.locator("#id_code").fill(code)
    page.locator("form[action$='/withdraw/'] button").last.click()
    expect(page.get_by_text("Diese Karte ist gesperrt.")).to_be_visible()
    yield "door (cards)", page
    page.goto(reverse("measures:join", args=[open_door(house.try_out)]))
    yield "join (facilitator)", page
    nobody.goto(reverse("measures:join-code") + "?lost=1")
    yield "join-code (lost)", nobody
    nobody.locator("#code").fill(code)
    nobody.locator("button").click()
    expect(nobody.locator("#refusal")).to_be_visible()
    yield "join-code (refused)", nobody


def gone_wrong(opened, house: House):
    """Yield the error pages, and what was kept of a form while somebody was signed out."""
    page, line = opened(FACILITATOR), house.line
    page.goto("/gibt-es-nicht/")
    yield "404", page
    page.goto(f"/workshops/{house.full.pk}/rate/")
    yield "403", page
    page.goto(f"{line.get_absolute_url()}edit/")
    page.evaluate("document.querySelector('main [name=csrfmiddlewaretoken]').value = 'x'")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main dl")).to_be_visible()
    yield "403 (out of date)", page
    page.goto(f"/workshops/{house.full.pk}/dashboard/?weight=500")
    yield "dashboard (400)", page
    page.goto(f"{line.get_absolute_url()}edit/")
    Session.objects.all().delete()
    page.locator("main form button[type=submit]").first.click()
    page.locator("#id_login").fill(FACILITATOR)
    page.locator("#id_password").fill(content.DEFAULT_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("dl.facts")).to_be_visible()
    yield "kept-input", page


def in_the_hall(opened, house: House):
    """Yield what a guest sees from the door to the results."""
    page, workshop = opened(NOBODY), house.try_out
    page.goto(f"{reverse('measures:join-code')}?code=nocode")
    expect(page.locator(".error")).to_be_visible()
    yield "join-code (refused)", page
    page.goto(reverse("measures:join", args=[open_door(house.collecting)]))
    yield "join", page
    page.locator("main form button").first.click()
    expect(page.locator(".live")).to_be_visible()
    yield "rate-start (waiting)", page
    for name in ("guest-group", "guest-device"):
        page.goto(reverse(f"measures:{name}", args=[house.collecting.pk]))
        yield name, page
    page.locator("main form button").click()
    expect(page.locator(".code")).to_be_visible()
    yield "guest-device (code)", page
    page.goto(reverse("measures:join", args=[open_door(workshop)]))
    page.locator("main form button").first.click()
    page.wait_for_url("**/rate/*/")
    yield "rate-measure (guest)", page
    page.goto(reverse("measures:rate-privacy", args=[workshop.pk]))
    yield "rate-privacy (guest)", page
    with by_table(workshop):
        page.goto(reverse("measures:rate-start", args=[workshop.pk]))
        expect(page.locator("[name=table]").first).to_be_visible()
        yield "rate-start (which table)", page


@contextmanager
def by_table(workshop: Workshop):
    """Let two tables share what the open round offers, for as long as somebody looks."""
    round = workshop.rounds.get(state="open")
    tables = [
        HallTable.objects.create(workshop=workshop, name=name, code=name[:4], order=n)
        for n, name in enumerate(("Nord", "Süd"))
    ]
    for n, offer in enumerate(round.offers.all()):
        offer.tables.set([tables[n % 2]])
    Round.objects.filter(pk=round.pk).update(is_by_table=True)
    yield
    Round.objects.filter(pk=round.pk).update(is_by_table=False)
    HallTable.objects.filter(pk__in=[table.pk for table in tables]).delete()


def of_a_town(opened, house: House):
    """Yield pages with a municipality's coat of arms and colour, and a draft as staff read it."""
    nobody, mona, ada = opened(NOBODY), opened(FACILITATOR), opened(ADMIN)
    town, public = with_presence(house), published(house)
    for name, page, path in (
        ("account_login", nobody, reverse("account_login")),
        ("public-page", nobody, reverse("measures:public-page", args=[public])),
        ("workshop-day", mona, house.full.get_absolute_url()),
    ):
        page.goto(path)
        expect(page.locator(".town-logo").first).to_be_visible()
        yield f"{name} (with a look)", page
    LegalText.objects.update(body="# Angaben\n\nStadt [… Straße], https://bingen.example")
    ada.goto(reverse("workshops:municipality-imprint", args=[town]))
    expect(ada.locator("mark")).to_be_visible()
    yield "municipality-imprint (draft)", ada


def at_the_front(opened, house: House):
    """Yield every screen of the projector, and the cockpit phase by phase, with its dialogs."""
    wall, mona = opened(NOBODY), opened(FACILITATOR)
    open_door(house.collecting)
    Workshop.objects.filter(pk=house.collecting.pk).update(expected_guests=40)
    house.collecting.refresh_from_db()
    measure = house.described
    for workshop, screen, chosen in (
        (house.collecting, "join", {}),
        (house.collecting, "collect", {}),
        (house.collecting, "collect", {"field": house.line.field}),
        (house.try_out, "rate", {}),
        (house.full, "result", {}),
        (house.full, "ten", {}),
        (house.full, "part", {}),
        (house.full, "measure", {"measure": measure}),
        (house.full, "dark", {}),
    ):
        code = on_the_wall(workshop, screen, **chosen)
        wall.goto(reverse("measures:projector", args=[code]))
        expect(wall.locator(f"[data-screen={screen}]")).to_be_attached()
        yield f"projector ({screen}{', chosen' if chosen else ''})", wall
    for workshop in (house.full, house.collecting, house.try_out):
        mona.goto(reverse("measures:cockpit", args=[workshop.pk]))
        yield f"cockpit ({workshop.phase})", mona
    mona.locator("[data-primary]").click()
    expect(mona.locator("[data-check-dialog] [data-safe]")).to_be_focused()
    yield "cockpit (check)", mona
    mona.keyboard.press("Escape")
    mona.keyboard.press("?")
    expect(mona.locator("[data-keys-dialog]")).to_be_visible()
    yield "cockpit (keys)", mona
    mona.keyboard.press("Escape")


TURNS: dict[str, Callable] = {
    **{f"pages {part + 1}": pages_of(part) for part in range(PARTS)},
    **{turn.__name__: states_of(turn)
       for turn in (to_others, at_the_office, in_place, with_errors, gone_wrong, in_the_hall,
                    of_a_town, at_the_door, at_the_front)},
}  # fmt: skip
BY_DAY = [(turn, *LOOKS[at % 2]) for at, turn in enumerate(TURNS)]
AT_NIGHT = [(turn, *look) for turn in TURNS for look in LOOKS]


@pytest.mark.parametrize(("turn", "width", "theme"), AT_NIGHT if NIGHTLY else BY_DAY)
def test_every_page_is_free_of_faults(browsers, house, axe, turn, width, theme):
    table = Table(width, theme)
    for name, page, wrong in TURNS[turn](partial(browsers, width=width, theme=theme), house):
        table.note(name, wrong + look_at(page, axe, width))
    table.print()
    assert table.faults() == []


@pytest.fixture(autouse=True)
def provoked(witness) -> None:
    witness.expect("status of 4(00|03|04|09|22)")


# By keyboard ------------------------------------------------------------------------------------
LOOK = """(e) => [e, e.parentElement, e.closest('label'), e.closest('.kern-form-check, .slider'),
    ...e.children].filter(Boolean).flatMap((each) => [null, '::before', '::after'].map((part) => {
      const s = getComputedStyle(each, part);
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.stroke, s.strokeWidth,
              s.borderColor, s.borderWidth, s.backgroundColor].join();
    })).join(';')"""


def walk(page: Page, limit: int = 400) -> list[dict]:
    """Press Tab from the top until the footer's last link; return where the focus was."""
    page.evaluate(
        f"""() => {{
          const reachable = 'a, button, input, select, textarea, summary, [tabindex]';
          window.calm = new Map([...document.querySelectorAll(reachable)]
            .map((each) => [each, ({LOOK})(each)]));
        }}"""
    )
    places = []
    for _each in range(limit):
        page.keyboard.press("Tab")
        place = page.evaluate(
            f"""async () => {{
              const frame = () => new Promise((done) => requestAnimationFrame(done));
              await frame(); await frame(); await frame();
              const e = document.activeElement, box = e.getBoundingClientRect();
              return {{
                html: e.outerHTML.slice(0, 120), body: e === document.body,
                drawn: window.calm.get(e) !== ({LOOK})(e),
                seen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
                last: e === [...document.querySelectorAll('footer a')].at(-1),
              }};
            }}"""
        )
        places.append(place)
        if place["last"] or place["body"]:
            break
    return places


@pytest.mark.parametrize("name", ["dashboard", "board", "rating", "people", "day"])
def test_tab_walks_through_the_page_to_the_footer_and_the_focus_is_always_seen(
    new_page, enter, house, name
):
    pk = house.try_out.pk
    email, path = {
        "dashboard": (COMMITTEE, f"/workshops/{house.full.pk}/dashboard/"),
        "board": (FACILITATOR, house.line.field.get_absolute_url()),
        "rating": (PARTICIPANT, f"/workshops/{pk}/rate/"),
        "people": (FACILITATOR, f"/workshops/{pk}/people/"),
        "day": (FACILITATOR, f"/workshops/{pk}/"),
    }[name]
    # With reduced motion the page does not glide to the focus, it is there.
    page = enter(new_page(reduced_motion="reduce"), house.user(email))
    page.goto(path)
    if name == "rating":
        page.locator("main form button").click()
        page.wait_for_url("**/rate/*/")
        page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    places = walk(page)
    assert places[-1]["last"], places[-1]
    assert [place["html"] for place in places if not place["drawn"]] == []
    assert [place["html"] for place in places if not place["seen"]] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_the_skip_link_is_first_and_leads_to_the_content(browsers, house, width):
    page = browsers(COMMITTEE, width)
    page.goto(f"/workshops/{house.full.pk}/dashboard/")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_on_a_phone_opens_and_closes_by_keyboard(browsers, house):
    page = browsers(FACILITATOR, 320)
    page.goto("/")
    button = page.locator("[data-menu-button]")
    expect(page.locator(".site-nav")).to_be_hidden()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".site-nav")).to_be_visible()
    page.locator(".site-nav a").first.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator(".site-nav")).to_be_hidden()


# People's settings --------------------------------------------------------------------------------
def test_forced_colours_keep_marks_icons_and_the_chosen_step(new_page, enter, house, axe):
    page = enter(new_page(forced_colors="active"), house.user(COMMITTEE))
    page.goto(f"/workshops/{house.full.pk}/dashboard/")
    colours = page.evaluate(
        """() => {
          const canvas = getComputedStyle(document.body).backgroundColor;
          return [...document.querySelectorAll('.marker, .legend__shape')].filter((each) => {
            const style = getComputedStyle(each);
            return style.fill === canvas && (style.stroke === 'none' || style.stroke === canvas);
          }).length;
        }"""
    )
    assert colours == 0
    assert axe(page) == []


def test_reduced_motion_moves_nothing(new_page, enter, house):
    page = enter(new_page(reduced_motion="reduce"), house.user(FACILITATOR))
    for path in ("/", f"/workshops/{house.full.pk}/dashboard/"):
        page.goto(path)
        slow = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter((each) => {
              const style = getComputedStyle(each);
              return [style.animationDuration, style.transitionDuration]
                .some((text) => text.split(',').some((part) => parseFloat(part) > 0.01));
            }).map((each) => each.outerHTML.slice(0, 80))"""
        )
        assert slow == []


def test_text_at_twice_its_size_does_not_scroll_sideways(browsers, house):
    page = browsers(FACILITATOR, 640)
    page.goto(f"/workshops/{house.full.pk}/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
