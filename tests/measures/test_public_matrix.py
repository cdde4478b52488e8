"""The matrix in the frame of another site: only where operator or administration allow it."""

import re
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from measures.public.framing import FrameForm
from tests.measures.publishing import ROUTES, address, rate, read
from workshops.models import Workshop


def framing(response) -> tuple[str, str | None, str]:
    [ancestors] = [
        part.strip()
        for part in response["Content-Security-Policy"].split(";")
        if part.strip().startswith("frame-ancestors")
    ]
    return (
        ancestors, response.get("X-Frame-Options"), response["Cross-Origin-Resource-Policy"],
    )  # fmt: skip


CLOSED = ("frame-ancestors 'none'", "DENY", "same-origin")


def test_without_the_setting_nobody_frames_anything(public, measure, client):
    assert [framing(client.get(address(name, public))) for name in ROUTES[:2]] == [CLOSED] * 2


def test_with_the_setting_these_sites_frame_the_matrix_and_nothing_else(
    public, measure, client, settings, ballots, signed_in, administrator
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    settings.PUBLIC_FRAME_ANCESTORS = ["https://www.example.org", "https://*.example.net"]
    url = address("public-matrix", public)
    response = client.get(url)
    opened = (
        "frame-ancestors 'self' https://www.example.org https://*.example.net",
        None,
        "cross-origin",
    )
    assert framing(response) == opened
    assert framing(client.get(url, headers={"If-None-Match": response["ETag"]})) == opened
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert framing(client.get(address("public-page", public))) == CLOSED
    assert framing(signed_in(administrator).get(address("public-preview", public))) == CLOSED
    assert framing(client.get(address("public-picture", public)))[:2] == CLOSED[:2]


def test_the_framed_matrix_stands_alone_and_every_link_leads_out_of_its_frame(
    public, measure, client, ballots
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    html = client.get(address("public-matrix", public)).content.decode()
    assert re.findall("<base[^>]*>", html) == ['<base target="_top">']
    links = [*re.findall(r'<a [^>]*href="([^"]*)"', html)]
    assert f"/public/{public.pk}/measures/1/" in links
    assert f"http://testserver{address('public-page', public)}" in links
    assert [url for url in links if url.startswith("#")] == []


# Sites that the administration names for one workshop --------------------------------------------


def save(town_hall, workshop: Workshop, text: str):
    """Send the form as the preview draws it."""
    drawn = town_hall.get(address("public-preview", workshop)).context["form"]
    sent = {"frame_hosts": text, "seen": drawn.now}
    return town_hall.post(address("public-frame", workshop), sent)


def stored(workshop: Workshop) -> str:
    return Workshop.objects.get(pk=workshop.pk).frame_hosts


def test_the_administration_lets_sites_frame_the_matrix_of_this_workshop_and_no_other_page(
    public, measure, client, town_hall, other_workshop, settings
):
    settings.PUBLIC_FRAME_ANCESTORS = ["https://www.example.net", "https://bingen.example"]
    saved = save(town_hall, public, "Bingen.example\n\n https://www.bingen.example:8443/ ")
    assert saved["Location"] == f"{address('public-preview', public)}?frame=1#frame"
    opened = town_hall.get(saved["Location"]).content.decode()
    assert re.findall(r'<details class="public-more" id="frame" (open)?', opened) == ["open"]
    assert stored(public) == "https://bingen.example\nhttps://www.bingen.example:8443"
    sites = "https://www.example.net https://bingen.example https://www.bingen.example:8443"
    opened = (f"frame-ancestors 'self' {sites}", None, "cross-origin")
    assert framing(client.get(address("public-matrix", public))) == opened
    own = reverse("measures:public-measure", args=[public.pk, 1])
    for url in (address("public-page", public), address("public-feed", public), own):
        assert framing(client.get(url)) == CLOSED
    Workshop.objects.filter(pk=other_workshop.pk).update(is_public=True)
    others = ("frame-ancestors 'self' https://www.example.net https://bingen.example", *opened[1:])
    assert framing(client.get(address("public-matrix", other_workshop))) == others


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.münchen.example", "https://www.xn--mnchen-3ya.example"),
        ("HTTPS://WWW.Example.ORG:443", "https://www.example.org"),
        ("a.example\r\nhttps://a.example/", "https://a.example"),
        ("https://www.example.org:", "https://www.example.org"),
        ("", ""),
    ],
)
def test_a_site_is_stored_as_it_stands_in_the_header(public, town_hall, typed, kept):
    assert save(town_hall, public, typed).status_code == 302
    assert stored(public) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "http://www.example.org", "https://", "*", "https://*.example.org", "https://localhost",
        "https://www.example.org/seite", "https://user@example.org", "https://example.org:0",
        "https://example.org; script-src *", "https://example.org https://example.net",
        "javascript://example.org", "https://straße.example", "https://-a.example",
        "https://example.org?x", "https://a..example",
        f"https://{'a' * 64}.example", f"https://{'a.' * 130}example", "'self'", "data:",
    ],
)  # fmt: skip
def test_whatever_is_no_site_is_refused_and_what_was_typed_stays(public, town_hall, typed):
    response = save(town_hall, public, typed)
    assert (response.status_code, stored(public)) == (422, "")
    assert f"“{typed}” is no site such as https://www.example.org." in unescape(
        response.content.decode()
    )
    assert response.context["form"]["frame_hosts"].value() == typed


def test_eleven_sites_are_one_too_many(public, town_hall):
    ten = [f"https://{n}.example.org" for n in range(10)]
    response = save(town_hall, public, "\n".join([*ten, "https://eleven.example.org"]))
    assert "These are 11 sites; at most 10 are possible." in read(response)
    assert save(town_hall, public, "\n".join([*ten, ten[0]])).status_code == 302
    assert stored(public).splitlines() == ten


@pytest.mark.parametrize(
    "text", ["http://a.example", "https://a.example;x", "https://a.example\n", "*", " "]
)
def test_the_database_takes_no_other_sites_either(public, text):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.filter(pk=public.pk).update(frame_hosts=text)


def test_somebody_else_was_faster_and_nothing_is_overwritten(public, town_hall):
    url, seen = address("public-frame", public), FrameForm(instance=public).now
    Workshop.objects.filter(pk=public.pk).update(frame_hosts="https://first.example")
    sent = {"frame_hosts": "https://second.example", "seen": seen}
    late = town_hall.post(url, sent)
    assert (late.status_code, stored(public)) == (409, "https://first.example")
    assert late.context["form"]["frame_hosts"].value() == "https://second.example"
    assert "https://first.example" in read(late)
    again = town_hall.post(url, sent | {"seen": late.context["form"].now})
    assert (again.status_code, stored(public)) == (302, "https://second.example")


def test_a_changed_site_makes_no_open_settings_out_of_date(public, town_hall):
    save(town_hall, public, "https://a.example")
    assert Workshop.objects.get(pk=public.pk).version == public.version
