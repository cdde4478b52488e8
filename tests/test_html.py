"""Every page is valid HTML: the Nu checker reads all of them, in both languages.

Takes Java and a jar that npm fetches, so it runs with NIGHTLY=1 only. A page is what the table
PAGES opens, the same routes for others, empty, filtered or gone wrong, and what htmx puts into a
page. ``ACCEPTED`` is the one list of what we let pass, and why.
"""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from bingen_strategy import gallery, views
from measures.models import Measure, Remark
from tests import nu
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
)
from workshops.models import Workshop
from workshops.setup import start_workshop

LANGUAGES = ("de", "en")
# A pattern that the whole message fits, and why we let it pass.
ACCEPTED = {
    r"This document appears to be written in German but .*": (
        "What people wrote stays as they wrote it, also on a page whose frame speaks English."
    ),
    r"The “form” attribute must refer to a form element\.": (
        "A part that is sent alone lands in a page that has the form."
    ),
    r"The “\w+” role is unnecessary for element “\w+”\.": (
        "Rows of these tables are cards on a phone; the roles keep what CSS may take from them."
    ),
    r"The “role” attribute must not be used on a “t[rdh]” element which has a “table” .*": (
        "The same tables: a role for each of their parts."
    ),
}
# Whoever sends these empty has done something by it.
NOT_SENT_EMPTY = {"account_logout", "account_confirm_email", "measures:rate-start", "kept-input"}
EMPTY = {"csrfmiddlewaretoken": ""}  # browsers send no form without it
HTMX = {"HTTP_HX_REQUEST": "true"}


