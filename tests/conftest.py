"""What every test gets. Personas and a workshop to work with are in tests/people.py."""

import hypothesis
import pytest
from django.core.cache import caches

from tests.pages import house as house
from tests.people import *

# A busy machine must not turn a slow example into a failure.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True)
def forget_rendered_pages() -> None:
    """Keys carry ids and revisions, which start anew with every test."""
    for name in ("pages", "public", "public_pictures"):
        caches[name].clear()
