"""What was decided upon before the room had a minimum: sealed as it was, shown as far as it may."""

import json

import pytest
from django.core.management import call_command

from measures.committee.withholding import as_shown, why_withheld
from measures.models import Decision
from tests.deciding import decide, hold, in_english
from tests.rating import save_rating
from workshops.models import Workshop

WORDS = ["sehr gering", "gering", "mittel", "hoch", "sehr hoch"]


def spread(n: int, mean: float, counts: list[int]) -> dict:
    return {
        "n": n, "mean": mean, "median": mean, "quartiles": [mean, mean], "counts": counts,
        "agreement": 1.0,
    }  # fmt: skip


def basis(n: int, *, paper: int = 0, feasibility: int | None = None) -> dict:
    """What ``n`` people, some of them on sheets, agreed on: relevance 2, feasibility 5."""
    other = n if feasibility is None else feasibility
    return {
        "measure": {"title": "WLAN", "number": 1},
        "ranking": {
            "score": 3.5, "rank": 1, "of": 4, "range": [1, 1], "all_weights": [1, 3],
            "quadrant": "optional", "quadrant_name": "Wenn es passt",
        },
        "ratings": {
            "n": n, "paper": paper, "round": 1, "agreed": {"relevance": 4, "feasibility": None},
            "relevance": spread(n, 2.0, [0, n, 0, 0, 0]),
            "feasibility": spread(other, 5.0, [0, 0, 0, 0, other]),
        },
        "settings": {"weight": 50, "words": {"relevance": WORDS, "feasibility": WORDS}},
    }  # fmt: skip


NOBODY = {"n": None, "mean": None, "median": None, "quartiles": None, "counts": [],
          "agreement": None}  # fmt: skip
NO_PLACE = dict.fromkeys(
    ("score", "rank", "range", "all_weights", "quadrant", "quadrant_name")
)  # fmt: skip


def room(smallest: int = 3, group: int = 5) -> Workshop:
    return Workshop(smallest_room=smallest, smallest_group=group)


FEW = [
    (basis(1), room()),
    (basis(2), room()),
    (basis(9, feasibility=2), room()),
    (basis(5), room(smallest=6)),
    (basis(9, paper=7), room()),  # take the known sheets away, and two are left
]


@pytest.mark.parametrize(("frozen", "workshop"), FEW)
def test_below_the_minimum_no_figure_and_no_place_is_left(frozen, workshop):
    shown = as_shown(frozen, workshop)
    assert shown["ranking"] == NO_PLACE | {"of": 4}
    assert shown["ratings"] == {
        "n": None, "paper": None, "round": None, "agreed": {"relevance": 4, "feasibility": None},
        "relevance": NOBODY, "feasibility": NOBODY,
    }  # fmt: skip
    assert (shown["measure"], shown["settings"]) == (frozen["measure"], frozen["settings"])


@pytest.mark.parametrize(
    ("frozen", "workshop"),
    [
        (basis(3), room()),
        (basis(4), room()),
        (basis(6), room(group=7)),
        (basis(9, paper=5), room()),
    ],
)
def test_below_the_smallest_group_means_and_rank_are_left(frozen, workshop):
    shown = as_shown(frozen, workshop)
    assert shown["ranking"] == frozen["ranking"] | {"range": None}
    for name, mean in (("relevance", 2.0), ("feasibility", 5.0)):
        n = frozen["ratings"][name]["n"]
        assert shown["ratings"][name] == NOBODY | {"n": n, "mean": mean}
    assert shown["ratings"]["n"] == frozen["ratings"]["n"]


@pytest.mark.parametrize("frozen", [basis(5), basis(8, paper=8), basis(9, paper=4)])
def test_what_enough_people_judged_is_shown_as_it_was(frozen):
    assert (as_shown(frozen, room()), why_withheld(frozen, room())) == (frozen, "")


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"ranking": 7, "ratings": "x"},
        {"ratings": {"n": True, "relevance": [1], "feasibility": {"n": "9", "mean": 2}}},
    ],
)
def test_a_forged_basis_shows_no_figures(forged):
    shown = as_shown(forged, room())
    assert (shown["ratings"]["relevance"], shown["ratings"]["feasibility"]) == (NOBODY, NOBODY)


