"""Fixtures that several tests of the public page share."""

from tests.measures.publishing import (  # noqa: F401
    decide,
    english,
    page,
    public,
    remark,
    report,
    secrets,
    session,
    town_hall,
)
