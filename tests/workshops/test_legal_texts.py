"""Imprint, privacy, accessibility: whose text is read where, who writes it, and what is missing."""

import html
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import OperationalError
from django.urls import reverse

from tests.measures.publishing import address, public
from tests.workshops.test_admin import complaints, form_data, list_of, url
from workshops.models import LegalText, Look, Municipality, User, WorkshopMunicipality
from workshops.models.presence import LegalTextQuerySet
from workshops.presence.checks import legal_texts_are_complete
from workshops.presence.lands import LANDS, UNKNOWN
from workshops.presence.marking import gaps
from workshops.presence.model_texts import model_text

pytestmark = pytest.mark.django_db
__all__ = ["public"]

KINDS = LegalText.Kind.values
BODIES = ["privacy", "accessibility"]  # texts that name an authority
TODAY = date(2026, 11, 30)
ADD = "admin:workshops_legaltext_add"
TO_CHECK = "Name, Anschrift und E-Mail prüfen, dann diese Zeile löschen"


@pytest.fixture
def bingen(workshop) -> Municipality:
    town = workshop.municipalities.get()
    town.official_key = "07339005"
    town.save()
    return town


def write(kind: str, body: str, town: Municipality | None = None, language: str = "de"):
    return LegalText.objects.create(kind=kind, body=body, municipality=town, language=language)


def read(client, kind: str, town: Municipality | None = None):
    name = f"workshops:municipality-{kind}" if town else kind
    return client.get(reverse(name, args=[town.pk] if town else []))


def legal_links(response) -> list[tuple[str, str]]:
    """Return what the footer leads to: address and words."""
    page = response.content.decode()
    [footer] = page.split('<footer class="site-footer">')[1:]
    found = [
        (link.split('href="')[1].split('"')[0], " ".join(link.split(">")[1].split("<")[0].split()))
        for link in footer.split("<a ")[1:]
    ]
    return [each for each in found if each[0] != reverse("help-list")]


@pytest.fixture
def clerk(client):
    """Somebody of the site's staff who writes legal texts."""
    person = User.objects.create_user("amt@example.org", is_staff=True)
    rights = Permission.objects.filter(content_type__model="legaltext")
    person.user_permissions.set(rights)
    client.force_login(person)
    return client


# Which text is read ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_municipality_s_own_text_is_read_else_the_site_s(client, bingen, kind):
    other = Municipality.objects.create(name="Ingelheim")
    write(kind, "Text der Website")
    write(kind, "Text der Stadt", bingen)
    own, site = read(client, kind, bingen), read(client, kind)
    assert (own.context["body"], site.context["body"]) == (
        "<p>Text der Stadt</p>",
        "<p>Text der Website</p>",
    )
    assert (own.status_code, own.context["title"].endswith("– Bingen am Rhein")) == (200, True)
    assert read(client, kind, other).url == reverse(kind)


def test_a_draft_is_read_by_nobody_but_who_may_see_legal_texts(client, bingen, signed_in, stranger):
    write("imprint", "Text der Website")
    write("imprint", "Stadt, [… Straße]", bingen)
    for each in (client, signed_in(stranger)):
        assert read(each, "imprint", bingen).url == reverse("imprint")


def test_staff_read_the_draft_with_what_is_missing_and_where_to_write_it(clerk, bingen):
    text = write("imprint", "Stadt, [… Straße] [… Ort]", bingen)
    page = read(clerk, "imprint", bingen)
    assert page.context["body"] == ("<p>Stadt, <mark>[… Straße]</mark> <mark>[… Ort]</mark></p>")
    assert (page.context["text"].gaps, page.context["admin_url"]) == (["Straße", "Ort"], url(text))
    assert "Es fehlt:" in page.content.decode()


@pytest.mark.parametrize("right", ["view", "change"])
def test_who_sees_or_changes_legal_texts_reads_drafts(client, bingen, right):
    text = write("imprint", "Stadt [… Ort]", bingen)
    person = User.objects.create_user("amt@example.org", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename=f"{right}_legaltext"))
    client.force_login(person)
    assert read(client, "imprint", bingen).context["text"] == text


