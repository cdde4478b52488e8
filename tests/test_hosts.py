"""Several hosts: what one of them does holds on all, and what fails beside them nobody notices.

Two copies of the program behind nginx as docs/several-hosts.md sets it up, a real PostgreSQL with a
real streaming replica, and Valkey or Redis. Takes programs and a minute, so it runs with NIGHTLY=1.
"""

import html
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.urls import reverse

from measures.demo import content
from tests import postgres
from tests.hosts import Browser, Cache, Hosts, Unavailable, prepare, program
from tests.nightly import NIGHTLY
from tests.postgres import Server
from tests.today import TODAY

FACILITATOR, ADMINISTRATION, COMMITTEE, PARTICIPANT, ADMIN = (who[0] for who in content.ACCOUNTS)
PASSWORD = content.DEFAULT_PASSWORD
WORKERS = 4  # on both hosts together


# What runs --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def programs() -> None:
    """Skip, and say why, where this cannot be tried."""
    if not NIGHTLY:
        pytest.skip("NOT RUN: several hosts; they run with NIGHTLY=1")
    try:
        import redis  # noqa: F401

        for names in (("nginx",), ("openssl",), ("valkey-server", "redis-server")):
            program(*names)
        with postgres.server():
            pass
    except (Unavailable, postgres.Unavailable, ImportError) as reason:
        in_ci = os.environ.get("CI", "").lower() in ("true", "1")
        (pytest.fail if in_ci else pytest.skip)(f"NOT RUN: several hosts, because {reason}")


@pytest.fixture(scope="module")
def primary(programs) -> Iterator[str]:
    """Return the address of the one database."""
    with postgres.server() as url:
        prepare(url)
        yield url


@pytest.fixture(scope="module")
def replica(primary) -> Iterator[Server]:
    with postgres.replica(primary) as other:
        yield other


@pytest.fixture(scope="module")
def cache(programs, tmp_path_factory) -> Iterator[Cache]:
    cache = Cache(tmp_path_factory.mktemp("cache"))
    yield cache
    cache.stop()


@pytest.fixture(scope="module")
def plain(primary, tmp_path_factory) -> Iterator[Hosts]:
    """Two hosts that share a database and nothing else."""
    with Hosts(tmp_path_factory.mktemp("plain"), primary) as hosts:
        yield hosts


@pytest.fixture(scope="module")
def hosts(primary, replica, cache, tmp_path_factory) -> Iterator[Hosts]:
    """Two hosts with everything that can be had beside the database."""
    more = {"REPLICA_URL": replica.url, "CACHE_URL": cache.url}
    with Hosts(tmp_path_factory.mktemp("hosts"), primary, **more) as hosts:
        yield hosts


@pytest.fixture(params=["plain", "hosts"])
def either(request) -> Hosts:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def ask(primary) -> Callable[[str], tuple]:
    """Return a function that asks the primary for one row."""
    with psycopg.connect(primary, autocommit=True) as connection:
        yield lambda statement: connection.execute(statement).fetchone()


# Who does something -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed_in(primary) -> Callable[[Hosts, str], Browser]:
    """Return a function that gives somebody's browser; they have logged in once, on host A."""
    cookies: dict[str, dict[str, str]] = {}

    def of(hosts: Hosts, email: str) -> Browser:
        browser = Browser(hosts)
        if email not in cookies:
            assert browser.log_in(email, PASSWORD, on="A").status == 302
            browser.get("/", on="B")  # where the log-in's message is told
            cookies[email] = browser.cookies
        browser.cookies = dict(cookies[email])
        return browser

    return of


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet(ask, cache) -> None:
    ask("WITH gone AS (DELETE FROM cache RETURNING 1) SELECT count(*) FROM gone")
    cache.empty()


def told(hosts: Hosts, sentence: str) -> int:
    """Return how often the logs of both hosts say this."""
    return sum(host.log().count(sentence) for host in hosts.hosts.values())


