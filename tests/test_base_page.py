"""What every page has, and every browser asks for by itself."""

import pytest
from django.urls import reverse


def test_the_icon_is_where_browsers_look_for_it(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Content-Type"]) == (200, "image/x-icon")
    assert b"".join(response.streaming_content)[:4] == b"\0\0\1\0"


@pytest.mark.parametrize("is_open", [True, False])
def test_every_page_leads_a_stranger_to_an_account_where_one_can_be_opened(
    client, settings, is_open, db
):
    settings.SIGNUP_OPEN = is_open
    for name in ("account_login", "account_reset_password", "imprint"):
        page = client.get(reverse(name)).content.decode()
        assert (f'href="{reverse("account_signup")}"' in page) == is_open
