"""A hall at work: phones that listen and rate, tables that type, all at people's pace.

    python3 dev.py bench --hall --day [--seconds 300] [--phones 200] [--only sqlite|postgresql]

Every phone asks every two seconds whether anything has happened and rates every six; nine tables
store a line every five seconds in a workshop that collects. What is told are the waits of those who
sent something, and how many were answered wrongly. Beside it the same pace on bare views: one that
says hello, one that stores a rating and nothing else. Then the number of phones is doubled until
half of the goals is missed.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from statistics import quantiles

from tests.benchmarks.hall import Phone, Server, connection, post

LISTEN, RATE, TYPE = 2.0, 6.0, 5.0  # seconds between two of a kind
TABLES = 9
GOALS = {"poll": 50, "save": 150}  # milliseconds that 95 of 100 wait at most
BEND_SECONDS, MOST_PHONES = 20.0, 3200
Waits = dict[str, list[float]]  # milliseconds by what was sent
Act = Callable[[], Awaitable[None]]


def show_day(server: Server, *, phones: int, seconds: float) -> None:
    """Print what a day in the hall looks like, and at how many phones it bends."""
    for name, plan in (
        ("the product", {"poll": LISTEN, "save": RATE}),
        ("bare views", {"hello": LISTEN, "bare": RATE}),
    ):
        waits, errors = asyncio.run(_day(server, plan, phones, seconds))
        print(f"\n{phones} phones and {TABLES} tables for {seconds:.0f} s, {name}:", flush=True)
        for what, found in sorted(waits.items()):
            print(f"  {_told(what, found)}", flush=True)
        print(f"  errors: {dict(+errors) or 0}", flush=True)
    print(f"\nIt bends at: {_bend(server, phones)}", flush=True)


def _told(what: str, found: list[float]) -> str:
    *_some, last = cuts = quantiles(found, n=20)
    return (
        f"{what:6} {len(found):6} times   median {cuts[9]:6.1f} ms   95 % {last:6.1f} ms"
        f"   longest {max(found):6.0f} ms"
    )


def _bend(server: Server, phones: int) -> str:
    plan = {"poll": LISTEN, "save": RATE}
    while phones < MOST_PHONES:
        phones *= 2
        waits, errors = asyncio.run(_day(server, plan, phones, BEND_SECONDS))
        late = {what: quantiles(waits[what], n=20)[-1] for what in GOALS}
        if errors.total() or any(late[what] > goal for what, goal in GOALS.items()):
            told = ", ".join(f"{what} {ms:.0f} ms" for what, ms in late.items())
            return f"{phones} phones (95 %: {told}; errors: {dict(+errors) or 0})"
    return f"more than {phones} phones"


async def _day(
    server: Server, plan: dict[str, float], phones: int, seconds: float
) -> tuple[Waits, Counter]:
    waits: Waits = defaultdict(list)
    errors: Counter[int] = Counter()
    until = time.perf_counter() + seconds

    async def timed(what: str, act: Act) -> None:
        begin = time.perf_counter()
        await act()
        waits[what].append((time.perf_counter() - begin) * 1000)

    async def phone(number: int) -> None:
        async with connection(server.port) as send:
            person = Phone(server, number, send, errors)
            due = {
                what: time.perf_counter() + pause * person.random.random()
                for what, pause in plan.items()
            }
            while (now := time.perf_counter()) < until:
                what = min(due, key=due.__getitem__)
                await asyncio.sleep(max(due[what] - now, 0))
                await timed(what, getattr(person, what))
                due[what] += plan[what]

    async def table(number: int) -> None:
        async with connection(server.port) as send:
            person = Phone(server, number, send, errors)
            await asyncio.sleep(TYPE * person.random.random())
            for line in range(10**6):
                if time.perf_counter() >= until:
                    break
                await timed("line", lambda line=line: _type(server, person, number, line))
                await asyncio.sleep(TYPE)

    await asyncio.gather(*map(phone, range(phones)), *map(table, range(TABLES)))
    return waits, errors


async def _type(server: Server, person: Phone, table: int, line: int) -> None:
    hall = server.hall
    fields = hall["typed_fields"]
    page = f"/workshops/{hall['collecting']}/fields/{fields[table % len(fields)]}/measures/add/"
    client = f"{person.random.getrandbits(128):032x}"
    sent = f"title=Linie+{table}+{line}&time_horizon=unknown&client_id={client}"
    await person.ask(post(page, hall["leader"], hall["token"], sent, HX_Request="true"), 201)
