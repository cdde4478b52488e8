"""Speed and cost on both databases, as tables. By hand: python3 dev.py bench [--quick]

Figures of two runs or two machines say nothing about each other; what counts is the ratio to the
bare floor beside which each page was measured, in the same seconds. Nothing here can fail for
being slow.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from tests import chromium
from tests.benchmarks.dealt import show_dealt
from tests.benchmarks.false_alarms import false_alarm_lines
from tests.benchmarks.first_paint import first_paint_lines
from tests.benchmarks.lighthouse import CATEGORIES, lighthouse_lines, missing
from tests.benchmarks.matrix import matrix_lines
from tests.benchmarks.memory import imports
from tests.benchmarks.stability import stability_lines

NOTES = """
ms: medians in milliseconds, of the page and of the bare request that it was measured beside, in
turns: "floor" (access, one aggregate, plain rows) or "hello" (the middleware alone, signed in). ×:
the one divided by the other, turn by turn; the range holds the middle half of all turns, and a wide
one means that the machine was busy. queries: without BEGIN and COMMIT, with the two of every page
(session; person, workshop and rights). transactions: how many were opened. Through Django's test
client with every middleware, as a browser that takes gzip, over a connection that stays open. A
throw-away PostgreSQL runs without fsync, so that its writes are cheaper than real ones. "drawn
anew": one title has changed since; "rounds read anew": nothing is known of the shown rounds, not
even how sure the ranking is. "kept": somebody else has seen it. sent: kB with gzip. Import: the
parts by themselves, then the whole of both requests, preview and import; the longest wait of two
processes that type a line ten times a second, and beside it their longest just before, while nobody
imported. Stability: medians of runs in turns, in one process without a database. The
straightforward loops tell less and split equal values by rounding; being exact is what the two
quickest functions pay for. n/a: would take minutes. False alarms: percent of pairs of measures of
which the simulated room thinks the same (see false_alarms.py); "≥ bound" is what "clear" would be
without its least number of judgements; off: how far the computed share is from one counted in 20
000 draws, in draws of 100, for half of the pairs and for 95 in 100. Lighthouse: its preset for
phones, which computes slow networks; "run" is the server of dev.py run, "production" gunicorn
without a proxy. First result: a sentence of the answer strip is painted; medians of five visits of
the kept page by Chromium of 390 × 844 whose processor is four times slower. wait: before each
answer, 150 ms as Lighthouse has "slow 4G" (1.6 Mbit/s), 562 as Chromium's own tools have it (1.44
Mbit/s). Cold: the browser has nothing yet; warm: its second visit. Slider: 51 steps, each from the
event until the list is laid out and the median of five turns.
"""
SPEEDS = {1: "as it is", 4: "4 × slower"}
LARGE_NOTES = """
ms: processor time of a page, of this process and of the server's that answers it, asked in turns of
two databases on one server that hold the same workshop; medians of pairs. Nothing of a page is
kept. Rows lie in an order that is random over all workshops, which is worse than in life. A
statement is named for tables of 10 000 rows and more that it reads as a whole, for 200 rows and
more that it looks at in vain, more than it needs, and where it reads twice as many as in the almost
empty database.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two sizes and few rounds")
    parser.add_argument("--only-false-alarms", action="store_true", help="leave out all times")
    parser.add_argument(
        "--only-first-paint", action="store_true", help="the dashboard in a browser alone"
    )
    parser.add_argument("--large", action="store_true", help="ten thousand town halls alone")
    parser.add_argument("--workshops", type=int, default=10_000, help="how many, with --large")
    parser.add_argument("--rounds", type=int, default=7, help="turns of a page, with --large")
    options = parser.parse_args()
    if options.large:
        return show_large(options.workshops, options.rounds)
    if options.only_false_alarms:
        show_false_alarms(options.quick)
        return 0
    if options.only_first_paint:
        show_first_paint()
        return 0
    for url in databases():
        show_database(measured("pages", url, options.quick))
        show_importing(measured("importing", url, options.quick))
        if url:
            show_storage(measured("storage", url, options.quick))
    show_matrix(options.quick)
    show_stability(options.quick)
    show_false_alarms(options.quick)
    show_dealt(show, options.quick)
    show_imports()
    show_lighthouse()
    show_first_paint()
    print(NOTES)
    return 0


def databases() -> Iterable[str | None]:
    """Yield what TEST_DATABASE_URL shall be: nothing for SQLite, then PostgreSQL's."""
    yield None
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        yield url
    else:
        print("\nNOT MEASURED: PostgreSQL, because TEST_DATABASE_URL is not set.\n")