class Pages:
    """Asks for pages in every language and writes them to a folder, one file each."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house, self.folder = house, folder
        self.clients: dict[str, Client] = {}

    def client(self, email: str) -> Client:
        if email not in self.clients:
            self.clients[email] = Client()
            if email:
                self.clients[email].force_login(self.house.user(email))
        return self.clients[email]

    def speak(self, client: Client, language: str) -> None:
        client.post(reverse("set-language"), {"language": language})

    def get(self, name: str, email: str, path: str, status: int = 200, **headers) -> None:
        client = self.client(email)
        self.keep(name, client, lambda: client.get(path, follow=True, **headers), status)

    def send(
        self, name: str, email: str, path: str, data: dict = EMPTY, status=422, **headers
    ) -> None:
        """Keep what a form answers; what it did is undone, so that the next language finds it."""
        client = self.client(email)

        def ask() -> HttpResponse:
            with transaction.atomic():
                response = client.post(path, data, **headers)
                transaction.set_rollback(True)
            return response

        self.keep(name, client, ask, status)

    def keep(self, name: str, client: Client, ask: Callable[[], HttpResponse], status: int) -> None:
        for language in LANGUAGES:
            self.speak(client, language)
            response = ask()
            assert (name, response.status_code) == (name, status)
            self.write(name, language, response)

    def write(self, name: str, language: str, response: HttpResponse) -> None:
        path = self.folder / f"{name.replace(':', '.')} {language}.html"
        assert not path.exists()
        text = response.content.decode()
        if "<html" in text:
            assert (name, f'<html lang="{language}"' in text) == (name, True)
        else:
            text = whole(text, language)
        path.write_text(text, "utf-8")


def whole(fragment: str, language: str) -> str:
    """Put a fragment where htmx would put it: a line into a list, all else into the page."""
    inner = f"<ul>{fragment}</ul>" if fragment.lstrip().startswith("<li") else fragment
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>Teil</title></head>'
        f"<body><h1>Teil</h1>{inner}</body></html>"
    )


# What is looked at --------------------------------------------------------------------------------


def every_route(pages: Pages, house: House) -> None:
    """The table, and each of its forms sent empty."""
    for name, (email, arguments) in PAGES.items():
        if name in ("kept-input", "measures:round-show"):
            continue  # need an expired session, a closed round; see below
        if name == "measures:rate-measure":
            take = reverse("measures:ballot-take", args=[house.try_out.pk])
            assert pages.client(email).post(take).status_code == 302
        path = reverse(name, args=arguments(house))
        if name.startswith("measures:public-") and email == NOBODY:
            for language in LANGUAGES:
                response = pages.client(email).get(path, {"lang": language})
                assert response.status_code == 200
                pages.write(name, language, response)
            continue
        pages.get(name, email, path)
        if name not in NOT_SENT_EMPTY:
            sent_empty(pages, name, email, path)
        if name == "measures:rate-measure":
            start = reverse("measures:rate-start", args=[house.try_out.pk]) + "?list=1"
            pages.get("measures:rate-start (with a ballot)", email, start)


def sent_empty(pages: Pages, name: str, email: str, path: str) -> None:
    """Send a form without a word, where the page has one that goes to itself."""
    client = pages.client(email)
    with transaction.atomic():
        status = client.post(path, EMPTY).status_code
        transaction.set_rollback(True)
    if status in (200, 422):
        pages.send(f"{name} (sent empty)", email, path, status=status)


def as_others_see_it(pages: Pages, house: House) -> None:
    """The same routes for other people, in another phase, filtered."""
    full, try_out, collecting = house.full.pk, house.try_out.pk, house.collecting.pk
    pages.get("home (nobody signed in)", NOBODY, "/")
    pages.get("home (no workshop)", ADMIN, "/")
    pages.get("workshop-day (rating)", FACILITATOR, f"/workshops/{try_out}/")
    pages.get("workshop-day (collecting)", FACILITATOR, f"/workshops/{collecting}/")
    pages.get("workshop-day (participant)", PARTICIPANT, f"/workshops/{full}/")
    pages.get("workshop-day (administration)", STAFF, f"/workshops/{full}/")
    pages.get("field-capture (read only)", FACILITATOR, house.described.field.get_absolute_url())
    pages.get("workshop-scale (frozen)", FACILITATOR, f"/workshops/{full}/scale/")
    pages.get("measure-detail (not rated)", FACILITATOR, house.line.get_absolute_url())
    pages.get("measure-detail (staff)", STAFF, house.described.get_absolute_url())
    group, other = house.full.groups.values_list("pk", flat=True)[:2]
    for name, query in {
        "filtered": "weight=70&quadrant=park",
        "nothing fits": "n=500",
        "sure": "lens=sure",
        "agreed": "lens=agreed",
        "a group": f"lens=group-{group}",
        "a group against another": f"lens=group-{group}&against=group-{other}",
        "from the last": "order=-rank",
    }.items():
        path = f"/workshops/{full}/dashboard/?{query}"
        pages.get(f"dashboard ({name})", COMMITTEE, path)
        pages.get(f"dashboard ({name}, fragment)", COMMITTEE, path, **HTMX)
    path = f"/workshops/{full}/dashboard/groups/"
    pages.get("groups (one highlighted)", COMMITTEE, f"{path}?highlight={group}")
    pages.get("groups (of a round)", COMMITTEE, f"{path}?round=1")
    pages.get("stability (fragment)", COMMITTEE, f"/workshops/{full}/dashboard/stability/", **HTMX)
    for session in house.full.sessions.all():
        path = session.get_absolute_url()
        for email in (PARTICIPANT, COMMITTEE, STAFF):
            pages.get(f"session-detail {session.pk} ({email.partition('@')[0]})", email, path)
    number = Remark.objects.in_workshop(house.full).open().first().measure.number
    point = f"{house.full.sessions.last().get_absolute_url()}measures/{number}/"
    for email in (COMMITTEE, STAFF, PARTICIPANT):
        pages.get(f"agenda-item ({email.partition('@')[0]})", email, point)


def on_the_board(pages: Pages, house: House) -> None:
    """Forms in place, the answers to a line, a removal and a merger."""
    line, field = house.line, house.line.field
    board, measure = field.get_absolute_url(), line.get_absolute_url()
    workshop = house.collecting.pk
    goal = f"/workshops/{workshop}/goals/{line.goal_id}/edit/"
    pages.get("field-capture (fragment)", FACILITATOR, board, **HTMX)
    pages.get("measure-edit (fragment)", FACILITATOR, f"{measure}edit/", **HTMX)
    pages.get("goal-edit (fragment)", FACILITATOR, goal, **HTMX)
    pages.send("measure-add (errors)", FACILITATOR, f"{board}measures/add/")
    pages.send("measure-add (errors, fragment)", FACILITATOR, f"{board}measures/add/", **HTMX)
    pages.send("goal-add (errors)", FACILITATOR, f"{board}goals/add/")
    pages.send("measure-edit (errors, fragment)", FACILITATOR, f"{measure}edit/", **HTMX)
    pages.send("measure-merge (errors)", FACILITATOR, f"{measure}merge/")
    pasted = {"goal": line.goal_id, "text": "Bus\tauf Zuruf\n" + line.title + "\n" + "x" * 201}
    pages.send("measure-paste (preview)", FACILITATOR, f"{board}measures/paste/", pasted, 200)
    pages.send(
        "measure-paste (preview, fragment)", FACILITATOR, f"{board}measures/paste/", pasted, 200,
        **HTMX,
    )  # fmt: skip
    pages.get("measure-merge (fragment)", FACILITATOR, f"{measure}merge/", **HTMX)
    pages.send("measure-merge (errors, fragment)", FACILITATOR, f"{measure}merge/", **HTMX)
    form = pages.client(FACILITATOR).get(f"{measure}edit/").context["form"]
    stale = {bound.name: bound.value() or "" for bound in form} | {"title": "Langsamer"}
    faster = {"version": line.version + 1, "title": "Schneller"}
    Measure.objects.filter(pk=line.pk).update(**faster)
    pages.send("measure-edit (conflict)", FACILITATOR, f"{measure}edit/", stale, status=409)
    pages.send(
        "measure-edit (conflict, fragment)", FACILITATOR, f"{measure}edit/", stale, 409, **HTMX
    )
    second, third = house.collecting.measures.all()[1:3]
    Measure.objects.filter(pk=second.pk).update(merged_into=line)
    pages.get("field-capture (merged)", FACILITATOR, board)
    pages.get("measure-detail (with a duplicate)", FACILITATOR, measure)
    remove = f"{third.get_absolute_url()}remove/"
    assert pages.client(FACILITATOR).post(remove).status_code == 302
    pages.get("field-capture (removed)", FACILITATOR, f"{board}?removed=measure-{third.number}")
    edit = f"{third.get_absolute_url()}edit/"
    pages.send("gone", FACILITATOR, edit, stale, status=404)


def at_the_office(pages: Pages, house: House) -> None:
    """People, an import, agendas, decisions and remarks, refused."""
    full, collecting = house.full.pk, house.collecting.pk
    pages.send("person-add (errors)", FACILITATOR, f"/workshops/{collecting}/people/add/")
    pages.send("group-add (errors)", FACILITATOR, f"/workshops/{collecting}/people/groups/add/")
    pages.send("view-add (errors)", FACILITATOR, f"/workshops/{full}/dashboard/views/add/?n=5")
    pages.send("field-add (errors)", FACILITATOR, f"/workshops/{collecting}/fields/add/")
    for name, rows, status in (
        ("new lines", f"Handlungsfeld;Ziel;Maßnahme\n{house.line.field.name};Ziel 9;Bus\n", 200),
        ("bad lines", f"Handlungsfeld;Ziel;Maßnahme\nAlltag;Ziel 9;{'x' * 900}\n", 422),
        ("columns missing", "Was;Wo\nBus;Dorf\n", 422),
    ):
        path = reverse("measures:measure-import", args=[collecting])
        client = pages.client(FACILITATOR)

        def upload(path=path, rows=rows, client=client) -> HttpResponse:
            return client.post(path, {"file": SimpleUploadedFile("a.csv", rows.encode())})

        pages.keep(f"measure-import ({name})", client, upload, status)
    session = house.next_session.get_absolute_url()
    for name, data in (("fill", {"by": "ranking", "count": "0"}), ("add", EMPTY), ("order", EMPTY)):
        pages.send(f"agenda-{name} (errors)", STAFF, f"{session}agenda/{name}/", data)
    measure = house.described.get_absolute_url()
    pages.send("remark-add (errors)", COMMITTEE, f"{measure}remarks/add/", {"text": " "})
    remark = Remark.objects.in_workshop(house.full).first().pk
    release = f"/workshops/{full}/remarks/{remark}/release/"
    pages.send("remark-release (moved)", STAFF, release, {"seen": "x"}, status=409)
    decide = reverse(
        "measures:decision-add",
        args=[full, house.next_session.pk, house.on_the_agenda.number],
    )
    decision = {"outcome": "accepted", "reason": "Der Bedarf ist groß."}
    pages.send("decision-add (moved)", COMMITTEE, decide, decision, status=409)


def refused(pages: Pages, house: House) -> None:
    """Error pages."""
    full, line = house.full.pk, house.line.get_absolute_url()
    pages.get("400", FACILITATOR, f"/workshops/{full}/dashboard/?weight=500", 400)
    pages.get("400 (download)", FACILITATOR, f"/workshops/{full}/export.csv?weight=500", 400)
    pages.get("403", FACILITATOR, f"/workshops/{full}/rate/", 403)
    pages.get("403 (wrong phase)", FACILITATOR, f"/workshops/{house.try_out.pk}/dashboard/", 403)
    pages.get("404", FACILITATOR, "/gibt-es-nicht/", 404)
    pages.get("404 (nobody)", NOBODY, "/gibt-es-nicht/", 404)
    typed = {"title": "WLAN <überall>", "description": "Zwei Sätze.\nNoch einer."}
    pages.send("404 (typed)", FACILITATOR, "/workshops/987/people/add/", typed, 404)
    strict = Client(enforce_csrf_checks=True)
    for language in LANGUAGES:
        own = pages.client(FACILITATOR)
        pages.speak(own, language)
        strict.cookies = own.cookies
        pages.write("403 (out of date)", language, strict.post(f"{line}edit/", typed))
    pages.send(
        "account_login (errors)", NOBODY, reverse("account_login"),
        {"login": "niemand@demo.example", "password": "falsch-falsch"}, 200,
    )  # fmt: skip


def without_an_address(pages: Pages) -> None:
    """What only a flood, a fault of ours or a broken database shows, and the gallery."""
    away = OperationalError("away")
    for language in LANGUAGES:
        request = RequestFactory().post("/", {"title": "WLAN"})
        request.user, request.LANGUAGE_CODE = AnonymousUser(), language
        seen = RequestFactory().get("/gallery/")
        seen.user = request.user
        with translation.override(language):
            pages.write("429", language, render(request, "429.html", status=429))
            pages.write("500", language, views.server_error(request))
            pages.write("503 (busy)", language, views.busy(request))
            pages.write("503", language, views.unreachable(request, away))
            pages.write("gallery", language, gallery.gallery(seen))
    unread = RequestFactory().get("/")
    pages.write("503 (no session)", "de", views.unreachable(unread, away))


def empty(pages: Pages, house: House) -> None:
    """A workshop in which nobody has written anything yet."""
    workshop = Workshop(title="Leer", date=house.collecting.date)
    facilitator = house.user(FACILITATOR)
    start_workshop(workshop, by=facilitator, municipalities=["Bingen am Rhein"], groups=[])
    workshop.memberships.create(user=facilitator, role="administration")
    for name in (
        "measures:workshop-day", "fields:field-list", "measures:measure-list", "workshops:people",
        "measures:search",
        "measures:progress", "measures:round-list", "measures:session-list",
        "measures:public-preview", "measures:measure-import", "workshops:workshop-scale",
    ):  # fmt: skip
        path = reverse(name, args=[workshop.pk])
        status = pages.client(FACILITATOR).get(path).status_code
        assert status in (200, 403)
        pages.get(f"{name} (empty)", FACILITATOR, path, status)


def rounds(pages: Pages, house: House) -> None:
    """A closed round, before its results are shown, and one that cannot be set aside so."""
    path = reverse("measures:round-show", args=closed_round(house))
    pages.get("measures:round-show", FACILITATOR, path)
    aside = path.replace("/show/", "/set-aside/")
    pages.send("round-set-aside (errors)", FACILITATOR, aside)
    listed = reverse("measures:round-list", args=[house.try_out.pk])
    pages.get("measures:round-list (closed)", FACILITATOR, listed)


def kept(pages: Pages, house: House) -> None:
    """What was typed into an expired session, after the log-in."""
    client = Client()
    client.cookies["sessionid"] = "expired"
    client.post(f"{house.line.get_absolute_url()}edit/", {"title": "WLAN", "description": "a\nb"})
    client.force_login(house.user(FACILITATOR))
    pages.keep("kept-input", client, lambda: client.get(reverse("kept-input")), 200)


# The check ---------------------------------------------------------------------------------------


def complaints(messages: Iterable[dict]) -> list[str]:
    """Return what is not accepted, each once, with the first page that shows it and how many do."""
    found: dict[str, list[str]] = {}
    for each in messages:
        text = each["message"]
        if any(re.fullmatch(pattern, text) for pattern in ACCEPTED):
            continue
        what = f"{text} {' '.join(each.get('extract', '').split())[:200]}"
        page = Path(unquote(urlsplit(each.get("url", "")).path)).stem
        found.setdefault(what, []).append(page)
    return [f"{pages[0]} and {len(pages) - 1} more: {what}" for what, pages in found.items()]


@pytest.fixture
def checker() -> nu.Checker:
    if not NIGHTLY:
        pytest.skip("NOT RUN: the HTML checker; it runs with NIGHTLY=1")
    try:
        return nu.Checker()
    except nu.Unavailable as reason:
        in_ci = os.environ.get("CI", "").lower() in ("true", "1")
        (pytest.fail if in_ci else pytest.skip)(f"NOT RUN: the HTML checker, because {reason}")


def test_every_page_is_valid_html(checker, house, tmp_path):
    pages = Pages(house, tmp_path)
    every_route(pages, house)
    as_others_see_it(pages, house)
    without_an_address(pages)
    refused(pages, house)
    at_the_office(pages, house)
    empty(pages, house)
    kept(pages, house)
    on_the_board(pages, house)
    rounds(pages, house)
    messages = checker.check(tmp_path)
    print(f"\n{len(list(tmp_path.iterdir()))} pages, {len(messages)} messages")
    assert complaints(messages) == []
    said = [each["message"] for each in messages]
    unsaid = [p for p in ACCEPTED if not any(re.fullmatch(p, text) for text in said)]
    assert unsaid == []  # nothing stays on the list that no page needs any more


def test_a_message_is_reported_once_with_the_pages_that_show_it():
    twice = {"type": "error", "message": "Duplicate ID “a”.", "extract": '<p\n id="a">'}
    pages = ["file:/tmp/people%20de.html", "file:/tmp/people%20en.html"]
    found = complaints([{**twice, "url": url} for url in pages])
    assert found == ['people de and 1 more: Duplicate ID “a”. <p id="a">']
