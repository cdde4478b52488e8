"""Name, coat of arms and colour of a municipality: where they are shown, and who changes them."""

import base64
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.measures.publishing import address, public
from tests.pages import picture
from tests.workshops.test_admin import complaints, form_data, list_of, url
from tests.workshops.test_legal_texts import KEYS, SITE, legal_links
from tests.workshops.test_logo import SVG, UNREADABLE, claiming
from workshops.models import Look, Municipality, User, WorkshopMunicipality
from workshops.presence.logo import read_logo

pytestmark = pytest.mark.django_db
__all__ = ["public"]

ADD = "admin:workshops_look_add"
EMPTY = {"accent": "", "logo_alt": "", "plain_language": "", "sign_language": ""}


def look_of(town: Municipality, **values) -> Look:
    look = Look(municipality=town, accent="#00803c", logo_alt=f"Wappen von {town.name}", **values)
    look.take_logo(read_logo(ContentFile(picture((60, 72)))))
    look.full_clean()
    look.save()
    return look


@pytest.fixture
def bingen(workshop) -> Municipality:
    return workshop.municipalities.get()


@pytest.fixture
def clerk(client):
    """Somebody of the site's staff who keeps the looks."""
    person = User.objects.create_user("amt@example.org", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__model="look"))
    client.force_login(person)
    return client


def image_of(look: Look) -> str:
    return f'src="{look.logo_url}"'


# Where it is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["public-page", "public-matrix"])
def test_public_pages_show_name_coat_of_arms_and_colour(client, public, bingen, name):
    look = look_of(bingen)
    page = client.get(address(name, public)).content.decode()
    assert f'<link rel="stylesheet" href="{look.sheet_url}">' in page
    assert (image_of(look) in page, 'alt="Wappen von Bingen am Rhein"' in page) == (True, True)
    assert "<span>Bingen am Rhein</span>" in page


@pytest.mark.parametrize("name", ["public-page", "public-matrix"])
def test_without_a_look_nothing_is_shown(client, public, bingen, name):
    page = client.get(address(name, public)).content.decode()
    assert ("town" in page, page.count('rel="stylesheet"')) == (False, 2)


def test_where_several_take_part_all_are_named_and_no_colour_is_used(client, public, bingen):
    other = Municipality.objects.create(name="Ingelheim")
    WorkshopMunicipality.objects.create(workshop=public, municipality=other, seat=2)
    look = look_of(bingen)
    page = client.get(address("public-page", public)).content.decode()
    assert (image_of(look) in page, look.sheet_url in page) == (True, False)
    assert ("<span>Bingen am Rhein</span>" in page, "<span>Ingelheim</span>" in page) == (
        True, True,
    )  # fmt: skip


def test_pages_inside_carry_the_coat_of_arms_in_their_bar_and_on_paper(
    signed_in, facilitator, workshop, bingen
):
    own, day = signed_in(facilitator), workshop.get_absolute_url()
    assert "town" not in own.get(day).content.decode()
    look = look_of(bingen)
    page = own.get(day).content.decode()
    assert page.count(image_of(look)) == 2
    paper = page.split('<div class="print-only print-towns">')[1].split("</div>")[0]
    assert ("<span>Bingen am Rhein</span>" in paper, image_of(look) in paper) == (True, True)
    assert look.sheet_url not in page


def test_a_page_that_was_drawn_before_follows_a_new_look(
    signed_in, committee_member, public, bingen
):
    reader, page = signed_in(committee_member), reverse("measures:dashboard", args=[public.pk])
    assert "print-towns" not in reader.get(page).content.decode()
    look = look_of(bingen)
    assert image_of(look) in reader.get(page).content.decode()


def test_the_log_in_is_that_of_the_installation_s_own_municipality(client, bingen):
    other, login = Municipality.objects.create(name="Ingelheim"), reverse("account_login")
    look_of(other)
    assert "town" not in client.get(login).content.decode()
    own = look_of(bingen, is_own=True)
    page = client.get(login).content.decode()
    assert (image_of(own) in page, own.sheet_url in page, "Ingelheim" in page) == (
        True, True, False,
    )  # fmt: skip


