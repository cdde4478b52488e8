"""Language and meta data of the public page stand in its address and head."""

import re

from tests.markup import compact
from tests.measures.publishing import address, meta, rate


def language_of(response) -> tuple[str, str]:
    html = response.content.decode()
    return response["Content-Language"], re.search(r'<html lang="(\w+)"', html)[1]


def test_the_language_stands_in_the_address_and_nowhere_else(public, measure, page, client):
    wishes = {"": "de", "?lang=de": "de", "?lang=en": "en", "?lang=xx": "de", "?lang=": "de"}
    for query, language in wishes.items():
        response = client.get(page + query, headers={"Accept-Language": "en"})
        assert (query, *language_of(response)) == (query, language, language)
    assert client.get(page + "?lang=" + "x" * 5000).status_code == 200
    assert language_of(client.get("/imprint/")) == ("de", "de")
    assert client.get(page)["ETag"] != client.get(page + "?lang=en")["ETag"]


def test_search_engines_and_cards_read_absolute_addresses(
    public, measure, page, client, ballots, settings
):
    settings.PUBLIC_URL = "https://werkstatt.example.org"
    public.introduction = "Ein Tag."
    public.save(update_fields=["introduction"])
    rate(measure, ballots(3), (5, 5), (5, 5), (5, 5))
    here = f"https://werkstatt.example.org{page}"
    response = client.get(page)
    assert meta(response) == {
        "viewport": "width=device-width, initial-scale=1", "color-scheme": "light dark",
        "description": "Ein Tag.", "canonical": here, "alternate:de": here,
        "alternate:en": f"{here}?lang=en", "alternate:x-default": here,
        "og:type": "website", "og:site_name": "Digital-Werkstatt",
        "og:title": "Digital-Werkstatt Bingen", "og:description": "Ein Tag.", "og:url": here,
        "og:locale": "de_DE", "og:image": f"{here}matrix.png", "og:image:type": "image/png",
        "og:image:alt": "Prioritätenmatrix: Digital-Werkstatt Bingen",
        "twitter:card": "summary_large_image",
    }  # fmt: skip
    assert "<title>Digital-Werkstatt Bingen – Digital-Werkstatt</title>" in (compact(response))
    english = meta(client.get(page + "?lang=en"))
    assert (english["canonical"], english["og:url"], english["og:locale"], english["og:image"]) == (
        f"{here}?lang=en", f"{here}?lang=en", "en_GB", f"{here}matrix.png?lang=en",
    )  # fmt: skip


def test_without_the_setting_the_address_is_the_one_that_was_asked(public, measure, page, client):
    assert meta(client.get(page))["canonical"] == f"http://testserver{page}"
    assert client.get(page, headers={"Host": "localhost"})["ETag"] != client.get(page)["ETag"]


def test_the_description_is_the_introduction_cut_to_a_hits_length(public, page, client):
    public.introduction = 'Sagt „ja" und <b>mehr</b>.\n\n' + "Wort " * 100
    public.save()
    described = meta(client.get(page))["description"]
    assert described.startswith("Sagt „ja&quot; und &lt;b&gt;mehr&lt;/b&gt;. Wort Wort")
    assert described.endswith("…")
    assert len(described) < 200


def test_without_an_introduction_the_description_says_what_the_page_is(public, english, client):
    assert meta(client.get(english))["description"] == (
        "Goals, measures, priorities, decisions and progress of the workshop of Sept. 8, 2020,"
        " Bingen am Rhein."
    )


def test_only_the_whole_page_is_for_search_engines(
    public, measure, client, signed_in, administrator
):
    assert "robots" not in meta(client.get(address("public-page", public)))
    assert meta(client.get(address("public-matrix", public)))["robots"] == "noindex"
    preview = signed_in(administrator).get(address("public-preview", public))
    assert meta(preview)["robots"] == "noindex"
