"""The matrix in the frame of another site: only where the operator allows it."""

import re

from tests.measures.publishing import ROUTES, address, rate


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
    opened = ("frame-ancestors https://www.example.org https://*.example.net", None, "cross-origin")
    assert framing(response) == opened
    assert framing(client.get(url, headers={"If-None-Match": response["ETag"]})) == opened
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert framing(client.get(address("public-page", public))) == CLOSED
    assert framing(signed_in(administrator).get(address("public-preview", public))) == CLOSED
    assert framing(client.get(address("public-picture", public)))[:2] == CLOSED[:2]


def test_the_framed_matrix_stands_alone_and_leads_out_of_its_frame(
    public, measure, client, ballots
):
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    html = client.get(address("public-matrix", public)).content.decode()
    assert '<tr id="measure-1">' in html
    links = re.findall(r'<a [^>]*href="([^#"][^"]*)"( target="_top")?', html)
    assert [url for url, target in links if not target] == []
    assert f"http://testserver{address('public-page', public)}" in [url for url, _target in links]