def test_plain_and_sign_language_have_their_place(client, public, bingen):
    links = {
        "plain_language": "https://bingen.example/ls",
        "sign_language": "https://b.example/dgs",
    }
    look = Look.objects.create(municipality=bingen, is_own=True, **links)
    further = [(links["plain_language"], "Leichte Sprache"),
               (links["sign_language"], "Gebärdensprache")]  # fmt: skip
    for page in (address("public-page", public), reverse("account_login"), reverse("imprint"),
                 reverse("home"), reverse("keyboard")):  # fmt: skip
        assert (page, legal_links(client.get(page))) == (page, [*SITE, KEYS, *further])
    other = Municipality.objects.create(name="Ingelheim")
    WorkshopMunicipality.objects.create(workshop=public, municipality=other, seat=2)
    named = [(each, f"{words} {look.municipality.name}") for each, words in further]
    assert legal_links(client.get(address("public-page", public))) == [*SITE, KEYS, *named]


# The picture and the sheet -----------------------------------------------------------------------


def test_picture_and_sheet_are_kept_for_ever_and_cost_one_query(
    client, bingen, django_assert_num_queries
):
    look = look_of(bingen)
    with django_assert_num_queries(1):
        logo = client.get(look.logo_url)
    with django_assert_num_queries(1):
        sheet = client.get(look.sheet_url)
    assert (logo["Content-Type"], sheet["Content-Type"]) == ("image/png", "text/css")
    assert Image.open(io.BytesIO(logo.content)).size == (60, 72)
    assert sheet.content.decode() == look.sheet
    for response in (logo, sheet):
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert not response.has_header("Set-Cookie")
        assert "Cookie" not in response.get("Vary", "")


def test_what_was_replaced_is_not_there_any_more(client, bingen):
    look = look_of(bingen)
    old = look.logo_url, look.sheet_url
    look.take_logo(read_logo(ContentFile(picture((60, 72), colour="#00803c"))))
    look.accent = "#c1272d"
    look.save()
    assert [client.get(address).status_code for address in old] == [404, 404]
    assert [client.get(each).status_code for each in (look.logo_url, look.sheet_url)] == [200, 200]


@pytest.mark.parametrize("pk", [0, 4711, 2**63, 10**30])
def test_a_number_that_no_municipality_has_is_not_found(client, pk):
    for name in ("look-logo", "look-sheet"):
        assert client.get(reverse(f"workshops:{name}", args=[pk, "x"])).status_code == 404


# In the admin ------------------------------------------------------------------------------------


def upload(data: bytes, name: str = "wappen.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/png")


def test_staff_put_in_a_coat_of_arms_and_take_it_out_again(clerk, bingen):
    sent = {"municipality": bingen.pk, "accent": "#00803C", "logo_alt": "Wappen"}
    answer = clerk.post(reverse(ADD), EMPTY | sent | {"picture": upload(picture((60, 72)))})
    look = Look.objects.get()
    assert (answer.status_code, look.accent, look.logo_alt) == (302, "#00803c", "Wappen")
    assert (look.logo_width, look.logo_height) == (60, 72)
    page = clerk.get(url(look))
    assert image_of(look) in page.content.decode()
    data = form_data(page)
    assert clerk.post(url(look), data).status_code == 302  # nothing chosen: it stays
    look.refresh_from_db()
    assert bool(look.logo) is True
    clerk.post(url(look), data | {"without_picture": "on"})
    look.refresh_from_db()
    assert (look.logo, look.logo_hash, look.logo_url) == (None, "", "")
    assert [bool(row.logo_hash) for row in look.history.all()] == [False, True, True]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (SVG, UNREADABLE),
        (claiming(3001, 10), "Das Bild hat 3001 × 10 Pixel; möglich sind höchstens 3000 je Seite."),
        (b"\0" * 10_000_000, "Die Datei ist größer als 1 MB. Bitte wählen Sie eine kleinere."),
    ],
    ids=["svg-called-png", "bomb", "10-mb"],
)
def test_a_hostile_file_is_refused_with_a_sentence_and_what_was_typed_stays(
    clerk, bingen, data, told
):
    sent = {"municipality": bingen.pk, "accent": "#00803c", "logo_alt": "Wappen"}
    page = clerk.post(reverse(ADD), EMPTY | sent | {"picture": upload(data)})
    assert (complaints(page), Look.objects.count()) == ([told], 0)
    assert page.context["adminform"].form["logo_alt"].value() == "Wappen"


