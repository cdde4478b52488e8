"""One person who asks for ever new heavy results does not stop the site for the others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.cache import caches
from django.urls import reverse

from measures.matrix import file
from measures.results import kept
from measures.results.kept import Busy, Queue
from tests.markup import compact
from tests.measures.publishing import rate


@pytest.fixture
def url(workshop) -> str:
    return reverse("measures:matrix-png", args=[workshop.pk])


@pytest.fixture
def council(committee_member, signed_in, at, measure, measure_two, ballots):
    """Return a committee member's browser; M1 and M2 are rated by six people and by five."""
    at("deliberating")
    voters = ballots(6)
    rate(measure, voters, *[(5, 4)] * 6)
    rate(measure_two, voters, *[(2, 3)] * 5)
    caches["default"].clear()
    return signed_in(committee_member)


@pytest.fixture
def drawn(monkeypatch) -> list:
    """Return a list that grows by one with every picture that is drawn anew."""
    made = []
    monkeypatch.setattr(file, "png", lambda *args: made.append(1) or b"\x89PNG")
    return made


@pytest.fixture
def busy(monkeypatch) -> None:
    """Let somebody else make something heavy that never ends."""
    queue, started, end = Queue(waiting=0), Event(), Event()
    monkeypatch.setattr(kept, "_heavy", queue)
    with ThreadPoolExecutor() as pool:
        pool.submit(_occupy, queue, started, end)
        started.wait(5)
        yield
        end.set()


def _occupy(queue: Queue, started: Event, end: Event) -> None:
    with queue.turn():
        started.set()
        end.wait(5)


# The queue ---------------------------------------------------------------------------------------


def test_few_wait_the_others_are_sent_away_at_once():
    queue, started, end = Queue(waiting=2, patience=5), Event(), Event()
    with ThreadPoolExecutor() as pool:
        maker = pool.submit(_occupy, queue, started, end)
        started.wait(5)
        waiting = [pool.submit(_take, queue) for _each in range(6)]
        refused = [each for each in waiting if _within(each, 1) == "busy"]
        end.set()
        assert (len(refused), maker.result(5)) == (4, None)
        assert sorted(each.result(5) for each in waiting) == ["busy"] * 4 + ["made"] * 2
    assert _take(queue) == "made"


def _take(queue: Queue) -> str:
    try:
        with queue.turn():
            return "made"
    except Busy:
        return "busy"


def _within(future, seconds: float) -> str:
    try:
        return future.result(seconds)
    except TimeoutError:
        return "waits"


def test_nobody_waits_longer_than_patience_lasts():
    queue, started, end = Queue(waiting=2, patience=0.01), Event(), Event()
    with ThreadPoolExecutor() as pool:
        pool.submit(_occupy, queue, started, end)
        started.wait(5)
        assert [_take(queue) for _each in range(5)] == ["busy"] * 5
        end.set()
    assert _take(queue) == "made"


def test_one_heavy_result_may_need_another_and_a_failed_one_leaves_the_queue():
    queue = Queue(waiting=0, patience=0.01)
    with pytest.raises(ZeroDivisionError), queue.turn(), queue.turn():
        _ = 1 / 0
    assert _take(queue) == "made"


# The picture -------------------------------------------------------------------------------------


def test_a_picture_is_drawn_once_for_the_same_marks_whatever_the_address(council, url, drawn):
    for query in ("", "?n=0", "?n=5", "?order=-n", "?spread=no", "?order=title&n=0&spread=no"):
        assert council.get(url + query).status_code == 200
    assert len(drawn) == 1
    for query in ("?n=6", "?weight=13", "?lens=sure", "?lens=agreed"):
        assert council.get(url + query).status_code == 200
    assert len(drawn) == 5


def test_after_thirty_pictures_in_a_minute_this_account_pauses_and_no_other(
    council, url, drawn, signed_in, administrator
):
    answers = [council.get(url, {"n": n}).status_code for n in range(31)]
    assert answers == [200] * 30 + [429]
    assert "Zu viele Versuche" in council.get(url).content.decode()
    assert signed_in(administrator).get(url).status_code == 200


# Meanwhile ---------------------------------------------------------------------------------------


def test_when_too_many_ask_the_picture_says_so_and_when_to_come_again(council, url, busy):
    council.post(reverse("set-language"), {"language": "en"})
    response = council.get(url)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "please try again in ten seconds." in response.content.decode()


def test_the_ordinary_pages_go_on(council, workshop, busy):
    names = ("dashboard", "measure-list", "progress")
    addresses = [reverse(f"measures:{name}", args=[workshop.pk]) for name in names]
    assert [council.get(each).status_code for each in addresses] == [200] * 3


def test_the_stability_stays_a_link_on_the_dashboard(council, workshop, busy):
    address = reverse("measures:stability", args=[workshop.pk])
    page = compact(council.get(reverse("measures:dashboard", args=[workshop.pk])))
    assert f'<a class="kern-link" href="{address}?weight=50">' in page
    # The page's own rule for htmx: an error is not swapped in, so the link stays.
    assert '{"code": "[45]..", "swap": false, "error": true}' in page
    response = council.get(address, headers={"HX-Request": "true"})
    assert (response.status_code, response["Retry-After"], response.text) == (
        503, "10",
        "Gerade werden viele Zahlen abgefragt, deren Berechnung lange dauert."
        " Bitte versuchen Sie es in zehn Sekunden noch einmal.\n",
    )  # fmt: skip


def test_what_is_made_already_is_handed_out_without_a_turn(council, url, monkeypatch, drawn):
    council.get(url)
    monkeypatch.setattr(kept, "_heavy", None)
    assert council.get(url).status_code == 200