def test_as_long_as_the_site_has_no_text_what_holds_anywhere_is_read(client, settings):
    settings.OPERATOR, settings.CONTACT_EMAIL = "Kreis Mainz-Bingen", "amt@kreis.example"
    page = read(client, "imprint").content.decode()
    assert ("Kreis Mainz-Bingen" in page, "amt@kreis.example" in page, "[…" in page) == (
        True, True, False,
    )  # fmt: skip
    assert "noch nicht ausgefüllt" in page
    assert reverse(ADD) not in page
    write("imprint", "Halb fertig [… Ort]")
    assert "Halb fertig" not in read(client, "imprint").content.decode()


def test_staff_are_led_to_write_a_text_that_is_not_there(clerk):
    assert read(clerk, "privacy").context["admin_url"] == f"{reverse(ADD)}?kind=privacy"


def test_the_reader_s_language_comes_first_and_another_one_is_marked(client, bingen):
    write("imprint", "Stadt Bingen", bingen)
    write("imprint", "The operator", None, "en")
    session = client.session
    session["language"] = "en"
    session.save()
    page = read(client, "imprint", bingen)
    assert (page.context["body"], page.context["language"]) == ("<p>Stadt Bingen</p>", "de")
    assert '<div class="prose" lang="de">' in page.content.decode()
    write("imprint", "City of Bingen", bingen, "en")
    page = read(client, "imprint", bingen)
    assert (page.context["body"], page.context["language"]) == ("<p>City of Bingen</p>", "")


@pytest.mark.parametrize("pk", [0, 4711, 2**63, 10**30])
@pytest.mark.parametrize("kind", KINDS)
def test_a_municipality_that_is_not_there_is_not_found(client, kind, pk):
    assert client.get(reverse(f"workshops:municipality-{kind}", args=[pk])).status_code == 404


def test_the_statement_on_accessibility_leads_to_the_keys_and_back(client):
    keys, statement = reverse("keyboard"), reverse("accessibility")
    assert f'<p><a href="{keys}">' in read(client, "accessibility").content.decode()
    page = client.get(keys)
    assert f'<p><a href="{statement}">' in page.content.decode()
    assert len(page.context["all_keys"]) == 10


# The footer --------------------------------------------------------------------------------------

SITE = [("/accessibility/", "Barrierefreiheit"), ("/privacy/", "Datenschutz"),
        ("/imprint/", "Impressum")]  # fmt: skip
KEYS = ("/keyboard/", "Tastatur und Vorleseprogramm")


def test_a_public_page_without_own_texts_leads_to_those_of_the_site(client, public):
    assert legal_links(client.get(address("public-page", public))) == [*SITE, KEYS]


def test_pages_of_a_workshop_lead_to_its_municipality_s_own_texts(
    client, signed_in, facilitator, public, bingen
):
    write("imprint", "Stadt", bingen)
    write("privacy", "Stadt [… Lücke]", bingen)
    own = (reverse("workshops:municipality-imprint", args=[bingen.pk]), "Impressum")
    wanted = [*SITE[:2], own, KEYS]
    inside = signed_in(facilitator).get(public.get_absolute_url())
    assert legal_links(inside) == wanted
    for name in ("public-page", "public-matrix"):
        assert legal_links(client.get(address(name, public))) == wanted


def test_where_several_take_part_each_is_named(client, public, bingen):
    other = Municipality.objects.create(name="Ingelheim")
    third = Municipality.objects.create(name="Rüdesheim")
    for seat, town in enumerate((other, third), start=2):
        WorkshopMunicipality.objects.create(workshop=public, municipality=town, seat=seat)
    for town in (bingen, other):
        write("imprint", town.name, town)
    found = legal_links(client.get(address("public-page", public)))
    assert found == [
        *SITE,
        (reverse("workshops:municipality-imprint", args=[bingen.pk]), "Impressum Bingen am Rhein"),
        (reverse("workshops:municipality-imprint", args=[other.pk]), "Impressum Ingelheim"),
        KEYS,
    ]