def at_present(page) -> str:
    """Return the address of the picture that a form shows, "" without one."""
    shown = page.content.decode().split("field-shown_logo")[1].split("</div>")[0]
    return shown.partition('<img src="')[2].split('"')[0]


def redrawn(size: tuple[int, int]) -> str:
    """Return a chosen picture as a page carries it."""
    return base64.b64encode(read_logo(ContentFile(picture(size))).png).decode()


@pytest.mark.parametrize("town", ["Bingen", "", "4711", "9" * 30, "-1", "²"])
def test_a_picture_for_no_municipality_is_refused_with_a_sentence_and_stays(clerk, bingen, town):
    sent = EMPTY | {"municipality": town, "accent": "#00803c", "logo_alt": "Wappen"}
    page = clerk.post(reverse(ADD), sent | {"picture": upload(picture((60, 72)))})
    assert (page.status_code, len(complaints(page)), Look.objects.count()) == (200, 1, 0)
    assert at_present(page) == f"data:image/png;base64,{redrawn((60, 72))}"
    assert clerk.get(reverse(ADD), {"municipality": town}).status_code == 200
    again = form_data(page) | {"municipality": bingen.pk}
    assert clerk.post(reverse(ADD), again).status_code == 302
    look = Look.objects.get()
    assert (look.logo_width, look.logo_height, look.logo_alt) == (60, 72, "Wappen")


def test_a_chosen_picture_lasts_until_its_form_is_right(clerk, bingen):
    look = look_of(bingen)
    data = form_data(clerk.get(url(look))) | {"logo_alt": ""}
    page = clerk.post(url(look), data | {"picture": upload(picture((30, 20)))})
    assert "Das gewählte Bild bleibt erhalten; Sie müssen es nicht neu" in page.content.decode()
    page = clerk.post(url(look), form_data(page) | {"accent": "grün"})
    assert at_present(page).endswith(redrawn((30, 20)))
    right = form_data(page) | {"accent": "", "logo_alt": "Logo"}
    assert clerk.post(url(look), right).status_code == 302
    look.refresh_from_db()
    assert (look.logo_width, look.logo_height, look.logo_alt) == (30, 20, "Logo")


def test_a_kept_picture_gives_way_to_another_one_and_to_none(clerk, bingen):
    sent = EMPTY | {"municipality": bingen.pk, "kept": redrawn((60, 72))}
    page = clerk.post(reverse(ADD), sent | {"picture": upload(picture((30, 20)))})
    assert at_present(page).endswith(redrawn((30, 20)))
    page = clerk.post(reverse(ADD), form_data(page) | {"without_picture": "on", "accent": "x"})
    assert (at_present(page), page.context["adminform"].form["kept"].value()) == ("", "")
    clerk.post(reverse(ADD), form_data(page) | {"accent": ""})
    assert Look.objects.get().logo_hash == ""


@pytest.mark.parametrize(
    "kept", ["ä", "%%%", base64.b64encode(SVG).decode(), base64.b64encode(b"x" * 9).decode()]
)
def test_what_comes_back_as_a_kept_picture_is_read_like_a_file(clerk, bingen, kept):
    page = clerk.post(reverse(ADD), EMPTY | {"municipality": bingen.pk, "kept": kept})
    assert (complaints(page), Look.objects.count()) == (
        ["Bitte wählen Sie das Bild noch einmal."],
        0,
    )


