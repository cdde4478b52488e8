"""A hall at work: phones, tables, cockpit and projector, all at people's pace.

    python3 dev.py bench --hall [--minutes 5] [--phones 200] [--only sqlite|postgresql]

Every phone asks every two seconds whether anything has happened and rates every six; nine tables
store a line every five seconds in a workshop that collects. The cockpit asks as its script does, is
loaded anew when it is old, and touches the timer every 20 s; so does a projector on which nobody is
signed in. Told are the waits of those who sent something, what was answered wrongly, and whether
all that was acknowledged is stored. The projector says how many have finished and never what was
rated: each phone finishes at another moment of the day, and from the answer to its last vote it is
timed until the projector counts it.

Then the same pace on bare views, one that says hello and one that stores a rating and nothing else.
Then the phones are doubled until a goal is missed or something fails, and the number is narrowed
down twice.
"""

import asyncio
import math
import os
import time
from collections.abc import Coroutine
from random import Random
from uuid import uuid4

from tests.benchmarks.hall import (
    MEASURES,
    PATIENCE,
    Device,
    Phone,
    Send,
    Server,
    connection,
    post,
)
from tests.benchmarks.hall_diary import Diary, within
from tests.benchmarks.hall_front import USUAL, Cockpit, Projector, delays

LISTEN, RATE, TYPE, LEAD = 2.0, 6.0, 5.0, 20.0  # seconds between two of a kind
TABLES, WARMING = 9, 16
COUNTED = "counted in front"
WORDS = {"poll": "phone asks", "save": "phone rates", "hello": "bare hello", "bare": "bare upsert"}
GOALS = {"phone asks": 50, "phone rates": 150}  # milliseconds that 95 of 100 wait at most
LONGEST = {COUNTED: 3000}  # milliseconds that nobody waits longer
BEND_SECONDS, MOST_PHONES = 20.0, 3200
PRODUCT = {"poll": LISTEN, "save": RATE}
BARE = {"hello": LISTEN, "bare": RATE}


def missing_for(seconds: float) -> int:
    """Return how many votes a phone may lack for all to finish in time."""
    return max(1, min(int(seconds / RATE), MEASURES))


def show_day(engine: str, server: Server, *, phones: int, seconds: float) -> None:
    """Print what a day in the hall looks like, and at how many phones it bends."""
    print(
        f"\n## {engine}: {phones} phones, {TABLES} tables, cockpit and projector for"
        f" {seconds:.0f} s; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before\n\n"
        f"{'':16} {'times':>7} {'median':>8} {'95 %':>8} {'99 %':>8} {'longest':>8} ms",
        flush=True,
    )
    asyncio.run(day(server, {"poll": LISTEN}, WARMING, LISTEN))  # what a worker reads once is read
    diary = asyncio.run(day(server, PRODUCT, phones, seconds))
    diary.waits[COUNTED] = delays(diary.finished, diary.shown)
    for what, found in sorted(diary.waits.items()):
        _show_wait(what, found)
    votes, lines = diary.lost(server)  # before the bare view changes them
    bare = asyncio.run(day(server, BARE, phones, seconds))
    for what in BARE:
        _show_wait(WORDS[what], bare.waits[WORDS[what]])
    print(
        f"\nerrors: {_told(diary)}; on the bare views: {_told(bare)}"
        f"\nacknowledged: votes for {len(diary.votes)} pairs, {votes} lost;"
        f" {len(diary.lines)} lines, {lines} lost"
        f"\nfinished: {len(diary.finished)}, on the projector {diary.in_front}"
        f"\nbends at: {_bend(server, phones, diary)}",
        flush=True,
    )


def _show_wait(what: str, found: list[float]) -> None:
    cells = "".join(f" {within(found, share):8.1f}" for share in (0.5, 0.95, 0.99, 1))
    print(f"{what:16} {len(found):7}{cells}   {_goal(what, found)}".rstrip(), flush=True)


def _goal(what: str, found: list[float]) -> str:
    for goals, share, words in ((GOALS, 0.95, "95 % within"), (LONGEST, 1, "all within")):
        if goal := goals.get(what):
            return f"{words} {goal}: {'yes' if within(found, share) <= goal else 'NO'}"
    return ""


def _told(diary: Diary) -> str:
    return ", ".join(f"{n} × {what}" for what, n in diary.errors.items() if n) or "none"


# Where it bends -----------------------------------------------------------------------------------


def _bend(server: Server, phones: int, first: Diary) -> str:
    """Return at how many phones a goal is missed; ``first`` is the day with so many phones."""
    fine, bent, found = 0, phones, _missed(first)
    while not found:
        fine, bent = bent, 2 * bent
        if bent > MOST_PHONES:
            return f"more than {fine} phones"
        found = _missed(asyncio.run(day(server, PRODUCT, bent, BEND_SECONDS)))
    for _narrower in range(2):
        middle = (fine + bent) // 2
        if missed := _missed(asyncio.run(day(server, PRODUCT, middle, BEND_SECONDS))):
            bent, found = middle, missed
        else:
            fine = middle
    return f"{bent} phones ({found}); {fine or 'none'} were fine"


