"""A page of results is drawn once for all who may see the same; each gets a token of their own."""

import gzip
import re

import pytest
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import reverse

from measures.results.unchanged import kept_page
from tests.people import FRAGMENT
from tests.rating import save_rating
from workshops.models import Membership, Role

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
OWNER = re.compile(r'data-outbox-owner="(\w+)"')


@pytest.fixture
def url(workshop, measure, ballots, at):
    at("deliberating")
    for ballot in ballots(3):
        save_rating(ballot, measure, relevance=4, feasibility=2)
    return reverse("measures:dashboard", args=[workshop.pk])


@pytest.fixture
def colleagues(workshop, facilitator, stranger, signed_in):
    """Two facilitators."""
    Membership.objects.create(workshop=workshop, user=stranger, role=Role.FACILITATOR)
    return [signed_in(facilitator), signed_in(stranger)]


def text_of(response) -> str:
    packed = response.get("Content-Encoding") == "gzip"
    return (gzip.decompress(response.content) if packed else response.content).decode()


def without_tokens(response) -> str:
    return OWNER.sub("OWNER", TOKEN.sub("TOKEN", text_of(response)))


def test_a_colleague_gets_the_kept_page_after_two_queries(
    url, colleagues, django_assert_num_queries
):
    colleagues[0].get(f"{url}ranks/")  # until ranges are known the page is kept by nobody
    first = colleagues[0].get(url)
    with django_assert_num_queries(2):  # session, access
        second = colleagues[1].get(url)
    assert without_tokens(second) == without_tokens(first)
    owners = [OWNER.findall(text_of(each)) for each in (first, second)]
    assert [len(each) for each in owners] == [1, 1]
    assert owners[0] != owners[1]


def test_each_gets_tokens_of_the_own_session_and_with_them_forms_work(url, colleagues):
    for client in colleagues:
        client.handler.enforce_csrf_checks = True
        tokens = TOKEN.findall(text_of(client.get(url)))
        assert len(tokens) == 3  # language, log-out, saving a view: at the end of the page
        sent = {"language": "en", "next": url, "csrfmiddlewaretoken": tokens[0]}
        assert client.post(reverse("set-language"), sent).status_code == 302
        assert 'lang="en"' in text_of(client.get(url))
    other = {"csrfmiddlewaretoken": TOKEN.findall(text_of(colleagues[0].get(url)))[1]}
    assert colleagues[1].post(reverse("account_logout"), other).status_code == 403
    assert colleagues[0].post(reverse("account_logout"), other).status_code == 302


def test_compressed_it_says_the_same(url, colleagues):
    plain, packed = colleagues[0].get(url), colleagues[0].get(url, headers=GZIP)
    assert without_tokens(packed) == without_tokens(plain)
    assert [each.get("Content-Encoding") for each in (plain, packed)] == [None, "gzip"]
    assert len(packed.content) < len(plain.content) / 3
    for response in (plain, packed):
        told = {name.strip() for name in response["Vary"].split(",")}
        assert told == {"Accept-Encoding", "Cookie", "HX-Request"}


def test_whoever_sees_something_else_gets_a_page_of_their_own(
    workshop, url, colleagues, committee_member, administrator, signed_in
):
    """Roles, taking part, the right to the admin: each is a page of its own, whoever came first."""
    people = [*colleagues, signed_in(committee_member), signed_in(administrator)]
    pages = [without_tokens(client.get(url)) for client in people]
    again = [without_tokens(client.get(url)) for client in reversed(people)][::-1]
    assert pages == again
    assert pages[0] == pages[1]
    assert len({*pages}) == 3


def test_a_message_is_shown_once_and_never_kept(workshop, url, colleagues):
    say = reverse("account_email")
    colleagues[0].get(url)
    colleagues[0].post(say, {"action_add": "", "email": "neu@example.org"})
    shown, after = (without_tokens(colleagues[0].get(url)) for _time in range(2))
    assert "neu@example.org" in shown
    assert "neu@example.org" not in after
    assert "neu@example.org" not in text_of(colleagues[1].get(url))


@pytest.mark.parametrize(("name", "tokens"), [("measures:dashboard", 3), ("measures:stability", 2)])
def test_whatever_is_typed_into_title_or_address_the_page_is_drawn(
    workshop, url, measure, colleagues, name, tokens
):
    """Seen: the word that keeps the token's place, typed as a title, made every page a 500."""
    page = reverse(name, args=[workshop.pk])
    for text in (
        "<div hidden data-own>",
        'csrfmiddlewaretoken" value="x',
        "the-token-of-this-person",
    ):
        measure.title = text
        measure.save()
        answers = [client.get(page, {"x": text}) for client in colleagues]
        assert [each.status_code for each in answers] == [200, 200]
        assert without_tokens(answers[0]) == without_tokens(answers[1])
        assert [len(TOKEN.findall(text_of(each))) for each in answers] == [tokens, tokens]


def test_a_part_of_the_page_is_kept_apart(url, colleagues):
    whole, part = (text_of(colleagues[0].get(url, headers=h)) for h in ({}, FRAGMENT))
    again = text_of(colleagues[1].get(url, headers=FRAGMENT))
    assert part == again
    results, _mark, _counts = part.partition('<ul\n  class="answers"')
    assert results.strip() in whole
    assert TOKEN.findall(part) == []


def test_a_page_with_a_form_of_its_own_cannot_be_kept(rf):
    page = engines["django"].from_string("<form>{% csrf_token %}</form><div hidden data-own></div>")
    with pytest.raises(ValueError, match="person.s own"):
        kept_page(TemplateResponse(rf.get("/"), page))
