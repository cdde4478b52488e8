"""The same page for everybody, kept by its ETag, drawn once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.matrix import file
from measures.models import Measure
from measures.public import drawing
from tests.measures.publishing import ROUTES, address, listed, rate
from tests.rating import agree_on
from workshops.models import Workshop, WorkshopRevision, mark_changed


def test_everybody_gets_the_same_bytes_and_nobody_a_cookie(
    public, measure, client, signed_in, administrator, participant, stranger, ballots
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    people = [client, *map(signed_in, (administrator, participant, stranger))]
    people[1].post(reverse("set-language"), {"language": "en"})
    for name in ROUTES:
        answers = [each.get(address(name, public)) for each in people]
        assert len({answer.content for answer in answers}) == 1
        assert len({answer["ETag"] for answer in answers}) == 1
        varies = None if name == "public-picture" else "Accept-Encoding"
        assert [(a.cookies, a.get("Vary"), a["Cache-Control"]) for a in answers] == [
            ({}, varies, "public, no-cache")
        ] * len(people)
    assert client.cookies == {}


def test_no_page_asks_for_more_than_a_search(public, measure, client, ballots):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    own = reverse("measures:public-measure", args=[public.pk, 1])
    names = ("public-page", "public-matrix", "public-news")
    urls = (*(address(name, public) for name in names), own)
    more = re.compile(r"<(?:script|form|iframe|style)\b[^>]*>|csrf")
    found = [more.findall(client.get(url).content.decode()) for url in urls]
    script = '<script defer src="/static/js/public.js">'
    form = '<form class="public-find" method="get" action="#found" role="search" data-find>'
    assert found == [[script, form], [], [script], [script]]


@pytest.mark.parametrize("name", ROUTES)
def test_unchanged_it_is_answered_304_after_one_query(
    public, measure, client, ballots, django_assert_num_queries, name
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    url = address(name, public)
    first = client.get(url)
    with django_assert_num_queries(1):
        again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (again["Cache-Control"], again.cookies) == ("public, no-cache", {})
    names = ("Content-Security-Policy", "X-Frame-Options")
    assert [again.get(each) for each in names] == [first.get(each) for each in names]


def test_every_change_of_what_is_shown_is_seen_at_once(
    public, measure, page, client, ballots, session, decide, report, remark, at
):
    def rate_again() -> None:
        at("rating")
        rate(measure, ballots(3), (1, 1), (1, 1), (1, 1))
        at("deliberating")

    note = remark(measure, "Wozu?")
    bingen, goal = public.municipalities.get(), measure.goal
    bingen.name, goal.text, note.is_released = "Bingen", "Ein neues Ziel", True

    def changes():
        yield lambda: rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
        yield lambda: decide(session, measure, "accepted")
        yield lambda: setattr(session, "committee", "Stadtrat") or session.save()
        yield lambda: report(measure, "running", "Es läuft", 3)
        yield note.save
        yield bingen.save
        yield goal.save
        yield lambda: agree_on(measure=measure, relevance=1)
        yield rate_again

    for change in changes():
        first = client.get(page)
        known = {"If-None-Match": first["ETag"]}
        assert client.get(page, headers=known).status_code == 304
        change()
        assert client.get(page, headers=known).status_code == 200


@pytest.mark.parametrize("phase", ["collecting", "rating", "deliberating"])
@pytest.mark.parametrize("name", ROUTES[:2])
def test_nobody_outside_sees_when_somebody_votes_remarks_or_prepares_a_decision(
    public, measure, client, ballots, session, decide, remark, at, name, phase
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    at(phase)

    def happenings():
        if phase == "rating":
            yield (
                lambda: rate(measure, ballots(3), (1, 3), (1, 3), (1, 3)) or mark_changed(public.pk)
            )
        if phase == "collecting":  # what the tables agree on waits for the next round
            yield lambda: agree_on(measure, round=2, relevance=1, feasibility=1)
        yield lambda: remark(measure, "Intern")
        yield lambda: decide(session, measure, "accepted", is_published=False)
        yield lambda: setattr(measure, "first_step", "Intern") or measure.save()
        yield measure.goal.save  # opened and saved as it was

    first = client.get(address(name, public))
    known = {"If-None-Match": first["ETag"]}
    for happens in happenings():
        number = WorkshopRevision.objects.get(workshop=public).number
        happens()
        assert WorkshopRevision.objects.get(workshop=public).number > number
        again = client.get(address(name, public), headers=known)
        assert (again.status_code, again["ETag"]) == (304, first["ETag"])


def test_after_a_change_that_is_not_public_304_takes_as_many_queries_as_the_page(
    public, measure, page, client, ballots, at, django_assert_num_queries
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    at("rating")
    known = {"If-None-Match": client.get(page)["ETag"]}
    for title in ("Bus", "Bahn"):
        rate(measure, ballots(3), (5, 4), (1, 1), (1, 1))
        mark_changed(public.pk)  # by something that nobody outside may see
        with django_assert_num_queries(21):
            assert client.get(page, headers=known).status_code == 304
        with django_assert_num_queries(1):
            assert client.get(page, headers=known).status_code == 304
        measure = Measure.objects.create(workshop=public, field=measure.field, title=title)
        known = {"If-None-Match": client.get(page)["ETag"]}


def test_switched_off_a_kept_copy_is_not_confirmed(public, measure, page, client):
    first = client.get(page)
    public.is_public = False
    public.save(update_fields=["is_public"])
    assert client.get(page, headers={"If-None-Match": first["ETag"]}).status_code == 404


def test_the_page_takes_the_same_queries_for_one_measure_and_for_three(
    public, measure, page, client, ballots, session, decide, report, remark,
    django_assert_num_queries,
):  # fmt: skip
    def fill(measure: Measure) -> None:
        rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
        decide(session, measure, "accepted")
        report(measure, "not_started", "Noch nicht", 1)
        report(measure, "running", "Es läuft", 3)
        remark(measure, "Wozu?", is_released=True)

    fill(measure)
    with django_assert_num_queries(22):
        client.get(page)
    for title in ("Bus", "Bahn"):
        field = ActionField.objects.create(workshop=public, name=title)
        goal = Goal.objects.create(field=field, text=title)
        fill(Measure.objects.create(workshop=public, field=field, goal=goal, title=title))
    with django_assert_num_queries(22):
        assert len(listed(client.get(page))) == 3
    with django_assert_num_queries(1):  # drawn once, whoever asks
        Client().get(page)


def test_the_picture_is_drawn_once_for_the_same_marks_and_names(
    public, measure, measure_two, client, ballots, monkeypatch
):
    drawn, png = [], file.png
    monkeypatch.setattr(file, "png", lambda *args: drawn.append(1) or png(*args))
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    picture = address("public-picture", public)
    for _each in range(3):
        assert client.get(picture).content.startswith(b"\x89PNG")
    measure.save()
    client.get(picture)
    assert len(drawn) == 1

    def changes():
        yield lambda: measure.field.save()
        yield lambda: rate(measure_two, ballots(3), (1, 5), (1, 5), (1, 5))
        yield lambda: setattr(public, "title", "Neuer Titel") or public.save()
        yield lambda: setattr(public, "relevance_weight", 70) or public.save()
        yield lambda: setattr(public, "relevance_threshold", "4.50") or public.save()
        yield lambda: Measure.objects.create(workshop=public, field=measure.field, title="Bahn")

    measure.field.name = "Neues Feld"
    for number, change in enumerate(changes(), 2):
        change()
        client.get(picture)
        assert len(drawn) == number
    client.get(picture, {"lang": "en"})
    assert len(drawn) == number + 1


def test_with_dozens_of_public_workshops_every_page_is_still_drawn_once(
    public, client, monkeypatch
):
    drawn, draw = [], drawing._draw
    monkeypatch.setattr(drawing, "_draw", lambda *args: drawn.append(1) or draw(*args))
    for number in range(39):
        Workshop.objects.create(title=f"Ort {number}", date=public.date, is_public=True)
    pages = [address("public-page", each) for each in Workshop.objects.all()]
    for _round in range(2):
        for page in pages:
            assert client.get(page).status_code == client.get(f"{page}?lang=en").status_code == 200
        assert len(drawn) == 2 * 40