def test_an_old_state_shows_no_picture_that_is_not_kept(clerk, bingen):
    look = look_of(bingen)
    look.take_logo(read_logo(ContentFile(picture((30, 20)))))
    look.save()
    new, old = (
        clerk.get(reverse("admin:workshops_look_simple_history", args=[look.pk, row.pk]))
        for row in look.history.all()
    )
    assert (at_present(new), at_present(old)) == (
        f"data:image/png;base64,{redrawn((30, 20))}",
        "",
    )
    assert "Dieses Bild ist nicht mehr vorhanden." in old.content.decode()


def test_the_municipality_is_found_by_its_name_first_those_that_begin_so(clerk, bingen):
    Municipality.objects.create(name="Alt-Bingen")
    Municipality.objects.create(name="Öhringen")
    ask = {"app_label": "workshops", "model_name": "look", "field_name": "municipality"}
    found = {
        words: [
            row["text"]
            for row in clerk.get(reverse("admin:autocomplete"), ask | {"term": words}).json()[
                "results"
            ]
        ]
        for words in ("BINGEN", "bingen rhein", "öHR")
    }
    assert found == {
        "BINGEN": ["Bingen am Rhein", "Alt-Bingen"],
        "bingen rhein": ["Bingen am Rhein"],
        "öHR": ["Öhringen"],
    }


def test_who_keeps_no_looks_finds_no_municipalities(client, bingen):
    person = User.objects.create_user("amt@example.org", is_staff=True)
    client.force_login(person)
    assert client.get(list_of(Municipality)).status_code == 403
    person.user_permissions.add(Permission.objects.get(codename="add_look"))
    assert client.get(list_of(Municipality)).status_code == 200
    assert client.post(url(bingen), {"name": "Anders"}).status_code == 403


def test_a_picture_without_words_is_refused(clerk, bingen):
    sent = {"municipality": bingen.pk, "picture": upload(picture((60, 72)))}
    page = clerk.post(reverse(ADD), EMPTY | sent)
    assert complaints(page) == ["Bitte beschreiben Sie in Worten, was das Bild zeigt."]
    look = look_of(bingen)
    page = clerk.post(url(look), form_data(clerk.get(url(look))) | {"logo_alt": ""})
    assert complaints(page) == ["Bitte beschreiben Sie in Worten, was das Bild zeigt."]


@pytest.mark.parametrize(
    ("accent", "told"),
    [
        ("grün", ["Eine Farbe sieht so aus: #00519e."]),
        ("#0051", ["Eine Farbe sieht so aus: #00519e."]),
        (
            "#00519E",
            [
                "Auf der dunklen Seite hat diese Farbe einen Kontrast von 2,67 : 1; nötig sind"
                " mindestens 3 : 1. Die nächstliegende Farbe, die genügt, ist #0d5aa3."
            ],
        ),
    ],
)
def test_a_colour_that_cannot_be_used_is_refused_with_one_sentence(clerk, bingen, accent, told):
    page = clerk.post(reverse(ADD), EMPTY | {"municipality": bingen.pk, "accent": accent})
    assert (complaints(page), Look.objects.count()) == (told, 0)


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "http://bingen.example"])
def test_a_link_that_is_not_https_is_refused(clerk, bingen, typed):
    page = clerk.post(reverse(ADD), EMPTY | {"municipality": bingen.pk, "plain_language": typed})
    assert ("Die Adresse beginnt mit https://." in complaints(page)) == typed.startswith("http")
    assert (len(complaints(page)), Look.objects.count()) == (1, 0)


def test_the_installation_belongs_to_one_municipality(clerk, bingen):
    look_of(bingen, is_own=True)
    other = Municipality.objects.create(name="Ingelheim")
    page = clerk.post(reverse(ADD), EMPTY | {"municipality": other.pk, "is_own": "on"})
    assert complaints(page) == ["Diese Installation gehört schon einer anderen Kommune."]


def test_who_leads_or_administers_a_workshop_changes_no_look(
    signed_in, facilitator, administrator, stranger, bingen
):
    look = look_of(bingen)
    for person in (facilitator, administrator, stranger):
        own = signed_in(person)
        answers = {own.post(page, EMPTY).status_code for page in (url(look), reverse(ADD))}
        assert answers == {own.get(list_of(Look)).status_code}
    look.refresh_from_db()
    assert look.accent == "#00803c"
