"""Where the time of a run goes, by file."""

from collections import Counter

import pytest

SHOWN = 10
_seconds: Counter[str] = Counter()
_tests: Counter[str] = Counter()


def note(report: pytest.TestReport) -> None:
    """Count one phase of one test: its preparation, itself or its clearing up."""
    file = report.nodeid.partition("::")[0]
    _seconds[file] += report.duration
    _tests[file] += report.when == "call"


def slowest_files() -> list[str]:
    """Return a line for each of the files that took longest, added up over all workers."""
    return [
        f"{seconds:7.1f} s  {file} ({_tests[file]} tests)"
        for file, seconds in _seconds.most_common(SHOWN)
    ]