def _missed(diary: Diary) -> str:
    """Return which goals of the phones were missed and what failed, "" for nothing."""
    late = {what: within(diary.waits[what] or [math.inf], 0.95) for what in GOALS}
    if not diary.errors.total() and all(late[what] <= goal for what, goal in GOALS.items()):
        return ""
    told = ", ".join(f"{what} {ms:.0f} ms" for what, ms in late.items())
    return f"95 %: {told}; errors: {_told(diary)}"


# The day ------------------------------------------------------------------------------------------


class Person(Phone):
    """Somebody who rates what is missing first, then changes this and that."""

    def __init__(self, server: Server, number: int, send: Send, diary: Diary):
        super().__init__(server, number, send, diary.errors)
        person = server.hall["phones"][number % len(server.hall["phones"])]
        self.diary = diary
        self.missing = person["missing"]  # what is rated is not missing on a later day, either

    async def save(self) -> bool:
        place = self.missing[0] if self.missing else self._any()
        (pk, number), choice = place, self.choice()
        if is_fine := await self.store(number, choice):
            self.diary.votes[self.ballot, pk] = choice
            if place in self.missing:  # among more phones than ballots two share one
                self.missing.remove(place)
                if not self.missing:
                    self.diary.finished.append(time.perf_counter())
        return is_fine


async def day(server: Server, plan: dict[str, float], phones: int, seconds: float) -> Diary:
    """Let all of them work; ``plan`` says what phones do and every how many seconds."""
    diary = Diary()
    until = time.perf_counter() + seconds
    actors = [
        *(_phone(server, plan, number, until, diary) for number in range(phones)),
        *(_table(server, number, until, diary) for number in range(TABLES)),
        _lead(server, until, diary),
        _project(server, until, diary),
    ]
    await asyncio.gather(*(_counting(each, diary) for each in actors))
    return diary


async def _counting(actor: Coroutine, diary: Diary) -> None:
    """Count a connection that broke, or an answer that never came, as an error; its actor ends."""
    try:
        await actor
    except (OSError, EOFError) as error:
        diary.errors[type(error).__name__] += 1


async def _phone(
    server: Server, plan: dict[str, float], number: int, until: float, diary: Diary
) -> None:
    dice, now = Random(number), time.perf_counter()
    due = {what: now + pause * dice.random() for what, pause in plan.items()}
    # Whoever connects and says nothing yet holds one of the server's threads; no phone does.
    await _sleep_until(min(due.values()))
    async with connection(server.port) as send:
        person = Person(server, number, send, diary)
        while due[what := min(due, key=due.__getitem__)] < until:
            await _sleep_until(due[what])
            with diary.timing(WORDS[what]):
                await getattr(person, what)()
            due[what] += plan[what]


async def _table(server: Server, number: int, until: float, diary: Diary) -> None:
    hall = server.hall
    fields = hall["typed_fields"]
    page = f"/workshops/{hall['collecting']}/fields/{fields[number % len(fields)]}/measures/add/"
    await asyncio.sleep(TYPE * number / TABLES)
    async with connection(server.port) as send:
        scribe = Device(send, diary.errors)
        while time.perf_counter() < until:
            client = uuid4().hex
            sent = f"title=Linie+{client}&time_horizon=unknown&client_id={client}"
            line = post(page, hall["leader"], hall["token"], sent, HX_Request="true")
            with diary.timing("table types"):
                answer = await scribe.ask(line, 201)
            if answer.is_fine:
                diary.lines.append(f"Linie {client}")
            await asyncio.sleep(TYPE)


async def _lead(server: Server, until: float, diary: Diary) -> None:
    async with connection(server.port) as send:
        cockpit = Cockpit(server, send, diary)
        await cockpit.load()
        step = time.perf_counter()
        while time.perf_counter() < until:
            if time.perf_counter() >= step:
                await cockpit.step()
                step += LEAD
            await asyncio.sleep(USUAL)
            await cockpit.look()


async def _project(server: Server, until: float, diary: Diary) -> None:
    """Follow the day, and at its end until the last who finished are counted."""
    async with connection(server.port) as send:
        projector = Projector(server, send, diary)
        await projector.load()
        while time.perf_counter() < until or _is_behind(diary, until):
            await asyncio.sleep(USUAL)
            await projector.look()


def _is_behind(diary: Diary, until: float) -> bool:
    is_patient = time.perf_counter() < until + PATIENCE
    return is_patient and diary.in_front < len(diary.finished)


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(max(moment - time.perf_counter(), 0))