def measured(what: str, url: str | None, quick: bool) -> Any:
    """Measure one thing on one database in a process of its own, for Django knows only one."""
    environment = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    if url:
        environment["TEST_DATABASE_URL"] = url
    quiet = "-Wignore:No directory at"  # the static files need not be collected for this
    command = [sys.executable, quiet, "-m", f"tests.benchmarks.{what}", *(["--quick"] * quick)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def show_database(result: dict) -> None:
    print(f"\n## {result['engine']}\n")
    show(
        (
            "measures", "raters", "page", "status", "queries", "transactions", "ms", "beside", "ms",
            "×", "range", "kB", "sent",
        ),
        [
            (
                line["measures"], line["raters"], line["page"], line["status"], line["queries"],
                line["transactions"], f"{line['ms']:.1f}", line["beside"],
                f"{line['beside_ms']:.1f}",
                f"{line['ratio']:.2f}", "{:.2f}-{:.2f}".format(*line["range"]),
                f"{line['bytes'] / 1000:.0f}", f"{line['sent'] / 1000:.0f}",
            )
            for line in result["lines"]
        ],
    )  # fmt: skip
    print(f"\nA fresh worker's memory on {result['engine']}, after one page more each time:\n")
    show(
        ["after", "MB", "of the large libraries loaded"],
        [
            (line["after"], f"{line['mb']:.0f}", ", ".join(line["loaded"]) or "none")
            for line in result["worker"]
        ],
    )


def show_importing(result: dict) -> None:
    waits = ("same", "same_idle", "other", "other_idle")
    *files, export = result["lines"]
    print(f"\n## Import on {result['engine']}, seconds; others' waits in milliseconds\n")
    show(
        (
            "file", "rows", "read", "plan", "make ready", "preview", "kB", "import", "statements",
            "wait, same workshop", "before", "wait, another", "before",
        ),
        [
            (
                line["file"], line["rows"],
                *(f"{line[name]:.2f}" for name in ("read", "plan", "ready", "preview")),
                f"{line['kB']:.0f}", f"{line['store']:.2f}", line["statements"],
                *(f"{line[name] * 1000:.0f}" for name in waits),
            )
            for line in files
        ],
    )  # fmt: skip
    parts = ", ".join(f"{name} {export[name]:.2f}" for name in ("overview", "cells", "csv", "xlsx"))
    print(f"\nExport of {export['rows']} rows, seconds: {parts}")


def show_storage(lines: list[dict]) -> None:
    print(f"\n## Bytes a rating on PostgreSQL, of {lines[0]['ratings']:,}\n")
    show(
        ["part", "as votes came in", "after closing"],
        [(line["part"], f"{line['came_in']:.1f}", f"{line['closed']:.1f}") for line in lines],
    )


def show_large(workshops: int, rounds: int) -> int:
    """Measure pages among many town halls; return 1 where there is no PostgreSQL."""
    if not os.environ.get("TEST_DATABASE_URL"):
        print("\nNOT MEASURED: it takes PostgreSQL, and TEST_DATABASE_URL is not set.\n")
        return 1
    quiet = "-Wignore:No directory at"  # the static files need not be collected for this
    command = [sys.executable, quiet, "-m", "tests.benchmarks.large"]
    command += ["--workshops", str(workshops), "--rounds", str(rounds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    result = json.loads(done.stdout)
    print(f"\n## {workshops} workshops, built in {result['seconds']:.0f} s\n")
    show(
        ["table", "rows", "MB with indexes", "bytes a row"],
        [
            (name, rows, f"{size / 1e6:.0f}", f"{size / max(rows, 1):.0f}")
            for name, rows, size in result["tables"]
        ],
    )
    print("\nPages there, beside an almost empty database:\n")
    show(
        ["page", "status", "queries", "ms", "ms there", "×", "range", "kB"],
        [
            (
                line["page"], line["status"], line["queries"],
                *(f"{each:.1f}" for each in line["ms"]), f"{line['ratio']:.2f}",
                "{:.2f}-{:.2f}".format(*line["range"]), f"{line['bytes'] / 1000:.0f}",
            )
            for line in sorted(result["lines"], key=lambda each: -each["ratio"])
        ],
    )  # fmt: skip
    print("\nStatements that scan more than they return:\n")
    for each in sorted(result["faults"], key=lambda each: each["ms"][0] - each["ms"][1]):
        here, there = each["ms"]
        pages = f"{each['pages'][0]} and {len(each['pages']) - 1} more"
        print(f"* {each['faults']}; {here:.2f} ms, there {there:.2f} ms; {pages}")
        print(f"      {each['statement']}")
    for name, plan in result["plans"].items():
        print(f"\nPlan, {name}:\n\n{plan}")
    print(LARGE_NOTES)
    return 0


def show_matrix(quick: bool) -> None:
    print("\n## Layout of the matrix alone\n")
    show(
        ["measures", "crowd", "ms", "radius", "made room"],
        [
            (line["measures"], line["crowd"], f"{line['ms']:.1f}", line["radius"], line["moved"])
            for line in matrix_lines(quick)
        ],
    )


def show_stability(quick: bool) -> None:
    print("\n## Stability alone, beside a straightforward implementation\n")
    show(
        ["function", "measures", "ms", "straightforward ms", "×faster", "range"],
        [
            (
                line["name"], line["measures"], f"{line['ms']:.1f}",
                *(
                    ["n/a"] * 3
                    if line["ratio"] is None
                    else [
                        f"{line['plain_ms']:.1f}", f"{line['ratio']:.2f}",
                        "{:.2f}-{:.2f}".format(*line["range"]),
                    ]
                ),
            )
            for line in stability_lines(quick)
        ],
    )  # fmt: skip


def show_false_alarms(quick: bool) -> None:
    print("\n## What is said of the order of two measures that are equal\n")
    show(
        ["raters", "pairs", "≥ bound", "clear", "probable", "open", "off: half", "off: 95 %"],
        [
            (
                line["raters"], line["pairs"],
                *(f"{line[key]:.1f}" for key in ("bound", "clear", "probable", "open")),
                *(f"{line[key]:.1f}" for key in ("typical", "most")),
            )
            for line in false_alarm_lines(quick)
        ],
    )  # fmt: skip


def show_imports() -> None:
    print("\n## Start-up, each in a fresh process\n")
    show(
        ["import", "seconds", "MB more"],
        [(line["library"], f"{line['seconds']:.2f}", f"{line['mb']:.0f}") for line in imports()],
    )


def show_lighthouse() -> None:
    print("\n## Lighthouse, on a phone\n")
    reason = missing()
    if reason:
        print(f"NOT MEASURED: Lighthouse, because {reason}.")
        return
    show(
        [
            "server", "page", *CATEGORIES, "first paint s", "largest s", "blocked ms", "shift",
            "kB",
        ],
        [
            (
                line["server"], line["page"], *(line[name] for name in CATEGORIES),
                f"{line['first']:.1f}", f"{line['largest']:.1f}", f"{line['blocked']:.0f}",
                f"{line['shift']:.3f}", f"{line['kb']:.0f}",
            )
            for line in lighthouse_lines()
        ],
    )  # fmt: skip


def show_first_paint() -> None:
    print("\n## The dashboard in Chromium, first result on a phone with slow 4G\n")
    reason = chromium.missing()
    if reason:
        print(f"NOT MEASURED: the first result and the slider, because {reason}.")
        return
    found = first_paint_lines()
    show(
        [
            "measures", "wait ms", "visit", "first paint s", "first result s", "whole page s",
            "requests", "kB",
        ],
        [
            (
                line["measures"], f"{line['latency']:.0f}", line["visit"],
                *(f"{line[name] / 1000:.2f}" for name in ("first", "result", "loaded")),
                f"{line['requests']:.0f}", f"{line['bytes'] / 1000:.0f}",
            )
            for line in found["visits"]
        ],
    )  # fmt: skip
    print("\nA step of the slider, milliseconds:\n")
    show(
        ["measures", "screen", "processor", "script", "with layout", "95 of 100 within"],
        [
            (
                line["measures"], line["screen"], SPEEDS[line["slower"]],
                *(f"{line[name]:.1f}" for name in ("script", "whole", "most")),
            )
            for line in found["steps"]
        ],
    )  # fmt: skip


def show(heads: Sequence[str], rows: Sequence[tuple]) -> None:
    """Print a table that is plain text and Markdown alike; numbers stand to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    numeric = [all(cell[:1].isdigit() for cell in column) for column in zip(*cells, strict=True)]
    line = [
        f"{'-' * (width - 1)}{':' if n else '-'}" for width, n in zip(widths, numeric, strict=True)
    ]
    for row in (heads, line, *cells):
        padded = (
            cell.rjust(width) if n else cell.ljust(width)
            for cell, width, n in zip(row, widths, numeric, strict=True)
        )
        print(f"| {' | '.join(padded)} |")


if __name__ == "__main__":
    sys.exit(main())