def test_nothing_that_was_shown_changes_what_was_frozen():
    frozen = basis(2)
    before = json.dumps(frozen)
    as_shown(frozen, room())
    assert json.dumps(frozen) == before


# On the pages -----------------------------------------------------------------------------------


@pytest.fixture
def old(workshop, measure, ballots, at, monkeypatch) -> Decision:
    """Decided upon the rating of one, frozen in full as before there was a minimum."""
    at("deliberating")
    [voter] = ballots(1)
    save_rating(voter, measure, relevance=2, feasibility=5)
    session = hold(workshop, measure)
    known = basis(1)
    monkeypatch.setattr("measures.committee.recording.basis_of", lambda *_: known)
    decision = decide(session, measure)
    monkeypatch.undo()
    return decision


def lines_of(parts) -> dict[str, str]:
    return {f"{title}: {line.label}": line.then for title, lines in parts for line in lines}


TOO_FEW = (
    "Fewer than 3 people judged one of the criteria, so no values are shown. What was sealed is"
    " kept unchanged."
)


def test_a_participant_does_not_read_a_single_vote_in_an_old_dossier(old, participant, signed_in):
    """Seen: mean, quartiles and "Votes per step 2: 1", open to everybody in the workshop."""
    response = in_english(signed_in(participant)).get(old.get_absolute_url())
    dossier = response.context
    titles = ("Place in the ranking", "Relevance", "Feasibility")
    told = lines_of(part for part in dossier["parts"] if part[0] in titles)
    agreed = "Place in the ranking: Agreed in the room: relevance"
    assert {label: text for label, text in told.items() if text != "–"} == {agreed: "4"}
    assert (dossier["withheld"], dossier["faults"]) == (TOO_FEW, [])
    assert response.content.decode().count(TOO_FEW) == 1


def test_what_is_sealed_stays_and_is_verified(old, workshop, capsys):
    assert json.loads(old.snapshot)["ratings"]["relevance"]["counts"] == [0, 1, 0, 0, 0]
    call_command("verify_decisions")
    assert "1 Beschluss geprüft, unverändert." in capsys.readouterr().out.splitlines()


def test_a_correction_shows_no_more_of_what_the_old_entry_stands_upon(
    old, workshop, committee_member, signed_in
):
    page = in_english(signed_in(committee_member)).get(f"{old.get_absolute_url()}correct/")
    assert (page.status_code, page.context["withheld"]) == (200, TOO_FEW)
    told = lines_of(page.context["parts"])
    assert [label for label in told if label.startswith(("Relevance", "Feasibility"))] == []
    assert page.context["form"]["seen"].value() == ""


# Without a distribution -------------------------------------------------------------------------


def test_without_a_distribution_there_is_a_dash_and_no_python(
    workshop, measure, ballots, at, committee_member, signed_in
):
    """Seen: "Votes per step: [] ['sehr gering', …]" beside the form and in the dossier."""
    at("deliberating")
    council = in_english(signed_in(committee_member))
    session = hold(workshop, measure)
    voters = ballots(5)
    for voter in voters:
        save_rating(voter, measure, relevance=4, feasibility=4)
    decision = decide(session, measure)
    assert council.get(decision.get_absolute_url()).context["changes"] == 0
    measure.ratings.filter(ballot=voters[0]).delete()
    workshop.save()  # so that what is kept of the results is made anew
    page = council.get(decision.get_absolute_url())
    [line] = [
        line
        for title, lines in page.context["parts"]
        if title == "Relevance"
        for line in lines
        if line.label == "Votes per step"
    ]
    assert (line.now, line.is_changed) == ("–", True)
    assert "[&#x27;sehr gering" not in page.content.decode()
