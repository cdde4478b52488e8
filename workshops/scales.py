"""The words that a new scale starts with; content like the catalogue of fields, so in German."""

_WORDS = {
    3: ("gering", "mittel", "hoch"),
    4: ("sehr gering", "eher gering", "eher hoch", "sehr hoch"),
    5: ("sehr gering", "gering", "mittel", "hoch", "sehr hoch"),
}


def default_labels(steps: int) -> list[str]:
    """Return words for the steps 1 … ``steps`` of relevance and of feasibility alike.

    Long scales get words at both ends only.
    """
    if known := _WORDS.get(steps):
        return list(known)
    return [_WORDS[5][0], *(f"{step} von {steps}" for step in range(2, steps)), _WORDS[5][-1]]
