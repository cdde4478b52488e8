"""What the weight changes, against published numbers and against brute force with fractions."""

import subprocess
import sys
from pathlib import Path

import pytest

from measures.stability import acceptability, weight_intervals

ROOT = Path(__file__).parents[2]
# The example of the published rank acceptability figures, as (relevance, feasibility).
FOUR = {"A": (5, 2), "B": (4, 4), "C": (2, 5), "D": (3, 3)}


def test_the_published_example_has_its_intervals():
    found = [(i.low, i.high, "".join(i.ranking)) for i in weight_intervals(FOUR)]

    assert found == [
        (0, 1 / 3, "CBDA"),
        (1 / 3, 1 / 2, "BCAD"),
        (1 / 2, 2 / 3, "BACD"),
        (2 / 3, 1, "ABDC"),
    ]


def test_the_published_example_has_its_rank_acceptability():
    shares = acceptability(FOUR)

    third, sixth = 1 / 3, 1 / 6
    assert {measure: pytest.approx(row) for measure, row in shares.items()} == {
        "A": (third, sixth, sixth, third),
        "B": (third, 2 * third, 0, 0),
        "C": (third, sixth, sixth, third),
        "D": (0, 0, 2 * third, third),
    }


def test_importing_the_package_loads_neither_numpy_nor_pandas():
    script = (
        "import sys, measures.stability as s;"
        "print(sorted({'numpy', 'pandas'} & {*sys.modules}));"
        "s.weight_intervals({1: (3, 4)});"
        "print(sorted({'numpy', 'pandas'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[]", "['numpy']"]
