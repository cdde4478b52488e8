"""The form pack "kern": what a person who cannot see the page relies on."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template
from django.utils import translation

VOID = {"input", "br", "img", "hr", "meta", "link"}


class SampleForm(forms.Form):
    title = forms.CharField(label="Title", help_text="A few words.")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    amount = forms.IntegerField(label="Amount", help_text="Euros.")
    due = forms.DateField(label="Due", required=False)
    horizon = forms.ChoiceField(label="Time", choices=[("", "–"), ("short", "Short")])
    groups = forms.MultipleChoiceField(label="Groups", choices=[("a", "Council")])
    relevance = forms.ChoiceField(
        label="Relevance",
        widget=forms.RadioSelect,
        choices=[("1", "Low"), ("2", "High")],
        help_text="For the town.",
    )
    who = forms.MultipleChoiceField(
        label="Who",
        widget=forms.CheckboxSelectMultiple,
        choices=[("m", "Mayor"), ("i", "IT")],
        required=False,
    )
    document = forms.FileField(label="Document", required=False)
    public = forms.BooleanField(label="Public", required=False)
    agreed = forms.BooleanField(label="Agreed", help_text="By everyone.")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        self.add_error(None, "Already on the list.")


class Page(HTMLParser):
    """The tags of a page in order: name, attributes, the text inside, the tags around."""

    def __init__(self, html: str):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, name, attrs):
        tag = {"name": name, "attrs": dict(attrs), "text": "", "around": list(self.open)}
        self.tags.append(tag)
        if name not in VOID:
            self.open.append(tag)

    def handle_endtag(self, name):
        assert self.open.pop()["name"] == name, f"</{name}> closes something else"

    def handle_data(self, data):
        for tag in self.open:
            tag["text"] += data

    def all(self, name: str) -> list[dict]:
        return [tag for tag in self.tags if tag["name"] == name]

    def ids(self) -> list[str]:
        return [tag["attrs"]["id"] for tag in self.tags if "id" in tag["attrs"]]

    def with_id(self, id_: str) -> dict:
        (tag,) = [tag for tag in self.tags if tag["attrs"].get("id") == id_]
        return tag


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def rendered(form: forms.BaseForm) -> Page:
    template = Template("{% load crispy_forms_filters %}{{ form|crispy }}")
    with translation.override("en"):
        page = Page(template.render(Context({"form": form})))
    assert page.open == []
    return page


@pytest.fixture
def blank() -> Page:
    return rendered(SampleForm())


@pytest.fixture
def wrong() -> Page:
    return rendered(SampleForm({}))


def test_every_id_that_is_referred_to_exists_once(blank, wrong):
    for page in (blank, wrong):
        ids = page.ids()
        referred = {
            id_
            for tag in page.tags
            for name in ("for", "aria-describedby")
            for id_ in tag["attrs"].get(name, "").split()
        }
        assert sorted(set(ids)) == sorted(ids)
        assert referred - set(ids) == set()


def test_a_field_is_described_by_its_hint_and_then_its_error(wrong):
    assert (
        wrong.with_id("id_title")["attrs"]["aria-describedby"] == "id_title_helptext id_title_error"
    )
    assert words(wrong.with_id("id_title_helptext")["text"]) == "A few words."
    assert words(wrong.with_id("id_title_error")["text"]) == "Error: This field is required."
    assert wrong.with_id("id_title")["attrs"]["aria-invalid"] == "true"


def test_a_group_of_choices_is_a_fieldset_with_legend_hint_and_error(wrong):
    group = wrong.with_id("div_id_relevance")
    inside = [tag for tag in wrong.tags if group in tag["around"]]
    radios = [tag["attrs"]["id"] for tag in inside if tag["name"] == "input"]
    assert group["name"] == "fieldset"
    assert group["attrs"]["aria-describedby"] == "id_relevance_helptext id_relevance_error"
    assert inside[0]["name"] == "legend"
    assert words(inside[0]["text"]) == "Relevance"
    assert radios == ["id_relevance_0", "id_relevance_1"]


def test_every_control_has_a_label_of_its_own(blank):
    labelled = {tag["attrs"]["for"] for tag in blank.all("label")}
    controls = {
        tag["attrs"]["id"]
        for name in ("input", "select", "textarea")
        for tag in blank.all(name)
        if tag["attrs"].get("type") != "hidden"
    }
    assert labelled == controls


def test_what_need_not_be_filled_in_says_so_in_words(blank):
    headings = [words(tag["text"]) for tag in blank.tags if tag["name"] in ("label", "legend")]
    assert [text for text in headings if "(" in text] == [
        "Note (optional)",
        "Due (optional)",
        "Who (optional)",
        "Document (optional)",
        "Agreed (required)",
    ]


def test_a_form_of_filters_does_not_repeat_optional():
    class Filter(forms.Form):
        hide_optional = True
        words = forms.CharField(label="Words", required=False)

    assert [words(tag["text"]) for tag in rendered(Filter()).all("label")] == ["Words"]


def test_the_summary_takes_the_focus_and_leads_to_every_wrong_field(wrong):
    (summary,) = [tag for tag in wrong.tags if tag["attrs"].get("role") == "alert"]
    lines = [words(tag["text"]) for tag in wrong.all("li")]
    targets = [tag["attrs"]["href"].removeprefix("#") for tag in wrong.all("a")]
    assert summary["attrs"]["tabindex"] == "-1"
    assert "autofocus" in summary["attrs"]
    assert lines[0] == "Already on the list."
    assert targets == [
        "id_title",
        "id_amount",
        "id_horizon",
        "id_groups",
        "div_id_relevance",
        "id_agreed",
    ]
    assert set(targets) - set(wrong.ids()) == set()


def test_a_form_that_was_not_sent_has_no_summary(blank):
    assert [tag for tag in blank.tags if tag["attrs"].get("role") == "alert"] == []


def test_choices_keep_what_was_chosen():
    page = rendered(SampleForm(initial={"relevance": "2", "who": ["i"]}))
    checked = [tag["attrs"]["id"] for tag in page.all("input") if "checked" in tag["attrs"]]
    assert checked == ["id_relevance_1", "id_who_1"]


def test_texts_of_people_are_escaped():
    class Hostile(forms.Form):
        field = forms.ChoiceField(
            label="<b>label", widget=forms.RadioSelect, choices=[("<i>", "<u>choice")]
        )

    page = rendered(Hostile({"field": "<s>none"}))
    assert [tag for tag in page.tags if tag["name"] in ("b", "i", "u", "s")] == []


def test_a_layout_with_helper_renders_its_fields_in_a_form_of_its_own():
    class Laid(SampleForm):
        helper = FormHelper()
        helper.layout = Layout(
            Fieldset("What", Row(Column("title"), Column("amount")), "relevance"),
            Submit("save", "Save"),
        )

    with translation.override("en"):
        page = Page(render_crispy_form(Laid(), context={"csrf_token": "abc"}))
    (form,), (button,) = page.all("form"), page.all("button")
    assert form["attrs"]["method"] == "post"
    assert "novalidate" in form["attrs"]
    assert [tag["attrs"]["name"] for tag in page.all("input")] == [
        "csrfmiddlewaretoken",
        "title",
        "amount",
        "relevance",
        "relevance",
    ]
    assert [words(tag["text"]) for tag in page.all("legend")] == ["What", "Relevance"]
    assert (button["attrs"]["type"], words(button["text"])) == ("submit", "Save")


def test_a_formset_renders_its_management_fields_and_every_form():
    formset = forms.formset_factory(SampleForm, extra=2)()
    with translation.override("en"):
        page = Page(render_crispy_form(formset, FormHelper(), {"csrf_token": "abc"}))
    names = [tag["attrs"]["name"] for tag in page.all("input")]
    assert [name for name in names if name.endswith(("TOTAL_FORMS", "title"))] == [
        "form-TOTAL_FORMS",
        "form-0-title",
        "form-1-title",
    ]
