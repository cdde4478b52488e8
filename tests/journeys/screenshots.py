"""Take the pictures of README and docs: ``python -m tests.journeys.screenshots OUTPUT_DIR``.

Starts the product with the demo on a throw-away database and photographs it with the system's
Chromium. ``--all`` photographs every important page in all widths and both themes, to look at;
``--guides`` takes those of the application's guides alone: their OUTPUT_DIR is static/img/help.
"""

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import chromium

WIDTHS = (320, 768, 1280, 1920)
CATALOGUE = Path(__file__).parent.parent / "data" / "ulm_smart_city_massnahmen.csv"


def prepare(folder: Path) -> None:
    """Point the settings at a database of our own and fill it with the demo."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bingen_strategy.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps an event loop in this thread
        "SECRET_KEY": "only-for-screenshots",
        "SEAL_KEYS": "only-tests:rV3nQ8xYbK2mTfWc7LhZs0dGpJ4uEaN9iXoR6vBqHyDkMtCw",
        "DEBUG": "true",
        "HTTPS": "false",
        "SIGNUP_OPEN": "false",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'screenshots.sqlite3'}",
        "CONTACT_EMAIL": "kontakt@example.org",
        "OPERATOR": "Stadt Musterbach",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo", stdout=io.StringIO())


@contextmanager
def serving() -> Iterator[str]:
    """Serve the product and its static files from a thread; yields the address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer
    from django.core.wsgi import get_wsgi_application
    from django.test.testcases import QuietWSGIRequestHandler

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Camera:
    """Opens pages as somebody of the demo."""

    def __init__(self, browser: Browser, address: str, output: Path) -> None:
        self.browser, self.address, self.output = browser, address, output

    def open(
        self, email: str | None, path: str, *, width=1280, height=860, dark=False, **more
    ) -> Page:
        """Return the page at ``path``, signed in as ``email``."""
        from django.conf import settings
        from django.test import Client

        from workshops.models import User

        context = self.browser.new_context(
            base_url=self.address,
            locale="de-DE",
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **more,
        )
        if email:
            client = Client()
            client.force_login(User.objects.get(email=email))
            name = settings.SESSION_COOKIE_NAME
            value = client.cookies[name].value
            context.add_cookies([{"name": name, "value": value, "url": self.address}])
        page = context.new_page()
        page.goto(path)
        page.evaluate("document.fonts.ready")
        return page

    def shoot(self, page: Page, name: str, **options) -> Path:
        path = self.output / name
        page.screenshot(path=path, animations="disabled", **options)
        page.context.close()
        return path

    def print(self, page: Page, name: str) -> None:
        """Print a page as the browser does; a picture per sheet where pdftoppm is installed."""
        pdf = self.output / f"{name}.pdf"
        page.pdf(path=pdf, format="A4", print_background=False, prefer_css_page_size=True)
        page.context.close()
        if shutil.which("pdftoppm"):
            subprocess.run(["pdftoppm", "-png", "-r", "70", pdf, self.output / name], check=True)