def until(holds: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def page(ask) -> str:
    (workshop,) = ask("SELECT id FROM workshops_workshop WHERE is_public")
    return reverse("measures:public-page", args=[workshop])


@pytest.fixture
def report(ask, page, signed_in) -> Callable[..., str]:
    """Return a function that reports progress on one host and returns what the public reads."""

    def enter(hosts: Hosts, on: str, sentence: str = "") -> str:
        sentence = sentence or f"Stand {uuid.uuid4()}"
        workshop, number = ask(
            "SELECT w.id, min(m.number) FROM workshops_workshop w JOIN measures_measure m"
            " ON m.workshop_id = w.id WHERE is_public AND NOT is_removed"
            " AND merged_into_id IS NULL GROUP BY w.id"
        )
        sent = {"state": "running", "sentence": sentence, "date": TODAY.isoformat()}
        answer = signed_in(hosts, FACILITATOR).post(
            reverse("measures:status-add", args=[workshop, number]),
            {**sent, "client_id": str(uuid.uuid4())},
            on=on,
        )
        assert answer.status == 302, answer.text
        return sentence

    return enter


@pytest.fixture
def switch(page, signed_in) -> Callable[..., None]:
    """Return a function that takes the public page away on one host, or brings it back."""
    path = page.replace("/public/", "/workshops/") + "public/switch/"

    def turn(hosts: Hosts, on: str, public: str) -> None:
        town_hall = signed_in(hosts, ADMINISTRATION)
        assert town_hall.post(path, {"public": public}, on=on).status == 302

    return turn


# Nobody needs to stay on one host ---------------------------------------------------------------


def test_a_day_s_work_goes_from_host_to_host(either, ask):
    moderation = Browser(either)
    assert moderation.log_in(FACILITATOR, PASSWORD, on="A").status == 302
    form = {"title": f"Werkstatt {uuid.uuid4()}", "date": "2026-11-09", "template": "nine"}
    made = moderation.post(
        reverse("fields:workshop-create"), {**form, "municipality_1": "Bingen", "groups": "Rat"},
        on="B",
    )  # fmt: skip
    assert made.status == 302
    start = made.headers["Location"]
    assert form["title"] in moderation.get(start, on="A").text

    # A file is shown on A and taken in on B, which says so on A, where the step is undone.
    table = "Handlungsfeld;Maßnahme\nTourismus;Radweg am Rhein\n"
    preview = moderation.upload(f"{start}import/", table, on="A")
    hidden = dict(
        re.findall(r'type="hidden" name="(table|seen|headings)" value="([^"]*)"', preview.text)
    )
    sent = {name: html.unescape(value) for name, value in hidden.items()}
    for name, options in re.findall(
        r'<select name="([\w-]+)".*?>(.*?)</select>', preview.text, re.S
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = html.unescape(chosen[1]) if chosen else ""
    taken = moderation.post(f"{start}import/confirm/", sent, on="B")
    assert (taken.status, taken.headers["Location"]) == (302, start)
    assert "Importiert: " in moderation.get(start, on="A").text
    assert "Radweg am Rhein" in moderation.get(f"{start}measures/", on="B").text
    workshop = start.split("/")[2]
    (step,) = ask(f"SELECT id FROM workshops_edit WHERE workshop_id = {workshop}")
    undone = moderation.post(f"{start}steps/undo/", {"edit": step}, on="B")
    assert undone.status == 302
    gone = f"SELECT is_removed FROM measures_measure WHERE workshop_id = {workshop}"
    assert ask(gone) == (True,)


def test_what_was_typed_into_an_expired_session_is_given_back_by_the_other_host(either, ask):
    (field,) = ask(
        "SELECT f.workshop_id || '/fields/' || f.id FROM fields_actionfield f"
        " JOIN workshops_workshop w ON w.id = f.workshop_id WHERE phase = 'rating' LIMIT 1"
    )
    browser = Browser(either)
    browser.get("/accounts/login/", on="A")
    typed = {"title": "Ein Wort, das bleibt", "client_id": str(uuid.uuid4())}
    sent = browser.post(f"/workshops/{field}/measures/add/", typed, on="A")
    assert sent.headers["Location"] == "/accounts/login/?next=%2Fkept-input%2F"
    assert browser.log_in(FACILITATOR, PASSWORD, on="B", next="/kept-input/").status == 302
    assert "Ein Wort, das bleibt" in browser.get("/kept-input/", on="A").text


def test_what_a_browser_has_from_one_host_the_other_confirms_until_it_changes_on_the_first(
    either, page, report, signed_in
):
    council = signed_in(either, COMMITTEE)
    dashboard = page.replace("/public/", "/workshops/") + "dashboard/"
    known = {"If_None_Match": council.get(dashboard, on="A").headers["ETag"]}
    assert council.get(dashboard, on="B", **known).status == 304
    report(either, "A")
    assert council.get(dashboard, on="B", **known).status == 200


def test_with_one_host_away_nginx_asks_the_other(plain, page, signed_in):
    host, moderation = plain.hosts["A"], signed_in(plain, FACILITATOR)
    host.stop()
    try:
        assert {Browser(plain).get(page).status for _each in range(12)} == {200}
        assert [moderation.get("/").status for _each in range(4)] == [200] * 4
    finally:
        host.start()
        until(lambda: Browser(plain).get("/imprint/", on="A").status == 200)


# The public page --------------------------------------------------------------------------------


def test_the_public_page_is_the_same_on_both_and_changes_on_both_at_once(either, page, report):
    first = Browser(either).get(page, on="A")
    known = {"If_None_Match": first.headers["ETag"]}
    assert [Browser(either).get(page, on=on, **known).status for on in "AB"] == [304, 304]
    sentence = report(either, "A")
    again = [Browser(either).get(page, on=on, **known) for on in "BA"]
    assert [(each.status, sentence in each.text) for each in again] == [(200, True)] * 2


def test_withdrawn_on_one_host_it_is_gone_on_the_other_at_once(either, page, switch):
    paths = [page, f"{page}matrix/", f"{page}matrix.png", f"{page}?lang=en"]

    def told(on: str) -> list[int]:
        return [Browser(either).get(path, on=on).status for path in paths]

    assert (told("A"), told("B")) == ([200] * 4, [200] * 4)
    switch(either, "A", "no")
    assert (told("B"), told("A")) == ([404] * 4, [404] * 4)
    switch(either, "B", "yes")
    assert (told("A"), told("B")) == ([200] * 4, [200] * 4)


# Limits -----------------------------------------------------------------------------------------


def guess(hosts: Hosts, email: str, times: int) -> None:
    """Try wrong passwords in turn on both hosts."""
    for turn in range(times):
        assert Browser(hosts).log_in(email, "falsch", on="AB"[turn % 2]).status == 200


def let_in(hosts: Hosts, email: str) -> list[bool]:
    """Say whether host A, and host B, take the right password."""
    return [Browser(hosts).log_in(email, PASSWORD, on=on).status == 302 for on in "AB"]


def test_wrong_passwords_are_counted_over_both_hosts(either):
    guess(either, PARTICIPANT, 5)
    assert let_in(either, PARTICIPANT) == [False, False]
    assert let_in(either, ADMIN) == [True, True]


def test_each_cache_holds_the_limits_that_are_counted_in_it(plain, hosts, ask, cache):
    rows = "SELECT count(*) FROM cache WHERE cache_key LIKE '%login_failed%'"
    guess(plain, PARTICIPANT, 1)
    assert (ask(rows)[0] > 0, cache.keys()) == (True, 0)
    guess(hosts, ADMIN, 1)
    assert cache.keys() > 0


@pytest.mark.parametrize(("go", "come"), [("stop", "start"), ("freeze", "thaw")])
def test_the_shared_cache_goes_away_and_the_limits_hold_and_nobody_is_locked_out(
    hosts, cache, go, come
):
    away = "The shared cache cannot be used, the database's cache is asked instead: "
    back = "The shared cache is used again."
    said, said_back = told(hosts, away), told(hosts, back)
    getattr(cache, go)()
    try:
        assert let_in(hosts, FACILITATOR) == [True, True]
        guess(hosts, ADMIN, 5)
        assert let_in(hosts, ADMIN) == [False, False]
        assert 2 <= told(hosts, away) - said <= WORKERS  # once by each that was asked
    finally:
        getattr(cache, come)()

    def is_used_again() -> bool:
        let_in(hosts, FACILITATOR)
        return told(hosts, back) - said_back == told(hosts, away) - said

    until(is_used_again)


# The replica ------------------------------------------------------------------------------------


class Reads:
    """What the replica was asked for since this was made."""

    def __init__(self, replica: Server) -> None:
        self._replica, self._before = replica, len(replica.log())

    def of(self, table: str) -> int:
        return self._replica.log()[self._before :].count(f'FROM "{table}"')


@pytest.fixture
def caught_up(replica, ask) -> Callable[[], None]:
    """Return a function that waits until the replica has all that the primary has."""

    def wait() -> None:
        (written,) = ask("SELECT pg_current_wal_insert_lsn()::text")
        behind = f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"
        with psycopg.connect(replica.url, autocommit=True) as other:
            until(lambda: other.execute(behind).fetchone()[0])

    return wait


def test_a_passer_by_reads_from_the_replica_and_who_may_have_written_from_the_primary(
    hosts, replica, page, report, caught_up, signed_in
):
    for person, is_asked in [(Browser(hosts), True), (signed_in(hosts, COMMITTEE), False)]:
        sentence = report(hosts, "A")
        caught_up()
        reads = Reads(replica)
        assert sentence in person.get(page, on="B").text
        assert (reads.of("measures_statusentry") > 0) is is_asked
        assert reads.of("django_session") == reads.of("workshops_workshop") == 0


def test_a_replica_that_stands_still_never_shows_what_was_before(
    hosts, replica, page, report, switch, caught_up
):
    caught_up()
    with psycopg.connect(replica.url, autocommit=True) as other:
        other.execute("SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state()"
        until(lambda: other.execute(state).fetchone() == ("paused",))
        try:
            sentence, reads = report(hosts, "A"), Reads(replica)
            seen = [Browser(hosts).get(page, on=on) for on in "BABABABA"]
            assert [sentence in each.text for each in seen] == [True] * 8
            assert reads.of("workshops_workshoprevision") > 0  # it was asked where it stands
            assert reads.of("measures_measure") == 0
            switch(hosts, "A", "no")
            assert [Browser(hosts).get(page, on=on).status for on in "BA"] == [404, 404]
            switch(hosts, "A", "yes")
        finally:
            other.execute("SELECT pg_wal_replay_resume()")
    caught_up()
    seen = [Browser(hosts).get(page, on=on) for on in "BABABABA"]
    assert [sentence in each.text for each in seen] == [True] * 8


@pytest.fixture
def late(replica, caught_up) -> Iterator[None]:
    """Let the replica stay a third of a second behind."""

    def stay_behind(by: str) -> None:
        with psycopg.connect(replica.url, autocommit=True) as other:
            other.execute(f"ALTER SYSTEM SET recovery_min_apply_delay = '{by}'")
            other.execute("SELECT pg_reload_conf()")

    stay_behind("300ms")
    yield
    stay_behind("0")
    caught_up()


def test_readers_beside_a_writer_never_read_less_than_was_written_before_they_asked(
    hosts, replica, late, page, report
):
    written, reads = [0], Reads(replica)
    report(hosts, "A", "Bericht 0.")

    def read_on(host: str) -> list[tuple[int, int]]:
        """Return what was written at the least, and what was read, again and again."""
        found = []
        while (least := written[-1]) < 20:
            text = Browser(hosts).get(page, on=host).text
            found.append((least, int(re.search(r"Bericht (\d+)\.", text)[1])))
        return found

    with ThreadPoolExecutor() as pool:
        readers = [pool.submit(read_on, host) for host in "ABAB"]
        try:
            for number in range(1, 20):
                report(hosts, "AB"[number % 2], f"Bericht {number}.")
                written.append(number)
        finally:
            written.append(20)  # also where writing failed: the readers wait for it
    found = [pair for reader in readers for pair in reader.result()]
    assert [(least, seen) for least, seen in found if seen < least] == []
    assert (len(found) > 20, reads.of("workshops_workshoprevision") > 0) == (True, True)


def test_the_replica_goes_away_and_comes_back_and_no_reader_notices(
    hosts, replica, page, report, caught_up
):
    away = "The replica cannot be used, the primary is asked instead: "
    caught_up()
    replica.stop()
    try:
        for _each in range(3):
            sentence = report(hosts, "A")
            seen = [Browser(hosts).get(page, on=on) for on in "ABAB"]
            assert [(each.status, sentence in each.text) for each in seen] == [(200, True)] * 4
        assert 1 <= told(hosts, away) <= WORKERS  # once by each that was asked
    finally:
        replica.start()

    def is_back() -> int:
        report(hosts, "A")
        caught_up()
        Browser(hosts).get(page)
        return told(hosts, "The replica is used again.")

    until(is_back)


def test_nothing_can_be_written_through_the_setting_of_the_replica(hosts, primary):
    """Not even where somebody names a server that would take it."""
    write = "UPDATE workshops_workshop SET is_public = false"
    asked = f"from django.db import connections as c; c['replica'].cursor().execute('{write}')"
    with pytest.raises(RuntimeError, match="in a read-only transaction"):
        hosts.hosts["A"].manage("shell", "-c", asked, REPLICA_URL=primary)