def test_a_page_that_was_drawn_before_follows_a_new_text(
    signed_in, committee_member, public, bingen
):
    reader, page = signed_in(committee_member), reverse("measures:dashboard", args=[public.pk])
    assert legal_links(reader.get(page)) == [*SITE, KEYS]
    text = write("imprint", "Stadt", bingen)
    assert legal_links(reader.get(page))[2][0] == text.get_absolute_url()
    text.delete()
    assert legal_links(reader.get(page)) == [*SITE, KEYS]


def asked(client, page: str, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(100) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def test_own_texts_and_looks_cost_two_queries_however_many_there_are(
    client, public, bingen, django_assert_max_num_queries
):
    page = address("public-page", public)
    client.get(page)
    neutral = asked(client, page, django_assert_max_num_queries)
    write("imprint", "Stadt", bingen)
    Look.objects.create(municipality=bingen, accent="#767676")
    client.get(page)
    one = asked(client, page, django_assert_max_num_queries)
    for seat in (2, 3):
        town = Municipality.objects.create(name=f"Stadt {seat}")
        WorkshopMunicipality.objects.create(workshop=public, municipality=town, seat=seat)
        Look.objects.create(municipality=town, accent="#767676")
        for kind in KINDS:
            write(kind, "Stadt", town)
    client.get(page)
    assert (one, asked(client, page, django_assert_max_num_queries)) == (neutral + 2, neutral + 2)


# The model texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_model_text_knows_the_municipality_and_names_what_it_does_not_know(
    bingen, kind, language
):
    text = model_text(kind, bingen, language, TODAY)
    assert ("Bingen am Rhein" in text, "{" in text, "\\" in text, "\n\n\n" in text) == (
        True, False, False, False,
    )  # fmt: skip
    assert len(gaps(text)) > 5
    assert [line for line in text.split("\n") if line != line.strip() or "  " in line] == []


def test_the_state_says_whom_to_turn_to(bingen):
    privacy = model_text("privacy", bingen, "de", TODAY)
    accessibility = model_text("accessibility", bingen, "de", TODAY)
    assert "Hintere Bleiche 34, 55116 Mainz\npoststelle@datenschutz.rlp.de" in privacy
    assert (
        f"\ndurchsetzungsstelle@mastd.rlp.de\n\n[… Durchsetzungsstelle: {TO_CHECK}]"
        in accessibility
    )
    assert "§ 10 des Landesinklusionsgesetzes und der BITV RP" in accessibility
    bingen.official_key = None
    unknown = model_text("privacy", bingen, "de", TODAY)
    assert unknown.endswith(UNKNOWN.supervision[0])


def test_every_state_is_there_with_both_bodies():
    assert sorted(LANDS) == [f"{number:02}" for number in range(1, 17)]
    assert [land.name for land in LANDS.values() if "@" not in land.supervision[-1]] == []
    known = [land.name for land in LANDS.values() if not gaps(land.enforcement[-1])]
    assert (len(known), len({land.name for land in LANDS.values()})) == (15, 16)


@pytest.mark.parametrize(
    ("language", "bodies", "told"),
    [
        ("de", ["Aufsichtsbehörde", "Durchsetzungsstelle"], TO_CHECK),
        (
            "en",
            ["supervisory authority", "enforcement body"],
            "check name, address and e-mail, then delete this line",
        ),
    ],
)
def test_an_address_of_ours_is_a_gap_until_somebody_has_checked_it(bingen, language, bodies, told):
    last = [gaps(model_text(kind, bingen, language, TODAY))[-1] for kind in BODIES]
    assert last == [f"{body}: {told}" for body in bodies]
    bingen.official_key = None
    assert told not in "".join(model_text(kind, bingen, language, TODAY) for kind in BODIES)
    bingen.official_key = "13003000"  # whose enforcement body we do not know
    texts = [model_text(kind, bingen, language, TODAY) for kind in BODIES]
    assert [told in text for text in texts] == [True, False]


