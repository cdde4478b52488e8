"""Both answers to a measure as they are typed from a sheet of paper: pure.

"45" is 4 for relevance and 5 for feasibility; "0" or "k" says "cannot judge". On a scale of ten
"107" is 10 and 7, for nothing else reads so; 0 is refused there, because it could mean ten.
"""

import re

Pair = tuple[int | None, int | None]  # relevance and feasibility, None: cannot judge


def answer_pattern(steps: int) -> str:
    """Return the regular expression of one answer, which browsers understand as well."""
    return "10|[1-9]|k" if steps == 10 else f"[1-{steps}]|0|k"


def read_pair(text: str, steps: int) -> Pair | None:
    """Return the two answers; None for what is not exactly two."""
    answer = answer_pattern(steps)
    found = re.fullmatch(f"({answer})({answer})", "".join(text.split()).lower(), re.ASCII)
    return (_step(found[1]), _step(found[2])) if found else None


def _step(answer: str) -> int | None:
    return None if answer in ("0", "k") else int(answer)


def digits_of(pair: Pair) -> str:
    """Return how the two answers are typed."""
    return "".join("k" if step is None else str(step) for step in pair)
