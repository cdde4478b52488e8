"""The order of the tests: another one in every run, the same one for the same seed.

The files are shuffled, then the tests of each, so that a file's own fixtures are made once. What
commits comes last, as Django's own runner has it.
"""

import os
import random
from itertools import groupby

import pytest

# In the environment, because all workers of a run must agree.
SEED = os.environ.setdefault("TEST_SEED", str(random.randrange(10_000)))


def shuffle(items: list[pytest.Item]) -> None:
    """Shuffle in place."""
    source = random.Random(SEED)
    files = [list(group) for _path, group in groupby(items, key=lambda item: item.path)]
    source.shuffle(files)
    for file in files:
        source.shuffle(file)
    items[:] = [item for file in files for item in file]
