"""Where groups part: one glance on a laptop, cards on a phone, a view of it all kept by name."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from measures.models import SavedView
from tests.pages import COMMITTEE, STAFF

LOOKS = [((1366, 768), "light"), ((360, 740), "dark")]


@pytest.fixture
def groups(house) -> str:
    return reverse("measures:groups", args=[house.full.pk])


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_the_widest_gaps_fit_a_laptop_s_screen_and_a_phone_s_width(
    size, theme, new_page, enter, house, groups, axe
):
    width, height = size
    page = new_page(viewport={"width": width, "height": height}, color_scheme=theme)
    enter(page, house.user(COMMITTEE)).goto(groups)
    rows = page.locator(".parting tbody tr")
    expect(rows).to_have_count(10)
    page.get_by_role("link", name="Verwaltung", exact=False).first.click()
    expect(page.locator(".chip[aria-current]")).to_have_text("V Verwaltung")
    expect(page.locator(".is-highlighted")).to_have_count(10)
    if width > 1000:
        box = rows.last.bounding_box()
        assert box["y"] + box["height"] <= height
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert overlaps(page) == []
    assert axe(page) == []


def overlaps(page: Page) -> list[str]:
    """Return the circles of each row that cover another by more than its edge."""
    return page.evaluate("""() => {
      const rows = [...document.querySelectorAll(".parting tbody tr")];
      return rows.flatMap(row => {
        const discs = [...row.querySelectorAll(".parting__circle circle")].map(disc => {
          const { x, y, width } = disc.getBoundingClientRect();
          return { x: x + width / 2, y: y + width / 2, r: width / 2 };
        });
        return discs.flatMap((a, n) => discs.slice(n + 1).filter(
          b => Math.hypot(a.x - b.x, a.y - b.y) < a.r + b.r - 2.5
        ).map(b => `${a.x} ${b.x}`));
      });
    }""")


def test_the_administration_saves_a_view_and_the_committee_starts_with_it(
    new_page, enter, house, axe
):
    dashboard = reverse("measures:dashboard", args=[house.full.pk])
    page = enter(new_page(), house.user(STAFF))
    page.goto(f"{dashboard}?horizon=short")
    page.locator(".dash__tools > .drop summary").click()
    form = page.locator("#save-view-form")
    form.get_by_label("Name").fill("Schnell getan")
    form.get_by_label("Das Gremium beginnt mit dieser Ansicht").check()
    assert axe(page) == []
    form.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Die Ansicht „Schnell getan“ ist gespeichert")).to_be_visible()
    view = SavedView.objects.get()
    assert (view.query, view.is_start) == ("horizon=short", True)

    council = enter(new_page(), house.user(COMMITTEE))
    council.goto(f"/workshops/{house.full.pk}/")
    council.get_by_role("link", name="Matrix und Rangliste").first.click()
    expect(council).to_have_url(f"{council.url.partition('?')[0]}?horizon=short&view={view.pk}")
    council.locator(".dash__tools > .drop summary").click()
    expect(council.locator(".chip[aria-current]")).to_have_text("Schnell getan")
    expect(council.locator("#view-name")).to_have_text("Ansicht: Schnell getan")
    council.get_by_role("link", name="Alle Maßnahmen").first.click()
    expect(council.locator("#id_horizon")).to_have_value("")
    council.go_back()
    expect(council.locator("#id_horizon")).to_have_value("short")
