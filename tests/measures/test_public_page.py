"""The public page: what is told on it, and what it makes of bad input."""

import re
from datetime import date

import pytest
from django.urls import reverse

from fields.models import ActionField, Goal
from measures.followup.loading import follow
from measures.models import Decision, Measure, Seal, Session
from measures.public.listing import public_counts
from measures.results.became import became_of
from tests.deciding import release
from tests.measures.publishing import (
    ROUTES,
    address,
    item,
    listed,
    part,
    rate,
    read,
    table,
    words,
)
from tests.rating import agree_on, count_paper
from tests.test_bad_input import ESCAPED, NASTY
from workshops.models import Municipality, Workshop, mark_changed
from workshops.visits import visits_of

# Who sees it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROUTES)
def test_nobody_sees_a_page_that_is_not_public_not_even_who_could_switch_it_on(
    workshop, measure, client, signed_in, administrator, name
):
    for each in (client, signed_in(administrator)):
        assert each.get(address(name, workshop)).status_code == 404


@pytest.mark.parametrize("pk", [0, 4711, 2**31, 2**63, 10**30])
@pytest.mark.parametrize("name", ROUTES)
def test_a_number_that_no_workshop_has_is_not_found(client, public, name, pk):
    assert client.get(reverse(f"measures:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ROUTES)
def test_the_pages_are_read_only(client, public, name):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(address(name, public)).status_code == 405


def test_head_is_answered_like_get_without_a_body(client, page):
    whole, head = client.get(page), client.head(page)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]


# What is shown -----------------------------------------------------------------------------------


def test_the_page_tells_the_workshop_in_the_promised_order(
    public, measure, measure_two, english, client, ballots, session, decide, report
):
    public.introduction = "Ein Tag in „Bingen“.\n\nMit allen."
    public.save(update_fields=["introduction"])
    rate(measure, ballots(3), (5, 4), (5, 4), (4, 4))
    decide(session, measure, "accepted")
    report(measure, "running", "Es läuft", 3)
    response = client.get(english)
    headings = [words(h) for h in re.findall(r"<h[12].*?</h[12]>", response.content.decode(), re.S)]
    assert headings == [
        "Digital-Werkstatt Bingen", "Decided on (1)", "Not decided yet (1)", "Priority matrix",
    ]  # fmt: skip
    assert read(response).partition(" Search ")[0] == (
        "Digital-Werkstatt Bingen Bingen am Rhein · Sept. 8, 2020 Ein Tag in „Bingen“. Mit allen."
        " 1 of 2 measures have been decided on. 1 accepted 1 not decided yet Progress: 1 running"
    )


def test_what_was_deferred_counts_as_deferred_and_stands_with_what_was_decided(
    public, field, english, client, session, decide
):
    rows = [Measure.objects.create(workshop=public, field=field, title=str(n)) for n in range(1, 6)]
    for row, outcome in zip(rows, ("accepted", "rejected", "deferred", "deferred"), strict=False):
        more = {"deferred_until": date(2027, 1, 1)} if outcome == "deferred" else {}
        decide(session, row, outcome, **more)
    response = client.get(english)
    html = response.content.decode()
    assert [words(each) for each in re.findall(r"<h2.*?</h2>", html, re.S)] == [
        "Decided and deferred (4)", "Not decided yet (1)",
    ]  # fmt: skip
    assert (
        " 2 of 5 measures have been decided on, 2 are deferred. 1 accepted 2 deferred 1 rejected"
    ) in read(response)


def test_what_is_accepted_and_then_deferred_is_open_again_inside_and_in_public(
    public, measure, english, client, session, decide
):
    later = Session.objects.create(workshop=public, committee="Rat", date=date(2026, 12, 1))
    decide(session, measure, "accepted")
    decide(later, measure, "deferred", deferred_until=date(2027, 1, 1))
    said = read(client.get(english))
    assert " 0 of 1 measure has been decided on, 1 is deferred. 1 deferred " in said
    assert public_counts([public.pk]) == {public.pk: (1, 0)}
    [visit] = visits_of(public.memberships.first().user, Workshop.objects.all())
    became = became_of(visit, today=later.date)
    assert became[measure.pk].is_open


def test_a_long_introduction_is_folded(public, measure, english, client):
    folded = re.compile(r"<summary>\s*About the workshop\s*</summary>")
    for length, is_folded in ((300, False), (301, True)):
        public.introduction = "x" * length
        public.save(update_fields=["introduction"])
        page = client.get(english).content.decode()
        assert (bool(folded.search(page)), "x" * length in page) == (is_folded, True)


def test_a_measure_is_told_with_its_texts_its_place_and_what_became_of_it(
    public, measure, english, client, ballots, session, decide, report
):
    measure.description, measure.time_horizon = "Überall.", "short"
    measure.save()
    rate(measure, ballots(4), (5, 4), (5, 4), (4, 4), (None, None))
    agree_on(measure=measure, relevance=4, feasibility=None)
    decide(session, measure, "accepted")
    report(measure, "running", "Es läuft", 3)
    assert item(client.get(english), 1) == (
        "accepted running WLAN Überall. Progress: Es läuft (Nov. 3, 2026) Reasons given Dringlich"
        " Decided by Ausschuss für Digitales, Oct. 12, 2026"
        " Rated in the workshop “Start soon”, rank 1 of 1"
        " (relevance 4.67, feasibility 4.00, 3 ratings)"
        " Agreed in the room relevance 4, feasibility – Implementation time short term"
        " Action field Alltagsleben – Alle kommen ins Netz"
    )


def test_what_is_decided_comes_first_and_all_in_the_order_of_the_ranking(
    public, field, english, client, ballots, session, decide
):
    voters = ballots(3)
    rows = [Measure.objects.create(workshop=public, field=field, title=str(n)) for n in range(1, 6)]
    for row, step in zip(rows, (1, 4, 2, 5), strict=False):  # nobody rates the fifth
        rate(row, voters, *[(step, step)] * 3)
    decide(session, rows[0], "accepted")
    decide(session, rows[1], "rejected")
    assert listed(client.get(english)) == [2, 1, 4, 3, 5]


def test_what_is_rejected_says_so_first_and_its_quadrant_only_as_a_rating(
    public, measure, english, client, ballots, session, decide
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    decide(session, measure, "rejected")
    said = item(client.get(english), 1)
    assert said.startswith("rejected WLAN")
    assert said.count("Start soon") == said.count("Rated in the workshop “Start soon”") == 1


def test_fields_and_goals_are_told_with_their_numbers_of_measures(
    public, measure_two, english, client
):
    ActionField.objects.create(workshop=public, name="Leer", order=3)
    left = ActionField.objects.create(workshop=public, name="Später", order=4, is_worked_on=False)
    tourism = public.fields.get(name="Tourismus")
    Goal.objects.create(field=tourism, text="Alle finden hin", indicator="Gäste", order=1)
    gone = Goal.objects.create(field=tourism, text="Entfernt", order=2, is_removed=True)
    Measure.objects.create(workshop=public, field=tourism, goal=gone, title="Wegweiser")
    Measure.objects.create(workshop=public, field=left, title="Doch etwas")
    ActionField.objects.create(workshop=public, name="Nie", order=5, is_worked_on=False)
    assert part(client.get(english), "fields", "details") == (
        "Action fields and goals"
        " 1 Alltagsleben (2 measures) Goal: Alle kommen ins Netz (2 measures)"
        " 2 Tourismus (1 measure) Goal: Alle finden hin Indicator: Gäste (0 measures)"
        " 3 Leer (0 measures)"
        " 4 Später (1 measure, not worked on)"
        " Not worked on: Nie"
    )


def test_where_several_take_part_a_measure_says_whom_it_concerns(public, measure, english, client):
    bingen = public.municipalities.get()
    measure.municipality = bingen
    measure.save()
    assert "Bingen" not in item(client.get(english), 1)
    public.municipalities.add(
        Municipality.objects.create(name="Ingelheim"), through_defaults={"seat": 2}
    )
    measure.save()
    assert "Municipality Bingen am Rhein" in item(client.get(english), 1)


def test_table_and_picture_show_the_same_measures_best_first(
    public, measure, measure_two, client, ballots
):
    voters = ballots(3)
    rate(measure, voters, (3, 2), (3, 2), (4, 2))
    rate(measure_two, voters, (5, 5), (5, 5), (5, 5))
    response = client.get(address("public-matrix", public))
    assert table(response) == [
        ["1", "M2 Bus", "5,00", "5,00", "3", "Bald beginnen", "Alltagsleben"],
        ["2", "M1 WLAN", "3,33", "2,00", "3", "Vorbereiten", "Alltagsleben"],
    ]
    svg = re.search(r'<svg class="matrix".*?</svg>', response.content.decode(), re.S)[0]
    links = re.findall(r'<a [^>]*class="mark[^>]*href="([^"]*)" aria-label="(M\d+ \w+): ', svg)
    own = f"/public/{public.pk}/measures/"
    assert links == [(f"{own}2/", "M2 Bus"), (f"{own}1/", "M1 WLAN")]


def test_no_page_uses_an_id_twice_or_links_to_one_that_is_not_there(
    public, measure, client, ballots, session, decide, report, remark
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    decide(session, measure, "accepted")
    report(measure, "running", "Es läuft", 3)
    remark(measure, "Wozu?", is_released=True)
    own = reverse("measures:public-measure", args=[public.pk, 1])
    for url in (address("public-page", public), address("public-matrix", public), own):
        html = client.get(url).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len({*ids})
        assert {*re.findall(r'href="[^"]*#([^"]+)"', html)} - {*ids} == set()


def test_a_decision_says_what_was_decided_by_whom_and_why(
    public, measure, english, client, session, decide
):
    measure.description = "Überall."
    measure.save()
    decision = decide(
        session, measure, "amended", wording="Erst prüfen", votes_for=7, votes_against=2,
        votes_abstained=1, responsible="Bauamt", due_date=date(2027, 6, 30),
    )  # fmt: skip
    response = client.get(english)
    assert item(response, 1) == (
        "amended no report yet WLAN Erst prüfen Reasons given Dringlich"
        " Votes 7 in favour, 2 against, 1 abstained Responsible unit Bauamt Deadline June 30, 2027"
        " Decided by Ausschuss für Digitales, Oct. 12, 2026"
        " Action field Alltagsleben – Alle kommen ins Netz As proposed in the workshop Überall."
    )
    assert seals(response) == (
        "Sessions and seals Ausschuss für Digitales, Oct. 12, 2026 (1 decision)" + seal_of(decision)
    )


def seals(response) -> str:
    html = response.content.decode()
    found = re.search(r'<details class="public-more" id="seals">.*?</dl>.*?</p>', html, re.S)
    return words(found[0]) if found else ""


def seal_of(decision: Decision) -> str:
    """Return what the page says below the decisions of a session."""
    seal = decision.publication
    return (
        f" Seal of the publication {seal.short} all digits {seal.value} Keep this seal on"
        " paper with the minutes. If another one stands here later, or none, something was changed"
        " or removed."
    )


def test_the_seal_of_a_session_stays_until_more_of_it_is_published(
    public, measure, measure_two, english, client, session, decide
):
    first = decide(session, measure, "accepted")
    elsewhere = Session.objects.create(workshop=public, committee="Rat", date=session.date)
    decide(elsewhere, measure, "rejected", is_published=False)
    assert first.publication.short in seals(client.get(english))
    second = decide(session, measure_two, "accepted")
    said = seals(client.get(english))
    shown = [decision.publication.short in said for decision in (first, second)]
    assert shown == [False, True]


def test_a_seal_from_another_installation_is_marked(
    public, measure, english, client, session, decide
):
    seal = decide(session, measure, "accepted").publication
    mark = "sealed elsewhere; cannot be checked here"
    assert mark not in seals(client.get(english))
    Seal.objects.filter(pk=seal.pk).update(key_id="elsewhere", is_foreign=True)
    mark_changed(public.pk)
    assert f"{seal.value} {mark}" in seals(client.get(english))


def test_a_deferred_measure_says_until_when(public, measure, english, client, session, decide):
    decide(session, measure, "deferred", deferred_until=date(2027, 1, 1))
    assert item(client.get(english), 1).startswith("deferred until Jan. 1, 2027 WLAN")


def test_of_a_correction_and_what_it_corrects_only_the_correction_is_read(
    public, measure, english, client, session, decide
):
    first = decide(session, measure, "accepted", reason="Zuerst so")
    correction = decide(
        session, measure, "rejected", reason="Nun so", corrects=first, is_published=False
    )
    assert "Zuerst so" in item(client.get(english), 1)
    release(correction)
    said = item(client.get(english), 1)
    assert ("Zuerst so" in said, "Nun so" in said) == (False, True)


def test_an_earlier_decision_stays_readable_behind_the_one_that_holds(
    public, measure, english, client, session, decide
):
    later = Session.objects.create(workshop=public, committee="Rat", date=date(2026, 12, 1))
    measure.description = "Überall."
    measure.save()
    decide(session, measure, "amended", wording="Nur im Rathaus", reason="Zu teuer")
    decide(later, measure, "accepted", reason="Geld ist da")
    said = item(client.get(english), 1)
    assert said.startswith("accepted no report yet WLAN Überall. Reasons given Geld ist da")
    assert said.endswith(
        "Ausschuss für Digitales: amended, Oct. 12, 2026 New wording Nur im Rathaus"
        " Reasons given Zu teuer Decided by Ausschuss für Digitales, Oct. 12, 2026"
    )


@pytest.mark.parametrize("one_session", [True, False])
@pytest.mark.parametrize("outcomes", [("rejected", "accepted"), ("accepted", "rejected")])
def test_of_two_decisions_of_one_day_the_one_recorded_later_holds_as_on_the_inside(
    public, measure, measure_two, english, client, session, decide, outcomes, one_session
):
    """Both on the measure in two sessions, or on it and its duplicate in one."""
    later = session
    if not one_session:
        later = Session.objects.create(workshop=public, committee="Rat", date=session.date)
    decide(session, measure, outcomes[0])
    decide(later, measure_two, outcomes[1])
    measure_two.merge_into(measure)
    followed = follow([public], Decision.objects.all(), today=session.date)
    assert item(client.get(english), 1).startswith(outcomes[1])
    assert [track.decision.outcome for track in followed] == (
        ["accepted"] if outcomes[1] == "accepted" else []
    )


def test_what_was_decided_or_said_on_a_duplicate_stands_with_the_measure_it_was_merged_into(
    public, measure, measure_two, english, client, session, decide, report, remark
):
    decide(session, measure_two, "accepted")
    report(measure_two, "done", "Fertig", 5)
    report(measure, "running", "Es läuft", 3)
    remark(measure_two, "Fährt er?", is_released=True)
    measure_two.merge_into(measure)
    response = client.get(english)
    assert item(response, 1) == (
        "accepted done WLAN Progress: Fertig (Nov. 5, 2026) Reasons given Dringlich"
        " Decided by Ausschuss für Digitales, Oct. 12, 2026"
        " Decided on M2, which has been merged into this measure since."
        " Action field Alltagsleben – Alle kommen ins Netz Question Fährt er?"
    )
    assert "Bus" not in response.content.decode()


def test_the_newest_report_holds_whenever_it_was_entered(public, measure, english, client, report):
    report(measure, "running", "Es läuft", 9)
    report(measure, "not_started", "Noch nicht", 3)
    said = item(client.get(english), 1)
    assert said.startswith("running WLAN Progress: Es läuft (Nov. 9, 2026)")
    assert "Noch nicht" not in said


def test_what_was_called_off_after_reports_says_so_beside_them(
    public, measure, english, client, session, decide, report
):
    decide(session, measure, "rejected")
    report(measure, "running", "Es läuft", 3)
    assert item(client.get(english), 1).startswith("rejected running WLAN")


def test_released_remarks_are_read_with_their_answers(public, measure, english, client, remark):
    remark(measure, "Was kostet es?", answer="Nichts.", is_released=True)
    remark(measure, "Gut so.", kind="remark", is_released=True)
    assert item(client.get(english), 1).endswith(
        "Question Was kostet es? Answer: Nichts. Remark Gut so."
    )


def test_how_to_read_it_names_scale_weight_thresholds_and_the_smallest_group(
    public, measure, english, client, ballots
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    public.relevance_weight, public.relevance_threshold, public.name_park = 70, "3.5", "Parken"
    public.save()
    said = part(client.get(english), "reading", "details")
    for words_of_it in (
        "on a scale from 1 to 5: by its relevance (1 is “sehr gering”, 5 is “sehr hoch”)",
        "relevance counts 70 %, feasibility 30 %",
        "Relevance is called high from 3.50 on, feasibility from 3.00 on.",
        "relevance low, feasibility low: Parken",
        "A measure that fewer than 3 people rated is listed without values",
    ):
        assert words_of_it in said


def test_the_larger_minimum_of_room_and_group_is_the_one_that_is_named_and_applied(
    public, measure, measure_two, english, client, ballots, town_hall
):
    voters = ballots(5)
    rate(measure, voters, *[(5, 5)] * 5)
    rate(measure_two, voters, *[(4, 4)] * 4)
    for room, group, smallest, ranked in ((3, 4, 4, 2), (5, 4, 5, 1), (3, 5, 5, 1)):
        public.smallest_room, public.smallest_group = room, group
        public.save(update_fields=["smallest_room", "smallest_group"])
        response = client.get(english)
        said = part(response, "reading", "details")
        assert f"A measure that fewer than {smallest} people rated is listed" in said
        assert "rank 1 of" in item(response, 1)
        is_withheld = "too few ratings" in item(response, 2)
        assert is_withheld == (ranked == 1)
        told = part(town_hall.get(address("public-preview", public)), "left-out", "details")
        assert (f"Rated by fewer than {smallest} people" in told) == is_withheld


# Bad input and extremes --------------------------------------------------------------------------


def test_scripts_in_every_text_are_read_and_never_run(
    public, measure, page, client, ballots, session, decide, report, remark
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    for row, names in (
        (public, ("title", "introduction", "name_start")),
        (measure, ("title", "description")),
        (measure.goal, ("text", "indicator")),
        (measure.field, ("name",)),
        (session, ("committee",)),
        (public.municipalities.get(), ("name",)),
    ):
        for name in names:
            setattr(row, name, NASTY[: row._meta.get_field(name).max_length])
        row.save()
    decide(session, measure, "amended", wording=NASTY, reason=NASTY, responsible=NASTY)
    report(measure, "running", NASTY, 3)
    remark(measure, NASTY, answer=NASTY, is_released=True)
    own = reverse("measures:public-measure", args=[public.pk, 1])
    for url in (address("public-page", public), address("public-matrix", public), own):
        html = client.get(url).content.decode()
        assert ESCAPED in html
        assert re.findall(r"<script(?! defer src=)|<img", html) == []


def test_an_empty_workshop_opens_without_a_picture(workshop, at, client):
    workshop.is_public = True
    workshop.save(update_fields=["is_public"])
    for phase in ("preparing", "collecting", "rating", "deliberating", "closed"):
        at(phase)
        response = client.get(f"{address('public-page', workshop)}?lang=en")
        assert (response.status_code, listed(response)) == (200, [])
        assert "No measure yet" in read(response)
        assert client.get(address("public-matrix", workshop)).status_code == 200
        assert client.get(address("public-picture", workshop)).status_code == 404


def test_all_equal_share_the_first_rank(public, measure, measure_two, client, ballots):
    for each in (measure, measure_two):
        rate(each, ballots(3), (3, 3), (3, 3), (3, 3))
    matrix = client.get(address("public-matrix", public))
    assert [row[0] for row in table(matrix)] == ["1", "1"]


def test_consensus_only_and_paper_only(public, measure, measure_two, english, client):
    agree_on(measure=measure, relevance=4, feasibility=5)
    for criterion, step in (("relevance", 4), ("feasibility", 2)):
        count_paper(measure=measure_two, criterion=criterion, step=step, count=3)
    assert "Agreed in the room relevance 4, feasibility 5" in item(client.get(english), 1)
    matrix = client.get(address("public-matrix", public), {"lang": "en"})
    assert [row[:5] for row in table(matrix)] == [["1", "M2 Bus", "4.00", "2.00", "3"]]
