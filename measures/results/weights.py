"""The weight of relevance that an address asks for."""

from collections.abc import Mapping

from workshops.models import Workshop


def asked_weight(parameters: Mapping[str, str], workshop: Workshop) -> int:
    """Return ``weight`` in whole percent; the workshop's own for anything but 0 to 100."""
    raw = parameters.get("weight", "")
    return (
        int(raw) if raw in {str(percent) for percent in range(101)} else workshop.relevance_weight
    )