def test_the_check_names_an_address_that_nobody_has_checked(bingen):
    body = model_text("privacy", bingen, "de", TODAY)
    write("privacy", body[body.index("# Aufsichtsbehörde") :], bingen)
    assert said()[-1] == (
        "workshops.W001",
        f"The privacy page (de) of Bingen am Rhein has gaps: Aufsichtsbehörde: {TO_CHECK}",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_site_s_text_is_its_operator_s(bingen, settings, kind):
    settings.OPERATOR = "Agentur & Partner"
    assert "Agentur & Partner" in model_text(kind, None, "de", TODAY)
    Look.objects.create(municipality=bingen, is_own=True)
    own = model_text(kind, None, "de", TODAY)
    assert ("Bingen am Rhein" in own, "Agentur" in own) == (True, False)


# In the admin ------------------------------------------------------------------------------------


def test_a_new_text_begins_with_the_model_text_and_goes_on_to_its_gaps(clerk, bingen):
    sent = {"kind": "privacy", "municipality": bingen.pk, "language": "de", "_continue": "x"}
    answer = clerk.post(reverse(ADD), sent)
    text = LegalText.objects.get()
    assert (answer.status_code, answer.url) == (302, url(text))
    assert text.body == model_text("privacy", bingen, "de", TODAY)
    page = clerk.get(url(text))
    assert page.context["adminform"].form.initial["body"] == text.body
    assert page.content.decode().count("<li>Art und Name") == 0
    assert f"<li>{text.gaps[0]}</li>" in page.content.decode()


def test_the_way_to_a_missing_text_has_its_kind_chosen(clerk):
    form = clerk.get(f"{reverse(ADD)}?kind=privacy").context["adminform"].form
    assert (form["kind"].value(), [*form.fields]) == (
        "privacy",
        ["kind", "municipality", "language"],
    )


def buttons(page) -> list[str]:
    row = page.content.decode().split('<div class="submit-row">')[1].split("</div>")[0]
    return [each.split('"')[0] for each in row.split('value="')[1:]]


def test_a_new_text_says_that_the_next_page_brings_it(clerk, bingen):
    page = clerk.get(reverse(ADD))
    told = "Die nächste Seite bringt den Mustertext: Was bekannt ist, steht schon darin."
    assert (told in page.content.decode(), buttons(page)) == (True, ["Weiter zum Mustertext"])
    page = clerk.get(url(write("imprint", "Stadt", bingen)))
    assert (told in page.content.decode(), buttons(page)[0]) == (False, "Speichern")


def test_a_text_is_written_in_a_field_of_thirty_lines(clerk):
    form = clerk.get(url(write("imprint", "Betreiber"))).context["adminform"].form
    assert 'rows="30"' in str(form["body"])


def links(page) -> list[tuple[str, str, str]]:
    """Return what a municipality's page in the admin leads to: words, address, state."""
    [part] = page.content.decode().split('<ul class="kept">')[1:]
    return [
        (each.split(">")[1].split("<")[0], html.unescape(each.split('"')[1]), state.strip())
        for each in part.split("</ul>")[0].split("<a href=")[1:]
        for state in [each.split("</a>:")[1].split("<")[0]]
    ]


def test_the_municipality_s_page_leads_to_its_texts_and_to_those_that_are_missing(clerk, bingen):
    imprint = write("imprint", "Stadt", bingen)
    privacy = write("privacy", "Stadt [… Name]", bingen)
    english = write("imprint", "City", bingen, "en")
    begun = f"{reverse(ADD)}?kind=accessibility&municipality={bingen.pk}&language=de"
    assert links(clerk.get(url(bingen))) == [
        ("Impressum (Deutsch)", url(imprint), "fertig"),
        ("Datenschutz (Deutsch)", url(privacy), "Entwurf mit Lücken"),
        ("Erklärung zur Barrierefreiheit (Deutsch)", begun, "noch nicht vorhanden"),
        ("Impressum (Englisch)", url(english), "fertig"),
    ]
    form = clerk.get(begun).context["adminform"].form
    begun_with = [str(form[name].value()) for name in ("kind", "municipality", "language")]
    assert begun_with == ["accessibility", str(bingen.pk), "de"]


def test_the_municipality_s_page_leads_to_its_look(client, bingen):
    person = User.objects.create_user("amt@example.org", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(content_type__model="look"))
    client.force_login(person)
    begun = f"{reverse('admin:workshops_look_add')}?municipality={bingen.pk}"
    what = "Wappen, Farbe und Verweise"
    assert links(client.get(url(bingen))) == [(what, begun, "noch nicht vorhanden")]
    look = Look.objects.create(municipality=bingen, accent="#767676")
    assert links(client.get(url(bingen))) == [(what, url(look), "eingetragen")]
    person.user_permissions.set(Permission.objects.filter(codename="change_municipality"))
    assert '<ul class="kept">' not in client.get(url(bingen)).content.decode()


def sections(client) -> list[tuple[str, list[str]]]:
    found = client.get(reverse("admin:index")).context["app_list"]
    return [(each["name"], [row["name"] for row in each["models"]]) for each in found]


def test_the_admin_begins_with_what_municipalities_show(clerk, admin_client):
    first = (
        "Kommunen: Impressum, Datenschutz, Barrierefreiheit, Wappen und Farbe",
        ["Kommunen", "Erscheinungsbilder der Kommunen", "Rechtstexte"],
    )
    found = sections(admin_client)
    assert (found[0], found[1][0]) == (first, "Workshops")
    names = [name for _section, models in found for name in models]
    assert [name for name in names if names.count(name) > 1] == []
    admin_client.force_login(User.objects.get(email="amt@example.org"))
    assert sections(admin_client) == [(first[0], ["Kommunen", "Rechtstexte"])]


def test_the_page_of_one_app_in_the_admin_has_all_of_it(admin_client):
    page = admin_client.get(reverse("admin:app_list", args=["workshops"]))
    names = {row["object_name"] for row in page.context["app_list"][0]["models"]}
    assert {"Municipality", "Look", "LegalText", "Workshop", "ParticipantGroup"} <= names


def keeping(response) -> str:
    """Return the line of the workshop's page that says where all this is entered."""
    [line] = [
        part.split("</p>")[0]
        for part in response.content.decode().split('<p class="muted">')[1:]
        if "Wappen und Farbe" in part.split("</p>")[0]
    ]
    return " ".join(line.split())


def test_the_workshop_s_public_page_says_where_imprint_and_colour_are_entered(
    signed_in, administrator, workshop, bingen, settings
):
    settings.CONTACT_EMAIL = "amt@kreis.example"
    own, page = signed_in(administrator), reverse("measures:public-preview", args=[workshop.pk])
    words = "Impressum, Datenschutz, Barrierefreiheit, Wappen und Farbe"
    asked = '<a href="mailto:amt@kreis.example">amt@kreis.example</a>'
    assert keeping(own.get(page)) == f"{words} trägt die Systemverwaltung ein. {asked}"
    settings.CONTACT_EMAIL = ""
    assert keeping(own.get(page)) == f"{words} trägt die Systemverwaltung ein."
    administrator.is_staff = True
    administrator.save()
    administrator.user_permissions.add(Permission.objects.get(codename="add_legaltext"))
    there = f'<a href="{url(bingen)}">Bingen am Rhein</a>'
    assert keeping(own.get(page)) == f"{words}, in der Systemverwaltung: {there}"


def test_the_full_screen_s_keys_are_told(client):
    told = client.get(reverse("keyboard")).context["all_keys"]
    assert [str(key) for key, _effect in told["Prioritätenmatrix im Vollbild"]] == [
        "Pfeiltasten", "Bild ab, Bild auf", "Pos 1, Ende", "Esc",
    ]  # fmt: skip


def test_what_is_written_is_kept_with_its_history(clerk, bingen):
    text = write("imprint", "Stadt [… Straße]", bingen)
    data = form_data(clerk.get(url(text))) | {"body": "Stadt\n[... Straße]\n\n  Ort  \n"}
    assert clerk.post(url(text), data).status_code == 302
    text.refresh_from_db()
    assert (text.body, text.gaps) == ("Stadt\n[… Straße]\n\n  Ort  \n", ["Straße"])
    assert [row.body for row in text.history.all()] == [text.body, "Stadt [… Straße]"]


def test_a_text_there_is_already_is_not_begun_again(clerk):
    write("imprint", "Betreiber")
    page = clerk.post(reverse(ADD), {"kind": "imprint", "municipality": "", "language": "de"})
    assert complaints(page) == ["Diesen Text gibt es schon."]
    assert LegalText.objects.count() == 1


def test_an_empty_text_is_refused(clerk):
    text = write("imprint", "Betreiber")
    page = clerk.post(url(text), form_data(clerk.get(url(text))) | {"body": ""})
    assert [*page.context["adminform"].form.errors] == ["body"]


def test_drafts_are_found(clerk, bingen):
    write("imprint", "Stadt", bingen)
    draft = write("privacy", "Stadt [… Name]", bingen)
    found = {
        state: [*clerk.get(list_of(LegalText), {"state": state}).context["cl"].result_list]
        for state in ("draft", "ready")
    }
    assert found["draft"] == [draft]
    assert [text.kind for text in found["ready"]] == ["imprint"]


def test_who_leads_or_administers_a_workshop_writes_no_legal_text(
    signed_in, facilitator, administrator, stranger
):
    text = write("imprint", "Betreiber")
    for person in (facilitator, administrator, stranger):
        own = signed_in(person)
        answers = {own.post(page, {"body": "x"}).status_code for page in (url(text), reverse(ADD))}
        assert answers == {own.get(list_of(LegalText)).status_code}
    text.refresh_from_db()
    assert text.body == "Betreiber"


# The check before it goes on the open network ----------------------------------------------------


def said() -> list[tuple[str, str]]:
    return [(message.id, message.msg) for message in legal_texts_are_complete(None)]


def test_the_check_fails_as_long_as_a_text_of_the_site_is_missing():
    assert said() == [
        ("workshops.E001", "The site has no imprint."),
        ("workshops.E001", "The site has no privacy page."),
        ("workshops.E001", "The site has no accessibility statement."),
    ]
    with pytest.raises(SystemCheckError, match=r"workshops\.E001"):
        call_command("check", "--deploy", "--tag", "legal")
    call_command("check")  # only where somebody asks about going on the open network


def test_the_check_names_the_gaps_of_the_site_and_warns_of_drafts(bingen):
    for kind in KINDS:
        write(kind, "Betreiber")
    call_command("check", "--deploy", "--tag", "legal", "--fail-level", "WARNING")
    LegalText.objects.filter(kind="privacy").update(body="[… Name] und [… Ort]")
    write("imprint", "[… Straße]", bingen)
    assert said() == [
        ("workshops.E002", "The site's privacy page (de) has gaps: Name; Ort"),
        ("workshops.W001", "The imprint (de) of Bingen am Rhein has gaps: Straße"),
    ]


def test_an_english_text_alone_is_not_enough():
    for kind in KINDS:
        write(kind, "The operator", None, "en")
    assert [number for number, _text in said()] == ["workshops.E001"] * 3


def test_a_database_that_is_away_is_no_matter_of_this_check(monkeypatch):
    def away(*_arguments, **_options):
        raise OperationalError

    monkeypatch.setattr(LegalTextQuerySet, "select_related", away)
    assert said() == []