def smaller(path: Path, *, colours: int = 256) -> None:
    """A palette of few colours: few enough bytes for a repository, nothing lost to the eye."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def for_readme(camera: Camera) -> None:
    """The pictures that README and docs show, and those beside them."""
    from measures.demo import content
    from workshops.models import Workshop

    full, try_out = Workshop.objects.order_by("pk")
    committee = "gremium@demo.example"
    dashboard = f"/workshops/{full.pk}/dashboard/"
    field = full.fields.first()
    for name, dark in (("dashboard", False), ("dashboard-dark", True)):
        page = camera.open(committee, dashboard, dark=dark, height=1000)
        third = page.locator(".ranking tbody tr").nth(2).bounding_box()
        clip = {"x": 0, "y": 0, "width": 1280, "height": third["y"] + third["height"]}
        smaller(camera.shoot(page, f"{name}.png", full_page=True, clip=clip))
    smaller(camera.shoot(camera.open(content.FACILITATOR, "/"), "home.png"))
    path = field.get_absolute_url()
    smaller(camera.shoot(camera.open(content.FACILITATOR, path), "field.png"))
    page = _rating_on_a_phone(camera, try_out, width=375, height=740, device_scale_factor=2)
    smaller(camera.shoot(page, "rating.png", full_page=True))
    camera.print(camera.open(committee, dashboard), "dashboard-print")


def _rating_on_a_phone(camera: Camera, workshop, **phone) -> Page:
    """Return the page on which a participant has just rated a second measure."""
    from measures.demo import content
    from measures.models import Measure

    path = f"/workshops/{workshop.pk}/rate/"
    page = camera.open(content.PARTICIPANT, path, has_touch=True, is_mobile=True, **phone)
    page.locator("main form button").tap()
    page.wait_for_url("**/rate/*/")
    measure = Measure.objects.exclude(description="").filter(workshop=workshop).rateable().first()
    rated = workshop.measures.exclude(pk=measure.pk).first()
    for number in (rated.number, measure.number):
        page.goto(f"{path}{number}/")
        _choose(page)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    return page


def for_guides(camera: Camera) -> None:
    """The pictures that ``workshops.guides`` names, each in its window."""
    from django.urls import reverse

    from measures.demo import content
    from workshops.guides import PICTURES
    from workshops.models import Workshop

    full, try_out = Workshop.objects.order_by("pk")
    office, facilitator = "verwaltung@demo.example", content.FACILITATOR
    session = full.sessions.first()
    item = session.items.exclude(measure=None).first()
    pages = {
        "day": (facilitator, try_out.get_absolute_url()),
        "people": (facilitator, reverse("workshops:people", args=[try_out.pk])),
        "results": (facilitator, reverse("measures:dashboard", args=[full.pk])),
        "agenda": (office, session.get_absolute_url()),
        "decide": (
            office,
            reverse("measures:decision-add", args=[full.pk, session.pk, item.measure.number]),
        ),
        "public": (office, reverse("measures:public-preview", args=[full.pk])),
    }
    sizes = {name: {"width": width, "height": height} for name, (width, height) in PICTURES.items()}
    for name, (email, path) in pages.items():
        smaller(camera.shoot(camera.open(email, path, **sizes[name]), f"{name}.png"), colours=64)
    page = _rating_on_a_phone(camera, try_out, **sizes["rate"])
    smaller(camera.shoot(page, "rate.png"), colours=64)
    full.phase = "collecting"
    full.save(update_fields=["phase"])
    page = camera.open(facilitator, full.fields.first().get_absolute_url(), **sizes["board"])
    smaller(camera.shoot(page, "board.png"), colours=64)


def _choose(page: Page) -> None:
    """Rate the measure on the page and wait until the page says that it is saved."""
    page.locator("input[name=relevance]").first.focus()
    page.keyboard.press("4")
    page.keyboard.press("3")
    expect(page.locator("[data-mark]")).to_have_text("✓ gespeichert")


def import_catalogue() -> int:
    """Put the 126 measures of Ulm into a workshop of their own; return its id."""
    from datetime import date

    from django.core.management import call_command

    from workshops.models import User, Workshop
    from workshops.setup import start_workshop

    workshop = Workshop(title="Smart City Ulm", date=date(2021, 3, 1))
    moderator = User.objects.get(email="moderation@demo.example")
    start_workshop(workshop, by=moderator, municipalities=["Ulm"], groups=["Rat"])
    call_command("import_measures", CATALOGUE, workshop=workshop.pk, stdout=sys.stderr)
    workshop.phase = "deliberating"
    workshop.save(update_fields=["phase"])
    _rate_at_random(workshop)
    return workshop.pk


def _rate_at_random(workshop) -> None:
    from random import Random

    from measures.models import Measure
    from tests.rating import save_rating
    from workshops.models import Ballot

    random = Random(1)
    for _each in range(9):
        ballot = Ballot.objects.create(workshop=workshop, source=Ballot.Source.GUEST)
        for measure in Measure.objects.filter(workshop=workshop):
            save_rating(
                ballot,
                measure,
                relevance=min(5, max(1, round(random.gauss(2 + measure.number % 4, 1)))),
                feasibility=min(5, max(1, round(random.gauss(2 + measure.number % 3, 1)))),
            )


def for_looking(camera: Camera) -> None:
    """Every important page in all widths and both themes, whole pages, and on paper."""
    from measures.models import Measure
    from workshops.models import Workshop

    full, try_out = Workshop.objects.order_by("pk")
    ulm = import_catalogue()
    facilitator = "moderation@demo.example"
    best = Measure.objects.filter(workshop=full).exclude(lead="").first()
    pages = {
        "home": "/",
        "day": f"/workshops/{full.pk}/",
        "fields": f"/workshops/{try_out.pk}/fields/",
        "capture": full.fields.first().get_absolute_url(),
        "list": f"/workshops/{full.pk}/measures/",
        "entry-list": f"/workshops/{try_out.pk}/entry/",
        "entry": f"/workshops/{try_out.pk}/entry/{try_out.measures.first().number}/",
        "dashboard": f"/workshops/{full.pk}/dashboard/",
        "dashboard-ulm": f"/workshops/{ulm}/dashboard/",
        "list-ulm": f"/workshops/{ulm}/measures/",
        "measure": best.get_absolute_url(),
        "profile": f"{best.get_absolute_url()}profile/",
        "people": f"/workshops/{try_out.pk}/people/",
        "settings": f"/workshops/{try_out.pk}/edit/",
        "scale": f"/workshops/{ulm}/scale/",
        "new": "/workshops/new/",
    }
    for name, path in pages.items():
        for width in WIDTHS:
            for dark in (False, True):
                page = camera.open(facilitator, path, width=width, dark=dark)
                theme = "dark" if dark else "light"
                camera.shoot(page, f"{name}-{width}-{theme}.png", full_page=True)
        camera.print(camera.open(facilitator, path), f"{name}-print")
    _in_collection(camera, full, facilitator)


def _in_collection(camera: Camera, workshop, facilitator: str) -> None:
    """The typist's page and the import are open while the room collects."""
    workshop.phase = "collecting"
    workshop.save(update_fields=["phase"])
    for width in WIDTHS:
        for dark in (False, True):
            theme = f"{width}-{'dark' if dark else 'light'}.png"
            look = {"width": width, "dark": dark}
            page = camera.open(facilitator, workshop.fields.first().get_absolute_url(), **look)
            camera.shoot(page, f"typing-{theme}", full_page=True)
            page = camera.open(facilitator, f"/workshops/{workshop.pk}/import/", **look)
            camera.shoot(page, f"import-{theme}", full_page=True)
    page = camera.open(facilitator, f"/workshops/{workshop.pk}/import/")
    page.locator("input[type=file]").set_input_files(CATALOGUE)
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    camera.shoot(page, "import-preview-1280-light.png", full_page=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.screenshots")
    parser.add_argument("output", type=Path)
    more = parser.add_mutually_exclusive_group()
    more.add_argument("--all", action="store_true", help="every page, width and theme")
    more.add_argument("--guides", action="store_true", help="only the pictures of the guides")
    options = parser.parse_args()
    if reason := chromium.missing():
        sys.exit(f"No screenshots, because {reason}")
    options.output.mkdir(parents=True, exist_ok=True)
    root = sys.platform != "win32" and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        with serving() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=["--no-sandbox"] if root else []
            )
            camera = Camera(browser, address, options.output)
            if options.guides:
                for_guides(camera)
            else:
                for_readme(camera)
            if options.all:
                for_looking(camera)
            browser.close()
    for path in sorted(options.output.glob("*.png")):
        print(f"{path.stat().st_size // 1024:5} KB  {path.name}")


if __name__ == "__main__":
    main()
